//! Loop: all keys in order, again and again: a batch job that reads a table each night.
//!
//! The worst that can happen to LRU: with room for one key less than there are, nothing is ever found.

use serde::{Deserialize, Serialize};

use super::popularity::Popularity;
use super::{Pattern, check_items};
use crate::error::InputError;

/// Keys 0, 1, … up to the last one, and from the start again.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Loop {
    /// Number of keys, `1..=1_000_000_000`.
    pub items: u64,
}

impl Pattern for Loop {
    fn validate(&self) -> Result<(), InputError> {
        check_items("items", self.items)
    }

    fn items(&self) -> Option<u64> {
        Some(self.items)
    }

    /// None: each request follows from the last one.
    fn popularity(&self) -> Option<Popularity> {
        None
    }
}

impl Loop {
    /// The keys from `next` on, which moves along.
    #[inline]
    pub(super) fn fill(self, next: &mut u64, keys: &mut [u64]) {
        for key in keys {
            *key = *next;
            *next = if *next + 1 == self.items {
                0
            } else {
                *next + 1
            };
        }
    }
}
