//! Where runs are split, end early, or are refused.

use sim_core::balancing::Policy;
use sim_core::run::audit::DoubtKind;
use sim_core::run::{Cancel, Plan, Stopping, run};
use sim_core::scenario::activity::{Abandoned, Attempt};
use sim_core::scenario::{Activity, Arrivals, Class, Failures, Horizon, Scenario, Station};

use crate::balancers::balanced;
use crate::support::{
    check, chosen, details, estimate, exponential, long, open, place, simulate, station,
};

#[test]
fn any_split_and_any_number_of_threads_give_the_same_bits() {
    let scenario = long(balanced(Policy::LeastConnections, 5, 0.8), 5_000);
    let plan = Plan::new(&scenario, 7).unwrap();
    let stopping = Stopping {
        precision: 0.05,
        replications: 9,
        early: false,
    };
    let whole = |threads| run(&plan, &stopping, threads, &Cancel::default(), &|_| {});
    assert_eq!(whole(1), whole(2));
    let part = |range: std::ops::Range<u64>, step| {
        let mut job = sim_core::run::Job::new(&plan, range);
        while !job.step(step) {}
        job.finish()
    };
    let mut parts = part(6..9, 1);
    parts.merge(&part(0..2, 1000)).unwrap();
    parts.merge(&part(2..6, 77)).unwrap();
    assert!(parts == part(0..9, 1 << 30));
    let text = serde_json::to_string(&parts).unwrap();
    let read: sim_core::run::Partial = serde_json::from_str(&text).unwrap();
    assert!(read == parts);
    assert!(parts.merge(&read).is_err());
}

#[test]
fn an_overloaded_network_grows_and_has_no_steady_state() {
    let scenario = open(2.0, station(1, 1.0)).with_horizon(Horizon::Transient { requests: 20_000 });
    let report = simulate(&scenario);
    assert!(!report.stable && report.mean_response.estimate.is_none());
    check("growth", report.growth_rate.unwrap(), 1.0);
}

#[test]
fn a_crowd_ends_the_run_with_what_there_is() {
    let mut scenario =
        open(2.0, station(1, 1.0)).with_horizon(Horizon::Transient { requests: 20_000 });
    scenario.limits.population = 1_000;
    let report = simulate(&scenario);
    assert_eq!(details(&report).crowded, 16);
    assert!(details(&report).flow.arrived > 1_000);
}

#[test]
fn time_that_stands_still_is_reported_with_its_cycle() {
    let closed = Station {
        room: Some(1),
        ..station(1, 1e-6)
    };
    let attempt = Attempt {
        timeout: None,
        retries: 1_000_000,
        backoff: None,
        abandoned: Abandoned::Stops,
        path: vec![Activity::repeat(1_000, vec![Activity::work("door")])],
        otherwise: None,
    };
    let knocking = vec![Activity::repeat(1_000, vec![Activity::Attempt(attempt)])];
    let scenario = Scenario::empty()
        .with_class("caller", Class::new(Arrivals::poisson(10.0)))
        .with_resource("door", closed)
        .with_path(knocking)
        .with_horizon(Horizon::Span { seconds: 100.0 });
    let report = simulate(&scenario);
    let cycle = &details(&report).livelock;
    assert!(
        cycle.iter().any(|place| place.contains("attempt")),
        "{cycle:?}"
    );
    assert!(
        cycle.iter().any(|place| place.ends_with("work")),
        "{cycle:?}"
    );
}

#[test]
fn everything_wrong_is_found_at_once() {
    let scenario = Scenario::empty()
        .with_class("a", Class::new(Arrivals::poisson(-1.0)))
        .with_resource("db", Station::new(0))
        .with_path(vec![
            Activity::work("db"),
            Activity::hold("pool", vec![Activity::work("nowhere")]),
        ]);
    let problems: Vec<String> = scenario
        .problems()
        .iter()
        .map(ToString::to_string)
        .collect();
    let fields: Vec<&str> = problems
        .iter()
        .map(|it| it.split([':', ' ']).next().unwrap())
        .collect();
    assert_eq!(
        fields,
        [
            "resources.db.servers",
            "classes.a.arrivals.poisson.rate",
            "path[0].work.demand",
            "path[1].hold.pool",
            "path[1].hold.path[0].work.at",
        ],
        "{problems:#?}"
    );
}

/// Requests that take longer than the timeout are given up, while the work they began goes on: the server drowns in work that
/// nobody waits for, though few requests are in flight at any time.
#[test]
fn a_storm_of_retries_grows_without_end_though_requests_time_out() {
    let storm = |retries| {
        let attempt = Activity::Attempt(Attempt {
            timeout: Some(0.05),
            retries,
            backoff: None,
            abandoned: Abandoned::RunsOn,
            path: vec![Activity::work("server")],
            otherwise: None,
        });
        let scenario = open(90.0, station(1, 100.0)).with_path(vec![attempt]);
        simulate(&long(scenario, 20_000))
    };
    let calm = storm(0);
    assert!(calm.stable && calm.growth_rate.is_none());
    let report = storm(3);
    // The server is always busy, for nobody.
    let useful = estimate(details(&report).throughput);
    assert!(useful < 30.0 && estimate(place(&report, "server").throughput) > 95.0);
    assert!(!report.stable && report.mean_response.estimate.is_none());
    assert!(estimate(report.growth_rate.unwrap()) > 50.0);
}

#[test]
fn servers_that_fail_all_the_time_do_not_keep_a_run_from_its_end() {
    // A user comes every thirty years, and meanwhile the server fails fifty times a second.
    for horizon in [
        Horizon::Steady {
            requests: Some(200),
        },
        Horizon::Transient { requests: 200 },
    ] {
        let server = Station {
            failures: Some(Failures::new(exponential(0.01), exponential(0.01))),
            ..station(1, 1.0)
        };
        let scenario = open(1e-9, server).with_horizon(horizon);
        let report = chosen(&scenario, 2);
        let window = report
            .doubts
            .iter()
            .find(|it| it.kind == DoubtKind::Window)
            .unwrap();
        assert!(window.detail.contains("fewer requests"), "{window:?}");
    }
}
