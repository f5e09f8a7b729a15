//! Laws by name, as on a command line: `exponential`, `erlang:4`, `lognormal:2`.

use super::{
    BoundedPareto, Distribution, Empirical, Erlang, Exponential, Hyperexponential, Lognormal,
    MixedErlang, Pareto, Uniform, Weibull,
};
use crate::error::InputError;

/// The names that [`Distribution::parse`] knows, for messages and help.
const NAMES: &str = "exponential, deterministic, uniform[:spread], erlang:stages, mixed-erlang:scv, \
     hyperexponential:scv, lognormal:scv, weibull:shape, pareto:shape, bounded-pareto:shape:ratio, empirical:v1;v2;…";

impl Distribution {
    /// The names that [`Distribution::parse`] knows, for messages and help.
    pub const NAMES: &'static str = NAMES;

    /// Reads a law's name and shape, `exponential` or `erlang:4`, as the law of that shape with the given `mean`, seconds.
    /// `uniform:spread` lies within ± spread of the mean (a share of it, 1 where absent); `bounded-pareto:shape:ratio` has a
    /// highest value `ratio` times the lowest; `empirical` lists values in any unit, scaled to the mean.
    ///
    /// # Errors
    /// Names `field`, the text and what is allowed.
    pub fn parse(field: &str, text: &str, mean: f64) -> Result<Self, InputError> {
        let (name, arguments) = match text.split_once(':') {
            Some((name, rest)) => (name, Some(rest)),
            None => (text, None),
        };
        let number = || argument(field, text, arguments);
        let law = match (name, arguments) {
            ("exponential", None) => Self::Exponential(Exponential { mean }),
            ("deterministic", None) => Self::deterministic(mean),
            ("uniform", None) => uniform(field, mean, 1.0)?,
            ("uniform", Some(_)) => uniform(field, mean, number()?)?,
            ("erlang", _) => Self::Erlang(Erlang {
                stages: whole(field, number()?)?,
                mean,
            }),
            ("mixed-erlang", _) => Self::MixedErlang(MixedErlang {
                mean,
                scv: number()?,
            }),
            ("hyperexponential", _) => Self::Hyperexponential(Hyperexponential {
                mean,
                scv: number()?,
            }),
            ("lognormal", _) => Self::Lognormal(Lognormal {
                mean,
                scv: number()?,
            }),
            ("weibull", _) => Self::Weibull(Weibull {
                mean,
                shape: number()?,
            }),
            ("pareto", _) => Self::Pareto(Pareto {
                mean,
                shape: number()?,
            }),
            ("bounded-pareto", Some(rest)) => bounded_pareto(field, text, rest, mean)?,
            ("empirical", Some(rest)) => empirical(field, text, rest, mean)?,
            _ => return Err(InputError::unknown(field, text, NAMES)),
        };
        law.validate()
            .map_err(|error| parameter(field, text, error))?;
        Ok(law)
    }

    /// The text that [`Distribution::parse`] reads back as this law, given its mean; `None` for a record too long for a
    /// command line.
    pub fn spec(&self) -> Option<String> {
        Some(match self {
            Self::Exponential(_) => "exponential".into(),
            Self::Deterministic(_) => "deterministic".into(),
            Self::Uniform(law) => {
                format!("uniform:{}", (law.high - law.low) / (law.high + law.low))
            }
            Self::Erlang(law) => format!("erlang:{}", law.stages),
            Self::MixedErlang(law) => format!("mixed-erlang:{}", law.scv),
            Self::Hyperexponential(law) => format!("hyperexponential:{}", law.scv),
            Self::Lognormal(law) => format!("lognormal:{}", law.scv),
            Self::Weibull(law) => format!("weibull:{}", law.shape),
            Self::Pareto(law) => format!("pareto:{}", law.shape),
            Self::BoundedPareto(law) => {
                format!("bounded-pareto:{}:{}", law.shape, law.high / law.low)
            }
            Self::Empirical(law) if law.values.len() <= 100 => {
                let values: Vec<String> = law.values.iter().map(f64::to_string).collect();
                format!("empirical:{}", values.join(";"))
            }
            Self::Empirical(_) => return None,
        })
    }
}

/// An error of a law that a text describes: `--service lognormal:-1: scv`.
fn parameter(field: &str, text: &str, error: InputError) -> InputError {
    match error {
        InputError::OutOfRange {
            field: name,
            value,
            allowed,
        } => InputError::out_of_range(format!("{field} {text}: {name}"), value, allowed),
        other => other.within(&format!("{field} {text}")),
    }
}

fn argument(field: &str, text: &str, argument: Option<&str>) -> Result<f64, InputError> {
    let argument = argument.ok_or_else(|| {
        InputError::malformed(
            field,
            text,
            format!("written with its number, such as `{text}:4`"),
        )
    })?;
    number(field, text, argument)
}

fn number(field: &str, text: &str, argument: &str) -> Result<f64, InputError> {
    argument.trim().parse().map_err(|_| {
        InputError::malformed(
            field,
            text,
            "a law's name, a colon and a number, such as `lognormal:4`",
        )
    })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked to be whole and in range"
)]
fn whole(field: &str, value: f64) -> Result<u32, InputError> {
    let limit = f64::from(super::erlang::MAX_STAGES);
    if value.fract() == 0.0 && (1.0..=limit).contains(&value) {
        Ok(value as u32)
    } else {
        Err(InputError::out_of_range(
            field,
            value,
            format!("a whole number 1..={limit}"),
        ))
    }
}

fn uniform(field: &str, mean: f64, spread: f64) -> Result<Distribution, InputError> {
    crate::error::in_range(field, spread, 0.0, 1.0)?;
    Ok(Distribution::Uniform(Uniform {
        low: mean * (1.0 - spread),
        high: mean * (1.0 + spread),
    }))
}

fn bounded_pareto(
    field: &str,
    text: &str,
    rest: &str,
    mean: f64,
) -> Result<Distribution, InputError> {
    let (shape, ratio) = rest.split_once(':').ok_or_else(|| {
        InputError::malformed(
            field,
            text,
            "written with two numbers, such as `bounded-pareto:1.5:1000`",
        )
    })?;
    let (shape, ratio) = (number(field, text, shape)?, number(field, text, ratio)?);
    crate::error::in_range(field, shape, 0.01, 100.0)?;
    crate::error::in_range(field, ratio, 1.01, 1e9)?;
    Ok(Distribution::BoundedPareto(BoundedPareto::with_mean(
        mean, shape, ratio,
    )))
}

fn empirical(field: &str, text: &str, rest: &str, mean: f64) -> Result<Distribution, InputError> {
    let mut values = rest
        .split(';')
        .map(|value| number(field, text, value))
        .collect::<Result<Vec<f64>, _>>()?;
    for &value in &values {
        crate::error::in_range(field, value, 0.0, super::MAX_MEAN)?;
    }
    let average = values.iter().sum::<f64>() / values.len() as f64;
    if average <= 0.0 {
        return Err(InputError::out_of_range(
            field,
            text,
            "a list with a value above 0",
        ));
    }
    values.sort_by(f64::total_cmp);
    // Divided first: a record already at its mean keeps its values to the bit.
    for value in &mut values {
        *value *= mean / average;
    }
    Ok(Distribution::Empirical(Empirical { values }))
}
