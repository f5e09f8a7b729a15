//! Ranks 0..N drawn by Zipf's law, exactly, from a table of about a thousand places however large N is.
//!
//! Consecutive ranks share a bucket that is at most 1/64 as wide as its first rank r is high; the first 128 have buckets of their
//! own. A bucket is chosen by the alias method in proportion to (width · r^−α), a rank within it uniformly, and the
//! rank r + j is accepted with probability (1 + j/r)^−α, which is never below 1 − α/64 for the skews in use: one draw in a
//! hundred or fewer is repeated. Most are accepted by comparing with that bound alone, most others with the tangent
//! 1 − αj/r, which the power does not fall below. The table lies in the processor's first cache where a table
//! of N places would not.

use super::alias::Alias;
use crate::math;
use crate::random::{Uniforms, share_of};

/// First ranks with buckets of their own.
const SINGLE: u64 = 128;
/// A bucket's first rank over its width.
const FINENESS: u64 = 64;

/// Consecutive ranks of similar probability.
#[derive(Debug, Clone, Copy)]
struct Bucket {
    /// Its first rank, from 1.
    first: u32,
    /// Number of ranks.
    width: u32,
    /// Below this, of 2³², every rank of it is accepted.
    certain: u32,
}

/// A table to draw from.
#[derive(Debug, Clone)]
pub(super) struct Ranks {
    alias: Alias,
    buckets: Vec<Bucket>,
    alpha: f64,
}

impl Ranks {
    /// The table for `1..=10⁹` ranks and a skew `alpha` in `0..=10`.
    pub(super) fn new(items: u64, alpha: f64) -> Self {
        let (mut buckets, mut weights) = (Vec::new(), Vec::new());
        let mut first = 1;
        while first <= items {
            let width = width_from(first).min(items + 1 - first);
            let last = first + width - 1;
            let certain = math::pow(first as f64 / last as f64, alpha);
            buckets.push(Bucket {
                first: narrow(first),
                width: narrow(width),
                certain: floor_of_32_bits(certain),
            });
            weights.push(width as f64 * math::pow(first as f64, -alpha));
            first += width;
        }
        Self {
            alias: Alias::new(&weights),
            buckets,
            alpha,
        }
    }

    /// A rank, from 0.
    #[inline(always)]
    pub(super) fn draw(&self, random: &mut Uniforms<1>) -> u64 {
        loop {
            let [which] = random.next_bits();
            let [within] = random.next_bits();
            let bucket = self.buckets[self.alias.choose(which)];
            let (step, rest) = share_of(within, u64::from(bucket.width));
            let certain = (rest >> 32) < u64::from(bucket.certain);
            if certain || self.accepts(bucket.first, step, rest) {
                return u64::from(bucket.first) - 1 + step;
            }
        }
    }

    /// Whether the rank `step` after `first` is kept, by 64 bits that have not been used.
    #[cold]
    fn accepts(&self, first: u32, step: u64, rest: u64) -> bool {
        let u = rest as f64 / 18_446_744_073_709_551_616.0;
        let away = step as f64 / f64::from(first);
        u <= 1.0 - self.alpha * away || u < math::pow(1.0 + away, -self.alpha)
    }
}

/// How many ranks share a bucket from `first` on, if there are as many. From here on also how they are grouped elsewhere.
fn width_from(first: u64) -> u64 {
    if first <= SINGLE { 1 } else { first / FINENESS }
}

/// A rank as 32 bits.
fn narrow(rank: u64) -> u32 {
    u32::try_from(rank).expect("at most 10⁹ items")
}

/// The share of 2³², rounded down; 1 as all of it but a last part, which the exact comparison accepts.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share in 0..=1; the cast saturates"
)]
fn floor_of_32_bits(share: f64) -> u32 {
    (share * 4_294_967_296.0).floor() as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Purpose;

    fn random(seed: u64) -> Uniforms<1> {
        Uniforms::new(seed, 0, Purpose::Keys(0, 0))
    }

    /// Chi-square of `draws` ranks over cells of about equal probability, over its expectation's standard deviation.
    fn deviation(items: u64, alpha: f64, draws: u32, seed: u64) -> f64 {
        let ranks = Ranks::new(items, alpha);
        let weights: Vec<f64> = (1..=items)
            .map(|rank| libm::pow(rank as f64, -alpha))
            .collect();
        let total: f64 = weights.iter().sum();
        // Cells of at least a thousandth each, so that every one is hit often.
        let (mut cell_of, mut expected) = (Vec::new(), vec![0.0]);
        for weight in &weights {
            let last = expected.len() - 1;
            expected[last] += weight / total * f64::from(draws);
            cell_of.push(last);
            if expected[last] >= f64::from(draws) / 1000.0 {
                expected.push(0.0);
            }
        }
        let mut counts = vec![0.0; expected.len()];
        let mut random = random(seed);
        for _ in 0..draws {
            counts[cell_of[usize::try_from(ranks.draw(&mut random)).unwrap()]] += 1.0;
        }
        // A last cell that is almost empty proves nothing.
        let cells = counts.iter().zip(&expected).filter(|(_, e)| **e >= 20.0);
        let (mut chi_square, mut degrees) = (0.0, -1.0);
        for (count, expected) in cells {
            chi_square += (count - expected) * (count - expected) / expected;
            degrees += 1.0;
        }
        (chi_square - degrees) / libm::sqrt(2.0 * f64::max(degrees, 1.0))
    }

    #[test]
    fn ranks_follow_the_law() {
        for (items, alpha) in [
            (2, 1.0),
            (10, 0.5),
            (1000, 0.0),
            (1000, 0.8),
            (100_000, 1.0),
            (100_000, 1.3),
            (1_000_000, 0.9),
            (1_000_000, 3.0),
        ] {
            let found = deviation(items, alpha, 4_000_000, 7);
            // Chi-square is nearly normal or, with few cells, skewed: 5 deviations above happen once in 1000 seeds at most.
            assert!(found < 5.0, "{items} items, α {alpha}: {found} deviations");
        }
    }

    #[test]
    fn the_table_stays_small_and_covers_every_rank() {
        let ranks = Ranks::new(1_000_000_000, 1.0);
        assert!(ranks.buckets.len() < 1200, "{}", ranks.buckets.len());
        let mut next = 1;
        for bucket in &ranks.buckets {
            assert_eq!(u64::from(bucket.first), next);
            next += u64::from(bucket.width);
        }
        assert_eq!(next, 1_000_000_001);
    }

    #[test]
    fn the_bounds_never_accept_what_the_power_refuses() {
        let ranks = Ranks::new(100_000, 2.5);
        for bucket in &ranks.buckets {
            let last = f64::from(bucket.first + bucket.width - 1) / f64::from(bucket.first);
            let least = libm::pow(last, -2.5);
            assert!(f64::from(bucket.certain) / 4_294_967_296.0 <= least);
            assert!(1.0 - 2.5 * (last - 1.0) <= least + 1e-15);
        }
    }

    #[test]
    fn one_item_and_extreme_skews_are_fine() {
        let mut random = random(1);
        for (items, alpha) in [(1, 1.0), (1_000_000_000, 10.0), (1_000_000_000, 0.0)] {
            let ranks = Ranks::new(items, alpha);
            assert!((0..1000).all(|_| ranks.draw(&mut random) < items));
        }
    }
}
