//! The model against reference values, a birth–death chain summed by force, integrals of its own tails, and the extremes of
//! its input.

use proptest::prelude::*;

use super::*;
use crate::theory::Mm1;
use crate::theory::testing::{assert_close, birth_death};

#[test]
fn agrees_with_reference_values() {
    let two = Mmc::new(9.0, 5.0, 2).unwrap();
    assert_close(two.mean_in_queue(), 7.673_684, 1e-7);
    assert_close(two.mean_response(), 1.052_631_6, 1e-7);
    let four = Mmc::new(9.0, 5.0, 4).unwrap();
    assert_close(four.mean_in_queue(), 0.105_163_9, 1e-6);
    assert_close(four.mean_response(), 0.211_684_9, 1e-6);
}

#[test]
fn one_server_is_mm1() {
    for utilization in [1e-6, 0.3, 0.9, 1.0 - 1e-9] {
        let (many, one) = (
            Mmc::new(utilization, 1.0, 1).unwrap(),
            Mm1::new(utilization, 1.0).unwrap(),
        );
        assert_close(many.mean_wait(), one.mean_wait(), 1e-12);
        assert_close(many.mean_in_system(), one.mean_in_system(), 1e-12);
        for p in [1e-9, 0.1, 0.5, 0.9, 0.999, 1.0 - 1e-12] {
            assert_close(many.response_quantile(p), one.response_quantile(p), 1e-12);
            assert_close(many.wait_quantile(p), one.wait_quantile(p), 1e-12);
        }
        for n in 0..20 {
            assert_close(
                many.probability_in_system(n),
                one.probability_in_system(n),
                1e-12,
            );
        }
    }
}

#[test]
fn agrees_with_a_chain_summed_by_force() {
    for (arrival_rate, service_rate, servers) in [
        (9.0, 5.0, 2),
        (40.0, 3.0, 16),
        (180.0, 2.0, 100),
        (0.1, 1.0, 3),
    ] {
        let queue = Mmc::new(arrival_rate, service_rate, servers).unwrap();
        let states = birth_death(queue.offered_load(), servers, 3000);
        let (mut in_system, mut in_queue, mut waiting) = (0.0, 0.0, 0.0);
        for (n, p) in (0_u32..).zip(&states) {
            in_system += f64::from(n) * p;
            in_queue += f64::from(n.saturating_sub(servers)) * p;
            waiting += if n >= servers { *p } else { 0.0 };
            if *p > 1e-200 {
                assert_close(queue.probability_in_system(u64::from(n)), *p, 1e-10);
            }
        }
        assert_close(queue.mean_in_system(), in_system, 1e-11);
        assert_close(queue.mean_in_queue(), in_queue, 1e-11);
        assert_close(queue.probability_of_waiting(), waiting, 1e-11);
    }
}

/// ∫ f from 0 to `end` by Simpson's rule.
fn integral(f: impl Fn(f64) -> f64, end: f64) -> f64 {
    let steps = 200_000;
    let h = end / f64::from(steps);
    let weight = |i: i32| match i {
        0 => 1.0,
        i if i == steps => 1.0,
        i if i % 2 == 1 => 4.0,
        _ => 2.0,
    };
    (0..=steps)
        .map(|i| weight(i) * f(f64::from(i) * h))
        .sum::<f64>()
        * h
        / 3.0
}

#[test]
fn the_tails_integrate_to_the_means() {
    // The third has cμ−λ = μ exactly, the next two nearly so.
    for (arrival_rate, servers) in [
        (0.5, 1),
        (1.8, 2),
        (2.0, 3),
        (2.0 + 1e-9, 3),
        (2.0 - 1e-7, 3),
        (15.0, 16),
    ] {
        let queue = Mmc::new(arrival_rate, 1.0, servers).unwrap();
        let end = 45.0 / f64::min(1.0, f64::from(servers) - arrival_rate);
        assert_close(
            integral(|t| queue.response_ccdf(t), end),
            queue.mean_response(),
            1e-9,
        );
        assert_close(
            integral(|t| queue.wait_ccdf(t), end),
            queue.mean_wait(),
            1e-9,
        );
    }
}

#[test]
fn the_response_is_smooth_where_the_spare_rate_meets_the_service_rate() {
    let at = |arrival_rate: f64| Mmc::new(arrival_rate, 1.0, 3).unwrap().response_ccdf(2.5);
    let middle = at(2.0);
    for step in [1e-15, 1e-12, 1e-9, 1e-7] {
        let (below, above) = (at(2.0 - step), at(2.0 + step));
        assert!((below + above - 2.0 * middle).abs() < 1e-12, "step {step}");
        assert!(below <= middle && middle <= above, "step {step}");
    }
}

#[test]
fn overload_is_an_error_and_not_a_number() {
    for (arrival_rate, servers) in [(2.0, 2), (3.0, 2), (1e9, 1_000_000)] {
        let error = Mmc::new(arrival_rate, 1.0, servers).unwrap_err();
        assert!(matches!(error, InputError::Unstable { .. }), "{error}");
    }
    assert_eq!(Mmc::new(1.0, 2.0, 0).unwrap_err().field(), "servers");
    assert_eq!(
        Mmc::new(f64::NAN, 2.0, 1).unwrap_err().field(),
        "arrival_rate"
    );
    assert_eq!(Mmc::new(1.0, -2.0, 1).unwrap_err().field(), "service_rate");
}

#[test]
fn extremes_stay_finite() {
    for servers in [1, 2, 1000, 1_000_000] {
        for (share, service_rate) in [
            (1e-300, 1.0),
            (0.5, 1e-149),
            (0.5, 1e140),
            (1.0 - 1e-12, 1.0),
            (1.0 - 1e-15, 1.0),
        ] {
            let arrival_rate = f64::max(share * f64::from(servers) * service_rate, 1e-150);
            let queue = Mmc::new(arrival_rate, service_rate, servers).unwrap();
            let values = [
                queue.utilization(),
                queue.mean_wait(),
                queue.mean_response(),
                queue.mean_in_queue(),
                queue.mean_in_system(),
                queue.probability_of_waiting(),
                queue.probability_in_system(0),
                queue.probability_in_system(u64::from(servers)),
                queue.probability_in_system(u64::MAX),
                queue.wait_quantile(0.999),
                queue.response_quantile(1e-12),
                queue.response_quantile(0.5),
                queue.response_quantile(1.0 - 1e-16),
                queue.response_cdf(1e300),
                queue.response_ccdf(1e300),
            ];
            assert!(
                values.iter().all(|v| v.is_finite() && *v >= 0.0),
                "{queue:?}: {values:?}"
            );
        }
    }
}

proptest! {
    #[test]
    fn quantiles_invert_the_distribution(
        utilization in 0.001..0.9999_f64,
        servers in 1..200_u32,
        p in 1e-6..0.999_999_f64,
    ) {
        let queue = Mmc::new(utilization * f64::from(servers) * 3.0, 3.0, servers).unwrap();
        let tail = queue.response_ccdf(queue.response_quantile(p));
        prop_assert!((tail / (1.0 - p) - 1.0).abs() < 1e-11);
        let head = queue.response_cdf(queue.response_quantile(p));
        prop_assert!((head / p - 1.0).abs() < 1e-11);
        let wait = queue.wait_cdf(queue.wait_quantile(p));
        prop_assert!((wait - p.max(queue.wait_cdf(0.0))).abs() < 1e-12);
    }

    #[test]
    fn more_load_waits_longer_and_more_servers_wait_less(
        utilization in 0.01..0.98_f64,
        servers in 1..100_u32,
        p in 0.01..0.9999_f64,
    ) {
        let arrival_rate = utilization * f64::from(servers);
        let queue = Mmc::new(arrival_rate, 1.0, servers).unwrap();
        let busier = Mmc::new(arrival_rate * 1.01, 1.0, servers).unwrap();
        let larger = Mmc::new(arrival_rate, 1.0, servers + 1).unwrap();
        prop_assert!(busier.mean_wait() > queue.mean_wait());
        prop_assert!(larger.mean_wait() < queue.mean_wait());
        prop_assert!(busier.response_quantile(p) >= queue.response_quantile(p) * (1.0 - 1e-12));
        prop_assert!(larger.response_quantile(p) <= queue.response_quantile(p) * (1.0 + 1e-12));
    }
}
