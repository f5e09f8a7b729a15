//! The numbers of the command line: read, and refused with the range that is allowed.

use sim_core::error::in_range;

/// The rates that can be simulated, requests per second: means of 1e-9 to 1e9 seconds.
pub(crate) const RATES: (f64, f64) = (1e-9, 1e9);

/// A rate, requests per second.
pub(crate) fn rate(text: &str) -> Result<f64, String> {
    number(text, RATES.0, RATES.1)
}

/// A number in `low..=high`.
pub(crate) fn number(text: &str, low: f64, high: f64) -> Result<f64, String> {
    let allowed = || format!("allowed is a number in {low:?}..={high:?}");
    let value = text.trim().parse().map_err(|_| allowed())?;
    in_range("", value, low, high).map_err(|_| allowed())
}

/// A whole number in `low..=high`, also written as `1e6` or `1_000_000`.
pub(crate) fn whole(text: &str, low: u64, high: u64) -> Result<u64, String> {
    let digits = text.trim().replace('_', "");
    digits
        .parse()
        .ok()
        .or_else(|| whole_float(&digits))
        .filter(|value| (low..=high).contains(value))
        .ok_or_else(|| format!("allowed is a whole number in {low}..={high}"))
}

/// A whole number in scientific notation, as far as floats hold every whole number.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "whole and in range"
)]
fn whole_float(text: &str) -> Option<u64> {
    const EVERY_WHOLE: f64 = 9_007_199_254_740_992.0;
    let value: f64 = text.parse().ok()?;
    ((0.0..=EVERY_WHOLE).contains(&value) && value.fract() == 0.0).then_some(value as u64)
}
