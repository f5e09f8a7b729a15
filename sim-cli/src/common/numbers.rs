//! The numbers of the command line: read, and refused with the range that is allowed.

use sim_core::error::in_range;
use sim_core::wording::{between, grouped};

/// The rates that can be simulated, requests per second: means of 1e-9 to 1e9 seconds.
pub(crate) const RATES: (f64, f64) = (1e-9, 1e9);

/// A rate, requests per second.
pub(crate) fn rate(text: &str) -> Result<f64, String> {
    number(text, RATES.0, RATES.1)
}

/// A number in `low..=high`; a share also as a percentage, `5%`.
pub(crate) fn number(text: &str, low: f64, high: f64) -> Result<f64, String> {
    let wanted = || format!("it must be a number {}", between(low, high));
    let text = text.trim();
    let value = match text.strip_suffix('%') {
        Some(percent) if high <= 1.0 => percent.trim_end().parse::<f64>().map(|it| it / 100.0),
        _ => text.parse(),
    };
    let value = value.map_err(|_| wanted())?;
    in_range("", value, low, high).map_err(|_| wanted())
}

/// A whole number in `low..=high`, also written as `1e6` or `1_000_000`.
pub(crate) fn whole(text: &str, low: u64, high: u64) -> Result<u64, String> {
    let digits = text.trim().replace('_', "");
    digits
        .parse()
        .ok()
        .or_else(|| whole_float(&digits))
        .filter(|value| (low..=high).contains(value))
        .ok_or_else(|| match high {
            u64::MAX => format!("it must be a whole number of at least {}", grouped(low)),
            _ => format!(
                "it must be a whole number between {} and {}",
                grouped(low),
                grouped(high)
            ),
        })
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
