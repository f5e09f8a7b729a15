//! Erlang A, M/M/c+M: Poisson arrivals, exponential service, c servers, and requests that give up after an exponential wait of mean
//! 1/θ; with a finite room K also M/M/c/K+M. It is stable at any load.
//!
//! The number n in system is a birth–death process with deaths at rate min(n, c)·μ + (n−c)⁺·θ. A share θ·Lq/λ gives up. A request
//! that finds n = c + j in system is served with probability cμ/(cμ + (j+1)θ), and if so its mean wait is
//! Σ_{i=1}^{j+1} 1/(cμ + iθ): everybody ahead leaves, and it has not given up meanwhile.
//!
//! Sources: C. Palm, "Research on telephone traffic carried by full availability groups", Tele 1 (1957); O. Garnett, A. Mandelbaum
//! and M. Reiman, "Designing a call center with impatient customers", Manufacturing & Service Operations Management 4 (2002)
//! 208–227.

use crate::error::{InputError, in_range};
use crate::theory::birth_death::States;
use crate::theory::rates::{check_rates, check_servers};

/// An Erlang A queue in its steady state.
///
/// ```
/// use sim_core::theory::ErlangA;
/// // Patience as long as a service: everybody present leaves at rate 1, as if there were a server each.
/// let queue = ErlangA::new(3.0, 1.0, 2, 1.0, None)?;
/// assert!((queue.mean_in_system() - 3.0).abs() < 1e-12);
/// # Ok::<(), sim_core::InputError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ErlangA {
    arrival_rate: f64,
    service_rate: f64,
    servers: u32,
    patience_rate: f64,
    blocked: f64,
    waits: f64,
    busy: f64,
    mean_in_queue: f64,
    /// Σ over those served of their waits, per request.
    served_wait: f64,
}

impl ErlangA {
    /// The queue with λ = `arrival_rate` and μ = `service_rate`, per second, each in `1e-150..=1e150`, at least one server, a mean
    /// `patience` in `1e-9..=1e12` seconds, and room for `capacity` in all, those in service included, if not for everybody.
    ///
    /// # Errors
    /// [`InputError::OutOfRange`] naming the parameter.
    pub fn new(
        arrival_rate: f64,
        service_rate: f64,
        servers: u32,
        patience: f64,
        capacity: Option<u64>,
    ) -> Result<Self, InputError> {
        check_rates(arrival_rate, service_rate)?;
        check_servers(servers)?;
        in_range("patience", patience, 1e-9, 1e12)?;
        let top = capacity.unwrap_or(u64::MAX);
        if top < u64::from(servers) {
            let allowed = format!("{servers}..={}", u64::MAX);
            return Err(InputError::out_of_range("capacity", top, allowed));
        }
        let (servers_there, theta) = (u64::from(servers), patience.recip());
        let full_rate = f64::from(servers) * service_rate;
        let queued = |n: u64| n.saturating_sub(servers_there) as f64;
        let busy = |n: u64| n.min(servers_there) as f64;
        let leave = |n: u64| busy(n) * service_rate + queued(n) * theta;
        let states = States::new(|_| arrival_rate, leave, top);
        // Those ahead of a newcomer leave one by one; 1/(cμ + iθ) is the mean time to each, given that it stays.
        let (mut waits, mut served_wait, mut wait) = (0.0, 0.0, 0.0);
        let mut counted = 0;
        for (n, p) in states
            .iter()
            .filter(|(n, _)| (servers_there..top).contains(n))
        {
            while counted < n - servers_there + 1 {
                counted += 1;
                wait += (full_rate + counted as f64 * theta).recip();
            }
            waits += p;
            served_wait += p * full_rate / (full_rate + counted as f64 * theta) * wait;
        }
        let blocked: f64 = states
            .iter()
            .filter(|(n, _)| *n == top)
            .map(|(_, p)| p)
            .sum();
        Ok(Self {
            arrival_rate,
            service_rate,
            servers,
            patience_rate: theta,
            blocked,
            waits,
            busy: states.mean(busy),
            mean_in_queue: states.mean(queued),
            served_wait,
        })
    }

    /// Share of time each server is busy.
    pub fn utilization(&self) -> f64 {
        self.busy / f64::from(self.servers)
    }

    /// Share of requests that find no room.
    pub fn blocking_probability(&self) -> f64 {
        self.blocked
    }

    /// Share of all requests that get in and find every server busy.
    pub fn probability_of_waiting(&self) -> f64 {
        self.waits
    }

    /// Share of all requests that give up.
    pub fn gave_up_share(&self) -> f64 {
        self.mean_in_queue * self.patience_rate / self.arrival_rate
    }

    /// Share of all requests that are served.
    pub fn served_share(&self) -> f64 {
        self.throughput() / self.arrival_rate
    }

    /// Requests served, per second.
    pub fn throughput(&self) -> f64 {
        self.busy * self.service_rate
    }

    /// Lq, requests.
    pub fn mean_in_queue(&self) -> f64 {
        self.mean_in_queue
    }

    /// L, requests.
    pub fn mean_in_system(&self) -> f64 {
        self.mean_in_queue + self.busy
    }

    /// Mean wait of all that get in, also of those that give up, seconds.
    pub fn mean_wait(&self) -> f64 {
        self.mean_in_queue / (self.arrival_rate * (1.0 - self.blocked))
    }

    /// Mean wait of those served, seconds.
    pub fn mean_wait_of_served(&self) -> f64 {
        self.served_wait / self.served_share()
    }

    /// Mean response of those served, seconds.
    pub fn mean_response(&self) -> f64 {
        self.mean_wait_of_served() + self.service_rate.recip()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::testing::assert_close;
    use crate::theory::{Mmc, Mmck, erlang_b};

    #[test]
    fn endless_patience_is_mmc_and_none_is_erlang_b() {
        let (patient, mmc) = (
            ErlangA::new(4.0, 1.0, 5, 1e12, None).unwrap(),
            Mmc::new(4.0, 1.0, 5).unwrap(),
        );
        assert_close(patient.mean_in_queue(), mmc.mean_in_queue(), 1e-9);
        assert_close(patient.mean_wait_of_served(), mmc.mean_wait(), 1e-9);
        assert_close(
            patient.probability_of_waiting(),
            mmc.probability_of_waiting(),
            1e-9,
        );
        let hasty = ErlangA::new(4.0, 1.0, 5, 1e-9, None).unwrap();
        assert_close(hasty.gave_up_share(), erlang_b(5, 4.0).unwrap(), 1e-7);
    }

    #[test]
    fn room_without_impatience_is_mmck() {
        let (queue, mmck) = (
            ErlangA::new(50.0, 10.0, 4, 1e12, Some(6)).unwrap(),
            Mmck::new(50.0, 10.0, 4, 6).unwrap(),
        );
        assert_close(
            queue.blocking_probability(),
            mmck.blocking_probability(),
            1e-9,
        );
        assert_close(queue.mean_in_system(), mmck.mean_in_system(), 1e-9);
        assert_close(queue.mean_wait(), mmck.mean_wait(), 1e-9);
        assert_close(queue.mean_wait_of_served(), mmck.mean_wait(), 1e-9);
    }

    /// The equations of balance solved by repeated steps of the chain, and a request followed through it.
    #[test]
    fn agrees_with_the_chain_step_by_step() {
        let (rate, service, servers, theta, top) = (6.0, 2.0, 3_usize, 0.7, 40_usize);
        let leave =
            |n: usize| service * n.min(servers) as f64 + theta * n.saturating_sub(servers) as f64;
        let fastest = rate + leave(top);
        let mut law = vec![1.0 / (top + 1) as f64; top + 1];
        for _ in 0..20_000 {
            let mut next = vec![0.0; top + 1];
            for (n, p) in law.iter().enumerate() {
                let up = if n < top { rate } else { 0.0 };
                next[(n + 1).min(top)] += p * up / fastest;
                next[n.saturating_sub(1)] += p * leave(n) / fastest;
                next[n] += p * (1.0 - (up + leave(n)) / fastest);
            }
            law = next;
        }
        // Of a request with j ahead of it in line: the chance to be served, and the time until then where it is, by first steps.
        let (mut served, mut time) = (vec![], vec![]);
        for ahead in 0..top {
            let total = service * servers as f64 + theta * (ahead + 1) as f64;
            let step = (total - theta) / total;
            let (chance, spent) = if ahead == 0 {
                (1.0, 0.0)
            } else {
                (served[ahead - 1], time[ahead - 1])
            };
            served.push(step * chance);
            time.push(step * (spent + chance / total));
        }
        let waiting = |of: &[f64]| {
            (servers..top)
                .map(|n| law[n] * of[n - servers])
                .sum::<f64>()
        };
        let at_once: f64 = law[..servers].iter().sum();
        let served_share = at_once + waiting(&served);
        let queue = ErlangA::new(rate, service, 3, 1.0 / theta, None).unwrap();
        assert_close(queue.served_share(), served_share, 1e-9);
        assert_close(
            queue.mean_wait_of_served(),
            waiting(&time) / served_share,
            1e-9,
        );
        assert_close(queue.gave_up_share(), 1.0 - served_share, 1e-9);
        let present: f64 = law.iter().enumerate().map(|(n, p)| n as f64 * p).sum();
        assert_close(queue.mean_in_system(), present, 1e-9);
    }

    #[test]
    fn extremes_stay_in_range() {
        for (rate, servers, patience) in [
            (1e-6, 1, 1.0),
            (1e6, 1, 1.0),
            (1e6, 1_000_000, 1e3),
            (2.0, 1, 1e9),
            (1.0, 1, 1e12),
        ] {
            let queue = ErlangA::new(rate, 1.0, servers, patience, None).unwrap();
            assert!((0.0..=1.0).contains(&queue.gave_up_share()), "{queue:?}");
            assert!(
                (0.0..=1.0 + 1e-9).contains(&queue.utilization()),
                "{queue:?}"
            );
            assert_close(queue.gave_up_share() + queue.served_share(), 1.0, 1e-6);
            assert!(queue.mean_response().is_finite());
        }
    }

    #[test]
    fn wrong_input_is_named() {
        let error = |rate, servers, patience, room| {
            ErlangA::new(rate, 1.0, servers, patience, room).unwrap_err()
        };
        assert_eq!(error(-1.0, 1, 1.0, None).field(), "arrival_rate");
        assert_eq!(error(1.0, 0, 1.0, None).field(), "servers");
        assert_eq!(error(1.0, 1, 0.0, None).field(), "patience");
        assert_eq!(error(1.0, 2, 1.0, Some(1)).field(), "capacity");
    }
}
