//! Exponential: P(X > x) = e^(−x/mean). Drawn as −mean·ln u, one uniform per value.

use serde::{Deserialize, Serialize};

use super::{Law, check_mean};
use crate::error::InputError;
use crate::math;
use crate::math::transform::{Branch, Transform};
use crate::random::Uniforms;

/// The memoryless law.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Exponential {
    /// Mean, seconds.
    pub mean: f64,
}

impl Exponential {
    /// As a mixture of sums of exponentials.
    pub(super) fn branches(&self) -> Vec<Branch> {
        vec![Branch {
            share: 1.0,
            stages: 1,
            rate: self.mean.recip(),
        }]
    }
}

impl Law for Exponential {
    fn validate(&self) -> Result<(), InputError> {
        check_mean(self.mean)
    }

    fn mean(&self) -> Option<f64> {
        Some(self.mean)
    }

    fn scv(&self) -> Option<f64> {
        Some(1.0)
    }

    fn length_biased(&self, uniforms: &mut Uniforms<1>) -> f64 {
        // Two stages of the same mean.
        let [first] = uniforms.next_uniform();
        let [second] = uniforms.next_uniform();
        -self.mean * (math::ln(first) + math::ln(second))
    }

    fn quantile(&self, p: f64) -> Option<f64> {
        Some(-self.mean * math::ln_1p(-p))
    }

    fn ccdf(&self, x: f64) -> f64 {
        math::exp(-x / self.mean)
    }

    fn transform(&self) -> Transform {
        Transform::stages(self.branches())
    }

    #[inline(always)]
    fn fill<const L: usize>(&self, uniforms: &mut Uniforms<L>, out: &mut [[f64; L]]) {
        // Two passes: the second has no state to keep in registers and takes all lanes as one run of numbers.
        let mean = self.mean;
        for row in &mut *out {
            *row = uniforms.next_uniform();
        }
        for value in out.as_flattened_mut() {
            *value = -mean * math::ln_normal(*value);
        }
    }
}
