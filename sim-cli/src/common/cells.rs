//! Quantities in the cells of a table for people.

use sim_core::{Quantity, Report};

use crate::common::number_text::TimeUnit;

/// What a reader must know of the numbers in the row.
pub(crate) fn verdict(report: &Report) -> &'static str {
    if report.converged {
        ""
    } else {
        "not converged"
    }
}

/// A formula's value; ≈ before an approximation.
pub(crate) fn theory(
    exact: Option<f64>,
    approximate: Option<f64>,
    text: impl Fn(f64) -> String,
) -> String {
    match (exact, approximate) {
        (Some(value), _) => text(value),
        (None, Some(value)) => format!("≈{}", text(value)),
        (None, None) => "–".into(),
    }
}

/// A number, or a dash for what is not known.
pub(crate) fn known(value: Option<f64>, text: impl Fn(f64) -> String) -> String {
    value.map_or_else(|| "–".into(), text)
}

/// A time and its interval.
pub(crate) fn with_interval(quantity: &Quantity, unit: TimeUnit) -> String {
    let text = |value| unit.number(value);
    let range = interval(quantity, text);
    match quantity.estimate {
        Some(estimate) => format!("{} {range}", text(estimate)),
        None => range,
    }
}

/// `[low, high]`; `exact` where nothing is random and both are the same; `at least low` where only a bound is known; a dash where there
/// is none.
pub(crate) fn interval(quantity: &Quantity, text: impl Fn(f64) -> String) -> String {
    match (quantity.low, quantity.high) {
        (Some(low), Some(high)) if low == high => "exact".into(),
        (Some(low), Some(high)) => format!("[{}, {}]", text(low), text(high)),
        (Some(low), None) => format!("at least {}", text(low)),
        _ => "–".into(),
    }
}
