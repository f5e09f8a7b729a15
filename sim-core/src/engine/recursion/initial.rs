//! The state a replication starts in: empty, or for M/M/c drawn from the stationary law, so that nothing has to be warmed up.
//!
//! M/M/c at a random time: with probability C (Erlang's second formula) all servers are busy. The time until a newcomer would
//! start is then exponential with rate cμ − λ, and at that moment the other c − 1 servers are still busy for independent
//! exponential times of rate μ (memorylessness). Otherwise j < c servers are busy, j from the Poisson law with mean λ/μ cut off
//! below c, each for an exponential time.

use crate::math;
use crate::random::{Purpose, Uniforms};
use crate::scenario::Queue;
use crate::theory::erlang_c;

/// When each server falls free, `free[j][lane]`, seconds after the start of the run; all zero for an empty station.
pub(super) fn free_times<const L: usize>(
    scenario: &Queue,
    stationary: bool,
    seed: u64,
    first: u64,
) -> Vec<[f64; L]> {
    let mut free = vec![[0.0; L]; scenario.station.servers as usize];
    if stationary {
        let law = Stationary::new(scenario);
        for lane in 0..L {
            let mut uniforms =
                Uniforms::new(seed, first.wrapping_add(lane as u64), Purpose::InitialState);
            law.draw(&mut uniforms, |server, time| free[server][lane] = time);
        }
    }
    free
}

/// The stationary law of an M/M/c.
struct Stationary {
    servers: usize,
    offered_load: f64,
    mean_service: f64,
    /// Mean of the wait of those who wait.
    mean_delay: f64,
    all_busy: f64,
}

impl Stationary {
    fn new(scenario: &Queue) -> Self {
        let (arrival_rate, service_rate) = (scenario.arrival_rate(), scenario.service_rate());
        let servers = scenario.station.servers;
        let offered_load = arrival_rate / service_rate;
        Self {
            servers: servers as usize,
            offered_load,
            mean_service: service_rate.recip(),
            mean_delay: (f64::from(servers) * service_rate - arrival_rate).recip(),
            all_busy: erlang_c(servers, offered_load).unwrap_or(0.0),
        }
    }

    /// Tells `set` when each busy server falls free.
    fn draw(&self, uniforms: &mut Uniforms<1>, mut set: impl FnMut(usize, f64)) {
        let exponential = |mean: f64, uniforms: &mut Uniforms<1>| {
            -mean * math::ln_normal(uniforms.next_uniform()[0])
        };
        if uniforms.next_uniform()[0] <= self.all_busy {
            let delay = exponential(self.mean_delay, uniforms);
            set(0, delay);
            for server in 1..self.servers {
                set(server, delay + exponential(self.mean_service, uniforms));
            }
        } else {
            let busy = self.busy_servers(uniforms.next_uniform()[0]);
            for server in 0..busy {
                set(server, exponential(self.mean_service, uniforms));
            }
        }
    }

    /// Number of busy servers given that not all are, by inversion of the cut-off Poisson law.
    fn busy_servers(&self, uniform: f64) -> usize {
        // Weights relative to the likeliest number, walked outwards from it: nothing under- or overflows before it is
        // negligible. The walk is the same for the total and for the draw.
        let load = self.offered_load;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "at most the number of servers"
        )]
        let mode = (load.floor() as usize).min(self.servers - 1);
        let (mut weights, mut total) = (Vec::new(), 0.0);
        let mut weight = 1.0;
        for busy in (0..=mode).rev() {
            weights.push((busy, weight));
            total += weight;
            weight *= busy as f64 / load;
            if weight < 1e-18 {
                break;
            }
        }
        weight = 1.0;
        for busy in mode + 1..self.servers {
            weight *= load / busy as f64;
            if weight < 1e-18 {
                break;
            }
            weights.push((busy, weight));
            total += weight;
        }
        let mut left = uniform * total;
        for &(busy, weight) in &weights {
            left -= weight;
            if left <= 0.0 {
                return busy;
            }
        }
        mode
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::Distribution;

    const DRAWS: usize = 40_000;

    #[test]
    fn the_drawn_delay_has_the_stationary_mean() {
        // The earliest free time is the delay of a newcomer: its mean is Wq, 0.8526316 for λ = 9, μ = 5, c = 2.
        let scenario = Queue::new(
            Distribution::exponential(1.0 / 9.0),
            2,
            Distribution::exponential(0.2),
        );
        let (mut sum, mut squares) = (0.0, 0.0);
        for block in 0..DRAWS / 8 {
            let free = free_times::<8>(&scenario, true, 1, block as u64 * 8);
            for (first, second) in free[0].iter().zip(free[1]) {
                let delay = first.min(second);
                sum += delay;
                squares += delay * delay;
            }
        }
        let mean = sum / DRAWS as f64;
        let error = ((squares / DRAWS as f64 - mean * mean) / DRAWS as f64).sqrt();
        assert!((mean - 0.852_631_6).abs() < 4.0 * error, "{mean} ± {error}");
    }

    #[test]
    fn busy_servers_follow_the_cut_off_poisson_law() {
        // c = 3, a = 1.5: weights 1, 1.5, 1.125 of 3.625.
        let scenario = Queue::new(
            Distribution::exponential(1.0),
            3,
            Distribution::exponential(1.5),
        );
        let law = Stationary::new(&scenario);
        let mut seen = [0.0_f64; 3];
        for i in 0..10_000 {
            seen[law.busy_servers((f64::from(i) + 0.5) / 10_000.0)] += 1e-4;
        }
        for (share, weight) in seen.iter().zip([1.0, 1.5, 1.125]) {
            assert!((share - weight / 3.625).abs() < 2e-4, "{seen:?}");
        }
    }
}
