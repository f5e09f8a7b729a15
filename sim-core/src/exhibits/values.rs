//! Slider values as text: read and checked against the table of controls, and written back as a URL query.

use std::fmt::Write;

use serde_json::{Map, Number, Value};

use super::{Control, ControlKind};
use crate::error::InputError;
use crate::wording::{self, between};

/// The largest whole number that every f64 up to it is exact for, 2⁵³.
const EXACT: f64 = 9_007_199_254_740_992.0;
/// No value is longer; what is quoted in an error is cut here.
const LONGEST: usize = 40;

/// Puts every sensible pair into `map` (later pairs win) and returns what is wrong with the others.
pub(super) fn read(
    controls: &[Control],
    pairs: &[(String, String)],
    map: &mut Map<String, Value>,
) -> Vec<InputError> {
    let mut errors = Vec::new();
    for (key, text) in pairs {
        let Some(control) = controls.iter().find(|control| control.key == key) else {
            let known: Vec<_> = controls.iter().map(|control| control.key).collect();
            errors.push(InputError::unknown("", shortened(key), known.join(", ")));
            continue;
        };
        match value(control, text) {
            Ok(value) => drop(map.insert(key.clone(), value)),
            Err(error) => errors.push(error),
        }
    }
    errors
}

/// The values in `map` that differ from `defaults`, as `key=value` joined by `&`, in the controls' order.
pub(super) fn query(
    controls: &[Control],
    map: &Map<String, Value>,
    defaults: &Map<String, Value>,
) -> String {
    let mut query = String::new();
    for control in controls {
        let (Some(value), default) = (map.get(control.key), defaults.get(control.key)) else {
            continue;
        };
        if Some(value) != default {
            let separator = if query.is_empty() { "" } else { "&" };
            let text = match value {
                Value::String(name) => name.clone(),
                // The shortest decimal that reads back equal, without the `.0` that JSON writes.
                other => other
                    .as_f64()
                    .map_or_else(String::new, |number| number.to_string()),
            };
            // Writing to a string cannot fail. Keys, numbers and option names need no escaping; a test says so.
            let _ = write!(query, "{separator}{}={text}", control.key);
        }
    }
    query
}

fn value(control: &Control, text: &str) -> Result<Value, InputError> {
    match control.kind {
        ControlKind::Number {
            min,
            max,
            unit,
            whole,
            ..
        } => {
            let number = number(text, unit).filter(|number| (min..=max).contains(number));
            let number = number.filter(|number| !whole || number.fract() == 0.0);
            number
                .and_then(|number| json(number, whole))
                .ok_or_else(|| {
                    InputError::out_of_range(
                        control.key,
                        shortened(text),
                        allowed(whole, min, max, unit),
                    )
                })
        }
        ControlKind::Choice { options } => {
            let found = options.iter().find(|(name, _)| *name == text.trim());
            found.map(|(name, _)| Value::from(*name)).ok_or_else(|| {
                let known: Vec<_> = options.iter().map(|(name, _)| *name).collect();
                InputError::unknown(control.key, shortened(text), known.join(", "))
            })
        }
    }
}

/// Reads `0.9`, and for shares `90%` too.
fn number(text: &str, unit: &str) -> Option<f64> {
    let text = text.trim();
    let number: f64 = match text.strip_suffix('%') {
        Some(percent) if unit == "%" => percent.trim_end().parse::<f64>().ok()? / 100.0,
        _ => text.parse().ok()?,
    };
    // Minus zero would make another URL and another scenario of the same value.
    number.is_finite().then_some(number + 0.0)
}

fn json(number: f64, whole: bool) -> Option<Value> {
    if whole && number.abs() <= EXACT {
        // Whole and exact, so the cast keeps the value.
        #[allow(clippy::cast_possible_truncation)]
        return Some(Value::from(number as i64));
    }
    Number::from_f64(number).map(Value::Number)
}

/// `between 1% and 120%`, `a whole number between 1 and 64`, `between 1 and 500 ms`.
fn allowed(whole: bool, min: f64, max: f64, unit: &str) -> String {
    let kind = if whole { "a whole number " } else { "" };
    match unit {
        "" => format!("{kind}{}", between(min, max)),
        // Shares are not rounded: a control's ends are whole percents, or written with few digits.
        "%" => format!("between {}% and {}%", percent(min), percent(max)),
        unit => format!("{kind}{} {unit}", between(min, max)),
    }
}

fn percent(share: f64) -> String {
    wording::number((share * 1e8).round() / 1e6)
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    text.chars().take(LONGEST).chain(['…']).collect()
}
