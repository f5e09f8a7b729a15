//! The one door to transcendental functions: the same bits on every platform.
//!
//! The standard library's `f64::ln` and friends call the platform's libm, whose last bits differ between systems;
//! these call the `libm` crate, or our own code, everywhere. `sqrt`, `abs`, `floor` and arithmetic are exact by IEEE 754 and
//! need no wrapper. Nothing here fuses a multiply with an add.

pub mod complex;
pub mod inversion;
mod logarithm;
pub mod matrix;
pub(crate) mod order;
pub mod root;
pub mod special;
pub mod transform;

pub use logarithm::ln_normal;

/// e to the `x`.
#[inline]
pub fn exp(x: f64) -> f64 {
    libm::exp(x)
}

/// e to the `x`, minus one, accurate near zero.
#[inline]
pub fn exp_m1(x: f64) -> f64 {
    libm::expm1(x)
}

/// Natural logarithm.
#[inline]
pub fn ln(x: f64) -> f64 {
    libm::log(x)
}

/// Natural logarithm of 1 + `x`, accurate near zero.
#[inline]
pub fn ln_1p(x: f64) -> f64 {
    libm::log1p(x)
}

/// Sine of `x`, radians.
#[inline]
pub fn sin(x: f64) -> f64 {
    libm::sin(x)
}

/// Cosine of `x`, radians.
#[inline]
pub fn cos(x: f64) -> f64 {
    libm::cos(x)
}

/// The angle whose sine is `x`, radians, in −π/2 to π/2.
#[inline]
pub fn asin(x: f64) -> f64 {
    libm::asin(x)
}

/// The angle of the point (`x`, `y`), radians, in −π to π.
#[inline]
pub fn atan2(y: f64, x: f64) -> f64 {
    libm::atan2(y, x)
}

/// The complementary error function.
#[inline]
pub fn erfc(x: f64) -> f64 {
    libm::erfc(x)
}

/// Logarithm to base 10.
#[inline]
pub fn log10(x: f64) -> f64 {
    libm::log10(x)
}

/// Logarithm to base 2.
#[inline]
pub fn log2(x: f64) -> f64 {
    libm::log2(x)
}

/// `x` to the power `y`.
#[inline]
pub fn pow(x: f64, y: f64) -> f64 {
    libm::pow(x, y)
}

/// Natural logarithm of the gamma function.
#[inline]
pub fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}
