//! `--sweep path=from..to:points`, or a list: a scenario at several values of one of its fields.

use std::str::FromStr;

use sim_core::document::{Node, Place};
use sim_core::wording::{counted, number as in_words};

use crate::common::numbers::{number, whole};

/// The most points of a sweep.
const MAX_POINTS: usize = 1000;
/// Points of a range that does not say.
const POINTS: usize = 9;

/// A field and the values that it takes.
#[derive(Debug, Clone)]
pub(crate) struct Sweep {
    /// The field.
    pub(crate) address: Place,
    /// Its values in order.
    pub(crate) values: Vec<Node>,
}

impl FromStr for Sweep {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (address, values) = text
            .split_once('=')
            .ok_or("it must be written as path=from..to:points or path=a,b,c")?;
        let values = match values.split_once("..") {
            Some((from, rest)) => range(from, rest)?,
            None => values.split(',').map(Node::written).collect(),
        };
        if values.len() > MAX_POINTS {
            return Err(format!(
                "a sweep takes at most {}; this one has {}",
                counted(MAX_POINTS as u64, "value"),
                values.len()
            ));
        }
        Ok(Self {
            address: address.parse()?,
            values,
        })
    }
}

fn range(from: &str, rest: &str) -> Result<Vec<Node>, String> {
    let (to, points) = match rest.split_once(':') {
        Some((to, points)) => (to, whole(points, 2, MAX_POINTS as u64)?),
        None => (rest, POINTS as u64),
    };
    let one =
        |text: &str| number(text, -1e15, 1e15).map_err(|allowed| format!("`{text}`: {allowed}"));
    let (from, to) = (one(from)?, one(to.trim_start_matches('='))?);
    if from >= to {
        return Err(format!(
            "the end of a range must be above its start; this one goes from {} to {}",
            in_words(from),
            in_words(to)
        ));
    }
    let steps = (points - 1) as f64;
    let at = |i: u64| tidy(from + (to - from) * i as f64 / steps, to - from);
    Ok((0..points).map(|i| Node::number(at(i))).collect())
}

/// The nearest number of twelve digits after the first of the range's width: 0.15 instead of 0.15000000000000002.
fn tidy(value: f64, width: f64) -> f64 {
    let text = format!("{width:e}");
    let exponent: i32 = text
        .split_once('e')
        .and_then(|it| it.1.parse().ok())
        .unwrap_or(0);
    let decimals = usize::try_from(12 - exponent).unwrap_or(0).min(30);
    format!("{value:.decimals$}").parse().unwrap_or(value)
}
