//! Systems in which requests stay long, or to the end of a given time: what is measured is neither too early nor cut off.

use sim_core::Report;
use sim_core::balancing::Policy;
use sim_core::distribution::{Distribution, Lognormal, Uniform};
use sim_core::run::audit::DoubtKind;
use sim_core::scenario::activity::{Attempt, Parallel};
use sim_core::scenario::arrivals::{Step, Steps};
use sim_core::scenario::script::Kill;
use sim_core::scenario::{
    Activity, Arrivals, Class, FailureKind, Failures, Group, Horizon, Incident, Member, Path, Pool,
    Probes, Scenario, Station,
};

use crate::support::{check, chosen, details, estimate, exponential, open, place, station};

fn lognormal(mean: f64, scv: f64) -> Distribution {
    Distribution::Lognormal(Lognormal { mean, scv })
}

fn poisson(rate: f64, path: Path) -> Scenario {
    Scenario::empty()
        .with_class("call", Class::new(Arrivals::poisson(rate)))
        .with_path(path)
}

fn trusted(scenario: &Scenario) -> Report {
    let report = chosen(scenario, 8);
    assert!(
        report.stable && report.doubts.is_empty(),
        "{:?}",
        report.doubts
    );
    report
}

#[test]
fn what_waits_for_others_is_in_the_system_all_the_time() {
    // 5 ms of work, then 10 s at a partner: by Little's law 100·(0.010 + 10).
    let path = vec![Activity::work("web"), Activity::Delay(exponential(10.0))];
    let scenario = poisson(100.0, path).with_resource("web", station(1, 200.0));
    check("L", trusted(&scenario).mean_in_system, 1_001.0);
}

#[test]
fn sessions_fill_the_system_from_the_start() {
    for (rate, law) in [
        (1.0 / 9.0, lognormal(1_800.0, 1.0)),
        (100.0, exponential(600.0)),
        (55.555_555_555_555_56, lognormal(180.0, 4.0)),
    ] {
        let expected = rate * law.mean().unwrap();
        let report = trusted(&poisson(rate, vec![Activity::Delay(law)]));
        check("L", report.mean_in_system, expected);
        assert!(report.mean_wait.is_exact() && estimate(report.mean_wait) == 0.0);
    }
}

/// A thousand users at a full server, so that each waits a second, and a pause of half a second now and then: the start is forgotten
/// when all have come by, and a few pauses are no climb.
#[test]
fn a_full_loop_remembers_for_as_long_as_a_round_takes() {
    let server = Station {
        failures: Some(Failures {
            kind: FailureKind::Pause,
            ..Failures::new(exponential(20.0), Distribution::deterministic(0.5))
        }),
        ..station(1, 1_000.0)
    };
    let scenario = Scenario::empty()
        .with_class("user", Class::new(Arrivals::users(1_000, 0.009)))
        .with_path(vec![Activity::work("server")])
        .with_resource("server", server);
    let report = trusted(&scenario);
    check(
        "X",
        details(&report).classes[0].throughput,
        1_000.0 * 20.0 / 20.5,
    );
}

/// Arrivals that just fit: half a second of them has to be caught up with for six.
#[test]
fn a_pause_is_remembered_until_what_it_held_up_is_done() {
    let paused = |rate: f64| {
        let server = Station {
            failures: Some(Failures {
                kind: FailureKind::Pause,
                ..Failures::new(exponential(20.0), Distribution::deterministic(0.5))
            }),
            ..station(1, 1_000.0)
        };
        poisson(rate, vec![Activity::work("server")]).with_resource("server", server)
    };
    let discarded = |rate: f64| chosen(&paused(rate), 1).warm_up as f64 / rate;
    // Five times the half second over what is left of the server's time: 1/(1 − 0.3/0.9756), 1/(1 − 0.926/0.9756).
    for (rate, least) in [(300.0, 3.6), (926.0, 49.0)] {
        let discarded = discarded(rate);
        assert!(discarded >= least, "{discarded} s at {rate}/s");
    }
}

#[test]
fn a_pool_that_is_held_for_long_is_as_full_as_littles_law_says() {
    let pool = Pool::new(2_000);
    let held = Activity::hold("sockets", vec![Activity::Delay(exponential(120.0))]);
    let scenario = poisson(10.0, vec![held]).with_resource("sockets", pool);
    let report = trusted(&scenario);
    check("U", place(&report, "sockets").utilization, 0.6);
}

#[test]
fn a_place_is_held_as_long_as_its_holder_takes() {
    let pause = || vec![Activity::Delay(exponential(1.0))];
    // Two copies of which the first one counts: half a second.
    let hedged = Activity::Parallel(Parallel {
        paths: vec![pause(), pause()],
        first: Some(1),
        rest: sim_core::scenario::activity::Abandoned::Stops,
    });
    // The lesser of an exponential second and 0.2 s.
    let given_up = Activity::attempt(Some(0.2), 0, pause());
    for (held, expected) in [(hedged, 0.5), (given_up, 0.181_27)] {
        let scenario = poisson(3.0, vec![Activity::hold("pool", vec![held])])
            .with_resource("pool", Pool::new(3));
        check(
            "U",
            place(&trusted(&scenario), "pool").utilization,
            expected,
        );
    }
    // Eight machines of twice the speed: 85 a second of 50 ms.
    let work = Activity::demand("web", exponential(0.1));
    let path = vec![Activity::hold(
        "pool",
        vec![Activity::balance("web", vec![work])],
    )];
    let web = Group {
        members: vec![Member {
            speed: 2.0,
            count: 8,
            ..Member::default()
        }],
        ..Group::new(8, Policy::LeastConnections)
    };
    let scenario = poisson(85.0, path)
        .with_resource("pool", Pool::new(8))
        .with_resource("web", web);
    check(
        "U",
        place(&trusted(&scenario), "pool").utilization,
        0.531_25,
    );
}

/// M/M/5 whose requests leave after half a second in line: the work that an arrival finds has density 5·10·e^(10 x) up to there, and falls
/// by e^(−50 x) beyond (Baccelli and Hebuterne, 1981).
#[test]
fn who_waits_too_long_leaves() {
    let pool = Pool {
        patience: Some(Distribution::deterministic(0.5)),
        ..Pool::new(5)
    };
    let path = vec![Activity::hold(
        "pool",
        vec![Activity::Delay(exponential(0.1))],
    )];
    let report = trusted(&poisson(60.0, path).with_resource("pool", pool));
    check("left", place(&report, "pool").gave_up_share, 0.167_272_5);
    check("W", report.mean_response, 0.502_422_9);
}

#[test]
fn erlang_b_does_not_ask_for_the_law() {
    // Lines, requests a second, what they take, and the share that finds no line free by Erlang B.
    for (lines, rate, law, expected) in [
        (120, 20.0, lognormal(5.3, 3.0), 0.016_33),
        (1_500, 8.0, lognormal(180.0, 6.0), 0.003_18),
        (10_000, 500.0 / 9.0, exponential(180.0), 0.007_937),
        (10_000, 500.0 / 9.0, lognormal(180.0, 4.0), 0.007_937),
    ] {
        let trunk = Station {
            room: Some(lines),
            service: Some(law),
            ..Station::new(lines)
        };
        let scenario = poisson(rate, vec![Activity::work("trunk")]).with_resource("trunk", trunk);
        let report = trusted(&scenario);
        let lost = place(&report, "trunk").rejected_share;
        let width = lost.high.unwrap() - lost.low.unwrap();
        assert!(
            (estimate(lost) - expected).abs() < width && width < expected,
            "{lost:?} {expected}"
        );
        assert!(place(&report, "trunk").mean_wait.is_exact());
    }
}

#[test]
fn a_wait_is_part_of_its_response() {
    let both = Parallel {
        paths: vec![vec![Activity::work("a")], vec![Activity::work("b")]],
        first: None,
        rest: sim_core::scenario::activity::Abandoned::Stops,
    };
    let scenario = poisson(1.0, vec![Activity::Parallel(both)])
        .with_resource("a", station(1, 2.0))
        .with_resource("b", station(1, 2.0));
    let report = trusted(&scenario);
    check("W", report.mean_response, 1.437_5);
    // Of the two that are waited for, the later one counts: less than both waits together.
    assert!(estimate(report.mean_wait) < 0.8);
    check("Wq a", place(&report, "a").mean_wait, 0.5);
}

#[test]
fn who_calls_within_half_an_hour_is_followed_to_the_end() {
    // 14 agents, 646 s a call: W 717 s and Wq 70.4 s, whoever is still there when the half hour ends.
    let scenario = open(0.024_633_33, station(14, 1.0 / 646.0))
        .with_horizon(Horizon::Span { seconds: 1_800.0 });
    let report = chosen(&scenario, 1_000);
    assert_eq!(details(&report).flow.in_flight, 0);
    let near = |found: f64, expected: f64| {
        assert!((found / expected - 1.0).abs() < 0.03, "{found} {expected}");
    };
    near(estimate(report.mean_response), 717.0);
    assert!(
        (estimate(report.mean_wait) - 70.4).abs() < 7.0,
        "{:?}",
        report.mean_wait
    );
}

#[test]
fn a_surgery_closes_when_the_last_has_left() {
    let steps = [(420.0, 0.1), (1_000.0, 0.0)].map(|(seconds, rate)| Step { seconds, rate });
    let doctors = Station {
        service: Some(Distribution::Uniform(Uniform {
            low: 5.0,
            high: 20.0,
        })),
        ..Station::new(3)
    };
    let scenario = Scenario::empty()
        .with_class(
            "patient",
            Class::new(Arrivals::Steps(Steps {
                steps: steps.into(),
            })),
        )
        .with_resource("doctors", doctors)
        .with_path(vec![Activity::work("doctors")])
        .with_horizon(Horizon::Span { seconds: 600.0 });
    let report = chosen(&scenario, 500);
    let last = estimate(details(&report).last_departure.unwrap());
    assert!((420.0..431.0).contains(&last), "{last}");
    assert!((report.arrival_rate - 0.07).abs() < 1e-9);
    assert!(
        (estimate(report.mean_wait) - 0.676).abs() < 0.15,
        "{:?}",
        report.mean_wait
    );
}

#[test]
fn two_locks_in_opposite_orders_are_a_deadlock() {
    let both = |first: &str, second: &str| {
        let pause = || Activity::Delay(exponential(0.5));
        let inner = Activity::hold(second, vec![pause()]);
        Class {
            path: Some(vec![Activity::hold(first, vec![pause(), inner])]),
            ..Class::new(Arrivals::poisson(0.4))
        }
    };
    let lock = || Pool::new(1);
    let scenario = Scenario::empty()
        .with_class("a", both("p1", "p2"))
        .with_class("b", both("p2", "p1"))
        .with_resource("p1", lock())
        .with_resource("p2", lock());
    let probes = Probes {
        series: 20,
        ..Probes::default()
    };
    let scenario = Scenario { probes, ..scenario };
    let report = chosen(&scenario, 4);
    // What was seen until then is kept.
    assert_eq!(
        details(&report)
            .series
            .as_ref()
            .unwrap()
            .mean_response
            .len(),
        20
    );
    assert!(!report.stable && report.growth_rate.is_none());
    assert_eq!(report.doubts[0].kind, DoubtKind::Deadlock);
    let who = &details(&report).deadlock;
    assert!(
        who[0].contains("class `a` holds a place of `p1` and waits for one of `p2`"),
        "{who:?}"
    );
    assert!(
        who[1].contains("class `b` holds a place of `p2` and waits for one of `p1`"),
        "{who:?}"
    );
}

#[test]
fn three_layers_of_three_tries_call_a_dead_database_27_times() {
    let mut path = vec![Activity::demand("db", exponential(0.01))];
    for _ in 0..3 {
        path = vec![Activity::Attempt(Attempt {
            timeout: None,
            retries: 2,
            backoff: None,
            abandoned: sim_core::scenario::activity::Abandoned::Stops,
            path,
            otherwise: None,
        })];
    }
    let scenario = poisson(10.0, path)
        .with_resource("db", Station::new(10))
        .with_horizon(Horizon::Span { seconds: 100.0 })
        .with_incident(Incident::Kill(Kill {
            at: 0.0,
            server: "db".into(),
            silent: false,
        }));
    let report = chosen(&scenario, 4);
    let calls = &details(&report).classes[0].calls;
    assert_eq!(calls[0].resource, "db");
    assert!((estimate(calls[0].mean) - 27.0).abs() < 1e-9);
    let tries: Vec<f64> = details(&report)
        .attempts
        .iter()
        .map(|it| estimate(it.tries))
        .collect();
    assert_eq!(tries, [3.0, 9.0, 27.0]);
}

#[test]
fn what_never_ends_is_a_bound_and_no_mean() {
    // Nobody answers any more from the middle of the span on.
    let scenario = open(10.0, station(2, 10.0))
        .with_horizon(Horizon::Span { seconds: 60.0 })
        .with_incident(Incident::Kill(Kill {
            at: 30.0,
            server: "server".into(),
            silent: true,
        }));
    let report = chosen(&scenario, 8);
    assert!(details(&report).flow.in_flight > 1_000);
    assert!(report.doubts.iter().any(|it| it.kind == DoubtKind::Inside));
    assert_eq!(
        (report.mean_response.estimate, report.mean_response.high),
        (None, None)
    );
    assert!(report.mean_response.low.unwrap() > 1.0);
    assert_eq!(report.p99.estimate, None);
}
