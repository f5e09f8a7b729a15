//! Numbers as text: every digit for machines, about four for people.

use sim_core::figure::Unit;
use sim_core::figure::format::with_digits;

/// The shortest decimal text that reads back as the same number: the one format of CSV and JSON.
pub(crate) fn exact(value: f64) -> String {
    // Every finite number has a JSON text, and no report holds another.
    serde_json::to_string(&value).expect("a number")
}

/// Four significant digits.
pub(crate) fn rounded(value: f64) -> String {
    let scientific = format!("{value:.3e}");
    let exponent = scientific
        .split_once('e')
        .and_then(|(_, exponent)| exponent.parse::<i32>().ok());
    match exponent {
        _ if value == 0.0 => "0".into(),
        Some(exponent @ -4..=6) => {
            let decimals = usize::try_from(3 - exponent).unwrap_or(0);
            format!("{value:.decimals$}")
        }
        _ => scientific,
    }
}

/// A share as a percentage, up to four digits, no more than needed.
pub(crate) fn percent(share: f64) -> String {
    plain(&with_digits(share, Unit::Percent, 4))
}

/// A time in the unit that suits it, up to four digits, no more than needed.
pub(crate) fn duration(seconds: f64) -> String {
    plain(&with_digits(seconds, Unit::Seconds, 4))
}

/// How many times as much, up to three digits.
pub(crate) fn ratio(ratio: f64) -> String {
    plain(&with_digits(ratio, Unit::Number, 3)) + "×"
}

/// Terminals and the programs behind them expect spaces that are just spaces.
fn plain(text: &str) -> String {
    text.replace('\u{a0}', " ")
}

/// A whole number in groups of three.
pub(crate) fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A unit of time for a whole table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TimeUnit {
    /// Its symbol.
    pub(crate) name: &'static str,
    length: f64,
}

impl TimeUnit {
    /// The largest unit of which `shortest` seconds are at least a tenth.
    pub(crate) fn for_times_from(shortest: f64) -> Self {
        let units = [("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)];
        let (name, length) = units
            .into_iter()
            .find(|(_, length)| shortest >= 0.1 * length)
            .unwrap_or(("ns", 1e-9));
        Self { name, length }
    }

    /// `seconds` in this unit, without its name.
    pub(crate) fn number(self, seconds: f64) -> String {
        rounded(seconds / self.length)
    }
}
