//! The names of what a replication counts, in the order in which it counts them.

use super::Program;
use crate::scenario::{Resource, Scenario};

/// Names by number.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// Classes.
    pub classes: Vec<String>,
    /// Stations, then pools.
    pub places: Vec<Place>,
    /// Groups.
    pub groups: Vec<String>,
    /// Marks.
    pub spans: Vec<String>,
    /// A typical response time, seconds: the middle of the histograms.
    pub scale: f64,
}

/// A station, a server of a group, or a pool.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// Its name.
    pub name: String,
    /// Name of the resource that it is, or belongs to.
    pub resource: String,
    /// Servers, or places of a pool.
    pub servers: u32,
    /// Whether it can be down or away.
    pub is_mortal: bool,
}

impl Layout {
    /// What replications of a scenario count; nothing of one that is not valid.
    pub fn of(scenario: &Scenario) -> Self {
        let Ok(program) = Program::new(scenario) else {
            return Self {
                classes: Vec::new(),
                places: Vec::new(),
                groups: Vec::new(),
                spans: Vec::new(),
                scale: 1.0,
            };
        };
        let resources: Vec<&str> = scenario.resources.names().collect();
        let place = |name: &str, resource: u32, servers: u32, is_mortal: bool| Place {
            name: name.into(),
            resource: resources[resource as usize].into(),
            servers,
            is_mortal,
        };
        let stations = program
            .stations
            .iter()
            .map(|it| place(&it.name, it.resource, it.servers, it.is_mortal));
        let pools = program
            .pools
            .iter()
            .map(|it| place(&it.name, it.resource, it.size, false));
        Self {
            classes: program.classes.iter().map(|it| it.name.clone()).collect(),
            places: stations.chain(pools).collect(),
            spans: program.spans.clone(),
            groups: program
                .groups
                .iter()
                .map(|it| resources[it.resource as usize].into())
                .collect(),
            scale: program.scale,
        }
    }

    /// How many groups a scenario has.
    pub fn count_groups(scenario: &Scenario) -> usize {
        let resources = scenario.resources.iter();
        resources
            .filter(|(_, resource)| matches!(resource, Resource::Group(_)))
            .count()
    }

    /// How many stations, servers of groups and pools a scenario has.
    pub fn count_places(scenario: &Scenario) -> usize {
        let places = scenario
            .resources
            .iter()
            .map(|(_, resource)| match resource {
                Resource::Group(group) => group.servers().count(),
                Resource::Station(_) | Resource::Pool(_) => 1,
            });
        places.sum()
    }
}
