//! Uniform: every key is asked for as often as any other.

use serde::{Deserialize, Serialize};

use super::popularity::{Group, Popularity};
use super::{Pattern, check_items};
use crate::error::InputError;
use crate::random::{Uniforms, share_of};

/// All keys alike, each request independent of the others.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename = "UniformKeys")]
pub struct Uniform {
    /// Number of keys, `1..=1_000_000_000`.
    pub items: u64,
}

impl Pattern for Uniform {
    fn validate(&self) -> Result<(), InputError> {
        check_items("items", self.items)
    }

    fn items(&self) -> Option<u64> {
        Some(self.items)
    }

    fn popularity(&self) -> Option<Popularity> {
        let items = self.items as f64;
        Some(Popularity {
            groups: vec![Group {
                items,
                probability: 1.0 / items,
            }],
            never_again: 0.0,
        })
    }
}

impl Uniform {
    /// Draws its keys.
    #[inline]
    pub(super) fn fill(self, random: &mut Uniforms<1>, keys: &mut [u64]) {
        for key in keys {
            let [bits] = random.next_bits();
            *key = share_of(bits, self.items).0;
        }
    }
}
