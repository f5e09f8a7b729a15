//! Autoscaling: how many servers there should be, by how busy those are that are there.
//!
//! Two rules are known, each in a file of its own: that of Kubernetes' horizontal pod autoscaler ([`Rule::Kubernetes`], the default),
//! which looks back over a stabilization window before it removes servers, and that of simple cooldowns ([`Rule::Cooldown`]), which waits
//! after each change. Both aim at ⌈n·u/target⌉ servers where n have the utilization u. They are pure: they have no calendar and no clock,
//! know nothing of requests, and start and stop no servers themselves.

mod controller;
mod cooldown;
mod kubernetes;
mod scaling;

use serde::{Deserialize, Serialize};

pub use controller::{Controller, Seen};
pub use scaling::{Scaling, ScalingPolicy, Select};

use crate::error::{InputError, in_range};

/// The most servers a group can be asked to have.
pub const MAX_SERVERS: u32 = 10_000;
/// The longest time of any kind here, seconds.
const MAX_SECONDS: f64 = 1e9;
/// Seconds after servers were added in which no more are, by the rule of cooldowns.
const COOLDOWN_OUT: f64 = 60.0;
/// Seconds after a change in which no servers are taken away, by the rule of cooldowns.
const COOLDOWN_IN: f64 = 300.0;

/// When servers are added and taken away.
///
/// ```
/// use sim_core::autoscaling::Autoscaler;
/// let rule: Autoscaler =
///     serde_json::from_str(r#"{"max": 20, "target": 0.5, "scale_down": {"stabilization": 120}}"#).unwrap();
/// assert!(rule.validate().is_ok());
/// assert_eq!(rule.provisioning, 120.0);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Autoscaler {
    /// How it decides.
    pub rule: Rule,
    /// The utilization that is aimed at, `0.01..=1`.
    pub target: f64,
    /// The fewest servers, `1..=10000`.
    pub min: u32,
    /// The most servers, at least `min` and at most 10000.
    pub max: u32,
    /// Servers at the start, `min..=max`; without it `min`.
    pub initial: Option<u32>,
    /// Seconds between decisions, `0.1..=1e9`: Kubernetes' sync period.
    pub interval: f64,
    /// How far the utilization may be from its target, as a share of the target, without a change; `0..=10`.
    pub tolerance: f64,
    /// Seconds from the decision for a server until it serves, `0..=1e9`.
    pub provisioning: f64,
    /// How servers are added by the rule of Kubernetes; without it at once, doubled or four more in 15 s, whichever is more.
    pub scale_up: Option<Scaling>,
    /// How servers are taken away by the rule of Kubernetes; without it down to the highest number wanted in the last 300 s.
    pub scale_down: Option<Scaling>,
    /// By the rule of cooldowns, seconds after servers were added in which no more are, `0..=1e9`; without it 60.
    pub cooldown_out: Option<f64>,
    /// By the rule of cooldowns, seconds after servers were added or taken away in which none are taken away, `0..=1e9`; without it 300.
    pub cooldown_in: Option<f64>,
    /// By the rule of cooldowns, the most servers added or taken away by one decision, `1..=10000`; without it there is no such limit.
    pub step: Option<u32>,
}

/// How an autoscaler decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// As Kubernetes' horizontal pod autoscaler: it adds servers at once, and takes them away once fewer were wanted for a while.
    #[default]
    Kubernetes,
    /// It waits for a while after each change, as AWS Auto Scaling's simple policies.
    Cooldown,
}

impl Default for Autoscaler {
    fn default() -> Self {
        Self {
            rule: Rule::default(),
            target: 0.6,
            min: 1,
            max: 10,
            initial: None,
            interval: 15.0,
            tolerance: 0.1,
            provisioning: 120.0,
            scale_up: None,
            scale_down: None,
            cooldown_out: None,
            cooldown_in: None,
            step: None,
        }
    }
}

impl Autoscaler {
    /// Servers at the start.
    pub fn at_start(&self) -> u32 {
        self.initial.unwrap_or(self.min)
    }

    /// Checks the parameters.
    ///
    /// # Errors
    /// Names the parameter, its value and what is allowed; a parameter of the other rule, with what to write instead.
    pub fn validate(&self) -> Result<(), InputError> {
        in_range("target", self.target, 0.01, 1.0)?;
        whole("min", self.min, 1, MAX_SERVERS)?;
        whole("max", self.max, self.min, MAX_SERVERS)?;
        if let Some(initial) = self.initial {
            whole("initial", initial, self.min, self.max)?;
        }
        in_range("interval", self.interval, 0.1, MAX_SECONDS)?;
        in_range("tolerance", self.tolerance, 0.0, 10.0)?;
        in_range("provisioning", self.provisioning, 0.0, MAX_SECONDS)?;
        match self.rule {
            Rule::Kubernetes => self.validate_kubernetes(),
            Rule::Cooldown => self.validate_cooldown(),
        }
    }

    fn validate_kubernetes(&self) -> Result<(), InputError> {
        let other = |field: &str, what: &str| {
            let reason = format!(
                "it belongs to the rule of cooldowns, and none is chosen: write {what} for the rule of Kubernetes, or add \
                 rule = \"cooldown\""
            );
            Err(InputError::rejected(field, reason))
        };
        let window = |given: f64| format!("{{ stabilization = {given} }}");
        if let Some(given) = self.cooldown_in {
            let what = format!("scale_down = {}", window(given));
            return other("cooldown_in", &what);
        }
        if let Some(given) = self.cooldown_out {
            let what = format!("scale_up = {}", window(given));
            return other("cooldown_out", &what);
        }
        if let Some(step) = self.step {
            let policy = format!(
                "policies = [{{ servers = {step}, period = {} }}] in scale_up and scale_down",
                self.interval
            );
            return other("step", &policy);
        }
        for (field, scaling) in [
            ("scale_up", &self.scale_up),
            ("scale_down", &self.scale_down),
        ] {
            if let Some(scaling) = scaling {
                scaling.validate().map_err(|error| error.within(field))?;
            }
        }
        Ok(())
    }

    fn validate_cooldown(&self) -> Result<(), InputError> {
        for (field, scaling) in [
            ("scale_up", &self.scale_up),
            ("scale_down", &self.scale_down),
        ] {
            if scaling.is_some() {
                let reason = "it belongs to the rule of Kubernetes: write cooldown_out, cooldown_in and step for the rule of \
                     cooldowns, or rule = \"kubernetes\"";
                return Err(InputError::rejected(field, reason));
            }
        }
        if let Some(step) = self.step {
            whole("step", step, 1, MAX_SERVERS)?;
        }
        for (field, seconds) in [
            ("cooldown_out", self.cooldown_out),
            ("cooldown_in", self.cooldown_in),
        ] {
            in_range(field, seconds.unwrap_or(0.0), 0.0, MAX_SECONDS)?;
        }
        Ok(())
    }
}

/// A whole number of servers within the bounds of a rule.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it lies between two u32"
)]
fn whole_number(number: f64) -> u32 {
    number as u32
}

fn whole(field: &str, value: u32, low: u32, high: u32) -> Result<(), InputError> {
    if (low..=high).contains(&value) {
        Ok(())
    } else {
        let allowed = format!("{low}..={high}");
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
            (r#"{"min": 2, "initial": 1}"#, "initial"),
            (r#"{"max": 4, "initial": 5}"#, "initial"),
            (r#"{"interval": 0}"#, "interval"),
            (r#"{"tolerance": -0.1}"#, "tolerance"),
            (r#"{"provisioning": -1}"#, "provisioning"),
            (r#"{"rule": "cooldown", "step": 0}"#, "step"),
            (
                r#"{"rule": "cooldown", "cooldown_out": -1}"#,
                "cooldown_out",
            ),
            (
                r#"{"rule": "cooldown", "cooldown_in": 1e10}"#,
                "cooldown_in",
            ),
            (
                r#"{"scale_up": {"stabilization": -1}}"#,
                "scale_up.stabilization",
            ),
            (r#"{"scale_down": {"policies": []}}"#, "scale_down.policies"),
            (
                r#"{"scale_down": {"policies": [{"percent": 10, "period": 0}]}}"#,
                "scale_down.policies[0].period",
            ),
            (
                r#"{"scale_up": {"policies": [{"period": 15}]}}"#,
                "scale_up.policies[0]",
            ),
        ] {
            let rule: Autoscaler = serde_json::from_str(text).unwrap();
            assert_eq!(rule.validate().unwrap_err().field(), field, "{text}");
        }
    }

    /// Who means a stabilization window and writes a cooldown is told.
    #[test]
    fn parameters_of_the_other_rule_are_refused_with_what_to_write() {
        for (text, expected) in [
            (
                r#"{"cooldown_in": 300}"#,
                "scale_down = { stabilization = 300 }",
            ),
            (r#"{"cooldown_out": 0}"#, "scale_up = { stabilization = 0 }"),
            (
                r#"{"step": 2}"#,
                "policies = [{ servers = 2, period = 15 }]",
            ),
            (r#"{"rule": "cooldown", "scale_down": {}}"#, "cooldown_in"),
        ] {
            let rule: Autoscaler = serde_json::from_str(text).unwrap();
            let said = rule.validate().unwrap_err().to_string();
            assert!(
                said.contains(expected) && said.contains("rule = "),
                "{said}"
            );
        }
    }
}
