//! The rest of a duration that is under way: what is left of it at a random moment of a long time.
//!
//! A moment falls into a duration in proportion to its length, and anywhere in it with equal chances: the rest is U·X*, where X* is
//! length-biased and U uniform. Its density is P(X > x) over the mean, its mean half the second moment over the mean (Cox, "Renewal Theory", 1962, chapter 5).

use super::{Distribution, Law};
use crate::random::Uniforms;

/// Draws what is left of durations of one law.
#[derive(Debug, Clone)]
pub struct Residual {
    law: Distribution,
    /// Of recorded values: the sums of the values up to each.
    sums: Vec<f64>,
}

impl Residual {
    /// Of durations of this law, which is valid.
    pub fn of(law: &Distribution) -> Self {
        let sums = match law {
            Distribution::Empirical(law) => Self::weighted(&law.values).sums,
            _ => Vec::new(),
        };
        Self {
            law: law.clone(),
            sums,
        }
    }

    /// Picks values in proportion to themselves.
    pub(super) fn weighted(values: &[f64]) -> Self {
        let mut sum = 0.0;
        let sums = values.iter().map(|value| {
            sum += value;
            sum
        });
        Self {
            sums: sums.collect(),
            law: Distribution::deterministic(1.0),
        }
    }

    /// One of the values that this was made of.
    pub(super) fn pick(&self, values: &[f64], uniforms: &mut Uniforms<1>) -> f64 {
        let [u] = uniforms.next_uniform();
        let total = self.sums.last().copied().unwrap_or(0.0);
        let at = self.sums.partition_point(|&sum| sum < u * total);
        values[at.min(values.len() - 1)]
    }

    /// What is left of one duration, seconds.
    pub fn draw(&self, uniforms: &mut Uniforms<1>) -> f64 {
        let whole = match &self.law {
            Distribution::Empirical(law) => self.pick(&law.values, uniforms),
            law => each_law!(law, law => law.length_biased(uniforms)),
        };
        let [u] = uniforms.next_uniform();
        u * whole
    }

    /// The mean of what is left, m·(1 + C²)/2 for a mean of m, seconds; `None` where the variance is infinite.
    pub fn mean_of(law: &Distribution) -> Option<f64> {
        Some(law.mean()? * (1.0 + law.scv()?) / 2.0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{BoundedPareto, Empirical, Erlang, Lognormal, Pareto, Uniform, Weibull};
    use super::*;
    use crate::random::Purpose;
    use crate::stats::moments::Moments;

    fn laws() -> Vec<Distribution> {
        vec![
            Distribution::exponential(2.0),
            Distribution::deterministic(2.0),
            Distribution::Uniform(Uniform {
                low: 1.0,
                high: 5.0,
            }),
            Distribution::Erlang(Erlang {
                stages: 3,
                mean: 2.0,
            }),
            Distribution::with_scv(2.0, 0.3),
            Distribution::with_scv(2.0, 4.0),
            Distribution::Lognormal(Lognormal {
                mean: 2.0,
                scv: 2.0,
            }),
            Distribution::Weibull(Weibull {
                mean: 2.0,
                shape: 0.7,
            }),
            Distribution::Pareto(Pareto {
                mean: 2.0,
                shape: 5.0,
            }),
            Distribution::BoundedPareto(BoundedPareto::with_mean(2.0, 1.0, 100.0)),
            Distribution::BoundedPareto(BoundedPareto::with_mean(2.0, 1.7, 100.0)),
            Distribution::Empirical(Empirical {
                values: vec![1.0, 0.0, 4.0, 3.0],
            }),
        ]
    }

    /// E[e^(−sR)] = (1 − E[e^(−sX)])/(s·E[X]): a sample of rests against a sample of durations, and the mean against its formula.
    #[test]
    fn rests_have_the_law_of_the_renewal_theorem() {
        const SIZE: usize = 200_000;
        for law in laws() {
            let mut stream = Uniforms::<1>::new(11, 0, Purpose::Service);
            let rest = Residual::of(&law);
            let rests: Vec<f64> = (0..SIZE).map(|_| rest.draw(&mut stream)).collect();
            let moments: Moments = rests.iter().copied().collect();
            let expected = Residual::mean_of(&law).unwrap();
            let error = (moments.variance() / SIZE as f64).sqrt();
            assert!(
                (moments.mean() - expected).abs() < 4.5 * error,
                "{law:?}: {} {expected}",
                moments.mean()
            );
            let s = 0.5;
            let ours: Moments = rests.iter().map(|x| crate::math::exp(-s * x)).collect();
            let theirs: Moments = (0..SIZE)
                .map(|_| crate::math::exp(-s * law.draw(&mut stream)))
                .collect();
            let scale = s * law.mean().unwrap();
            let expected = (1.0 - theirs.mean()) / scale;
            let spread = ours.variance() + theirs.variance() / (scale * scale);
            assert!(
                (ours.mean() - expected).abs() < 4.5 * (spread / SIZE as f64).sqrt(),
                "{law:?}: {} {expected}",
                ours.mean()
            );
        }
    }
}
