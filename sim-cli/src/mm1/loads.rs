//! Which loads to simulate: utilizations one by one, evenly over a range, or one arrival rate.

use std::str::FromStr;

use sim_core::wording::counted;

use crate::common::numbers::number;

/// The lowest and the highest utilization that can be asked for.
const LIMITS: (f64, f64) = (1e-6, 1000.0);
/// The most points of one curve.
pub(crate) const MAX_POINTS: usize = 1000;
/// Points of a range when `--points` does not say.
const POINTS: usize = 18;

/// The utilizations of `--utilization`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Utilizations {
    /// `0.5` or `0.1,0.5,0.9`.
    List(Vec<f64>),
    /// `0.1..0.95`, both ends included.
    Range(f64, f64),
}

impl Utilizations {
    /// 10 % to 95 %: the curve that is shown when nothing is asked for.
    pub(crate) fn usual() -> Self {
        Self::List(vec![0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95])
    }

    /// The values, a range cut into `points`.
    pub(crate) fn values(&self, points: Option<usize>) -> Vec<f64> {
        match *self {
            Self::List(ref values) => values.clone(),
            Self::Range(low, high) => {
                let points = points.unwrap_or(POINTS);
                let steps = (points - 1) as f64;
                (0..points)
                    .map(|i| tidy(low + (high - low) * i as f64 / steps))
                    .collect()
            }
        }
    }
}

/// The nearest number of twelve decimals: 0.15 instead of 0.15000000000000002.
fn tidy(value: f64) -> f64 {
    (value * 1e12).round() / 1e12
}

impl FromStr for Utilizations {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let one = |part: &str| {
            number(part, LIMITS.0, LIMITS.1).map_err(|allowed| {
                format!(
                    "`{part}` cannot be read: {allowed}; write several as 0.1,0.5,0.9 and a range as 0.1..0.95"
                )
            })
        };
        if let Some((low, high)) = text.split_once("..") {
            let (low, high) = (one(low)?, one(high.trim_start_matches('='))?);
            if low < high {
                return Ok(Self::Range(low, high));
            }
            return Err(format!(
                "the end of a range must be above its start; this one goes from {low} to {high}"
            ));
        }
        let values = text.split(',').map(one).collect::<Result<Vec<f64>, _>>()?;
        if values.len() > MAX_POINTS {
            return Err(format!(
                "a list takes at most {}; this one has {}",
                counted(MAX_POINTS as u64, "value"),
                values.len()
            ));
        }
        Ok(Self::List(values))
    }
}
