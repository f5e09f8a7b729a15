//! M/M/c/K: Poisson arrivals, exponential service, c servers, room for K requests in all; who finds it full is lost.
//!
//! With a = λ/μ and ρ = a/c the probability of n requests is proportional to aⁿ/n! up to c and to ρ^(n−c) from there to K. The
//! part from c on is a truncated geometric law, whose mass and mean have closed forms; the part below c relates to it as
//! 1/B − 1 with Erlang's B. Above ρ = 1 the same law is read from K downwards, so nothing overflows and nothing cancels at any
//! load and any K, also at λ = cμ.
//! Source: Gross et al., *Fundamentals of Queueing Theory*, 4th ed., section 2.5.

mod geometric;

use crate::error::InputError;
use crate::math::special::{gamma_upper, poisson_probability};
use crate::theory::erlang::below_over_full;
use crate::theory::rates::{check_rates, check_servers};

use geometric::TruncatedGeometric;

/// An M/M/c/K queue in its steady state, which exists at any load.
///
/// ```
/// use sim_core::theory::Mmck;
/// let queue = Mmck::new(7.0, 7.0, 1, 10)?;
/// assert!((queue.mean_in_system() - 5.0).abs() < 1e-12);
/// # Ok::<(), sim_core::InputError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mmck {
    arrival_rate: f64,
    service_rate: f64,
    servers: u32,
    capacity: u64,
    /// Probability that at least one server is idle.
    some_idle: f64,
    /// Probability that none is.
    all_busy: f64,
    /// The number of requests beyond c, given that all servers are busy; counted from c upwards below saturation, from K
    /// downwards above it.
    beyond: TruncatedGeometric,
    overloaded: bool,
}

impl Mmck {
    /// The queue with λ = `arrival_rate` and μ = `service_rate`, per second, each in `1e-150..=1e150`, at least one server,
    /// and a `capacity` K of at least `servers`, those in service included.
    ///
    /// # Errors
    /// [`InputError::OutOfRange`] naming the parameter.
    pub fn new(
        arrival_rate: f64,
        service_rate: f64,
        servers: u32,
        capacity: u64,
    ) -> Result<Self, InputError> {
        check_rates(arrival_rate, service_rate)?;
        check_servers(servers)?;
        if capacity < u64::from(servers) {
            return Err(InputError::out_of_range(
                "capacity",
                capacity,
                format!("{servers}..={}", u64::MAX),
            ));
        }
        let full_rate = f64::from(servers) * service_rate;
        let overloaded = arrival_rate > full_rate;
        let (smaller, larger) = (arrival_rate.min(full_rate), arrival_rate.max(full_rate));
        let beyond = TruncatedGeometric::new(
            smaller / larger,
            (larger - smaller) / larger,
            capacity - u64::from(servers),
        );
        // The weight of the states below c against that of state c, and of state c against all from c on.
        let below = below_over_full(servers, arrival_rate / service_rate);
        let first = if overloaded {
            beyond.last()
        } else {
            beyond.first()
        };
        let odds_idle = below * first;
        Ok(Self {
            arrival_rate,
            service_rate,
            servers,
            capacity,
            some_idle: (1.0 + odds_idle.recip()).recip(),
            all_busy: (1.0 + odds_idle).recip(),
            beyond,
            overloaded,
        })
    }

    /// a = λ/μ, Erlangs, lost requests included.
    pub fn offered_load(&self) -> f64 {
        self.arrival_rate / self.service_rate
    }

    /// Share of time each server is busy, by the requests that get in; below 1 at any load.
    pub fn utilization(&self) -> f64 {
        self.throughput() / (f64::from(self.servers) * self.service_rate)
    }

    /// Share of requests lost: the probability that all K places are taken.
    pub fn blocking_probability(&self) -> f64 {
        let last = if self.overloaded {
            self.beyond.first()
        } else {
            self.beyond.last()
        };
        self.all_busy * last
    }

    /// Rate of the requests that get in, and so of departures, per second.
    pub fn throughput(&self) -> f64 {
        self.arrival_rate * self.admitted()
    }

    /// Share of the requests that get in which wait.
    pub fn probability_of_waiting(&self) -> f64 {
        if self.capacity == u64::from(self.servers) {
            return 0.0;
        }
        let room_left = if self.overloaded {
            self.beyond.beyond_first()
        } else {
            1.0 - self.beyond.last()
        };
        self.all_busy * room_left / self.admitted()
    }

    /// Lq, requests.
    pub fn mean_in_queue(&self) -> f64 {
        let queued = if self.overloaded {
            (self.capacity - u64::from(self.servers)) as f64 - self.beyond.mean()
        } else {
            self.beyond.mean()
        };
        self.all_busy * queued
    }

    /// L, requests.
    pub fn mean_in_system(&self) -> f64 {
        self.mean_in_queue() + self.throughput() / self.service_rate
    }

    /// Wq of the requests that get in, seconds.
    pub fn mean_wait(&self) -> f64 {
        self.mean_in_queue() / self.throughput()
    }

    /// W of the requests that get in, seconds.
    pub fn mean_response(&self) -> f64 {
        self.mean_wait() + self.service_rate.recip()
    }

    /// Probability of `n` requests in the system.
    pub fn probability_in_system(&self, n: u64) -> f64 {
        let servers = u64::from(self.servers);
        if n > self.capacity {
            0.0
        } else if n >= servers {
            let place = if self.overloaded {
                self.capacity - n
            } else {
                n - servers
            };
            self.all_busy * self.beyond.probability(place)
        } else {
            self.some_idle * self.probability_among_idle(n)
        }
    }

    /// Probability of `n` < c requests given fewer than c: a truncated Poisson law, read from c − 1 downwards where the load is
    /// so high that its terms would underflow.
    fn probability_among_idle(&self, n: u64) -> f64 {
        let load = self.offered_load();
        if !self.overloaded {
            return poisson_probability(n, load) / gamma_upper(f64::from(self.servers), load);
        }
        let mut weight = 1.0;
        for k in (n + 1..u64::from(self.servers)).rev() {
            weight *= k as f64 / load;
            if weight == 0.0 {
                break;
            }
        }
        weight / (1.0 + below_over_full(self.servers - 1, load))
    }

    /// 1 − blocking probability, precise also where nearly everyone is lost.
    fn admitted(&self) -> f64 {
        if self.overloaded {
            self.some_idle + self.all_busy * self.beyond.beyond_first()
        } else {
            1.0 - self.blocking_probability()
        }
    }
}

#[cfg(test)]
mod tests;
