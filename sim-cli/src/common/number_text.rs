//! Numbers as text: every digit for machines, about four for people.

use sim_core::figure::Unit;
use sim_core::figure::format::with_digits;
pub(crate) use sim_core::wording::{counted, grouped};

/// The shortest decimal text that reads back as the same number: the one format of CSV and JSON.
pub(crate) fn exact(value: f64) -> String {
    // Every finite number has a JSON text, and no report holds another.
    serde_json::to_string(&value).expect("a number")
}

/// Four significant digits; above a thousand all whole ones, with commas.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a size below 1e15"
)]
pub(crate) fn rounded(value: f64) -> String {
    let scientific = format!("{value:.3e}");
    let exponent = scientific
        .split_once('e')
        .and_then(|(_, exponent)| exponent.parse::<i32>().ok());
    match exponent {
        _ if value == 0.0 => "0".into(),
        Some(exponent @ -4..=2) => {
            let decimals = usize::try_from(3 - exponent).unwrap_or(0);
            format!("{value:.decimals$}")
        }
        Some(3..=14) => {
            let size = grouped(value.abs().round() as u64);
            format!("{}{size}", if value < 0.0 { "-" } else { "" })
        }
        _ => scientific,
    }
}

/// A share as a percentage, up to four digits, no more than needed; one in so many where that would be mostly zeros.
pub(crate) fn percent(share: f64) -> String {
    sim_core::wording::share(share)
}

/// A time in the unit that suits it, up to four digits, no more than needed.
pub(crate) fn duration(seconds: f64) -> String {
    plain(&with_digits(seconds, Unit::Seconds, 4))
}

/// How many times as much, up to three digits.
pub(crate) fn ratio(ratio: f64) -> String {
    plain(&with_digits(ratio, Unit::Number, 3)) + "×"
}

/// What the page says, as text for a terminal: spaces that are just spaces, commas between thousands, `50%`.
pub(crate) fn plain(text: &str) -> String {
    const GAP: char = '\u{a0}';
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(it) = letters.next() {
        let digit = |it: Option<char>| it.is_some_and(|it| it.is_ascii_digit());
        match (it, letters.peek().copied()) {
            (GAP, Some('%')) => {}
            (GAP, next) if digit(next) && digit(out.chars().last()) => out.push(','),
            (GAP, _) => out.push(' '),
            _ => out.push(it),
        }
    }
    out
}

/// Less than any time that means something: what rounding leaves of nothing, seconds.
pub(crate) const NOTHING: f64 = 1e-12;

/// A unit of time for a whole table, or for those of its columns that show one quantity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct TimeUnit {
    /// Its symbol.
    pub(crate) name: &'static str,
    /// Its length, seconds.
    pub(crate) length: f64,
}

/// Units with the shortest time that they suit, longest first.
const UNITS: [(TimeUnit, f64); 7] = [
    (unit("d", 86_400.0), 172_800.0),
    (unit("h", 3_600.0), 7_200.0),
    (unit("min", 60.0), 120.0),
    (unit("s", 1.0), 0.1),
    (unit("ms", 1e-3), 1e-4),
    (unit("µs", 1e-6), 1e-7),
    (unit("ns", 1e-9), 0.0),
];

const fn unit(name: &'static str, length: f64) -> TimeUnit {
    TimeUnit { name, length }
}

impl TimeUnit {
    /// The largest unit up to seconds of which `shortest` seconds are at least a tenth.
    pub(crate) fn for_times_from(shortest: f64) -> Self {
        let suits = |it: &&(Self, f64)| it.0.length <= 1.0 && shortest >= it.1;
        UNITS.iter().find(suits).unwrap_or(&UNITS[6]).0
    }

    /// The unit that suits the middle one of these times, seconds, unless the longest would be hundreds of thousands of it.
    pub(crate) fn for_all(times: impl Iterator<Item = Option<f64>>) -> Self {
        let mut times: Vec<f64> = times.flatten().filter(|it| *it > NOTHING).collect();
        times.sort_by(f64::total_cmp);
        let (Some(&middle), Some(&longest)) = (times.get(times.len() / 2), times.last()) else {
            return UNITS[3].0;
        };
        let fits = |it: &&(Self, f64)| middle >= it.1 || longest >= 1e5 * it.0.length;
        UNITS.iter().find(fits).unwrap_or(&UNITS[6]).0
    }

    /// `seconds` in this unit, without its name.
    pub(crate) fn number(self, seconds: f64) -> String {
        if seconds.abs() < NOTHING {
            return "0".into();
        }
        rounded(seconds / self.length)
    }

    /// The name of a column of such times.
    pub(crate) fn header(self, name: &str) -> String {
        format!("{name} ({})", self.name)
    }
}
