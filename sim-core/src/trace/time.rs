//! One arrival time as text: seconds as a decimal number, or a timestamp in the manner of RFC 3339.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// What [`parse_time`] reads, for messages.
pub(super) const ALLOWED: &str = "seconds (a number of at least 0 and at most 1e12) or a timestamp \
     such as 2023-11-16 18:17:03.9799600 or 2023-11-16T18:17:03Z, with at most nine decimals";

/// The latest time in seconds that is taken: 31 thousand years.
const MAX_SECONDS: f64 = 1e12;
const NANOSECONDS: i128 = 1_000_000_000;

/// What kind of clock wrote a time. Times of different kinds cannot be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clock {
    /// Seconds since some moment.
    Seconds,
    /// A date and time of day without an offset; taken as if its days all had 24 hours.
    Local,
    /// A date and time with an offset from UTC.
    Zoned,
}

impl Clock {
    /// What its times look like, for messages.
    pub(super) fn describe(self) -> &'static str {
        match self {
            Self::Seconds => "a number of seconds like the lines before",
            Self::Local => "a timestamp without offset like the lines before",
            Self::Zoned => "a timestamp with Z or an offset like the lines before",
        }
    }
}

/// Reads a time as nanoseconds since its clock's own zero; `None` if it is not one.
pub(super) fn parse_time(text: &str) -> Option<(Clock, i128)> {
    if let Some(nanoseconds) = decimal(text).or_else(|| scientific(text)) {
        return Some((Clock::Seconds, nanoseconds));
    }
    if let Ok(time) = text.parse::<Timestamp>() {
        return Some((Clock::Zoned, time.as_nanosecond()));
    }
    let local: DateTime = text.parse().ok()?;
    let time = local.to_zoned(TimeZone::UTC).ok()?.timestamp();
    Some((Clock::Local, time.as_nanosecond()))
}

/// A plain decimal number of seconds, exactly; digits after the ninth decimal are rounded away.
fn decimal(text: &str) -> Option<i128> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 12 || !digits(whole) || !digits(fraction) {
        return None;
    }
    let mut nanoseconds: i128 = whole.parse().ok()?;
    let mut decimals = fraction.bytes().map(|digit| i128::from(digit - b'0'));
    for _ in 0..9 {
        nanoseconds = nanoseconds * 10 + decimals.next().unwrap_or(0);
    }
    Some(nanoseconds + i128::from(decimals.next().unwrap_or(0) >= 5))
}

/// Any other spelling of a floating-point number of seconds, such as `1.5e3`.
#[expect(
    clippy::cast_possible_truncation,
    reason = "at most 1e21, far below the limit of 128 bits"
)]
fn scientific(text: &str) -> Option<i128> {
    let seconds: f64 = text.parse().ok()?;
    (0.0..=MAX_SECONDS)
        .contains(&seconds)
        .then(|| (seconds * NANOSECONDS as f64).round() as i128)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_keep_every_decimal() {
        for (text, nanoseconds) in [
            ("0", 0),
            ("1700158623.9799601", 1_700_158_623_979_960_100),
            ("12.5", 12_500_000_000),
            ("0.0000000014", 1),
            ("0.30000000000000004", 300_000_000),
            ("7.", 7_000_000_000),
            ("1e-7", 100),
            ("1.5E3", 1_500_000_000_000),
        ] {
            assert_eq!(
                parse_time(text),
                Some((Clock::Seconds, nanoseconds)),
                "{text}"
            );
        }
    }

    #[test]
    fn timestamps_in_their_usual_spellings_agree() {
        let expected = 1_700_158_623_979_960_000;
        for (text, clock) in [
            ("2023-11-16 18:17:03.9799600", Clock::Local),
            ("2023-11-16T18:17:03.97996", Clock::Local),
            ("2023-11-16T18:17:03.979960000Z", Clock::Zoned),
            ("2023-11-16 20:17:03.97996+02:00", Clock::Zoned),
        ] {
            assert_eq!(parse_time(text), Some((clock, expected)), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "-1",
            "NaN",
            "inf",
            "1e308",
            "1e13",
            "1,5",
            "noon",
            "2023-13-01 00:00:00",
            "2023-11-16 18:17:03.1234567891",
            "16/11/2023 18:17",
        ] {
            assert_eq!(parse_time(text), None, "{text}");
        }
    }
}
