//! When a balancer notices that a server is dead, where the moments of its checks are known: to the moment.

use sim_core::balancing::Policy;
use sim_core::balancing::health::{ActiveChecks, Backups, Health, OutlierEjection};
use sim_core::distribution::Distribution;
use sim_core::scenario::arrivals::Recorded;
use sim_core::scenario::resource::Member;
use sim_core::scenario::script::{Kill, Moment};
use sim_core::scenario::{Activity, Arrivals, Class, Group, Horizon, Incident, Scenario};
use sim_core::theory::detection::{ActiveDetection, Death};

use crate::support::{check, details, estimate, exponential, simulate};

const DEATH: f64 = 20.0;
/// Seconds between two requests; no check ends within a thousandth of a second of one.
const GAP: f64 = 0.010;
const OFFSET: f64 = 0.005;
const REQUESTS: u32 = 6_000;

fn arrivals() -> impl Iterator<Item = f64> {
    (0..REQUESTS).map(|i| OFFSET + GAP * f64::from(i))
}

/// All requests go to the first server, and to the second one once the first is known to be dead.
fn scenario(checks: &ActiveChecks, silent: bool) -> Scenario {
    let backup = Member {
        backup: true,
        ..Member::default()
    };
    let group = Group {
        members: vec![Member::default(), backup],
        health: Some(Health {
            active: Some(checks.clone()),
            backups: Backups::FirstOnly,
            ..Health::default()
        }),
        ..Group::new(1, Policy::RoundRobin)
    };
    let work = Activity::demand("web", Distribution::deterministic(0.001));
    let path = vec![Activity::balance("web", vec![work])];
    let kill = Kill {
        at: DEATH,
        server: "web[0]".into(),
        silent,
    };
    let times = arrivals().collect();
    Scenario::empty()
        .with_class("page", Class::new(Arrivals::Recorded(Recorded { times })))
        .with_resource("web", group)
        .with_path(vec![Activity::attempt(Some(0.3), 0, path)])
        .with_incident(Incident::Kill(kill))
        .with_horizon(Horizon::Span { seconds: 60.0 })
}

/// Seconds from the death to the next check.
fn until_next(checks: &ActiveChecks) -> f64 {
    let first = checks.first.unwrap();
    let before = ((DEATH - first) / checks.interval).ceil().max(0.0);
    first + before * checks.interval - DEATH
}

#[test]
fn with_a_known_phase_the_moment_is_known_and_so_is_every_request_lost() {
    for (interval, timeout, fall) in [(2.0, 1.5, 3), (2.0, 3.0, 2), (0.5, 0.25, 1), (5.0, 1.0, 4)] {
        for first in [0.0, 0.25, 1.75, 4.5] {
            let checks = ActiveChecks {
                interval,
                timeout: Some(timeout),
                fall,
                rise: 2,
                first: Some(first),
            };
            let theory = ActiveDetection::new(interval, timeout, fall, 2).unwrap();
            for (silent, death) in [(false, Death::Refusing), (true, Death::Silent)] {
                let context = format!("{checks:?} {death:?}");
                let expected = theory.after(death, until_next(&checks));
                let report = simulate(&scenario(&checks, silent));
                let details = details(&report);
                let group = &details.groups[0];
                assert_eq!(group.detections, 16, "{context}");
                let found = estimate(group.time_to_detect);
                assert!(
                    (found - expected).abs() < 1e-9,
                    "{context}: {found} {expected}"
                );
                // The same in all sixteen replications: nothing is left to chance.
                assert_eq!(group.time_to_detect.low, None, "{context}");
                let sent = arrivals().filter(|it| (DEATH..DEATH + expected).contains(it));
                let sent = sent.count() as u64;
                let flow = details.flow;
                let lost = if silent { flow.timed_out } else { flow.failed };
                assert_eq!(lost, 16 * sent, "{context}");
                assert_eq!(flow.served, 16 * (u64::from(REQUESTS) - sent), "{context}");
            }
        }
    }
}

#[test]
fn without_a_known_phase_every_replication_has_its_own() {
    let checks = ActiveChecks {
        timeout: Some(1.0),
        ..ActiveChecks::default()
    };
    let report = simulate(&scenario(&checks, false));
    let found = details(&report).groups[0].time_to_detect;
    let (low, high) = (found.low.unwrap(), found.high.unwrap());
    // Anywhere between four and six seconds, sixteen times: a mean of five, and 0.14 its standard error.
    assert!(low < 5.0 && 5.0 < high && high - low < 1.0, "{found:?}");
}

/// Two servers die and refuse at once; each is ejected after five failures in a row, let in again after 30 s, and ejected again.
/// Requests go to either with equal chances until one is ejected, at the n-th request with probability 2·C(n − 1, 4)/2ⁿ, n = 5 … 9, with
/// a mean of 7.539 062 5, and then to the other, whose fifth failure is the tenth in all. The n-th comes (n − ½)·50 ms after the death.
#[test]
fn an_outage_is_detected_once_however_often_its_server_is_ejected() {
    let outlier = OutlierEjection {
        consecutive: 5,
        interval: 1.0,
        base_ejection: 30.0,
        max_percent: 100,
        ..OutlierEjection::default()
    };
    let group = Group {
        health: Some(Health {
            outlier: Some(outlier),
            panic_threshold: 0.5,
            ..Health::default()
        }),
        ..Group::new(2, Policy::Random)
    };
    let times = (0..2_400).map(|i| 0.05 * (f64::from(i) + 0.5)).collect();
    // So little work that nobody is there when they die.
    let work = Activity::demand("web", exponential(1e-6));
    let scenario = Scenario::empty()
        .with_class("page", Class::new(Arrivals::Recorded(Recorded { times })))
        .with_resource("web", group)
        .with_path(vec![Activity::balance("web", vec![work])])
        .with_incident(Incident::kill(20.0, "web"))
        .with_incident(Incident::revive(100.0, "web"))
        .with_horizon(Horizon::Span { seconds: 120.0 });
    let report = simulate(&scenario);
    let group = &details(&report).groups[0];
    // Back at the first sweep after 30 s, ejected again for 60 s, which end after the repair.
    assert_eq!((group.detections, group.repeated_detections), (32, 32));
    let expected = 0.05 * f64::midpoint(7.539_062_5 - 0.5, 10.0 - 0.5);
    check("detection", group.time_to_detect, expected);
}

/// A server that stands still, and is then killed, has been out since it stood still.
#[test]
fn an_outage_that_becomes_another_keeps_its_beginning() {
    let checks = ActiveChecks {
        interval: 1.0,
        timeout: Some(0.5),
        fall: 3,
        rise: 2,
        first: Some(0.25),
    };
    let paused = Moment {
        at: 10.0,
        server: "web[0]".into(),
    };
    let mut twice = scenario(&checks, false);
    twice.script.clear();
    let twice = twice
        .with_incident(Incident::Pause(paused))
        .with_incident(Incident::kill(11.0, "web[0]"));
    let report = simulate(&twice);
    let group = &details(&report).groups[0];
    // Checks at 10.25 s (in vain until 10.75 s), 11.25 s and 12.25 s, which are refused.
    assert_eq!((group.detections, group.repeated_detections), (16, 0));
    assert!((estimate(group.time_to_detect) - 2.25).abs() < 1e-9);
}
