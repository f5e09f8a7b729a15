//! G/M/c: independent gaps of any law, exponential service, c servers, infinite room (also written GI/M/c); exact.
//!
//! With A the transform of the gaps, σ the root in (0, 1) of σ = A(cμ(1−σ)). A request that waits does so for an exponential time
//! of rate cμ(1−σ). For c = 1 a share σ waits, and the response is exponential of rate μ(1−σ). For more servers (Takács)
//!
//! P(wait) = 1 / (1 + (1−σ)·Σ_{j=1}^{c} uⱼ/dⱼ · (c·dⱼ − j)/(c(1−σ) − j)),  dⱼ = 1 − A(jμ),
//! uⱼ = (c choose j)·Π_{i≤j} dᵢ/(1−dᵢ).
//!
//! d is concave and dⱼ = j/c at j = c(1−σ), so both differences have the same sign and every term is positive.
//! Sources: L. Takács, *Introduction to the Theory of Queues* (1962), chapter 2; Gross et al., *Fundamentals of Queueing
//! Theory*, 4th ed., section 5.3.

use crate::error::InputError;
use crate::math::root::bracketed_root;
use crate::theory::exponential_wait::ExponentialWait;
use crate::theory::rates::{check_rates, check_servers, check_stable};

/// The most servers: the sum has as many terms.
const MAX_SERVERS: u32 = 100_000;

/// A G/M/c queue in its steady state.
///
/// ```
/// use sim_core::theory::Gmc;
/// // D/M/1 at ρ = 0.5: σ = e^(−2(1−σ)).
/// let regular = Gmc::new(0.5, 1.0, 1, |s| -sim_core::math::exp_m1(-2.0 * s))?;
/// assert!((regular.probability_of_waiting() - 0.203_187_869_98).abs() < 1e-10);
/// # Ok::<(), sim_core::InputError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gmc {
    arrival_rate: f64,
    servers: u32,
    law: ExponentialWait,
}

impl Gmc {
    /// The queue with λ = `arrival_rate` and μ = `service_rate`, per second, each in `1e-150..=1e150`, and 1 to 100,000 servers.
    /// `gap` is the complement 1 − E\[e^(−s·gap)\] of the transform of the gaps, for s > 0; their mean has to be 1/λ.
    ///
    /// # Errors
    /// [`InputError::OutOfRange`] naming the parameter, [`InputError::Unstable`] if λ ≥ cμ.
    pub fn new(
        arrival_rate: f64,
        service_rate: f64,
        servers: u32,
        gap: impl Fn(f64) -> f64,
    ) -> Result<Self, InputError> {
        check_rates(arrival_rate, service_rate)?;
        check_servers(servers)?;
        if servers > MAX_SERVERS {
            let allowed = format!("1..={MAX_SERVERS}");
            return Err(InputError::out_of_range("servers", servers, allowed));
        }
        let full_rate = f64::from(servers) * service_rate;
        check_stable(arrival_rate, full_rate)?;
        // In y = 1 − σ, which stays precise near saturation.
        let excess = |y: f64| gap(full_rate * y) / y - 1.0;
        let mut low = 0.5;
        while excess(low) < 0.0 && low > 1e-300 {
            low *= 0.25;
        }
        let spare = bracketed_root(excess, low, 1.0);
        let odds_at_once = spare * others(service_rate, servers, spare, gap);
        Ok(Self {
            arrival_rate,
            servers,
            law: ExponentialWait {
                waits: (1.0 + odds_at_once).recip(),
                at_once: (1.0 + odds_at_once.recip()).recip(),
                decay: full_rate * spare,
                service_rate,
            },
        })
    }

    /// ρ, the share of time each server is busy.
    pub fn utilization(&self) -> f64 {
        self.arrival_rate / (f64::from(self.servers) * self.law.service_rate)
    }

    /// Rate of departures: all that arrive, per second.
    pub fn throughput(&self) -> f64 {
        self.arrival_rate
    }

    /// Share of requests that wait.
    pub fn probability_of_waiting(&self) -> f64 {
        self.law.waits
    }

    /// Wq, seconds.
    pub fn mean_wait(&self) -> f64 {
        self.law.mean()
    }

    /// W, seconds.
    pub fn mean_response(&self) -> f64 {
        self.mean_wait() + self.law.service_rate.recip()
    }

    /// Lq, requests.
    pub fn mean_in_queue(&self) -> f64 {
        self.arrival_rate * self.mean_wait()
    }

    /// L, requests.
    pub fn mean_in_system(&self) -> f64 {
        self.mean_in_queue() + self.arrival_rate / self.law.service_rate
    }

    /// Probability that a request waits longer than `t` seconds.
    pub fn wait_ccdf(&self, t: f64) -> f64 {
        self.law.wait_ccdf(t)
    }

    /// Probability that a response takes longer than `t` seconds.
    pub fn response_ccdf(&self, t: f64) -> f64 {
        self.law.response_ccdf(t)
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
}

/// The sum over j.
fn others(service_rate: f64, servers: u32, spare: f64, gap: impl Fn(f64) -> f64) -> f64 {
    let c = f64::from(servers);
    let turning = c * spare;
    // Where both differences vanish their ratio is 1 − cμ·d'(s): from central differences of two widths.
    let near = |j: f64| {
        let s = f64::midpoint(j, turning) * service_rate;
        let slope = |h: f64| (gap(s * (1.0 + h)) - gap(s * (1.0 - h))) / (2.0 * h * s);
        1.0 - c * service_rate * (4.0 * slope(1e-3) - slope(2e-3)) / 3.0
    };
    let (mut weight, mut sum) = (1.0, 0.0);
    for j in 1..=servers {
        let j = f64::from(j);
        let d = gap(j * service_rate);
        weight *= (c - j + 1.0) / j * d / (1.0 - d);
        let ratio = if (turning - j).abs() < 1e-5 * j {
            near(j)
        } else {
            (c * d - j) / (turning - j)
        };
        sum += weight / d * ratio;
        if sum == f64::INFINITY {
            break;
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math;
    use crate::math::matrix::{Matrix, stationary};
    use crate::theory::testing::assert_close;
    use crate::theory::{Mmc, erlang_c};

    fn erlang_gap(stages: i32, rate: f64) -> impl Fn(f64) -> f64 {
        let stages = f64::from(stages);
        move |s| -math::exp_m1(-stages * math::ln_1p(s / (stages * rate)))
    }

    #[test]
    fn exponential_gaps_are_mmc() {
        for (servers, load) in [
            (1, 0.3),
            (2, 1.9),
            (5, 4.0),
            (100, 95.0),
            (100, 20.0),
            (10_000, 9_990.0),
        ] {
            let queue = Gmc::new(load, 1.0, servers, |s| s / (s + load)).unwrap();
            let markov = Mmc::new(load, 1.0, servers).unwrap();
            assert_close(
                queue.probability_of_waiting(),
                erlang_c(servers, load).unwrap(),
                1e-9,
            );
            assert_close(queue.mean_response(), markov.mean_response(), 1e-9);
            assert_close(queue.mean_in_system(), markov.mean_in_system(), 1e-9);
            assert_close(
                queue.response_quantile(0.99),
                markov.response_quantile(0.99),
                1e-9,
            );
        }
    }

    #[test]
    fn two_stages_have_a_quadratic_root() {
        // E₂/M/1: σ² − (1 + 4ρ)σ + 4ρ² = 0 (Gross et al., example 5.6, in this notation).
        let load = 0.7_f64;
        let root = 0.5 * (1.0 + 4.0 * load - (1.0 + 8.0 * load).sqrt());
        let queue = Gmc::new(load, 1.0, 1, erlang_gap(2, load)).unwrap();
        assert_close(queue.probability_of_waiting(), root, 1e-13);
        assert_close(
            queue.response_quantile(0.99),
            math::ln(100.0) / (1.0 - root),
            1e-12,
        );
        assert_close(
            queue.response_ccdf(3.0),
            math::exp(-3.0 * (1.0 - root)),
            1e-12,
        );
    }

    /// Gaps of k stages make the number and the stage a Markov chain; an arrival sees the states whose last stage ends.
    #[test]
    fn several_servers_agree_with_the_chain_of_stages() {
        for (stages, servers, load) in [(2, 3, 2.1), (3, 2, 1.0), (2, 5, 4.0)] {
            const TOP: usize = 90;
            let k = usize::try_from(stages).unwrap();
            let mut rates = Matrix::zero(k * TOP);
            for n in 0..TOP {
                for stage in 0..k {
                    let to = if stage + 1 < k {
                        n * k + stage + 1
                    } else {
                        (n + 1) * k
                    };
                    if to < k * TOP {
                        rates[(n * k + stage, to)] += load * k as f64;
                    }
                    if n > 0 {
                        rates[(n * k + stage, (n - 1) * k + stage)] += n.min(servers) as f64;
                    }
                }
            }
            let law = stationary(rates);
            let seen: Vec<f64> = law.chunks(k).map(|states| states[k - 1]).collect();
            let waits = seen[servers..].iter().sum::<f64>() / seen.iter().sum::<f64>();
            let present: f64 = law
                .iter()
                .enumerate()
                .map(|(i, p)| (i / k) as f64 * p)
                .sum();
            let c = u32::try_from(servers).unwrap();
            let queue = Gmc::new(load, 1.0, c, erlang_gap(stages, load)).unwrap();
            assert_close(queue.probability_of_waiting(), waits, 1e-6);
            assert_close(queue.mean_in_system(), present, 1e-6);
        }
    }

    #[test]
    fn extremes_stay_in_range() {
        for servers in [1, 7, 1000, 100_000] {
            for busy in [1e-6, 0.5, 1.0 - 1e-9] {
                let load = busy * f64::from(servers);
                let gaps: [&dyn Fn(f64) -> f64; 2] =
                    [&|s| -math::exp_m1(-s / load), &erlang_gap(1, load)];
                for gap in gaps {
                    let queue = Gmc::new(load, 1.0, servers, gap).unwrap();
                    assert!((0.0..=1.0).contains(&queue.probability_of_waiting()));
                    assert!(
                        queue.mean_response() >= 1.0 && queue.response_quantile(0.999) > 6.0,
                        "{queue:?}"
                    );
                    assert!(queue.wait_quantile(0.999) >= 0.0 && queue.wait_ccdf(1.0) <= 1.0);
                    assert_close(queue.utilization(), busy, 1e-12);
                }
            }
        }
    }

    #[test]
    fn wrong_input_is_named() {
        let new = |rate, servers| Gmc::new(rate, 1.0, servers, |s| s / (s + rate)).unwrap_err();
        assert_eq!(new(-1.0, 1).field(), "arrival_rate");
        assert_eq!(new(1.0, 0).field(), "servers");
        assert_eq!(new(1.0, 100_001).field(), "servers");
        assert!(matches!(new(2.0, 2), InputError::Unstable { .. }));
    }
}
