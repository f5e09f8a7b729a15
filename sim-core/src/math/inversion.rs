//! Values of a function from its Laplace transform: the Fourier-series method with Euler's summation.
//!
//! With sₖ = (A + 2πik)/(2t), f(t) ≈ e^(A/2)/t · ( ½·Re f*(s₀) + Σ_{k≥1} (−1)^k Re f*(sₖ) ). For |f| ≤ 1 the error of this
//! formula is below e^(−A)·|f(3t)|/(1 − e^(−A)); A = 21 makes it 8e-10 at most. The alternating sum is taken as the binomial average of its
//! partial sums n to n + 12. The number of terms is doubled until two such averages agree to 2e-9, so a function with kinks
//! takes more of them, and one with jumps beyond the origin has no result.
//!
//! Source: J. Abate and W. Whitt, "Numerical inversion of Laplace transforms of probability distributions", ORSA Journal on
//! Computing 7 (1995) 36–43.

use super::complex::Complex;
use crate::math;

const A: f64 = 21.0;
/// Two averages this close to each other have converged.
const AGREEMENT: f64 = 2e-9;
/// Partial sums averaged, less one.
const ORDER: usize = 12;
/// The terms that a smooth function takes, and that are looked at first.
const FIRST: usize = 40;
/// How much earlier the average is taken that the first one is compared with.
const BEFORE: usize = 8;
/// Where doubling ends.
const MOST: usize = 41_000;

/// Fills its slice with the transform at real + i·step·k for k = from, from + 1, …
pub trait Row: FnMut(f64, f64, usize, &mut [Complex]) {}
impl<F: FnMut(f64, f64, usize, &mut [Complex])> Row for F {}

/// f(t) for t > 0; `None` if the sum does not converge.
pub fn inverse(t: f64, mut row: impl Row) -> Option<f64> {
    let (real, step) = (0.5 * A / t, std::f64::consts::PI / t);
    let scale = math::exp(0.5 * A) / t;
    let mut values = vec![Complex::default(); FIRST];
    row(real, step, 0, &mut values);
    values[0].re *= 0.5;
    let mut last = scale * average(&values[..FIRST - BEFORE]);
    loop {
        let now = scale * average(&values);
        if (now - last).abs() < AGREEMENT {
            return Some(now);
        }
        let known = values.len();
        if 2 * known > MOST || !now.is_finite() {
            return None;
        }
        values.resize(2 * known, Complex::default());
        row(real, step, known, &mut values[known..]);
        last = now;
    }
}

/// The binomial average of the last partial sums of Σ (−1)^k Re values[k].
fn average(values: &[Complex]) -> f64 {
    let signed = |(k, value): (usize, &Complex)| if k % 2 == 0 { value.re } else { -value.re };
    let settled = values.len() - ORDER;
    let mut sum: f64 = values.iter().enumerate().take(settled).map(signed).sum();
    let mut weight = 1.0;
    let mut mean = sum;
    for (j, term) in values
        .iter()
        .enumerate()
        .skip(settled)
        .map(signed)
        .enumerate()
    {
        sum += term;
        weight *= (ORDER - j) as f64 / (j + 1) as f64;
        mean += weight * sum;
    }
    mean / f64::from(1_u32 << ORDER)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(t: f64, transform: impl Fn(Complex) -> Complex) -> Option<f64> {
        inverse(t, |real, step, from, row: &mut [Complex]| {
            for (k, value) in row.iter_mut().enumerate() {
                *value = transform(Complex::new(real, step * (from + k) as f64));
            }
        })
    }

    #[test]
    fn smooth_functions_are_found() {
        for t in [1e-6, 0.3, 1.0, 7.0, 25.0] {
            let found = at(t, |s| Complex::ONE / (s + Complex::ONE)).unwrap();
            assert!((found - libm::exp(-t)).abs() < 2e-9, "{t}: {found}");
            // sin t/t's transform would be an arctangent; t·e^(−t) has a double pole.
            let found = at(t, |s| {
                Complex::ONE / ((s + Complex::ONE) * (s + Complex::ONE))
            });
            assert!((found.unwrap() - t * libm::exp(-t)).abs() < 2e-9, "{t}");
        }
    }

    #[test]
    fn kinks_take_longer_and_jumps_are_refused() {
        // max(0, 1 − t)³: its third derivative jumps at 1.
        let cubic = |s: Complex| {
            let s2 = s * s;
            let polynomial = s2 * s - s2.scaled(3.0) + s.scaled(6.0) - Complex::new(6.0, 0.0);
            (polynomial + (-s).exp().scaled(6.0)) / (s2 * s2)
        };
        for t in [0.2_f64, 0.9, 1.0, 1.3] {
            let expected = (1.0 - t).max(0.0) * (1.0 - t) * (1.0 - t);
            let found = at(t, cubic).unwrap();
            assert!((found - expected).abs() < 1e-8, "{t}: {found}");
        }
        let step = |s: Complex| s.one_minus_exp_neg() / s;
        assert_eq!(at(1.1, step), None);
    }
}
