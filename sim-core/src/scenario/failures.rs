//! How servers fail by chance, and come back.

use serde::{Deserialize, Serialize};

use super::problems::Problems;
use crate::distribution::{Distribution, Residual};

/// The longest start of a server, seconds.
const MAX_START: f64 = 1e6;

/// Failures of a server by chance: up for a while, down for a while, and so on, whether it works or idles. Every server of a group
/// fails by itself, with all its cores.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Failures {
    /// The law of the time from a repair to the next failure, seconds; its mean is the MTBF.
    pub time_to_failure: Distribution,
    /// The law of the time from a failure to the end of its repair, seconds; its mean is the MTTR.
    pub time_to_repair: Distribution,
    /// What becomes of the requests in it.
    #[serde(default)]
    pub kind: FailureKind,
    /// Whether nobody answers while it is down, so that a request learns of it from its own timeout only; otherwise it is refused at
    /// once.
    #[serde(default)]
    pub silent: bool,
}

/// What a failure does to a server and the requests in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// It stops, and all requests in it fail.
    #[default]
    Crash,
    /// It takes no new requests, which its balancers know, and stops once those in it are served: maintenance.
    Drain,
    /// It stands still with its requests and goes on later where it was.
    Pause,
}

impl Failures {
    /// E(R²)/E(R) of repairs R, seconds; `None` where it is infinite.
    pub(crate) fn unit_of_repair(&self) -> Option<f64> {
        Some(2.0 * Residual::mean_of(&self.time_to_repair)?).filter(|&it| it > 0.0)
    }

    /// The mean time from one failure to the next, MTBF and MTTR, seconds; `None` where it is infinite.
    pub fn mean_cycle(&self) -> Option<f64> {
        Some(self.time_to_failure.mean()? + self.time_to_repair.mean()?)
    }

    /// Crashes by these laws, refused at once.
    pub fn new(time_to_failure: Distribution, time_to_repair: Distribution) -> Self {
        Self {
            time_to_failure,
            time_to_repair,
            kind: FailureKind::default(),
            silent: false,
        }
    }

    /// The share of time that the server is up, MTBF/(MTBF + MTTR); `None` where a mean does not exist.
    pub fn availability(&self) -> Option<f64> {
        let (up, down) = (self.time_to_failure.mean()?, self.time_to_repair.mean()?);
        Some(up / (up + down))
    }

    pub(super) fn check(&self, problems: &mut Problems<'_>) {
        problems.law("time_to_failure", &self.time_to_failure);
        problems.law("time_to_repair", &self.time_to_repair);
    }
}

/// Checks how long a server takes to start.
pub(super) fn check_start(seconds: f64, problems: &mut Problems<'_>) {
    problems.range("cold_start", seconds, 0.0, MAX_START);
}
