//! Cells of the tables of details: quantities as text, a dash for what is unknown.

use sim_core::Quantity;
use sim_core::figure::Unit;
use sim_core::figure::format::{measured, value};

use crate::number_text::{duration, grouped, percent, rounded};

/// The most lines of one table; JSON has them all.
pub(crate) const LINES: usize = 60;
/// Less than any time or rate that means something: what rounding leaves of nothing.
const NOTHING: f64 = 1e-11;

/// What follows a table that was cut.
pub(crate) fn more(lines: usize) -> String {
    if lines <= LINES {
        return String::new();
    }
    format!(
        "… and {} more: see --format json\n",
        grouped((lines - LINES) as u64)
    )
}

/// An estimate and its interval.
pub(crate) fn with_interval(quantity: &Quantity, unit: Unit) -> String {
    let text = match (quantity.estimate, quantity.low, quantity.high) {
        (Some(estimate), ..) if estimate.abs() < NOTHING => value(0.0, unit),
        (Some(estimate), Some(low), Some(high)) => measured(estimate, low, high, unit),
        (Some(estimate), ..) => value(estimate, unit),
        _ => "–".into(),
    };
    text.replace('\u{a0}', " ")
}

/// A share of one.
pub(crate) fn share(quantity: &Quantity) -> String {
    quantity.estimate.map_or_else(|| "–".into(), percent)
}

/// A time.
pub(crate) fn time(quantity: &Quantity) -> String {
    quantity.estimate.map_or_else(|| "–".into(), duration)
}

/// A plain number.
pub(crate) fn number(quantity: &Quantity) -> String {
    quantity.estimate.map_or_else(|| "–".into(), rounded)
}
