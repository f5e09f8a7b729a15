//! The exhibit against its formulas, and bursts against what they must be.

use super::headroom::{Load, by_simulation, by_theory};
use super::*;
use crate::exhibits::tests::sentences;
use crate::figure::Layer;
use crate::run::{Cancel, Plan, Stopping, run};

fn words(params: &Params, reports: &[Option<Report>]) -> String {
    sentences(&Variability::readouts(params, reports)).join(" ")
}

#[test]
fn bursts_have_the_mean_rate_of_the_steady_stream() {
    for burst_factor in [1.0, 2.5, 10.0] {
        let params = Params {
            burst_factor,
            servers: 3,
            ..Params::default()
        };
        for utilization in [0.1, 0.95] {
            let steady = params.steady(utilization).arrival_rate();
            let bursty = params.bursty(utilization);
            assert!((bursty.load().arrival_rate / steady - 1.0).abs() < 1e-12);
            assert!((bursty.load().resources[0].utilization - utilization).abs() < 1e-12);
        }
    }
}

#[test]
fn the_wait_is_in_proportion_to_one_plus_the_scv() {
    // Pollaczek–Khinchine: Wq = ρ/(1−ρ)·(1+C²s)/2·10 ms.
    for scv in [0.0, 1.0, 16.0] {
        let params = Params {
            service_scv: scv,
            ..Params::default()
        };
        let figure = &Variability::figures(&params, &[])[1];
        let handle = figure.handle.as_ref().unwrap();
        let expected = 0.7 / 0.3 * (1.0 + scv) / 2.0 * 0.010;
        assert!((handle.y.unwrap() / expected - 1.0).abs() < 1e-9, "{scv}");
        let straight = figure.layers.iter().any(|layer| {
            matches!(layer, Layer::Line { label, dashed: false, .. } if label == "Pollaczek–Khinchine")
        });
        assert!(straight);
    }
}

#[test]
fn approximations_are_dashed_and_named() {
    let params = Params {
        arrival_scv: 4.0,
        service_scv: 2.0,
        ..Params::default()
    };
    let figure = &Variability::figures(&params, &[])[0];
    let dashed = figure.layers.iter().any(|layer| {
        matches!(layer, Layer::Line { label, dashed: true, .. } if label == "Allen–Cunneen")
    });
    assert!(dashed && figure.notes[0].contains("approximation"));
    let exponential = Params {
        service_scv: 1.0,
        ..params.clone()
    };
    let figure = &Variability::figures(&exponential, &[])[0];
    let solid = figure
        .layers
        .iter()
        .any(|layer| matches!(layer, Layer::Line { label, dashed: false, .. } if label == "G/M/1"));
    assert!(solid && !figure.notes.iter().any(|note| note.contains("Dashed")));
    assert!(words(&params, &[]).contains("up to about"));
}

#[test]
fn headroom_solves_the_formula() {
    // M/M/1: Wq = ρ/(1−ρ)·10 ms is 50 ms at ρ = 5/6.
    let (load, exact) = by_theory(&Params::default()).unwrap();
    assert!(exact);
    let Load::UpTo(utilization) = load else {
        panic!("{load:?}")
    };
    assert!((utilization - 5.0 / 6.0).abs() < 1e-9);
    let never = Params {
        shown: Shown::P99,
        limit_ms: 1.0,
        ..Params::default()
    };
    assert!(matches!(by_theory(&never), Some((Load::Below(_), _))));
    let always = Params {
        arrival_scv: 0.0,
        service_scv: 0.0,
        ..Params::default()
    };
    assert!(matches!(by_theory(&always), Some((Load::Beyond(_), true))));
}

/// Bursts at 2.5 times 70 % overload the server while they last: far more than chance could hide.
#[test]
fn bursts_wait_longer_and_need_more_headroom() {
    let params = Params::default();
    let stopping = Stopping {
        precision: 0.05,
        replications: 4,
        early: false,
    };
    let scenarios = Variability::scenarios(&params).unwrap();
    assert_eq!(scenarios.len(), 18);
    let reports: Vec<_> = scenarios
        .iter()
        .map(|scenario| {
            let plan = Plan::new(scenario, 4).unwrap();
            Some(run(&plan, &stopping, 1, &Cancel::default(), &|_| {}))
        })
        .collect();
    let found = Found::new(&params, &reports);
    let wait = |found: &[(f64, &Report)]| found[0].1.mean_wait.estimate.unwrap();
    assert!(wait(&found.bursty) > 2.0 * wait(&found.steady));
    let Some(Load::UpTo(utilization)) = by_simulation(&params, &found) else {
        panic!("{:?}", by_simulation(&params, &found));
    };
    assert!((0.4..0.7).contains(&utilization), "{utilization}");
    let said = words(&params, &reports);
    assert!(said.contains("times the mean wait"), "{said}");
    assert!(
        said.contains("may load the server up to 83 %; bursts, up to about"),
        "{said}"
    );
    let alone = Params {
        arrivals: Stream::Steady,
        ..params
    };
    assert_eq!(Variability::scenarios(&alone).unwrap().len(), 11);
}
