//! Servers that stop and come back: what happens to requests, against closed forms and by hand.

use sim_core::Report;
use sim_core::balancing::Policy;
use sim_core::balancing::health::{ActiveChecks, Health, MaxFails};
use sim_core::distribution::Distribution;
use sim_core::run::report::{Flow, LifeReport};
use sim_core::scenario::activity::{Abandoned, Attempt};
use sim_core::scenario::arrivals::Recorded;
use sim_core::scenario::script::{Kill, Moment, Slow};
use sim_core::scenario::{
    Activity, Arrivals, Class, FailureKind, Failures, Group, Horizon, Incident, Scenario, Station,
};
use sim_core::theory::breakdowns::{self, Breakdowns, Failing};
use sim_core::theory::detection::{ActiveDetection, Death};

use crate::support::{
    check, chosen, details, estimate, exponential, long, open, place, simulate, station,
};

const MTBF: f64 = 20.0;
const MTTR: f64 = 5.0;

fn failing(kind: FailureKind, station: Station) -> Station {
    Station {
        failures: Some(Failures {
            kind,
            ..Failures::new(exponential(MTBF), exponential(MTTR))
        }),
        ..station
    }
}

fn life(report: &Report, name: &str) -> LifeReport {
    place(report, name).life.expect("it can be down")
}

#[test]
fn availability_is_mtbf_over_mtbf_and_mttr() {
    let scenario = open(0.5, failing(FailureKind::Crash, station(1, 2.0)));
    let report = simulate(&long(scenario, 20_000));
    check("availability", life(&report, "server").up_share, 0.8);
    // One that finds it down is refused, and so fails one in it when it stops; arrivals see time averages.
    let refused = estimate(life(&report, "server").failed_share);
    assert!(0.2 < refused && refused < 0.24, "{refused}");
    let flow = details(&report).flow;
    assert!(flow.failed > 0 && flow.rejected == 0);
}

/// Failures so rare that few of the replications see one: Student's interval alone would claim that more than all could be up.
#[test]
fn intervals_of_shares_are_of_shares() {
    let server = Station {
        failures: Some(Failures::new(exponential(20_000.0), exponential(50.0))),
        ..station(1, 2.0)
    };
    let report = simulate(&long(open(0.5, server.clone()), 8_000));
    let life = life(&report, "server");
    let up = life.up_share;
    assert!(
        up.estimate.unwrap() < 1.0 && up.low.unwrap() > 0.9,
        "{up:?}"
    );
    assert!(up.high.unwrap() <= 1.0 && life.failed_share.low.unwrap() >= 0.0);
    assert!(up.low.unwrap() < 20_000.0 / 20_050.0 && 20_000.0 / 20_050.0 < up.high.unwrap());
    let served = details(&report).classes[0].served_share;
    assert!(served.high.unwrap() <= 1.0);
    let lost = served.rest();
    assert!(lost.low.unwrap() >= 0.0);
    assert!((estimate(lost) + estimate(served) - 1.0).abs() < 1e-15);
}

/// A failure a day is not seen in two hours: the server may be down for longer than never, and the run says what it has not seen.
#[test]
fn failures_that_were_not_seen_are_not_impossible() {
    let server = Station {
        failures: Some(Failures::new(exponential(86_400.0), exponential(50.0))),
        ..station(1, 2.0)
    };
    let report = chosen(&long(open(0.5, server), 100), 4);
    let up = life(&report, "server").up_share;
    assert_eq!((up.estimate, up.high), (Some(1.0), Some(1.0)));
    assert!(up.low.unwrap() < 86_400.0 / 86_450.0, "{up:?}");
    let doubt = report.doubts.iter().find(|it| it.what == "the window");
    assert!(
        doubt.is_some_and(|it| it.detail.contains("no failure of server was seen")),
        "{:?}",
        report.doubts
    );
    assert!(!report.converged);
}

#[test]
fn a_queue_whose_server_pauses_is_as_long_as_the_completion_times_say() {
    for scv in [0.0, 1.0, 3.0] {
        let server = Station {
            service: Some(Distribution::with_scv(1.0, scv)),
            ..Station::new(1)
        };
        let scenario = open(0.5, failing(FailureKind::Pause, server));
        let report = simulate(&long(scenario, 60_000));
        let failures = breakdowns::Failures {
            when: Failing::AnyTime,
            mtbf: MTBF,
            mttr: MTTR,
            repair_scv: 1.0,
        };
        let theory = Breakdowns::new(0.5, 1.0, scv, failures).unwrap();
        check("response", report.mean_response, theory.mean_response());
        check("in system", report.mean_in_system, theory.mean_in_system());
        assert_eq!(details(&report).flow.failed, 0);
    }
}

/// Three servers that fail by themselves, each request with three tries at different ones.
#[test]
fn a_request_fails_where_all_servers_it_tries_are_down() {
    let group = Group {
        health: Some(Health::default()),
        station: failing(FailureKind::Crash, Station::new(1)),
        ..Group::new(3, Policy::RoundRobin)
    };
    let work = Activity::demand("web", Distribution::deterministic(1e-6));
    let attempt = Activity::Attempt(Attempt {
        timeout: None,
        retries: 2,
        backoff: None,
        abandoned: Abandoned::Stops,
        path: vec![Activity::balance("web", vec![work])],
        otherwise: None,
    });
    let scenario = Scenario::empty()
        .with_class("page", Class::new(Arrivals::poisson(20.0)))
        .with_resource("web", group)
        .with_path(vec![attempt]);
    let report = simulate(&long(scenario, 100_000));
    let served = details(&report).classes[0].served_share;
    check("served", served, 1.0 - 0.2_f64.powi(3));
}

fn checked(silent: bool) -> (Scenario, ActiveDetection) {
    let checks = ActiveChecks {
        interval: 2.0,
        timeout: Some(1.5),
        fall: 3,
        rise: 2,
        first: None,
    };
    let group = Group {
        health: Some(Health {
            active: Some(checks),
            ..Health::default()
        }),
        ..Group::new(4, Policy::RoundRobin)
    };
    let work = Activity::demand("web", exponential(0.01));
    let attempt = Activity::Attempt(Attempt {
        timeout: Some(0.5),
        retries: 0,
        backoff: None,
        abandoned: Abandoned::Stops,
        path: vec![Activity::balance("web", vec![work])],
        otherwise: None,
    });
    let kill = Kill {
        at: 20.0,
        server: "web[1]".into(),
        silent,
    };
    let scenario = Scenario::empty()
        .with_class("page", Class::new(Arrivals::poisson(40.0)))
        .with_resource("web", group)
        .with_path(vec![attempt])
        .with_incident(Incident::Kill(kill))
        .with_incident(Incident::revive(40.0, "web[1]"))
        .with_horizon(Horizon::Span { seconds: 60.0 });
    (scenario, ActiveDetection::new(2.0, 1.5, 3, 2).unwrap())
}

#[test]
fn checks_take_as_long_to_find_out_as_their_phase_says() {
    for (silent, death) in [(false, Death::Refusing), (true, Death::Silent)] {
        let (scenario, theory) = checked(silent);
        let report = simulate(&scenario);
        let details = details(&report);
        let group = &details.groups[0];
        assert_eq!(group.detections, 16);
        check("detection", group.time_to_detect, theory.mean(death));
        // Every fourth request goes to the dead server until then.
        let lost = details.flow.lost() as f64 / 16.0;
        let expected = theory.mean_exposure(death, 10.0, 20.0);
        assert!((lost / expected - 1.0).abs() < 0.15, "{lost} {expected}");
        assert_eq!(silent, details.flow.timed_out > 0);
    }
}

#[test]
fn requests_time_out_at_a_silent_server_and_are_served_elsewhere_when_tried_again() {
    let (mut scenario, _) = checked(true);
    if let Activity::Attempt(attempt) = &mut scenario.path[0] {
        attempt.retries = 1;
    }
    let report = simulate(&scenario);
    let flow = details(&report).flow;
    assert_eq!(flow.served + flow.in_flight, flow.arrived);
    assert!(estimate(report.p999) > 0.5 && estimate(report.p50) < 0.02);
}

#[test]
fn a_failed_request_keeps_others_away_for_the_fail_timeout() {
    let group = Group {
        health: Some(Health {
            passive: Some(MaxFails {
                max_fails: 1,
                fail_timeout: 10.0,
            }),
            ..Health::default()
        }),
        ..Group::new(2, Policy::RoundRobin)
    };
    let work = Activity::demand("web", Distribution::deterministic(0.001));
    let scenario = Scenario::empty()
        .with_class("page", every(0.1, 1000))
        .with_resource("web", group)
        .with_path(vec![Activity::balance("web", vec![work])])
        .with_incident(Incident::kill(0.0, "web[0]"))
        .with_horizon(Horizon::Span { seconds: 99.95 });
    // The first request fails; then one more as soon as ten seconds have passed.
    assert_eq!(simulate_once(&scenario).failed, 10);
}

fn every(gap: f64, count: u32) -> Class {
    let times = (0..count).map(|i| f64::from(i) * gap).collect();
    Class::new(Arrivals::Recorded(Recorded { times }))
}

/// Requests at given times that work two seconds each at one server.
fn by_hand(times: &[f64], incidents: &[Incident]) -> Scenario {
    let recorded = Recorded {
        times: times.to_vec(),
    };
    let mut scenario = Scenario::empty()
        .with_class("page", Class::new(Arrivals::Recorded(recorded)))
        .with_resource("server", Station::new(1))
        .with_path(vec![Activity::demand(
            "server",
            Distribution::deterministic(2.0),
        )])
        .with_horizon(Horizon::Span { seconds: 100.0 });
    scenario.script = incidents.to_vec();
    scenario
}

fn simulate_once(scenario: &Scenario) -> Flow {
    let flow = details(&simulate(scenario)).flow;
    Flow {
        arrived: flow.arrived / 16,
        served: flow.served / 16,
        failed: flow.failed / 16,
        ..flow
    }
}

fn at(at: f64) -> Moment {
    Moment {
        at,
        server: "server".into(),
    }
}

fn close(found: sim_core::Quantity, expected: f64) {
    let found = estimate(found);
    assert!((found - expected).abs() < 1e-9, "{found} {expected}");
}

#[test]
fn a_crash_fails_those_in_service_and_in_line_and_refuses_until_it_is_over() {
    let incidents = [
        Incident::kill(3.0, "server"),
        Incident::revive(6.0, "server"),
    ];
    // Served, in service, in line, refused, served.
    let scenario = by_hand(&[0.0, 2.0, 2.5, 4.0, 7.0], &incidents);
    let flow = simulate_once(&scenario);
    assert_eq!((flow.arrived, flow.served, flow.failed), (5, 2, 3));
    let report = simulate(&scenario);
    close(life(&report, "server").up_share, 0.97);
    close(report.mean_response, 2.0);
}

#[test]
fn a_start_takes_its_time() {
    let incidents = [
        Incident::kill(3.0, "server"),
        Incident::revive(6.0, "server"),
    ];
    let mut scenario = by_hand(&[7.0, 9.5], &incidents);
    if let Some(sim_core::scenario::Resource::Station(station)) =
        scenario.resources.get_mut("server")
    {
        station.cold_start = 3.0;
    }
    let flow = simulate_once(&scenario);
    assert_eq!((flow.served, flow.failed), (1, 1));
    close(life(&simulate(&scenario), "server").up_share, 0.94);
}

#[test]
fn what_is_cut_off_arrives_when_the_network_is_healed() {
    let incidents = [Incident::Partition(at(1.0)), Incident::Heal(at(5.0))];
    // The first one's answer is heard at 5; the second one gets in then and is served until 7.
    let report = simulate(&by_hand(&[0.0, 2.0], &incidents));
    assert_eq!(details(&report).flow.served, 2 * 16);
    close(report.mean_response, 5.0);
}

#[test]
fn a_slow_server_stretches_what_is_left_and_a_pause_stands_still() {
    let slow = Incident::Slow(Slow {
        at: 1.0,
        server: "server".into(),
        factor: 3.0,
    });
    // One second of work takes three; then one waits for two seconds and works at full speed from the revival on.
    let incidents = [slow, Incident::Revive(at(4.0))];
    let report = simulate(&by_hand(&[0.0, 2.0], &incidents));
    close(report.mean_response, 4.0);
    close(report.mean_wait, 1.0);
    // Half a second before the pause, the rest after it.
    let incidents = [Incident::Pause(at(0.5)), Incident::Revive(at(10.5))];
    let report = simulate(&by_hand(&[0.0], &incidents));
    close(report.mean_response, 12.0);
}

#[test]
fn a_drained_server_serves_what_it_has_and_takes_no_more() {
    let incidents = [Incident::Drain(at(1.0)), Incident::Revive(at(8.0))];
    let scenario = by_hand(&[0.0, 0.5, 3.0, 9.0], &incidents);
    let flow = simulate_once(&scenario);
    assert_eq!((flow.served, flow.failed), (3, 1));
    // It stops when the second one is done, at 4.
    close(life(&simulate(&scenario), "server").up_share, 0.96);
}

#[test]
fn a_script_with_unknown_servers_is_refused_with_its_place() {
    let scenario = by_hand(
        &[0.0],
        &[Incident::kill(1.0, "server[0]"), Incident::kill(-1.0, "db")],
    );
    let problems: Vec<String> = scenario
        .problems()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        problems,
        [
            "script[0].kill.server: `server[0]` is not known here; did you mean `server`? Known: server",
            "script[1].kill.at must be between 0 and 1,000,000,000,000; it is -1",
            "script[1].kill.server: `db` is not known here; known: server",
        ]
    );
}
