//! The exact hit ratio of LRU under independent requests, for few objects.
//!
//! The objects in the order of their last use, most recent first, are in steady state what drawing without replacement by
//! popularity gives: P(x₁, x₂, …) = p(x₁) · p(x₂)/(1 − p(x₁)) · p(x₃)/(1 − p(x₁) − p(x₂)) ⋯. So the probability that S are the most
//! recent ones follows from smaller sets,
//!
//! f(∅) = 1,  f(S) = Σ f(S∖x) · p(x)/(1 − p(S∖x)) over x in S,
//!
//! and the hit ratio with room for C is Σ f(S)·p(S) over all S of C objects. That takes 2ᴺ steps of N.
//!
//! Source: W. F. King, "Analysis of demand paging algorithms" (IFIP Congress 1971), who sums over sequences instead.

use crate::error::{InputError, in_range};

/// The most objects: a million sets.
const MAX_ITEMS: usize = 20;

/// LRU's hit ratio for every room.
#[derive(Debug, Clone, PartialEq)]
pub struct King {
    /// With room for 1, 2, … all.
    hit_ratios: Vec<f64>,
}

impl King {
    /// For objects of these probabilities, `1..=20` of them, each above 0, 1 together.
    ///
    /// # Errors
    /// Names what is out of range.
    pub fn new(probabilities: &[f64]) -> Result<Self, InputError> {
        let items = probabilities.len();
        if !(1..=MAX_ITEMS).contains(&items) {
            return Err(InputError::out_of_range(
                "probabilities.length",
                items,
                format!("1..={MAX_ITEMS}"),
            ));
        }
        for (at, &probability) in probabilities.iter().enumerate() {
            let field = format!("probabilities[{at}]");
            in_range(&field, probability, f64::MIN_POSITIVE, 1.0)?;
        }
        let total = probabilities.iter().sum();
        in_range("probabilities", total, 1.0 - 1e-6, 1.0 + 1e-6)?;
        Ok(Self {
            hit_ratios: hit_ratios(probabilities),
        })
    }

    /// The hit ratio with room for `capacity` objects.
    ///
    /// # Errors
    /// If there is no room at all.
    pub fn lru(&self, capacity: u64) -> Result<f64, InputError> {
        let all = self.hit_ratios.len() as u64;
        let index = capacity.min(all).checked_sub(1);
        let found = index.and_then(|index| self.hit_ratios.get(usize::try_from(index).ok()?));
        found.copied().ok_or_else(|| {
            InputError::out_of_range("capacity", capacity, format!("1..={}", u64::MAX))
        })
    }
}

fn hit_ratios(probabilities: &[f64]) -> Vec<f64> {
    let items = probabilities.len();
    let sets = 1_usize << items;
    let mut most_recent = vec![0.0; sets];
    let mut together = vec![0.0; sets];
    most_recent[0] = 1.0;
    let mut hit_ratios = vec![0.0; items];
    for set in 1..sets {
        let first = set.trailing_zeros() as usize;
        together[set] = together[set & (set - 1)] + probabilities[first];
        for (at, probability) in probabilities.iter().enumerate() {
            let without = set & !(1 << at);
            if without != set {
                most_recent[set] += most_recent[without] * probability / (1.0 - together[without]);
            }
        }
        hit_ratios[set.count_ones() as usize - 1] += most_recent[set] * together[set];
    }
    hit_ratios[items - 1] = 1.0;
    hit_ratios
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_values_hold() {
        let weights: Vec<f64> = (1..=10).map(|rank| 1.0 / f64::from(rank)).collect();
        let total: f64 = weights.iter().sum();
        let king = King::new(&weights.iter().map(|it| it / total).collect::<Vec<_>>()).unwrap();
        for (room, expected) in [(1, 0.180_650), (2, 0.336_900), (3, 0.470_664)] {
            let found = king.lru(room).unwrap();
            assert!(
                (found - expected).abs() < 6e-7,
                "{found} against {expected}"
            );
        }
        assert_eq!(king.lru(10), Ok(1.0));
        assert_eq!(king.lru(11), Ok(1.0));
    }

    #[test]
    fn cases_that_are_known_without_a_sum() {
        // Room for one: the last request is repeated, Σ p². Equal popularities: the share that fits.
        let king = King::new(&[0.5, 0.3, 0.2]).unwrap();
        assert!((king.lru(1).unwrap() - 0.38).abs() < 1e-15);
        let equal = King::new(&[0.125; 8]).unwrap();
        for room in 1..=8_u32 {
            let found = equal.lru(u64::from(room)).unwrap();
            assert!((found - f64::from(room) / 8.0).abs() < 1e-12, "{found}");
        }
    }

    #[test]
    fn wrong_input_is_named() {
        for (probabilities, field) in [
            (&[][..], "probabilities.length"),
            (&[0.05; 21], "probabilities.length"),
            (&[0.5, 0.6], "probabilities"),
            (&[1.0, 0.0], "probabilities[1]"),
            (&[f64::NAN], "probabilities[0]"),
        ] {
            assert_eq!(King::new(probabilities).unwrap_err().field(), field);
        }
        assert_eq!(
            King::new(&[1.0]).unwrap().lru(0).unwrap_err().field(),
            "capacity"
        );
    }
}
