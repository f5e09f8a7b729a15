//! The names of what a replication counts, in the order in which it counts them.

use std::collections::BTreeSet;

use crate::scenario::activity::{Activity, Branch, Path, When};
use crate::scenario::{Incident, Resource, Scenario};

/// Names by number.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// Classes.
    pub classes: Vec<String>,
    /// Stations, then pools.
    pub places: Vec<Place>,
    /// Resources that are visited: stations, groups and pools, in the order of the scenario.
    pub resources: Vec<String>,
    /// Attempts, by their place in the document, such as `path[0].attempt`.
    pub attempts: Vec<String>,
    /// Groups.
    pub groups: Vec<String>,
    /// Caches.
    pub caches: Vec<String>,
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
    /// Number of that resource among those that are visited.
    pub number: u32,
    /// Servers, or places of a pool.
    pub servers: u32,
    /// Whether it can be down or away.
    pub is_mortal: bool,
}

impl Layout {
    /// What replications of a scenario count. The program takes its numbers from here, and a report its names: neither needs
    /// the other.
    pub fn of(scenario: &Scenario) -> Self {
        let mut places = Vec::new();
        let mut pools = Vec::new();
        let mut resources = Vec::new();
        let mut groups = Vec::new();
        let mut caches = Vec::new();
        let script: BTreeSet<&str> = scenario.script.iter().map(Incident::server).collect();
        for (name, resource) in scenario.resources.iter() {
            let number = u32::try_from(resources.len()).unwrap_or(u32::MAX);
            if !matches!(resource, Resource::Cache(_)) {
                resources.push(name.to_owned());
            }
            let place = |own: String, servers: u32| Place {
                is_mortal: is_mortal(&script, resource, name, &own),
                name: own,
                resource: name.into(),
                number,
                servers,
            };
            match resource {
                Resource::Station(station) => places.push(place(name.into(), station.servers)),
                Resource::Group(group) => {
                    groups.push(name.to_owned());
                    places.extend((0..group.servers().count()).map(|i| {
                        let own = [name, "[", &i.to_string(), "]"].concat();
                        place(own, group.station.servers)
                    }));
                }
                Resource::Pool(pool) => pools.push(place(name.into(), pool.size)),
                Resource::Cache(_) => caches.push(name.to_owned()),
            }
        }
        places.append(&mut pools);
        let mut spans = Spans::default();
        let mut attempts = Vec::new();
        note_attempts(&scenario.path, "path", &mut attempts);
        for (name, class) in scenario.classes.iter() {
            spans.note(scenario.path_of(class), name);
            if let Some(path) = &class.path {
                note_attempts(path, &format!("classes.{name}.path"), &mut attempts);
            }
        }
        Self {
            classes: scenario.classes.names().map(Into::into).collect(),
            places,
            resources,
            attempts,
            spans: spans.names,
            groups,
            caches,
            scale: scale(scenario.load().shortest_response),
        }
    }

    /// The number of a span that some request may come by.
    pub(super) fn span(&self, name: &str) -> Option<usize> {
        self.spans.iter().position(|it| it == name)
    }

    /// The number of an attempt by its place in the document.
    pub(super) fn attempt(&self, place: &str) -> Option<usize> {
        self.attempts.iter().position(|it| it == place)
    }

    /// How many groups a scenario has.
    pub fn count_groups(scenario: &Scenario) -> usize {
        let resources = scenario.resources.iter();
        resources
            .filter(|(_, resource)| matches!(resource, Resource::Group(_)))
            .count()
    }

    /// How many caches a scenario has; those in the servers of a group are one.
    pub fn count_caches(scenario: &Scenario) -> usize {
        let resources = scenario.resources.iter();
        resources
            .filter(|(_, resource)| matches!(resource, Resource::Cache(_)))
            .count()
    }

    /// How many resources a scenario has that are visited: all but caches.
    pub fn count_resources(scenario: &Scenario) -> usize {
        scenario.resources.len() - Self::count_caches(scenario)
    }

    /// How many attempts a scenario has on its paths.
    pub fn count_attempts(scenario: &Scenario) -> usize {
        let own = scenario
            .classes
            .iter()
            .filter_map(|(_, it)| it.path.as_ref());
        own.chain([&scenario.path]).map(attempts_on).sum()
    }

    /// How many stations, servers of groups and pools a scenario has.
    pub fn count_places(scenario: &Scenario) -> usize {
        let places = scenario
            .resources
            .iter()
            .map(|(_, resource)| match resource {
                Resource::Group(group) => group.servers().count(),
                Resource::Station(_) | Resource::Pool(_) => 1,
                Resource::Cache(_) => 0,
            });
        places.sum()
    }
}

/// The middle of the histograms: this response time, or the nearest that they can have; the smallest where it is not known.
fn scale(response: f64) -> f64 {
    if response > 1e-9 {
        response.min(1e12)
    } else {
        1e-9
    }
}

/// Whether a station, or a server of a group, can be down or away.
fn is_mortal(script: &BTreeSet<&str>, resource: &Resource, name: &str, own: &str) -> bool {
    let by_itself = match resource {
        Resource::Station(station) => station.failures.is_some(),
        Resource::Group(group) => group.station.failures.is_some() || group.autoscaler.is_some(),
        Resource::Pool(_) | Resource::Cache(_) => false,
    };
    by_itself || script.contains(own) || script.contains(name)
}

fn attempts_on(path: &Path) -> usize {
    let of = |activity: &Activity| {
        let within = activity
            .inner()
            .iter()
            .map(|(_, path)| attempts_on(path))
            .sum::<usize>();
        within + usize::from(matches!(activity, Activity::Attempt(_)))
    };
    path.iter().map(of).sum()
}

/// Adds the places of the attempts on a path that stands at `place` of the document.
fn note_attempts(path: &Path, place: &str, attempts: &mut Vec<String>) {
    for (i, activity) in path.iter().enumerate() {
        let place = format!("{place}[{i}].{}", activity.key());
        if matches!(activity, Activity::Attempt(_)) {
            attempts.push(place.clone());
        }
        for (name, inner) in activity.inner() {
            let dot = if name.starts_with('[') { "" } else { "." };
            note_attempts(inner, &format!("{place}{dot}{name}"), attempts);
        }
    }
}

/// Names of marks, in the order in which they are found.
#[derive(Debug, Default)]
struct Spans<'a> {
    names: Vec<String>,
    known: BTreeSet<&'a str>,
}

impl<'a> Spans<'a> {
    /// Adds the marks that requests of a class may come by on a path, in the order of the path.
    fn note(&mut self, path: &'a Path, class: &str) {
        for activity in path {
            match activity {
                Activity::Repeat(repeat) if repeat.times == 0 => {}
                Activity::Choose(branches) => {
                    for branch in open_to(branches, class) {
                        self.note(&branch.path, class);
                    }
                }
                _ => {
                    if let Activity::Mark(mark) = activity
                        && self.known.insert(&mark.span)
                    {
                        self.names.push(mark.span.clone());
                    }
                    for (_, inner) in activity.inner() {
                        self.note(inner, class);
                    }
                }
            }
        }
    }
}

/// The branches of a choice that requests of a class may take: not those of other classes, nor what comes after one that is
/// always taken.
pub(super) fn open_to<'a>(branches: &'a [Branch], class: &str) -> Vec<&'a Branch> {
    let by_chance = |branch: &Branch| matches!(branch.when, When::Share(_));
    if branches.iter().any(by_chance) {
        return branches.iter().collect();
    }
    let mut open = Vec::new();
    for branch in branches {
        match &branch.when {
            When::Class(name) if name != class => {}
            When::Above { .. } => open.push(branch),
            _ => {
                open.push(branch);
                break;
            }
        }
    }
    open
}

#[cfg(test)]
mod tests {
    use super::super::Program;
    use super::*;
    use crate::balancing::Policy;
    use crate::distribution::Distribution;
    use crate::scenario::activity::Mark;
    use crate::scenario::{Arrivals, Class, Group, Pool, Station};

    fn mark(span: &str) -> Activity {
        let path = vec![Activity::Delay(Distribution::exponential(1.0))];
        Activity::Mark(Mark {
            span: span.into(),
            path,
        })
    }

    fn branch(when: When, span: &str) -> Branch {
        Branch {
            when,
            path: vec![mark(span)],
        }
    }

    #[test]
    fn names_stand_in_the_order_of_the_numbers() {
        let pool = Pool::new(3);
        let of_class = |name: &str| When::Class(name.into());
        let scenario = Scenario::empty()
            .with_resource("pool", pool)
            .with_resource("group", Group::new(2, Policy::Random))
            .with_resource("one", Station::new(4))
            .with_class("a", Class::new(Arrivals::poisson(0.1)))
            .with_class("b", Class::new(Arrivals::poisson(0.1)))
            .with_path(vec![
                Activity::repeat(0, vec![mark("never")]),
                Activity::hold("pool", vec![mark("inside")]),
                Activity::Choose(vec![
                    branch(of_class("b"), "of b"),
                    branch(When::Otherwise, "of a"),
                    branch(of_class("a"), "too late"),
                ]),
            ]);
        let layout = Layout::of(&scenario);
        let program = Program::new(&scenario).unwrap();
        let places: Vec<_> = layout.places.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(places, ["group[0]", "group[1]", "one", "pool"]);
        assert_eq!((program.stations.len(), program.pools.len()), (3, 1));
        assert_eq!(Layout::count_places(&scenario), places.len());
        assert_eq!(layout.spans, ["inside", "of a", "of b"]);
        assert_eq!(program.layout, layout);
    }
}
