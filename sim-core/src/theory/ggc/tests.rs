//! The approximation where it is exact, where an exact value or a bound is known, and at the extremes of its input.

use crate::math::transform::Transformed;
use proptest::prelude::*;

use super::*;
use crate::distribution::Distribution;
use crate::theory::testing::assert_close;
use crate::theory::{Gmc, Mdc, Mg1, Mg1Times};

#[test]
fn is_exact_for_mmc() {
    for (load, servers) in [(0.9, 1), (2.0, 3), (15.0, 16), (0.01, 5)] {
        let (approximate, exact) = (
            GgcApproximation::new(load, 1.0, servers, 1.0, 1.0).unwrap(),
            Mmc::new(load, 1.0, servers).unwrap(),
        );
        assert_close(approximate.mean_wait(), exact.mean_wait(), 1e-14);
        assert_close(approximate.mean_response(), exact.mean_response(), 1e-14);
        assert_close(approximate.mean_in_queue(), exact.mean_in_queue(), 1e-14);
        assert_close(approximate.mean_in_system(), exact.mean_in_system(), 1e-14);
        for p in [0.5, 0.9, 0.99, 0.999] {
            assert_close(
                approximate.response_quantile(p),
                exact.response_quantile(p),
                1e-12,
            );
            assert_close(approximate.wait_quantile(p), exact.wait_quantile(p), 1e-12);
        }
    }
}

#[test]
fn the_mean_is_exact_for_mg1() {
    for scv in [0.0, 1e-6, 0.3, 1.0, 25.0] {
        let (approximate, exact) = (
            GgcApproximation::new(0.8, 1.0, 1, 1.0, scv).unwrap(),
            Mg1::new(0.8, 1.0, scv).unwrap(),
        );
        assert_close(approximate.mean_wait(), exact.mean_wait(), 1e-14);
    }
}

#[test]
fn regular_arrivals_at_regular_servers_never_wait() {
    let clockwork = GgcApproximation::new(3.0, 1.0, 4, 0.0, 0.0).unwrap();
    assert_eq!(clockwork.mean_wait(), 0.0);
    assert_eq!(clockwork.response_quantile(0.999), 1.0);
    assert_eq!(clockwork.response_ccdf(0.999), 1.0);
    assert_eq!(clockwork.response_ccdf(1.0), 0.0);
}

#[test]
fn regular_arrivals_at_one_random_server_wait_about_as_known() {
    // D/M/1: Wq = σ/(μ(1−σ)), σ = e^(−(1−σ)/ρ), and the wait's tail is σ·e^(−μ(1−σ)t).
    for (utilization, tolerance) in [(0.8, 0.2), (0.9, 0.1), (0.97, 0.05)] {
        let mut sigma: f64 = 0.5;
        for _ in 0..2000 {
            sigma = libm::exp(-(1.0 - sigma) / utilization);
        }
        let queue = GgcApproximation::new(utilization, 1.0, 1, 0.0, 1.0).unwrap();
        assert_close(queue.mean_wait(), sigma / (1.0 - sigma), tolerance);
        assert_close(
            queue.wait_quantile(0.99),
            libm::log(sigma / 0.01) / (1.0 - sigma),
            tolerance,
        );
    }
}

#[test]
fn one_server_stays_below_kingman_s_bound() {
    for utilization in [0.1, 0.5, 0.9, 0.99] {
        for (arrival_scv, service_scv) in [(0.2, 0.2), (4.0, 0.5), (0.5, 9.0)] {
            let queue =
                GgcApproximation::new(utilization, 1.0, 1, arrival_scv, service_scv).unwrap();
            let variances = arrival_scv / (utilization * utilization) + service_scv;
            let bound = utilization * variances / (2.0 * (1.0 - utilization));
            assert!(queue.mean_wait() <= bound);
        }
    }
}

#[test]
fn the_tail_integrates_to_the_mean() {
    for (arrival_scv, service_scv, servers) in [
        (1.0, 0.0, 1),
        (4.0, 0.25, 2),
        (0.5, 0.9, 3),
        (1.0, 1.0, 2),
        (2.0, 6.0, 1),
    ] {
        let queue = GgcApproximation::new(
            0.8 * f64::from(servers),
            1.0,
            servers,
            arrival_scv,
            service_scv,
        )
        .unwrap();
        let (steps, end) = (200_000, 60.0 * queue.mean_response());
        let h = end / f64::from(steps);
        let sum: f64 = (0..steps)
            .map(|i| queue.response_ccdf((f64::from(i) + 0.5) * h))
            .sum();
        assert_close(sum * h, queue.mean_response(), 1e-4);
    }
}

#[test]
fn quantiles_move_little_where_the_stand_in_changes() {
    for load in [0.3, 1.5, 2.0, 2.1, 2.7, 2.97] {
        for p in [0.5, 0.9, 0.99, 0.999] {
            let at = |scv: f64| {
                GgcApproximation::new(load, 1.0, 3, 1.0, scv)
                    .unwrap()
                    .response_quantile(p)
            };
            assert_close(at(1.0 - 1e-9), at(1.0), 0.01);
            assert_close(at(0.99e-5), at(1.01e-5), 0.01);
        }
    }
}

#[test]
fn wrong_input_is_named() {
    let field = |a, s| {
        GgcApproximation::new(0.5, 1.0, 1, a, s)
            .unwrap_err()
            .field()
            .to_owned()
    };
    assert_eq!(field(-1.0, 1.0), "arrival_scv");
    assert_eq!(field(1.0, f64::NAN), "service_scv");
    assert_eq!(field(1.0, f64::INFINITY), "service_scv");
    assert!(matches!(
        GgcApproximation::new(2.0, 1.0, 2, 1.0, 1.0),
        Err(InputError::Unstable { .. })
    ));
}

#[test]
fn extremes_stay_finite() {
    for (arrival_rate, service_rate, servers) in [
        (1e-150, 1e150, 1),
        (1e-150, 1.1e-150, 1),
        (0.9e150, 1e150, 1),
        (1.0 - 1e-12, 1.0, 1),
        (999_999.0, 1.0, 1_000_000),
    ] {
        for arrival_scv in [0.0, 1e-100, 1.0, 1e100] {
            for service_scv in [0.0, 1e-100, 1.1e-5, 0.999, 1.0, 1e6, 1e100] {
                let queue = GgcApproximation::new(
                    arrival_rate,
                    service_rate,
                    servers,
                    arrival_scv,
                    service_scv,
                )
                .unwrap();
                let values = [
                    queue.mean_wait(),
                    queue.mean_response(),
                    queue.mean_in_queue(),
                    queue.mean_in_system(),
                    queue.wait_quantile(0.999),
                    queue.response_quantile(0.0),
                    queue.response_quantile(0.5),
                    queue.response_quantile(0.999),
                    queue.response_ccdf(1e300),
                ];
                assert!(
                    values.iter().all(|v| v.is_finite() && *v >= 0.0),
                    "{queue:?}: {values:?}"
                );
            }
        }
    }
}

proptest! {
    #[test]
    fn quantiles_invert_the_distribution(
        utilization in 0.01..0.99_f64,
        servers in 1..50_u32,
        arrival_scv in 0.0..20.0_f64,
        service_scv in 0.01..20.0_f64,
        p in 0.01..0.9999_f64,
    ) {
        let arrival_rate = utilization * f64::from(servers);
        let queue = GgcApproximation::new(arrival_rate, 1.0, servers, arrival_scv, service_scv).unwrap();
        let tail = queue.response_ccdf(queue.response_quantile(p));
        prop_assert!((tail / (1.0 - p) - 1.0).abs() < 1e-9);
    }
}

/// The table in the module's documentation. Models with an exact solution, their laws of the given SCVs; a load and what is
/// compared: the lowest and the highest ratio of approximation and truth.
#[test]
fn it_is_no_further_off_than_documented() {
    let bounds = |low: f64, most: f64| -> [(f64, f64); 4] {
        let mut found = [(f64::INFINITY, 0.0_f64); 4];
        for servers in [1_u32, 2, 4, 16, 64] {
            for busy in [0.1, 0.3, 0.5, 0.7, 0.9] {
                for scv in [0.0, 0.25, 4.0, 16.0] {
                    if busy < low || scv > most {
                        continue;
                    }
                    for (arrivals, service) in [(scv, 1.0), (1.0, scv)] {
                        let Some(exact) = exactly(servers, busy, arrivals, service) else {
                            continue;
                        };
                        let rate = busy * f64::from(servers);
                        let queue =
                            GgcApproximation::new(rate, 1.0, servers, arrivals, service).unwrap();
                        let ratios = [
                            queue.mean_response() / exact[0],
                            queue.response_quantile(0.5) / exact[1],
                            queue.response_quantile(0.99) / exact[2],
                            queue.response_quantile(0.999) / exact[3],
                        ];
                        for (bound, ratio) in found.iter_mut().zip(ratios) {
                            *bound = (bound.0.min(ratio), bound.1.max(ratio));
                        }
                    }
                }
            }
        }
        found
    };
    let documented = [
        (
            0.9,
            4.0,
            [(0.91, 1.07), (0.85, 1.15), (0.95, 1.05), (0.93, 1.07)],
        ),
        (
            0.7,
            4.0,
            [(0.91, 1.15), (0.78, 1.34), (0.88, 1.20), (0.86, 1.23)],
        ),
        (
            0.1,
            4.0,
            [(0.91, 1.21), (0.78, 1.34), (0.83, 1.60), (0.80, 1.72)],
        ),
        (
            0.7,
            16.0,
            [(0.68, 1.15), (0.43, 2.25), (0.83, 1.44), (0.82, 1.48)],
        ),
        (
            0.1,
            16.0,
            [(0.68, 2.12), (0.43, 2.25), (0.74, 4.3), (0.71, 5.3)],
        ),
    ];
    for (low, most, limits) in documented {
        for (limit, found) in limits.iter().zip(bounds(low, most)) {
            assert!(
                limit.0 - 0.005 <= found.0 && found.1 <= limit.1 + 0.005,
                "{low} {most}: {found:?} beyond {limit:?}"
            );
        }
    }
}

/// W, P50, P99 and P99.9 of M/G/1, M/D/c or G/M/c with a mean service of 1 s.
fn exactly(servers: u32, busy: f64, arrivals: f64, service: f64) -> Option<[f64; 4]> {
    let rate = busy * f64::from(servers);
    let law = Distribution::with_scv(1.0, service);
    if arrivals != 1.0 {
        let gap = Distribution::with_scv(rate.recip(), arrivals).transform();
        let queue = Gmc::new(rate, 1.0, servers, |s| gap.complement_at(s)).unwrap();
        let tail = [0.5, 0.99, 0.999].map(|p| queue.response_quantile(p));
        return Some([queue.mean_response(), tail[0], tail[1], tail[2]]);
    }
    if service == 0.0 {
        let queue = Mdc::new(rate, 1.0, servers).unwrap();
        let tail = [0.5, 0.99, 0.999].map(|p| queue.response_quantile(p));
        return Some([queue.mean_response(), tail[0], tail[1], tail[2]]);
    }
    if servers > 1 {
        return None;
    }
    let (transform, ccdf) = (law.transform(), |t| law.ccdf(t));
    let times = Mg1Times::new(rate, 1.0, &transform, &ccdf).unwrap();
    let tail = times.response_quantiles(&[0.5, 0.99, 0.999]).unwrap();
    let mean = Mg1::new(rate, 1.0, service).unwrap().mean_response();
    Some([mean, tail[0], tail[1], tail[2]])
}
