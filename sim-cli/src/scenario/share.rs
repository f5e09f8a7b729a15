//! `--shard i/n`: which of the replications are run here.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use sim_core::run::MAX_REPLICATIONS;
use sim_core::wording::grouped;

/// The i-th of n shares, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Share {
    /// i.
    pub(crate) number: u64,
    /// n.
    pub(crate) of: u64,
}

impl Share {
    /// Its part of so many replications; parts differ by one at most.
    pub(crate) fn range(self, replications: u64) -> Range<u64> {
        let end = |number: u64| replications * number / self.of;
        end(self.number - 1)..end(self.number)
    }
}

impl FromStr for Share {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let allowed = || {
            format!(
                "it must be written as i/n, such as 2/8, with i from 1 to n, and n at most {}",
                grouped(MAX_REPLICATIONS)
            )
        };
        let (number, of) = text.split_once('/').ok_or_else(allowed)?;
        let whole = |text: &str| text.trim().parse::<u64>().map_err(|_| allowed());
        let (number, of) = (whole(number)?, whole(of)?);
        if (1..=of).contains(&number) && of <= MAX_REPLICATIONS {
            Ok(Self { number, of })
        } else {
            Err(allowed())
        }
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}
