//! Who gets requests when primaries die and come back: nginx's backups and HAProxy's, second by second.

use sim_core::Report;
use sim_core::balancing::Policy;
use sim_core::balancing::health::{ActiveChecks, Backups, Health, MaxFails};
use sim_core::distribution::Distribution;
use sim_core::scenario::arrivals::Recorded;
use sim_core::scenario::resource::Member;
use sim_core::scenario::{Activity, Arrivals, Class, Group, Horizon, Incident, Scenario};

use crate::support::{details, simulate};

/// Seconds that a request works.
const WORK: f64 = 0.001;
/// Requests a second, at 0.05, 0.15, 0.25 and so on.
const EACH_SECOND: u32 = 10;
const SECONDS: u32 = 70;

fn members(count: u32, backup: bool) -> Member {
    Member {
        count,
        backup,
        ..Member::default()
    }
}

fn scenario(primaries: u32, backups: u32, health: Health, retries: u32) -> Scenario {
    let times = (0..EACH_SECOND * SECONDS).map(|i| (f64::from(i) + 0.5) / f64::from(EACH_SECOND));
    let arrivals = Recorded {
        times: times.collect(),
    };
    let group = Group {
        members: vec![members(primaries, false), members(backups, true)],
        health: Some(health),
        ..Group::new(1, Policy::RoundRobin)
    };
    let work = Activity::demand("web", Distribution::deterministic(WORK));
    let path = vec![Activity::balance("web", vec![work])];
    let mut scenario = Scenario::empty()
        .with_class("page", Class::new(Arrivals::Recorded(arrivals)))
        .with_resource("web", group)
        .with_path(vec![Activity::attempt(None, retries, path)])
        .with_horizon(Horizon::Span {
            seconds: f64::from(SECONDS),
        });
    scenario.probes.series = SECONDS;
    scenario
}

/// Requests that each server served in each second, in each replication; and those lost, by when they came.
fn timeline(report: &Report) -> (Vec<Vec<u32>>, Vec<u32>) {
    let series = details(report).series.as_ref().unwrap();
    let whole = |value: f64| {
        let rounded = value.round();
        assert!((value - rounded).abs() < 1e-6, "{value}");
        (0..=EACH_SECOND)
            .find(|&n| f64::from(n) == rounded)
            .unwrap()
    };
    let second = |at: usize| -> Vec<u32> {
        let busy = series.busy.iter().map(|place| place[at].estimate.unwrap());
        busy.map(|busy| whole(busy / WORK)).collect()
    };
    let served: Vec<Vec<u32>> = (0..SECONDS as usize).map(second).collect();
    let lost = series
        .lost_share
        .iter()
        .map(|share| share.estimate.unwrap());
    let lost: Vec<u32> = lost.map(|it| whole(it * f64::from(EACH_SECOND))).collect();
    // Every request of every second is served somewhere, or lost.
    for (at, (served, lost)) in served.iter().zip(&lost).enumerate() {
        assert_eq!(
            served.iter().sum::<u32>() + lost,
            EACH_SECOND,
            "second {at}"
        );
    }
    let flow = details(report).flow;
    assert_eq!(flow.arrived, 16 * u64::from(EACH_SECOND * SECONDS));
    assert_eq!(flow.lost(), 16 * u64::from(lost.iter().sum::<u32>()));
    (served, lost)
}

/// Two primaries and two backups, checked at half past every second. The primaries die, then the first backup; the first primary comes
/// back, then the other, then the backup.
fn two_and_two(backups: Backups) -> (Vec<Vec<u32>>, Vec<u32>) {
    let checks = ActiveChecks {
        interval: 1.0,
        timeout: None,
        fall: 1,
        rise: 1,
        first: Some(0.5),
    };
    let health = Health {
        active: Some(checks),
        backups,
        ..Health::default()
    };
    let scenario = scenario(2, 2, health, 0)
        .with_incident(Incident::kill(10.2, "web[0]"))
        .with_incident(Incident::kill(20.2, "web[1]"))
        .with_incident(Incident::kill(30.2, "web[2]"))
        .with_incident(Incident::revive(40.2, "web[0]"))
        .with_incident(Incident::revive(50.2, "web[1]"))
        .with_incident(Incident::revive(60.2, "web[2]"));
    timeline(&simulate(&scenario))
}

/// Whole seconds in which everybody believes the same, and it is true.
const PRIMARIES: std::ops::Range<usize> = 0..10;
const ONE_PRIMARY: std::ops::Range<usize> = 11..20;
const TWO_BACKUPS: std::ops::Range<usize> = 21..30;
const ONE_BACKUP: std::ops::Range<usize> = 31..40;
const FIRST_BACK: std::ops::Range<usize> = 41..50;
const BOTH_BACK: std::ops::Range<usize> = 51..70;

#[test]
fn backups_stand_in_when_the_last_primary_is_known_to_be_dead_and_no_longer() {
    for backups in [Backups::Nginx, Backups::FirstOnly, Backups::All] {
        let (served, lost) = two_and_two(backups);
        let shared = match backups {
            Backups::FirstOnly => [0, 0, 10, 0],
            Backups::Nginx | Backups::All => [0, 0, 5, 5],
        };
        for (seconds, expected) in [
            (PRIMARIES, [5, 5, 0, 0]),
            (ONE_PRIMARY, [0, 10, 0, 0]),
            (TWO_BACKUPS, shared),
            (ONE_BACKUP, [0, 0, 0, 10]),
            (FIRST_BACK, [10, 0, 0, 0]),
            (BOTH_BACK, [5, 5, 0, 0]),
        ] {
            for at in seconds {
                assert_eq!(served[at], expected, "{backups:?}, second {at}");
                assert_eq!(lost[at], 0, "{backups:?}, second {at}");
            }
        }
        // Dead and not yet known to be: three requests come before the check, and whoever is sent to it is lost.
        assert!((1..=2).contains(&lost[10]), "{backups:?}: {}", lost[10]);
        assert_eq!(lost[20], 3, "{backups:?}");
        let expected = if backups == Backups::FirstOnly {
            3..=3
        } else {
            1..=2
        };
        assert!(expected.contains(&lost[30]), "{backups:?}: {}", lost[30]);
        assert_eq!(lost.iter().sum::<u32>(), lost[10] + lost[20] + lost[30]);
        // Back and not yet known to be: the backup goes on for three more requests; nobody is lost.
        assert_eq!(served[40], [5, 0, 0, 5], "{backups:?}");
    }
}

/// nginx notices by requests that fail. A request that failed at the only primary is tried at a backup, and none is lost; from then
/// on the backup has all but one in five seconds, which finds out whether the primary is back.
#[test]
fn nginx_turns_to_its_backup_within_the_request_and_back_after_the_fail_timeout() {
    let health = Health {
        passive: Some(MaxFails {
            max_fails: 1,
            fail_timeout: 5.0,
        }),
        ..Health::default()
    };
    let scenario = scenario(1, 1, health, 1)
        .with_incident(Incident::kill(20.0, "web[0]"))
        .with_incident(Incident::revive(41.0, "web[0]"));
    let report = simulate(&scenario);
    let (served, lost) = timeline(&report);
    assert_eq!(lost.iter().sum::<u32>(), 0);
    assert!(served[..20].iter().all(|it| it[..] == [10, 0]));
    assert!(served[20..41].iter().all(|it| it[..] == [0, 10]));
    // The first failure is at 20.05; one is risked at 25.15, 30.25, 35.35 and 40.45, and the one at 45.55 is served.
    assert!(served[41..45].iter().all(|it| it[..] == [0, 10]));
    assert_eq!(served[45], [5, 5]);
    assert!(served[46..].iter().all(|it| it[..] == [10, 0]));
    let life = details(&report).places[0].life.unwrap();
    let visits = f64::from(20 * EACH_SECOND + 5 + 24 * EACH_SECOND + 5);
    let failed = life.failed_share.estimate.unwrap();
    assert!((failed - 5.0 / visits).abs() < 1e-9, "{failed}");
}
