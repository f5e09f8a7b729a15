//! Health: what a balancer believes of its servers, one mechanism a file.
//!
//! [`Health`] says which mechanisms a balancer has, as data; [`Watch`] is one balancer's belief. It is told what came of checks
//! and of requests, with the time, and says who may be chosen and with which weight. It has no calendar and no clock: what
//! happens by itself as time passes (a server let in again, a sweep, a weight that rises) is made up for when time comes in.
//!
//! The mechanisms are those of different balancers and may be combined; a server is believed up if none of them objects.

mod active;
mod backups;
mod outlier;
mod panic;
mod passive;
mod slow_start;
#[cfg(test)]
mod tests;
mod watch;

use serde::{Deserialize, Serialize};

pub use active::ActiveChecks;
pub use backups::Backups;
pub use outlier::OutlierEjection;
pub use passive::MaxFails;
pub use watch::{Selection, Watch};

use crate::error::{InputError, in_range};

/// The shortest time between checks or sweeps, seconds.
const MIN_SECONDS: f64 = 1e-3;
/// The longest time of any kind here, seconds.
const MAX_SECONDS: f64 = 1e9;

/// How a balancer finds out which servers to use. By default it trusts all of them for ever.
///
/// ```
/// use sim_core::balancing::health::Health;
/// let health: Health = serde_json::from_str(r#"{"passive": {"max_fails": 3}, "panic_threshold": 0.5}"#).unwrap();
/// assert_eq!(health.passive.unwrap().fail_timeout, 10.0);
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Health {
    /// Checks of its own, as in HAProxy.
    pub active: Option<ActiveChecks>,
    /// Counting failed requests, as in nginx.
    pub passive: Option<MaxFails>,
    /// Ejecting servers whose requests fail in a row, as in Envoy.
    pub outlier: Option<OutlierEjection>,
    /// All servers are used when a smaller share than this is believed up, `0..=1`; 0 means never. Envoy has 0.5.
    pub panic_threshold: f64,
    /// When and how backups are used.
    pub backups: Backups,
    /// Seconds in which a server that came back gets to its full weight, `0..=1e9`; 0 means at once.
    pub slow_start: f64,
}

impl Health {
    /// Checks the parameters.
    ///
    /// # Errors
    /// Names the parameter, its value and what is allowed.
    pub fn validate(&self) -> Result<(), InputError> {
        if let Some(active) = &self.active {
            active.validate().map_err(|error| error.within("active"))?;
        }
        if let Some(passive) = &self.passive {
            passive
                .validate()
                .map_err(|error| error.within("passive"))?;
        }
        if let Some(outlier) = &self.outlier {
            outlier
                .validate()
                .map_err(|error| error.within("outlier"))?;
        }
        in_range("panic_threshold", self.panic_threshold, 0.0, 1.0)?;
        in_range("slow_start", self.slow_start, 0.0, MAX_SECONDS).map(|_| ())
    }
}
