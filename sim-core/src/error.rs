//! What is wrong with a value that came from outside.
//!
//! Every input (command line, URL, JSON, trace, slider) is checked here in `sim-core` and refused with an
//! [`InputError`] that names the field, the value and what would be allowed. A programmer's mistake is an
//! `assert!` instead.

use std::fmt::{self, Display};

use serde::Serialize;

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

    /// A load that no steady state exists for.
    pub fn unstable(field: impl Into<String>, utilization: f64) -> Self {
        Self::Unstable {
            field: field.into(),
            value: utilization.to_string(),
            allowed: "utilization below 1".into(),
        }
    }

    /// The path of the field that is wrong.
    pub fn field(&self) -> &str {
        match self {
            Self::OutOfRange { field, .. }
            | Self::Unknown { field, .. }
            | Self::Malformed { field, .. }
            | Self::Missing { field, .. }
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
            | Self::Unstable { field, .. } => {
                *field = if field.is_empty() {
                    prefix.to_owned()
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
        match self {
            Self::OutOfRange {
                field,
                value,
                allowed,
            } => {
                write!(f, "{field}: {value} is not in {allowed}")
            }
            Self::Unknown {
                field,
                value,
                allowed,
            } => {
                write!(f, "{field}: `{value}` is not one of {allowed}")
            }
            Self::Malformed {
                field,
                value,
                allowed,
            } => {
                write!(f, "{field}: `{value}` is not {allowed}")
            }
            Self::Missing { field, allowed } => write!(f, "{field}: missing; expected {allowed}"),
            Self::Unstable {
                field,
                value,
                allowed,
            } => write!(
                f,
                "{field}: utilization {value} has no steady state; allowed is {allowed}"
            ),
        }
    }
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
        Err(InputError::out_of_range(
            field,
            value,
            format!("{low:?}..={high:?}"),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_field_value_and_range() {
        let error = in_range("servers", 0.0, 1.0, 10.0).unwrap_err();
        assert_eq!(error.to_string(), "servers: 0 is not in 1.0..=10.0");
        assert_eq!(error.within("station").field(), "station.servers");
    }

    #[test]
    fn what_is_not_finite_is_out_of_every_range() {
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert!(in_range("x", value, -1e300, 1e300).is_err());
        }
    }
}
