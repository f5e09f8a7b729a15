//! Laws of gaps and service times, one file each.
//!
//! Every law draws by inversion of uniforms from one stream, several lanes at a time, so that scalar and vector code give
//! the same bits and two runs on one seed stay in step.

mod bounded_pareto;
mod deterministic;
mod empirical;
mod erlang;
mod exponential;
mod hyperexponential;
mod lognormal;
mod mixed_erlang;
mod pareto;
mod spec;
mod uniform;
mod weibull;

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use bounded_pareto::BoundedPareto;
pub use deterministic::Deterministic;
pub use empirical::Empirical;
pub use erlang::Erlang;
pub use exponential::Exponential;
pub use hyperexponential::Hyperexponential;
pub use lognormal::Lognormal;
pub use mixed_erlang::MixedErlang;
pub use pareto::Pareto;
pub use residual::Residual;
pub use uniform::Uniform;
pub use weibull::Weibull;

use crate::error::{InputError, in_range};
use crate::math::transform::{Branch, Transform};
use crate::random::Uniforms;

/// The shortest mean a law may have, seconds.
pub const MIN_MEAN: f64 = 1e-9;
/// The longest mean a law may have, seconds.
pub const MAX_MEAN: f64 = 1e9;
/// The largest squared coefficient of variation a law may be asked for.
pub const MAX_SCV: f64 = 1e6;

/// What every law can say of itself and do.
trait Law {
    /// Checks the parameters; the error's field is the parameter's name.
    fn validate(&self) -> Result<(), InputError>;
    /// Mean, seconds; `None` where it is infinite.
    fn mean(&self) -> Option<f64>;
    /// Squared coefficient of variation; `None` where the variance is infinite.
    fn scv(&self) -> Option<f64>;
    /// One value of the length-biased law, whose density is that of this law times its value, over the mean: the duration that is
    /// under way at a random moment.
    fn length_biased(&self, uniforms: &mut Uniforms<1>) -> f64;
    /// The value not exceeded with probability `p` in (0, 1), where there is a closed form.
    fn quantile(&self, p: f64) -> Option<f64>;
    /// P(X > x) for x ≥ 0.
    fn ccdf(&self, x: f64) -> f64;
    /// The Laplace–Stieltjes transform, to about twelve digits.
    fn transform(&self) -> Transform;
    /// Draws one value per lane into each row of `out`. Inlined, to be compiled for each instruction set.
    fn fill<const L: usize>(&self, uniforms: &mut Uniforms<L>, out: &mut [[f64; L]]);
}

/// A law of a non-negative duration, in seconds.
///
/// In a document a plain number is a law too: always that many seconds. A name alone, as on the command line, is not, since it
/// has no mean.
///
/// ```
/// use sim_core::distribution::Distribution;
/// let service = Distribution::parse("--service", "hyperexponential:4", 0.010)?;
/// assert_eq!(service.mean(), Some(0.010));
/// assert_eq!(service.scv(), Some(4.0));
/// let patience: Distribution = serde_json::from_str("0.5").unwrap();
/// assert_eq!(patience, Distribution::deterministic(0.5));
/// # Ok::<(), sim_core::InputError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(transform = or_seconds))]
#[serde(rename_all = "snake_case", remote = "Self")]
pub enum Distribution {
    /// Memoryless.
    Exponential(Exponential),
    /// Always the same value.
    Deterministic(Deterministic),
    /// Equally likely between two bounds.
    Uniform(Uniform),
    /// A sum of exponentials.
    Erlang(Erlang),
    /// A sum of k − 1 or k exponentials: any SCV from 0.001 to 1.
    MixedErlang(MixedErlang),
    /// One of two exponentials: any SCV from 1 on.
    Hyperexponential(Hyperexponential),
    /// The exponential of a normal variable.
    Lognormal(Lognormal),
    /// Weibull.
    Weibull(Weibull),
    /// Pareto, type I: a power-law tail.
    Pareto(Pareto),
    /// Pareto cut off above.
    BoundedPareto(BoundedPareto),
    /// One of the given values.
    Empirical(Empirical),
}

/// Calls the same method on whichever law it is.
macro_rules! each_law {
    ($self:expr, $law:ident => $call:expr) => {
        match $self {
            Distribution::Exponential($law) => $call,
            Distribution::Deterministic($law) => $call,
            Distribution::Uniform($law) => $call,
            Distribution::Erlang($law) => $call,
            Distribution::MixedErlang($law) => $call,
            Distribution::Hyperexponential($law) => $call,
            Distribution::Lognormal($law) => $call,
            Distribution::Weibull($law) => $call,
            Distribution::Pareto($law) => $call,
            Distribution::BoundedPareto($law) => $call,
            Distribution::Empirical($law) => $call,
        }
    };
}

mod residual;

/// Calls the same method on a law that is a mixture of sums of exponentials; what is done with any other law comes last.
macro_rules! law_of_stages {
    ($self:expr, $law:pat => $call:expr, $other:pat => $otherwise:expr) => {
        match $self {
            Distribution::Exponential($law) => $call,
            Distribution::Erlang($law) => $call,
            Distribution::MixedErlang($law) => $call,
            Distribution::Hyperexponential($law) => $call,
            $other => $otherwise,
        }
    };
}

impl Distribution {
    /// The exponential law of this mean, seconds.
    pub fn exponential(mean: f64) -> Self {
        Self::Exponential(Exponential { mean })
    }

    /// Always `value` seconds.
    pub fn deterministic(value: f64) -> Self {
        Self::Deterministic(Deterministic { value })
    }

    /// The simplest law with this mean and SCV: deterministic at 0, mixed Erlang below 1, exponential at 1,
    /// hyperexponential above. An SCV between 0 and 0.001 is taken as 0.001.
    pub fn with_scv(mean: f64, scv: f64) -> Self {
        if scv == 0.0 {
            Self::deterministic(mean)
        } else if scv == 1.0 {
            Self::exponential(mean)
        } else if scv < 1.0 {
            Self::MixedErlang(MixedErlang {
                mean,
                scv: scv.max(mixed_erlang::MIN_SCV),
            })
        } else {
            Self::Hyperexponential(Hyperexponential { mean, scv })
        }
    }

    /// Whether this is the exponential law, under whatever name.
    pub fn is_exponential(&self) -> bool {
        match self {
            Self::Exponential(_) => true,
            Self::Erlang(law) => law.stages == 1,
            Self::MixedErlang(law) => law.scv == 1.0,
            Self::Hyperexponential(law) => law.scv == 1.0,
            Self::Weibull(law) => law.shape == 1.0,
            _ => false,
        }
    }

    /// Mean, seconds; `None` where it is infinite.
    pub fn mean(&self) -> Option<f64> {
        each_law!(self, law => law.mean())
    }

    /// Squared coefficient of variation (variance over squared mean); `None` where the variance is infinite.
    pub fn scv(&self) -> Option<f64> {
        each_law!(self, law => law.scv())
    }

    /// The value not exceeded with probability `p`, seconds; `None` where there is no closed form or `p` is not inside (0, 1).
    pub fn quantile(&self, p: f64) -> Option<f64> {
        (p > 0.0 && p < 1.0)
            .then(|| each_law!(self, law => law.quantile(p)))
            .flatten()
    }

    /// Probability of more than `x` seconds.
    pub fn ccdf(&self, x: f64) -> f64 {
        if x < 0.0 {
            1.0
        } else {
            each_law!(self, law => law.ccdf(x))
        }
    }

    /// Its Laplace–Stieltjes transform. Meaningful on a validated law.
    pub fn transform(&self) -> Transform {
        each_law!(self, law => law.transform())
    }

    /// The sums of exponentials that it is a mixture of; `None` where it is none.
    pub(crate) fn branches(&self) -> Option<Vec<Branch>> {
        law_of_stages!(self, law => Some(law.branches()), _ => None)
    }

    /// [`Distribution::ccdf`] of a law with [`Distribution::branches`], without the code of others.
    pub(crate) fn ccdf_of_stages(&self, x: f64) -> f64 {
        law_of_stages!(self, law => law.ccdf(x), _ => f64::NAN)
    }

    /// Whether it is one of those that [`Distribution::with_scv`] makes.
    pub(crate) fn has_stages(&self) -> bool {
        law_of_stages!(self, _ => true, other => matches!(other, Self::Deterministic(_)))
    }

    /// [`Distribution::draw`] of a law that [`Distribution::has_stages`], without the code of others.
    pub(crate) fn draw_of_stages(&self, uniforms: &mut Uniforms<1>) -> f64 {
        let mut out = [[f64::NAN]];
        law_of_stages!(self, law => law.fill(uniforms, &mut out), other => {
            if let Self::Deterministic(law) = other {
                law.fill(uniforms, &mut out);
            }
        });
        out[0][0]
    }

    /// Whether it has a density that is wide enough for times to be found from its transform. Laws of single values have none.
    pub fn has_density(&self) -> bool {
        match self {
            Self::Deterministic(_) | Self::Empirical(_) => false,
            Self::Uniform(law) => law.high > 1.01 * law.low,
            Self::BoundedPareto(law) => law.high > 1.01 * law.low,
            _ => true,
        }
    }

    /// Checks the parameters, and that the mean is a usable time.
    ///
    /// # Errors
    /// [`InputError::OutOfRange`] naming the parameter.
    pub fn validate(&self) -> Result<(), InputError> {
        each_law!(self, law => law.validate())?;
        match self.mean() {
            Some(mean) => in_range("mean", mean, MIN_MEAN, MAX_MEAN).map(|_| ()),
            None => Err(InputError::out_of_range("mean", "infinite", "finite")),
        }
    }

    /// As [`Distribution::validate`], with the parameter's place in a document, `lognormal.mean`; no place where a plain number
    /// could stand for the whole law.
    pub(crate) fn validate_in_document(&self) -> Result<(), InputError> {
        self.validate().map_err(|error| match (self, error) {
            (Self::Deterministic(_), InputError::OutOfRange { value, allowed, .. }) => {
                InputError::out_of_range("", value, allowed)
            }
            (_, error) => error.within(self.name()),
        })
    }

    /// Its name in documents.
    const fn name(&self) -> &'static str {
        match self {
            Self::Exponential(_) => "exponential",
            Self::Deterministic(_) => "deterministic",
            Self::Uniform(_) => "uniform",
            Self::Erlang(_) => "erlang",
            Self::MixedErlang(_) => "mixed_erlang",
            Self::Hyperexponential(_) => "hyperexponential",
            Self::Lognormal(_) => "lognormal",
            Self::Weibull(_) => "weibull",
            Self::Pareto(_) => "pareto",
            Self::BoundedPareto(_) => "bounded_pareto",
            Self::Empirical(_) => "empirical",
        }
    }

    /// Draws one value per lane into each row of `out`.
    #[inline(always)]
    pub fn fill<const L: usize>(&self, uniforms: &mut Uniforms<L>, out: &mut [[f64; L]]) {
        each_law!(self, law => law.fill(uniforms, out));
    }

    /// One value from a single stream: the same number that a lane of the same name draws.
    pub fn draw(&self, uniforms: &mut Uniforms<1>) -> f64 {
        let mut out = [[0.0]];
        self.fill(uniforms, &mut out);
        out[0][0]
    }
}

impl Serialize for Distribution {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, serializer)
    }
}

impl<'de> Deserialize<'de> for Distribution {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            // The name tells a reader of documents what is wanted here.
            deserializer.deserialize_newtype_struct("Distribution", AnyLaw)
        } else {
            Self::deserialize(deserializer)
        }
    }
}

/// A law as people write it: a table with its name, or a number of seconds.
struct AnyLaw;

impl<'de> Visitor<'de> for AnyLaw {
    type Value = Distribution;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a law or a number of seconds")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        inner: D,
    ) -> Result<Distribution, D::Error> {
        inner.deserialize_any(self)
    }

    fn visit_f64<E>(self, seconds: f64) -> Result<Distribution, E> {
        Ok(Distribution::deterministic(seconds))
    }

    fn visit_i64<E>(self, seconds: i64) -> Result<Distribution, E> {
        Ok(Distribution::deterministic(seconds as f64))
    }

    fn visit_u64<E>(self, seconds: u64) -> Result<Distribution, E> {
        Ok(Distribution::deterministic(seconds as f64))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Distribution, A::Error> {
        Distribution::deserialize(MapAccessDeserializer::new(map))
    }
}

/// Adds the number to a schema that has the tables.
#[cfg(feature = "schema")]
fn or_seconds(schema: &mut schemars::Schema) {
    let number = serde_json::json!({
        "description": "Always this many seconds.",
        "type": "number",
        "minimum": MIN_MEAN,
        "maximum": MAX_MEAN,
    });
    if let Some(serde_json::Value::Array(forms)) = schema.get_mut("oneOf") {
        forms.push(number);
    }
}

/// Checks an SCV parameter against `low..=MAX_SCV`.
fn check_scv(scv: f64, low: f64, high: f64) -> Result<(), InputError> {
    in_range("scv", scv, low, high).map(|_| ())
}

/// Checks a mean parameter.
fn check_mean(mean: f64) -> Result<(), InputError> {
    in_range("mean", mean, MIN_MEAN, MAX_MEAN).map(|_| ())
}

#[cfg(test)]
mod tests;
