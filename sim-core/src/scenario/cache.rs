//! Caches in front of a store: look-ups with a path for a hit and one for a miss, and writes with what they do to the copies.
//!
//! Every key has a version, counted up by each write. A cache holds a version of a key, and a read is stale if a newer one had been
//! written before it. What a miss brings back is what the store held when the last work inside its path ended, or what an inner
//! cache held.

use serde::{Deserialize, Serialize};

use super::activity::{Activity, Set};
use super::problems::Problems;
use super::{Arrivals, Class, Horizon, Path, Resource, Scenario};
use crate::caching::{Capacity, Expiry, Policy};
use crate::distribution::Distribution;
use crate::workload::Workload;

/// The most writes of one batch.
const MAX_BATCH: u32 = 1_000_000;
/// The most eager early refresh.
const MAX_EARLY: f64 = 1000.0;

/// A cache: one that all share, or one in each server of a group. It serves in no time; the path says what a look-up costs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Cache {
    /// What leaves when it is full. `belady` has to know the future: only in a scenario that is nothing but look-ups in one cache.
    pub policy: Policy,
    /// How much it holds; each of them, if there are several.
    pub capacity: Capacity,
    /// How long objects live; without it, until they have to leave.
    #[serde(default)]
    pub expiry: Option<Expiry>,
    /// The group each of whose servers has one of its own, lost when the server stops; without it there is one for all.
    #[serde(default)]
    pub per: Option<String>,
}

/// Look the request's key up in a cache.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Lookup {
    /// Name of the cache; of one in each server of a group only inside a balance over that group.
    pub at: String,
    /// What is done where the object is there.
    #[serde(default)]
    pub hit: Path,
    /// What is done where it is not; at its end the object is put into the cache.
    pub miss: Path,
    /// Whether requests for an object that is on its way wait for it instead of fetching it too.
    #[serde(default)]
    pub coalesce: bool,
    /// How eagerly objects are fetched anew before they expire, 0 to 1000: 1 is usual, and 0, or nothing, never.
    #[serde(default)]
    pub early: f64,
    /// The share of keys that the store has nothing for, 0 to 1.
    #[serde(default)]
    pub absent: f64,
    /// How long it is remembered that the store has nothing for a key, seconds; without it, not at all.
    #[serde(default)]
    pub negative: Option<f64>,
}

/// Change the object of the request's key in the store.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Write {
    /// What it takes to write to the store.
    pub path: Path,
    /// The caches that have to do with it.
    #[serde(default)]
    pub caches: Vec<String>,
    /// What becomes of the copies in them.
    #[serde(default)]
    pub how: WritePolicy,
    /// How the caches of other servers hear of it; without it, they do not.
    #[serde(default)]
    pub event: Option<Broadcast>,
    /// The share of writes, 0 to 1, by code that forgot the caches: nothing becomes of the copies.
    #[serde(default)]
    pub forgotten: f64,
}

/// What a write does to copies of the object.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum WritePolicy {
    /// It goes to the store and takes them out; the next read fetches the object.
    #[default]
    Aside,
    /// It goes to the store and into the cache.
    Through,
    /// It goes to the store alone; copies stay as they are until they expire.
    Around,
    /// It goes into the cache alone, and from there to the store a little later, many at a time. Where each server has a cache of
    /// its own, it waits in that of the server that took it, and is lost if that crashes.
    Behind(Behind),
}

/// When writes that wait in a cache go to the store.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Behind {
    /// Every so many seconds.
    pub interval: f64,
    /// At most so many keys at a time, `1..=1_000_000`. Each batch takes the path once; look-ups and writes on it are done for each of
    /// its keys, one after the other. A batch whose path fails waits for the next time.
    pub batch: u32,
}

/// How caches of other servers hear of a write: they take their copy out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Broadcast {
    /// How long the message takes, seconds.
    pub after: Distribution,
}

impl Cache {
    /// A cache that all share, whose objects live until they have to leave.
    pub fn new(policy: Policy, capacity: Capacity) -> Self {
        Self {
            policy,
            capacity,
            expiry: None,
            per: None,
        }
    }

    /// How many there are of it.
    pub fn count(&self, scenario: &Scenario) -> usize {
        let group = self
            .per
            .as_deref()
            .and_then(|name| scenario.resources.get(name));
        match group {
            Some(Resource::Group(group)) => group.servers().count(),
            _ => 1,
        }
    }

    pub(super) fn check(&self, scenario: &Scenario, problems: &mut Problems<'_>) {
        problems.take("capacity", self.capacity.validate());
        if let Some(expiry) = &self.expiry {
            problems.take("expiry", expiry.validate());
        }
        if self.policy.needs_future() && alone(scenario).is_none() {
            let allowed = Policy::ALL.iter().filter(|it| !it.needs_future());
            let allowed: Vec<_> = allowed.map(|it| it.spec()).collect();
            problems.unknown("policy", self.policy.spec(), allowed.join(", "));
        }
        if let Some(name) = &self.per
            && !matches!(scenario.resources.get(name), Some(Resource::Group(_)))
        {
            let groups = scenario.names_of(|it| matches!(it, Resource::Group(_)));
            problems.unknown("per", name, groups.unwrap_or("there is no group".into()));
        }
    }
}

/// Look-ups in one cache, which take no time, and nothing else.
#[derive(Debug, Clone, Copy)]
pub struct CacheAlone<'a> {
    /// The cache.
    pub cache: &'a Cache,
    /// What is looked up.
    pub workload: &'a Workload,
    /// Look-ups per second; none where a class has no rate.
    pub rate: Option<f64>,
}

/// The cache of a scenario in which nothing happens but look-ups in it, which take no time.
pub(super) fn alone(scenario: &Scenario) -> Option<CacheAlone<'_>> {
    let mut classes = scenario.classes.iter();
    let mut resources = scenario.resources.iter();
    let (Some((_, class)), None) = (classes.next(), classes.next()) else {
        return None;
    };
    let (Some((_, Resource::Cache(cache))), None) = (resources.next(), resources.next()) else {
        return None;
    };
    let [Activity::Set(Set::Key(workload)), Activity::Cache(lookup)] =
        scenario.path_of(class).as_slice()
    else {
        return None;
    };
    let of_users = matches!(class.arrivals, Arrivals::Users(_));
    let is_alone = lookup.is_plain()
        && cache.per.is_none()
        && !of_users
        && scenario.script.is_empty()
        && !scenario.probes.need_events()
        && length(scenario, class) <= MOST_FORESEEN;
    is_alone.then(|| CacheAlone {
        cache,
        workload,
        rate: class.arrivals.rate(),
    })
}

/// The most requests of a replication that are drawn in advance.
const MOST_FORESEEN: f64 = 1e7;

/// Requests of a replication, roughly.
fn length(scenario: &Scenario, class: &Class) -> f64 {
    match scenario.horizon {
        Horizon::Steady { requests } => requests.unwrap_or(0) as f64,
        Horizon::Transient { requests } => requests as f64,
        Horizon::Span { seconds } => seconds * class.arrivals.rate().unwrap_or(f64::INFINITY),
    }
}

impl Lookup {
    /// A look-up without any of the extras; `miss` is what it takes to fetch the object.
    pub fn new(at: &str, miss: Path) -> Self {
        Self {
            at: at.into(),
            hit: Path::new(),
            miss,
            coalesce: false,
            early: 0.0,
            absent: 0.0,
            negative: None,
        }
    }

    /// A look-up that takes no time, whatever it finds, and has no other ways.
    fn is_plain(&self) -> bool {
        let takes_no_time = self.hit.is_empty() && self.miss.is_empty();
        takes_no_time && !self.coalesce && self.early <= 0.0 && self.absent <= 0.0
    }

    pub(super) fn check(&self, problems: &mut Problems<'_>) {
        problems.range("early", self.early, 0.0, MAX_EARLY);
        problems.range("absent", self.absent, 0.0, 1.0);
        if let Some(seconds) = self.negative {
            problems.duration("negative", seconds);
        }
    }
}

impl Write {
    pub(super) fn check(&self, problems: &mut Problems<'_>) {
        problems.range("forgotten", self.forgotten, 0.0, 1.0);
        if let Some(event) = &self.event {
            problems.law("event.after", &event.after);
        }
        if let WritePolicy::Behind(behind) = self.how {
            let mut problems = problems.at("how.behind");
            problems.duration("interval", behind.interval);
            problems.count("batch", behind.batch, 1, MAX_BATCH);
        }
        if matches!(self.how, WritePolicy::Behind(_)) && self.caches.len() != 1 {
            let given = format!("{} caches", self.caches.len());
            problems.refuse(
                "caches",
                given,
                "one, in which writes wait for the store".into(),
            );
        }
    }
}
