//! When a balancer notices that a server is dead, where the moments of its checks are known: to the moment.

use sim_core::balancing::Policy;
use sim_core::balancing::health::{ActiveChecks, Backups, Health};
use sim_core::distribution::Distribution;
use sim_core::scenario::arrivals::Recorded;
use sim_core::scenario::resource::Member;
use sim_core::scenario::script::Kill;
use sim_core::scenario::{Activity, Arrivals, Class, Group, Horizon, Incident, Scenario};
use sim_core::theory::detection::{ActiveDetection, Death};

use crate::support::{details, estimate, simulate};

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
