//! Empirical: one of the recorded values, each equally likely.

use serde::{Deserialize, Serialize};

use super::Law;
use crate::error::{InputError, in_range};
use crate::math::transform::Transform;
use crate::random::{Uniforms, each_lane};

/// The most values an empirical law may hold.
pub(super) const MAX_VALUES: usize = 1_000_000;

/// A resampled record. Sort the values to keep runs that are compared on one seed in step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Empirical {
    /// The values, seconds, not negative, `1..=1_000_000` of them.
    pub values: Vec<f64>,
}

impl Empirical {
    fn size(&self) -> f64 {
        self.values.len() as f64
    }
}

impl Law for Empirical {
    fn validate(&self) -> Result<(), InputError> {
        in_range("values.length", self.size(), 1.0, MAX_VALUES as f64)?;
        for (i, &value) in self.values.iter().enumerate() {
            in_range(&format!("values[{i}]"), value, 0.0, super::MAX_MEAN)?;
        }
        Ok(())
    }

    fn mean(&self) -> Option<f64> {
        Some(self.values.iter().sum::<f64>() / self.size())
    }

    fn scv(&self) -> Option<f64> {
        let mean = self.values.iter().sum::<f64>() / self.size();
        let squares: f64 = self.values.iter().map(|x| (x - mean) * (x - mean)).sum();
        Some(squares / self.size() / (mean * mean))
    }

    fn length_biased(&self, uniforms: &mut Uniforms<1>) -> f64 {
        // In proportion to the values; whoever draws many makes a [`super::Residual`].
        super::Residual::weighted(&self.values).pick(&self.values, uniforms)
    }

    /// The smallest value that at least a share `p` of the values does not exceed.
    fn quantile(&self, p: f64) -> Option<f64> {
        let mut sorted = self.values.clone();
        sorted.sort_by(f64::total_cmp);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "p·n lies in 0..=n"
        )]
        let rank = (p * self.size()).ceil().max(1.0) as usize;
        sorted.get(rank.min(sorted.len()) - 1).copied()
    }

    fn ccdf(&self, x: f64) -> f64 {
        self.values.iter().filter(|&&value| value > x).count() as f64 / self.size()
    }

    fn transform(&self) -> Transform {
        let share = self.size().recip();
        Transform::atoms(self.values.iter().map(|&value| (value, share)))
    }

    #[inline(always)]
    fn fill<const L: usize>(&self, uniforms: &mut Uniforms<L>, out: &mut [[f64; L]]) {
        let size = self.size();
        for row in out {
            // 1 − u lies in [0, 1), so the index is below the length.
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "below the length"
            )]
            let draw = each_lane(uniforms.next_uniform(), |u| {
                self.values[((1.0 - u) * size) as usize]
            });
            *row = draw;
        }
    }
}
