//! Paths through several resources, against published values.

use sim_core::distribution::Distribution;
use sim_core::scenario::activity::{Abandoned, Attempt, Branch, Mark, Parallel, Set, When, Work};
use sim_core::scenario::arrivals::{Recorded, Users};
use sim_core::scenario::{Activity, Arrivals, Class, Horizon, Pool, Scenario, Station};

use crate::support::{check, details, estimate, exponential, long, place, simulate, station};

#[test]
fn an_open_jackson_network_has_its_product_form() {
    // Bolch, 7.4: 4 requests a second; visits 5, 2.5, 2.5 and 1.
    let disks = Activity::Choose(vec![
        Branch {
            when: When::Share(0.5),
            path: vec![Activity::work("disk")],
        },
        Branch {
            when: When::Otherwise,
            path: vec![Activity::work("tape")],
        },
    ]);
    let scenario = Scenario::empty()
        .with_class("job", Class::new(Arrivals::poisson(4.0)))
        .with_resource("cpu", station(1, 25.0))
        .with_resource("disk", station(1, 1.0 / 0.03))
        .with_resource("tape", station(1, 1.0 / 0.06))
        .with_resource("line", station(1, 20.0))
        .with_path(vec![
            Activity::repeat(5, vec![Activity::work("cpu"), disks]),
            Activity::work("line"),
        ]);
    let report = simulate(&long(scenario, 60_000));
    for (name, expected) in [
        ("cpu", 4.0),
        ("disk", 0.428_571),
        ("tape", 1.5),
        ("line", 0.25),
    ] {
        check(name, place(&report, name).mean_in_system, expected);
    }
    check(
        "W",
        report.mean_response,
        (4.0 + 0.428_571 + 1.5 + 0.25) / 4.0,
    );
}

#[test]
fn closed_networks_agree_with_mean_value_analysis() {
    // Jain, 34.2: 20 users who think 4 s; visits 16, 10, 5.
    let visit = |name: &str, times| Activity::repeat(times, vec![Activity::work(name)]);
    let round = vec![visit("cpu", 3), visit("a", 2), visit("b", 1)];
    let scenario = Scenario::empty()
        .with_class("user", Class::new(Arrivals::users(20, 4.0)))
        .with_resource("cpu", station(1, 8.0))
        .with_resource("a", station(1, 1.0 / 0.3))
        .with_resource("b", station(1, 5.0))
        .with_path(vec![Activity::repeat(5, round), visit("cpu", 1)]);
    let report = simulate(&long(scenario, 20_000));
    for (name, wait, number) in [
        ("cpu", 0.373, 1.991),
        ("a", 4.854, 16.177),
        ("b", 0.300, 0.500),
    ] {
        let place = place(&report, name);
        check(name, place.mean_response, wait);
        check(name, place.mean_in_system, number);
    }
    // Bolch, 8.3: 6 jobs that never pause.
    let maybe = |name: &str, share| Branch {
        when: When::Share(share),
        path: vec![Activity::work(name)],
    };
    let jobs = Users {
        count: 6,
        think: None,
    };
    let scenario = Scenario::empty()
        .with_class("job", Class::new(Arrivals::Users(jobs)))
        .with_resource("1", station(1, 50.0))
        .with_resource("2", station(1, 5.0))
        .with_resource("3", station(1, 2.5))
        .with_resource("4", station(1, 1.0 / 0.6))
        .with_path(vec![
            Activity::work("1"),
            Activity::Choose(vec![maybe("2", 0.4), maybe("3", 0.2), maybe("4", 0.1)]),
        ]);
    let report = simulate(&long(scenario, 60_000));
    for (name, throughput) in [("1", 9.920), ("2", 3.968), ("3", 1.984), ("4", 0.992)] {
        check(name, place(&report, name).throughput, throughput);
    }
}

#[test]
fn a_fork_of_two_takes_as_long_as_flatto_and_hahn_say() {
    let paths = vec![vec![Activity::work("a")], vec![Activity::work("b")]];
    let fork = Activity::Parallel(Parallel {
        paths,
        first: None,
        rest: Abandoned::Stops,
    });
    let scenario = Scenario::empty()
        .with_class("request", Class::new(Arrivals::poisson(0.7)))
        .with_resource("a", station(1, 1.0))
        .with_resource("b", station(1, 1.0))
        .with_path(vec![fork]);
    let report = simulate(&long(scenario, 60_000));
    // (12 − ρ)/8 times the M/M/1 (Nelson and Tantawi 1988).
    check("fork", report.mean_response, (12.0 - 0.7) / 8.0 / 0.3);
}

#[test]
fn the_first_of_two_stops_the_other() {
    let race = Activity::Parallel(Parallel {
        paths: vec![
            vec![Activity::Delay(exponential(1.0))],
            vec![Activity::Delay(exponential(0.5))],
        ],
        first: Some(1),
        rest: Abandoned::Stops,
    });
    let scenario = Scenario::empty()
        .with_class("request", Class::new(Arrivals::poisson(1.0)))
        .with_path(vec![Activity::Mark(Mark {
            span: "race".into(),
            path: vec![race],
        })]);
    let report = simulate(&long(scenario, 40_000));
    check("minimum of rates 1 and 2", report.mean_response, 1.0 / 3.0);
    check("mark", details(&report).spans[0].mean, 1.0 / 3.0);
}

#[test]
fn a_pool_in_front_of_plenty_is_a_station() {
    let work = Activity::Delay(exponential(0.2));
    let pool = Pool::new(2);
    let scenario = Scenario::empty()
        .with_class("request", Class::new(Arrivals::poisson(9.0)))
        .with_resource("connections", pool)
        .with_path(vec![Activity::hold("connections", vec![work])]);
    let report = simulate(&long(scenario, 100_000));
    check("W", report.mean_response, 1.052_631_6);
    check("Wq", report.mean_wait, 1.052_631_6 - 0.2);
    let connections = place(&report, "connections");
    check("held", connections.utilization, 0.9);
    assert_eq!(connections.mean_response, connections.mean_wait);
}

#[test]
fn timeouts_and_retries_fail_as_often_as_they_should() {
    for (retries, tries) in [(0, 1), (2, 3)] {
        let attempt = Attempt {
            timeout: Some(1.0),
            retries,
            backoff: None,
            abandoned: Abandoned::Stops,
            path: vec![Activity::Delay(exponential(1.0))],
            otherwise: None,
        };
        let scenario = Scenario::empty()
            .with_class("request", Class::new(Arrivals::poisson(5.0)))
            .with_path(vec![Activity::Attempt(attempt)]);
        let report = simulate(&long(scenario, 40_000));
        let failed = f64::exp(-1.0).powi(tries);
        check(
            "served",
            details(&report).classes[0].served_share,
            1.0 - failed,
        );
        assert_eq!(details(&report).flow.rejected, 0);
    }
}

#[test]
fn a_size_is_the_same_wherever_it_comes() {
    let work = |at: &str| {
        Activity::Work(Work {
            at: at.into(),
            demand: Some(Distribution::deterministic(1.0)),
            times: Some("size".into()),
        })
    };
    let size = Set::Attribute {
        name: "size".into(),
        to: exponential(0.5),
    };
    let scenario = Scenario::empty()
        .with_class("request", Class::new(Arrivals::poisson(0.01)))
        .with_resource("a", Station::new(1))
        .with_resource("b", Station::new(1))
        .with_path(vec![Activity::Set(size), work("a"), work("b")]);
    let report = simulate(&long(scenario, 20_000));
    // Hardly anybody waits: twice the same exponential.
    let double = -f64::ln_1p(-0.99);
    assert!(
        (estimate(report.p99) / double - 1.0).abs() < 0.05,
        "{report:?}"
    );
}

/// One that is stopped when it has just been given a place, and has nothing to do there, gives it back.
#[test]
fn a_place_that_came_too_late_is_given_back() {
    let at = |times: &[f64], path| {
        let times = times.to_vec();
        Class::new(Arrivals::Recorded(Recorded { times })).with_path(path)
    };
    let second = vec![Activity::Delay(Distribution::deterministic(1.0))];
    let both = vec![Activity::hold("p", vec![Activity::hold("q", second)])];
    let either = Activity::Parallel(Parallel {
        paths: vec![
            vec![Activity::hold("q", vec![])],
            vec![Activity::hold("p", vec![])],
        ],
        first: Some(1),
        rest: Abandoned::Stops,
    });
    let one = || Pool::new(1);
    let scenario = Scenario::empty()
        .with_resource("p", one())
        .with_resource("q", one())
        .with_class("both", at(&[0.0], both))
        .with_class("either", at(&[0.5], vec![either]))
        .with_class("last", at(&[2.0], vec![Activity::hold("p", vec![])]))
        .with_horizon(Horizon::Span { seconds: 3.0 });
    let flow = details(&simulate(&scenario)).flow;
    // Three requests in each of the sixteen replications.
    assert_eq!((flow.served, flow.in_flight), (48, 0));
}
