//! Mixtures: each request belongs to one of several patterns, chosen at random by weight, which then gives its next key.
//!
//! Shared parts all begin at key 0, as scans over the same items that others pick one by one. Every other part has keys of its
//! own, after those: laid one after the other in the order of the parts. Keys that never come again lie beyond all of them, those of several such parts in turn.

use serde::{Deserialize, Serialize};

use super::popularity::Popularity;
use super::{Keys, MAX_ITEMS};
use crate::error::{InputError, in_range};

/// The most parts of a mixture.
pub const MAX_PARTS: usize = 64;

/// One pattern of a mixture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Its share of the requests, in proportion to the weights of all parts, `1e-9..=1e9`.
    pub weight: f64,
    /// Which keys it asks for; no mixture.
    pub keys: Keys,
    /// Whether it has its keys in common with the other shared parts.
    #[serde(default)]
    pub shared: bool,
}

/// Where each part's keys begin.
pub(super) struct Layout {
    /// First key of each part.
    pub(super) starts: Vec<u64>,
    /// The first key of those that never come again.
    pub(super) end: u64,
    /// How many parts' keys never come again.
    pub(super) endless: u64,
}

impl Layout {
    pub(super) fn of(parts: &[Part]) -> Self {
        let common = parts.iter().filter(|part| part.shared);
        let mut end = common
            .filter_map(|part| part.keys.items())
            .max()
            .unwrap_or(0);
        let mut endless = 0;
        let mut starts = Vec::with_capacity(parts.len());
        for part in parts {
            starts.push(match part.keys.items() {
                Some(_) if part.shared => 0,
                Some(items) => {
                    end += items;
                    end - items
                }
                None => {
                    endless += 1;
                    endless - 1
                }
            });
        }
        Self {
            starts,
            end,
            endless,
        }
    }
}

pub(super) fn validate(parts: &[Part]) -> Result<(), InputError> {
    if !(1..=MAX_PARTS).contains(&parts.len()) {
        let allowed = format!("1..={MAX_PARTS}");
        return Err(InputError::out_of_range(
            "mixture.length",
            parts.len(),
            allowed,
        ));
    }
    for (at, part) in parts.iter().enumerate() {
        let within = |error: InputError| error.within(&format!("mixture[{at}]"));
        in_range("weight", part.weight, 1e-9, 1e9).map_err(within)?;
        if matches!(part.keys, Keys::Mixture(_)) {
            let allowed = "zipf, uniform, hotspot, loop, scan, drift, one_hit";
            return Err(within(InputError::unknown("keys", "mixture", allowed)));
        }
        (part.keys.validate()).map_err(|error| within(error.within("keys")))?;
    }
    let end = Layout::of(parts).end;
    if end > MAX_ITEMS {
        let allowed = format!("1..={MAX_ITEMS} items in all parts together");
        return Err(InputError::out_of_range("mixture", end, allowed));
    }
    Ok(())
}

/// The law of independent requests, where no keys are common to several parts.
pub(super) fn popularity(parts: &[Part]) -> Option<Popularity> {
    if parts.iter().filter(|part| part.shared).count() > 1 {
        return None;
    }
    let total: f64 = parts.iter().map(|part| part.weight).sum();
    let mut all = Popularity {
        groups: Vec::new(),
        never_again: 0.0,
    };
    for part in parts {
        let scaled = part.keys.popularity()?.scaled(part.weight / total);
        all.groups.extend(scaled.groups);
        all.never_again += scaled.never_again;
    }
    Some(all)
}
