//! Whole scenarios against published values and closed forms by hand, and against simulation.

use super::*;
use crate::run::{Cancel, Plan, Stopping, run};

/// A scenario in JSON; `classes` and `resources` as in a file.
fn scenario(classes: &str, resources: &str, path: &str) -> Scenario {
    let text = format!(
        r#"{{ "classes": {{ {classes} }}, "resources": {{ {resources} }}, "path": [ {path} ] }}"#
    );
    let found: Scenario = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {text}"));
    assert_eq!(found.problems(), [], "{text}");
    found
}

/// One class of this rate at one station.
fn station(rate: f64, rest: &str) -> Scenario {
    scenario(
        &poisson("call", rate),
        &format!(r#""desk": {{ "kind": "station", {rest} }}"#),
        r#"{ "work": { "at": "desk" } }"#,
    )
}

fn poisson(name: &str, rate: f64) -> String {
    format!(r#""{name}": {{ "arrivals": {{ "poisson": {{ "rate": {rate} }} }} }}"#)
}

fn exponential(mean: f64) -> String {
    format!(r#"{{ "exponential": {{ "mean": {mean} }} }}"#)
}

#[track_caller]
fn close(found: Option<f64>, expected: f64, tolerance: f64) {
    let value = found.unwrap_or_else(|| panic!("not known; {expected} expected"));
    assert!(
        (value - expected).abs() <= tolerance * expected.abs(),
        "{value} for {expected}"
    );
}

#[test]
fn short_work_before_a_long_delay() {
    // M/M/1 of 5 ms at 100 per second takes 10 ms; ten seconds follow: L = 100·10.010.
    let found = of_scenario(&scenario(
        &poisson("page", 100.0),
        &format!(
            r#""web": {{ "kind": "station", "service": {} }}"#,
            exponential(0.005)
        ),
        r#"{ "work": { "at": "web" } }, { "delay": { "lognormal": { "mean": 10, "scv": 2 } } }"#,
    ));
    close(found.all.values.mean_in_system, 1001.0, 1e-12);
    close(found.all.values.mean_response, 10.010, 1e-12);
    close(found.places[0].values.mean_response, 0.010, 1e-12);
    close(found.all.values.mean_wait, 0.005, 1e-12);
    assert_eq!(found.all.values.p99, None);
}

#[test]
fn sessions_are_endless_servers() {
    let found = of_scenario(&scenario(
        &poisson("session", 100.0),
        "",
        r#"{ "mark": { "span": "all", "path": [ { "delay": { "weibull": { "mean": 600, "shape": 1 } } } ] } }"#,
    ));
    close(found.all.values.mean_in_system, 60_000.0, 1e-12);
    close(found.all.values.p90, 600.0 * std::f64::consts::LN_10, 1e-12);
    assert_eq!(found.all.values.mean_wait, Some(0.0));
    // Any stream brings as many.
    let bursts =
        r#""session": { "arrivals": { "batches": { "rate": 10, "size": { "fixed": 10 } } } }"#;
    let found = of_scenario(&scenario(
        bursts,
        "",
        r#"{ "delay": { "deterministic": { "value": 2 } } }"#,
    ));
    close(found.all.values.mean_in_system, 200.0, 1e-12);
}

#[test]
fn losses_do_not_depend_on_the_law() {
    // Erlang B(120, 106) = 1.633 %, B(5, 4) = 19.9067 %.
    let laws = [
        exponential(1.0),
        r#"{ "lognormal": { "mean": 1, "scv": 9 } }"#.to_owned(),
        r#"{ "deterministic": { "value": 1 } }"#.to_owned(),
    ];
    for law in laws {
        let beds = station(
            106.0,
            &format!(r#""servers": 120, "room": 120, "service": {law}"#),
        );
        let found = of_scenario(&beds);
        close(found.all.rejected_share, 0.01633, 1e-3);
        close(found.places[0].rejected_share, 0.01633, 1e-3);
        assert_eq!(found.all.values.mean_wait, Some(0.0));
        close(found.all.values.mean_response, 1.0, 1e-12);
        let found = of_scenario(&station(
            4.0,
            &format!(r#""servers": 5, "room": 5, "service": {law}"#),
        ));
        close(found.all.rejected_share, 0.199_066_874, 1e-8);
        close(found.places[0].throughput, 4.0 * 0.800_933_126, 1e-8);
        close(found.places[0].utilization, 0.8 * 0.800_933_126, 1e-8);
    }
}

#[test]
fn finite_rooms_and_patience() {
    // M/M/2/5, λ 3, μ 2: p5 0.0851138, L 2.00595, Wq 0.230857.
    let found = of_scenario(&station(
        3.0,
        &format!(
            r#""servers": 2, "room": 5, "service": {}"#,
            exponential(0.5)
        ),
    ));
    close(found.all.rejected_share, 0.085_113_8, 1e-5);
    close(found.all.values.mean_in_system, 2.005_95, 1e-5);
    close(found.all.values.mean_wait, 0.230_857, 1e-5);
    // Patience as long as a service: as many as with endless servers.
    let service = exponential(1.0);
    let found = of_scenario(&station(
        3.0,
        &format!(r#""servers": 2, "service": {service}, "patience": {service}"#),
    ));
    close(found.all.values.mean_in_system, 3.0, 1e-9);
    close(
        found.all.gave_up_share,
        1.0 - found.all.served_share.unwrap(),
        1e-9,
    );
    // Twice as fast.
    let fast = of_scenario(&station(
        6.0,
        &format!(
            r#""servers": 2, "speed": 2, "service": {service}, "patience": {}"#,
            exponential(0.5)
        ),
    ));
    close(
        fast.all.values.mean_wait,
        found.all.values.mean_wait.unwrap() / 2.0,
        1e-9,
    );
    // Another law of patience has no formula here.
    let found = of_scenario(&station(
        3.0,
        &format!(
            r#""servers": 2, "service": {service}, "patience": {{ "deterministic": {{ "value": 1 }} }}"#
        ),
    ));
    assert!(found.is_empty());
}

#[test]
fn single_stations_are_what_their_queue_is() {
    let found = of_scenario(&station(
        9.0,
        &format!(r#""servers": 4, "service": {}"#, exponential(0.2)),
    ));
    close(found.all.values.mean_response, 0.211_684_9, 1e-6);
    close(found.places[0].values.mean_in_queue, 0.105_163_9, 1e-6);
    // Speed 2 with work twice as long: M/G/1 with the same percentiles.
    let law = |mean: f64| format!(r#"{{ "lognormal": {{ "mean": {mean}, "scv": 1 }} }}"#);
    let plain = of_scenario(&station(0.7, &format!(r#""service": {}"#, law(1.0))));
    let fast = of_scenario(&station(
        0.7,
        &format!(r#""speed": 2, "service": {}"#, law(2.0)),
    ));
    close(fast.all.values.p99, plain.all.values.p99.unwrap(), 1e-7);
    close(
        fast.all.values.mean_response,
        plain.all.values.mean_response.unwrap(),
        1e-12,
    );
    // Another order changes the percentiles and leaves the mean.
    let lifo = of_scenario(&station(
        0.7,
        &format!(r#""discipline": "lifo", "service": {}"#, law(1.0)),
    ));
    close(
        lifo.all.values.mean_response,
        plain.all.values.mean_response.unwrap(),
        1e-12,
    );
    assert_eq!(lifo.all.values.p99, None);
    let shared = of_scenario(&station(
        3.0,
        &format!(
            r#""discipline": "processor_sharing", "service": {}"#,
            law(0.2)
        ),
    ));
    close(shared.all.values.mean_response, 0.5, 1e-12);
    for discipline in ["shortest_job", "shortest_remaining"] {
        let found = of_scenario(&station(
            0.7,
            &format!(r#""discipline": "{discipline}", "service": {}"#, law(1.0)),
        ));
        assert!(found.is_empty(), "{discipline}");
    }
    assert!(
        of_scenario(&station(
            1.4,
            &format!(r#""servers": 2, "service": {}"#, law(1.0))
        ))
        .is_empty()
    );
}

#[test]
fn priorities_are_cobhams() {
    let classes = r#""low": { "arrivals": { "poisson": { "rate": 0.6 } } },
        "high": { "arrivals": { "poisson": { "rate": 0.2 } }, "priority": 3 }"#;
    let with = |discipline: &str, service: &str| {
        let desk = format!(
            r#""desk": {{ "kind": "station", "discipline": "{discipline}", "service": {service} }}"#
        );
        of_scenario(&scenario(classes, &desk, r#"{ "work": { "at": "desk" } }"#))
    };
    let found = with("priority", &exponential(1.0));
    close(found.classes[0].values.mean_response, 6.0, 1e-9);
    close(found.classes[1].values.mean_response, 2.0, 1e-9);
    let found = with("preemptive_priority", &exponential(1.0));
    close(found.classes[1].values.mean_response, 1.25, 1e-9);
    close(found.all.values.mean_in_system, 4.0, 1e-9);
    // Constant service: R = 0.4.
    let found = with("priority", r#"{ "deterministic": { "value": 1 } }"#);
    close(found.classes[1].values.mean_wait, 0.4 / 0.8, 1e-9);
    close(found.classes[0].values.mean_wait, 0.4 / (0.8 * 0.2), 1e-9);
    // First come, first served: all wait alike.
    let found = with("fifo", r#"{ "deterministic": { "value": 1 } }"#);
    close(found.all.values.mean_wait, 2.0, 1e-9);
    close(
        found.classes[0].values.p99,
        found.all.values.p99.unwrap(),
        0.0,
    );
}

#[test]
fn jacksons_network_by_repeats_and_choices() {
    // Bolch 7.4 by visits: 5, 2.5, 2.5 and 1 of each request, 4 requests per second.
    let station = |name: &str, mean: f64| {
        format!(
            r#""{name}": {{ "kind": "station", "service": {} }}"#,
            exponential(mean)
        )
    };
    let resources = [
        station("a", 0.04),
        station("b", 0.03),
        station("c", 0.06),
        station("d", 0.05),
    ]
    .join(",");
    let path = r#"{ "work": { "at": "d" } }, { "repeat": { "times": 5, "path": [ { "work": { "at": "a" } },
        { "choose": [ { "when": { "share": 0.5 }, "path": [ { "work": { "at": "b" } } ] },
                      { "when": "otherwise", "path": [ { "work": { "at": "c" } } ] } ] } ] } }"#;
    let found = of_scenario(&scenario(&poisson("job", 4.0), &resources, path));
    for (place, present) in found.places.iter().zip([4.0, 0.428_571_4, 1.5, 0.25]) {
        close(place.values.mean_in_system, present, 1e-6);
    }
    close(found.all.values.mean_in_system, 6.178_571_4, 1e-6);
    close(found.places[0].throughput, 20.0, 1e-12);
    close(found.places[0].values.mean_response, 0.2, 1e-9);
    // A law that is not exponential spoils it, unless servers are shared.
    let other = resources.replacen("exponential", "erlang", 1).replacen(
        r#""mean""#,
        r#""stages": 2, "mean""#,
        1,
    );
    assert!(of_scenario(&scenario(&poisson("job", 4.0), &other, path)).is_empty());
    let shared = other.replacen(
        r#""kind": "station""#,
        r#""kind": "station", "discipline": "processor_sharing""#,
        1,
    );
    let found = of_scenario(&scenario(&poisson("job", 4.0), &shared, path));
    close(found.all.values.mean_in_system, 6.178_571_4, 1e-6);
}

#[test]
fn users_in_a_loop_are_jains() {
    let station = |name: &str, mean: f64| {
        format!(
            r#""{name}": {{ "kind": "station", "service": {} }}"#,
            exponential(mean)
        )
    };
    let resources = [station("cpu", 0.125), station("a", 0.3), station("b", 0.2)].join(",");
    let users = r#""user": { "arrivals": { "users": { "count": 20, "think": { "deterministic": { "value": 4 } } } } }"#;
    let path = r#"{ "repeat": { "times": 5, "path": [ { "work": { "at": "cpu" } }, { "work": { "at": "cpu" } }, { "work": { "at": "cpu" } },
        { "work": { "at": "a" } }, { "work": { "at": "a" } }, { "work": { "at": "b" } } ] } }, { "work": { "at": "cpu" } }"#;
    let found = of_scenario(&scenario(users, &resources, path));
    for (place, (stay, present)) in
        found
            .places
            .iter()
            .zip([(0.373, 1.991), (4.854, 16.177), (0.300, 0.500)])
    {
        close(place.values.mean_response, stay, 2e-3);
        close(place.values.mean_in_system, present, 1e-3);
    }
    let part = &found.classes[0];
    let cycle = part.values.mean_response.unwrap() + 4.0;
    close(part.throughput, 20.0 / cycle, 1e-12);
    // Many users of one station: the machine repairman.
    let many = users.replace("20", "300000");
    let desk = format!(
        r#""desk": {{ "kind": "station", "servers": 500, "service": {} }}"#,
        exponential(0.01)
    );
    let found = of_scenario(&scenario(&many, &desk, r#"{ "work": { "at": "desk" } }"#));
    close(found.all.throughput, 50_000.0, 1e-6);
}

#[test]
fn a_random_group_is_its_servers() {
    let group = |policy: &str| {
        format!(
            r#""web": {{ "kind": "group", "members": [ {{ "count": 2 }}, {{ "speed": 2 }} ], "policy": "{policy}", "station": {{ "service": {} }} }}"#,
            exponential(1.0)
        )
    };
    let path = r#"{ "balance": { "over": "web", "path": [ { "work": { "at": "web" } } ] } }"#;
    let found = of_scenario(&scenario(&poisson("page", 1.5), &group("random"), path));
    close(found.places[0].values.mean_response, 2.0, 1e-12);
    close(found.places[2].values.mean_response, 1.0 / 1.5, 1e-12);
    close(
        found.all.values.mean_response,
        (2.0 + 2.0 + 1.0 / 1.5) / 3.0,
        1e-12,
    );
    assert_eq!(found.all.values.p50, None);
    // All weights are the same.
    let by_weight = of_scenario(&scenario(
        &poisson("page", 1.5),
        &group("weighted_random"),
        path,
    ));
    assert_eq!(by_weight.all, found.all);
    assert!(
        of_scenario(&scenario(
            &poisson("page", 1.5),
            &group("round_robin"),
            path
        ))
        .is_empty()
    );
}

#[test]
fn what_no_formula_covers_stays_unknown() {
    let desk = |rest: &str| {
        format!(
            r#""desk": {{ "kind": "station", "service": {} {rest} }}"#,
            exponential(1.0)
        )
    };
    let work = r#"{ "work": { "at": "desk" } }"#;
    let one = poisson("a", 0.5);
    let unknown = [
        scenario(
            &one,
            &desk(""),
            &format!(r#"{{ "attempt": {{ "timeout": 1, "path": [ {work} ] }} }}"#),
        ),
        scenario(
            &one,
            &desk(""),
            &format!(r#"{{ "parallel": {{ "paths": [ [ {work} ] ] }} }}"#),
        ),
        scenario(
            &one,
            &desk(
                r#", "failures": { "time_to_failure": { "exponential": { "mean": 100 } }, "time_to_repair": { "exponential": { "mean": 1 } } }"#,
            ),
            work,
        ),
        scenario(
            &one,
            &format!(
                "{}, {}",
                desk(""),
                r#""pool": { "kind": "pool", "size": 3 }"#
            ),
            &format!(r#"{{ "hold": {{ "pool": "pool", "path": [ {work} ] }} }}"#),
        ),
        scenario(
            r#""a": { "arrivals": { "batches": { "rate": 0.1, "size": { "fixed": 3 } } } }"#,
            &desk(""),
            work,
        ),
        station(0.5, &format!(r#""service": {}"#, exponential(1.0)))
            .with_horizon(Horizon::Span { seconds: 10.0 }),
    ];
    for it in unknown {
        assert!(of_scenario(&it).is_empty(), "{it:?}");
    }
}

/// Each quantity for which there is theory must lie in its interval or within its width of it: about one in 2,000 would not, by chance.
fn check(scenario: &Scenario, least: usize) {
    let stopping = Stopping {
        precision: 1e-3,
        replications: 12,
        early: false,
    };
    let plan = Plan::new(scenario, 7).unwrap();
    let mut report = run(&plan, &stopping, 1, &Cancel::default(), &|_| {});
    of_scenario(scenario).fill(&mut report);
    let mut compared = 0;
    let mut within = |what: &str, quantity: &Quantity| {
        let (Some(theory), Some(low), Some(high)) = (quantity.theory, quantity.low, quantity.high)
        else {
            return;
        };
        compared += 1;
        // Seconds and shares: below this is rounding.
        let width = high - low + 1e-9;
        assert!(
            low - width <= theory && theory <= high + width,
            "{what}: {theory} not in {low}..{high} of {scenario:?}"
        );
    };
    within("W", &report.mean_response);
    within("Wq", &report.mean_wait);
    within("L", &report.mean_in_system);
    within("Lq", &report.mean_in_queue);
    within("P50", &report.p50);
    within("P99", &report.p99);
    let details = report.details.as_ref().unwrap();
    within("X", &details.throughput);
    for class in &details.classes {
        for (what, quantity) in [
            ("X", class.throughput),
            ("served", class.served_share),
            ("W", class.mean_response),
            ("Wq", class.mean_wait),
            ("P90", class.percentiles.p90),
        ] {
            within(&format!("{} {what}", class.name), &quantity);
        }
    }
    for place in &details.places {
        for (what, quantity) in [
            ("busy", place.utilization),
            ("X", place.throughput),
            ("Wq", place.mean_wait),
            ("W", place.mean_response),
            ("L", place.mean_in_system),
            ("Lq", place.mean_in_queue),
            ("rejected", place.rejected_share),
            ("gave up", place.gave_up_share),
        ] {
            within(&format!("{} {what}", place.name), &quantity);
        }
    }
    assert!(compared >= least, "{compared} compared of {scenario:?}");
}

fn watched(scenario: Scenario, requests: u64) -> Scenario {
    scenario.with_horizon(Horizon::Steady {
        requests: Some(requests),
    })
}

#[test]
fn simulation_agrees_about_losses_and_patience() {
    let work =
        r#"{ "work": { "at": "desk" } }, { "delay": { "uniform": { "low": 0, "high": 1 } } }"#;
    let two = [poisson("a", 2.0), poisson("b", 1.5)].join(",");
    let desk = |rest: &str| format!(r#""desk": {{ "kind": "station", "servers": 3, {rest} }}"#);
    let service = exponential(1.0);
    for rest in [
        r#""room": 3, "service": { "lognormal": { "mean": 1, "scv": 2 } }"#.to_owned(),
        format!(r#""room": 6, "service": {service}"#),
        format!(r#""service": {service}, "patience": {}"#, exponential(0.7)),
        format!(
            r#""room": 5, "service": {service}, "patience": {}"#,
            exponential(2.0)
        ),
    ] {
        check(&watched(scenario(&two, &desk(&rest), work), 20_000), 16);
    }
}

#[test]
fn simulation_agrees_about_pools_and_orders() {
    let hold = |path: &str| {
        format!(
            r#"{{ "delay": {{ "exponential": {{ "mean": 0.5 }} }} }}, {{ "hold": {{ "pool": "db", "path": [ {path} ] }} }}"#
        )
    };
    let (delay, constant) = (
        format!(r#"{{ "delay": {} }}"#, exponential(1.0)),
        r#"{ "delay": { "deterministic": { "value": 1 } } }"#,
    );
    let pool = |rest: &str| format!(r#""db": {{ "kind": "pool", "size": 3 {rest} }}"#);
    let one = poisson("a", 2.0);
    check(
        &watched(scenario(&one, &pool(""), &hold(&delay)), 20_000),
        10,
    );
    check(
        &watched(
            scenario(&one, &pool(r#", "queue": 0"#), &hold(constant)),
            20_000,
        ),
        10,
    );
    check(
        &watched(
            scenario(
                &one,
                &pool(&format!(r#", "patience": {}"#, exponential(1.0))),
                &hold(&delay),
            ),
            20_000,
        ),
        10,
    );
    let levels = r#""low": { "arrivals": { "poisson": { "rate": 0.4 } } }, "high": { "arrivals": { "poisson": { "rate": 0.3 } }, "priority": 3 }"#;
    for discipline in [
        "priority",
        "preemptive_priority",
        "lifo",
        "random_order",
        "processor_sharing",
    ] {
        let desk = format!(
            r#""desk": {{ "kind": "station", "discipline": "{discipline}", "service": {{ "erlang": {{ "stages": 2, "mean": 1 }} }} }}"#
        );
        check(
            &watched(
                scenario(levels, &desk, r#"{ "work": { "at": "desk" } }"#),
                20_000,
            ),
            14,
        );
    }
}

#[test]
fn simulation_agrees_about_networks() {
    let resources = format!(
        r#""cpu": {{ "kind": "station", "discipline": "processor_sharing", "servers": 2, "service": {{ "hyperexponential": {{ "mean": 0.2, "scv": 4 }} }} }},
        "disk": {{ "kind": "station", "service": {} }}"#,
        exponential(0.3)
    );
    let path = r#"{ "repeat": { "times": 2, "path": [ { "work": { "at": "cpu" } } ] }, "#;
    let path = path.trim_end_matches(", ").to_owned()
        + r#" }, { "choose": [ { "when": { "class": "b" }, "path": [ { "work": { "at": "disk" } }, { "delay": { "deterministic": { "value": 0.1 } } } ] } ] }, { "work": { "at": "cpu" } }"#;
    let open = [poisson("a", 1.5), poisson("b", 1.0)].join(",");
    check(&watched(scenario(&open, &resources, &path), 20_000), 16);
    let users = |name: &str, count: u32| {
        format!(
            r#""{name}": {{ "arrivals": {{ "users": {{ "count": {count}, "think": {{ "uniform": {{ "low": 0, "high": 2 }} }} }} }} }}"#
        )
    };
    let closed = [users("a", 4), users("b", 3)].join(",");
    check(&watched(scenario(&closed, &resources, &path), 20_000), 16);
}
