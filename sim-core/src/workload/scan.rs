//! Scans: runs of consecutive keys from random starts, as range queries and reports read them.
//!
//! A scan starts at any key with the same probability, reads `length` keys in order, wrapping at the last, and the next one begins.
//! So every key is asked for equally often, and after a key the next one almost surely. Source: workload E of YCSB (Cooper et
//! al., "Benchmarking cloud serving systems with YCSB", `SoCC` 2010), here with scans of one length.

use serde::{Deserialize, Serialize};

use super::popularity::Popularity;
use super::{Pattern, check_items};
use crate::error::InputError;
use crate::random::{Uniforms, share_of};

/// One scan after another.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Scan {
    /// Number of keys, `1..=1_000_000_000`.
    pub items: u64,
    /// Keys of one scan, `1..=1_000_000_000`.
    pub length: u64,
}

impl Pattern for Scan {
    fn validate(&self) -> Result<(), InputError> {
        check_items("items", self.items)?;
        check_items("length", self.length)
    }

    fn items(&self) -> Option<u64> {
        Some(self.items)
    }

    /// None: each request follows from the last one.
    fn popularity(&self) -> Option<Popularity> {
        None
    }
}

/// How far the scan under way is.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Progress {
    next: u64,
    left: u64,
}

impl Scan {
    /// The keys that follow from `progress`, which moves along.
    #[inline]
    pub(super) fn fill(self, progress: &mut Progress, random: &mut Uniforms<1>, keys: &mut [u64]) {
        for key in keys {
            if progress.left == 0 {
                let [bits] = random.next_bits();
                *progress = Progress {
                    next: share_of(bits, self.items).0,
                    left: self.length,
                };
            }
            *key = progress.next;
            progress.left -= 1;
            progress.next += 1;
            if progress.next == self.items {
                progress.next = 0;
            }
        }
    }
}
