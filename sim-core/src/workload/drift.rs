//! Drifting popularity: Zipf's law whose ranks move on. Every so many requests the least popular key becomes the most popular and
//! every other one moves a rank down, as yesterday's news does.
//!
//! Of the requests number n (from 0) the key of rank r is (r − ⌊n/every⌋) mod N.

use serde::{Deserialize, Serialize};

use super::popularity::Popularity;
use super::ranks::Ranks;
use super::zipf::{MAX_ALPHA, fill};
use super::{Pattern, check_items};
use crate::error::{InputError, in_range};
use crate::random::Uniforms;

/// Zipf's law with ranks that move.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Drift {
    /// Number of keys, `1..=1_000_000_000`.
    pub items: u64,
    /// Skew of the popularities, `0..=10`.
    pub alpha: f64,
    /// Requests of this pattern between one move of the ranks and the next, `1..=10¹⁵`.
    pub every: u64,
}

/// The longest time between moves.
const MAX_EVERY: u64 = 1_000_000_000_000_000;

impl Pattern for Drift {
    fn validate(&self) -> Result<(), InputError> {
        check_items("items", self.items)?;
        in_range("alpha", self.alpha, 0.0, MAX_ALPHA)?;
        if !(1..=MAX_EVERY).contains(&self.every) {
            return Err(InputError::out_of_range(
                "every",
                self.every,
                format!("1..={MAX_EVERY}"),
            ));
        }
        Ok(())
    }

    fn items(&self) -> Option<u64> {
        Some(self.items)
    }

    /// None: it changes.
    fn popularity(&self) -> Option<Popularity> {
        None
    }
}

/// Where the ranks are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Position {
    /// The key of the first rank.
    top: u64,
    /// Requests until the next move.
    left: u64,
}

impl Drift {
    /// Where the ranks are at first.
    pub(super) fn start(self) -> Position {
        Position {
            top: 0,
            left: self.every,
        }
    }

    /// Where they were so many requests before.
    pub(super) fn before(self, count: u64) -> Position {
        if count == 0 {
            return self.start();
        }
        Position {
            top: count.div_ceil(self.every) % self.items,
            left: (count - 1) % self.every + 1,
        }
    }

    /// Draws keys while the ranks move along.
    #[inline]
    pub(super) fn fill(
        self,
        position: &mut Position,
        ranks: &Ranks,
        random: &mut Uniforms<1>,
        mut keys: &mut [u64],
    ) {
        while !keys.is_empty() {
            let length =
                usize::try_from(position.left).map_or(keys.len(), |left| left.min(keys.len()));
            let (now, later) = keys.split_at_mut(length);
            fill(ranks, random, now);
            for key in now.iter_mut() {
                let moved = *key + position.top;
                *key = if moved >= self.items {
                    moved - self.items
                } else {
                    moved
                };
            }
            position.left -= length as u64;
            if position.left == 0 {
                position.left = self.every;
                position.top = (if position.top == 0 {
                    self.items
                } else {
                    position.top
                }) - 1;
            }
            keys = later;
        }
    }
}
