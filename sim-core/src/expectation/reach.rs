//! How much exact theory knows of laws: of every one, or of those made of exponential stages alone.
//!
//! The formulas reach laws through these functions, so that a program that names one reach carries the code of no other.

use crate::distribution::Distribution;
use crate::math::complex::Complex;
use crate::math::transform::{Stages, Transformed};

/// The functions of laws that formulas need.
pub(super) struct Reach {
    /// The transform of a law, where it is within reach.
    pub(super) transform: fn(&Distribution) -> Option<Box<dyn Transformed>>,
    /// The probability of more than so many seconds; asked for laws with a transform alone.
    pub(super) ccdf: fn(&Distribution, f64) -> f64,
}

/// All laws.
pub(super) const EVERY_LAW: Reach = Reach {
    transform: |law| Some(Box::new(law.transform())),
    ccdf: Distribution::ccdf,
};

/// Sums and mixtures of exponentials, and constants.
pub(super) const STAGES: Reach = Reach {
    transform: |law| match law {
        Distribution::Deterministic(law) => Some(Box::new(Constant(law.value))),
        _ => Some(Box::new(Stages::new(law.branches()?))),
    },
    ccdf: Distribution::ccdf_of_stages,
};

/// Always the same. Only gaps between arrivals ask for its transform, and only at real numbers: constant services have formulas of
/// their own.
struct Constant(f64);

impl Transformed for Constant {
    fn cost(&self) -> usize {
        1
    }

    fn complement_at(&self, s: f64) -> f64 {
        -crate::math::exp_m1(-s * self.0)
    }

    fn complements(&self, _real: f64, _step: f64, _from: usize, row: &mut [Complex]) {
        row.fill(Complex::new(f64::NAN, 0.0));
    }
}
