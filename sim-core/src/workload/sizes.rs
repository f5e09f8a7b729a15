//! How large objects are: always the same, or by a law, each key's own size.
//!
//! A key's size is drawn from xoshiro256+ whose four words are the next four numbers of `SplitMix64` from a hash of seed and key, as
//! that generator's authors advise to start it. So a size belongs to its key: it stays the same whenever the key comes, whatever
//! else is drawn.

use serde::{Deserialize, Serialize};

use crate::distribution::Distribution;
use crate::error::InputError;
use crate::random::{Uniforms, hash, nth};

/// Sizes of objects, bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Sizes {
    /// All of this size, `1..=4_294_967_295` bytes.
    Fixed(u32),
    /// By a law of bytes, rounded to whole ones, brought into `1..=4_294_967_295`.
    Law(Distribution),
}

impl Default for Sizes {
    fn default() -> Self {
        Self::Fixed(1)
    }
}

impl Sizes {
    pub(super) fn validate(&self) -> Result<(), InputError> {
        match self {
            Self::Fixed(0) => Err(InputError::out_of_range("fixed", 0, "1..=4294967295")),
            Self::Fixed(_) => Ok(()),
            Self::Law(law) => (law.validate_in_document()).map_err(|error| error.within("law")),
        }
    }

    /// Mean size of an object, bytes, but for the rounding; `None` where a law has none.
    pub fn mean(&self) -> Option<f64> {
        match self {
            Self::Fixed(size) => Some(f64::from(*size)),
            Self::Law(law) => law.mean().map(|mean| mean.max(1.0)),
        }
    }

    /// The size of the object `key` in runs on `seed`.
    #[inline]
    pub fn of(&self, key: u64, seed: u64) -> u32 {
        match self {
            Self::Fixed(size) => *size,
            Self::Law(law) => drawn(law, key, seed),
        }
    }
}

/// Sizes that were drawn of late, so that popular keys are not drawn again and again: a place for each value of a key's last bits.
#[derive(Debug, Clone)]
pub(super) struct Memory {
    /// A key and its size, 0 where the place is empty. A power of two of them.
    places: Vec<(u64, u32)>,
}

/// Most places of a memory, 4 MB of them.
const MAX_PLACES: u64 = 1 << 18;

impl Memory {
    /// An empty one for so many keys, or for any number of them; for laws alone.
    pub(super) fn of(sizes: &Sizes, keys: Option<u64>) -> Option<Self> {
        let drawn = matches!(sizes, Sizes::Law(_));
        let places = keys.map_or(MAX_PLACES, |keys| keys.min(MAX_PLACES).next_power_of_two());
        #[expect(clippy::cast_possible_truncation, reason = "at most the most places")]
        drawn.then(|| Self {
            places: vec![(0, 0); places as usize],
        })
    }

    /// The size of `key`, as `draw` has it.
    #[inline]
    pub(super) fn recall(&mut self, key: u64, draw: impl FnOnce() -> u32) -> u32 {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "masked to the number of places"
        )]
        let place = (key as usize) & (self.places.len() - 1);
        let place = &mut self.places[place];
        if place.0 != key || place.1 == 0 {
            *place = (key, draw());
        }
        place.1
    }
}

fn drawn(law: &Distribution, key: u64, seed: u64) -> u32 {
    let start = hash(key ^ hash(seed));
    let mut uniforms = Uniforms::from_words([1, 2, 3, 4].map(|n| [nth(start, n)]));
    let bytes = law.draw(&mut uniforms).round();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a size that is not negative; the cast saturates"
    )]
    let bytes = bytes as u32;
    bytes.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_belong_to_their_keys_and_follow_the_law() {
        let law = Sizes::Law(Distribution::exponential(1000.0));
        let total: f64 = (0..100_000).map(|key| f64::from(law.of(key, 7))).sum();
        // The mean of 10⁵ exponentials of mean 1000 has a standard deviation of 3.2.
        assert!((total / 1e5 - 1000.0).abs() < 16.0, "{total}");
        assert_eq!(law.of(123, 7), law.of(123, 7));
        let others = (0..1000).filter(|&key| law.of(key, 7) != law.of(key, 8));
        assert!(others.count() > 980);
    }

    #[test]
    fn sizes_are_at_least_a_byte_and_at_most_what_fits() {
        let tiny = Sizes::Law(Distribution::deterministic(1e-3));
        let huge = Sizes::Law(Distribution::exponential(1e9));
        assert_eq!(tiny.of(1, 1), 1);
        assert!((0..1000).any(|key| huge.of(key, 1) > 1 << 31));
        assert_eq!(Sizes::Fixed(0).validate().unwrap_err().field(), "fixed");
        let wrong = Sizes::Law(Distribution::exponential(-1.0));
        assert_eq!(
            wrong.validate().unwrap_err().field(),
            "law.exponential.mean"
        );
    }
}
