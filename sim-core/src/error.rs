//! What is wrong with a value that came from outside.
//!
//! Every input (command line, URL, JSON, trace, slider) is checked here in `sim-core` and refused with an
//! [`InputError`] that names the field, the value and what would be allowed. A programmer's mistake is an
//! `assert!` instead.
//!
//! The parts of an error may have ranges of Rust, `1..=10`, and text from outside, control characters included: [`Display`] puts them
//! into words and escapes, so that code that only passes errors on carries no words.

use std::fmt::{self, Display};

use serde::Serialize;

use crate::wording::{nearest, number, ranges, visible};

/// A value from outside that cannot be used, and what could be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum InputError {
    /// A number outside its range, or not a finite number at all.
    OutOfRange {
        /// Path of the field, such as `station.servers` or `--servers`.
        field: String,
        /// The value as given.
        value: String,
        /// The allowed range, such as `1..=1000000`.
        allowed: String,
    },
    /// A name that is not among the known ones.
    Unknown {
        /// Path of the field.
        field: String,
        /// The name as given.
        value: String,
        /// The known names.
        allowed: String,
    },
    /// Text that does not read as what it should be.
    Malformed {
        /// Path of the field, or the line and column of a file.
        field: String,
        /// The text as given.
        value: String,
        /// What was expected there.
        allowed: String,
    },
    /// Something required is not there.
    Missing {
        /// Path of the field.
        field: String,
        /// What was expected there.
        allowed: String,
    },
    /// A text is not written in the language that it should be in.
    Syntax {
        /// Path of the field, empty where it is a whole file.
        field: String,
        /// The language, `TOML` or `JSON`.
        language: String,
        /// What is wrong with it, in words.
        problem: String,
    },
    /// A value that is refused for a reason of its own.
    Rejected {
        /// Path of the field.
        field: String,
        /// The reason, in words.
        reason: String,
    },
    /// Demand is at or above capacity and the room is infinite: there is no steady state to ask for.
    Unstable {
        /// Path of the field that sets the load.
        field: String,
        /// Offered load per server, ρ = λ/(cμ), as text.
        value: String,
        /// The allowed range of ρ.
        allowed: String,
    },
}

impl InputError {
    /// A number outside `allowed`.
    pub fn out_of_range(
        field: impl Into<String>,
        value: impl Display,
        allowed: impl Into<String>,
    ) -> Self {
        Self::OutOfRange {
            field: field.into(),
            value: value.to_string(),
            allowed: allowed.into(),
        }
    }

    /// A name that is not one of `allowed`.
    pub fn unknown(
        field: impl Into<String>,
        value: impl Display,
        allowed: impl Into<String>,
    ) -> Self {
        Self::Unknown {
            field: field.into(),
            value: value.to_string(),
            allowed: allowed.into(),
        }
    }

    /// Text that is not `expected`.
    pub fn malformed(
        field: impl Into<String>,
        value: impl Display,
        expected: impl Into<String>,
    ) -> Self {
        Self::Malformed {
            field: field.into(),
            value: value.to_string(),
            allowed: expected.into(),
        }
    }

    /// A required thing that is absent.
    pub fn missing(field: impl Into<String>, expected: impl Into<String>) -> Self {
        Self::Missing {
            field: field.into(),
            allowed: expected.into(),
        }
    }

    /// A value that is refused for `reason`, a sentence that says what to write instead.
    pub fn rejected(field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Rejected {
            field: field.into(),
            reason: reason.into(),
        }
    }

    /// A load that no steady state exists for.
    pub fn unstable(field: impl Into<String>, utilization: f64) -> Self {
        Self::Unstable {
            field: field.into(),
            value: utilization.to_string(),
            allowed: "utilization below 100%".into(),
        }
    }

    /// The path of the field that is wrong.
    pub fn field(&self) -> &str {
        match self {
            Self::OutOfRange { field, .. }
            | Self::Unknown { field, .. }
            | Self::Malformed { field, .. }
            | Self::Missing { field, .. }
            | Self::Syntax { field, .. }
            | Self::Rejected { field, .. }
            | Self::Unstable { field, .. } => field,
        }
    }

    /// The same error with `prefix.` before its field, for a value nested in a larger document.
    #[must_use]
    pub fn within(mut self, prefix: &str) -> Self {
        match &mut self {
            Self::OutOfRange { field, .. }
            | Self::Unknown { field, .. }
            | Self::Malformed { field, .. }
            | Self::Missing { field, .. }
            | Self::Syntax { field, .. }
            | Self::Rejected { field, .. }
            | Self::Unstable { field, .. } => {
                *field = if field.is_empty() {
                    prefix.to_owned()
                } else if prefix.is_empty() {
                    std::mem::take(field)
                } else if field.starts_with('[') {
                    format!("{prefix}{field}")
                } else {
                    format!("{prefix}.{field}")
                };
            }
        }
        self
    }
}

impl Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let field = visible(self.field());
        match self {
            Self::OutOfRange { value, allowed, .. } => {
                must_be(f, &field, &visible(value), &words(allowed))
            }
            Self::Malformed { value, allowed, .. } => {
                must_be(f, &field, &format!("`{}`", visible(value)), &words(allowed))
            }
            Self::Unknown { value, allowed, .. } => {
                let (value, allowed) = (visible(value), words(allowed));
                write!(f, "{}`{value}` is not known here", lead(&field))?;
                let plain = |it| str::split(it, [':', '[']).next().unwrap_or(it);
                match nearest(&value, allowed.split(", ").map(plain)) {
                    _ if allowed.is_empty() => Ok(()),
                    Some(meant) => write!(f, "; did you mean `{meant}`? Known: {allowed}"),
                    None if is_remark(&allowed) => write!(f, ": {allowed}"),
                    None => write!(f, "; known: {allowed}"),
                }
            }
            Self::Missing { allowed, .. } if field.is_empty() => {
                write!(f, "missing: {}", words(allowed))
            }
            Self::Missing { allowed, .. } => {
                write!(f, "{field} is missing; needed: {}", words(allowed))
            }
            Self::Syntax {
                language, problem, ..
            } => write!(f, "{}no valid {language}: {problem}", lead(&field)),
            Self::Rejected { reason, .. } => write!(f, "{}{}", lead(&field), visible(reason)),
            Self::Unstable { value, .. } => {
                let percent = |it: f64| number((it * 1e6).round() / 1e4);
                let load = value.parse().map_or_else(|_| value.clone(), percent);
                write!(
                    f,
                    "{field}: the load is {load}% of capacity, so the queue grows without end; a steady state needs a \
                     utilization below 100%"
                )
            }
        }
    }
}

/// What is allowed, for people.
fn words(allowed: &str) -> String {
    ranges(&visible(allowed))
}

/// The field before what is said about it; nothing for a whole document.
fn lead(field: &str) -> String {
    if field.is_empty() {
        String::new()
    } else {
        format!("{field}: ")
    }
}

/// `servers must be between 1 and 10; it is 0`. Where what is allowed is a sentence of its own, the value goes first.
fn must_be(f: &mut fmt::Formatter<'_>, field: &str, value: &str, allowed: &str) -> fmt::Result {
    match (field, allowed.contains(": ") || allowed.contains("; ")) {
        ("", _) => write!(f, "must be {allowed}, not {value}"),
        (_, true) => write!(f, "{field} is {value}; it must be {allowed}"),
        (_, false) => write!(f, "{field} must be {allowed}; it is {value}"),
    }
}

/// Whether this says why nothing is known, in place of a list of names.
fn is_remark(allowed: &str) -> bool {
    allowed.starts_with("there ") || allowed.starts_with("none")
}

impl std::error::Error for InputError {}

/// Checks that `value` is finite and lies in `low..=high`; NaN and infinities are refused.
///
/// # Errors
/// [`InputError::OutOfRange`] naming `field`, the value and the range.
pub fn in_range(field: &str, value: f64, low: f64, high: f64) -> Result<f64, InputError> {
    if value >= low && value <= high {
        Ok(value)
    } else {
        let allowed = format!("{low:?}..={high:?}");
        Err(InputError::out_of_range(field, value, allowed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_field_value_and_range() {
        let error = in_range("servers", 0.0, 1.0, 10.0).unwrap_err();
        assert_eq!(
            error.to_string(),
            "servers must be between 1 and 10; it is 0"
        );
        assert_eq!(error.clone().within("station").field(), "station.servers");
        assert_eq!(error.clone().within("").field(), "servers");
        assert_eq!(
            error.within("s").to_string(),
            "s.servers must be between 1 and 10; it is 0"
        );
        let entry = InputError::missing("[2]", "a name").within("sizes");
        assert_eq!(entry.to_string(), "sizes[2] is missing; needed: a name");
    }

    #[test]
    fn every_kind_reads_as_a_sentence() {
        for (error, sentence) in [
            (
                InputError::out_of_range("servers", 0, "1..=1000000"),
                "servers must be between 1 and 1,000,000; it is 0",
            ),
            (
                InputError::out_of_range("time", 3, "later than the line above: sort the file"),
                "time is 3; it must be later than the line above: sort the file",
            ),
            (
                InputError::malformed("line 3", "noon", "a number of seconds"),
                "line 3 must be a number of seconds; it is `noon`",
            ),
            (
                InputError::unknown("path[0].work.at", "wep", "db, web"),
                "path[0].work.at: `wep` is not known here; did you mean `web`? Known: db, web",
            ),
            (
                InputError::unknown("path[0].work.at", "x", "db, web"),
                "path[0].work.at: `x` is not known here; known: db, web",
            ),
            (
                InputError::unknown("path[0].hold.pool", "p", "there is no pool"),
                "path[0].hold.pool: `p` is not known here: there is no pool",
            ),
            (
                InputError::unstable("resources.db", 2.25),
                "resources.db: the load is 225% of capacity, so the queue grows without end; a steady state needs a utilization \
                 below 100%",
            ),
        ] {
            assert_eq!(error.to_string(), sentence);
        }
    }

    #[test]
    fn what_comes_from_outside_is_escaped() {
        let error = InputError::unknown("at\u{1b}[2J", "w\u{7}", "a\r\nb").within("\u{9b}");
        assert!(!error.to_string().contains(char::is_control), "{error}");
    }

    #[test]
    fn what_is_not_finite_is_out_of_every_range() {
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert!(in_range("x", value, -1e300, 1e300).is_err());
        }
    }
}
