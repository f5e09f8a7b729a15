//! Deterministic: always the same value; uses no random number.

use serde::{Deserialize, Serialize};

use super::{Law, MAX_MEAN, MIN_MEAN};
use crate::error::{InputError, in_range};
use crate::math::transform::Transform;
use crate::random::Uniforms;

/// A constant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Deterministic {
    /// The value, seconds.
    pub value: f64,
}

impl Law for Deterministic {
    fn validate(&self) -> Result<(), InputError> {
        in_range("value", self.value, MIN_MEAN, MAX_MEAN).map(|_| ())
    }

    fn mean(&self) -> Option<f64> {
        Some(self.value)
    }

    fn scv(&self) -> Option<f64> {
        Some(0.0)
    }

    fn length_biased(&self, _: &mut Uniforms<1>) -> f64 {
        self.value
    }

    fn quantile(&self, _: f64) -> Option<f64> {
        Some(self.value)
    }

    fn ccdf(&self, x: f64) -> f64 {
        f64::from(u8::from(x < self.value))
    }

    fn transform(&self) -> Transform {
        Transform::atoms(std::iter::once((self.value, 1.0)))
    }

    #[inline(always)]
    fn fill<const L: usize>(&self, _: &mut Uniforms<L>, out: &mut [[f64; L]]) {
        out.fill([self.value; L]);
    }
}
