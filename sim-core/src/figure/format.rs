//! Numbers as people write them: `50 %`, `200 ms`, `1.5 s`, `5 min`, `1 200`.
//!
//! Ticks, tables, readouts and labels all come through here, so that one value reads the same everywhere. Words and
//! digits are joined by no-break spaces; thousands are set apart by them too.

use crate::figure::Unit;

/// Significant digits of a number in running text.
pub const DIGITS: usize = 3;

/// The space between a number and its unit, and between groups of three digits.
const SPACE: char = '\u{a0}';

/// Names of time units with their lengths in seconds, and the value from which the next is used.
const TIMES: [(&str, f64, f64); 6] = [
    ("µs", 1e-6, 1e-3),
    ("ms", 1e-3, 1.0),
    ("s", 1.0, 120.0),
    ("min", 60.0, 7_200.0),
    ("h", 3_600.0, 172_800.0),
    ("d", 86_400.0, f64::INFINITY),
];

/// `value` in its unit with [`DIGITS`] significant digits; `–` for what is not a number, `∞` for what has no end.
pub fn value(value: f64, unit: Unit) -> String {
    with_digits(value, unit, DIGITS)
}

/// `value` in its unit with at most `digits` significant digits; trailing zeros are left out.
pub fn with_digits(value: f64, unit: Unit, digits: usize) -> String {
    if !value.is_finite() {
        return not_finite(value).to_owned();
    }
    match unit {
        Unit::Number => number(value, digits),
        Unit::Count => number(value.round(), 15),
        Unit::Percent => format!("{}{SPACE}%", percent(value, digits)),
        Unit::PerSecond => {
            let (name, seconds) = rate_scale(value);
            format!("{}/{name}", number(value * seconds, digits))
        }
        Unit::Seconds => {
            let scale = TimeScale::of(value, digits);
            format!(
                "{}{SPACE}{}",
                number(value / scale.seconds, digits),
                scale.name
            )
        }
    }
}

/// An interval with one unit for both ends: `96–104 ms`; with as many digits as it takes to tell the ends apart.
pub fn interval(low: f64, high: f64, unit: Unit) -> String {
    if !(low.is_finite() && high.is_finite()) {
        return format!("{}–{}", value(low, unit), value(high, unit));
    }
    let digits = digits_within(low, high);
    match unit {
        Unit::Number => format!("{}–{}", number(low, digits), number(high, digits)),
        Unit::Count => format!("{}–{}", number(low.round(), 15), number(high.round(), 15)),
        Unit::Percent => format!("{}–{}{SPACE}%", percent(low, digits), percent(high, digits)),
        Unit::PerSecond => {
            let (name, seconds) = rate_scale(high);
            format!(
                "{}–{}/{name}",
                number(low * seconds, digits),
                number(high * seconds, digits)
            )
        }
        Unit::Seconds => {
            let scale = TimeScale::of(high, digits);
            let part = |v: f64| number(v / scale.seconds, digits);
            format!("{}–{}{SPACE}{}", part(low), part(high), scale.name)
        }
    }
}

/// An estimate with the interval it lies in, all with the digits that the interval's width leaves meaningful:
/// `10.02 ms (9.99–10.05 ms)`.
pub fn measured(estimate: f64, low: f64, high: f64, unit: Unit) -> String {
    let digits = digits_within(low, high);
    format!(
        "{} ({})",
        with_digits(estimate, unit, digits),
        interval(low, high, unit)
    )
}

/// Significant digits that show an interval's width by at least one digit; [`DIGITS`] to six.
fn digits_within(low: f64, high: f64) -> usize {
    let (size, width) = (low.abs().max(high.abs()), high - low);
    let mut digits = DIGITS;
    // One unit in the last of `digits` digits is at most size / 10^(digits - 1).
    let mut step = size / 100.0;
    while digits < 6 && width > 0.0 && step * 2.0 > width {
        step /= 10.0;
        digits += 1;
    }
    digits
}

/// The unit of time, and its length in seconds, over which a rate is a number of at least about one.
fn rate_scale(per_second: f64) -> (&'static str, f64) {
    match per_second.abs() {
        rate if rate >= 1.0 || rate == 0.0 => ("s", 1.0),
        rate if rate >= 1.0 / 60.0 => ("min", 60.0),
        _ => ("h", 3_600.0),
    }
}

/// A unit of time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct TimeScale {
    /// Its short name.
    pub(crate) name: &'static str,
    /// Its length, seconds.
    pub(crate) seconds: f64,
}

impl TimeScale {
    /// The unit in which `value` seconds, rounded to `digits`, is a handy number.
    pub(crate) fn of(value: f64, digits: usize) -> Self {
        let size = rounded(value.abs(), digits);
        // Exactly one of a unit takes that unit: `1 min` and `1 h`, though `90 s` and `90 min`.
        let one = TIMES.iter().find(|(_, seconds, _)| size == *seconds);
        let found = one.or_else(|| TIMES.iter().find(|(_, _, limit)| size < *limit));
        // Zero is written in seconds: `0 µs` would claim a precision.
        let (name, seconds, _) = if size == 0.0 {
            TIMES[2]
        } else {
            *found.unwrap_or(&TIMES[5])
        };
        Self { name, seconds }
    }
}

/// A bare number with at most `digits` significant digits, thousands grouped.
pub fn number(value: f64, digits: usize) -> String {
    if !value.is_finite() {
        return not_finite(value).to_owned();
    }
    let (mantissa, exponent) = decimal(value, digits);
    if mantissa.chars().all(|c| c == '0') {
        return "0".to_owned();
    }
    let sign = if value < 0.0 { "−" } else { "" };
    if !(-6..15).contains(&exponent) {
        return format!(
            "{sign}{}{SPACE}×{SPACE}10{}",
            point(&mantissa, 1),
            superscript(exponent)
        );
    }
    let body = if exponent < 0 {
        let zeros = "0".repeat(usize::try_from(-exponent - 1).unwrap_or(0));
        format!("0.{zeros}{mantissa}")
    } else {
        grouped(&mantissa, usize::try_from(exponent + 1).unwrap_or(1))
    };
    format!("{sign}{}", trimmed(&body))
}

/// A share in percent without the sign. 99.99 % is not rounded up to a 100 % that it is not.
fn percent(value: f64, digits: usize) -> String {
    let hundred = |digits| rounded(value * 100.0, digits) == 100.0;
    let mut digits = digits;
    while value != 1.0 && hundred(digits) && digits < 8 {
        digits += 1;
    }
    number(value * 100.0, digits)
}

fn not_finite(value: f64) -> &'static str {
    if value.is_nan() {
        "–"
    } else if value > 0.0 {
        "∞"
    } else {
        "−∞"
    }
}

/// `value` rounded to `digits` significant digits.
fn rounded(value: f64, digits: usize) -> f64 {
    format!("{value:.*e}", digits.max(1) - 1)
        .parse()
        .unwrap_or(value)
}

/// The digits of |`value`|, correctly rounded, and the power of ten of the first.
fn decimal(value: f64, digits: usize) -> (String, i32) {
    let text = format!("{:.*e}", digits.max(1) - 1, value.abs());
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    (mantissa.replace('.', ""), exponent.parse().unwrap_or(0))
}

/// `digits` with a decimal point after the first `whole`, trailing zeros left out.
fn point(digits: &str, whole: usize) -> String {
    let (whole, fraction) = digits.split_at(whole.min(digits.len()));
    trimmed(&format!("{whole}.{fraction}")).to_owned()
}

/// `digits` with `whole` of them before the decimal point, in groups of three.
fn grouped(digits: &str, whole: usize) -> String {
    let padded = format!("{digits:0<whole$}");
    let (integer, fraction) = padded.split_at(whole);
    let mut text = String::new();
    for (i, digit) in integer.chars().enumerate() {
        if i > 0 && (whole - i).is_multiple_of(3) {
            text.push(SPACE);
        }
        text.push(digit);
    }
    format!("{text}.{fraction}")
}

/// Without trailing zeros after the decimal point, and without a bare point.
fn trimmed(text: &str) -> &str {
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.')
    } else {
        text
    }
}

fn superscript(exponent: i32) -> String {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let raise = |c: char| match c.to_digit(10) {
        Some(digit) => DIGITS[digit as usize],
        None => '⁻',
    };
    exponent.to_string().chars().map(raise).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(v: f64, unit: Unit, expected: &str) {
        assert_eq!(value(v, unit), expected.replace(' ', "\u{a0}"));
    }

    #[test]
    fn times_take_the_unit_that_fits() {
        reads(0.2, Unit::Seconds, "200 ms");
        reads(1.5, Unit::Seconds, "1.5 s");
        reads(90.0, Unit::Seconds, "90 s");
        reads(300.0, Unit::Seconds, "5 min");
        reads(9_000.0, Unit::Seconds, "2.5 h");
        reads(864_000.0, Unit::Seconds, "10 d");
        reads(0.000_25, Unit::Seconds, "250 µs");
        reads(0.0, Unit::Seconds, "0 s");
    }

    #[test]
    fn rounding_comes_before_the_choice_of_unit() {
        reads(0.999_9, Unit::Seconds, "1 s");
        reads(0.099_96, Unit::Seconds, "100 ms");
        reads(119.99, Unit::Seconds, "2 min");
    }

    #[test]
    fn numbers_are_grouped_and_rounded_to_significant_digits() {
        reads(1_200.0, Unit::Number, "1 200");
        reads(1_234_567.0, Unit::Count, "1 234 567");
        reads(0.051_28, Unit::Number, "0.0513");
        reads(-2.5, Unit::Number, "−2.5");
        reads(1e20, Unit::Number, "1 × 10²⁰");
        reads(2.5e-9, Unit::Number, "2.5 × 10⁻⁹");
        reads(0.0, Unit::Number, "0");
        reads(12.0, Unit::PerSecond, "12/s");
        reads(0.9, Unit::PerSecond, "54/min");
        reads(0.005, Unit::PerSecond, "18/h");
    }

    #[test]
    fn nearly_all_is_not_all() {
        reads(0.5, Unit::Percent, "50 %");
        reads(1.0, Unit::Percent, "100 %");
        reads(0.999_9, Unit::Percent, "99.99 %");
        reads(0.8, Unit::Percent, "80 %");
    }

    #[test]
    fn what_is_no_number_is_not_dressed_as_one() {
        for unit in [
            Unit::Number,
            Unit::Percent,
            Unit::Seconds,
            Unit::PerSecond,
            Unit::Count,
        ] {
            assert_eq!(value(f64::NAN, unit), "–");
            assert_eq!(value(f64::INFINITY, unit), "∞");
        }
    }

    #[test]
    fn an_interval_has_one_unit() {
        assert_eq!(interval(0.096, 0.104, Unit::Seconds), "96–104\u{a0}ms");
        assert_eq!(interval(0.9, 1.1, Unit::Seconds), "0.9–1.1\u{a0}s");
        assert_eq!(interval(0.25, 0.5, Unit::Percent), "25–50\u{a0}%");
        assert_eq!(interval(0.05, 0.1, Unit::PerSecond), "3–6/min");
    }

    #[test]
    fn a_narrow_interval_shows_its_width() {
        let text = measured(0.010_021, 0.009_99, 0.010_05, Unit::Seconds).replace('\u{a0}', " ");
        assert_eq!(text, "10.02 ms (9.99–10.05 ms)");
        assert_eq!(measured(2.0, 2.0, 2.0, Unit::Number), "2 (2–2)");
    }
}
