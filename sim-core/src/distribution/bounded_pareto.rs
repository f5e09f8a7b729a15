//! Bounded Pareto: the Pareto law given that the value lies in [low, high].
//!
//! With r = high/low and h(s) = (1 − r^(−s))/s (ln r at s = 0): E\[X^n\] = low^n·α·h(α − n)/(1 − r^(−α)). Drawn by inversion.

use serde::{Deserialize, Serialize};

use super::Law;
use super::pareto::ray;
use crate::error::{InputError, in_range};
use crate::math;
use crate::math::transform::Transform;
use crate::random::{Uniforms, each_lane};

/// A power law between two bounds: a long tail with every moment finite.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct BoundedPareto {
    /// Lowest value, seconds.
    pub low: f64,
    /// Highest value, seconds, above `low` and at most 10⁹ times it.
    pub high: f64,
    /// Shape α, `0.01..=100`.
    pub shape: f64,
}

impl BoundedPareto {
    /// The law of this mean whose highest value is `ratio` times its lowest.
    pub fn with_mean(mean: f64, shape: f64, ratio: f64) -> Self {
        let low = mean
            / Self {
                low: 1.0,
                high: ratio,
                shape,
            }
            .raw_moment(1.0);
        Self {
            low,
            high: low * ratio,
            shape,
        }
    }

    /// 1 − r^(−α), the share of the unbounded law below `high`.
    fn share(&self) -> f64 {
        -math::exp_m1(-self.shape * math::ln(self.high / self.low))
    }

    fn raw_moment(&self, n: f64) -> f64 {
        let log_ratio = math::ln(self.high / self.low);
        let s = self.shape - n;
        let h = if s == 0.0 {
            log_ratio
        } else {
            -math::exp_m1(-s * log_ratio) / s
        };
        math::pow(self.low, n) * self.shape * h / self.share()
    }
}

impl Law for BoundedPareto {
    fn validate(&self) -> Result<(), InputError> {
        in_range("shape", self.shape, 0.01, 100.0)?;
        in_range("low", self.low, 1e-12, 1e9)?;
        in_range("high", self.high, self.low * 1.000_001, self.low * 1e9).map(|_| ())
    }

    fn mean(&self) -> Option<f64> {
        Some(self.raw_moment(1.0))
    }

    fn scv(&self) -> Option<f64> {
        let mean = self.raw_moment(1.0);
        Some((self.raw_moment(2.0) / (mean * mean) - 1.0).max(0.0))
    }

    fn length_biased(&self, uniforms: &mut Uniforms<1>) -> f64 {
        // Bounded Pareto again, with the shape less by one: x^(1 − α) is uniform between its values at the bounds.
        let [u] = uniforms.next_uniform();
        let log_ratio = math::ln(self.high / self.low);
        let power = self.shape - 1.0;
        let stretch = if power == 0.0 {
            u * log_ratio
        } else {
            -math::ln_1p(u * math::exp_m1(-power * log_ratio)) / power
        };
        (self.low * math::exp(stretch)).min(self.high)
    }

    fn quantile(&self, p: f64) -> Option<f64> {
        Some(self.low * math::exp(-math::ln_1p(-p * self.share()) / self.shape))
    }

    fn ccdf(&self, x: f64) -> f64 {
        if x <= self.low {
            return 1.0;
        }
        let above_low = math::exp_m1(self.shape * math::ln(self.low / x.min(self.high)));
        (1.0 + above_low / self.share()).max(0.0)
    }

    /// The unbounded law from `low` on less its part from `high` on. Far out the points of both are the same and cancel.
    fn transform(&self) -> Transform {
        let log_ratio = math::ln(self.high / self.low);
        let share = self.share().recip();
        let last = 37.0 / self.shape.max(1.0);
        let below = ray(self.low, self.shape, share, (0.0, last + log_ratio));
        let lost = share * (self.share() - 1.0);
        let above = ray(self.high, self.shape, lost, (log_ratio, last));
        Transform::quadrature(below.chain(above).collect())
    }

    #[inline(always)]
    fn fill<const L: usize>(&self, uniforms: &mut Uniforms<L>, out: &mut [[f64; L]]) {
        let (share, power) = (self.share(), -self.shape.recip());
        for row in out {
            // 1 − (1 − u)·share lies between r^(−α) and 1; near 0 it loses digits only where the tail has them to lose.
            *row = each_lane(uniforms.next_uniform(), |u| {
                (self.low * math::exp(power * math::ln_1p(-(1.0 - u) * share))).min(self.high)
            });
        }
    }
}
