//! Lognormal: e^(m + σZ) with Z standard normal; σ² = ln(1 + C²), m = ln(mean) − σ²/2. Drawn by the normal quantile.

use serde::{Deserialize, Serialize};

use super::{Law, MAX_SCV, check_mean, check_scv};
use crate::error::InputError;
use crate::math::{
    self,
    special::{gamma_upper, normal_quantile},
};
use crate::random::{Uniforms, each_lane};

/// The exponential of a normal variable.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Lognormal {
    /// Mean, seconds.
    pub mean: f64,
    /// Squared coefficient of variation, `1e-6..=1e6`.
    pub scv: f64,
}

impl Lognormal {
    /// Mean and standard deviation of the logarithm.
    fn log_parameters(&self) -> (f64, f64) {
        let variance = math::ln_1p(self.scv);
        (math::ln(self.mean) - variance / 2.0, variance.sqrt())
    }
}

impl Law for Lognormal {
    fn validate(&self) -> Result<(), InputError> {
        check_scv(self.scv, 1e-6, MAX_SCV)?;
        check_mean(self.mean)
    }

    fn mean(&self) -> Option<f64> {
        Some(self.mean)
    }

    fn scv(&self) -> Option<f64> {
        Some(self.scv)
    }

    fn length_biased(&self, uniforms: &mut Uniforms<1>) -> f64 {
        // Lognormal again, with the location σ² higher.
        let (location, spread) = self.log_parameters();
        let [u] = uniforms.next_uniform();
        let z = -normal_quantile(u - f64::EPSILON / 2.0);
        math::exp(location + spread * spread + spread * z)
    }

    fn quantile(&self, p: f64) -> Option<f64> {
        let (location, spread) = self.log_parameters();
        Some(math::exp(location + spread * normal_quantile(p)))
    }

    /// Q(z) = Γ(½, z²/2)/(2Γ(½)) for z ≥ 0, and 1 − Q(−z) below (DLMF 7.11.2).
    fn survival(&self, x: f64) -> f64 {
        if x <= 0.0 {
            return 1.0;
        }
        let (location, spread) = self.log_parameters();
        let z = (math::ln(x) - location) / spread;
        let tail = gamma_upper(0.5, z * z / 2.0) / 2.0;
        if z >= 0.0 { tail } else { 1.0 - tail }
    }

    #[inline(always)]
    fn fill<const L: usize>(&self, uniforms: &mut Uniforms<L>, out: &mut [[f64; L]]) {
        let (location, spread) = self.log_parameters();
        for row in out {
            // u = 1 has no normal quantile; the middle of its cell, half a step below, has.
            *row = each_lane(uniforms.next_uniform(), |u| {
                math::exp(location - spread * normal_quantile(u - f64::EPSILON / 2.0))
            });
        }
    }
}
