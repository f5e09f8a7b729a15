//! M/M/1: Poisson arrivals, exponential service, one server, infinite room, first come first served.
//!
//! With ρ = λ/μ < 1: L = ρ/(1−ρ), W = 1/(μ−λ), Wq = ρW, and the response time is exponential with rate μ−λ; the wait is zero
//! with probability 1−ρ, else exponential with the same rate.
//! Source: Gross et al., *Fundamentals of Queueing Theory*, 4th ed., section 2.2.

use crate::error::InputError;
use crate::math;
use crate::theory::rates::{assert_probability, check_rates, check_stable};

/// An M/M/1 queue in its steady state.
///
/// ```
/// use sim_core::theory::Mm1;
/// let queue = Mm1::new(90.0, 100.0)?;
/// assert_eq!(queue.mean_response(), 0.1);
/// # Ok::<(), sim_core::InputError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mm1 {
    arrival_rate: f64,
    service_rate: f64,
}

impl Mm1 {
    /// The queue with λ = `arrival_rate` and μ = `service_rate`, per second, each in `1e-150..=1e150`.
    ///
    /// # Errors
    /// [`InputError::OutOfRange`] naming the rate, [`InputError::Unstable`] if λ ≥ μ.
    pub fn new(arrival_rate: f64, service_rate: f64) -> Result<Self, InputError> {
        check_rates(arrival_rate, service_rate)?;
        check_stable(arrival_rate, service_rate)?;
        Ok(Self {
            arrival_rate,
            service_rate,
        })
    }

    /// ρ, the share of time the server is busy.
    pub fn utilization(&self) -> f64 {
        self.arrival_rate / self.service_rate
    }

    /// Rate of departures: all that arrive, per second.
    pub fn throughput(&self) -> f64 {
        self.arrival_rate
    }

    /// Wq, seconds.
    pub fn mean_wait(&self) -> f64 {
        self.utilization() / self.spare_rate()
    }

    /// W, seconds.
    pub fn mean_response(&self) -> f64 {
        self.spare_rate().recip()
    }

    /// Lq, requests.
    pub fn mean_in_queue(&self) -> f64 {
        self.utilization() * self.mean_in_system()
    }

    /// L, requests.
    pub fn mean_in_system(&self) -> f64 {
        self.arrival_rate / self.spare_rate()
    }

    /// Share of requests that wait: ρ.
    pub fn probability_of_waiting(&self) -> f64 {
        self.utilization()
    }

    /// Probability of `n` requests in the system.
    pub fn probability_in_system(&self, n: u64) -> f64 {
        self.spare_rate() / self.service_rate * math::pow(self.utilization(), n as f64)
    }

    /// Probability that a request waits longer than `t` seconds.
    pub fn wait_ccdf(&self, t: f64) -> f64 {
        if t < 0.0 {
            1.0
        } else {
            self.utilization() * self.response_ccdf(t)
        }
    }

    /// Probability that a request waits at most `t` seconds.
    pub fn wait_cdf(&self, t: f64) -> f64 {
        1.0 - self.wait_ccdf(t)
    }

    /// Probability that a response takes longer than `t` seconds.
    pub fn response_ccdf(&self, t: f64) -> f64 {
        math::exp(-self.spare_rate() * t.max(0.0))
    }

    /// Probability that a response takes at most `t` seconds.
    pub fn response_cdf(&self, t: f64) -> f64 {
        -math::exp_m1(-self.spare_rate() * t.max(0.0))
    }

    /// The wait, in seconds, that a share `p` of the requests does not exceed.
    ///
    /// # Panics
    /// If `p` is not in `[0, 1)`.
    pub fn wait_quantile(&self, p: f64) -> f64 {
        assert_probability(p);
        (math::ln(self.utilization() / (1.0 - p)) / self.spare_rate()).max(0.0)
    }

    /// The response time, in seconds, that a share `p` of the requests does not exceed.
    ///
    /// # Panics
    /// If `p` is not in `[0, 1)`.
    pub fn response_quantile(&self, p: f64) -> f64 {
        assert_probability(p);
        -math::ln_1p(-p) / self.spare_rate()
    }

    /// μ − λ.
    fn spare_rate(&self) -> f64 {
        self.service_rate - self.arrival_rate
    }
}

#[cfg(test)]
mod tests;
