//! M/M/c whose servers break down: each by itself, whether it works or idles, after an exponential time of mean MTBF; its repair takes
//! an exponential time of mean MTTR. A request whose server fails goes on at another one that is idle, or waits first in line.
//!
//! The pair of n requests and i servers up is a Markov chain (Mitrany and Avi-Itzhak, "A many-server queue with service
//! interruptions", Operations Research 16 (1968) 628–638): n rises at λ and falls at min(n, i)·μ, i falls at i/MTBF and rises at
//! (c − i)/MTTR. From c requests on its rates do not depend on n, so it is a quasi-birth-death process there, and with a row πₙ of
//! probabilities by i, πₙ₊₁ = πₙR. With A₀ up a level, A₁ within and A₂ down, R = A₀(−A₁ − A₀G)⁻¹ and G solves A₂ + A₁G + A₀G² = 0,
//! found by logarithmic reduction (Latouche and Ramaswami, Journal of Applied Probability 30 (1993) 650–674), which doubles the
//! number of levels looked at in every step. Below c, πₙ = πₙ₋₁Rₙ with Rₙ = A₀(−A₁ₙ − Rₙ₊₁A₂ₙ₊₁)⁻¹, and π₀ is the stationary law of
//! the chain seen at n = 0 alone. Exact, up to rounding.
//!
//! There is a steady state if and only if λ < cμA, A = MTBF/(MTBF + MTTR). Where i is down to 0 now and then, the queue may be many
//! times that of M/M/c at the same utilization.
//!
//! The order in which requests are served does not change the number of them. Breakdowns are customers who preempt all others
//! (White and Christie, "Queuing with preemptive priorities or with breakdown", Operations Research 6 (1958) 79–95): c of them
//! in a closed loop that think for MTBF and work for MTTR; so does a scenario have servers of one station fail one by one.

use crate::error::{InputError, in_range};
use crate::math::matrix::{Matrix, stationary};
use crate::theory::rates::check_stable;

/// The most servers: the equations of each level are as many as servers, and solved level by level.
const MAX_SERVERS: u32 = 64;
/// The lowest and the highest rate and time; wider apart, rounding would show.
const RANGE: (f64, f64) = (1e-6, 1e6);
/// Steps of the reduction, each of which doubles the number of levels.
const MOST_STEPS: u32 = 60;

/// An M/M/c queue with breakdowns in its steady state.
///
/// ```
/// use sim_core::theory::MmcBreakdowns;
/// // White and Christie's formula for one server: λ 1, μ 4, up for 1 s and down for 1 s.
/// let queue = MmcBreakdowns::new(1.0, 4.0, 1, 1.0, 1.0)?;
/// assert!((queue.mean_in_system() - 2.0).abs() < 1e-12);
/// # Ok::<(), sim_core::InputError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct MmcBreakdowns {
    arrival_rate: f64,
    service_rate: f64,
    servers: u32,
    availability: f64,
    mean_in_system: f64,
    /// Probabilities by servers up, for 0 to c requests.
    levels: Vec<Vec<f64>>,
    /// R, from c requests on.
    ratio: Matrix,
}

impl MmcBreakdowns {
    /// The queue with λ = `arrival_rate` and μ = `service_rate` of a server while it is up, per second, c = `servers` in `1..=64`,
    /// and the mean times until a server fails and until it is repaired, seconds; rates and times in `1e-6..=1e6`.
    ///
    /// # Errors
    /// [`InputError::OutOfRange`] naming the parameter, [`InputError::Unstable`] if λ ≥ cμA.
    pub fn new(
        arrival_rate: f64,
        service_rate: f64,
        servers: u32,
        mtbf: f64,
        mttr: f64,
    ) -> Result<Self, InputError> {
        for (field, value) in [
            ("arrival_rate", arrival_rate),
            ("service_rate", service_rate),
            ("mtbf", mtbf),
            ("mttr", mttr),
        ] {
            in_range(field, value, RANGE.0, RANGE.1)?;
        }
        if !(1..=MAX_SERVERS).contains(&servers) {
            let allowed = format!("1..={MAX_SERVERS}");
            return Err(InputError::out_of_range("servers", servers, allowed));
        }
        let availability = mtbf / (mtbf + mttr);
        let capacity = f64::from(servers) * service_rate * availability;
        check_stable(arrival_rate, capacity)?;
        let chain = Chain {
            arrival: arrival_rate,
            service: service_rate,
            servers: servers as usize,
            failure: mtbf.recip(),
            repair: mttr.recip(),
        };
        let (levels, ratio, mean_in_system) = chain.solve();
        Ok(Self {
            arrival_rate,
            service_rate,
            servers,
            availability,
            mean_in_system,
            levels,
            ratio,
        })
    }

    /// A, the share of time that a server is up.
    pub fn availability(&self) -> f64 {
        self.availability
    }

    /// ρ = λ/(cμA), the share of the time in which they are up that servers work.
    pub fn utilization(&self) -> f64 {
        self.arrival_rate / (f64::from(self.servers) * self.service_rate * self.availability)
    }

    /// Rate of departures: all that arrive, per second.
    pub fn throughput(&self) -> f64 {
        self.arrival_rate
    }

    /// L, requests.
    pub fn mean_in_system(&self) -> f64 {
        self.mean_in_system
    }

    /// W, seconds.
    pub fn mean_response(&self) -> f64 {
        self.mean_in_system / self.arrival_rate
    }

    /// Requests that no server works on, interrupted ones among them.
    pub fn mean_in_queue(&self) -> f64 {
        self.mean_in_system - self.arrival_rate / self.service_rate
    }

    /// Seconds in which nobody works on a request, interruptions included.
    pub fn mean_wait(&self) -> f64 {
        self.mean_in_queue() / self.arrival_rate
    }

    /// Probability of `n` requests in the system, to some 1e-14: much smaller ones drown in rounding.
    pub fn probability_in_system(&self, n: u32) -> f64 {
        let known = n.min(self.servers);
        let mut level = self.levels[known as usize].clone();
        for _ in known..n {
            level = self.ratio.after_row(&level);
        }
        level.iter().sum::<f64>().max(0.0)
    }
}

/// The rates of the chain, per second.
struct Chain {
    arrival: f64,
    service: f64,
    servers: usize,
    failure: f64,
    repair: f64,
}

impl Chain {
    /// Probabilities for 0 to c requests by servers up; R; L.
    fn solve(&self) -> (Vec<Vec<f64>>, Matrix, f64) {
        let ratio = self.ratio();
        // From the top down: R of each level below c.
        let mut ratios = vec![ratio.clone()];
        for level in (1..self.servers).rev() {
            let above = &ratios[ratios.len() - 1];
            let inside = self
                .leaving(level)
                .plus(-1.0, &above.times(&self.down(level + 1)));
            ratios.push(inside.solve_from_the_right(&self.up()));
        }
        ratios.reverse();
        let seen_empty = self.changes().plus(1.0, &ratios[0].times(&self.down(1)));
        let mut levels = vec![stationary(seen_empty)];
        for ratio in &ratios {
            levels.push(ratio.after_row(&levels[levels.len() - 1]));
        }
        let mean = self.scale(&mut levels, &ratio);
        (levels, ratio, mean)
    }

    /// Makes the probabilities of all levels, those beyond c too, add up to one; the mean number in the system.
    fn scale(&self, levels: &mut [Vec<f64>], ratio: &Matrix) -> f64 {
        let size = ratio.size();
        let ones = Matrix::diagonal(size, |_| 1.0);
        let beyond = ones.plus(-1.0, ratio);
        // (I − R)⁻¹ and (I − R)⁻², whose rows add up to Σ Rᵏ1 and Σ (k + 1)Rᵏ1.
        let once = beyond.solve(&ones);
        let twice = beyond.solve(&once);
        let sum = |row: Vec<f64>| row.iter().sum::<f64>();
        let (last, below) = levels.split_last().expect("there are c + 1 levels");
        let from_there = sum(once.after_row(last));
        let (mut total, mut weighted) = (from_there, 0.0);
        for (n, level) in below.iter().enumerate() {
            let probability: f64 = level.iter().sum();
            total += probability;
            weighted += n as f64 * probability;
        }
        weighted += (self.servers as f64 - 1.0) * from_there + sum(twice.after_row(last));
        for probability in levels.iter_mut().flatten() {
            *probability /= total;
        }
        weighted / total
    }

    /// R by way of G.
    fn ratio(&self) -> Matrix {
        let (up, within) = (self.up(), self.leaving(self.servers));
        let mut rise = within.solve(&up);
        let mut fall = within.solve(&self.down(self.servers));
        let (mut found, mut reached) = (fall.clone(), rise.clone());
        let ones = Matrix::diagonal(self.servers + 1, |_| 1.0);
        for _ in 0..MOST_STEPS {
            let both = rise.times(&fall).plus(1.0, &fall.times(&rise));
            let rest = ones.plus(-1.0, &both);
            (rise, fall) = (
                rest.solve(&rise.times(&rise)),
                rest.solve(&fall.times(&fall)),
            );
            let more = reached.times(&fall);
            let next = found.plus(1.0, &more);
            if next == found {
                break;
            }
            (found, reached) = (next, reached.times(&rise));
        }
        within
            .plus(-1.0, &up.times(&found))
            .solve_from_the_right(&up)
    }

    /// A₀.
    fn up(&self) -> Matrix {
        Matrix::diagonal(self.servers + 1, |_| self.arrival)
    }

    /// A₂ from `level` requests.
    fn down(&self, level: usize) -> Matrix {
        Matrix::diagonal(self.servers + 1, |up| up.min(level) as f64 * self.service)
    }

    /// Failures and repairs: rates from row to column, nothing on the diagonal.
    fn changes(&self) -> Matrix {
        let mut changes = Matrix::zero(self.servers + 1);
        for up in 0..self.servers {
            changes[(up, up + 1)] = (self.servers - up) as f64 * self.repair;
            changes[(up + 1, up)] = (up + 1) as f64 * self.failure;
        }
        changes
    }

    /// −A₁ of `level` requests.
    fn leaving(&self, level: usize) -> Matrix {
        let out = Matrix::diagonal(self.servers + 1, |up| {
            let changes = (self.servers - up) as f64 * self.repair + up as f64 * self.failure;
            self.arrival + up.min(level) as f64 * self.service + changes
        });
        out.plus(-1.0, &self.changes())
    }
}

#[cfg(test)]
mod tests;
