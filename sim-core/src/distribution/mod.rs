//! Laws of gaps and service times, one file each.

use serde::{Deserialize, Serialize};

use crate::error::InputError;

/// A law of a non-negative duration, in seconds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Distribution {
    /// Memoryless, by its mean.
    Exponential { mean: f64 },
    /// Always the same value.
    Deterministic { value: f64 },
    /// Equally likely between two bounds.
    Uniform { low: f64, high: f64 },
    /// A sum of `stages` exponentials; SCV 1/stages.
    Erlang { stages: u32, mean: f64 },
    /// A mixture of two Erlangs of neighbouring stages with a common rate; any SCV in (0, 1].
    MixedErlang { mean: f64, scv: f64 },
    /// A mixture of two exponentials with balanced means; any SCV of at least 1.
    Hyperexponential { mean: f64, scv: f64 },
    /// The exponential of a normal variable.
    Lognormal { mean: f64, scv: f64 },
    /// Weibull by its shape.
    Weibull { mean: f64, shape: f64 },
    /// Pareto (type I) by its shape α.
    Pareto { mean: f64, shape: f64 },
    /// Pareto cut off above.
    BoundedPareto { low: f64, high: f64, shape: f64 },
    /// One of the given values, equally likely.
    Empirical { values: Vec<f64> },
}

impl Distribution {
    /// Mean, seconds; `None` where it is infinite.
    pub fn mean(&self) -> Option<f64> {
        todo!()
    }
    /// Squared coefficient of variation; `None` where it is infinite.
    pub fn scv(&self) -> Option<f64> {
        todo!()
    }
    /// The value not exceeded with probability `p`, where a closed form exists.
    pub fn quantile(&self, p: f64) -> Option<f64> {
        let _ = p;
        todo!()
    }
    /// Checks the parameters.
    ///
    /// # Errors
    /// Names the parameter that is wrong.
    pub fn validate(&self) -> Result<(), InputError> {
        todo!()
    }
    /// Reads `exponential`, `erlang:4`, `hyperexponential:9`, … as a law of the given mean.
    ///
    /// # Errors
    /// Names `field` and lists the known laws.
    pub fn parse(field: &str, text: &str, mean: f64) -> Result<Self, InputError> {
        let _ = (field, text, mean);
        todo!()
    }
    /// The text [`Distribution::parse`] reads back to this law; `None` for laws that cannot be named in one word.
    pub fn spec(&self) -> Option<String> {
        todo!()
    }
    /// The simplest law with this mean and SCV: deterministic at 0, mixed Erlang below 1, exponential at 1,
    /// hyperexponential above.
    pub fn with_scv(mean: f64, scv: f64) -> Self {
        let _ = (mean, scv);
        todo!()
    }
}
