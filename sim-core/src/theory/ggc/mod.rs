//! G/G/c, approximately: independent gaps and service times of any laws, known by mean and SCV alone.
//!
//! **Mean.** Allen and Cunneen: Wq ≈ C(c, a)/(cμ−λ) · (C²a + C²s)/2, C being Erlang's. Exact for M/M/c and M/G/1.
//!
//! **Distribution.** The wait is taken as zero with probability 1 − C, else as exponential with the mean that gives the Wq
//! above; independent of it, the service as a simple law of its mean and SCV (a constant, a gamma law or a mixture of two
//! exponentials). Exact for M/M/c.
//!
//! **How far off**, beside the exact values of M/G/1, G/M/c and M/D/c with 1 to 64 servers and laws of the kinds of
//! [`Distribution::with_scv`](crate::distribution::Distribution::with_scv) (in a test below):
//!
//! | SCVs | load | W | P50 | P99 | P99.9 |
//! |---|---|---|---|---|---|
//! | up to 4 | from 90 % | −9 … +7 % | ± 15 % | ± 5 % | ± 7 % |
//! | up to 4 | from 70 % | −9 … +15 % | −22 … +34 % | −12 … +20 % | −14 … +23 % |
//! | up to 4 | from 10 % | −9 … +21 % | −22 … +34 % | −17 … +60 % | −20 … +72 % |
//! | up to 16 | from 70 % | −32 … +15 % | −57 … +125 % | −17 … +44 % | −18 … +48 % |
//! | up to 16 | from 10 % | −32 … +112 % | −57 … +125 % | up to four times | up to five times |
//!
//! Wq alone, which is small when W is nearly all service, can be off by any factor at low load or many servers.
//!
//! Sources: A. O. Allen, *Probability, Statistics, and Queueing Theory*, 2nd ed., section 5.3; W. Whitt, "The queueing network
//! analyzer", Bell System Technical Journal 62 (1983) 2779–2815, for the two-moment fits.

mod service;

use crate::error::InputError;
use crate::math;
use crate::math::root::bracketed_root;
use crate::theory::mmc::Mmc;
use crate::theory::rates::{assert_probability, check_scv};

use service::Service;

/// What two moments suggest for a G/G/c queue in its steady state. **Every value that depends on the wait is an
/// approximation**, to be labelled as one wherever it is shown.
///
/// ```
/// use sim_core::theory::GgcApproximation;
/// let bursty = GgcApproximation::new(90.0, 100.0, 1, 4.0, 1.0)?;
/// assert!((bursty.mean_wait() - 0.225).abs() < 1e-12); // 2.5 times the 90 ms of M/M/1
/// # Ok::<(), sim_core::InputError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GgcApproximation {
    markov: Mmc,
    service_rate: f64,
    /// Mean wait of those who wait, seconds.
    queueing: f64,
    service: Service,
}

impl GgcApproximation {
    /// The queue with λ = `arrival_rate` and μ = `service_rate`, per second, each in `1e-150..=1e150`, at least one server,
    /// and C²a = `arrival_scv` and C²s = `service_scv` in `0..=1e100`.
    ///
    /// # Errors
    /// [`InputError::OutOfRange`] naming the parameter, [`InputError::Unstable`] if λ ≥ cμ.
    pub fn new(
        arrival_rate: f64,
        service_rate: f64,
        servers: u32,
        arrival_scv: f64,
        service_scv: f64,
    ) -> Result<Self, InputError> {
        check_scv("arrival_scv", arrival_scv)?;
        check_scv("service_scv", service_scv)?;
        let markov = Mmc::new(arrival_rate, service_rate, servers)?;
        Ok(Self {
            markov,
            service_rate,
            queueing: f64::midpoint(arrival_scv, service_scv) / markov.spare_rate(),
            service: Service::new(service_rate.recip(), service_scv),
        })
    }

    /// ρ, the share of time each server is busy; exact.
    pub fn utilization(&self) -> f64 {
        self.markov.utilization()
    }

    /// Rate of departures: all that arrive, per second; exact.
    pub fn throughput(&self) -> f64 {
        self.markov.throughput()
    }

    /// Share of requests that wait, taken as in M/M/c.
    pub fn probability_of_waiting(&self) -> f64 {
        if self.queueing == 0.0 {
            0.0
        } else {
            self.markov.probability_of_waiting()
        }
    }

    /// Wq, seconds.
    pub fn mean_wait(&self) -> f64 {
        self.probability_of_waiting() * self.queueing
    }

    /// W, seconds.
    pub fn mean_response(&self) -> f64 {
        self.mean_wait() + self.service_rate.recip()
    }

    /// Lq, requests.
    pub fn mean_in_queue(&self) -> f64 {
        self.throughput() * self.mean_wait()
    }

    /// L, requests.
    pub fn mean_in_system(&self) -> f64 {
        self.mean_in_queue() + self.markov.offered_load()
    }

    /// Probability that a response takes longer than `t` seconds.
    pub fn response_ccdf(&self, t: f64) -> f64 {
        if t < 0.0 {
            return 1.0;
        }
        let waits = self.probability_of_waiting();
        let at_once = (1.0 - waits) * self.service.ccdf(t);
        if waits == 0.0 {
            at_once
        } else {
            at_once + waits * self.service.ccdf_after_wait(t, self.queueing)
        }
    }

    /// The wait, in seconds, that a share `p` of the requests does not exceed.
    ///
    /// # Panics
    /// If `p` is not in `[0, 1)`.
    pub fn wait_quantile(&self, p: f64) -> f64 {
        assert_probability(p);
        (math::ln(self.probability_of_waiting() / (1.0 - p)) * self.queueing).max(0.0)
    }

    /// The response time, in seconds, that a share `p` of the requests does not exceed.
    ///
    /// # Panics
    /// If `p` is not in `[0, 1)`.
    pub fn response_quantile(&self, p: f64) -> f64 {
        assert_probability(p);
        if let Service::Constant { value } = self.service {
            return value + self.wait_quantile(p);
        }
        let ln_tail = math::ln_1p(-p);
        let excess = |t: f64| ln_tail - math::ln(self.response_ccdf(t));
        let mut high = self.mean_response();
        while excess(high) < 0.0 {
            high *= 2.0;
        }
        bracketed_root(excess, 0.0, high)
    }
}

#[cfg(test)]
mod tests;
