//! Scalability laws: how much more n processors, or n machines, do than one.
//!
//! - Amdahl: C(n) = n/(1 + σ(n−1)), of which at most 1/σ. A share σ of the work is done one at a time.
//! - Gunther's Universal Scalability Law: C(n) = n/(1 + σ(n−1) + κn(n−1)). Beside the contention σ there is a coherency cost κ
//!   for each pair that must agree, so that beyond n* = √((1−σ)/κ) more machines do less.
//!
//! Sources: G. M. Amdahl, AFIPS 30 (1967); N. J. Gunther, *Guerrilla Capacity Planning* (2007), chapters 4 to 6.

use crate::error::{InputError, in_range};

/// The Universal Scalability Law; with κ = 0 it is Amdahl's.
///
/// ```
/// use sim_core::theory::Scalability;
/// let amdahl = Scalability::amdahl(0.05)?;
/// assert!((amdahl.speedup(20.0) - 10.256).abs() < 1e-3);
/// assert_eq!(amdahl.peak(), None);
/// let universal = Scalability::new(0.05, 0.001)?;
/// assert!((universal.peak().unwrap() - 30.82).abs() < 1e-2);
/// # Ok::<(), sim_core::InputError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scalability {
    contention: f64,
    coherency: f64,
}

impl Scalability {
    /// The law with σ = `contention` and κ = `coherency`, both in `0..=1`.
    ///
    /// # Errors
    /// [`InputError::OutOfRange`] naming the parameter.
    pub fn new(contention: f64, coherency: f64) -> Result<Self, InputError> {
        in_range("contention", contention, 0.0, 1.0)?;
        in_range("coherency", coherency, 0.0, 1.0)?;
        Ok(Self {
            contention,
            coherency,
        })
    }

    /// Amdahl's law with a share `serial` of the work, in `0..=1`, that is done one at a time.
    ///
    /// # Errors
    /// [`InputError::OutOfRange`] naming the parameter.
    pub fn amdahl(serial: f64) -> Result<Self, InputError> {
        in_range("serial", serial, 0.0, 1.0)?;
        Self::new(serial, 0.0)
    }

    /// C(n): how often the throughput of one is that of `n` ≥ 1, which need not be whole.
    pub fn speedup(&self, n: f64) -> f64 {
        n / self.slowdown(n)
    }

    /// C(n)/n, each one's share of what it would do alone.
    pub fn efficiency(&self, n: f64) -> f64 {
        self.slowdown(n).recip()
    }

    /// n/C(n): how much longer the same work takes each of `n`.
    pub fn slowdown(&self, n: f64) -> f64 {
        1.0 + self.contention * (n - 1.0) + self.coherency * n * (n - 1.0)
    }

    /// The n beyond which more do less, not rounded and at least 1; `None` where more always do at least as much.
    pub fn peak(&self) -> Option<f64> {
        (self.coherency > 0.0).then(|| ((1.0 - self.contention) / self.coherency).sqrt().max(1.0))
    }

    /// The whole number of machines, up to `most`, that do most; the smallest if several do.
    pub fn best_whole(&self, most: u32) -> u32 {
        let peak = self.peak().unwrap_or(f64::INFINITY);
        let below = whole(peak.floor().min(f64::from(most))).max(1);
        let above = below.saturating_add(1).min(most.max(1));
        if self.speedup(f64::from(above)) > self.speedup(f64::from(below)) {
            above
        } else if self.contention == 1.0 {
            // More do as much as one.
            1
        } else {
            below
        }
    }

    /// The largest speedup for any n; infinite for perfect scaling.
    pub fn ceiling(&self) -> f64 {
        match self.peak() {
            Some(peak) => self.speedup(peak),
            None => self.contention.recip(),
        }
    }
}

/// A whole number that came from a `u32`.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is between 0 and a u32"
)]
fn whole(number: f64) -> u32 {
    number as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::testing::assert_close;

    #[test]
    fn amdahl_by_hand() {
        // 5 % serial: 1, 1.90, 3.48, 5.93, 9.14, 12.55, … towards 20.
        let law = Scalability::amdahl(0.05).unwrap();
        for (n, expected) in [
            (1.0, 1.0),
            (2.0, 1.9048),
            (4.0, 3.4783),
            (8.0, 5.9259),
            (16.0, 9.1429),
            (32.0, 12.5490),
            (1024.0, 19.6357),
        ] {
            assert!((law.speedup(n) - expected).abs() < 0.5e-4, "{n}");
        }
        assert_close(law.ceiling(), 20.0, 1e-15);
        assert_eq!(law.best_whole(500), 500);
    }

    #[test]
    fn no_cost_scales_linearly_and_all_serial_not_at_all() {
        let perfect = Scalability::new(0.0, 0.0).unwrap();
        assert_eq!(perfect.speedup(77.0), 77.0);
        assert_eq!(perfect.ceiling(), f64::INFINITY);
        let serial = Scalability::new(1.0, 0.0).unwrap();
        assert_eq!(serial.speedup(77.0), 1.0);
        assert_eq!(serial.best_whole(10), 1);
    }

    #[test]
    fn the_peak_is_where_the_speedup_is_largest() {
        for (contention, coherency) in [
            (0.05, 0.001),
            (0.0, 0.01),
            (0.3, 1e-5),
            (0.9, 0.5),
            (1.0, 0.1),
        ] {
            let law = Scalability::new(contention, coherency).unwrap();
            let peak = law.peak().unwrap();
            for n in [peak * 0.99, peak * 1.01] {
                assert!(
                    n < 1.0 || law.speedup(n) < law.speedup(peak),
                    "{law:?} at {n}"
                );
            }
            let by_search = (1..=2000_u32)
                .reduce(|best, n| {
                    let more = law.speedup(f64::from(n)) > law.speedup(f64::from(best));
                    if more { n } else { best }
                })
                .unwrap();
            assert_eq!(law.best_whole(2000), by_search, "{law:?}");
        }
    }

    #[test]
    fn efficiency_is_the_share_left_to_each() {
        let law = Scalability::new(0.02, 0.0005).unwrap();
        for n in [1.0, 7.0, 64.0] {
            assert_close(law.efficiency(n) * n, law.speedup(n), 1e-15);
        }
        assert_eq!(law.efficiency(1.0), 1.0);
    }

    #[test]
    fn wrong_input_is_named() {
        assert_eq!(
            Scalability::new(-0.1, 0.0).unwrap_err().field(),
            "contention"
        );
        assert_eq!(Scalability::new(0.1, 1.5).unwrap_err().field(), "coherency");
        assert_eq!(Scalability::amdahl(f64::NAN).unwrap_err().field(), "serial");
    }
}
