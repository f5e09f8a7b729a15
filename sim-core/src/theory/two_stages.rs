//! The sum of two independent exponential times with rates x and y (the hypoexponential law), without cancellation where
//! the rates are equal, nearly equal or far apart.
//!
//! With m = min(x, y), f = max(x, y) and φ(u) = (1−e⁻ᵘ)/u, φ(0) = 1:
//!
//! - P(sum > t) = e^(−mt)·(1 + mt·φ((f−m)t)),
//! - P(sum ≤ t) = mt·ft·D, D the divided difference of eᵘ at 0, −mt and −ft,
//!
//! the textbook form (f·e^(−mt) − m·e^(−ft))/(f−m) rewritten.

use crate::math;

/// The law of the sum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct TwoStages {
    slow: f64,
    fast: f64,
}

impl TwoStages {
    /// Stages with positive rates `x` and `y`.
    pub(super) fn new(x: f64, y: f64) -> Self {
        Self {
            slow: x.min(y),
            fast: x.max(y),
        }
    }

    /// P(sum > t) for t ≥ 0.
    pub(super) fn ccdf(self, t: f64) -> f64 {
        let decay = math::exp(-self.slow * t);
        if decay == 0.0 {
            return 0.0;
        }
        let x = (self.fast - self.slow) * t;
        let phi = if x == 0.0 { 1.0 } else { -math::exp_m1(-x) / x };
        decay * (1.0 + self.slow * t * phi)
    }

    /// P(sum ≤ t) for t ≥ 0, precise in relative terms however small.
    pub(super) fn cdf(self, t: f64) -> f64 {
        let (slow, fast) = (self.slow * t, self.fast * t);
        if fast <= 1.0 {
            slow * fast * divided_difference(slow, fast)
        } else if slow < 0.5 * fast {
            let ratio = self.slow / self.fast;
            (ratio * math::exp_m1(-fast) - math::exp_m1(-slow)) / (1.0 - ratio)
        } else {
            1.0 - self.ccdf(t)
        }
    }
}

/// The divided difference of eᵘ at 0, −x and −y for 0 ≤ x ≤ y ≤ 1: Σ (−1)ⁿ·hₙ(x, y)/(n+2)!, hₙ the sum of all products of n
/// factors x or y.
fn divided_difference(x: f64, y: f64) -> f64 {
    let mut products = 1.0;
    let mut power_of_y = 1.0;
    let mut weight = 0.5;
    let mut sum = 0.5;
    for n in 1..20 {
        power_of_y *= y;
        products = products * x + power_of_y;
        weight /= -f64::from(n + 2);
        sum += weight * products;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_rates_are_an_erlang_law() {
        let law = TwoStages::new(3.0, 3.0);
        for t in [0.0, 1e-3, 0.2, 0.34, 1.0, 5.0] {
            let x: f64 = 3.0 * t;
            let tail = math::exp(-x) * (1.0 + x);
            assert!((law.ccdf(t) - tail).abs() <= 1e-15);
            assert!((law.cdf(t) - (1.0 - tail)).abs() <= 1e-15);
        }
    }

    #[test]
    fn different_rates_agree_with_the_textbook_form() {
        for (x, y) in [(1.0, 2.0), (5.0, 1.5), (1.0, 30.0)] {
            let law = TwoStages::new(x, y);
            for t in [0.05, 0.3, 0.9, 2.0, 10.0] {
                let tail = (x * math::exp(-y * t) - y * math::exp(-x * t)) / (x - y);
                assert!((law.ccdf(t) - tail).abs() <= 1e-14);
                assert!((law.cdf(t) - (1.0 - tail)).abs() <= 1e-14);
            }
        }
    }

    #[test]
    fn the_density_near_zero_is_xy_t() {
        for (x, y) in [(1.0, 1.0), (1.0, 1e6), (1e-9, 1.0)] {
            let t = 1e-9 / f64::max(x, y);
            let expected = x * y * t * t / 2.0;
            assert!((TwoStages::new(x, y).cdf(t) / expected - 1.0).abs() < 1e-8);
        }
    }

    #[test]
    fn the_pieces_of_the_cdf_meet() {
        for (x, y) in [(1.0, 1.0), (0.7, 1.0), (0.5, 1.0), (0.3, 1.0), (1e-9, 1.0)] {
            let law = TwoStages::new(x, y);
            let (below, above) = (law.cdf(1.0), law.cdf(1.0 + 1e-15));
            assert!(
                (below / above - 1.0).abs() < 2e-14,
                "{x} {y}: {below} {above}"
            );
        }
    }
}
