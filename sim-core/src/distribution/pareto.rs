//! Pareto, type I: P(X > x) = (s/x)^α for x ≥ s; mean αs/(α − 1), SCV 1/(α(α − 2)) for α > 2. Drawn as s·u^(−1/α).

use serde::{Deserialize, Serialize};

use super::{Law, check_mean};
use crate::error::{InputError, in_range};
use crate::math;
use crate::math::complex::Complex;
use crate::math::transform::{Node, STEP, TURN, Transform, half_line};
use crate::random::{Uniforms, each_lane};

/// A power-law tail; its variance is infinite for a shape of at most 2.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Pareto {
    /// Mean, seconds.
    pub mean: f64,
    /// Shape α, `1.01..=1000`; at 1 and below the mean would be infinite.
    pub shape: f64,
}

impl Pareto {
    /// The lowest value s, seconds.
    fn scale(&self) -> f64 {
        self.mean * (self.shape - 1.0) / self.shape
    }
}

/// A quadrature of `share` times the density from `scale` on: x = s·(1 + u·e^(−iθ)), and (1 + u·e^(−iθ))^(−α−1) by its logarithm.
/// `span` is that of [`half_line`].
pub(super) fn ray(
    scale: f64,
    shape: f64,
    share: f64,
    span: (f64, f64),
) -> impl Iterator<Item = Node> {
    half_line(STEP, span).map(move |(u, du)| {
        let way = Complex::polar(u, -TURN);
        let log = (-way).ln_one_minus().scaled(-shape - 1.0);
        Node {
            at: Complex::new(scale, 0.0) + way.scaled(scale),
            weight: (log - Complex::new(0.0, TURN))
                .exp()
                .scaled(share * shape * du),
        }
    })
}

impl Law for Pareto {
    fn validate(&self) -> Result<(), InputError> {
        in_range("shape", self.shape, 1.01, 1000.0)?;
        check_mean(self.mean)
    }

    fn mean(&self) -> Option<f64> {
        Some(self.mean)
    }

    fn scv(&self) -> Option<f64> {
        (self.shape > 2.0).then(|| (self.shape * (self.shape - 2.0)).recip())
    }

    fn length_biased(&self, uniforms: &mut Uniforms<1>) -> f64 {
        // Pareto again, with the shape less by one.
        let [u] = uniforms.next_uniform();
        self.scale() * math::exp(-math::ln(u) / (self.shape - 1.0))
    }

    fn quantile(&self, p: f64) -> Option<f64> {
        Some(self.scale() * math::exp(-math::ln_1p(-p) / self.shape))
    }

    fn ccdf(&self, x: f64) -> f64 {
        if x <= self.scale() {
            1.0
        } else {
            math::pow(self.scale() / x, self.shape)
        }
    }

    fn transform(&self) -> Transform {
        Transform::quadrature(
            ray(self.scale(), self.shape, 1.0, (0.0, 37.0 / self.shape)).collect(),
        )
    }

    #[inline(always)]
    fn fill<const L: usize>(&self, uniforms: &mut Uniforms<L>, out: &mut [[f64; L]]) {
        let (scale, power) = (self.scale(), -self.shape.recip());
        for row in out {
            *row = each_lane(uniforms.next_uniform(), |u| {
                scale * math::exp(power * math::ln_normal(u))
            });
        }
    }
}
