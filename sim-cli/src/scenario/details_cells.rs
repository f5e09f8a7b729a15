//! Cells of the tables of details: quantities as text, a dash for what is unknown.

use sim_core::Quantity;
use sim_core::figure::Unit;
use sim_core::figure::format::{measured, value};

use crate::common::number_text::{NOTHING, TimeUnit, counted, percent, plain, rounded};

/// The most lines of one table; JSON has them all.
pub(crate) const LINES: usize = 60;

/// What follows a table that was cut.
pub(crate) fn more(lines: usize) -> String {
    if lines <= LINES {
        return String::new();
    }
    format!(
        "… and {} more: see --format json\n",
        counted((lines - LINES) as u64, "line")
    )
}

/// An estimate and its interval, in a unit of the page.
pub(crate) fn with_interval(quantity: &Quantity, unit: Unit) -> String {
    match (quantity.estimate, quantity.low, quantity.high) {
        (Some(estimate), ..) if estimate.abs() < NOTHING => plain(&value(0.0, unit)),
        (Some(estimate), Some(low), Some(high)) if low == high => {
            format!("{} exact", plain(&value(estimate, unit)))
        }
        (Some(estimate), Some(low), Some(high)) if unit == Unit::Percent && estimate < 1e-4 => {
            let low = low.max(0.0);
            format!(
                "{} ({} to {})",
                percent(estimate),
                percent(low),
                percent(high)
            )
        }
        (Some(estimate), Some(low), Some(high)) => plain(&measured(estimate, low, high, unit)),
        (Some(estimate), ..) => plain(&value(estimate, unit)),
        (None, Some(low), None) => format!("at least {}", plain(&value(low, unit))),
        _ => "–".into(),
    }
}

/// A time and its interval in the unit of its column.
pub(crate) fn time_with_interval(quantity: &Quantity, unit: TimeUnit) -> String {
    let scaled = |value: Option<f64>| value.map(|it| it / unit.length);
    let scaled = Quantity {
        estimate: scaled(quantity.estimate),
        low: scaled(quantity.low),
        high: scaled(quantity.high),
        theory: None,
    };
    with_interval(&scaled, Unit::Number)
}

/// A share of one.
pub(crate) fn share(quantity: &Quantity) -> String {
    quantity.estimate.map_or_else(|| "–".into(), percent)
}

/// A time in the unit of its column.
pub(crate) fn time(quantity: &Quantity, unit: TimeUnit) -> String {
    match (quantity.estimate, quantity.low) {
        (Some(estimate), _) => unit.number(estimate),
        (None, Some(low)) => format!("≥ {}", unit.number(low)),
        _ => "–".into(),
    }
}

/// The unit for columns of these times.
pub(crate) fn unit_of<'a>(times: impl Iterator<Item = &'a Quantity>) -> TimeUnit {
    TimeUnit::for_all(times.map(|it| it.estimate))
}

/// A plain number.
pub(crate) fn number(quantity: &Quantity) -> String {
    quantity.estimate.map_or_else(|| "–".into(), rounded)
}
