//! Zipf's law: the r-th most popular of N keys is asked for in proportion to r^−α. Key r − 1 has rank r.
//!
//! Sources: Breslau et al., "Web caching and Zipf-like distributions" (INFOCOM 1999), who found α between 0.6 and 0.9 for
//! web pages; Yang, Yue and Rashmi, "A large scale analysis of hundreds of in-memory cache clusters at Twitter" (OSDI 2020): mostly
//! 1 to 2.5.

use serde::{Deserialize, Serialize};

use super::popularity::{Popularity, zipf_groups};
use super::ranks::Ranks;
use super::{Pattern, check_items};
use crate::error::{InputError, in_range};
use crate::random::Uniforms;

/// The steepest law.
pub(super) const MAX_ALPHA: f64 = 10.0;

/// Popularity by Zipf's law, each request independent of the others.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Zipf {
    /// Number of keys N, `1..=1_000_000_000`.
    pub items: u64,
    /// Skew α, `0..=10`; 0: all keys alike.
    pub alpha: f64,
}

impl Pattern for Zipf {
    fn validate(&self) -> Result<(), InputError> {
        check_items("items", self.items)?;
        in_range("alpha", self.alpha, 0.0, MAX_ALPHA).map(|_| ())
    }

    fn items(&self) -> Option<u64> {
        Some(self.items)
    }

    fn popularity(&self) -> Option<Popularity> {
        Some(Popularity {
            groups: zipf_groups(self.items, self.alpha),
            never_again: 0.0,
        })
    }
}

/// Draws its keys.
#[inline]
pub(super) fn fill(ranks: &Ranks, random: &mut Uniforms<1>, keys: &mut [u64]) {
    for key in keys {
        *key = ranks.draw(random);
    }
}
