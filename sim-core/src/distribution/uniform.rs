//! Uniform between `low` and `high`: mean (low + high)/2, variance (high − low)²/12.

use serde::{Deserialize, Serialize};

use super::{Law, MAX_MEAN};
use crate::error::{InputError, in_range};
use crate::math::transform::Transform;
use crate::random::{Uniforms, each_lane};

/// Equally likely between two bounds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Uniform {
    /// Lower bound, seconds, not negative.
    pub low: f64,
    /// Upper bound, seconds, at least `low`.
    pub high: f64,
}

impl Law for Uniform {
    fn validate(&self) -> Result<(), InputError> {
        in_range("low", self.low, 0.0, MAX_MEAN)?;
        in_range("high", self.high, self.low, 2.0 * MAX_MEAN).map(|_| ())
    }

    fn mean(&self) -> Option<f64> {
        Some(f64::midpoint(self.low, self.high))
    }

    fn scv(&self) -> Option<f64> {
        let ratio = (self.high - self.low) / (self.high + self.low);
        Some(ratio * ratio / 3.0)
    }

    fn length_biased(&self, uniforms: &mut Uniforms<1>) -> f64 {
        // The square is uniform between the squares of the bounds.
        let [u] = uniforms.next_uniform();
        let (low, high) = (self.low * self.low, self.high * self.high);
        (low + u * (high - low)).sqrt()
    }

    fn quantile(&self, p: f64) -> Option<f64> {
        Some(self.low + (self.high - self.low) * p)
    }

    fn ccdf(&self, x: f64) -> f64 {
        if x < self.low {
            1.0
        } else if x >= self.high {
            0.0
        } else {
            (self.high - x) / (self.high - self.low)
        }
    }

    fn transform(&self) -> Transform {
        Transform::uniform(self.low, self.high)
    }

    #[inline(always)]
    fn fill<const L: usize>(&self, uniforms: &mut Uniforms<L>, out: &mut [[f64; L]]) {
        // A small uniform is a large value in every law here: laws compared on one seed stay in step.
        let width = self.high - self.low;
        for row in out {
            *row = each_lane(uniforms.next_uniform(), |u| self.high - width * u);
        }
    }
}
