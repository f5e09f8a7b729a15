//! The exhibit against closed forms, and its simulation against its theory.

use super::*;
use crate::exhibits::tests::sentences;
use crate::figure::Layer;
use crate::run::{Cancel, Plan, Stopping, run};

fn words(params: &Params, reports: &[Option<Report>]) -> String {
    sentences(&Pooling::readouts(params, reports)).join(" ")
}

fn height(params: &Params, label: &str, utilization: f64) -> f64 {
    let figure = &Pooling::figures(params, &[])[0];
    let found = figure.layers.iter().find_map(|layer| match layer {
        Layer::Line {
            points, label: it, ..
        } if it == label => points.iter().find(|point| point.0 == utilization),
        _ => None,
    });
    found.unwrap().1
}

#[test]
fn separate_queues_take_as_many_times_as_long_as_there_are_servers() {
    for servers in [2, 4, 64] {
        for scv in [0.0, 1.0, 5.0] {
            let params = Params {
                servers,
                service_scv: scv,
                ..Params::default()
            };
            for utilization in [0.1, 0.5, 0.8] {
                let separate = height(&params, "a queue each", utilization);
                let fast = height(&params, "one fast server", utilization);
                assert!((separate / fast / f64::from(servers) - 1.0).abs() < 1e-9);
                let shared = height(&params, "one queue", utilization);
                assert!(shared < separate * (1.0 + 1e-12));
            }
        }
    }
}

#[test]
fn known_values_of_mmc() {
    // M/M/2 at 80 %: W = 1/(μ(1−ρ²)) = 27.8 ms for a service of 10 ms.
    let params = Params {
        servers: 2,
        ..Params::default()
    };
    assert!((height(&params, "one queue", 0.8) - 0.01 / 0.36).abs() < 1e-12);
    assert!((height(&params, "a queue each", 0.8) - 0.05).abs() < 1e-12);
    assert!((height(&params, "one fast server", 0.8) - 0.025).abs() < 1e-12);
}

#[test]
fn all_three_have_the_same_load() {
    let params = Params {
        servers: 7,
        utilization: 0.83,
        ..Params::default()
    };
    let rates: Vec<_> = Pooling::scenarios(&params).unwrap()[..3]
        .iter()
        .map(|scenario| {
            let load = scenario.load();
            assert!((load.resources[0].utilization - 0.83).abs() < 1e-12);
            load.arrival_rate
        })
        .collect();
    assert!(
        rates.iter().all(|rate| (rate / 581.0 - 1.0).abs() < 1e-12),
        "{rates:?}"
    );
}

/// Six intervals of 95 %, each allowed to miss by its own width: a seed in some thousands would fail, and it is fixed.
#[test]
fn simulation_agrees_with_theory() {
    let params = Params::default();
    let stopping = Stopping {
        precision: 0.05,
        replications: 8,
        early: false,
    };
    let reports: Vec<_> = Pooling::scenarios(&params).unwrap()[..3]
        .iter()
        .map(|scenario| {
            let plan = Plan::new(scenario, 2).unwrap();
            Some(run(&plan, &stopping, 1, &Cancel::default(), &|_| {}))
        })
        .collect();
    for arrangement in Arrangement::ALL {
        let report = operating(&reports, arrangement).unwrap();
        let exact = params.theory(arrangement, params.utilization).exact;
        for shown in [Shown::Mean, Shown::P99] {
            let theory = shown.theory(&exact).unwrap();
            let quantity = shown.measured(report);
            let (low, high) = (quantity.low.unwrap(), quantity.high.unwrap());
            let width = high - low;
            assert!(
                low - width < theory && theory < high + width,
                "{arrangement:?} {shown:?}: {theory} not in {low}..{high}"
            );
        }
    }
    assert!(words(&params, &reports).contains("Simulated means: "));
}

#[test]
fn what_is_approximate_is_dashed_and_says_so() {
    let params = Params {
        service_scv: 4.0,
        ..Params::default()
    };
    let figure = &Pooling::figures(&params, &[])[0];
    let dashed = |name: &str| {
        figure
            .layers
            .iter()
            .any(|layer| matches!(layer, Layer::Line { label, dashed: true, .. } if label == name))
    };
    assert!(dashed("one queue") && !dashed("a queue each") && !dashed("one fast server"));
    assert!(figure.notes[0].contains("Allen–Cunneen"));
    assert!(words(&params, &[]).contains("≈"));
    assert!(!words(&Params::default(), &[]).contains("≈"));
}
