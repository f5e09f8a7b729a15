//! How requests come.

use sim_core::scenario::arrivals::{BatchSize, Batches, Bursty, Sinusoidal, Step, Steps};
use sim_core::scenario::{Activity, Arrivals, Class, Horizon, Scenario};

use crate::support::{check, details, estimate, exponential, long, simulate, station};

#[test]
fn batches_wait_for_each_other() {
    for size in [BatchSize::Fixed(4), BatchSize::Geometric(4.0)] {
        let arrivals = Arrivals::Batches(Batches { rate: 0.15, size });
        let scenario = Scenario::empty()
            .with_class("request", Class::new(arrivals))
            .with_resource("server", station(1, 1.0))
            .with_path(vec![Activity::work("server")]);
        // L = ρ(1 + E[X²]/E[X])/2/(1 − ρ).
        let ratio = match size {
            BatchSize::Fixed(size) => f64::from(size),
            BatchSize::Geometric(mean) => 2.0 * mean - 1.0,
        };
        let number = 0.6 * (1.0 + ratio) / 2.0 / 0.4;
        let report = simulate(&long(scenario, 60_000));
        check("L", report.mean_in_system, number);
        check("W", report.mean_response, number / 0.6);
    }
}

#[test]
fn bursts_have_their_mean_rate_and_make_requests_wait() {
    let bursty = |burst_rate, calm_rate| {
        let arrivals = Arrivals::Bursty(Bursty {
            calm_rate,
            burst_rate,
            calm_seconds: 30.0,
            burst_seconds: 10.0,
        });
        let scenario = Scenario::empty()
            .with_class("request", Class::new(arrivals))
            .with_resource("server", station(1, 1.0))
            .with_path(vec![Activity::work("server")]);
        simulate(&long(scenario, 60_000))
    };
    let even = bursty(0.6, 0.6);
    check("no bursts: M/M/1", even.mean_response, 2.5);
    let uneven = bursty(1.5, 0.3);
    check("rate", details(&uneven).throughput, 0.6);
    assert!(estimate(uneven.mean_response) > 2.0 * estimate(even.mean_response));
}

#[test]
fn a_changing_rate_brings_what_it_says() {
    let infinite = vec![Activity::Delay(exponential(0.01))];
    let over = |arrivals| {
        let mut scenario = Scenario::empty()
            .with_class("request", Class::new(arrivals))
            .with_path(infinite.clone())
            .with_horizon(Horizon::Span { seconds: 100.0 });
        scenario.probes.series = 4;
        simulate(&scenario)
    };
    let steps = Arrivals::Steps(Steps {
        steps: vec![
            Step {
                seconds: 50.0,
                rate: 100.0,
            },
            Step {
                seconds: 50.0,
                rate: 20.0,
            },
        ],
    });
    check("steps", details(&over(steps)).throughput, 60.0);
    let sine = Arrivals::Sinusoidal(Sinusoidal {
        mean_rate: 80.0,
        swing: 1.0,
        period: 50.0,
    });
    check("sine", details(&over(sine)).throughput, 80.0);
}
