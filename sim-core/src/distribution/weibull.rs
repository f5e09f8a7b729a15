//! Weibull: P(X > x) = e^(−(x/s)^k); mean s·Γ(1 + 1/k). Drawn as s·(−ln u)^(1/k).

use serde::{Deserialize, Serialize};

use super::{Law, check_mean};
use crate::error::{InputError, in_range};
use crate::math;
use crate::math::complex::Complex;
use crate::math::special::gamma_quantile;
use crate::math::transform::{Node, STEP, TURN, Transform, half_line};
use crate::random::{Uniforms, each_lane};

/// Weibull: heavier than exponential for a shape below 1, lighter above.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Weibull {
    /// Mean, seconds.
    pub mean: f64,
    /// Shape k, `0.1..=100`.
    pub shape: f64,
}

impl Weibull {
    /// The scale s, seconds.
    fn scale(&self) -> f64 {
        self.mean / math::exp(math::ln_gamma(1.0 + self.shape.recip()))
    }
}

impl Law for Weibull {
    fn validate(&self) -> Result<(), InputError> {
        in_range("shape", self.shape, 0.1, 100.0)?;
        check_mean(self.mean)
    }

    fn mean(&self) -> Option<f64> {
        Some(self.mean)
    }

    fn scv(&self) -> Option<f64> {
        let first = math::ln_gamma(1.0 + self.shape.recip());
        let second = math::ln_gamma(1.0 + 2.0 * self.shape.recip());
        Some(math::exp_m1(second - 2.0 * first))
    }

    fn length_biased(&self, uniforms: &mut Uniforms<1>) -> f64 {
        // (X/s)^k is exponential; weighted by X it is gamma with shape 1 + 1/k.
        let [u] = uniforms.next_uniform();
        let power = self.shape.recip();
        let stage = gamma_quantile(u - f64::EPSILON / 2.0, 1.0 + power, 1.0);
        self.scale() * math::pow(stage, power)
    }

    fn quantile(&self, p: f64) -> Option<f64> {
        Some(self.scale() * math::pow(-math::ln_1p(-p), self.shape.recip()))
    }

    fn ccdf(&self, x: f64) -> f64 {
        math::exp(-math::pow(x / self.scale(), self.shape))
    }

    /// With y = (x/s)^k the density is e^(−y): y may turn by less than a right angle, and x with it by a k-th part of that.
    fn transform(&self) -> Transform {
        let turn = TURN.min(1.0 / self.shape);
        let (scale, whole) = (self.scale(), turn * self.shape);
        // A small shape spreads x over as many more powers of ten as y.
        let step = STEP * self.shape.min(1.0);
        let node = |(u, du): (f64, f64)| Node {
            at: Complex::polar(scale * math::pow(u, self.shape.recip()), -turn),
            weight: (Complex::polar(-u, -whole) - Complex::new(0.0, whole))
                .exp()
                .scaled(du),
        };
        Transform::quadrature(half_line(step, (0.0, 5.0)).map(node).collect())
    }

    #[inline(always)]
    fn fill<const L: usize>(&self, uniforms: &mut Uniforms<L>, out: &mut [[f64; L]]) {
        let (scale, power) = (self.scale(), self.shape.recip());
        for row in out {
            *row = each_lane(uniforms.next_uniform(), |u| {
                scale * math::pow(-math::ln_normal(u), power)
            });
        }
    }
}
