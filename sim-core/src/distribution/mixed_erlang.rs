//! Mixed Erlang: k − 1 stages with probability p, else k stages, all of one rate: any SCV between 1/k and 1/(k − 1).
//!
//! p and the rate from mean and SCV as in Tijms, "A First Course in Stochastic Models", 2003, appendix B:
//! p = (k·C² − √(k(1 + C²) − k²C²)) / (1 + C²), rate = (k − p)/mean.

use serde::{Deserialize, Serialize};

use super::erlang::unit_stages;
use super::{Law, check_mean, check_scv};
use crate::error::InputError;
use crate::math;
use crate::math::special::gamma_upper;
use crate::math::transform::{Branch, Transform};
use crate::random::Uniforms;

/// The lowest SCV: a thousand stages.
pub(super) const MIN_SCV: f64 = 0.001;

/// A law between deterministic and exponential, with any SCV.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MixedErlang {
    /// Mean, seconds.
    pub mean: f64,
    /// Squared coefficient of variation, `0.001..=1`.
    pub scv: f64,
}

impl MixedErlang {
    /// Stages k of the longer branch, and the probability of the shorter one.
    fn stages(&self) -> (u32, f64) {
        // The bound keeps rounding from asking for a 1001st stage; the cast is of a number in 1..=1000.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "1..=1000"
        )]
        let stages = self.scv.recip().ceil().clamp(1.0, 1000.0) as u32;
        let k = f64::from(stages);
        let root = (k * (1.0 + self.scv) - k * k * self.scv).max(0.0).sqrt();
        (
            stages,
            ((k * self.scv - root) / (1.0 + self.scv)).clamp(0.0, 1.0),
        )
    }

    pub(super) fn branches(&self) -> Vec<Branch> {
        let (stages, shorter) = self.stages();
        let rate = (f64::from(stages) - shorter) / self.mean;
        let branch = |share, stages| Branch {
            share,
            stages,
            rate,
        };
        let both = [branch(shorter, stages - 1), branch(1.0 - shorter, stages)];
        both.into_iter().filter(|it| it.share > 0.0).collect()
    }
}

impl Law for MixedErlang {
    fn validate(&self) -> Result<(), InputError> {
        check_scv(self.scv, MIN_SCV, 1.0)?;
        check_mean(self.mean)
    }

    fn mean(&self) -> Option<f64> {
        Some(self.mean)
    }

    fn scv(&self) -> Option<f64> {
        Some(self.scv)
    }

    fn length_biased(&self, uniforms: &mut Uniforms<1>) -> f64 {
        let (stages, shorter) = self.stages();
        let k = f64::from(stages);
        let scale = self.mean / (k - shorter);
        // Each branch in proportion to its share of the mean, with one stage more.
        let [u] = uniforms.next_uniform();
        let is_shorter = u * (k - shorter) <= shorter * (k - 1.0);
        let [sum] = unit_stages(stages + u32::from(!is_shorter), uniforms);
        sum * scale
    }

    fn quantile(&self, p: f64) -> Option<f64> {
        (self.scv == 1.0).then(|| -self.mean * math::ln_1p(-p))
    }

    fn ccdf(&self, x: f64) -> f64 {
        let branches = self.branches();
        let above = branches
            .iter()
            .map(|it| it.share * gamma_upper(f64::from(it.stages), it.rate * x));
        above.sum()
    }

    fn transform(&self) -> Transform {
        Transform::stages(self.branches())
    }

    #[inline(always)]
    fn fill<const L: usize>(&self, uniforms: &mut Uniforms<L>, out: &mut [[f64; L]]) {
        let (stages, shorter) = self.stages();
        let scale = self.mean / (f64::from(stages) - shorter);
        for row in out {
            let mut sum = unit_stages(stages - 1, uniforms);
            let last = uniforms.next_uniform();
            let branch = uniforms.next_uniform();
            for lane in 0..L {
                let stage = -math::ln_normal(last[lane]);
                sum[lane] += if branch[lane] <= shorter { 0.0 } else { stage };
                sum[lane] *= scale;
            }
            *row = sum;
        }
    }
}
