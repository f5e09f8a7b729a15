//! Hotspot: a share of the requests goes to a share of the keys, evenly on either side. Keys 0..h are the hot ones.
//!
//! With 80 % of requests to 20 % of keys, the rule of thumb that goes by Pareto's name. Source: the workload of that name in
//! YCSB (Cooper et al., "Benchmarking cloud serving systems with YCSB", `SoCC` 2010).

use serde::{Deserialize, Serialize};

use super::popularity::{Group, Popularity};
use super::{Pattern, check_items};
use crate::error::{InputError, in_range};
use crate::random::{Uniforms, share_of};

/// Two kinds of keys, hot and cold, each request independent of the others.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Hotspot {
    /// Number of keys, `2..=1_000_000_000`.
    pub items: u64,
    /// The share of keys that is hot, above 0 and below 1; rounded to whole keys, at least one hot and one cold.
    pub hot_items: f64,
    /// The share of requests that goes to them, `0..=1`.
    pub hot_requests: f64,
}

impl Pattern for Hotspot {
    fn validate(&self) -> Result<(), InputError> {
        check_items("items", self.items)?;
        if self.items < 2 {
            return Err(InputError::out_of_range(
                "items",
                self.items,
                "2..=1000000000",
            ));
        }
        in_range("hot_items", self.hot_items, 1e-9, 1.0 - 1e-9)?;
        in_range("hot_requests", self.hot_requests, 0.0, 1.0).map(|_| ())
    }

    fn items(&self) -> Option<u64> {
        Some(self.items)
    }

    fn popularity(&self) -> Option<Popularity> {
        let hot = self.hot() as f64;
        let group = |items: f64, share: f64| Group {
            items,
            probability: share / items,
        };
        Some(Popularity {
            groups: vec![
                group(hot, self.hot_requests),
                group(self.items as f64 - hot, 1.0 - self.hot_requests),
            ],
            never_again: 0.0,
        })
    }
}

impl Hotspot {
    /// Number of hot keys.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of at most 10⁹"
    )]
    fn hot(&self) -> u64 {
        let hot = (self.hot_items * self.items as f64).round() as u64;
        hot.clamp(1, self.items - 1)
    }

    /// What the keys are drawn from.
    pub(super) fn split(&self) -> Split {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a share in 0..=1; the cast saturates"
        )]
        let threshold = (self.hot_requests * 18_446_744_073_709_551_616.0) as u64;
        Split {
            threshold,
            hot: self.hot(),
            items: self.items,
            always_hot: self.hot_requests >= 1.0,
        }
    }
}

/// Where hot ends and cold begins, among keys and among random numbers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Split {
    threshold: u64,
    hot: u64,
    items: u64,
    /// The threshold cannot say 2⁶⁴.
    always_hot: bool,
}

impl Split {
    /// Draws keys.
    #[inline]
    pub(super) fn fill(self, random: &mut Uniforms<1>, keys: &mut [u64]) {
        for key in keys {
            let [which] = random.next_bits();
            let [within] = random.next_bits();
            let (from, width) = if which < self.threshold || self.always_hot {
                (0, self.hot)
            } else {
                (self.hot, self.items - self.hot)
            };
            *key = from + share_of(within, width).0;
        }
    }
}
