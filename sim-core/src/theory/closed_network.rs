//! Closed networks of product form, by exact mean value analysis: a fixed number of users of each class, who think and go through
//! stations (of the kinds of [`super::open_network`]), for ever.
//!
//! For populations n from nobody to everybody, with D the demand of a class at a station and L(n − e) what a request of that class sees
//! when it comes (the arrival theorem):
//!
//! - one server: R = D·(1 + L(n − e)); a delay: R = D;
//! - c servers: R = D/c·(1 + L(n − e) + Σ_{j<c−1} (c−1−j)·p(j | n − e)), p(j | n) the probability of j requests there;
//! - X = n/(Z + Σ R), L = Σ X·R, and p(j | n) = Σ X·D/j·p(j−1 | n − e).
//!
//! The textbooks take p(0 | n) as one less the others, which cancels where a station is nearly always busy. Here it is
//! p(0 | n) = p(0 | n − e)·X(n)/X°(n), X° being the throughput of the network without that station: only products. That takes an
//! analysis for every subset of the stations with several servers.
//!
//! Sources: M. Reiser and S. S. Lavenberg, "Mean-value analysis of closed multichain queuing networks", Journal of the ACM 27
//! (1980) 313–322; M. Reiser, "Mean-value analysis and convolution method for queue-dependent servers in closed queueing networks",
//! Performance Evaluation 1 (1981) 7–18, for the throughput without the station.

use crate::error::{InputError, in_range};

/// The most numbers to be kept, and about as many steps for each station: some tenths of a second.
const MOST_WORK: f64 = 2e7;

/// Users of one kind.
#[derive(Debug, Clone, PartialEq)]
pub struct UserClass {
    /// How many.
    pub users: u32,
    /// Mean time between an answer and the next request, and of all that takes time without a queue, seconds.
    pub think: f64,
    /// Service that a request needs at each station in all its visits, seconds.
    pub demands: Vec<f64>,
}

/// A network in its steady state.
///
/// ```
/// use sim_core::theory::closed_network::{ClosedNetwork, UserClass};
/// let users = UserClass { users: 20, think: 4.0, demands: vec![0.125 * 16.0, 0.3 * 10.0, 0.2 * 5.0] };
/// let network = ClosedNetwork::new(&[users], &[1, 1, 1])?;
/// assert!((network.mean_in_system(1) - 16.177).abs() < 5e-4);
/// # Ok::<(), sim_core::InputError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct ClosedNetwork {
    throughput: Vec<f64>,
    /// By class, then by station: seconds of a request.
    stays: Vec<Vec<f64>>,
    loads: Vec<f64>,
    servers: Vec<u32>,
}

impl ClosedNetwork {
    /// Users at stations with these numbers of servers, each at least one.
    ///
    /// # Errors
    /// [`InputError::OutOfRange`] naming `users` where there are none or so many that the analysis would take too long, `think`
    /// where a class needs no time at all, or `servers` for a station without servers.
    ///
    /// # Panics
    /// If a class has not as many demands as there are stations.
    pub fn new(classes: &[UserClass], servers: &[u32]) -> Result<Self, InputError> {
        for class in classes {
            assert_eq!(
                class.demands.len(),
                servers.len(),
                "a demand for each station"
            );
            in_range("users", f64::from(class.users), 1.0, 1e7)?;
            let cycle = class.think + class.demands.iter().sum::<f64>();
            in_range("think", cycle, 1e-12, 1e15)?;
        }
        if servers.contains(&0) {
            return Err(InputError::out_of_range("servers", 0, "at least 1"));
        }
        let all: u64 = classes.iter().map(|it| u64::from(it.users)).sum();
        // A server for everybody is a delay.
        let queues: Vec<usize> = (0..servers.len())
            .filter(|&at| u64::from(servers[at]) < all)
            .filter(|&at| classes.iter().any(|it| it.demands[at] > 0.0))
            .collect();
        let lattice = Lattice::new(classes);
        let several = queues.iter().filter(|&&at| servers[at] > 1);
        let marginals: f64 = several.clone().map(|&at| f64::from(servers[at])).sum();
        let subsets = math_power_of_two(several.count());
        let work = lattice.size as f64
            * subsets
            * (classes.len() as f64 + queues.len() as f64 + marginals);
        if work > MOST_WORK || lattice.size as f64 > MOST_WORK {
            return Err(InputError::out_of_range(
                "users",
                all,
                "fewer users, classes or servers",
            ));
        }
        let analysis = Analysis {
            classes,
            servers,
            queues,
            lattice,
        };
        Ok(analysis.run())
    }

    /// Requests answered per second, by class.
    pub fn throughput(&self, class: usize) -> f64 {
        self.throughput[class]
    }

    /// Mean time that a request of a class spends at a station in all its visits, seconds.
    pub fn mean_stay(&self, class: usize, station: usize) -> f64 {
        self.stays[class][station]
    }

    /// Mean time that a request of a class spends at all stations, seconds.
    pub fn mean_response(&self, class: usize) -> f64 {
        self.stays[class].iter().sum()
    }

    /// Mean number of requests at a station.
    pub fn mean_in_system(&self, station: usize) -> f64 {
        let classes = self.throughput.iter().zip(&self.stays);
        classes.map(|(rate, stays)| rate * stays[station]).sum()
    }

    /// The share of a station's servers that is busy.
    pub fn utilization(&self, station: usize) -> f64 {
        self.loads[station] / f64::from(self.servers[station])
    }
}

/// 2ⁿ, or infinity where it is hopeless.
fn math_power_of_two(n: usize) -> f64 {
    if n > 20 {
        f64::INFINITY
    } else {
        f64::from(1_u32 << n)
    }
}

/// All populations from nobody to everybody, numbered so that a smaller one comes first.
struct Lattice {
    strides: Vec<usize>,
    size: usize,
}

impl Lattice {
    fn new(classes: &[UserClass]) -> Self {
        let mut size: usize = 1;
        let strides = classes.iter().map(|class| {
            let stride = size;
            size = size.saturating_mul(class.users as usize + 1);
            stride
        });
        Self {
            strides: strides.collect(),
            size,
        }
    }

    /// Users of a class in a population.
    fn count(&self, population: usize, class: usize, users: u32) -> usize {
        population / self.strides[class] % (users as usize + 1)
    }
}

struct Analysis<'a> {
    classes: &'a [UserClass],
    servers: &'a [u32],
    /// Stations at which requests may queue.
    queues: Vec<usize>,
    lattice: Lattice,
}

/// One station of a network under analysis: numbers of requests and probabilities by population.
struct Queue {
    at: usize,
    servers: usize,
    /// Its bit among those with several servers; none for one server.
    bit: usize,
    present: Vec<f64>,
    /// p(j) for j < c − 1, then p(c − 1), of all populations.
    marginal: Vec<Vec<f64>>,
}

impl Analysis<'_> {
    fn run(&self) -> ClosedNetwork {
        let several = self
            .queues
            .iter()
            .filter(|&&at| self.servers[at] > 1)
            .count();
        let mut rates: Vec<Vec<Vec<f64>>> = Vec::new();
        let mut stays = Vec::new();
        for subset in 0..1_usize << several {
            let (rate, stay) = self.of_subset(subset, &rates);
            rates.push(rate);
            stays = stay;
        }
        let everybody = self.lattice.size - 1;
        let whole = &rates[rates.len() - 1];
        let throughput: Vec<f64> = whole.iter().map(|rates| rates[everybody]).collect();
        let loads = (0..self.servers.len()).map(|at| {
            let classes = throughput.iter().zip(self.classes);
            classes.map(|(rate, class)| rate * class.demands[at]).sum()
        });
        ClosedNetwork {
            loads: loads.collect(),
            throughput,
            stays,
            servers: self.servers.to_vec(),
        }
    }

    /// Throughputs by class and population, and the stays of everybody, with those stations of several servers that are in the subset.
    fn of_subset(&self, subset: usize, before: &[Vec<Vec<f64>>]) -> (Vec<Vec<f64>>, Vec<Vec<f64>>) {
        let size = self.lattice.size;
        let mut queues = self.queues_of(subset);
        let mut rates = vec![vec![0.0; size]; self.classes.len()];
        let mut stays = self.bare();
        for population in 1..size {
            for (r, class) in self.classes.iter().enumerate() {
                let users = self.lattice.count(population, r, class.users);
                if users == 0 {
                    continue;
                }
                let seen = population - self.lattice.strides[r];
                for queue in &queues {
                    stays[r][queue.at] = queue.stay(class.demands[queue.at], seen);
                }
                let cycle = class.think + stays[r].iter().sum::<f64>();
                rates[r][population] = users as f64 / cycle;
            }
            for queue in &mut queues {
                let without = (queue.servers > 1).then(|| &before[subset & !queue.bit]);
                self.update(queue, population, &rates, &stays, without);
            }
        }
        (rates, stays)
    }

    fn queues_of(&self, subset: usize) -> Vec<Queue> {
        let mut bit = 1;
        let mut found = Vec::new();
        for &at in &self.queues {
            let servers = self.servers[at] as usize;
            let own = if servers > 1 { bit } else { 0 };
            if servers > 1 {
                bit *= 2;
            }
            if own == 0 || subset & own != 0 {
                let mut marginal =
                    vec![vec![0.0; self.lattice.size]; if own == 0 { 0 } else { servers }];
                if let Some(nobody) = marginal.first_mut() {
                    nobody[0] = 1.0;
                }
                found.push(Queue {
                    at,
                    servers,
                    bit: own,
                    present: vec![0.0; self.lattice.size],
                    marginal,
                });
            }
        }
        found
    }

    /// Stays at stations where nobody queues; those of queues are filled in where they are part of the network.
    fn bare(&self) -> Vec<Vec<f64>> {
        let of = |class: &UserClass| {
            let stay = |(at, &demand): (usize, &f64)| {
                if self.queues.contains(&at) {
                    0.0
                } else {
                    demand
                }
            };
            class.demands.iter().enumerate().map(stay).collect()
        };
        self.classes.iter().map(of).collect()
    }

    fn update(
        &self,
        queue: &mut Queue,
        population: usize,
        rates: &[Vec<f64>],
        stays: &[Vec<f64>],
        without: Option<&Vec<Vec<f64>>>,
    ) {
        let there = |r: usize| self.lattice.count(population, r, self.classes[r].users) > 0;
        let present = (0..self.classes.len()).filter(|&r| there(r));
        queue.present[population] = present
            .clone()
            .map(|r| rates[r][population] * stays[r][queue.at])
            .sum();
        let (Some(without), Some(first)) = (without, present.clone().next()) else {
            return;
        };
        let seen = population - self.lattice.strides[first];
        let ratio = rates[first][population] / without[first][population];
        queue.marginal[0][population] = queue.marginal[0][seen] * ratio;
        for j in 1..queue.servers {
            let sum: f64 = present
                .clone()
                .map(|r| {
                    let seen = population - self.lattice.strides[r];
                    rates[r][population]
                        * self.classes[r].demands[queue.at]
                        * queue.marginal[j - 1][seen]
                })
                .sum();
            queue.marginal[j][population] = sum / j as f64;
        }
    }
}

impl Queue {
    /// R for a request that sees this population.
    fn stay(&self, demand: f64, seen: usize) -> f64 {
        let c = self.servers;
        let idle = (0..c.saturating_sub(1)).map(|j| (c - 1 - j) as f64 * self.marginal[j][seen]);
        demand / c as f64 * (1.0 + self.present[seen] + idle.sum::<f64>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::Closed;
    use crate::theory::testing::assert_close;

    fn users(users: u32, think: f64, demands: &[f64]) -> UserClass {
        UserClass {
            users,
            think,
            demands: demands.to_vec(),
        }
    }

    /// Jain, *The Art of Computer Systems Performance Analysis*, chapter 34: 20 users.
    #[test]
    fn jains_interactive_system() {
        let visits = [16.0, 10.0, 5.0];
        let class = users(20, 4.0, &[0.125 * 16.0, 0.3 * 10.0, 0.2 * 5.0]);
        let network = ClosedNetwork::new(&[class], &[1; 3]).unwrap();
        for (at, (stay, present)) in [(0.373, 1.991), (4.854, 16.177), (0.300, 0.500)]
            .into_iter()
            .enumerate()
        {
            assert!((network.mean_stay(0, at) / visits[at] - stay).abs() < 6e-4);
            assert!((network.mean_in_system(at) - present).abs() < 6e-4);
        }
    }

    /// Bolch et al., *Queueing Networks and Markov Chains*, example 8.3: 6 requests, four stations.
    #[test]
    fn bolchs_closed_network() {
        let visits = [1.0, 0.4, 0.2, 0.1];
        let class = users(6, 0.0, &[0.02, 0.2 * 0.4, 0.4 * 0.2, 0.6 * 0.1]);
        let network = ClosedNetwork::new(&[class], &[1; 4]).unwrap();
        for (visits, rate) in visits.into_iter().zip([9.920, 3.968, 1.984, 0.992]) {
            assert!((network.throughput(0) * visits - rate).abs() < 6e-4);
        }
    }

    #[test]
    fn one_station_is_the_machine_repairman() {
        for (count, think, servers) in [
            (1, 2.0, 1),
            (30, 2.0, 4),
            (400, 5.0, 60),
            (500, 1.0, 3),
            (12, 3.0, 12),
        ] {
            let network = ClosedNetwork::new(&[users(count, think, &[0.5])], &[servers]).unwrap();
            let known = Closed::new(count, think, 2.0, servers).unwrap();
            assert_close(network.throughput(0), known.throughput(), 1e-11);
            assert_close(network.mean_in_system(0), known.mean_in_system(), 1e-11);
            assert_close(network.mean_response(0), known.mean_response(), 1e-11);
        }
    }

    /// The weight of all states: a product over stations of |n|!/Πnᵣ!·ΠDⁿ/Π_{j≤|n|} min(j, c), summed over all ways to spread users.
    fn weight(left: &[u32], stations: &[(u32, Vec<f64>)]) -> f64 {
        let Some(((servers, demands), others)) = stations.split_first() else {
            return f64::from(u8::from(left.iter().all(|n| *n == 0)));
        };
        let mut sum = 0.0;
        for a in 0..=left[0] {
            for b in 0..=left[1] {
                let mut own = 1.0;
                for j in 1..=a + b {
                    own *= f64::from(j) / f64::from(j.min(*servers));
                }
                for j in 1..=a {
                    own *= demands[0] / f64::from(j);
                }
                for j in 1..=b {
                    own *= demands[1] / f64::from(j);
                }
                sum += own * weight(&[left[0] - a, left[1] - b], others);
            }
        }
        sum
    }

    #[test]
    fn two_classes_agree_with_the_sum_over_all_states() {
        let (first, second) = (
            users(4, 1.5, &[0.4, 0.9, 0.2]),
            users(3, 0.2, &[1.0, 0.3, 0.0]),
        );
        let servers = [1, 2, 3];
        let network = ClosedNetwork::new(&[first.clone(), second.clone()], &servers).unwrap();
        let mut stations: Vec<(u32, Vec<f64>)> = (0..3)
            .map(|at| (servers[at], vec![first.demands[at], second.demands[at]]))
            .collect();
        stations.push((u32::MAX, vec![first.think, second.think]));
        let whole = weight(&[4, 3], &stations);
        assert_close(
            network.throughput(0),
            weight(&[3, 3], &stations) / whole,
            1e-12,
        );
        assert_close(
            network.throughput(1),
            weight(&[4, 2], &stations) / whole,
            1e-12,
        );
        let everybody: f64 = (0..3).map(|at| network.mean_in_system(at)).sum();
        let thinking = 1.5 * network.throughput(0) + 0.2 * network.throughput(1);
        assert_close(everybody + thinking, 7.0, 1e-12);
        assert_close(
            network.utilization(1),
            f64::midpoint(0.9 * network.throughput(0), 0.3 * network.throughput(1)),
            1e-12,
        );
    }

    #[test]
    fn a_station_always_busy_keeps_its_digits() {
        // 300 users at one server and two at two: the bottleneck gives 1/D, and nothing explodes on the way.
        let network = ClosedNetwork::new(&[users(300, 1.0, &[0.1, 0.3, 0.5])], &[1, 2, 4]).unwrap();
        assert_close(network.throughput(0), 2.0 / 0.3, 1e-9);
        assert!(network.utilization(1) <= 1.0 + 1e-12 && network.mean_in_system(1) > 280.0);
    }

    #[test]
    fn wrong_input_is_named() {
        let error = |class, servers: &[u32]| ClosedNetwork::new(&[class], servers).unwrap_err();
        assert_eq!(error(users(0, 1.0, &[1.0]), &[1]).field(), "users");
        assert_eq!(error(users(1, 0.0, &[0.0]), &[1]).field(), "think");
        assert_eq!(error(users(1, 1.0, &[1.0]), &[0]).field(), "servers");
        assert_eq!(
            error(users(1_000_000, 1.0, &[1.0; 40]), &[1; 40]).field(),
            "users"
        );
    }
}
