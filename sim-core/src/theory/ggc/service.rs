//! A service law stood in for by a simple one of the same mean and SCV:
//!
//! - SCV ≥ 1: a mixture of two exponentials with balanced means, so that with an exponential wait before it the response is a
//!   mixture of sums of two exponentials, exactly;
//! - below 1: a gamma law of shape k and scale s; after an exponential wait of mean q > s,
//!   P(sum > t) = Q(k, t/s) + e^(−t/q)·(1−s/q)^(−k)·P(k, t/s − t/q), and after a shorter wait a gamma law fitted to the mean and
//!   the variance of the sum, which is exact for q = s and q = 0;
//! - 0: a constant, added to the wait.

use crate::math;
use crate::math::special::{gamma_lower, gamma_upper};
use crate::theory::two_stages::TwoStages;

/// An SCV below this is as good as none.
const NO_SPREAD: f64 = 1e-5;

/// The stand-in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Service {
    /// Always the same.
    Constant { value: f64 },
    /// Gamma.
    Gamma { mean: f64, scv: f64 },
    /// Two exponentials by (probability, rate).
    Mixture { branches: [(f64, f64); 2] },
}

impl Service {
    pub(super) fn new(mean: f64, scv: f64) -> Self {
        if scv < NO_SPREAD {
            return Self::Constant { value: mean };
        }
        if scv < 1.0 {
            return Self::Gamma { mean, scv };
        }
        // p₁p₂ = 1/(2(C²+1)) keeps the small share precise.
        let usual = 0.5 * (1.0 + ((scv - 1.0) / (scv + 1.0)).sqrt());
        let rare = 0.5 / (scv + 1.0) / usual;
        Self::Mixture {
            branches: [usual, rare].map(|share| (share, 2.0 * share / mean)),
        }
    }

    /// P(service > t).
    pub(super) fn ccdf(self, t: f64) -> f64 {
        match self {
            Self::Constant { value } => f64::from(u8::from(t < value)),
            Self::Gamma { mean, scv } => gamma_upper(scv.recip(), t / (mean * scv)),
            Self::Mixture { branches } => branches
                .iter()
                .map(|(share, rate)| share * math::exp(-rate * t))
                .sum(),
        }
    }

    /// P(wait + service > t) with an exponential wait of mean `queueing` > 0.
    pub(super) fn ccdf_after_wait(self, t: f64, queueing: f64) -> f64 {
        match self {
            Self::Constant { value } => math::exp(-(t - value).max(0.0) / queueing),
            Self::Gamma { mean, scv } => gamma_after_long_wait(t, mean, scv, queueing)
                .unwrap_or_else(|| gamma_after_short_wait(t, mean, scv, queueing)),
            Self::Mixture { branches } => branches
                .iter()
                .map(|(share, rate)| share * TwoStages::new(queueing.recip(), *rate).ccdf(t))
                .sum(),
        }
    }
}

/// P(gamma + exponential > t) exactly; `None` where the wait is so short that the factors leave the range of `f64`.
fn gamma_after_long_wait(t: f64, mean: f64, scv: f64, queueing: f64) -> Option<f64> {
    let (shape, scale) = (scv.recip(), mean * scv);
    let ln_tilt = -shape * math::ln_1p(-scale / queueing);
    if scale >= queueing || ln_tilt > 600.0 {
        return None;
    }
    let waited = gamma_lower(shape, t / scale * (1.0 - scale / queueing));
    let after_service = math::exp(ln_tilt - t / queueing) * waited;
    Some((gamma_upper(shape, t / scale) + after_service).min(1.0))
}

/// P(gamma + exponential > t) by the gamma law of the sum's mean and variance.
fn gamma_after_short_wait(t: f64, mean: f64, scv: f64, queueing: f64) -> f64 {
    let total = mean + queueing;
    let (served, waited) = (mean / total, queueing / total);
    let total_scv = scv * served * served + waited * waited;
    gamma_upper(total_scv.recip(), t / (total * total_scv))
}
