//! Erlang's formulas for a demand of `a` Erlangs on `c` servers.
//!
//! - B: the share of requests lost when those that find all servers busy leave (M/M/c/c, and M/G/c/c),
//!   1/B = Σ_{j=0}^{c} c(c−1)…(c−j+1)/aʲ.
//! - C: the share that waits when they queue (M/M/c), 1/C = 1 + (1−a/c)(1/B − 1).
//!
//! The sum is the recurrence 1/B(k) = 1 + k/a · 1/B(k−1) unrolled from its last step backwards. All its terms are positive, so
//! nothing cancels, and it stops when the rest is below rounding: after about c − a + 9√a terms instead of c.
//! Source: A. K. Erlang (1917); Cooper, *Introduction to Queueing Theory*, 2nd ed., section 3.

use crate::error::{InputError, in_range};
use crate::theory::rates::{check_servers, check_stable};

/// Share of requests lost by `servers` servers without a queue at `offered_load` Erlangs (λ/μ, `1e-300..=1e300`).
/// Values below the range of `f64` are 0.
///
/// # Errors
/// [`InputError::OutOfRange`] for no servers or a load outside its range.
///
/// ```
/// # use sim_core::theory::erlang_b;
/// assert!((erlang_b(5, 4.0)? - 0.199_066_874).abs() < 1e-9);
/// # Ok::<(), sim_core::InputError>(())
/// ```
pub fn erlang_b(servers: u32, offered_load: f64) -> Result<f64, InputError> {
    check_servers(servers)?;
    check_load(offered_load)?;
    Ok((1.0 + below_over_full(servers, offered_load)).recip())
}

/// Share of requests that wait for one of `servers` servers at `offered_load` Erlangs (λ/μ, `1e-300..=1e300`).
/// Values below the range of `f64` are 0.
///
/// # Errors
/// [`InputError::OutOfRange`] for no servers or a load outside its range, [`InputError::Unstable`] for a load of
/// `servers` or more.
pub fn erlang_c(servers: u32, offered_load: f64) -> Result<f64, InputError> {
    check_servers(servers)?;
    check_load(offered_load)?;
    let capacity = f64::from(servers);
    check_stable(offered_load, capacity)?;
    let idle_share = (capacity - offered_load) / capacity;
    Ok((1.0 + idle_share * below_over_full(servers, offered_load)).recip())
}

fn check_load(offered_load: f64) -> Result<(), InputError> {
    in_range("offered_load", offered_load, 1e-300, 1e300).map(|_| ())
}

/// 1/B − 1: the probability of fewer than `servers` requests over that of exactly `servers`, among at most `servers`.
/// Infinity where it exceeds the range of `f64`.
pub(super) fn below_over_full(servers: u32, offered_load: f64) -> f64 {
    let mut term = 1.0;
    let mut sum = 0.0;
    let mut ratio = f64::from(servers) / offered_load;
    for k in (0..servers).rev() {
        term *= ratio;
        sum += term;
        ratio = f64::from(k) / offered_load;
        let rest_is_lost = term * ratio <= 0.25 * f64::EPSILON * sum * (1.0 - ratio);
        if rest_is_lost || sum == f64::INFINITY {
            break;
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::testing::assert_close;

    #[test]
    fn agrees_with_tables() {
        assert_close(erlang_b(5, 4.0).unwrap(), 0.199_066_874, 2e-9);
        assert_close(erlang_c(5, 4.0).unwrap(), 0.554_112_554_1, 1e-10);
        assert_close(erlang_b(100, 95.0).unwrap(), 0.048_804_206_18, 1e-10);
        assert_close(erlang_c(100, 95.0).unwrap(), 0.506_456_853_9, 1e-10);
    }

    #[test]
    fn agrees_with_the_forward_recurrence() {
        for (servers, load) in [
            (1, 0.3),
            (7, 6.9),
            (7, 70.0),
            (400, 390.0),
            (5000, 4999.0),
            (5000, 4000.0),
        ] {
            let mut inverse = 1.0;
            for k in 1..=servers {
                inverse = 1.0 + f64::from(k) / load * inverse;
            }
            assert_close(erlang_b(servers, load).unwrap(), 1.0 / inverse, 1e-13);
        }
    }

    #[test]
    fn holds_at_a_million_servers() {
        // At a = c the loss is √(2/(πc)) (1 − (4/3)·√(1/(2πc))…) (Jagerman, 1974).
        let c = 1e6;
        let expected = (2.0 / (std::f64::consts::PI * c)).sqrt();
        assert_close(erlang_b(1_000_000, c).unwrap(), expected, 1e-3);
        // Halfin and Whitt, 1981: with c − a = β√c, C tends to 1/(1 + βΦ(β)/φ(β)); here β = 1.
        let normal = 0.841_344_746_068_542_9 / 0.241_970_724_519_143_37;
        assert_close(
            erlang_c(1_000_000, c - 1e3).unwrap(),
            1.0 / (1.0 + normal),
            1e-3,
        );
    }

    #[test]
    fn extremes_stay_in_range() {
        for servers in [1, 2, 1000, 1_000_000, u32::MAX] {
            for load in [1e-300, 1e-9, 0.5, 1.0, 999.999, 1e6, 1e12, 1e300] {
                let b = erlang_b(servers, load).unwrap();
                assert!((0.0..=1.0).contains(&b), "B({servers}, {load}) = {b}");
                match erlang_c(servers, load) {
                    Ok(c) => assert!(b <= c && c <= 1.0, "C({servers}, {load}) = {c}"),
                    Err(error) => assert!(load >= f64::from(servers), "{error}"),
                }
            }
        }
    }

    #[test]
    fn wrong_input_is_named() {
        assert_eq!(erlang_b(0, 1.0).unwrap_err().field(), "servers");
        for load in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(erlang_b(1, load).unwrap_err().field(), "offered_load");
            assert_eq!(erlang_c(1, load).unwrap_err().field(), "offered_load");
        }
        assert!(matches!(erlang_c(4, 4.0), Err(InputError::Unstable { .. })));
    }
}
