//! Lognormal: e^(m + σZ) with Z standard normal; σ² = ln(1 + C²), m = ln(mean) − σ²/2. Drawn by the normal quantile.

use serde::{Deserialize, Serialize};

use super::{Law, MAX_SCV, check_mean, check_scv};
use crate::error::InputError;
use crate::math::complex::Complex;
use crate::math::transform::{Node, TURN, Transform};
use crate::math::{self, special::normal_quantile};
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

    fn ccdf(&self, x: f64) -> f64 {
        let (location, spread) = self.log_parameters();
        let z = (math::ln(x) - location) / spread;
        0.5 * math::erfc(z * std::f64::consts::FRAC_1_SQRT_2)
    }

    /// The trapezoidal rule in the normal variable z, moved down by iδ: x turns by the angle σδ, and the normal density grows by
    /// e^(δ²/2) at most, which takes four digits where σ is small.
    fn transform(&self) -> Transform {
        let (location, spread) = self.log_parameters();
        let turn = TURN.min(4.2 * spread);
        let step = (0.145 / spread).min(0.3);
        let down = turn / spread;
        let mut nodes = Vec::new();
        let mut z = -8.5;
        while z < 8.5 {
            nodes.push(Node {
                at: Complex::polar(math::exp(location + spread * z), -turn),
                weight: Complex::new((down * down - z * z) / 2.0, z * down).exp(),
            });
            z += step;
        }
        Transform::quadrature(nodes)
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
