//! A choice among weighted things in constant time.
//!
//! Walker's alias method in Vose's form ("A linear algorithm for generating random numbers with a given distribution", IEEE
//! Trans. Software Engineering 17, 1991): every place of a table holds its own thing up to a threshold and another one above it.
//! Thresholds have 32 bits, so that a probability is off by at most 2⁻³² of a place.

use crate::random::share_of;

/// A thing's own share of its place, and who has the rest.
#[derive(Debug, Clone, Copy)]
struct Place {
    /// Below this, of 2³², the place's own; whatever it is where the other is the same.
    threshold: u32,
    other: u32,
}

/// A table for choices among as many things as there were weights.
#[derive(Debug, Clone)]
pub(super) struct Alias {
    places: Vec<Place>,
}

impl Alias {
    /// A table for these weights: at least one, below 2³², not negative, with a positive sum.
    pub(super) fn new(weights: &[f64]) -> Self {
        let mean = weights.iter().sum::<f64>() / weights.len() as f64;
        let mut shares: Vec<f64> = weights.iter().map(|weight| weight / mean).collect();
        let mut places: Vec<Place> = (0..)
            .zip(weights)
            .map(|(own, _)| Place {
                threshold: u32::MAX,
                other: own,
            })
            .collect();
        let (mut small, mut large): (Vec<usize>, Vec<usize>) =
            (0..weights.len()).partition(|&at| shares[at] < 1.0);
        while let (Some(&rich), Some(poor)) = (large.last(), small.pop()) {
            places[poor] = Place {
                threshold: threshold(shares[poor]),
                // Its own number: it has not given its place away.
                other: places[rich].other,
            };
            shares[rich] -= 1.0 - shares[poor];
            if shares[rich] < 1.0 {
                large.pop();
                small.push(rich);
            }
        }
        // What is left over by rounding fills its place.
        Self { places }
    }

    /// The thing that 64 random bits choose.
    #[inline(always)]
    pub(super) fn choose(&self, bits: u64) -> usize {
        let (place, rest) = share_of(bits, self.places.len() as u64);
        let Place { threshold, other } = self.places[index(place)];
        if (rest >> 32) < u64::from(threshold) {
            index(place)
        } else {
            other as usize
        }
    }
}

/// A share of a place as 32 bits.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share in 0..1; the cast saturates"
)]
fn threshold(share: f64) -> u32 {
    (share * 4_294_967_296.0) as u32
}

/// A place in a table as an index.
#[inline(always)]
#[expect(
    clippy::cast_possible_truncation,
    reason = "below the length of a table"
)]
const fn index(place: u64) -> usize {
    place as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Uniforms};

    /// The share of the table that belongs to each thing.
    fn shares(alias: &Alias) -> Vec<f64> {
        let mut shares = vec![0.0; alias.places.len()];
        let each = 1.0 / alias.places.len() as f64;
        for (at, place) in alias.places.iter().enumerate() {
            let own = f64::from(place.threshold) / 4_294_967_296.0;
            shares[at] += own * each;
            shares[place.other as usize] += (1.0 - own) * each;
        }
        shares
    }

    #[test]
    fn the_table_holds_the_weights() {
        for weights in [
            &[1.0][..],
            &[1.0, 1.0, 1.0],
            &[0.0, 3.0, 1.0, 0.0, 4.0],
            &[1e-9, 1.0, 1e9],
            &[5.0, 1.0, 1.0, 1.0, 1.0, 1.0],
        ] {
            let total: f64 = weights.iter().sum();
            let alias = Alias::new(weights);
            for (found, weight) in shares(&alias).iter().zip(weights) {
                assert!(
                    (found - weight / total).abs() < 1e-9,
                    "{found} for {weights:?}"
                );
            }
        }
    }

    #[test]
    fn things_are_chosen_as_often_as_they_weigh() {
        let weights = [1.0, 2.0, 3.0, 4.0];
        let alias = Alias::new(&weights);
        let mut random = Uniforms::<1>::new(1, 0, Purpose::KeyPart(0));
        let mut counts = [0.0; 4];
        for _ in 0..1_000_000 {
            let [bits] = random.next_bits();
            counts[alias.choose(bits)] += 1.0;
        }
        let chi_square: f64 = (counts.iter().zip(weights))
            .map(|(count, weight)| (count - weight * 1e5) * (count - weight * 1e5) / (weight * 1e5))
            .sum();
        // Chi-square of 3 degrees of freedom exceeds 21.1 once in 10 000 seeds.
        assert!(chi_square < 21.1, "{chi_square}");
    }
}
