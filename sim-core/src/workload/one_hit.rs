//! One-hit wonders: keys that are asked for once and never again.
//!
//! Of the objects that a cache sees, often more than half are of this kind: in the traces of Yang et al., "FIFO queues are all
//! you need for cache eviction" (SOSP 2023), a median of 72 % within a stretch that holds a tenth of all objects.

use serde::{Deserialize, Serialize};

use super::Pattern;
use super::popularity::Popularity;
use crate::error::InputError;

/// Every request asks for a new key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct OneHit {}

impl Pattern for OneHit {
    fn validate(&self) -> Result<(), InputError> {
        Ok(())
    }

    /// As many as there are requests.
    fn items(&self) -> Option<u64> {
        None
    }

    fn popularity(&self) -> Option<Popularity> {
        Some(Popularity {
            groups: Vec::new(),
            never_again: 1.0,
        })
    }
}

impl OneHit {
    /// New keys from `next` on, which moves along.
    #[inline]
    pub(super) fn fill(next: &mut u64, keys: &mut [u64]) {
        for key in keys {
            *key = *next;
            *next = next.wrapping_add(1);
        }
    }
}
