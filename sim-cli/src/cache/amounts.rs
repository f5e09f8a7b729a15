//! Sizes of caches and the length of a warm-up, as numbers or as shares.

use std::str::FromStr;

use sim_core::wording::counted;

use crate::common::numbers::{number, whole};

/// The most sizes in one list.
const MOST: usize = 1000;
/// The largest size: whole numbers up to here are exact as floating-point numbers.
const LARGEST: u64 = 1 << 53;

/// A size of a cache.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Amount {
    /// In its unit.
    Number(u64),
    /// As a share of all objects.
    Share(f64),
}

impl Amount {
    /// The size where all objects have size `whole` together, at least 1.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the cast saturates"
    )]
    pub(crate) fn of(self, whole: f64) -> u64 {
        match self {
            Self::Number(number) => number,
            Self::Share(share) => ((share * whole).round() as u64).max(1),
        }
    }
}

/// A list of sizes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Amounts(pub(crate) Vec<Amount>);

impl FromStr for Amounts {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let amounts = text.split(',').map(|part| match share(part) {
            Some(share) => share.map(Amount::Share),
            None => whole(part, 1, LARGEST).map(Amount::Number),
        });
        let amounts = amounts.collect::<Result<Vec<_>, _>>();
        let amounts = amounts.map_err(|allowed| {
            format!("{allowed}; sizes are numbers or shares such as 10%, with commas between them")
        })?;
        if amounts.len() > MOST {
            return Err(format!(
                "a list takes at most {}; this one has {}",
                counted(MOST as u64, "size"),
                amounts.len()
            ));
        }
        Ok(Self(amounts))
    }
}

/// Requests that are not counted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum WarmUp {
    /// So many.
    Number(u64),
    /// A share of all.
    Share(f64),
}

impl WarmUp {
    /// How many of `requests`.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of a whole number"
    )]
    pub(crate) fn of(self, requests: u64) -> u64 {
        match self {
            Self::Number(number) => number,
            Self::Share(share) => (share * requests as f64).round() as u64,
        }
    }
}

impl FromStr for WarmUp {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match share(text) {
            Some(share) => share.map(Self::Share),
            None => whole(text, 0, LARGEST).map(Self::Number),
        }
    }
}

/// A percentage as a share; `None` where there is no percent sign.
fn share(text: &str) -> Option<Result<f64, String>> {
    let percent = text.trim().strip_suffix('%')?;
    let value = number(percent, 1e-6, 100.0);
    Some(
        value
            .map(|percent| percent / 100.0)
            .map_err(|_| "a share must be between 0.000001% and 100%".into()),
    )
}
