//! How much a cache holds.

use serde::{Deserialize, Serialize};

use crate::error::InputError;

/// How much a cache holds, and in what unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Capacity {
    /// So many objects, of whatever size.
    Objects(u64),
    /// So many bytes.
    Bytes(u64),
}

impl Capacity {
    /// The largest amount: whole numbers up to here are exact as floating-point numbers.
    pub const MAX: u64 = 1 << 53;

    /// The amount, in its own unit.
    pub const fn amount(self) -> u64 {
        match self {
            Self::Objects(amount) | Self::Bytes(amount) => amount,
        }
    }

    /// Checks the amount.
    ///
    /// # Errors
    /// Names the unit, the amount and what is allowed.
    pub fn validate(self) -> Result<(), InputError> {
        let (unit, amount) = match self {
            Self::Objects(amount) => ("objects", amount),
            Self::Bytes(amount) => ("bytes", amount),
        };
        if (1..=Self::MAX).contains(&amount) {
            Ok(())
        } else {
            let allowed = format!("1..={}", Self::MAX);
            Err(InputError::out_of_range(unit, amount, allowed))
        }
    }
}
