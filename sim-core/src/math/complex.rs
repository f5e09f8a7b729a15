//! Complex numbers, as far as transforms need them: arithmetic, the exponential and the logarithm.

use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub};

use crate::math;

/// A complex number re + i·im.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Complex {
    /// Real part.
    pub re: f64,
    /// Imaginary part.
    pub im: f64,
}

impl Complex {
    /// One.
    pub const ONE: Self = Self { re: 1.0, im: 0.0 };

    /// re + i·im.
    pub const fn new(re: f64, im: f64) -> Self {
        Self { re, im }
    }

    /// The point at this distance from zero and this angle, radians.
    pub fn polar(radius: f64, angle: f64) -> Self {
        Self::new(radius * math::cos(angle), radius * math::sin(angle))
    }

    /// |z|².
    pub fn square(self) -> f64 {
        self.re * self.re + self.im * self.im
    }

    /// This number `factor` times.
    #[must_use]
    pub fn scaled(self, factor: f64) -> Self {
        Self::new(self.re * factor, self.im * factor)
    }

    /// e to this number.
    #[must_use]
    pub fn exp(self) -> Self {
        Self::polar(math::exp(self.re), self.im)
    }

    /// 1 − e^(−z), accurate near zero.
    #[must_use]
    pub fn one_minus_exp_neg(self) -> Self {
        let half = math::sin(0.5 * self.im);
        let decay = math::exp(-self.re);
        Self::new(
            2.0 * decay * half * half - math::exp_m1(-self.re),
            decay * math::sin(self.im),
        )
    }

    /// The logarithm, its principal value.
    #[must_use]
    pub fn ln(self) -> Self {
        Self::new(0.5 * math::ln(self.square()), math::atan2(self.im, self.re))
    }

    /// ln(1 − z), the principal value, accurate near zero.
    #[must_use]
    pub fn ln_one_minus(self) -> Self {
        // |1 − z|² − 1 = |z|² − 2·re.
        Self::new(
            0.5 * math::ln_1p(self.square() - 2.0 * self.re),
            math::atan2(-self.im, 1.0 - self.re),
        )
    }
}

impl Add for Complex {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self::new(self.re + other.re, self.im + other.im)
    }
}

impl AddAssign for Complex {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Complex {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self::new(self.re - other.re, self.im - other.im)
    }
}

impl Neg for Complex {
    type Output = Self;
    fn neg(self) -> Self {
        Self::new(-self.re, -self.im)
    }
}

impl Mul for Complex {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        Self::new(
            self.re * other.re - self.im * other.im,
            self.re * other.im + self.im * other.re,
        )
    }
}

impl Div for Complex {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        let product = self * Self::new(other.re, -other.im);
        product.scaled(other.square().recip())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: Complex, expected: Complex) {
        let error = (found - expected).square().sqrt();
        assert!(
            error <= 4e-15 * expected.square().sqrt(),
            "{found:?} against {expected:?}"
        );
    }

    #[test]
    fn arithmetic_undoes_itself() {
        let (a, b) = (Complex::new(3.0, -0.25), Complex::new(-1.5, 2.0));
        close(a * b / b, a);
        close(a + b - b, a);
        close(-(-a), a);
        close(a * Complex::ONE, a);
        close(b * b, Complex::new(2.25 - 4.0, -6.0));
    }

    #[test]
    fn exponential_and_logarithm_undo_each_other() {
        for z in [
            Complex::new(0.3, 0.7),
            Complex::new(1e-9, -2e-9),
            Complex::new(0.0, 1e-12),
        ] {
            close(
                z.one_minus_exp_neg(),
                Complex::ONE - (-z).exp() + correction(z),
            );
            close(-z.one_minus_exp_neg().ln_one_minus(), z);
        }
        // Euler's identity.
        close(
            Complex::new(0.0, std::f64::consts::PI).exp(),
            Complex::new(-1.0, 0.0),
        );
    }

    /// What 1 − e^(−z) loses by its cancellation, from the series.
    fn correction(z: Complex) -> Complex {
        let series = z - (z * z).scaled(0.5) + (z * z * z).scaled(1.0 / 6.0);
        if z.square() < 1e-12 {
            series - (Complex::ONE - (-z).exp())
        } else {
            Complex::default()
        }
    }
}
