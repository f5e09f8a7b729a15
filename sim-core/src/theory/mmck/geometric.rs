//! The truncated geometric law on 0..=m: P(j) = rʲ/G, G = (1−r^(m+1))/(1−r), for a ratio r of at most 1.
//!
//! With y = −ln r and M = m+1 its mean is h(y) − M·h(My), h(y) = 1/(eʸ−1). Where My is small both terms are nearly 1/y; there
//! the even parts are taken off first: m/2 + b(y) − M·b(My), b(y) = h(y) − 1/y + ½ = y/12 − y³/720 + …

use crate::math;

/// The law; its size may be anything that counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct TruncatedGeometric {
    ratio: f64,
    /// y = −ln r.
    decay: f64,
    /// m.
    top: f64,
    /// G.
    total: f64,
}

impl TruncatedGeometric {
    /// The law with ratio `ratio` in (0, 1] on 0..=`top`; `complement` is 1 − ratio, as precisely as the caller knows it.
    pub(super) fn new(ratio: f64, complement: f64, top: u64) -> Self {
        let decay = if complement < 0.5 {
            -math::ln_1p(-complement)
        } else {
            -math::ln(ratio)
        };
        let top = top as f64;
        let total = if complement == 0.0 {
            top + 1.0
        } else {
            -math::exp_m1(-(top + 1.0) * decay) / complement
        };
        Self {
            ratio,
            decay,
            top,
            total,
        }
    }

    pub(super) fn probability(&self, j: u64) -> f64 {
        math::exp(-(j as f64) * self.decay) / self.total
    }

    /// P(0).
    pub(super) fn first(&self) -> f64 {
        self.total.recip()
    }

    /// P(m).
    pub(super) fn last(&self) -> f64 {
        math::exp(-self.top * self.decay) / self.total
    }

    /// 1 − P(0).
    pub(super) fn beyond_first(&self) -> f64 {
        if self.decay == 0.0 {
            return self.top / (self.top + 1.0);
        }
        let (shorter, whole) = (self.top * self.decay, (self.top + 1.0) * self.decay);
        self.ratio * (math::exp_m1(-shorter) / math::exp_m1(-whole))
    }

    pub(super) fn mean(&self) -> f64 {
        let size = self.top + 1.0;
        let whole = size * self.decay;
        if whole < 0.3 {
            self.top / 2.0 + odd_part(self.decay) - size * odd_part(whole)
        } else {
            math::exp_m1(self.decay).recip() - size / math::exp_m1(whole)
        }
    }
}

/// b(y) for 0 ≤ y < 0.3.
fn odd_part(y: f64) -> f64 {
    let s = y * y;
    let series = [
        1.0 / 12.0,
        -1.0 / 720.0,
        1.0 / 30_240.0,
        -1.0 / 1_209_600.0,
        1.0 / 47_900_160.0,
        -691.0 / 1_307_674_368_000.0,
    ];
    y * series.iter().rev().fold(0.0, |sum, c| sum * s + c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_sums_by_force() {
        for (ratio, top) in [
            (1.0, 9),
            (0.5, 0),
            (0.5, 1),
            (0.999, 30),
            (0.99, 30),
            (0.9, 200),
            (1e-9, 5),
            (1.0 - 1e-12, 1000),
        ] {
            let law = TruncatedGeometric::new(ratio, 1.0 - ratio, top);
            let mut weights = vec![1.0];
            for _ in 0..top {
                weights.push(weights[weights.len() - 1] * ratio);
            }
            let total: f64 = weights.iter().sum();
            let moment: f64 = weights.iter().enumerate().map(|(j, w)| j as f64 * w).sum();
            let rest: f64 = weights[1..].iter().sum();
            let close = |found: f64, expected: f64| {
                let error = (found - expected).abs();
                assert!(
                    error <= 1e-12 * expected,
                    "ratio {ratio}, top {top}: {found} against {expected}"
                );
            };
            close(law.mean(), moment / total);
            close(law.first(), 1.0 / total);
            close(law.last(), weights[weights.len() - 1] / total);
            close(law.beyond_first(), rest / total);
            close(law.probability(top), law.last());
        }
    }

    #[test]
    fn both_forms_of_the_mean_meet() {
        for size in [2_u32, 10, 1000] {
            let at = |whole: f64| {
                let decay = whole / f64::from(size);
                let complement = -math::exp_m1(-decay);
                TruncatedGeometric::new(1.0 - complement, complement, u64::from(size) - 1).mean()
            };
            assert!((at(0.3 - 1e-13) / at(0.3 + 1e-13) - 1.0).abs() < 1e-12);
        }
    }
}
