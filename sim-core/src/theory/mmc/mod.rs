//! M/M/c: Poisson arrivals, exponential service, c servers, infinite room, first come first served.
//!
//! With a = λ/μ < c, Erlang's C and the spare rate θ = cμ−λ: Wq = C/θ, P(wait > t) = C·e^(−θt), and
//!
//! P(response > t) = (1−C)·e^(−μt) + C·P(X + Y > t), X and Y exponential with rates μ and θ:
//!
//! a request either starts at once or adds an exponential wait to its service; nothing is singular where θ = μ.
//! Source: Gross et al., *Fundamentals of Queueing Theory*, 4th ed., sections 2.3 and 2.4.

use crate::error::InputError;
use crate::math;
use crate::math::special::{gamma_upper, poisson_probability};
use crate::theory::erlang::below_over_full;
use crate::theory::exponential_wait::ExponentialWait;
use crate::theory::rates::{check_rates, check_servers, check_stable};

/// An M/M/c queue in its steady state.
///
/// ```
/// use sim_core::theory::Mmc;
/// let queue = Mmc::new(9.0, 5.0, 2)?;
/// assert!((queue.mean_response() - 1.052_631_6).abs() < 1e-7);
/// # Ok::<(), sim_core::InputError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mmc {
    arrival_rate: f64,
    service_rate: f64,
    servers: u32,
    law: ExponentialWait,
}

impl Mmc {
    /// The queue with λ = `arrival_rate` and μ = `service_rate`, per second, each in `1e-150..=1e150`, and at least one
    /// server.
    ///
    /// # Errors
    /// [`InputError::OutOfRange`] naming the parameter, [`InputError::Unstable`] if λ ≥ cμ.
    pub fn new(arrival_rate: f64, service_rate: f64, servers: u32) -> Result<Self, InputError> {
        check_rates(arrival_rate, service_rate)?;
        check_servers(servers)?;
        let capacity = f64::from(servers) * service_rate;
        check_stable(arrival_rate, capacity)?;
        let idle_share = (capacity - arrival_rate) / capacity;
        let odds_at_once = idle_share * below_over_full(servers, arrival_rate / service_rate);
        Ok(Self {
            arrival_rate,
            service_rate,
            servers,
            law: ExponentialWait {
                waits: (1.0 + odds_at_once).recip(),
                at_once: (1.0 + odds_at_once.recip()).recip(),
                decay: capacity - arrival_rate,
                service_rate,
            },
        })
    }

    /// a = λ/μ, Erlangs: the mean number of busy servers.
    pub fn offered_load(&self) -> f64 {
        self.arrival_rate / self.service_rate
    }

    /// ρ, the share of time each server is busy.
    pub fn utilization(&self) -> f64 {
        self.arrival_rate / (f64::from(self.servers) * self.service_rate)
    }

    /// Rate of departures: all that arrive, per second.
    pub fn throughput(&self) -> f64 {
        self.arrival_rate
    }

    /// Share of requests that wait: Erlang's C.
    pub fn probability_of_waiting(&self) -> f64 {
        self.law.waits
    }

    /// Wq, seconds.
    pub fn mean_wait(&self) -> f64 {
        self.law.waits / self.spare_rate()
    }

    /// W, seconds.
    pub fn mean_response(&self) -> f64 {
        self.mean_wait() + self.service_rate.recip()
    }

    /// Lq, requests.
    pub fn mean_in_queue(&self) -> f64 {
        self.law.waits * (self.arrival_rate / self.spare_rate())
    }

    /// L, requests.
    pub fn mean_in_system(&self) -> f64 {
        self.mean_in_queue() + self.offered_load()
    }

    /// Probability of `n` requests in the system: a Poisson law up to c, geometric from there on.
    pub fn probability_in_system(&self, n: u64) -> f64 {
        let servers = u64::from(self.servers);
        let load = self.offered_load();
        let idle_share = self.spare_rate() / (f64::from(self.servers) * self.service_rate);
        if n >= servers {
            let beyond = (n - servers) as f64;
            return self.law.waits * idle_share * math::pow(self.utilization(), beyond);
        }
        let below = gamma_upper(f64::from(self.servers), load);
        let full = poisson_probability(servers, load) / idle_share;
        poisson_probability(n, load) / (below + full)
    }

    /// Probability that a request waits longer than `t` seconds.
    pub fn wait_ccdf(&self, t: f64) -> f64 {
        self.law.wait_ccdf(t)
    }

    /// Probability that a request waits at most `t` seconds.
    pub fn wait_cdf(&self, t: f64) -> f64 {
        1.0 - self.wait_ccdf(t)
    }

    /// Probability that a response takes longer than `t` seconds.
    pub fn response_ccdf(&self, t: f64) -> f64 {
        self.law.response_ccdf(t)
    }

    /// Probability that a response takes at most `t` seconds.
    pub fn response_cdf(&self, t: f64) -> f64 {
        self.law.response_cdf(t)
    }

    /// The wait, in seconds, that a share `p` of the requests does not exceed.
    ///
    /// # Panics
    /// If `p` is not in `[0, 1)`.
    pub fn wait_quantile(&self, p: f64) -> f64 {
        self.law.wait_quantile(p)
    }

    /// The response time, in seconds, that a share `p` of the requests does not exceed.
    ///
    /// # Panics
    /// If `p` is not in `[0, 1)`.
    pub fn response_quantile(&self, p: f64) -> f64 {
        self.law.response_quantile(p)
    }

    /// θ = cμ − λ, per second.
    pub(super) fn spare_rate(&self) -> f64 {
        self.law.decay
    }
}

#[cfg(test)]
mod tests;
