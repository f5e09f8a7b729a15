//! Autoscalers at work, with traffic in which nothing is left to chance: the number of servers is known look by look.

use sim_core::autoscaling::{Autoscaler, Rule, Scaling};
use sim_core::balancing::Policy;
use sim_core::distribution::Distribution;
use sim_core::scenario::arrivals::Recorded;
use sim_core::scenario::{Activity, Arrivals, Class, Group, Horizon, Scenario};

use crate::support::{details, estimate, simulate};

/// Moments at the middles of equal gaps: `rate` a second for each stretch of `seconds`.
fn times(stretches: &[(f64, u32)]) -> Vec<f64> {
    let mut from = 0.0;
    let mut times = Vec::new();
    for &(seconds, rate) in stretches {
        let gap = f64::from(rate).recip();
        let moments = (0..).map(|i| from + gap * (f64::from(i) + 0.5));
        times.extend(moments.take_while(|&it| it < from + seconds));
        from += seconds;
    }
    times
}

/// The requests of a record, 100 ms each, on servers that an autoscaler adds and takes away; how many are there in each minute.
fn servers(autoscaler: &Autoscaler, stretches: &[(f64, u32)]) -> Vec<f64> {
    autoscaler.validate().unwrap();
    let group = Group {
        autoscaler: Some(autoscaler.clone()),
        ..Group::new(autoscaler.max, Policy::ShortestQueue)
    };
    let work = Activity::demand("web", Distribution::deterministic(0.1));
    let seconds: f64 = stretches.iter().map(|it| it.0).sum();
    let record = Recorded {
        times: times(stretches),
    };
    let mut scenario = Scenario::empty()
        .with_class("page", Class::new(Arrivals::Recorded(record)))
        .with_resource("web", group)
        .with_path(vec![Activity::balance("web", vec![work])])
        .with_horizon(Horizon::Span { seconds });
    // Minute by minute.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an hour at most"
    )]
    let minutes = (seconds / 60.0) as u32;
    scenario.probes.series = minutes;
    let report = simulate(&scenario);
    let series = details(&report).series.as_ref().unwrap();
    let up = |minute: usize| -> f64 {
        let places = series.up.iter().filter(|it| !it.is_empty());
        places.map(|place| estimate(place[minute])).sum()
    };
    (0..minutes as usize).map(up).collect()
}

fn rule() -> Autoscaler {
    Autoscaler {
        min: 2,
        max: 20,
        initial: Some(10),
        provisioning: 60.0,
        ..Autoscaler::default()
    }
}

#[track_caller]
fn same(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    for (minute, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert!(
            (found - expected).abs() < 1e-6,
            "minute {minute}: {found}, {expected}"
        );
    }
}

/// Sixty requests a second of 100 ms keep ten servers 60 % busy. A dip of 45 s is over before 300 s have passed since ten were wanted.
#[test]
fn a_dip_shorter_than_the_window_changes_nothing() {
    let day = [(900.0, 60), (45.0, 5), (855.0, 60)];
    same(&servers(&rule(), &day), &[10.0; 30]);
    // By the rule of cooldowns the first look in the dip, at 915 s, finds nothing that speaks against two servers.
    let cooldown = Autoscaler {
        rule: Rule::Cooldown,
        cooldown_in: Some(300.0),
        ..rule()
    };
    let found = servers(&cooldown, &day);
    same(&found[..15], &[10.0; 15]);
    assert!(found[15] < 5.0 && found[16] < 3.0, "{found:?}");
}

/// Traffic that falls for good: ten are wanted until 900 s, and two from 915 s on. The last look that wanted ten leaves the window of
/// 300 s at 1200 s, when servers are taken away: in minute 20.
#[test]
fn servers_leave_once_the_window_is_over() {
    let found = servers(&rule(), &[(900.0, 60), (900.0, 5)]);
    same(&found[..20], &[10.0; 20]);
    // Each of the eight is idle or has less than 100 ms to go.
    assert!(found[20] < 2.02 && found[20] >= 2.0, "{found:?}");
    same(&found[21..], &[2.0; 9]);
}

/// From two servers 60 % busy to five times the traffic: at most four more in 15 s, and those on their way count as idle.
#[test]
fn it_grows_by_steps_and_does_not_order_twice() {
    let small = Autoscaler {
        initial: Some(2),
        scale_down: Some(Scaling {
            stabilization: Some(3_600.0),
            ..Scaling::default()
        }),
        ..rule()
    };
    let found = servers(&small, &[(60.0, 12), (540.0, 60)]);
    // Seen at 75 s: two servers fully busy want 3.3, so four. Those on their way count as idle: 2 of 4 is below the target, and nothing
    // more is ordered until they have come at 135 s and were measured for 15 s, from 135 to 150 s. Then four are fully busy and want 6.7.
    assert_eq!(found[0], 2.0);
    assert!((found[1] - 2.0).abs() < 1e-6, "{found:?}");
    // Two more from 135 s on, three quarters of the minute.
    assert!((found[2] - 3.5).abs() < 1e-6, "{found:?}");
    // Seven from 210 s on.
    assert!((found[3] - 5.5).abs() < 1e-6, "{found:?}");
}
