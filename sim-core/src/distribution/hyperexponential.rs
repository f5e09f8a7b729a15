//! Hyperexponential with two branches and balanced means: with probability p an exponential of mean m/(2p), else of mean
//! m/(2(1 − p)), where p = (1 + √((C² − 1)/(C² + 1)))/2 (Whitt, 1982).

use serde::{Deserialize, Serialize};

use super::{Exponential, Law, MAX_SCV, check_mean, check_scv};
use crate::error::InputError;
use crate::math;
use crate::math::transform::{Branch, Transform};
use crate::random::Uniforms;

/// A law more variable than exponential: many short values, few long ones.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Hyperexponential {
    /// Mean, seconds.
    pub mean: f64,
    /// Squared coefficient of variation, `1..=1e6`.
    pub scv: f64,
}

impl Hyperexponential {
    /// Probability of the long branch, written so that it keeps its digits when it is small.
    fn long_branch(&self) -> f64 {
        let root = ((self.scv - 1.0) / (self.scv + 1.0)).sqrt();
        (1.0 / (self.scv + 1.0)) / (1.0 + root)
    }

    pub(super) fn branches(&self) -> Vec<Branch> {
        let long = self.long_branch();
        let branch = |share| Branch {
            share,
            stages: 1,
            rate: 2.0 * share / self.mean,
        };
        vec![branch(long), branch(1.0 - long)]
    }
}

impl Law for Hyperexponential {
    fn validate(&self) -> Result<(), InputError> {
        check_scv(self.scv, 1.0, MAX_SCV)?;
        check_mean(self.mean)
    }

    fn mean(&self) -> Option<f64> {
        Some(self.mean)
    }

    fn scv(&self) -> Option<f64> {
        Some(self.scv)
    }

    fn length_biased(&self, uniforms: &mut Uniforms<1>) -> f64 {
        // Both branches have half of the mean, so each comes as often.
        let long = self.long_branch();
        let [u] = uniforms.next_uniform();
        let share = if u <= 0.5 { long } else { 1.0 - long };
        Exponential {
            mean: self.mean / (2.0 * share),
        }
        .length_biased(uniforms)
    }

    fn quantile(&self, p: f64) -> Option<f64> {
        (self.scv == 1.0).then(|| -self.mean * math::ln_1p(-p))
    }

    fn ccdf(&self, x: f64) -> f64 {
        let above = self.branches();
        above
            .iter()
            .map(|it| it.share * math::exp(-it.rate * x))
            .sum()
    }

    fn transform(&self) -> Transform {
        Transform::stages(self.branches())
    }

    #[inline(always)]
    fn fill<const L: usize>(&self, uniforms: &mut Uniforms<L>, out: &mut [[f64; L]]) {
        let long = self.long_branch();
        let long_mean = self.mean / (2.0 * long);
        let short_mean = self.mean / (2.0 * (1.0 - long));
        for row in out {
            let branch = uniforms.next_uniform();
            let mut values = uniforms.next_uniform();
            for lane in 0..L {
                let mean = if branch[lane] <= long {
                    long_mean
                } else {
                    short_mean
                };
                values[lane] = -mean * math::ln_normal(values[lane]);
            }
            *row = values;
        }
    }
}
