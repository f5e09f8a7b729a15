//! What happens to servers at given moments: a script for a lesson, a drill, or a look back at an outage.

use serde::{Deserialize, Serialize};

use super::problems::Problems;
use super::{MAX_SECONDS, Resource, Scenario};

/// The most incidents of a script.
const MAX_INCIDENTS: usize = 10_000;
/// How much slower a server may become.
const SLOWEST: f64 = 1e6;

/// Something that happens to a server, a station, or all servers of a group. In a document: `kill = { at = 60, server = "web[2]" }`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Incident {
    /// It stops, and all requests in it fail.
    Kill(Kill),
    /// It takes no new requests, and stops once those in it are served.
    Drain(Moment),
    /// It stands still with its requests, until it is revived.
    Pause(Moment),
    /// It starts again, or goes on, at its usual speed.
    Revive(Moment),
    /// It works slower.
    Slow(Slow),
    /// It cannot be reached: what is sent to it, and what it answers, arrives when the network is healed.
    Partition(Moment),
    /// It can be reached again.
    Heal(Moment),
    /// All objects in a cache are thrown away.
    Flush(Loss),
    /// A cache stops and starts again, empty; writes that wait in it for the store are lost.
    Crash(Loss),
}

/// When a cache loses what it holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Loss {
    /// Seconds since the start of the replication.
    pub at: f64,
    /// The cache; of one in each server of a group, all of them.
    pub cache: String,
}

/// When, and where.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Moment {
    /// Seconds since the start of the replication.
    pub at: f64,
    /// A station `db`, a server `web[2]` of a group, or a group `web` with all its servers.
    pub server: String,
}

/// When a server stops, and where.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Kill {
    /// Seconds since the start of the replication.
    pub at: f64,
    /// As in [`Moment::server`].
    pub server: String,
    /// Whether nobody answers any more; otherwise requests are refused at once.
    #[serde(default)]
    pub silent: bool,
}

/// When a server becomes slower, and where.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Slow {
    /// Seconds since the start of the replication.
    pub at: f64,
    /// As in [`Moment::server`].
    pub server: String,
    /// How many times as long as usual all takes; below one it is faster, at one as usual.
    pub factor: f64,
}

impl Incident {
    /// `server` stops at `at`, refusing requests.
    pub fn kill(at: f64, server: &str) -> Self {
        Self::Kill(Kill {
            at,
            server: server.into(),
            silent: false,
        })
    }

    /// `server` starts again at `at`.
    pub fn revive(at: f64, server: &str) -> Self {
        Self::Revive(Moment {
            at,
            server: server.into(),
        })
    }

    /// Seconds since the start of the replication.
    pub fn at(&self) -> f64 {
        match self {
            Self::Kill(it) => it.at,
            Self::Slow(it) => it.at,
            Self::Flush(it) | Self::Crash(it) => it.at,
            Self::Drain(it)
            | Self::Pause(it)
            | Self::Revive(it)
            | Self::Partition(it)
            | Self::Heal(it) => it.at,
        }
    }

    /// The cache that it happens to; `None` where it happens to a server.
    pub fn cache(&self) -> Option<&str> {
        match self {
            Self::Flush(it) | Self::Crash(it) => Some(&it.cache),
            _ => None,
        }
    }

    /// The name of what it happens to.
    pub fn server(&self) -> &str {
        match self {
            Self::Kill(it) => &it.server,
            Self::Slow(it) => &it.server,
            Self::Drain(it)
            | Self::Pause(it)
            | Self::Revive(it)
            | Self::Partition(it)
            | Self::Heal(it) => &it.server,
            Self::Flush(it) | Self::Crash(it) => &it.cache,
        }
    }

    fn key(&self) -> &'static str {
        match self {
            Self::Kill(_) => "kill",
            Self::Drain(_) => "drain",
            Self::Pause(_) => "pause",
            Self::Revive(_) => "revive",
            Self::Slow(_) => "slow",
            Self::Partition(_) => "partition",
            Self::Heal(_) => "heal",
            Self::Flush(_) => "flush",
            Self::Crash(_) => "crash",
        }
    }
}

/// Checks every incident of a script.
pub(super) fn check(scenario: &Scenario, problems: &mut Problems<'_>) {
    problems.length("script", scenario.script.len(), 0, MAX_INCIDENTS);
    for (i, incident) in scenario.script.iter().enumerate() {
        let mut problems = problems.at(&format!("script[{i}]"));
        let mut problems = problems.at(incident.key());
        problems.range("at", incident.at(), 0.0, MAX_SECONDS);
        if let Incident::Slow(slow) = incident {
            problems.range("factor", slow.factor, 1.0 / SLOWEST, SLOWEST);
        }
        if let Some(cache) = incident.cache() {
            let is_cache = |it: &Resource| matches!(it, Resource::Cache(_));
            if !scenario.resources.get(cache).is_some_and(is_cache) {
                let none = "there is no cache".into();
                problems.unknown("cache", cache, scenario.names_of(is_cache).unwrap_or(none));
            }
        } else if find(scenario, incident.server()).is_none() {
            problems.unknown("server", incident.server(), known(scenario));
        }
    }
}

/// The resource that a name in a script belongs to, and which server of it; all of them without a number. `None` where there is no
/// such server.
pub(crate) fn find<'a>(scenario: &'a Scenario, name: &'a str) -> Option<(&'a str, Option<u32>)> {
    let numbered = name.strip_suffix(']').and_then(|name| name.split_once('['));
    let (resource, number) = match numbered {
        Some((resource, number)) => (resource, Some(number.parse::<u32>().ok()?)),
        None => (name, None),
    };
    match (scenario.resources.get(resource)?, number) {
        (Resource::Group(group), Some(number)) => {
            ((number as usize) < group.servers().count()).then_some((resource, Some(number)))
        }
        (Resource::Group(_) | Resource::Station(_), None) => Some((resource, None)),
        _ => None,
    }
}

fn known(scenario: &Scenario) -> String {
    let names: Vec<String> = scenario
        .resources
        .iter()
        .filter_map(|(name, resource)| match resource {
            Resource::Station(_) => Some(name.to_owned()),
            Resource::Group(group) => {
                let last = group.servers().count().saturating_sub(1);
                Some(format!("{name}, {name}[0] to {name}[{last}]"))
            }
            Resource::Pool(_) | Resource::Cache(_) => None,
        })
        .collect();
    if names.is_empty() {
        "there are no servers".into()
    } else {
        names.join(", ")
    }
}
