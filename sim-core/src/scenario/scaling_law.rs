//! What working together costs: each of n servers does less than one alone.

use serde::{Deserialize, Serialize};

use super::problems::Problems;
use crate::theory::Scalability;

/// Gunther's Universal Scalability Law as data; without coherency it is Amdahl's. Of n together each works at C(n)/n of its speed,
/// C(n) = n/(1 + σ(n−1) + κn(n−1)), however many of them have work at the moment: what is shared is there all the time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ScalingLaw {
    /// σ, the share of the work that only one can do at a time, 0 to 1.
    #[serde(default)]
    pub contention: f64,
    /// κ, the cost of agreeing, for each pair, 0 to 1.
    #[serde(default)]
    pub coherency: f64,
}

impl ScalingLaw {
    /// C(n)/n, the share of its speed that each of `n` keeps.
    pub fn efficiency(&self, n: usize) -> f64 {
        let law = Scalability::new(self.contention, self.coherency);
        law.map_or(1.0, |law| law.efficiency(n.max(1) as f64))
    }

    pub(super) fn check(&self, problems: &mut Problems<'_>) {
        problems.range("contention", self.contention, 0.0, 1.0);
        problems.range("coherency", self.coherency, 0.0, 1.0);
    }
}

/// C(n)/n where there is a law.
pub(super) fn efficiency(law: Option<&ScalingLaw>, n: usize) -> f64 {
    law.map_or(1.0, |law| law.efficiency(n))
}
