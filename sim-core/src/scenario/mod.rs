//! What is simulated, as data: classes of requests, the resources they queue for, the path they take, and what is watched.
//!
//! A [`Scenario`] reads well as TOML or JSON, and is built in Rust from the same parts. [`Scenario::problems`] is the one
//! validation every input passes before it runs. The special case of a single first-come-first-served station has a
//! description of its own, a [`Queue`].

pub mod activity;
pub mod arrivals;
mod cache;
mod certainty;
mod failures;
mod keys;
mod kind;
mod load;
pub mod memory;
mod misses;
mod problems;
mod queue;
mod reading;
pub mod resource;
mod scaling_law;
pub mod script;
mod table;
mod validation;

use serde::{Deserialize, Serialize};

pub use activity::{Activity, Path};
pub use arrivals::Arrivals;
pub use cache::{Behind, Broadcast, Cache, CacheAlone, Lookup, Write, WritePolicy};
pub use failures::{FailureKind, Failures};
pub use load::{Amount, Load, ResourceLoad};
pub use queue::{Queue, Renewals, Servers};
pub use resource::{Discipline, Group, MAX_SERVERS, Member, Pool, Resource, Station};
pub use scaling_law::ScalingLaw;
pub use script::Incident;
pub use table::Table;

use crate::distribution::Distribution;
use crate::error::InputError;

/// The longest replication, in requests: counts of one replication fit 32 bits.
pub const MAX_REQUESTS: u64 = 4_000_000_000;
/// The longest replication, seconds.
pub const MAX_SECONDS: f64 = 1e12;
/// The most requests that may be in flight at once.
pub const MAX_POPULATION: u32 = 10_000_000;
/// Name of the only class of [`Scenario::new`].
pub const REQUEST: &str = "request";
/// Name of the only station of [`Scenario::new`].
pub const SERVER: &str = "server";

/// A complete description of what to simulate.
///
/// ```
/// use sim_core::Scenario;
/// let scenario: Scenario = serde_json::from_str(r#"{
///     "classes": { "page": { "arrivals": { "poisson": { "rate": 90 } } } },
///     "resources": { "web": { "kind": "station", "servers": 0, "service": { "exponential": { "mean": 0.01 } } } },
///     "path": [ { "work": { "at": "wep" } } ]
/// }"#).unwrap();
/// let problems: Vec<String> = scenario.problems().iter().map(ToString::to_string).collect();
/// assert_eq!(problems, [
///     "resources.web.servers must be between 1 and 1,000,000; it is 0",
///     "path[0].work.at: `wep` is not known here; did you mean `web`? Known: web",
/// ]);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// What it is, for people.
    #[serde(default)]
    pub name: String,
    /// Simulated time that is discarded at the start at least, seconds, where the steady state is wanted; how much it takes is found
    /// from the data. Scenarios to be compared are given the same, so that they are watched over the same time.
    #[serde(default)]
    pub warm_up: f64,
    /// The path of every class that has none of its own.
    #[serde(default)]
    pub path: Path,
    /// What is watched, and for how long.
    #[serde(default)]
    pub horizon: Horizon,
    /// What is measured beyond the usual.
    #[serde(default)]
    pub probes: Probes,
    /// Where a run ends early.
    #[serde(default)]
    pub limits: Limits,
    /// What happens to servers at given moments, in any order.
    #[serde(default)]
    pub script: Vec<Incident>,
    /// Who comes.
    pub classes: Table<Class>,
    /// What they queue for.
    #[serde(default)]
    pub resources: Table<Resource>,
}

/// Requests of one kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Class {
    /// How they come.
    pub arrivals: Arrivals,
    /// Their priority, `0..=255`; higher ones go first where a station knows priorities.
    #[serde(default)]
    pub priority: u8,
    /// Whom they come from.
    #[serde(default)]
    pub clients: Clients,
    /// What they do; without it the scenario's path.
    #[serde(default)]
    pub path: Option<Path>,
}

/// The clients that send requests: the i-th sends in proportion to 1/i^skew (Zipf). Balancers that hash see their addresses.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Clients {
    /// How many, `1..=1_000_000`.
    pub count: u32,
    /// How unevenly they send: 0 equally, 1 as 1/i; at most 10.
    #[serde(default)]
    pub skew: f64,
}

impl Default for Clients {
    fn default() -> Self {
        Self {
            count: 10_000,
            skew: 0.0,
        }
    }
}

/// What part of the sample path is watched.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Horizon {
    /// The steady state. Only where utilization is below 1.
    Steady {
        /// Requests measured in each replication; chosen from the load where absent.
        requests: Option<u64>,
    },
    /// The first requests after a start with an empty system, at any utilization.
    Transient {
        /// Requests simulated in each replication.
        requests: u64,
    },
    /// The first seconds after a start with an empty system, at any utilization.
    Span {
        /// Simulated time of each replication, seconds.
        seconds: f64,
    },
}

impl Default for Horizon {
    fn default() -> Self {
        Self::Steady { requests: None }
    }
}

/// What is measured beyond the usual. Nothing of it costs anything where it is not asked for.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Probes {
    /// Points of a time series of queue lengths, utilization and the imbalance of groups over the measured time, `0..=10_000`.
    #[serde(default)]
    pub series: u32,
    /// Whether the series has the 99th percentile of the response time too. It takes a histogram for each
    /// point, of which there may be 500 then.
    #[serde(default)]
    pub tail: bool,
    /// Times, seconds: how many requests are answered within each, and how many visits wait no longer; at most 16.
    #[serde(default)]
    pub within: Vec<f64>,
    /// Whether waits have percentiles also where a single station could do faster without.
    #[serde(default)]
    pub waits: bool,
    /// The share of time with each number present, up to this number, `0..=1_000`; none where it is 0.
    #[serde(default)]
    pub numbers: u32,
}

impl Probes {
    /// Whether something is asked that only the calendar of events can answer.
    pub(crate) fn need_events(&self) -> bool {
        self.series > 0 || !self.within.is_empty() || self.waits || self.numbers > 0
    }
}

/// Where a run ends early, with partial results marked as such.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Requests in flight at once, with the branches of parallel paths counted apart; `1..=10_000_000`.
    pub population: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            population: 1_000_000,
        }
    }
}

impl Scenario {
    /// One station, first come, first served, in the steady state, with the run length chosen from the load.
    pub fn new(interarrival: Distribution, servers: u32, service: Distribution) -> Self {
        Queue::new(interarrival, servers, service).into()
    }

    /// A scenario without classes, resources or path, to be filled.
    ///
    /// ```
    /// use sim_core::balancing::Policy;
    /// use sim_core::distribution::Distribution;
    /// use sim_core::scenario::{Activity, Arrivals, Class, Group, Scenario};
    /// let work = Activity::demand("web", Distribution::exponential(0.010));
    /// let scenario = Scenario::empty()
    ///     .with_resource("web", Group::new(10, Policy::RoundRobin))
    ///     .with_class("page", Class::new(Arrivals::poisson(800.0)))
    ///     .with_path(vec![Activity::balance("web", vec![work])]);
    /// assert!(scenario.problems().is_empty());
    /// ```
    pub fn empty() -> Self {
        Self {
            name: String::new(),
            warm_up: 0.0,
            path: Path::new(),
            horizon: Horizon::default(),
            probes: Probes::default(),
            limits: Limits::default(),
            script: Vec::new(),
            classes: Table::default(),
            resources: Table::default(),
        }
    }

    /// The same with a class.
    #[must_use]
    pub fn with_class(mut self, name: &str, class: Class) -> Self {
        self.classes.insert(name, class);
        self
    }

    /// The same with a resource.
    #[must_use]
    pub fn with_resource(mut self, name: &str, resource: impl Into<Resource>) -> Self {
        self.resources.insert(name, resource.into());
        self
    }

    /// The same with a path for every class that has none of its own.
    #[must_use]
    pub fn with_path(mut self, path: Path) -> Self {
        self.path = path;
        self
    }

    /// The same, watched like this.
    #[must_use]
    pub fn with_horizon(mut self, horizon: Horizon) -> Self {
        self.horizon = horizon;
        self
    }

    /// The same with something more that happens to a server.
    #[must_use]
    pub fn with_incident(mut self, incident: Incident) -> Self {
        self.script.push(incident);
        self
    }

    /// The path that a class takes.
    pub fn path_of<'a>(&'a self, class: &'a Class) -> &'a Path {
        class.path.as_ref().unwrap_or(&self.path)
    }

    /// All paths: the shared one, then those of classes that have one of their own.
    fn paths(&self) -> impl Iterator<Item = &Path> {
        let own = self.classes.iter().filter_map(|it| it.1.path.as_ref());
        std::iter::once(&self.path).chain(own)
    }

    /// Names of the resources of a kind, for messages; `None` where there are none.
    fn names_of(&self, is_one: impl Fn(&Resource) -> bool) -> Option<String> {
        let named = self.resources.iter().filter(|(_, it)| is_one(it));
        let names: Vec<&str> = named.map(|(name, _)| name).collect();
        (!names.is_empty()).then(|| names.join(", "))
    }

    /// Whether something is tried again where it fails.
    fn tries_again(&self) -> bool {
        fn again(path: &Path) -> bool {
            path.iter().any(|activity| {
                let here = matches!(activity, Activity::Attempt(it) if it.retries > 0);
                here || activity.inner().iter().any(|(_, path)| again(path))
            })
        }
        self.classes
            .iter()
            .any(|(_, class)| again(self.path_of(class)))
    }

    /// Its cache, where nothing happens but look-ups in it that take no time.
    pub fn cache_alone(&self) -> Option<CacheAlone<'_>> {
        cache::alone(self)
    }

    /// Everything that is wrong with it, each by its path in the document, such as `resources.web.servers`.
    pub fn problems(&self) -> Vec<InputError> {
        validation::problems(self)
    }

    /// Checks every field.
    ///
    /// # Errors
    /// The first of [`Scenario::problems`].
    pub fn validate(&self) -> Result<(), InputError> {
        self.problems().into_iter().next().map_or(Ok(()), Err)
    }

    /// What the classes ask of the resources. Meaningful on a validated scenario.
    pub fn load(&self) -> Load {
        load::load(self)
    }
}

impl Class {
    /// Requests that take the scenario's path.
    pub fn new(arrivals: Arrivals) -> Self {
        Self {
            arrivals,
            priority: 0,
            clients: Clients::default(),
            path: None,
        }
    }

    /// The same with a path of their own.
    #[must_use]
    pub fn with_path(mut self, path: Path) -> Self {
        self.path = Some(path);
        self
    }
}
