//! What a request does: a list of activities, some of which enclose a list of their own.
//!
//! The manner is that of simmer's trajectories (Ucar, Smeets and Azcorra, "simmer: Discrete-Event Simulation for R", 2019) and
//! of GPSS before them: the path reads like the handler it models. A request that is refused somewhere (no room, no patience,
//! no time) leaves its path up to the innermost [`Attempt`] around it, which may try again; without one it leaves the system.
//! On the way out it gives back all it holds.

use serde::{Deserialize, Serialize};

use super::cache::{Lookup, Write};
use crate::distribution::Distribution;
use crate::workload::Workload;

/// What a request does, step by step.
pub type Path = Vec<Activity>;

/// One step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Activity {
    /// Queue at a station and be served there.
    Work(Work),
    /// Let time pass without needing anybody: a network hop, a pause.
    Delay(Distribution),
    /// Hold a place of a pool while the inner path runs.
    Hold(Hold),
    /// Run the inner path several times, one after the other.
    Repeat(Repeat),
    /// Run several paths at once.
    Parallel(Parallel),
    /// Take one of several paths.
    Choose(Vec<Branch>),
    /// Have a balancer choose a server of a group; work at the group is then work at that server.
    Balance(Balance),
    /// Run the inner path against the clock, and again where it fails.
    Attempt(Attempt),
    /// Look the request's key up in a cache, with a path for a hit and one for a miss.
    Cache(Lookup),
    /// Change the object of the request's key.
    Write(Write),
    /// Set an attribute, the priority or the key of the request.
    Set(Set),
    /// Measure how long the inner path takes, under a name.
    Mark(Mark),
}

/// Be served at a station.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Work {
    /// Name of the station; or of a group, inside a [`Balance`] over it.
    pub at: String,
    /// The law of the work, seconds at speed 1; without it the station's own.
    #[serde(default)]
    pub demand: Option<Distribution>,
    /// The work is multiplied by this attribute: a large request is large wherever it comes.
    #[serde(default)]
    pub times: Option<String>,
}

/// Hold a place of a pool.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Hold {
    /// Name of the pool.
    pub pool: String,
    /// What is done meanwhile.
    pub path: Path,
}

/// Do something several times.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Repeat {
    /// How often, `0..=1_000_000`.
    pub times: u32,
    /// What.
    pub path: Path,
}

/// Do several things at once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Parallel {
    /// The paths, `1..=1_000` of them.
    pub paths: Vec<Path>,
    /// How many have to end before the request goes on; without it, all.
    #[serde(default)]
    pub first: Option<u32>,
    /// What becomes of the others.
    #[serde(default)]
    pub rest: Abandoned,
}

/// What becomes of work that nobody waits for any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Abandoned {
    /// It stops at once and frees what it holds.
    #[default]
    Stops,
    /// It goes on to its end, to no avail.
    RunsOn,
}

/// One way to go.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Branch {
    /// When it is taken.
    pub when: When,
    /// Where it leads.
    pub path: Path,
}

/// When a branch is taken. Of several conditions the first that holds; of shares, which add up to 1 at most, one by chance.
/// Where none applies, the request goes on after the choice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// With this probability, 0 to 1.
    Share(f64),
    /// For requests of this class.
    Class(String),
    /// Where an attribute is above a number.
    Above {
        /// The attribute.
        attribute: String,
        /// The number.
        value: f64,
    },
    /// Where nothing before it applied.
    Otherwise,
}

/// Send the request to one server of a group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Balance {
    /// Name of the group.
    pub over: String,
    /// What the request does there. The balancer counts it as one of its connections until this ends.
    pub path: Path,
}

/// Try, against the clock.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Attempt {
    /// How long one try may take, seconds; without it, for ever.
    #[serde(default)]
    pub timeout: Option<f64>,
    /// Further tries after the first failed, `0..=1_000_000`.
    #[serde(default)]
    pub retries: u32,
    /// The pause before another try; without it there is none.
    #[serde(default)]
    pub backoff: Option<Backoff>,
    /// What becomes of a try that took too long.
    #[serde(default)]
    pub abandoned: Abandoned,
    /// What is tried.
    pub path: Path,
    /// What is done instead once all tries have failed; without it, the request fails.
    #[serde(default)]
    pub otherwise: Option<Path>,
}

/// Pauses between tries: base·factorⁿ, `most` at most, where n counts the tries that failed before the last one.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Backoff {
    /// The first pause, seconds.
    pub base: f64,
    /// How much longer each following one is, 1 to 1000.
    #[serde(default = "twice")]
    pub factor: f64,
    /// The longest, seconds.
    #[serde(default = "minute")]
    pub most: f64,
    /// The share of each pause that is left to chance, 0 to 1: with 1 it lies anywhere between nothing and the whole.
    #[serde(default)]
    pub jitter: f64,
}

const fn twice() -> f64 {
    2.0
}

const fn minute() -> f64 {
    60.0
}

/// Change the request itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Set {
    /// Give it another priority, `0..=255`; higher ones go first.
    Priority(u8),
    /// Draw an attribute.
    Attribute {
        /// Its name.
        name: String,
        /// Its law.
        to: Distribution,
    },
    /// Draw the key that it is about.
    Key(Workload),
}

/// Measure a stretch of the path.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Mark {
    /// The name it is reported under; stretches of one name are counted together.
    pub span: String,
    /// The stretch.
    pub path: Path,
}

impl Activity {
    /// Work at a station that knows its own service times.
    pub fn work(at: &str) -> Self {
        Self::Work(Work {
            at: at.into(),
            demand: None,
            times: None,
        })
    }

    /// Work of this law at a station.
    pub fn demand(at: &str, demand: Distribution) -> Self {
        Self::Work(Work {
            at: at.into(),
            demand: Some(demand),
            times: None,
        })
    }

    /// Hold a place of a pool meanwhile.
    pub fn hold(pool: &str, path: Path) -> Self {
        Self::Hold(Hold {
            pool: pool.into(),
            path,
        })
    }

    /// Do something several times.
    pub fn repeat(times: u32, path: Path) -> Self {
        Self::Repeat(Repeat { times, path })
    }

    /// Try something against the clock, `retries` times more where it fails.
    pub fn attempt(timeout: Option<f64>, retries: u32, path: Path) -> Self {
        Self::Attempt(Attempt {
            timeout,
            retries,
            backoff: None,
            abandoned: Abandoned::Stops,
            path,
            otherwise: None,
        })
    }

    /// Have a balancer choose where to do something.
    pub fn balance(over: &str, path: Path) -> Self {
        Self::Balance(Balance {
            over: over.into(),
            path,
        })
    }

    /// Its key in a document.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Work(_) => "work",
            Self::Delay(_) => "delay",
            Self::Hold(_) => "hold",
            Self::Repeat(_) => "repeat",
            Self::Parallel(_) => "parallel",
            Self::Choose(_) => "choose",
            Self::Balance(_) => "balance",
            Self::Attempt(_) => "attempt",
            Self::Cache(_) => "cache",
            Self::Write(_) => "write",
            Self::Set(_) => "set",
            Self::Mark(_) => "mark",
        }
    }

    /// The paths inside it, each with its name below this activity's own.
    pub fn inner(&self) -> Vec<(String, &Path)> {
        match self {
            Self::Work(_) | Self::Delay(_) | Self::Set(_) => Vec::new(),
            Self::Hold(it) => vec![("path".into(), &it.path)],
            Self::Repeat(it) => vec![("path".into(), &it.path)],
            Self::Balance(it) => vec![("path".into(), &it.path)],
            Self::Attempt(it) => {
                let otherwise = it.otherwise.iter().map(|path| ("otherwise".into(), path));
                std::iter::once(("path".into(), &it.path))
                    .chain(otherwise)
                    .collect()
            }
            Self::Mark(it) => vec![("path".into(), &it.path)],
            Self::Write(it) => vec![("path".into(), &it.path)],
            Self::Cache(it) => vec![("hit".into(), &it.hit), ("miss".into(), &it.miss)],
            Self::Parallel(it) => numbered("paths", it.paths.iter()),
            Self::Choose(branches) => branches
                .iter()
                .enumerate()
                .map(|(i, branch)| (format!("[{i}].path"), &branch.path))
                .collect(),
        }
    }
}

fn numbered<'a>(name: &str, paths: impl Iterator<Item = &'a Path>) -> Vec<(String, &'a Path)> {
    paths
        .enumerate()
        .map(|(i, path)| (format!("{name}[{i}]"), path))
        .collect()
}
