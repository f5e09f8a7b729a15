//! M/D/c: Poisson arrivals, constant service D, c servers, infinite room; exact.
//!
//! The number M that wait satisfies M' = max(0, M + N − c) from one moment to D later, N being Poisson with mean a = λD. So M is
//! the supremum of a random walk, whose generating function is (Spitzer) exp(Σ_{k≥1} bₖ (z^k − 1)) with bₖ the coefficient of
//! z^k in −ln(1 − φ(z)), φ(z) = z^(−c)·e^(a(z−1)), in the ring between its zeros 1 and ζ > 1. Both zeros are divided out, which
//! leaves a geometric law of ratio 1/ζ and a short sequence; the coefficients come from the discrete Fourier transform of values on
//! the circle of radius 1/ρ.
//!
//! First come, first served, for (k−1)D ≤ t < kD (Franx): P(wait ≤ t) = P(M + Poisson(λ(kD − t)) < kc).
//!
//! Sources: C. D. Crommelin, "Delay probability formulae when the holding times are constant", Post Office Electrical
//! Engineers' Journal 25 (1932) 41–50; G. J. Franx, "A simple solution for the M/D/c waiting time distribution", Operations
//! Research Letters 29 (2001) 221–229.

use crate::error::InputError;
use crate::math;
use crate::math::complex::Complex;
use crate::math::root::bracketed_root;
use crate::math::special::poisson_probability;
use crate::theory::rates::{assert_probability, check_rates, check_servers, check_stable};

/// The most servers: the cost of a queue grows with their square.
const MAX_SERVERS: u32 = 512;
/// The most points on the circle.
const MOST_POINTS: usize = 1 << 14;
/// Smaller than this, a coefficient is rounding.
const NOTHING: f64 = 3e-14;

/// An M/D/c queue in its steady state.
///
/// ```
/// use sim_core::theory::Mdc;
/// let queue = Mdc::new(0.8, 1.0, 1)?;
/// assert!((queue.mean_wait() - 2.0).abs() < 1e-9); // Pollaczek–Khinchine
/// # Ok::<(), sim_core::InputError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Mdc {
    arrival_rate: f64,
    service: f64,
    servers: u32,
    mean_in_queue: f64,
    /// P(M ≥ n) for n = 0, 1, …, the last one from where on it falls by `ratio` from each to the next.
    at_least: Vec<f64>,
    /// 1/ζ.
    ratio: f64,
}

impl Mdc {
    /// The queue with λ = `arrival_rate` and μ = `service_rate`, per second, each in `1e-150..=1e150`, and 1 to 512 servers.
    ///
    /// # Errors
    /// [`InputError::OutOfRange`] naming the parameter, [`InputError::Unstable`] if λ ≥ cμ.
    pub fn new(arrival_rate: f64, service_rate: f64, servers: u32) -> Result<Self, InputError> {
        check_rates(arrival_rate, service_rate)?;
        check_servers(servers)?;
        if servers > MAX_SERVERS {
            let allowed = format!("1..={MAX_SERVERS}");
            return Err(InputError::out_of_range("servers", servers, allowed));
        }
        let capacity = f64::from(servers);
        check_stable(arrival_rate, capacity * service_rate)?;
        let load = arrival_rate / service_rate;
        let walk = Walk::new(load, capacity);
        let powers = walk.coefficients();
        let radius = capacity / load;
        let mean_in_queue = total(powers.iter().copied(), radius) + walk.beyond.recip();
        Ok(Self {
            arrival_rate,
            service: service_rate.recip(),
            servers,
            mean_in_queue,
            at_least: at_least(&powers, radius, walk.zero),
            ratio: walk.zero.recip(),
        })
    }

    /// ρ, the share of time each server is busy.
    pub fn utilization(&self) -> f64 {
        self.arrival_rate * self.service / f64::from(self.servers)
    }

    /// Rate of departures: all that arrive, per second.
    pub fn throughput(&self) -> f64 {
        self.arrival_rate
    }

    /// Lq, requests.
    pub fn mean_in_queue(&self) -> f64 {
        self.mean_in_queue
    }

    /// L, requests.
    pub fn mean_in_system(&self) -> f64 {
        self.mean_in_queue + self.arrival_rate * self.service
    }

    /// Wq, seconds.
    pub fn mean_wait(&self) -> f64 {
        self.mean_in_queue / self.arrival_rate
    }

    /// W, seconds.
    pub fn mean_response(&self) -> f64 {
        self.mean_wait() + self.service
    }

    /// Share of requests that wait.
    pub fn probability_of_waiting(&self) -> f64 {
        self.wait_ccdf(0.0)
    }

    /// Probability that a request waits longer than `t` seconds.
    pub fn wait_ccdf(&self, t: f64) -> f64 {
        if t < 0.0 {
            return 1.0;
        }
        let whole = (t / self.service).floor() + 1.0;
        let mean = (self.arrival_rate * (whole * self.service - t)).max(0.0);
        let threshold = whole * f64::from(self.servers);
        self.reaches(threshold, mean)
    }

    /// P(M + Poisson(mean) ≥ threshold).
    fn reaches(&self, threshold: f64, mean: f64) -> f64 {
        let geometric_from = (self.at_least.len() - 1) as f64;
        let spread = mean + 12.0 * mean.sqrt() + 30.0;
        if threshold - spread > geometric_from {
            // All that counts is geometric: E[ratio^(threshold − N)], as one exponential.
            let ln_ratio = math::ln(self.ratio);
            let power = (threshold - geometric_from) * ln_ratio + mean * math::exp_m1(-ln_ratio);
            return self.at_least[self.at_least.len() - 1] * math::exp(power);
        }
        // From the middle of the Poisson law outwards nothing underflows.
        let centre = mean.floor();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "below 1000 by the number of servers"
        )]
        let top = poisson_probability(centre as u64, mean);
        let (mut sum, mut count, mut probability) = (0.0, centre, top);
        while probability > 1e-18 {
            sum += probability * self.waiting(threshold - count);
            count += 1.0;
            probability *= mean / count;
        }
        (count, probability) = (centre, top);
        while count > 0.0 && probability > 1e-18 {
            probability *= count / mean;
            count -= 1.0;
            sum += probability * self.waiting(threshold - count);
        }
        sum.min(1.0)
    }

    /// P(M ≥ n).
    fn waiting(&self, n: f64) -> f64 {
        if n <= 0.0 {
            return 1.0;
        }
        let last = self.at_least.len() - 1;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "compared with the length first"
        )]
        if n <= last as f64 {
            self.at_least[n as usize]
        } else {
            self.at_least[last] * math::pow(self.ratio, n - last as f64)
        }
    }

    /// The wait, in seconds, that a share `p` of the requests does not exceed.
    ///
    /// # Panics
    /// If `p` is not in `[0, 1)`.
    pub fn wait_quantile(&self, p: f64) -> f64 {
        assert_probability(p);
        if self.probability_of_waiting() <= 1.0 - p {
            return 0.0;
        }
        let ln_tail = math::ln_1p(-p);
        let excess = |t: f64| ln_tail - math::ln(self.wait_ccdf(t));
        let mut high = self.mean_wait() - ln_tail * self.service;
        while excess(high) < 0.0 {
            high *= 2.0;
        }
        bracketed_root(excess, 0.0, high)
    }

    /// The response time, in seconds, that a share `p` of the requests does not exceed.
    ///
    /// # Panics
    /// If `p` is not in `[0, 1)`.
    pub fn response_quantile(&self, p: f64) -> f64 {
        self.service + self.wait_quantile(p)
    }
}

/// The random walk with steps N − c.
struct Walk {
    load: f64,
    capacity: f64,
    /// ζ.
    zero: f64,
    /// ζ − 1, which keeps its digits near saturation.
    beyond: f64,
}

impl Walk {
    fn new(load: f64, capacity: f64) -> Self {
        // ln φ(1 + x)/x = a − c + c·(x − ln(1 + x))/x rises from a − c < 0, and this form keeps its digits near saturation.
        let rest = |x: f64| less_its_log(Complex::new(x, 0.0)).re;
        let slope = |x: f64| load - capacity + capacity * rest(x) / x;
        let mut high = 2.0 * (capacity / load - 1.0);
        while slope(high) < 0.0 {
            high *= 2.0;
        }
        let beyond = bracketed_root(slope, 0.5 * (capacity / load - 1.0), high);
        Self {
            load,
            capacity,
            zero: 1.0 + beyond,
            beyond,
        }
    }

    /// k·bₖ·ρ^(−k) for k = 1, 2, … without the part of ζ, as far as they are more than rounding.
    fn coefficients(&self) -> Vec<f64> {
        let mut points = 64;
        loop {
            let found = self.coefficients_from(points);
            // The points cannot tell a coefficient from those a whole circle further on: these must be nothing.
            if 5 * found.len() < 2 * points || points >= MOST_POINTS {
                return found;
            }
            points *= 2;
        }
    }

    fn coefficients_from(&self, size: usize) -> Vec<f64> {
        let radius = self.capacity / self.load;
        let turn = |j: usize| Complex::polar(1.0, std::f64::consts::TAU * j as f64 / size as f64);
        let turns: Vec<Complex> = (0..=size / 2).map(turn).collect();
        let mut values: Vec<Complex> = turns
            .iter()
            .map(|turn| self.logarithm(turn.scaled(radius)))
            .collect();
        // The lower half of the circle mirrors the upper one.
        for j in (1..size / 2).rev() {
            values.push(Complex::new(values[j].re, -values[j].im));
        }
        fourier(&mut values, &turns);
        // On the circle all coefficients have the same rounding.
        let most = 1.0 / size as f64;
        let share = |(i, value): (usize, &Complex)| most * (i + 1) as f64 * value.re;
        let found = values[1..size / 2].iter().enumerate().map(share);
        let found: Vec<f64> = found.collect();
        let used = found.iter().rposition(|c| c.abs() > NOTHING);
        found[..used.map_or(0, |at| at + 1)].to_vec()
    }

    /// −ln((1 − φ(z))/((1 − 1/z)(1 − z/ζ))); each factor is on the right of zero on the circle, so that principal values add up.
    fn logarithm(&self, z: Complex) -> Complex {
        let x = z - Complex::ONE;
        // ln φ = (a − c)·x + c·(x − ln(1 + x)), which keeps its digits near saturation, where x is small.
        let exponent = x.scaled(self.load - self.capacity) + less_its_log(x).scaled(self.capacity);
        let whole = (-exponent).one_minus_exp_neg().ln();
        let inner = (x / z).ln();
        let outer = Complex::new(self.beyond, 0.0) - x;
        let outer = outer.scaled(self.zero.recip()).ln();
        inner + outer - whole
    }
}

/// x − ln(1 + x).
fn less_its_log(x: Complex) -> Complex {
    if x.square() > 1e-2 {
        return x + (Complex::ONE + x).ln().scaled(-1.0);
    }
    let (mut power, mut sum) = (x, Complex::default());
    for k in 2..20 {
        power = -(power * x);
        sum += power.scaled(-1.0 / f64::from(k));
    }
    sum
}

/// P(M ≥ n), from k·bₖ on the circle of this radius (times radiusᵏ), and ζ.
fn at_least(powers: &[f64], radius: f64, zero: f64) -> Vec<f64> {
    // The short sequence, on the circle too: n·pₙ = Σ k·bₖ·pₙ₋ₖ.
    let total = total(
        powers.iter().enumerate().map(|(i, c)| c / (i + 1) as f64),
        radius,
    );
    let mut short = vec![math::exp(-total)];
    let mut last = [1.0_f64, 1.0];
    while f64::max(last[0].abs(), last[1].abs()) > NOTHING && short.len() < 4 * powers.len() + 8 {
        let n = short.len();
        let sum: f64 = powers
            .iter()
            .zip(short.iter().rev())
            .map(|(c, p)| c * p)
            .sum();
        short.push(sum / n as f64);
        last = [last[1], short[n]];
    }
    let mut scale = 1.0;
    for p in &mut short {
        *p *= scale;
        scale /= radius;
    }
    // What is left of it from each on, small ones first; then with the geometric law of ratio r:
    // P(M ≥ n) = r·P(M ≥ n−1) + (1−r)·(rest of short from n on).
    let mut rest = 0.0;
    for p in short.iter_mut().rev() {
        rest += std::mem::replace(p, rest);
    }
    let ratio = zero.recip();
    let mut found = vec![1.0];
    for (n, rest) in short.iter().enumerate() {
        found.push(ratio * found[n] + (1.0 - ratio) * rest);
    }
    found
}

/// Σ of values that stand for value·radius^(−k), k = 1, 2, …
fn total(values: impl Iterator<Item = f64>, radius: f64) -> f64 {
    let mut scale = 1.0;
    let shrunk = values.map(|value| {
        scale /= radius;
        scale * value
    });
    shrunk.sum()
}

/// The discrete Fourier transform Σⱼ xⱼ·e^(−2πijk/n) in place, n a power of two (Cooley and Tukey, 1965); `turns` are
/// e^(2πij/n) of the first half.
fn fourier(values: &mut [Complex], turns: &[Complex]) {
    let n = values.len();
    let bits = n.trailing_zeros();
    for i in 0..n {
        let j = i.reverse_bits() >> (usize::BITS - bits);
        if i < j {
            values.swap(i, j);
        }
    }
    let mut width = 2;
    while width <= n {
        for block in values.chunks_exact_mut(width) {
            let (low, high) = block.split_at_mut(width / 2);
            let pairs = low
                .iter_mut()
                .zip(high)
                .zip(turns.iter().step_by(n / width));
            for ((a, b), turn) in pairs {
                let turned = *b * Complex::new(turn.re, -turn.im);
                (*a, *b) = (*a + turned, *a - turned);
            }
        }
        width *= 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::special::gamma_upper;
    use crate::theory::Mg1;
    use crate::theory::testing::assert_close;

    #[test]
    fn one_server_has_pollaczek_and_khinchines_mean() {
        for busy in [1e-3, 0.1, 0.5, 0.9, 0.999, 1.0 - 1e-6] {
            let queue = Mdc::new(busy, 1.0, 1).unwrap();
            assert_close(
                queue.mean_wait(),
                Mg1::new(busy, 1.0, 0.0).unwrap().mean_wait(),
                1e-9,
            );
            assert_close(queue.probability_of_waiting(), busy, 1e-8);
        }
    }

    /// P(wait ≤ t) = (1−ρ)·Σ_{k ≤ t} (λ(k−t))^k/k!·e^(−λ(k−t)) (Erlang, 1909), alternating, so for short times only.
    #[test]
    fn one_server_agrees_with_erlangs_series() {
        for busy in [0.2, 0.6, 0.9] {
            let queue = Mdc::new(busy, 1.0, 1).unwrap();
            let times = [
                (0, 0.0),
                (0, 0.3),
                (1, 0.0),
                (1, 0.7),
                (2, 0.5),
                (4, 0.0),
                (5, 0.9),
            ];
            for (whole, rest) in times {
                let t = f64::from(whole) + rest;
                let mut sum = 0.0;
                for k in 0..=whole {
                    let x = busy * (f64::from(k) - t);
                    let power: f64 = (1..=k).map(|j| x / f64::from(j)).product();
                    sum += power * math::exp(-x);
                }
                let exact = 1.0 - (1.0 - busy) * sum;
                assert!((queue.wait_ccdf(t) - exact).abs() < 1e-11, "{busy} {t}");
            }
        }
    }

    /// Crommelin's sums over the walk: Wq = Σᵢ E\[(iD − Erlang(ic, λ))⁺\]/i, P(wait) = 1 − e^(−Σᵢ P(iD > Erlang(ic, λ))/i).
    #[test]
    fn several_servers_agree_with_crommelins_sums() {
        for (servers, load) in [
            (2_u32, 1.0),
            (3, 2.7),
            (10, 9.0),
            (50, 45.0),
            (128, 120.0),
            (300, 299.0),
        ] {
            let c = f64::from(servers);
            let (mut wait, mut lost) = (0.0, 0.0);
            for i in 1..400_000 {
                let i = f64::from(i);
                let below = |shape: f64| {
                    if shape > 0.0 {
                        1.0 - gamma_upper(shape, i * load)
                    } else {
                        1.0
                    }
                };
                let (first, second) = (below(i * c), below(i * c + 1.0));
                if first < 1e-13 {
                    break;
                }
                wait += (i * first - i * c / load * second) / i;
                lost += first / i;
            }
            let queue = Mdc::new(load, 1.0, servers).unwrap();
            assert_close(queue.mean_wait(), wait, 1e-6);
            assert_close(queue.probability_of_waiting(), -math::exp_m1(-lost), 1e-6);
        }
    }

    /// The law of those that wait, by repeating M' = max(0, M + N − c) until it no longer changes.
    #[test]
    fn queue_lengths_agree_with_the_chain() {
        for (servers, load) in [(1, 0.5), (2, 1.5), (4, 3.4), (10, 8.0)] {
            let c = usize::try_from(servers).unwrap();
            let step: Vec<f64> = (0..80).map(|n| poisson_probability(n, load)).collect();
            let mut law = vec![0.0; 160];
            law[0] = 1.0;
            for _ in 0..600 {
                let mut next = vec![0.0; 160];
                for (m, p) in law.iter().enumerate() {
                    for (n, q) in step.iter().enumerate() {
                        next[(m + n).saturating_sub(c).min(159)] += p * q;
                    }
                }
                law = next;
            }
            let queue = Mdc::new(load, 1.0, servers).unwrap();
            let mut at_least = 1.0;
            for (n, p) in law.iter().enumerate().take(60) {
                let found = queue.waiting(n as f64);
                assert!(
                    (found - at_least).abs() < 1e-11,
                    "{servers} {n}: {found} for {at_least}"
                );
                at_least -= p;
            }
            let mean: f64 = law.iter().enumerate().map(|(n, p)| n as f64 * p).sum();
            assert_close(queue.mean_in_queue(), mean, 1e-9);
        }
    }

    /// Far out every wait is exponential, of rate λ(ζ − 1): there the time from each percentile to the next is known.
    #[test]
    fn the_tail_is_exponential() {
        for (servers, load) in [(1, 0.9), (16, 15.0), (64, 60.8), (300, 290.0)] {
            let queue = Mdc::new(load, 1.0, servers).unwrap();
            let decay = load * (queue.ratio.recip() - 1.0);
            for t in [3.0, 4.5, 8.0, 12.3] {
                assert_close(
                    queue.wait_ccdf(t) / queue.wait_ccdf(t + 1.0),
                    math::exp(decay),
                    1e-3,
                );
            }
        }
    }

    #[test]
    fn both_ways_to_the_tail_meet() {
        for (servers, load) in [(1, 0.9), (5, 4.9), (128, 100.0)] {
            let queue = Mdc::new(load, 1.0, servers).unwrap();
            let mut before = 1.0;
            for step in 0..4000 {
                let now = queue.wait_ccdf(0.01 * f64::from(step));
                assert!(
                    now <= before * (1.0 + 1e-12) && now >= 0.0,
                    "{servers} {step}"
                );
                // No jump where the tail takes over.
                assert!(step == 0 || before - now < 0.06, "{servers} {step}");
                before = now;
            }
        }
    }

    #[test]
    fn quantiles_undo_the_probabilities() {
        for (servers, load) in [(1, 0.1), (1, 0.9999), (8, 7.9), (64, 60.8), (512, 505.0)] {
            let queue = Mdc::new(load, 1.0, servers).unwrap();
            for p in [0.0, 0.5, 0.99, 0.999] {
                let t = queue.wait_quantile(p);
                assert_eq!(queue.response_quantile(p), 1.0 + t);
                if t > 0.0 {
                    assert_close(queue.wait_ccdf(t), 1.0 - p, 1e-9);
                } else {
                    assert!(queue.probability_of_waiting() <= 1.0 - p);
                }
            }
        }
    }

    #[test]
    fn wrong_input_is_named() {
        assert_eq!(Mdc::new(-1.0, 1.0, 1).unwrap_err().field(), "arrival_rate");
        assert_eq!(Mdc::new(1.0, 1.0, 513).unwrap_err().field(), "servers");
        assert!(matches!(
            Mdc::new(2.0, 1.0, 2),
            Err(InputError::Unstable { .. })
        ));
    }
}
