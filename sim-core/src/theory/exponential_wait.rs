//! A response made of a wait that is zero or else exponential, and an exponential service independent of it: what M/M/c and
//! G/M/c have in common.
//!
//! With P(wait > t) = w·e^(−θt), P(response > t) = (1 − w)·e^(−μt) + w·P(two exponential stages of rates θ and μ > t).

use crate::math;
use crate::math::root::bracketed_root;
use crate::theory::rates::assert_probability;
use crate::theory::two_stages::TwoStages;

/// The law of wait and response.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct ExponentialWait {
    /// w, the share that waits.
    pub(super) waits: f64,
    /// 1 − w, precise also where it is small.
    pub(super) at_once: f64,
    /// θ, per second.
    pub(super) decay: f64,
    /// μ, per second.
    pub(super) service_rate: f64,
}

impl ExponentialWait {
    /// Wq, seconds.
    pub(super) fn mean(&self) -> f64 {
        self.waits / self.decay
    }

    pub(super) fn wait_ccdf(&self, t: f64) -> f64 {
        if t < 0.0 {
            1.0
        } else {
            self.waits * math::exp(-self.decay * t)
        }
    }

    pub(super) fn wait_quantile(&self, p: f64) -> f64 {
        assert_probability(p);
        (math::ln(self.waits / (1.0 - p)) / self.decay).max(0.0)
    }

    pub(super) fn response_ccdf(&self, t: f64) -> f64 {
        let t = t.max(0.0);
        let at_once = math::exp(-self.service_rate * t);
        self.at_once * at_once + self.waits * self.after_wait().ccdf(t)
    }

    pub(super) fn response_cdf(&self, t: f64) -> f64 {
        let t = t.max(0.0);
        let at_once = -math::exp_m1(-self.service_rate * t);
        self.at_once * at_once + self.waits * self.after_wait().cdf(t)
    }

    pub(super) fn response_quantile(&self, p: f64) -> f64 {
        assert_probability(p);
        if p == 0.0 {
            return 0.0;
        }
        // No response is shorter than its own service.
        let in_service = -math::ln_1p(-p) / self.service_rate;
        let (ln_p, ln_tail) = (math::ln(p), math::ln_1p(-p));
        let excess = |t: f64| {
            if p < 0.5 {
                math::ln(self.response_cdf(t)) - ln_p
            } else {
                ln_tail - math::ln(self.response_ccdf(t))
            }
        };
        let mut high = in_service + self.mean();
        while excess(high) < 0.0 {
            high *= 2.0;
        }
        bracketed_root(excess, in_service, high)
    }

    /// The response time of a request that has to wait.
    fn after_wait(&self) -> TwoStages {
        TwoStages::new(self.decay, self.service_rate)
    }
}
