//! Order statistics: how long it takes until k of n have ended that begin at once, each with a law of its own, independently.
//!
//! With N(t) of them still running at t, E[T₍ₖ₎] = ∫ P(N(t) ≥ n − k + 1) dt. For the last of them, k = n, the integral of the tails
//! themselves is their means: E[T₍ₙ₎] = Σ E[Tᵢ] − ∫ (E[N(t)] − P(N(t) ≥ 1)) dt, whose integrand has no heavy tail left. (David and
//! Nagaraja, "Order Statistics", 3rd edition, 2003, chapter 3.)

use super::law::Law;
use crate::math;

/// Different laws of which some, not all and not one, are waited for: beyond, that counts as not known.
const MOST_DIFFERENT: usize = 64;
/// Relative error that is aimed at.
const PRECISION: f64 = 1e-12;
/// How far a value between 0 and 1 may be off by rounding: no piece is halved for that.
const NOISE: f64 = 1e-15;
/// How often a piece may be halved.
const HALVINGS: u32 = 12;
/// Doublings of time that are looked at.
const DOUBLINGS: u32 = 400;
/// Edges between which the shortest gap counts.
const FEW_EDGES: usize = 32;

/// Whether the time until `first` of them have ended can be computed.
pub(super) fn is_known(first: usize, parts: &[Law<'_>]) -> bool {
    first == 1 || first == parts.len() || parts.len() <= MOST_DIFFERENT || are_alike(parts)
}

/// Whether all have one law.
fn are_alike(parts: &[Law<'_>]) -> bool {
    parts.windows(2).all(|pair| pair[0] == pair[1])
}

/// The mean time until `first` of `parts` have ended.
pub(super) fn mean(first: usize, parts: &[Law<'_>]) -> f64 {
    if let [only] = parts {
        return only.mean();
    }
    if let Some(rate) = exponential_rates(parts).filter(|_| first == 1) {
        return rate.recip();
    }
    let mut jumps = Vec::new();
    for law in parts {
        law.jumps(&mut jumps);
    }
    let are_alike = are_alike(parts);
    let running = |t: f64| -> Vec<f64> {
        if are_alike {
            vec![parts[0].survival(t); parts.len()]
        } else {
            parts.iter().map(|law| law.survival(t)).collect()
        }
    };
    if first == parts.len() {
        let several = |t: f64| {
            let running = running(t);
            (running.iter().sum::<f64>() - at_least_running(1, &running)).max(0.0)
        };
        let sum: f64 = parts.iter().map(Law::mean).sum();
        return sum - integral(&several, &jumps, f64::INFINITY);
    }
    let needed = parts.len() + 1 - first;
    integral(
        &|t| at_least_running(needed, &running(t)),
        &jumps,
        f64::INFINITY,
    )
}

/// The sum of the rates, where all are exponential.
fn exponential_rates(parts: &[Law<'_>]) -> Option<f64> {
    let rate = |law: &Law<'_>| match law {
        Law::Stages(1.0, mean) => Some(mean.recip()),
        _ => None,
    };
    parts.iter().map(rate).sum()
}

/// The probability that at least `needed` are running, where each is with its own probability.
pub(super) fn at_least_running(needed: usize, running: &[f64]) -> f64 {
    let count = running.len();
    let are_alike = running.windows(2).all(|pair| pair[0] == pair[1]);
    if needed == count {
        return running.iter().product();
    }
    if needed == 1 {
        let none: f64 = if are_alike {
            count as f64 * math::ln_1p(-running[0])
        } else {
            running.iter().map(|p| math::ln_1p(-p)).sum()
        };
        return -math::exp_m1(none);
    }
    if are_alike {
        return binomial_tail(needed, count, running[0]);
    }
    // by[j]: the probability that j of those seen so far are running; the last one stands for that many or more.
    let mut by = vec![0.0; needed + 1];
    by[0] = 1.0;
    for &p in running {
        by[needed] += by[needed - 1] * p;
        for j in (1..needed).rev() {
            by[j] = by[j] * (1.0 - p) + by[j - 1] * p;
        }
        by[0] *= 1.0 - p;
    }
    by[needed]
}

/// The probability that at least `needed` of `count` are running, each with probability `p`.
fn binomial_tail(needed: usize, count: usize, p: f64) -> f64 {
    if p <= 0.0 || p >= 1.0 {
        return p.clamp(0.0, 1.0);
    }
    let n = count as f64;
    let at = |k: f64| {
        let ways = math::ln_gamma(n + 1.0) - math::ln_gamma(k + 1.0) - math::ln_gamma(n - k + 1.0);
        math::exp(ways + k * math::ln(p) + (n - k) * math::ln_1p(-p))
    };
    let odds = p / (1.0 - p);
    let mut sum = 0.0;
    if needed as f64 > n * p {
        let mut term = at(needed as f64);
        for k in needed..=count {
            sum += term;
            term *= odds * (n - k as f64) / (k as f64 + 1.0);
        }
        sum
    } else {
        let mut term = at(needed as f64 - 1.0);
        for k in (0..needed).rev() {
            sum += term;
            term *= k as f64 / (odds * (n - k as f64 + 1.0));
        }
        1.0 - sum
    }
}

/// ∫ f from 0 to `most` of a function that does not grow, jumps or bends at `jumps`, and falls to nothing.
///
/// Between two such points and after the last one the pieces get longer and longer: what follows a point close to another may be over
/// as soon as that.
pub(super) fn integral(f: &impl Fn(f64) -> f64, jumps: &[f64], most: f64) -> f64 {
    let mut edges: Vec<f64> = jumps
        .iter()
        .copied()
        .filter(|&edge| edge > 0.0 && edge < most)
        .collect();
    edges.sort_by(f64::total_cmp);
    edges.dedup();
    if edges.is_empty() {
        edges.push(if most.is_finite() { most } else { 1.0 });
    }
    let shortest = shortest_gap(&edges);
    let mut pieces = Pieces {
        f,
        noise: NOISE * f(0.0).max(1.0),
        sum: 0.0,
    };
    let mut from = 0.0;
    for edge in edges {
        pieces.add(from, edge, shortest.unwrap_or(edge - from));
        from = edge;
    }
    let mut width = shortest.unwrap_or(from);
    for _ in 0..DOUBLINGS {
        let to = f64::min(from + width, most);
        pieces.add(from, to, width);
        if to >= most || f(to) * to <= PRECISION * 1e-2 * pieces.sum {
            break;
        }
        (from, width) = (to, width * 2.0);
    }
    pieces.sum
}

/// The shortest of a few gaps; of many edges each gap counts for itself.
fn shortest_gap(edges: &[f64]) -> Option<f64> {
    let gaps = edges.windows(2).map(|pair| pair[1] - pair[0]);
    (edges.len() <= FEW_EDGES).then(|| gaps.fold(edges[0], f64::min))
}

/// An integral, piece by piece.
struct Pieces<'a, F> {
    f: &'a F,
    /// How far the function's values may be off.
    noise: f64,
    sum: f64,
}

impl<F: Fn(f64) -> f64> Pieces<'_, F> {
    /// Adds a piece, in ever longer parts.
    fn add(&mut self, from: f64, to: f64, first: f64) {
        let (mut from, mut width) = (from, first);
        while from < to {
            let end = f64::min(from + width, to);
            if end <= from {
                // So short beside the time that has passed that it is no time at all.
                width *= 2.0;
                continue;
            }
            let whole = gauss(self.f, from, end);
            let slack = PRECISION * (self.sum + whole.abs());
            self.sum += self.halved((from, end), whole, slack, HALVINGS);
            (from, width) = (end, width * 2.0);
        }
    }

    /// A part, halved until its halves say what it says.
    fn halved(&self, (from, to): (f64, f64), whole: f64, slack: f64, left: u32) -> f64 {
        let middle = f64::midpoint(from, to);
        let halves = (gauss(self.f, from, middle), gauss(self.f, middle, to));
        let sum = halves.0 + halves.1;
        let is_settled = (sum - whole).abs() <= slack + self.noise * (to - from);
        if is_settled || left == 0 {
            return sum;
        }
        self.halved((from, middle), halves.0, slack / 2.0, left - 1)
            + self.halved((middle, to), halves.1, slack / 2.0, left - 1)
    }
}

/// Points and weights of Gauss and Legendre's rule of ten points on −1..1, the positive half (Abramowitz and Stegun, table 25.4).
const GAUSS: [(f64, f64); 5] = [
    (0.148_874_338_981_631_21, 0.295_524_224_714_752_87),
    (0.433_395_394_129_247_2, 0.269_266_719_309_996_36),
    (0.679_409_568_299_024_4, 0.219_086_362_515_982_04),
    (0.865_063_366_688_984_5, 0.149_451_349_150_580_6),
    (0.973_906_528_517_171_7, 0.066_671_344_308_688_14),
];

fn gauss(f: &impl Fn(f64) -> f64, from: f64, to: f64) -> f64 {
    let (middle, half) = (f64::midpoint(from, to), (to - from) / 2.0);
    let pairs = GAUSS.iter().map(|&(at, weight)| {
        let aside = half * at;
        weight * (f(middle - aside) + f(middle + aside))
    });
    half * pairs.sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::Distribution;

    #[track_caller]
    fn near(found: f64, expected: f64) {
        assert!(
            (found / expected - 1.0).abs() < 1e-9,
            "{found} instead of {expected}"
        );
    }

    fn laws(all: &[Distribution]) -> Vec<Law<'_>> {
        all.iter().map(|it| Law::drawn(it, 1.0).unwrap()).collect()
    }

    /// Rényi: of n exponentials of mean 1 the k-th takes 1/n + 1/(n − 1) + … + 1/(n − k + 1).
    #[test]
    fn exponentials_end_one_by_one() {
        let all = vec![Distribution::exponential(1.0); 5];
        let laws = laws(&all);
        let mut expected = 0.0;
        for k in 1..=5_u32 {
            expected += f64::from(6 - k).recip();
            near(mean(k as usize, &laws), expected);
        }
        let many = vec![Distribution::exponential(1.0); 1_000];
        let many: Vec<_> = many.iter().map(|it| Law::drawn(it, 1.0).unwrap()).collect();
        near(
            mean(500, &many),
            (501..=1_000).map(|n| f64::from(n).recip()).sum(),
        );
    }

    #[test]
    fn different_laws_by_hand() {
        // Two exponentials: the first at 1/(λ + μ), the last at 1/λ + 1/μ − 1/(λ + μ).
        let all = [
            Distribution::exponential(1.0),
            Distribution::exponential(0.25),
        ];
        near(mean(1, &laws(&all)), 0.2);
        near(mean(2, &laws(&all)), 1.05);
        // An exponential second against a fixed one: 1 − 1/e, and 1 + 1/e.
        let all = [
            Distribution::exponential(1.0),
            Distribution::deterministic(1.0),
        ];
        near(mean(1, &laws(&all)), -math::exp_m1(-1.0));
        near(mean(2, &laws(&all)), 1.0 + math::exp(-1.0));
        // The second of three uniform numbers has mean ½, of three that are all different in law too, by symmetry.
        let uniform =
            |spread: f64| Distribution::parse("law", &format!("uniform:{spread}"), 0.5).unwrap();
        near(
            mean(2, &laws(&[uniform(1.0), uniform(1.0), uniform(1.0)])),
            0.5,
        );
        near(
            mean(2, &laws(&[uniform(1.0), uniform(0.5), uniform(0.2)])),
            0.5,
        );
        // The first of two Pareto laws of shape 1.5 from ⅓ on has shape 3: mean ⅓·3/2.
        let pareto = Distribution::parse("law", "pareto:1.5", 1.0).unwrap();
        let all = [pareto.clone(), pareto];
        near(mean(1, &laws(&all)), 0.5);
        near(mean(2, &laws(&all)), 1.5);
    }

    /// A nanosecond against eleven days: neither hides the other.
    #[test]
    fn times_of_very_different_lengths() {
        let all = [
            Distribution::exponential(1e-9),
            Distribution::exponential(2e-9),
            Distribution::deterministic(1e6),
        ];
        let some = laws(&all);
        near(mean(1, &some), 2e-9 / 3.0);
        near(mean(2, &some), 3e-9 - 2e-9 / 3.0);
        near(mean(3, &some), 1e6);
        // A microsecond long after all else: the last of two that are late by as much.
        let short = Distribution::exponential(1e-6);
        let late = || {
            let law = Law::drawn(&short, 1.0).unwrap();
            law.then(Law::Fixed(1e3)).unwrap()
        };
        let beyond = |first| mean(first, &[late(), late()]) - 1e3;
        assert!((beyond(1) - 0.5e-6).abs() < 1e-10, "{}", beyond(1));
        assert!((beyond(2) - 1.5e-6).abs() < 1e-10, "{}", beyond(2));
    }

    #[test]
    fn binomial_tails_agree_with_the_sum_over_different_ones() {
        for (needed, count, p) in [(2, 5, 0.3), (4, 5, 0.9), (7, 40, 0.05), (35, 40, 0.5)] {
            let mut almost = vec![p; count];
            almost[0] = p * (1.0 + 1e-13);
            near(
                binomial_tail(needed, count, p),
                at_least_running(needed, &almost),
            );
        }
    }
}
