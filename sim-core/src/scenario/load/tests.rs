//! Loads of whole scenarios: by hand, by closed forms, and against what simulation finds.

use super::*;
use crate::balancing::Policy;
use crate::distribution::Distribution;
use crate::math;
use crate::scenario::activity::{Abandoned, Attempt, Parallel};
use crate::scenario::{Activity, Group, Horizon, Incident, Member, Pool, Station};

fn scenario(text: &str) -> Scenario {
    let scenario: Scenario = serde_json::from_str(text).unwrap();
    assert_eq!(scenario.problems(), [], "{text}");
    scenario
}

/// A pool of three places, asked for three times a second, held for a path of a second's exponential delays.
fn held(path: Vec<Activity>) -> Load {
    let scenario = Scenario::empty()
        .with_class("call", Class::new(Arrivals::poisson(3.0)))
        .with_resource("conn", Pool::new(3))
        .with_path(vec![Activity::hold("conn", path)]);
    assert_eq!(scenario.problems(), []);
    scenario.load()
}

fn delay() -> Activity {
    Activity::Delay(Distribution::exponential(1.0))
}

#[track_caller]
fn exactly(found: Amount, expected: f64) {
    assert!(found.is_exact(), "{found:?}");
    assert!(
        (found.value / expected - 1.0).abs() < 1e-9,
        "{found:?} instead of {expected}"
    );
}

#[test]
fn two_copies_hold_a_place_for_half_the_time() {
    let copies = |first| {
        Activity::Parallel(Parallel {
            paths: vec![vec![delay()], vec![delay()]],
            first,
            rest: Abandoned::Stops,
        })
    };
    exactly(held(vec![copies(Some(1))]).resources[0].busy, 0.5);
    let both = Scenario::empty()
        .with_class("call", Class::new(Arrivals::poisson(1.0)))
        .with_path(vec![copies(None)])
        .load();
    assert!((both.shortest_response - 1.5).abs() < 1e-9);
}

#[test]
fn a_timeout_holds_a_place_no_longer() {
    let attempt = |retries, abandoned, otherwise| {
        Activity::Attempt(Attempt {
            timeout: Some(0.2),
            retries,
            backoff: None,
            abandoned,
            path: vec![delay()],
            otherwise,
        })
    };
    let once = -math::exp_m1(-0.2);
    let late = math::exp(-0.2);
    for abandoned in [Abandoned::Stops, Abandoned::RunsOn] {
        let path = vec![attempt(0, abandoned, Some(vec![]))];
        exactly(held(path).resources[0].busy, once);
        // Without anything to do instead the request fails, and gives its place back just then.
        exactly(
            held(vec![attempt(0, abandoned, None)]).resources[0].busy,
            once,
        );
    }
    // Three tries at most, each as long: 1 + q + q² of them. Three times as many would be an overload, and are none.
    let found = held(vec![attempt(2, Abandoned::Stops, None)]);
    exactly(found.resources[0].busy, once * (1.0 + late + late * late));
    assert_eq!(found.resources[0].visits, [Amount::ONE]);
}

/// The place of a pool inside a try that is given up, while the try runs on.
#[test]
fn what_runs_on_is_done_in_full() {
    let hold = |abandoned| {
        let attempt = Activity::Attempt(Attempt {
            timeout: Some(0.2),
            retries: 0,
            backoff: None,
            abandoned,
            path: vec![Activity::hold("conn", vec![delay()])],
            otherwise: None,
        });
        Scenario::empty()
            .with_class("call", Class::new(Arrivals::poisson(2.0)))
            .with_resource("conn", Pool::new(3))
            .with_path(vec![attempt])
            .load()
            .resources[0]
            .clone()
    };
    exactly(hold(Abandoned::RunsOn).busy, 2.0 / 3.0);
    // One that stops may never have got a place, and holds it no longer than the timeout.
    let stops = hold(Abandoned::Stops);
    let longest = -2.0 * math::exp_m1(-0.2) / 3.0;
    assert!((stops.busy.high - longest).abs() < 1e-12 && stops.busy.low == 0.0);
    assert!((stops.utilization - longest).abs() < 1e-12);
    assert_eq!(stops.visits, [Amount::ONE]);
}

#[test]
fn fast_servers_hold_a_place_for_a_shorter_time() {
    let group = |policy| Group {
        members: vec![Member {
            count: 8,
            speed: 2.0,
            ..Member::default()
        }],
        ..Group::new(8, policy)
    };
    let work = Activity::demand("web", Distribution::exponential(0.1));
    let behind = |policy| {
        let scenario = Scenario::empty()
            .with_class("call", Class::new(Arrivals::poisson(85.0)))
            .with_resource("conn", Pool::new(8))
            .with_resource("web", group(policy))
            .with_path(vec![Activity::hold(
                "conn",
                vec![Activity::balance("web", vec![work.clone()])],
            )]);
        assert_eq!(scenario.problems(), []);
        scenario.load()
    };
    for policy in [
        Policy::LeastConnections,
        Policy::Random,
        Policy::Maglev(crate::balancing::Maglev::default()),
    ] {
        let load = behind(policy);
        // 85 · 0.05 s of 8 places, and whatever their holders wait for a server.
        let pool = load.resources[0].busy;
        assert!((pool.value - 0.531_25).abs() < 1e-12 && pool.low == pool.value);
        assert_eq!(pool.high, f64::INFINITY);
        assert!((load.resources[1].utilization - 8.5 / 16.0).abs() < 1e-12);
        assert!((load.shortest_response - 0.05).abs() < 1e-12);
    }
}

#[test]
fn cores_and_machines_that_share_are_slower() {
    let scenario = scenario(
        r#"{"classes": {"r": {"arrivals": {"poisson": {"rate": 10}}}},
        "resources": {"pool": {"kind": "pool", "size": 4}, "web": {"kind": "group", "policy": "random",
            "members": [{"count": 2}, {"count": 2, "speed": 3}], "coordination": {"contention": 0.1},
            "station": {"servers": 2, "speed": 2, "scalability": {"contention": 0.5}, "service": {"deterministic": {"value": 0.1}}}}},
        "path": [{"hold": {"pool": "pool", "path": [{"balance": {"over": "web", "path": [{"work": {"at": "web"}}]}}]}}]}"#,
    );
    let load = scenario.load();
    // Speed 2, of which two cores keep 1/1.5 and four machines 1/1.3.
    let speed = 2.0 / 1.5 / 1.3;
    exactly(load.resources[1].busy, 2.5 * 0.1 / (2.0 * speed));
    let time = 0.1 / speed * f64::midpoint(1.0, 1.0 / 3.0);
    assert!((load.shortest_response - time).abs() < 1e-12);
    assert!((load.resources[0].utilization - 10.0 * time / 4.0).abs() < 1e-12);
}

#[test]
fn tries_in_layers_multiply() {
    let mut path = vec![Activity::demand("db", Distribution::exponential(0.01))];
    for _ in 0..3 {
        path = vec![Activity::attempt(None, 2, path)];
    }
    let layers = Scenario::empty()
        .with_class("call", Class::new(Arrivals::poisson(10.0)))
        .with_resource("db", Station::new(10))
        .with_path(path)
        .with_horizon(Horizon::Span { seconds: 100.0 });
    // Nothing can fail: one try each.
    assert_eq!(layers.load().resources[0].visits, [Amount::ONE]);
    exactly(layers.load().resources[0].busy, 0.01);
    let dead = layers.with_incident(Incident::kill(0.0, "db"));
    let found = &dead.load().resources[0];
    assert_eq!((found.visits[0].low, found.visits[0].high), (1.0, 27.0));
    assert_eq!(found.busy.low, 0.0);
    assert_eq!(found.work[0].high, 27.0 * 0.01);
}

#[test]
fn a_span_has_the_rate_of_its_span() {
    let doctors = scenario(
        r#"{"horizon": {"span": {"seconds": 600}}, "classes": {"patient": {"arrivals": {"steps":
            {"steps": [{"seconds": 420, "rate": 0.1}, {"seconds": 1000, "rate": 0}]}}}},
        "resources": {"doctors": {"kind": "station", "servers": 3, "service": {"uniform": {"low": 5, "high": 20}}}},
        "path": [{"work": {"at": "doctors"}}]}"#,
    )
    .load();
    assert!((doctors.arrival_rate - 0.07).abs() < 1e-12);
    exactly(doctors.resources[0].busy, 0.07 * 12.5 / 3.0);
    let recorded = scenario(
        r#"{"horizon": {"span": {"seconds": 10}}, "classes": {"r": {"arrivals": {"recorded": {"times": [1, 2, 3, 50]}}}},
        "resources": {"s": {"kind": "station", "service": {"deterministic": {"value": 1}}}}, "path": [{"work": {"at": "s"}}]}"#,
    )
    .load();
    assert!((recorded.arrival_rate - 0.3).abs() < 1e-12);
    exactly(recorded.resources[0].busy, 0.3);
}

#[test]
fn a_cache_that_holds_everything_misses_nothing() {
    for (sizes, ahead) in [(100, "lru"), (1_000, "s3-fifo")] {
        let load = scenario(&format!(
            r#"{{"classes": {{"read": {{"arrivals": {{"poisson": {{"rate": 10}}}}}}}},
            "resources": {{"l1": {{"kind": "cache", "policy": "{ahead}", "capacity": {{"objects": {sizes}}}}},
                "l2": {{"kind": "cache", "policy": "lru", "capacity": {{"objects": 1000}}}},
                "db": {{"kind": "station", "service": {{"exponential": {{"mean": 0.01}}}}}}}},
            "path": [{{"set": {{"key": {{"keys": {{"zipf": {{"items": 100, "alpha": 0.9}}}}}}}}}},
                {{"cache": {{"at": "l1", "miss": [{{"cache": {{"at": "l2", "miss": [{{"work": {{"at": "db"}}}}]}}}}]}}}}]}}"#,
        ))
        .load();
        assert_eq!(load.resources[2].utilization, 0.0);
        assert_eq!(load.shortest_response, 0.0);
        assert_eq!(load.resources[2].busy, Amount::at_most(0.0, 0.1));
    }
}

#[test]
fn attributes_multiply_work_and_decide_ways() {
    let load = scenario(
        r#"{"classes": {"r": {"arrivals": {"poisson": {"rate": 1}}}},
        "resources": {"small": {"kind": "station", "service": {"exponential": {"mean": 0.1}}},
            "large": {"kind": "station", "service": {"exponential": {"mean": 0.1}}}},
        "path": [{"set": {"attribute": {"name": "size", "to": {"exponential": {"mean": 2}}}}},
            {"choose": [{"when": {"above": {"attribute": "size", "value": 2}}, "path": [{"work": {"at": "large", "times": "size"}}]},
                {"when": "otherwise", "path": [{"work": {"at": "small", "times": "size"}}]}]}]}"#,
    )
    .load();
    let e = math::exp(-1.0);
    exactly(load.resources[1].visits[0], e);
    exactly(load.resources[1].busy, e * 4.0 * 0.1);
    exactly(load.resources[0].busy, (2.0 - 4.0 * e) * 0.1);
    assert!((load.shortest_response - 0.2).abs() < 1e-9);
}

#[test]
fn what_may_be_lost_keeps_nothing_busy_for_certain() {
    let text = |extra: &str| {
        format!(
            r#"{{"classes": {{"r": {{"arrivals": {{"poisson": {{"rate": 9}}}}}}}},
            "resources": {{"a": {{"kind": "station", "service": {{"exponential": {{"mean": 0.1}}}}{extra}}},
                "b": {{"kind": "station", "service": {{"exponential": {{"mean": 0.2}}}}}}}},
            "path": [{{"work": {{"at": "a"}}}}, {{"work": {{"at": "b"}}}}]}}"#
        )
    };
    let parse = |text: String| serde_json::from_str::<Scenario>(&text).unwrap();
    // All of it comes to the second station, which is too much.
    let plain = parse(text(""));
    assert_eq!(plain.load().certain_overload(), Some(("b", 9.0 * 0.2)));
    assert_eq!(plain.problems().len(), 1);
    for extra in [
        r#", "room": 3"#,
        r#", "patience": {"exponential": {"mean": 1}}"#,
        r#", "failures": {"time_to_failure": {"exponential": {"mean": 100}}, "time_to_repair": {"exponential": {"mean": 1}}}"#,
    ] {
        let load = scenario(&text(extra)).load();
        assert_eq!(load.certain_overload(), None, "{extra}");
        assert_eq!(load.resources[1].busy.low, 0.0);
        assert!((load.resources[1].busy.high - 1.8).abs() < 1e-12);
        assert!((load.resources[1].utilization - 1.8).abs() < 1e-12);
    }
    // A pause loses nothing: nine tenths of the time for nine tenths of the work is too little.
    let paused = r#", "failures": {"time_to_failure": {"exponential": {"mean": 9}}, "time_to_repair": {"exponential": {"mean": 1}}, "kind": "pause"}"#;
    let load = parse(text(paused)).load();
    exactly(load.resources[0].busy, 1.0);
}

#[test]
fn users_are_bounded_by_their_number() {
    let load = scenario(
        r#"{"classes": {"u": {"arrivals": {"users": {"count": 10, "think": {"exponential": {"mean": 9}}}}}},
        "resources": {"s": {"kind": "station", "servers": 4, "service": {"exponential": {"mean": 1}}}}, "path": [{"work": {"at": "s"}}]}"#,
    )
    .load();
    assert_eq!(load.arrival_rate, 0.0);
    assert_eq!(load.resources[0].closed_demand, [1.0]);
    // Ten users who take ten seconds each at least: one request a second at most.
    assert_eq!(load.resources[0].busy, Amount::at_most(0.0, 0.25));
}

#[test]
fn servers_that_stand_by_do_not_count() {
    let group = |backup| Group {
        members: vec![
            Member::default(),
            Member {
                backup,
                ..Member::default()
            },
        ],
        ..Group::new(1, Policy::Random)
    };
    let load = |backup| {
        let work = Activity::demand("web", Distribution::exponential(0.1));
        Scenario::empty()
            .with_class("r", Class::new(Arrivals::poisson(8.0)))
            .with_resource("web", group(backup))
            .with_path(vec![Activity::balance("web", vec![work])])
            .load()
    };
    exactly(load(false).resources[0].busy, 0.4);
    exactly(load(true).resources[0].busy, 0.8);
}
