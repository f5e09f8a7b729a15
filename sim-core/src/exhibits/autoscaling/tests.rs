//! The exhibit by hand, against closed forms, and at its extremes.

use super::*;
use crate::run::{Cancel, Stopping, run};
use crate::theory::Mm1;

fn simulate(params: &Params) -> Vec<Option<Report>> {
    let stopping = Stopping {
        precision: 0.05,
        replications: 4,
        early: false,
    };
    let scenarios = Autoscaling::scenarios(params).unwrap();
    let report = |scenario: &Scenario| {
        let plan = crate::run::Plan::new(scenario, 11).unwrap();
        Some(run(&plan, &stopping, 1, &Cancel::default(), &|_| {}))
    };
    scenarios.iter().map(report).collect()
}

fn lost(day: &Day) -> u64 {
    let flow = day.report.unwrap().details.as_ref().unwrap().flow;
    assert_eq!(flow.arrived, flow.accounted());
    flow.lost()
}

fn hours(day: &Day) -> f64 {
    day.server_hours().unwrap().estimate.unwrap()
}

#[test]
fn traffic_and_headroom_by_hand() {
    let params = Params::default();
    let mean = Params::moments().map(|it| params.rate(it)).sum::<f64>() / f64::from(STEPS);
    // The spike adds twice the usual traffic of its 24th of the day; that begins where cos is a quarter.
    assert!(mean > 30.0 && mean < 30.0 * (1.0 + 2.0 / 24.0), "{mean}");
    let calm = Params {
        spike: 1.0,
        ..params.clone()
    };
    // At noon 48 requests of 0.2 s a second at 60 %: 16 servers.
    assert!((calm.needed(DAY / 2.0) - 16.0).abs() < 1e-9);
    assert!((calm.needed(0.0) - 4.0).abs() < 1e-9);
    assert_eq!(calm.headroom(), 16);
    assert!(params.headroom() > 20);
}

/// The share of work that arrives does not depend on who serves it: busy servers are λ·s whatever the autoscaler does.
#[test]
fn a_steady_day_is_as_theory_says() {
    let steady = Params {
        traffic: 2.0,
        swing: 0.0,
        spike: 1.0,
        min: 1,
        max: 1,
        ..Params::default()
    };
    let reports = simulate(&steady);
    let report = reports[0].as_ref().unwrap();
    // M/M/1 from an empty start, which is hardly felt: 2 a second at 5 a second.
    let theory = Mm1::new(2.0, 5.0).unwrap().mean_response();
    let found = report.mean_response;
    let (low, high) = (found.low.unwrap(), found.high.unwrap());
    assert!(low < theory && theory < high, "{theory}: {low}..{high}");
    // Fewest = most: 24 minutes of one server, by hand.
    let [scaled, _] = days(&reports);
    assert!((hours(&scaled) - 0.4).abs() < 1e-9);
    assert_eq!(scaled.server_hours().unwrap().low, None);
    let steady = Params {
        traffic: 30.0,
        min: 8,
        max: 40,
        ..steady
    };
    let reports = simulate(&steady);
    let places = &reports[0]
        .as_ref()
        .unwrap()
        .details
        .as_ref()
        .unwrap()
        .places;
    let busy: f64 = places
        .iter()
        .map(|it| it.utilization.estimate.unwrap())
        .sum();
    assert!((busy / 6.0 - 1.0).abs() < 0.03, "{busy}");
    // The wish is ten; within the tolerance of a tenth of the utilization it stays at what it has.
    let [scaled, _] = days(&reports);
    let up = scaled.up();
    let late = up[36..]
        .iter()
        .map(|(_, it)| it.estimate.unwrap())
        .sum::<f64>()
        / 36.0;
    assert!((8.5..12.5).contains(&late), "{late}");
}

#[test]
fn the_fixed_number_costs_more_and_loses_less() {
    let params = Params::default();
    let reports = simulate(&params);
    let [scaled, fixed] = days(&reports);
    assert!((hours(&fixed) - f64::from(params.headroom()) * 0.4).abs() < 1e-9);
    assert!(hours(&scaled) < 0.8 * hours(&fixed));
    assert!(lost(&scaled) > lost(&fixed));
    let limit = params.slo_ms / 1e3;
    assert!(scaled.violated(limit) > fixed.violated(limit));
    let said = serde_json::to_string(&Autoscaling::readouts(&params, &reports)).unwrap();
    assert!(said.contains("less") && said.contains("fewer"), "{said}");
    let figures = Autoscaling::figures(&params, &reports);
    assert!(figures.iter().all(|figure| figure.layers.len() >= 4));
}

#[test]
fn a_longer_provisioning_delay_loses_more() {
    let with = |provisioning| {
        let reports = simulate(&Params {
            provisioning,
            ..Params::default()
        });
        let [scaled, _] = days(&reports);
        lost(&scaled)
    };
    let (at_once, slow) = (with(0.0), with(120.0));
    assert!(at_once < slow, "{at_once} {slow}");
}

/// Servers on their way are not ordered again while the first ones start.
#[test]
fn a_long_start_does_not_make_it_order_without_end() {
    let reports = simulate(&Params {
        provisioning: 60.0,
        window: 0.0,
        spike: 1.0,
        swing: 0.0,
        min: 6,
        max: 60,
        traffic: 40.0,
        ..Params::default()
    });
    let [scaled, _] = days(&reports);
    let most = scaled
        .up()
        .iter()
        .map(|(_, it)| it.estimate.unwrap())
        .fold(0.0, f64::max);
    // 40 · 0.2 / 0.6 = 13.3 are needed; the backlog of the first minute asks for some more.
    assert!((12.0..28.0).contains(&most), "{most}");
}

#[test]
fn too_few_are_honest_about_it() {
    let params = Params {
        max: 2,
        min: 60,
        ..Params::default()
    };
    assert_eq!(params.servers(Plan::Scaled), (2, 2));
    let reports = simulate(&params);
    let [scaled, fixed] = days(&reports);
    // Two servers do ten requests a second of thirty.
    let flow = scaled.report.unwrap().details.as_ref().unwrap().flow;
    let share = flow.served as f64 / flow.arrived as f64;
    assert!((0.2..0.34).contains(&share), "{share}");
    assert!(scaled.violated(1.5).unwrap() > 0.9 * DAY);
    assert!(lost(&fixed) < lost(&scaled) / 10);
    let said = serde_json::to_string(&Autoscaling::readouts(&params, &reports)).unwrap();
    assert!(said.contains("more than the 2"), "{said}");
    // Most requests are lost: what is not spent is not saved.
    assert!(!said.contains("saves") && said.contains("fewer"), "{said}");
    let price = |day: &Day| day.bottom_line(&params).unwrap().per_million().unwrap();
    let hours = 2.0 * DAY / 3_600.0;
    let expected = hours * PRICE / (flow.served as f64 / 4.0) * 1e6;
    assert!((price(&scaled) / expected - 1.0).abs() < 1e-9);
    assert!(said.contains("one answered costs"), "{said}");
}
