//! The checks that every model makes of its parameters.

use crate::error::{InputError, in_range};

/// The lowest rate a model takes, per second: products and quotients of two rates stay finite.
const MIN_RATE: f64 = 1e-150;
/// The highest rate a model takes, per second.
const MAX_RATE: f64 = 1e150;

/// Checks λ and μ.
pub(super) fn check_rates(arrival_rate: f64, service_rate: f64) -> Result<(), InputError> {
    in_range("arrival_rate", arrival_rate, MIN_RATE, MAX_RATE)?;
    in_range("service_rate", service_rate, MIN_RATE, MAX_RATE)?;
    Ok(())
}

/// Checks c.
pub(super) fn check_servers(servers: u32) -> Result<(), InputError> {
    if servers == 0 {
        return Err(InputError::out_of_range(
            "servers",
            servers,
            format!("1..={}", u32::MAX),
        ));
    }
    Ok(())
}

/// Checks a squared coefficient of variation.
pub(super) fn check_scv(field: &str, scv: f64) -> Result<(), InputError> {
    in_range(field, scv, 0.0, 1e100).map(|_| ())
}

/// Checks that demand stays below capacity.
pub(super) fn check_stable(arrival_rate: f64, capacity: f64) -> Result<(), InputError> {
    if arrival_rate < capacity {
        Ok(())
    } else {
        Err(InputError::unstable("utilization", arrival_rate / capacity))
    }
}

/// Checks the argument of a quantile function.
///
/// # Panics
/// If `p` is not in `[0, 1)`: probabilities are chosen by the program, not by its users.
pub(super) fn assert_probability(p: f64) {
    assert!((0.0..1.0).contains(&p), "probability {p} is not in [0, 1)");
}
