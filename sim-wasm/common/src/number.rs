//! Numbers as JavaScript has them.

use sim_core::error::in_range;

use crate::failure::Failure;

/// Largest whole number that JavaScript counts to without gaps.
const LARGEST: f64 = 9_007_199_254_740_991.0;

/// A whole number from JavaScript.
///
/// # Errors
/// Names `field` if it is not one.
pub fn whole(field: &str, value: f64) -> Result<u64, Failure> {
    let value =
        in_range(field, value, 0.0, LARGEST).map_err(|error| Failure::unexpected(&error))?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "just checked"
    )]
    let whole = value as u64;
    if whole as f64 == value {
        Ok(whole)
    } else {
        Err(Failure(format!("{field}: {value} is not a whole number")))
    }
}
