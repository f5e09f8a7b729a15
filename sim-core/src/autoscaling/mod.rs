//! Autoscaling: how many servers there should be, by how busy those are that are there.
//!
//! The rule is that of Kubernetes' horizontal pod autoscaler: of n servers with a mean utilization u, ⌈n·u/target⌉ would have the
//! target, and that many are wanted unless u/target is within `tolerance` of 1. The wish is kept within `min` and `max`, within
//! `step` of what there is, and within the patience of the cooldowns. It is pure: it has no calendar and no clock, knows nothing
//! of requests, and starts and stops no servers itself.
//!
//! Source: Kubernetes, "Horizontal Pod Autoscaling", algorithm details. Kubernetes takes the largest wish of the last 300 s
//! instead of waiting before it scales in; cooldowns are those of AWS Auto Scaling's simple policies.

mod controller;

use serde::{Deserialize, Serialize};

pub use controller::Controller;

use crate::error::{InputError, in_range};

/// The most servers a group can be asked to have.
pub const MAX_SERVERS: u32 = 10_000;
/// The longest time of any kind here, seconds.
const MAX_SECONDS: f64 = 1e9;

/// When servers are added and taken away.
///
/// ```
/// use sim_core::autoscaling::Autoscaler;
/// let rule: Autoscaler = serde_json::from_str(r#"{"max": 20, "target": 0.5}"#).unwrap();
/// assert!(rule.validate().is_ok());
/// assert_eq!(rule.provisioning, 120.0);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Autoscaler {
    /// The utilization that is aimed at, `0.01..=1`.
    pub target: f64,
    /// The fewest servers, `1..=10000`.
    pub min: u32,
    /// The most servers, at least `min` and at most 10000.
    pub max: u32,
    /// Seconds between decisions, `0.1..=1e9`.
    pub interval: f64,
    /// The most servers added or taken away by one decision, `1..=10000`; no such limit if not given.
    pub step: Option<u32>,
    /// Seconds after servers were added in which no more are, `0..=1e9`.
    pub cooldown_out: f64,
    /// Seconds after servers were added or taken away in which none are taken away, `0..=1e9`.
    pub cooldown_in: f64,
    /// How far the utilization may be from its target, as a share of the target, without a change; `0..=10`.
    pub tolerance: f64,
    /// Seconds from the decision for a server until it serves, `0..=1e9`.
    pub provisioning: f64,
}

impl Default for Autoscaler {
    fn default() -> Self {
        Self {
            target: 0.6,
            min: 1,
            max: 10,
            interval: 15.0,
            step: None,
            cooldown_out: 60.0,
            cooldown_in: 300.0,
            tolerance: 0.1,
            provisioning: 120.0,
        }
    }
}

impl Autoscaler {
    /// Checks the parameters.
    ///
    /// # Errors
    /// Names the parameter, its value and what is allowed.
    pub fn validate(&self) -> Result<(), InputError> {
        in_range("target", self.target, 0.01, 1.0)?;
        whole("min", self.min, 1)?;
        whole("max", self.max, self.min)?;
        in_range("interval", self.interval, 0.1, MAX_SECONDS)?;
        if let Some(step) = self.step {
            whole("step", step, 1)?;
        }
        in_range("cooldown_out", self.cooldown_out, 0.0, MAX_SECONDS)?;
        in_range("cooldown_in", self.cooldown_in, 0.0, MAX_SECONDS)?;
        in_range("tolerance", self.tolerance, 0.0, 10.0)?;
        in_range("provisioning", self.provisioning, 0.0, MAX_SECONDS).map(|_| ())
    }
}

fn whole(field: &str, value: u32, low: u32) -> Result<(), InputError> {
    if (low..=MAX_SERVERS).contains(&value) {
        Ok(())
    } else {
        let allowed = format!("{low}..={MAX_SERVERS}");
        Err(InputError::out_of_range(field, value, allowed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_values_are_valid_and_read_back() {
        let usual = Autoscaler::default();
        usual.validate().unwrap();
        assert_eq!(serde_json::from_str::<Autoscaler>("{}").unwrap(), usual);
        let text = serde_json::to_string(&usual).unwrap();
        assert_eq!(serde_json::from_str::<Autoscaler>(&text).unwrap(), usual);
        assert!(serde_json::from_str::<Autoscaler>(r#"{"cooldown": 1}"#).is_err());
    }

    #[test]
    fn wrong_input_is_named() {
        for (text, field) in [
            (r#"{"target": 0}"#, "target"),
            (r#"{"target": 1.5}"#, "target"),
            (r#"{"min": 0}"#, "min"),
            (r#"{"min": 5, "max": 4}"#, "max"),
            (r#"{"max": 10001}"#, "max"),
            (r#"{"interval": 0}"#, "interval"),
            (r#"{"step": 0}"#, "step"),
            (r#"{"cooldown_out": -1}"#, "cooldown_out"),
            (r#"{"cooldown_in": 1e10}"#, "cooldown_in"),
            (r#"{"tolerance": -0.1}"#, "tolerance"),
            (r#"{"provisioning": -1}"#, "provisioning"),
        ] {
            let rule: Autoscaler = serde_json::from_str(text).unwrap();
            assert_eq!(rule.validate().unwrap_err().field(), field, "{text}");
        }
    }
}
