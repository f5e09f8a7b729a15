//! Beliefs over scripted timelines: what each balancer is known to do.

use super::*;

/// What a balancer is told.
#[derive(Debug, Clone, Copy)]
enum Event {
    /// A request was sent to this server.
    Chosen(u32),
    /// A request to this server went well.
    Well(u32),
    /// A request to this server failed.
    Failed(u32),
    /// A check of this server was good.
    Good(u32),
    /// A check of this server failed.
    Bad(u32),
    /// This server was added.
    Added(u32),
    /// This server was removed.
    Removed(u32),
    /// Nothing happened.
    Nothing,
}
use Event::{Added, Bad, Chosen, Failed, Good, Nothing, Removed, Well};

/// A balancer of `primaries` servers of weight 1, and `backups` after them.
fn watch(health: &Health, primaries: usize, backups: usize) -> Watch {
    health.validate().unwrap();
    let is_backup: Vec<_> = (0..primaries + backups)
        .map(|index| index >= primaries)
        .collect();
    Watch::new(health, &vec![1; primaries + backups], &is_backup)
}

fn tell(watch: &mut Watch, now: f64, event: Event) {
    match event {
        Chosen(server) => watch.chosen(server, now),
        Well(server) => watch.answered(server, now, true),
        Failed(server) => watch.answered(server, now, false),
        Good(server) => watch.checked(server, now, true),
        Bad(server) => watch.checked(server, now, false),
        Added(server) => watch.added(server, now),
        Removed(server) => watch.removed(server),
        Nothing => {}
    }
}

/// `*` for each server that may be chosen.
fn eligible(watch: &mut Watch, now: f64, tried: &[bool]) -> String {
    let selection = watch.select(now, tried);
    let servers = selection.weights.len();
    let flags = selection
        .eligible
        .map_or(vec![true; servers], <[bool]>::to_vec);
    flags.iter().map(|&e| if e { '*' } else { '.' }).collect()
}

/// `U` for each server believed up.
fn beliefs(watch: &Watch, servers: u32, now: f64) -> String {
    let belief = |server| {
        if watch.believes_up(server, now) {
            'U'
        } else {
            'd'
        }
    };
    (0..servers).map(belief).collect()
}

/// Tells `watch` each event at its time and compares who may then be chosen.
#[track_caller]
fn play(watch: &mut Watch, timeline: &[(f64, Event, &str)]) {
    for &(now, event, expected) in timeline {
        tell(watch, now, event);
        let found = eligible(watch, now, &[]);
        assert_eq!(found, expected, "after {event:?} at {now} s");
    }
}

fn passive(max_fails: u32) -> Health {
    Health {
        passive: Some(MaxFails {
            max_fails,
            ..MaxFails::default()
        }),
        ..Health::default()
    }
}

fn active() -> Health {
    Health {
        active: Some(ActiveChecks::default()),
        ..Health::default()
    }
}

fn outlier() -> Health {
    Health {
        outlier: Some(OutlierEjection::default()),
        ..Health::default()
    }
}

#[test]
fn without_any_mechanism_all_may_be_chosen_for_ever() {
    let mut watch = watch(&Health::default(), 2, 0);
    for event in [Failed(0), Failed(0), Bad(0), Bad(1), Nothing] {
        tell(&mut watch, 1.0, event);
        assert_eq!(watch.select(1.0, &[]).eligible, None);
        assert_eq!(watch.select(1.0, &[]).weights, [1, 1]);
    }
}

#[test]
fn nginx_leaves_a_failed_server_out_and_risks_one_request_at_a_time() {
    let mut watch = watch(&passive(1), 3, 0);
    play(
        &mut watch,
        &[
            (0.0, Chosen(1), "***"),
            (0.5, Failed(1), "*.*"),
            (10.5, Nothing, "*.*"),
            (10.6, Nothing, "***"),
            // The test is under way: nobody else is sent there.
            (10.7, Chosen(1), "*.*"),
            (12.7, Failed(1), "*.*"),
            (22.7, Nothing, "*.*"),
            (23.0, Chosen(1), "*.*"),
            (23.1, Well(1), "***"),
            (23.2, Failed(1), "*.*"),
        ],
    );
}

#[test]
fn nginx_with_nobody_left_refuses() {
    let mut watch = watch(&passive(1), 2, 0);
    play(
        &mut watch,
        &[
            (1.0, Failed(0), ".*"),
            (2.0, Failed(1), ".."),
            (11.5, Nothing, "*."),
            (12.5, Nothing, "**"),
        ],
    );
}

#[test]
fn nginx_counts_nothing_against_a_single_server() {
    let mut lone = watch(&passive(1), 1, 0);
    play(&mut lone, &[(1.0, Failed(0), "*"), (1.1, Failed(0), "*")]);
    assert!(lone.believes_up(0, 1.1));
    // With a backup it is not alone.
    let mut pair = watch(&passive(1), 1, 1);
    play(&mut pair, &[(1.0, Failed(0), ".*"), (11.1, Nothing, "*.")]);
    // Nor after another was added; and it is alone once more when that one leaves.
    let mut grown = watch(&passive(1), 2, 0);
    play(
        &mut grown,
        &[
            (0.0, Removed(1), "*."),
            (1.0, Failed(0), "*."),
            (2.0, Added(1), "**"),
            (3.0, Failed(0), ".*"),
            (4.0, Removed(1), "*."),
        ],
    );
}

#[test]
fn nginx_tries_others_before_a_server_that_was_tried() {
    let mut watch = watch(&passive(1), 3, 1);
    assert_eq!(
        eligible(&mut watch, 0.0, &[true, false, false, false]),
        ".**."
    );
    assert_eq!(
        eligible(&mut watch, 0.0, &[true, true, true, false]),
        "...*"
    );
    assert_eq!(eligible(&mut watch, 0.0, &[true; 4]), "***.");
    watch.answered(2, 1.0, false);
    assert_eq!(
        eligible(&mut watch, 1.0, &[true, false, false, false]),
        ".*.."
    );
    assert_eq!(
        eligible(&mut watch, 1.0, &[true, true, false, false]),
        "...*"
    );
    assert_eq!(eligible(&mut watch, 1.0, &[]), "**..");
}

#[test]
fn haproxy_counts_checks_in_a_row() {
    let mut watch = watch(&active(), 2, 0);
    play(
        &mut watch,
        &[
            (0.0, Good(0), "**"),
            (0.0, Good(1), "**"),
            (2.0, Bad(0), "**"),
            (4.0, Bad(0), "**"),
            (6.0, Good(0), "**"),
            (8.0, Bad(0), "**"),
            (10.0, Bad(0), "**"),
            (12.0, Bad(0), ".*"),
            (14.0, Good(0), ".*"),
            (16.0, Bad(0), ".*"),
            (18.0, Good(0), ".*"),
            (20.0, Good(0), "**"),
            // Failed requests are not its business.
            (20.5, Failed(0), "**"),
        ],
    );
}

#[test]
fn haproxy_uses_the_first_backup_and_nginx_all_of_them() {
    for (backups, expected) in [
        (Backups::FirstOnly, "..*."),
        (Backups::All, "..**"),
        (Backups::Nginx, "..**"),
    ] {
        let health = Health {
            backups,
            ..active()
        };
        let mut watch = watch(&health, 2, 2);
        play(
            &mut watch,
            &[
                (0.0, Bad(0), ".*.."),
                (0.1, Bad(1), expected),
                (0.2, Bad(2), "...*"),
                (0.3, Bad(3), "...."),
                (2.0, Good(1), "...."),
                (4.0, Good(1), ".*.."),
            ],
        );
    }
}

#[test]
fn haproxy_starts_slowly_after_a_return() {
    let health = Health {
        slow_start: 16.0,
        ..active()
    };
    let mut watch = Watch::new(&health, &[1, 3], &[false; 2]);
    assert_eq!(watch.select(0.0, &[]).weights, [16, 48]);
    for event in [Bad(1), Good(1), Good(1)] {
        tell(&mut watch, 10.0, event);
    }
    for (now, weight) in [
        (10.0, 3),
        (10.9, 3),
        (11.0, 6),
        (18.0, 27),
        (24.9, 45),
        (25.0, 48),
        (99.0, 48),
    ] {
        assert_eq!(watch.select(now, &[]).weights, [16, weight], "{now}");
    }
    // A server that is added starts slowly too; those there from the beginning do not.
    tell(&mut watch, 100.0, Removed(0));
    assert_eq!(eligible(&mut watch, 100.0, &[]), ".*");
    tell(&mut watch, 100.0, Added(0));
    assert_eq!(watch.select(100.0, &[]).weights, [1, 48]);
    assert_eq!(watch.select(107.5, &[]).weights, [8, 48]);
}

#[test]
fn envoy_ejects_for_longer_each_time() {
    let mut watch = watch(&outlier(), 3, 0);
    let fail = |watch: &mut Watch, now: f64| {
        for _ in 0..4 {
            tell(watch, now, Failed(0));
            assert_eq!(eligible(watch, now, &[]), "***");
        }
        tell(watch, now, Failed(0));
    };
    // It fails for ever: ejected at 3 s for 30 s, back at the sweep at 40 s; 60 s from 41 s, 110 s; 90 s from 111 s, 210 s.
    for (now, back) in [(3.0, 40.0), (41.0, 110.0), (111.0, 210.0)] {
        fail(&mut watch, now);
        play(
            &mut watch,
            &[
                (now, Nothing, ".**"),
                (back - 0.001, Nothing, ".**"),
                (back, Nothing, "***"),
            ],
        );
    }
    // In place at the sweeps at 220 and 230 s: the multiplier is 1 again, and this ejection lasts 60 s.
    fail(&mut watch, 235.0);
    play(
        &mut watch,
        &[(299.0, Nothing, ".**"), (300.0, Nothing, "***")],
    );
}

#[test]
fn envoy_ejects_one_of_three_but_no_second() {
    let mut watch = watch(&outlier(), 3, 0);
    for now in 1..=5 {
        tell(&mut watch, f64::from(now), Failed(0));
        tell(&mut watch, f64::from(now), Failed(1));
    }
    play(
        &mut watch,
        &[
            (6.0, Nothing, ".**"),
            (39.9, Failed(1), ".**"),
            (40.0, Nothing, "***"),
        ],
    );
    assert_eq!(beliefs(&watch, 3, 40.0), "UUU");
}

#[test]
fn envoy_panics_below_half() {
    let health = Health {
        panic_threshold: 0.5,
        ..active()
    };
    let mut group = watch(&health, 4, 0);
    play(
        &mut group,
        &[
            (0.0, Bad(0), ".***"),
            (0.0, Bad(1), "..**"),
            (0.0, Bad(2), "****"),
        ],
    );
    assert!(group.panics(0.0));
    assert_eq!(beliefs(&group, 4, 0.0), "dddU");
    play(
        &mut group,
        &[
            (0.0, Bad(3), "****"),
            (2.0, Good(0), "****"),
            (2.0, Good(1), "****"),
            (4.0, Good(0), "****"),
            (4.0, Good(1), "**.."),
        ],
    );
    assert!(!group.panics(4.0));
    // Who is not there is not used in a panic either, and a backup that is up averts it.
    let mut shrunk = watch(&health, 3, 0);
    play(
        &mut shrunk,
        &[
            (0.0, Removed(0), ".**"),
            (0.0, Bad(1), "..*"),
            (0.0, Bad(2), ".**"),
        ],
    );
    let mut backed = watch(&health, 2, 1);
    play(
        &mut backed,
        &[
            (0.0, Bad(0), ".*."),
            (0.0, Bad(1), "..*"),
            (0.0, Bad(2), "**."),
        ],
    );
}

#[test]
fn a_good_check_ends_an_ejection_where_both_are_used() {
    let health = Health {
        outlier: Some(OutlierEjection::default()),
        ..active()
    };
    let mut watch = watch(&health, 3, 0);
    for _ in 0..5 {
        tell(&mut watch, 1.0, Failed(2));
    }
    play(
        &mut watch,
        &[
            (1.0, Nothing, "**."),
            (2.0, Good(2), "***"),
            (4.0, Bad(2), "***"),
        ],
    );
}

#[test]
fn a_server_that_is_not_there_hears_nothing() {
    let mut watch = watch(&passive(1), 3, 0);
    play(
        &mut watch,
        &[
            (0.0, Removed(2), "**."),
            (1.0, Failed(2), "**."),
            (2.0, Added(2), "***"),
            (3.0, Failed(2), "**."),
            // A new one in its place has a clean record.
            (4.0, Removed(2), "**."),
            (5.0, Added(2), "***"),
        ],
    );
}

#[test]
fn a_selection_kept_is_a_selection_made_anew() {
    // A balancer asked at every step and one asked but once agree, whatever happens.
    let health = Health {
        active: Some(ActiveChecks {
            rise: 1,
            ..ActiveChecks::default()
        }),
        passive: Some(MaxFails {
            max_fails: 2,
            ..MaxFails::default()
        }),
        outlier: Some(OutlierEjection {
            consecutive: 3,
            max_percent: 40,
            ..OutlierEjection::default()
        }),
        panic_threshold: 0.3,
        backups: Backups::FirstOnly,
        slow_start: 7.0,
    };
    let mut asked = watch(&health, 4, 2);
    let mut silent = asked.clone();
    let mut state = 1_u64;
    for step in 0..3000_u32 {
        let now = f64::from(step) * 0.37;
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let server = u32::try_from((state >> 33) % 6).unwrap();
        let event = match (state >> 45) % 16 {
            0..4 => Failed(server),
            4..7 => Well(server),
            7 | 8 => Bad(server),
            9 | 10 => Good(server),
            11..14 => Chosen(server),
            14 => Removed(server),
            _ => Added(server),
        };
        tell(&mut asked, now, event);
        tell(&mut silent, now, event);
        let mut fresh = silent.clone();
        assert_eq!(
            asked.select(now, &[]),
            fresh.select(now, &[]),
            "step {step}, {event:?}"
        );
        for server in 0..6 {
            assert_eq!(
                asked.believes_up(server, now),
                silent.believes_up(server, now)
            );
        }
    }
}

#[test]
fn health_reads_back_and_leaves_out_what_is_usual() {
    let read = |text| serde_json::from_str::<Health>(text);
    assert_eq!(read("{}").unwrap(), Health::default());
    let all: Health =
        read(r#"{"active": {}, "passive": {}, "outlier": {}, "backups": "first_only"}"#).unwrap();
    assert_eq!(all.active, Some(ActiveChecks::default()));
    assert_eq!(all.active.as_ref().map(ActiveChecks::timeout), Some(2.0));
    assert_eq!(all.passive, Some(MaxFails::default()));
    assert_eq!(all.outlier, Some(OutlierEjection::default()));
    let text = serde_json::to_string(&all).unwrap();
    assert_eq!(read(&text).unwrap(), all);
    assert!(read(r#"{"passive": {"max_fail": 1}}"#).is_err());
}

#[test]
fn parameters_out_of_range_are_named() {
    for (text, field) in [
        (r#"{"active": {"interval": 0}}"#, "active.interval"),
        (r#"{"active": {"timeout": -1}}"#, "active.timeout"),
        (r#"{"active": {"fall": 0}}"#, "active.fall"),
        (r#"{"active": {"rise": 1001}}"#, "active.rise"),
        (r#"{"active": {"first": -0.1}}"#, "active.first"),
        (
            r#"{"passive": {"max_fails": 1000001}}"#,
            "passive.max_fails",
        ),
        (
            r#"{"passive": {"fail_timeout": -1}}"#,
            "passive.fail_timeout",
        ),
        (r#"{"outlier": {"consecutive": 0}}"#, "outlier.consecutive"),
        (r#"{"outlier": {"interval": 0}}"#, "outlier.interval"),
        (
            r#"{"outlier": {"base_ejection": 0}}"#,
            "outlier.base_ejection",
        ),
        (
            r#"{"outlier": {"max_ejection": 29}}"#,
            "outlier.max_ejection",
        ),
        (
            r#"{"outlier": {"max_percent": 101}}"#,
            "outlier.max_percent",
        ),
        (r#"{"panic_threshold": 1.1}"#, "panic_threshold"),
        (r#"{"slow_start": -1}"#, "slow_start"),
    ] {
        let health: Health = serde_json::from_str(text).unwrap();
        assert_eq!(health.validate().unwrap_err().field(), field, "{text}");
    }
}
