//! How fast the number of servers may change in one direction: Kubernetes' `behavior.scaleUp` and `behavior.scaleDown`.
//!
//! A policy allows so many servers, or so many percent of the servers there were, to be added or taken away within its period, counting
//! what was changed in that time already. Of several policies the one counts that allows the most, or the least, or none.
//!
//! Source: Kubernetes, "Configurable scaling behavior" (KEP-853), and `calculateScaleUpLimitWithScalingRules` and
//! `calculateScaleDownLimitWithBehaviors` in `pkg/controller/podautoscaler/horizontal.go`.

use serde::{Deserialize, Serialize};

use super::{MAX_SECONDS, MAX_SERVERS};
use crate::error::{InputError, in_range};

/// The most policies in one direction.
const MAX_POLICIES: usize = 16;
/// The highest percentage of a policy.
const MAX_PERCENT: f64 = 1e6;

/// Changes in one direction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Scaling {
    /// Seconds that the rule looks back, `0..=1e9`: upwards to the lowest number wanted in that time, downwards to the highest; without
    /// it 0 upwards and 300 downwards.
    #[serde(default)]
    pub stabilization: Option<f64>,
    /// How many servers in what time, 1 to 16 policies; without them 100 percent or 4 servers in 15 s upwards, and 100 percent downwards.
    #[serde(default)]
    pub policies: Option<Vec<ScalingPolicy>>,
    /// Which of the policies counts.
    #[serde(default)]
    pub select: Select,
}

/// So many servers, or percent of the servers, in some time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ScalingPolicy {
    /// Servers, `1..=10000`; or else `percent`.
    #[serde(default)]
    pub servers: Option<u32>,
    /// Percent of the servers at the beginning of the period, 0 to 1e6, more than 0; or else `servers`.
    #[serde(default)]
    pub percent: Option<f64>,
    /// In this many seconds, more than 0 to 1e9.
    pub period: f64,
}

/// Which of several policies counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Select {
    /// The one that allows the largest change.
    #[default]
    Max,
    /// The one that allows the smallest change.
    Min,
    /// None: there are no changes in this direction.
    Disabled,
}

impl ScalingPolicy {
    /// So many servers in `period` seconds.
    pub const fn servers(servers: u32, period: f64) -> Self {
        Self {
            servers: Some(servers),
            percent: None,
            period,
        }
    }

    /// So many percent in `period` seconds.
    pub const fn percent(percent: f64, period: f64) -> Self {
        Self {
            servers: None,
            percent: Some(percent),
            period,
        }
    }

    fn validate(&self) -> Result<(), InputError> {
        match (self.servers, self.percent) {
            (Some(servers), None) => {
                super::whole("servers", servers, 1, MAX_SERVERS)?;
            }
            (None, Some(percent)) => {
                in_range("percent", percent, f64::MIN_POSITIVE, MAX_PERCENT)?;
            }
            _ => return Err(InputError::missing("", "either `servers` or `percent`")),
        }
        in_range("period", self.period, 1e-3, MAX_SECONDS).map(|_| ())
    }

    /// How many servers there may be at most, if there were `before`.
    fn most(&self, before: f64) -> f64 {
        match (self.servers, self.percent) {
            (Some(servers), _) => before + f64::from(servers),
            (None, percent) => (before * (1.0 + percent.unwrap_or(0.0) / 100.0)).ceil(),
        }
    }

    /// How many there have to be at least, if there were `before`.
    fn least(&self, before: f64) -> f64 {
        let least = match (self.servers, self.percent) {
            (Some(servers), _) => before - f64::from(servers),
            (None, percent) => (before * (1.0 - percent.unwrap_or(0.0) / 100.0)).floor(),
        };
        least.max(0.0)
    }
}

impl Default for Scaling {
    fn default() -> Self {
        Self {
            stabilization: None,
            policies: None,
            select: Select::Max,
        }
    }
}

impl Scaling {
    pub(super) fn validate(&self) -> Result<(), InputError> {
        in_range(
            "stabilization",
            self.stabilization.unwrap_or(0.0),
            0.0,
            MAX_SECONDS,
        )?;
        let Some(policies) = &self.policies else {
            return Ok(());
        };
        in_range("policies", policies.len() as f64, 1.0, MAX_POLICIES as f64)?;
        for (i, policy) in policies.iter().enumerate() {
            policy
                .validate()
                .map_err(|error| error.within(&format!("policies[{i}]")))?;
        }
        Ok(())
    }
}

/// When servers were added or taken away, and how many.
#[derive(Debug, Clone, Default)]
pub(super) struct Changes {
    added: Vec<(f64, f64)>,
    removed: Vec<(f64, f64)>,
}

impl Changes {
    /// Servers changed from one number to another; what lies further back than `memory` is forgotten.
    pub(super) fn note(&mut self, now: f64, from: f64, to: f64, memory: f64) {
        let list = if to > from {
            &mut self.added
        } else {
            &mut self.removed
        };
        list.retain(|&(time, _)| time > now - memory);
        list.push((now, (to - from).abs()));
    }

    /// How many servers there were a while ago.
    fn before(&self, now: f64, present: f64, period: f64) -> f64 {
        let sum = |list: &[(f64, f64)]| -> f64 {
            let recent = list.iter().filter(|it| it.0 > now - period);
            recent.map(|it| it.1).sum()
        };
        present - sum(&self.added) + sum(&self.removed)
    }

    /// The most servers that policies allow.
    pub(super) fn most(
        &self,
        now: f64,
        present: f64,
        policies: &[ScalingPolicy],
        select: Select,
    ) -> f64 {
        let allowed = policies
            .iter()
            .map(|it| it.most(self.before(now, present, it.period)));
        let most = match select {
            Select::Max => allowed.fold(present, f64::max),
            Select::Min => allowed.fold(f64::INFINITY, f64::min),
            Select::Disabled => present,
        };
        most.max(present)
    }

    /// The fewest servers that policies allow.
    pub(super) fn least(
        &self,
        now: f64,
        present: f64,
        policies: &[ScalingPolicy],
        select: Select,
    ) -> f64 {
        let allowed = policies
            .iter()
            .map(|it| it.least(self.before(now, present, it.period)));
        let least = match select {
            Select::Max => allowed.fold(present, f64::min),
            Select::Min => allowed.fold(0.0, f64::max),
            Select::Disabled => present,
        };
        least.min(present)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policies_count_what_was_changed_in_their_period() {
        let policies = [
            ScalingPolicy::percent(100.0, 15.0),
            ScalingPolicy::servers(4, 15.0),
        ];
        let mut changes = Changes::default();
        let most =
            |changes: &Changes, now, present| changes.most(now, present, &policies, Select::Max);
        // Two may become six, ten may become twenty.
        assert_eq!(most(&changes, 0.0, 2.0), 6.0);
        assert_eq!(most(&changes, 0.0, 10.0), 20.0);
        changes.note(0.0, 2.0, 6.0, 60.0);
        // Within the period it is still the two that count; 15 s later the six do.
        assert_eq!(most(&changes, 10.0, 6.0), 6.0);
        assert_eq!(most(&changes, 15.0, 6.0), 12.0);
        let fewer = Select::Min;
        assert_eq!(changes.most(15.0, 6.0, &policies, fewer), 10.0);
        assert_eq!(changes.most(15.0, 6.0, &policies, Select::Disabled), 6.0);
    }

    #[test]
    fn downwards_shares_are_rounded_to_the_larger_change() {
        let policies = [
            ScalingPolicy::percent(10.0, 60.0),
            ScalingPolicy::servers(5, 60.0),
        ];
        let mut changes = Changes::default();
        // Of 80 servers ten percent are 8, which is more than 5; of 9 they are 0.9, and 8.1 becomes 8.
        assert_eq!(changes.least(0.0, 80.0, &policies, Select::Max), 72.0);
        assert_eq!(changes.least(0.0, 80.0, &policies, Select::Min), 75.0);
        assert_eq!(changes.least(0.0, 9.0, &policies[..1], Select::Max), 8.0);
        assert_eq!(changes.least(0.0, 3.0, &policies, Select::Max), 0.0);
        changes.note(0.0, 80.0, 72.0, 60.0);
        assert_eq!(changes.least(30.0, 72.0, &policies, Select::Max), 72.0);
        assert_eq!(changes.least(30.0, 72.0, &policies, Select::Disabled), 72.0);
    }
}
