//! Availability: the share of time that something works.
//!
//! - A machine that works for `mtbf` seconds on average and is then repaired for `mttr` is up for a share A = MTBF/(MTBF + MTTR)
//!   of the time, whatever the laws of either (a renewal process that alternates).
//! - Of n independent machines at least k are up for a share Σ_{j≥k} C(n,j)·Aʲ·(1−A)ⁿ⁻ʲ of the time.
//! - Nines are −log₁₀(1 − A): 0.999 has three.
//!
//! Source: Barlow and Proschan, *Mathematical Theory of Reliability* (1965), chapters 3 and 4.

use crate::error::{InputError, in_range};
use crate::math;

/// A month as the readouts count it: a twelfth of a year of 365.25 days, seconds.
pub const MONTH: f64 = 365.25 * 86_400.0 / 12.0;

/// Share of time up, from the mean time between repair and failure and the mean time to repair, seconds, each in
/// `1e-150..=1e150`.
///
/// # Errors
/// [`InputError::OutOfRange`] naming `mtbf` or `mttr`.
///
/// ```
/// use sim_core::theory::availability::{availability, downtime_per_month, nines};
/// let alone = availability(999.0, 1.0)?;
/// assert!((nines(alone) - 3.0).abs() < 1e-12);
/// assert!((downtime_per_month(alone) / 60.0 - 43.83).abs() < 1e-9);
/// # Ok::<(), sim_core::InputError>(())
/// ```
pub fn availability(mtbf: f64, mttr: f64) -> Result<f64, InputError> {
    in_range("mtbf", mtbf, 1e-150, 1e150)?;
    in_range("mttr", mttr, 1e-150, 1e150)?;
    Ok(mtbf / (mtbf + mttr))
}

/// The probability that at least `needed` of `machines` (up to 10000) independent ones are up, each with probability `each`.
///
/// # Errors
/// [`InputError::OutOfRange`] naming `each`, `machines` or `needed`.
pub fn at_least(needed: u32, machines: u32, each: f64) -> Result<f64, InputError> {
    check_machines(needed, machines)?;
    in_range("each", each, 0.0, 1.0)?;
    Ok(1.0 - upper_tail(machines - needed + 1, machines, 1.0 - each))
}

/// The probability that fewer than `needed` of `machines` independent ones are up, each *down* with probability `down`: precise
/// however small it is, where [`at_least`] is nearly 1.
///
/// # Errors
/// [`InputError::OutOfRange`] naming `down`, `machines` or `needed`.
pub fn fewer_than(needed: u32, machines: u32, down: f64) -> Result<f64, InputError> {
    check_machines(needed, machines)?;
    in_range("down", down, 0.0, 1.0)?;
    Ok(upper_tail(machines - needed + 1, machines, down))
}

/// −log₁₀ of the share of time down: 3 for 0.999. Infinite where nothing is ever down.
pub fn nines(availability: f64) -> f64 {
    let down = 1.0 - availability;
    if down <= 0.0 {
        f64::INFINITY
    } else {
        -math::log10(down)
    }
}

/// Seconds down in a month.
pub fn downtime_per_month(availability: f64) -> f64 {
    (1.0 - availability) * MONTH
}

fn check_machines(needed: u32, machines: u32) -> Result<(), InputError> {
    if !(1..=10_000).contains(&machines) {
        return Err(InputError::out_of_range("machines", machines, "1..=10000"));
    }
    if !(1..=machines).contains(&needed) {
        let allowed = format!("1..={machines}");
        return Err(InputError::out_of_range("needed", needed, allowed));
    }
    Ok(())
}

/// P(X ≥ `from`) of a binomial law of n trials with probability p: the terms from there up, which are all positive.
fn upper_tail(from: u32, n: u32, p: f64) -> f64 {
    if p == 0.0 || p == 1.0 {
        return if p == 1.0 || from == 0 { 1.0 } else { 0.0 };
    }
    let log_term = |k: u32| {
        let choose = math::ln_gamma(f64::from(n) + 1.0)
            - math::ln_gamma(f64::from(k) + 1.0)
            - math::ln_gamma(f64::from(n - k) + 1.0);
        choose + f64::from(k) * math::ln(p) + f64::from(n - k) * math::ln_1p(-p)
    };
    (from..=n)
        .map(|k| math::exp(log_term(k)))
        .sum::<f64>()
        .min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::testing::assert_close;

    #[test]
    fn one_machine() {
        assert_close(availability(99.0, 1.0).unwrap(), 0.99, 1e-15);
        assert_close(availability(1e150, 1e-150).unwrap(), 1.0, 0.0);
        assert_eq!(availability(0.0, 1.0).unwrap_err().field(), "mtbf");
        assert_eq!(availability(1.0, f64::NAN).unwrap_err().field(), "mttr");
    }

    #[test]
    fn k_of_n_by_enumeration() {
        for machines in 1..=12_u32 {
            for needed in 1..=machines {
                for up in [0.0, 0.3, 0.9, 0.99, 1.0] {
                    // Every subset of machines that are up.
                    let expected: f64 = (0..1_u32 << machines)
                        .filter(|set| set.count_ones() >= needed)
                        .map(|set| {
                            (0..machines)
                                .map(|machine| {
                                    if set >> machine & 1 == 1 {
                                        up
                                    } else {
                                        1.0 - up
                                    }
                                })
                                .product::<f64>()
                        })
                        .sum();
                    let found = at_least(needed, machines, up).unwrap();
                    assert!(
                        (found - expected).abs() < 1e-12,
                        "{needed} of {machines} at {up}"
                    );
                    let complement = fewer_than(needed, machines, 1.0 - up).unwrap();
                    assert!((found + complement - 1.0).abs() < 1e-12);
                }
            }
        }
    }

    #[test]
    fn one_of_n_is_down_with_the_power() {
        // Three independent machines that are down for 1e-6 of the time are all down for 1e-18 of it.
        assert_close(fewer_than(1, 3, 1e-6).unwrap(), 1e-18, 1e-12);
        // Two needed of three: 3·p²·(1−p) + p³.
        let p: f64 = 1e-6;
        assert_close(fewer_than(2, 3, p).unwrap(), p * p * (3.0 - 2.0 * p), 1e-12);
    }

    #[test]
    fn many_machines_stay_in_range() {
        for up in [1e-9, 0.5, 0.999, 1.0 - 1e-12] {
            let mut last = 1.0;
            for needed in [1, 10, 5000, 9990, 10_000] {
                let found = at_least(needed, 10_000, up).unwrap();
                assert!((-1e-9..=last).contains(&found), "{needed} at {up}: {found}");
                last = found + 1e-9;
            }
        }
        assert_close(
            at_least(10_000, 10_000, 0.9999).unwrap(),
            math::pow(0.9999, 1e4),
            1e-9,
        );
    }

    #[test]
    fn nines_and_downtime() {
        for (availability, expected) in [(0.9, 1.0), (0.99, 2.0), (0.9995, 3.301_029_995_663_981)] {
            assert_close(nines(availability), expected, 1e-9);
        }
        assert_eq!(nines(1.0), f64::INFINITY);
        assert_eq!(nines(0.0), 0.0);
        // The well-known table: 99.9 % is 43 min 50 s a month.
        assert_close(downtime_per_month(0.999), 43.0 * 60.0 + 50.0, 1e-3);
    }

    #[test]
    fn wrong_input_is_named() {
        assert_eq!(at_least(0, 3, 0.5).unwrap_err().field(), "needed");
        assert_eq!(at_least(4, 3, 0.5).unwrap_err().field(), "needed");
        assert_eq!(at_least(1, 0, 0.5).unwrap_err().field(), "machines");
        assert_eq!(at_least(1, 3, 1.1).unwrap_err().field(), "each");
        assert_eq!(fewer_than(1, 3, -0.1).unwrap_err().field(), "down");
    }
}
