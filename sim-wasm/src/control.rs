//! A control as the page shows it: the slider's positions, and values as they are typed and spoken.

use serde::Serialize;
use sim_core::InputError;
use sim_core::exhibits::{Control, ControlKind};
use sim_core::figure::Scale;
use sim_core::figure::format;
use sim_core::math;

/// Most positions of a slider.
const FINEST: f64 = 10_000.0;
const MOST_RUNGS: usize = 10_001;
/// Significant digits of a value as it is typed.
const DIGITS: usize = 6;

/// What a control stands at.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Stand {
    pub(crate) key: &'static str,
    /// As in the URL.
    pub(crate) value: String,
    /// As in the field, with its unit.
    pub(crate) text: String,
    /// Where the slider stands, of `steps`.
    pub(crate) position: f64,
    pub(crate) steps: f64,
}

impl Stand {
    /// What `control` stands at with the value `value`, given as in the URL.
    pub(crate) fn new(control: &Control, value: String) -> Self {
        let number = value.parse().ok();
        let text = match (&control.kind, number) {
            (ControlKind::Number { unit, .. }, Some(number)) => written(number, unit),
            _ => value.clone(),
        };
        Self {
            key: control.key,
            position: number.map_or(0.0, |number| position(control, number)),
            steps: steps(control),
            value,
            text,
        }
    }
}

/// The whole numbers of a logarithmic slider: steps of about its ratio, but of one at least.
fn ladder(control: &Control) -> Option<Vec<f64>> {
    let ControlKind::Number {
        min,
        max,
        step,
        scale: Scale::Log,
        whole: true,
        ..
    } = control.kind
    else {
        return None;
    };
    let next = |value: &f64| {
        let next = (value * (1.0 + step)).round().max(value + 1.0);
        (*value < max).then_some(next.min(max))
    };
    Some(
        std::iter::successors(Some(min), next)
            .take(MOST_RUNGS)
            .collect(),
    )
}

/// Number of steps of the slider from its lowest value to its highest.
fn steps(control: &Control) -> f64 {
    match control.kind {
        ControlKind::Number {
            min,
            max,
            step,
            scale,
            ..
        } => {
            let steps = match (ladder(control), scale) {
                (Some(ladder), _) => ladder.len() as f64 - 1.0,
                (None, Scale::Linear) => (max - min) / step,
                (None, Scale::Log) => math::ln(max / min) / math::ln_1p(step),
            };
            steps.round().clamp(1.0, FINEST)
        }
        ControlKind::Choice { .. } => 0.0,
    }
}

/// The slider's position for a value.
fn position(control: &Control, value: f64) -> f64 {
    let ControlKind::Number {
        min, max, scale, ..
    } = control.kind
    else {
        return 0.0;
    };
    if let Some(ladder) = ladder(control) {
        return ladder.partition_point(|rung| *rung < value) as f64;
    }
    let share = match scale {
        Scale::Linear => (value - min) / (max - min),
        Scale::Log => math::ln(value / min) / math::ln(max / min),
    };
    (share * steps(control)).round().clamp(0.0, steps(control))
}

/// The value at a slider's position, as in the URL.
pub(crate) fn at_position(control: &Control, position: f64) -> Option<String> {
    let ControlKind::Number {
        min, max, scale, ..
    } = control.kind
    else {
        return None;
    };
    let share = (position / steps(control)).clamp(0.0, 1.0);
    if let Some(ladder) = ladder(control) {
        let rung = (share * steps(control)).round();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "casts saturate"
        )]
        return ladder.get(rung as usize).map(ToString::to_string);
    }
    let value = match scale {
        Scale::Linear => min + share * (max - min),
        Scale::Log => min * math::pow(max / min, share),
    };
    // Three digits are as fine as a hand is; the ends are exact.
    let digits = if scale == Scale::Log { 3 } else { DIGITS };
    snapped(
        control,
        if share == 1.0 {
            max
        } else {
            rounded(value, digits)
        },
    )
}

/// The value nearest to `value` that is allowed and no finer than a fifth of the slider's step, as in the URL.
pub(crate) fn nearest(control: &Control, value: f64) -> Option<String> {
    let ControlKind::Number { step, scale, .. } = control.kind else {
        return None;
    };
    let fine = step / 5.0;
    let value = if scale == Scale::Linear {
        (value / fine).round() * fine
    } else {
        rounded(value, 3)
    };
    snapped(control, value)
}

fn snapped(control: &Control, value: f64) -> Option<String> {
    let ControlKind::Number {
        min, max, whole, ..
    } = control.kind
    else {
        return None;
    };
    let value = if whole {
        value.round()
    } else {
        rounded(value, DIGITS)
    };
    // `max` before `min`: what is not a number becomes the lowest value.
    Some(value.max(min).min(max).to_string())
}

/// A value as it stands in its field.
fn written(value: f64, unit: &str) -> String {
    match unit {
        "" => format::number(value, DIGITS),
        "%" => format!("{}\u{a0}%", format::number(value * 100.0, DIGITS)),
        _ => format!("{}\u{a0}{unit}", format::number(value, DIGITS)),
    }
}

/// Reads what somebody typed, with or without its unit, as the URL would have it.
///
/// # Errors
/// If it is not a number. Whether it is allowed is for the exhibit to say.
pub(crate) fn read(control: &Control, typed: &str) -> Result<String, InputError> {
    let ControlKind::Number { unit, .. } = control.kind else {
        return Ok(typed.to_owned());
    };
    let bare: String = typed
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '\u{202f}')
        .collect();
    let bare = bare
        .strip_suffix(unit)
        .unwrap_or(&bare)
        .replace(',', ".")
        .replace('−', "-");
    let number: f64 = bare
        .parse()
        .map_err(|_| InputError::malformed(control.key, typed, "a number"))?;
    let value = if unit == "%" {
        rounded(number / 100.0, 15)
    } else {
        number
    };
    Ok(value.to_string())
}

/// `value` to some significant digits.
fn rounded(value: f64, digits: usize) -> f64 {
    format!("{value:.*e}", digits - 1).parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn control(
        min: f64,
        max: f64,
        step: f64,
        scale: Scale,
        unit: &'static str,
        whole: bool,
    ) -> Control {
        let kind = ControlKind::Number {
            min,
            max,
            step,
            scale,
            unit,
            whole,
        };
        Control {
            key: "key",
            label: "label",
            symbol: "",
            kind,
            help: "",
            folded: false,
        }
    }

    #[test]
    fn a_slider_reaches_both_ends_and_its_values_come_back() {
        for control in [
            control(0.05, 1.2, 0.01, Scale::Linear, "%", false),
            control(1.0, 64.0, 1.0, Scale::Linear, "", true),
            control(0.1, 10_000.0, 0.05, Scale::Log, "ms", false),
        ] {
            let ControlKind::Number { min, max, .. } = control.kind else {
                unreachable!()
            };
            let steps = steps(&control);
            assert_eq!(at_position(&control, 0.0).unwrap(), min.to_string());
            assert_eq!(at_position(&control, steps).unwrap(), max.to_string());
            assert_eq!(at_position(&control, f64::NAN).unwrap(), min.to_string());
            let positions = std::iter::successors(Some(0.0), |position| Some(position + 1.0));
            for step in positions.take_while(|position| *position <= steps) {
                let value = at_position(&control, step).unwrap();
                assert_eq!(position(&control, value.parse().unwrap()), step, "{value}");
            }
        }
    }

    #[test]
    fn values_are_typed_as_they_are_written() {
        let share = control(0.05, 1.2, 0.01, Scale::Linear, "%", false);
        for (typed, value) in [
            ("90", "0.9"),
            ("90 %", "0.9"),
            (" 35.1%", "0.351"),
            ("7,5\u{a0}%", "0.075"),
            ("-3", "-0.03"),
        ] {
            assert_eq!(read(&share, typed).unwrap(), value);
        }
        let time = control(0.1, 1e4, 0.05, Scale::Log, "ms", false);
        assert_eq!(Stand::new(&time, "1250".into()).text, "1\u{a0}250\u{a0}ms");
        assert_eq!(read(&time, "1\u{a0}250\u{a0}ms").unwrap(), "1250");
        for nonsense in ["", "ten", "1e", "--1", "1..2"] {
            assert!(read(&time, nonsense).is_err(), "{nonsense}");
        }
    }

    #[test]
    fn a_hand_on_the_curve_stays_in_range_and_on_round_numbers() {
        let share = control(0.05, 1.2, 0.01, Scale::Linear, "%", false);
        assert_eq!(nearest(&share, 0.900_123).unwrap(), "0.9");
        assert_eq!(nearest(&share, 9.0).unwrap(), "1.2");
        assert_eq!(nearest(&share, f64::NAN).unwrap(), "0.05");
    }
}
