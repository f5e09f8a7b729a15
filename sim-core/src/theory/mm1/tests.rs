//! The model against textbook values, its own definitions, and the extremes of its input.

use proptest::prelude::*;

use super::*;
use crate::theory::testing::assert_close;

#[test]
fn nine_tenths_busy_takes_ten_times_the_service() {
    let queue = Mm1::new(90.0, 100.0).unwrap();
    assert_close(queue.utilization(), 0.9, 1e-13);
    assert_close(queue.mean_response(), 0.1, 1e-13);
    assert_close(queue.mean_wait(), 0.09, 1e-13);
    assert_close(queue.mean_in_system(), 9.0, 1e-13);
    assert_close(queue.mean_in_queue(), 8.1, 1e-13);
    assert_close(queue.response_quantile(0.99), 0.1 * math::ln(100.0), 1e-13);
    assert_close(queue.wait_quantile(0.95), 0.1 * math::ln(18.0), 1e-13);
    assert_eq!(queue.wait_quantile(0.1), 0.0);
}

#[test]
fn stations_of_an_open_jackson_network_are_mm1() {
    // Bolch et al., example 7.4: mean service, throughput, mean number; and a processor-sharing queue's mean response.
    for (service, throughput, in_system) in [
        (0.04, 20.0, 4.0),
        (0.03, 10.0, 0.429),
        (0.06, 10.0, 1.5),
        (0.05, 4.0, 0.25),
    ] {
        let station = Mm1::new(throughput, 1.0 / service).unwrap();
        assert_close(station.mean_in_system(), in_system, 2e-3);
    }
    assert_close(Mm1::new(3.0, 5.0).unwrap().mean_response(), 0.5, 1e-13);
}

#[test]
fn the_states_sum_to_one_and_to_the_mean_number() {
    let queue = Mm1::new(0.8, 1.0).unwrap();
    let states: Vec<f64> = (0..400).map(|n| queue.probability_in_system(n)).collect();
    assert_close(states.iter().sum(), 1.0, 1e-13);
    assert_close(
        states.iter().zip(0..).map(|(p, n)| p * f64::from(n)).sum(),
        queue.mean_in_system(),
        1e-13,
    );
}

#[test]
fn overload_is_an_error_and_not_a_number() {
    for (arrival_rate, service_rate) in [(1.0, 1.0), (2.0, 1.0), (1e150, 1e-150)] {
        let error = Mm1::new(arrival_rate, service_rate).unwrap_err();
        assert!(matches!(error, InputError::Unstable { .. }), "{error}");
    }
    for wrong in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e-300, 1e300, 1e308] {
        assert_eq!(Mm1::new(wrong, 1.0).unwrap_err().field(), "arrival_rate");
        assert_eq!(Mm1::new(1.0, wrong).unwrap_err().field(), "service_rate");
    }
}

#[test]
fn extremes_stay_finite() {
    let rates = [
        (1e-150, 1e150),
        (1e-150, 1.1e-150),
        (1.0 - 1e-12, 1.0),
        (1.0 - 1e-16, 1.0),
        (0.9e150, 1e150),
    ];
    for (arrival_rate, service_rate) in rates {
        let queue = Mm1::new(arrival_rate, service_rate).unwrap();
        let values = [
            queue.mean_wait(),
            queue.mean_response(),
            queue.mean_in_queue(),
            queue.mean_in_system(),
            queue.wait_quantile(0.999),
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

proptest! {
    #[test]
    fn quantiles_invert_the_distribution(utilization in 0.001..0.999_f64, p in 0.0..0.9999_f64) {
        let queue = Mm1::new(utilization * 7.0, 7.0).unwrap();
        prop_assert!((queue.response_cdf(queue.response_quantile(p)) - p).abs() < 1e-12);
        let wait = queue.wait_cdf(queue.wait_quantile(p));
        prop_assert!((wait - p.max(1.0 - utilization)).abs() < 1e-12);
    }

    #[test]
    fn little_s_law_holds(utilization in 0.001..0.999_f64, service_rate in 1e-3..1e3_f64) {
        let queue = Mm1::new(utilization * service_rate, service_rate).unwrap();
        let close = |x: f64, y: f64| (x / y - 1.0).abs() < 1e-12;
        prop_assert!(close(queue.throughput() * queue.mean_response(), queue.mean_in_system()));
        prop_assert!(close(queue.throughput() * queue.mean_wait(), queue.mean_in_queue()));
    }
}
