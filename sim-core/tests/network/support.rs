//! What the tests share: scenarios, runs that check themselves, a formula against an interval.

use sim_core::distribution::Distribution;
use sim_core::run::report::{Details, PlaceReport};
use sim_core::run::{Cancel, Plan, Stopping, run};
use sim_core::scenario::{Activity, Arrivals, Class, Horizon, Scenario, Station};
use sim_core::{Quantity, Report};

pub(crate) fn exponential(mean: f64) -> Distribution {
    Distribution::exponential(mean)
}

pub(crate) fn station(servers: u32, service_rate: f64) -> Station {
    Station {
        service: Some(exponential(service_rate.recip())),
        ..Station::new(servers)
    }
}

/// Poisson requests that visit one station.
pub(crate) fn open(rate: f64, station: Station) -> Scenario {
    Scenario::empty()
        .with_class("request", Class::new(Arrivals::poisson(rate)))
        .with_resource("server", station)
        .with_path(vec![Activity::work("server")])
}

pub(crate) fn long(scenario: Scenario, requests: u64) -> Scenario {
    scenario.with_horizon(Horizon::Steady {
        requests: Some(requests),
    })
}

/// Sixteen replications on the calendar of events; flows and Little's law are checked on the way.
pub(crate) fn simulate(scenario: &Scenario) -> Report {
    let plan = Plan::on_calendar(scenario, 20_240_229).unwrap();
    let stopping = Stopping {
        precision: 0.05,
        replications: 16,
        early: false,
    };
    let report = run(&plan, &stopping, 2, &Cancel::default(), &|_| {});
    let details = details(&report);
    assert!(details.little < 1e-9, "{}", details.little);
    let flow = details.flow;
    assert_eq!(flow.arrived, flow.accounted());
    report
}

/// As the command runs it, with the run length that the tool chooses.
pub(crate) fn chosen(scenario: &Scenario, replications: u64) -> Report {
    let plan = Plan::new(scenario, 3).unwrap();
    let stopping = Stopping {
        precision: 0.05,
        replications,
        early: false,
    };
    run(&plan, &stopping, 2, &Cancel::default(), &|_| {})
}

pub(crate) fn details(report: &Report) -> &Details {
    report.details.as_deref().unwrap()
}

pub(crate) fn place<'a>(report: &'a Report, name: &str) -> &'a PlaceReport {
    let places = &details(report).places;
    places.iter().find(|place| place.name == name).unwrap()
}

pub(crate) fn check(what: &str, found: Quantity, expected: f64) {
    let (Some(estimate), Some(low), Some(high)) = (found.estimate, found.low, found.high) else {
        panic!("{what}: {found:?} has no interval");
    };
    assert!(
        (estimate - expected).abs() <= high - low,
        "{what}: {found:?} against {expected}"
    );
    assert!(
        (high - low) < 0.3 * estimate.abs(),
        "{what}: too wide to tell anything: {found:?}"
    );
}

pub(crate) fn estimate(quantity: Quantity) -> f64 {
    quantity.estimate.unwrap()
}
