//! Recorded traffic against answers worked out elsewhere: by hand, by a law, by another program.
#![cfg(feature = "trace")]

use sim_core::Quantity;
use sim_core::distribution::Distribution;
use sim_core::engine::live::{LiveStation, Passage};
use sim_core::scenario::Queue;
use sim_core::stats::moments::Moments;
use sim_core::trace::{Recorder, Replay, ReplayReport, Trace, replay};

fn trace<'a>(scale: f64, rows: impl Iterator<Item = (&'a str, &'a str)>) -> Trace {
    let mut recorder = Recorder::new("time", "service", scale).unwrap();
    for (line, (time, service)) in (2..).zip(rows) {
        recorder
            .push(line, time.as_bytes(), service.as_bytes())
            .unwrap();
    }
    recorder.finish().unwrap()
}

fn replayed(trace: &Trace, servers: u32, speed: f64) -> ReplayReport {
    let options = Replay {
        servers,
        speed,
        precision: 0.05,
    };
    replay(trace, &options).unwrap()
}

#[track_caller]
fn check(name: &str, actual: f64, expected: f64, tolerance: f64) {
    assert!(
        (actual - expected).abs() <= tolerance * expected.abs(),
        "{name}: {actual} is not {expected}"
    );
}

#[track_caller]
fn check_estimate(name: &str, quantity: Quantity, expected: f64) {
    check(name, quantity.estimate.unwrap(), expected, 1e-12);
}

/// Six requests whose waits at one server are 0, 1, 2.5, 2.5, 0, 1 and whose last leaves at 8.
const BY_HAND: [(&str, &str); 6] = [
    ("2024-02-28 23:59:58", "20"),
    ("2024-02-28 23:59:59.0", "20"),
    ("2024-02-28 23:59:59.5000000", "5"),
    ("2024-02-29T00:00:00", "10"),
    ("2024-02-29 00:00:04", "10"),
    ("2024-02-29 00:00:04", "10"),
];

#[test]
fn a_trace_by_hand() {
    let found = replayed(&trace(0.1, BY_HAND.into_iter()), 1, 1.0);
    let report = &found.report;
    check("λ", report.arrival_rate, 5.0 / 6.0, 1e-12);
    check("μ", report.service_rate, 6.0 / 7.5, 1e-12);
    check("ρ", report.utilization, 7.5 / 7.2, 1e-12);
    check_estimate("Wq", report.mean_wait, 7.0 / 6.0);
    check_estimate("W", report.mean_response, 14.5 / 6.0);
    check_estimate("L", report.mean_in_system, 14.5 / 8.0);
    check_estimate("Lq", report.mean_in_queue, 7.0 / 8.0);
    // Responses in order: 1, 2, 2, 3, 3, 3.5.
    check_estimate("P50", report.p50, 2.0);
    check_estimate("P90", report.p90, 3.5);
    check_estimate("P99.9", report.p999, 3.5);
    // Gaps 1, 0.5, 0.5, 4, 0: mean 1.2, mean square 3.5.
    check("C²a", found.arrival_scv, (3.5 - 1.44) / 1.44, 1e-12);
    // Services 2, 2, 0.5, 1, 1, 1: mean 1.25, mean square 11.25 / 6.
    check(
        "C²s",
        found.service_scv,
        (11.25 / 6.0 - 1.5625) / 1.5625,
        1e-12,
    );
    assert_eq!((report.replications, report.requests), (1, 6));
    assert_eq!(report.mean_response.low, None, "too short for an interval");
    assert!(!report.converged);
}

#[test]
fn at_or_above_capacity_a_trace_replays_and_promises_nothing() {
    let found = replayed(&trace(0.1, BY_HAND.into_iter()), 1, 1.0);
    assert!(!found.report.stable);
    assert_eq!(found.mmc, None);
    assert_eq!(found.mean_response_approximation, None);
}

#[test]
fn speed_presses_the_same_requests_together() {
    let trace = trace(0.1, BY_HAND.into_iter());
    let (slow, fast) = (replayed(&trace, 2, 0.5), replayed(&trace, 2, 2.0));
    check(
        "λ",
        fast.report.arrival_rate,
        4.0 * slow.report.arrival_rate,
        1e-12,
    );
    assert_eq!(fast.report.service_rate, slow.report.service_rate);
    assert_eq!(fast.arrival_scv, slow.arrival_scv);
    // Arrivals at 0, 0.5, 0.75, 1, 3, 3 with two servers: waits 0, 0, 1.25, 1.5, 0, 0.5.
    check_estimate("Wq", fast.report.mean_wait, 3.25 / 6.0);
    check_estimate("Wq", slow.report.mean_wait, 0.0);
}

#[test]
fn seven_decimals_survive_an_epoch_of_seconds() {
    let trace = trace(
        1.0,
        [("1700158623.9799600", "1"), ("1700158623.9799601", "1")].into_iter(),
    );
    assert_eq!(trace.arrivals(), [0, 100]);
}

/// A queue whose steady state is known without chance: arrivals every second, service half a second.
#[test]
fn a_steady_clockwork_has_intervals_of_no_width() {
    let times: Vec<String> = (0..20_000).map(|second| second.to_string()).collect();
    let found = replayed(
        &trace(1.0, times.iter().map(|time| (time.as_str(), "0.5"))),
        1,
        1.0,
    );
    for quantity in [
        found.report.mean_response,
        found.report.p50,
        found.report.p999,
    ] {
        assert_eq!(
            (quantity.low, quantity.estimate, quantity.high),
            (Some(0.5), Some(0.5), Some(0.5))
        );
    }
    assert!(found.report.converged);
    assert_eq!((found.arrival_scv, found.service_scv), (0.0, 0.0));
    assert_eq!(found.bursts.gap_correlation, None);
    // M/M/1 at λ 1, μ 2 promises 1/(μ − λ).
    let promise = found.mmc.unwrap();
    check("W of M/M/1", promise.mean_response, 1.0, 1e-12);
    check("P99 of M/M/1", promise.p99, 4.605_170_185_988_092, 1e-12);
    check("Lq of M/M/1", promise.mean_in_queue, 0.5, 1e-12);
}

/// Requests of a simulated M/M/c, written down and replayed: the waits are those of the simulation, and the promise is kept.
#[test]
fn a_poisson_record_replays_its_simulation_and_keeps_the_promise() {
    for servers in [1, 3] {
        let gap = 1.0 / Queue::arrival_rate_at(0.7, servers, 2.0);
        let (gap, service) = (
            Distribution::exponential(gap),
            Distribution::exponential(0.5),
        );
        let scenario = Queue::new(gap, servers, service);
        let mut station = LiveStation::new(&scenario, 3).unwrap();
        let passages: Vec<Passage> = (0..200_000).map(|_| station.next_passage()).collect();
        let rows: Vec<(String, String)> = (passages.iter())
            .map(|passage| {
                let service = passage.departure - passage.start;
                (passage.arrival.to_string(), service.to_string())
            })
            .collect();
        let rows = rows
            .iter()
            .map(|(time, service)| (time.as_str(), service.as_str()));
        let found = replayed(&trace(1.0, rows), servers, 1.0);
        let waits: Moments = (passages.iter())
            .map(|passage| passage.start - passage.arrival)
            .collect();
        // Times are rounded to nanoseconds.
        check(
            "Wq",
            found.report.mean_wait.estimate.unwrap(),
            waits.mean(),
            1e-6,
        );
        let promise = found.mmc.unwrap();
        for (name, quantity, promised) in [
            ("W", found.report.mean_response, promise.mean_response),
            ("L", found.report.mean_in_system, promise.mean_in_system),
            ("P99", found.report.p99, promise.p99),
        ] {
            // Twice as wide as a 95 % interval: chance misses it in one of 20,000 runs.
            let (estimate, high) = (quantity.estimate.unwrap(), quantity.high.unwrap());
            assert!(
                (estimate - promised).abs() < 2.0 * (high - estimate),
                "{name}"
            );
        }
        check("C²a", found.arrival_scv, 1.0, 0.02);
        check("dispersion", found.bursts.dispersion, 1.0, 0.5);
        assert!(found.bursts.gap_correlation.unwrap().abs() < 0.01);
    }
}

/// 8,819 inference calls; the expected values come from a few lines of Python with its own heap.
#[test]
fn inference_calls_at_four_servers() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../shared/data/azure_llm_code.csv"
    );
    let Ok(text) = std::fs::read_to_string(path) else {
        println!("skipped: no such file");
        return;
    };
    let rows = text.lines().skip(1).map(|line| {
        let fields: Vec<&str> = line.split(',').collect();
        (fields[0], fields[2])
    });
    let found = replayed(&trace(0.02, rows), 4, 1.0);
    let report = &found.report;
    assert_eq!(report.requests, 8819);
    check("C²a", found.arrival_scv, 172.956_454, 1e-6);
    check("C²s", found.service_scv, 4.608_850_16, 1e-8);
    check("ρ", report.utilization, 0.357_787_885, 1e-8);
    check("W", report.mean_response.estimate.unwrap(), 9.424_611, 1e-6);
    check("P50", report.p50.estimate.unwrap(), 4.117_390, 1e-6);
    check("P99", report.p99.estimate.unwrap(), 46.921_314, 1e-3);
    let promise = found.mmc.unwrap();
    assert!(report.mean_response.low.unwrap() > 5.0 * promise.mean_response);
    assert!(!report.converged, "bursts leave the mean uncertain");
}
