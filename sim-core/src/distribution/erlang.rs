//! Erlang: the sum of k exponentials of mean `mean`/k; SCV 1/k. Drawn as −(mean/k)·ln of the product of k uniforms.

use serde::{Deserialize, Serialize};

use super::{Law, check_mean};
use crate::error::{InputError, in_range};
use crate::math::special::{gamma_quantile, gamma_upper};
use crate::math::transform::{Branch, Transform};
use crate::math::{self};
use crate::random::{Uniforms, each_lane};

/// The most stages an Erlang law may have: each costs one random number.
pub(super) const MAX_STAGES: u32 = 1000;

/// A sum of equal exponential stages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Erlang {
    /// Number of stages k, `1..=1000`.
    pub stages: u32,
    /// Mean of the sum, seconds.
    pub mean: f64,
}

impl Erlang {
    /// As a mixture of sums of exponentials.
    pub(super) fn branches(&self) -> Vec<Branch> {
        vec![Branch {
            share: 1.0,
            stages: self.stages,
            rate: f64::from(self.stages) / self.mean,
        }]
    }
}

impl Law for Erlang {
    fn validate(&self) -> Result<(), InputError> {
        in_range("stages", f64::from(self.stages), 1.0, f64::from(MAX_STAGES))?;
        check_mean(self.mean)
    }

    fn mean(&self) -> Option<f64> {
        Some(self.mean)
    }

    fn scv(&self) -> Option<f64> {
        Some(f64::from(self.stages).recip())
    }

    fn length_biased(&self, uniforms: &mut Uniforms<1>) -> f64 {
        // One stage more.
        let [sum] = unit_stages(self.stages + 1, uniforms);
        sum * self.mean / f64::from(self.stages)
    }

    fn quantile(&self, p: f64) -> Option<f64> {
        let stages = f64::from(self.stages);
        Some(gamma_quantile(p, stages, self.mean / stages))
    }

    fn ccdf(&self, x: f64) -> f64 {
        let stages = f64::from(self.stages);
        gamma_upper(stages, x / self.mean * stages)
    }

    fn transform(&self) -> Transform {
        Transform::stages(self.branches())
    }

    #[inline(always)]
    fn fill<const L: usize>(&self, uniforms: &mut Uniforms<L>, out: &mut [[f64; L]]) {
        let scale = self.mean / f64::from(self.stages);
        for row in out {
            *row = each_lane(unit_stages(self.stages, uniforms), |x| scale * x);
        }
    }
}

/// The sum of `stages` exponentials of mean 1 in every lane.
#[inline(always)]
pub(super) fn unit_stages<const L: usize>(stages: u32, uniforms: &mut Uniforms<L>) -> [f64; L] {
    // One logarithm for sixteen stages: the product of sixteen uniforms of at least 2⁻⁵² stays a normal number.
    let mut sum = [0.0; L];
    let mut left = stages;
    while left > 0 {
        let mut product = [1.0; L];
        for _ in 0..left.min(16) {
            let u = uniforms.next_uniform();
            for lane in 0..L {
                product[lane] *= u[lane];
            }
        }
        for lane in 0..L {
            sum[lane] -= math::ln_normal(product[lane]);
        }
        left -= left.min(16);
    }
    sum
}
