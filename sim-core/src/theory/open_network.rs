//! Open networks of product form (Jackson; Baskett, Chandy, Muntz and Palacios): Poisson arrivals of several classes, each with a
//! route of its own through stations which are
//!
//! - first come, first served, with c servers and one exponential law for all classes,
//! - processor sharing with c servers, last come first served with preemption, or a pure delay, with any laws.
//!
//! In its steady state each station has as many requests as if it stood alone under a Poisson stream of its load: M/M/c, or a
//! Poisson law for a delay. A class has its part of them in proportion to its load.
//!
//! Where routing is by chance from station to station, the visit rates solve λ = γ + λ·P ([`traffic`]).
//!
//! Sources: F. Baskett, K. M. Chandy, R. R. Muntz and F. G. Palacios, "Open, closed, and mixed networks of queues with
//! different classes of customers", Journal of the ACM 22 (1975) 248–260; F. P. Kelly, *Reversibility and Stochastic Networks*
//! (1979), chapter 3, for fixed routes.

use crate::error::InputError;
use crate::math::matrix::Matrix;
use crate::theory::Mmc;

/// λ in λ = γ + λ·P: visits per second of each station, from those from outside and the chances `routing[(i, j)]` to go from i to j.
/// Every request has to leave in the end; else the result is meaningless.
///
/// # Panics
/// If the sizes differ.
pub fn traffic(outside: &[f64], routing: &Matrix) -> Vec<f64> {
    assert_eq!(outside.len(), routing.size(), "a row for each station");
    let stays = Matrix::diagonal(routing.size(), |_| 1.0).plus(-1.0, routing);
    let mut rows = Matrix::zero(routing.size());
    for (station, &rate) in outside.iter().enumerate() {
        rows[(0, station)] = rate;
    }
    let found = stays.solve_from_the_right(&rows);
    (0..outside.len())
        .map(|station| found[(0, station)])
        .collect()
}

/// A network in its steady state.
///
/// ```
/// use sim_core::theory::OpenNetwork;
/// // Two stations in a row, 9 requests per second, 0.1 s and two servers of 0.2 s.
/// let network = OpenNetwork::new(&[9.0], &[1, 2], &[vec![0.1, 0.2]])?;
/// assert!((network.mean_in_system(0) - 9.0).abs() < 1e-9);
/// assert!((network.mean_response(0) - (1.0 + 1.0526316)).abs() < 1e-7);
/// # Ok::<(), sim_core::InputError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct OpenNetwork {
    demands: Vec<Vec<f64>>,
    loads: Vec<f64>,
    servers: Vec<u32>,
    present: Vec<f64>,
}

impl OpenNetwork {
    /// Classes of these arrival rates, per second, at stations with these numbers of servers (0: a pure delay); `demands[class][station]`
    /// is the service that a request needs there in all its visits together, seconds.
    ///
    /// # Errors
    /// [`InputError::Unstable`] if a station gets more than it can do.
    ///
    /// # Panics
    /// If the numbers of classes or stations differ.
    pub fn new(rates: &[f64], servers: &[u32], demands: &[Vec<f64>]) -> Result<Self, InputError> {
        assert_eq!(rates.len(), demands.len(), "demands for each class");
        let mut loads = vec![0.0; servers.len()];
        for (rate, demands) in rates.iter().zip(demands) {
            assert_eq!(demands.len(), servers.len(), "a demand for each station");
            for (load, demand) in loads.iter_mut().zip(demands) {
                *load += rate * demand;
            }
        }
        let present = |(&load, &servers): (&f64, &u32)| match servers {
            _ if load == 0.0 => Ok(0.0),
            0 => Ok(load),
            _ => Mmc::new(load, 1.0, servers).map(|queue| queue.mean_in_system()),
        };
        let present = loads
            .iter()
            .zip(servers)
            .map(present)
            .collect::<Result<Vec<f64>, _>>()?;
        Ok(Self {
            demands: demands.to_vec(),
            loads,
            servers: servers.to_vec(),
            present,
        })
    }

    /// The load of a station, servers kept busy.
    pub fn load(&self, station: usize) -> f64 {
        self.loads[station]
    }

    /// The share of a station's servers that is busy; nothing of a delay.
    pub fn utilization(&self, station: usize) -> f64 {
        match self.servers[station] {
            0 => 0.0,
            servers => self.loads[station] / f64::from(servers),
        }
    }

    /// Mean number of requests at a station.
    pub fn mean_in_system(&self, station: usize) -> f64 {
        self.present[station]
    }

    /// Mean time that a request of a class spends at a station in all its visits, seconds.
    pub fn mean_stay(&self, class: usize, station: usize) -> f64 {
        let demand = self.demands[class][station];
        if demand == 0.0 {
            return 0.0;
        }
        demand * (self.present[station] / self.loads[station])
    }

    /// Mean time that a request of a class spends in the network, seconds.
    pub fn mean_response(&self, class: usize) -> f64 {
        (0..self.servers.len())
            .map(|station| self.mean_stay(class, station))
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::testing::assert_close;

    /// Bolch et al., *Queueing Networks and Markov Chains*, example 7.4.
    #[test]
    fn bolchs_open_network() {
        let (rates, service) = ([20.0, 10.0, 10.0, 4.0], [0.04, 0.03, 0.06, 0.05]);
        // A request from outside (4 per second) comes by station 4, then makes five rounds on average.
        let demands: Vec<f64> = rates
            .iter()
            .zip(service)
            .map(|(rate, s)| rate / 4.0 * s)
            .collect();
        let network = OpenNetwork::new(&[4.0], &[1; 4], &[demands]).unwrap();
        for (station, present) in [4.0, 0.428_571_4, 1.5, 0.25].into_iter().enumerate() {
            assert_close(network.mean_in_system(station), present, 1e-6);
        }
        assert_close(network.mean_response(0), 6.178_571_4 / 4.0, 1e-7);
    }

    /// Its routing, from which the rates follow: half from station 1 to 2 and 3 each; 2 back to 1; 3 to 1 (0.6) and out; 4 to 1.
    #[test]
    fn bolchs_traffic_equations() {
        let mut routing = Matrix::zero(4);
        for (from, to, chance) in [
            (0, 1, 0.5),
            (0, 2, 0.5),
            (1, 0, 1.0),
            (2, 0, 0.6),
            (3, 0, 1.0),
        ] {
            routing[(from, to)] = chance;
        }
        let found = traffic(&[0.0, 0.0, 0.0, 4.0], &routing);
        for (rate, expected) in found.into_iter().zip([20.0, 10.0, 10.0, 4.0]) {
            assert_close(rate, expected, 1e-12);
        }
    }

    /// Two classes that share a processor and think: the balance of flows of the four-dimensional chain, cut at 25 requests.
    #[test]
    fn two_classes_share_in_proportion_to_their_loads() {
        let network =
            OpenNetwork::new(&[0.3, 0.1], &[1, 0], &[vec![1.0, 0.5], vec![3.0, 2.0]]).unwrap();
        assert_close(network.mean_stay(0, 0), 2.5, 1e-12);
        assert_close(network.mean_stay(1, 0), 7.5, 1e-12);
        assert_close(network.mean_response(1), 9.5, 1e-12);
        assert_close(network.mean_in_system(1), 0.35, 1e-12);
        assert_close(network.utilization(0), 0.6, 1e-12);
        // Shared processor alone, by its chain: completions of class r at rate μᵣ·nᵣ/(n₁ + n₂).
        let (top, rates, services) = (60_usize, [0.3, 0.1], [1.0, 1.0 / 3.0]);
        let at = |a: usize, b: usize| a * (top + 1) + b;
        let mut law = vec![1.0 / ((top + 1) * (top + 1)) as f64; (top + 1) * (top + 1)];
        for _ in 0..6_000 {
            let mut next = vec![0.0; law.len()];
            for a in 0..=top {
                for b in 0..=top - a {
                    let p = law[at(a, b)] / 1.5;
                    let (up_a, up_b) = if a + b < top {
                        (rates[0], rates[1])
                    } else {
                        (0.0, 0.0)
                    };
                    let all = (a + b).max(1) as f64;
                    let (down_a, down_b) =
                        (services[0] * a as f64 / all, services[1] * b as f64 / all);
                    if a + b < top {
                        next[at(a + 1, b)] += p * up_a;
                        next[at(a, b + 1)] += p * up_b;
                    }
                    if a > 0 {
                        next[at(a - 1, b)] += p * down_a;
                    }
                    if b > 0 {
                        next[at(a, b - 1)] += p * down_b;
                    }
                    next[at(a, b)] += p * (1.5 - up_a - up_b - down_a - down_b);
                }
            }
            law = next;
        }
        let total: f64 = (0..=top)
            .flat_map(|a| (0..=top - a).map(move |b| (a, b)))
            .map(|(a, b)| law[at(a, b)])
            .sum();
        let first: f64 = (0..=top)
            .flat_map(|a| (0..=top - a).map(move |b| (a, b)))
            .map(|(a, b)| a as f64 * law[at(a, b)])
            .sum();
        assert_close(first / total, 0.3 * 2.5, 1e-4);
    }

    #[test]
    fn overload_is_refused() {
        let full = OpenNetwork::new(&[1.0], &[1], &[vec![1.0]]);
        assert!(matches!(full, Err(InputError::Unstable { .. })));
    }
}
