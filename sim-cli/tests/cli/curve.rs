//! What the numbers of a curve are.

use serde_json::Value;

use crate::QUANTITIES;
use crate::program::{json, refused, text};

#[test]
fn json_has_the_agreed_shape_and_agrees_with_theory() {
    let found = json(&[
        "--utilization",
        "0.9",
        "--service-rate",
        "100",
        "--seed",
        "7",
    ]);
    assert_eq!(found["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(found["seed"], 7);
    assert_eq!(found["scenario"]["service_rate"], 100.0);
    let point = &found["points"][0];
    assert_eq!(point["utilization"], 0.9);
    assert_eq!(point["arrival_rate"], 90.0);
    assert_eq!(point["service_rate"], 100.0);
    assert_eq!(point["servers"], 1);
    assert_eq!(point["replications"], 32);
    assert_eq!(point["converged"], true);
    assert_eq!(point["requests"].as_u64().unwrap() % 32, 0);
    // M/M/1 at λ 90, μ 100: W = 1/(μ − λ), quantiles −ln(1 − p)·W.
    let truth = [0.1, 0.09, 9.0, 8.1, 2_f64.ln() / 10.0, 10_f64.ln() / 10.0];
    let truth = truth
        .into_iter()
        .chain([20.0, 100.0, 1000.0].map(|x: f64| x.ln() / 10.0));
    for (name, truth) in QUANTITIES.into_iter().zip(truth) {
        let quantity = &point[name];
        let keys: Vec<_> = quantity.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["estimate", "high", "low", "theory"], "{name}");
        let value = |key: &str| quantity[key].as_f64().unwrap();
        assert!(
            (value("theory") / truth - 1.0).abs() < 1e-12,
            "{name}: {quantity}"
        );
        // One seed of many: nine intervals of 95 % may miss by a little, not by much.
        let half = (value("high") - value("low")) / 2.0;
        assert!(
            (value("estimate") - truth).abs() < 2.0 * half,
            "{name}: {quantity}"
        );
        assert!(value("low") < value("estimate") && value("estimate") < value("high"));
    }
}

#[test]
fn theory_is_null_where_no_formula_holds() {
    let effort = ["--utilization", "0.7", "--requests", "20000", "--service"];
    let of = |law: &str, servers: &str| {
        let found = json(&[&effort[..], &[law, "--servers", servers]].concat());
        found["points"][0].clone()
    };
    // Pollaczek–Khinchine: Wq = ρ/(1 − ρ) · (1 + C²)/2 services.
    let mg1 = of("lognormal:4", "1");
    let wait = mg1["mean_wait"]["theory"].as_f64().unwrap();
    assert!((wait - 0.7 / 0.3 * 2.5).abs() < 1e-9, "{mg1}");
    assert!(mg1["p99"]["theory"].is_f64());
    let mgc = of("lognormal:4", "3");
    assert!(mgc["mean_wait"]["theory"].is_null(), "{mgc}");
    assert!(mgc["mean_wait"]["estimate"].is_f64());
    assert!(mgc["approximation"]["mean_wait"].is_f64());
    let heavy = of("pareto:1.5", "1");
    assert!(heavy["mean_wait"]["theory"].is_null() && heavy["approximation"].is_null());
}

#[test]
fn requests_are_shared_out_among_the_replications() {
    let found = json(&[
        "--utilization",
        "0.5",
        "--requests",
        "1001",
        "--replications",
        "10",
    ]);
    assert_eq!(found["points"][0]["requests"], 1010);
    assert_eq!(found["points"][0]["replications"], 10);
    let single = json(&[
        "--utilization",
        "0.5",
        "--requests",
        "1e3",
        "--replications",
        "1",
    ]);
    assert!(single["points"][0]["mean_response"]["low"].is_null());
    assert_eq!(single["points"][0]["converged"], false);
}

#[test]
fn a_precision_is_reached_or_the_budget_said_to_be_spent() {
    let width = |point: &Value, name: &str| {
        let value = |key: &str| point[name][key].as_f64().unwrap();
        (value("high") - value("low")) / 2.0 / value("estimate")
    };
    let found = json(&["--utilization", "0.5", "--precision", "0.01"]);
    let point = &found["points"][0];
    assert_eq!(
        (&point["converged"], &point["stopped"]),
        (&true.into(), &"precision".into())
    );
    assert!(
        width(point, "mean_response") <= 0.01 && width(point, "p99") <= 0.01,
        "{point}"
    );
    for budget in ["3000", "600000"] {
        let effort = ["--precision", "0.001", "--requests", budget];
        let found = json(&[&["--utilization", "0.5"], &effort[..]].concat());
        let point = &found["points"][0];
        assert_eq!(
            (&point["converged"], &point["stopped"]),
            (&false.into(), &"budget".into())
        );
        let spent = point["requests"].as_f64().unwrap();
        assert!(spent <= 1.02 * budget.parse::<f64>().unwrap(), "{point}");
    }
    let effort = ["--precision", "0.0001", "--replications", "40"];
    let found = json(&[&["--utilization", "0.5"], &effort[..]].concat());
    assert_eq!(found["points"][0]["replications"], 40);
}

#[test]
fn an_overloaded_station_is_shown_growing() {
    let arguments = [
        "--arrival-rate",
        "30",
        "--service-rate",
        "10",
        "--servers",
        "2",
    ];
    let found = json(&[&arguments[..], &["--requests", "1e6"]].concat());
    let point = &found["points"][0];
    assert_eq!(
        (&point["stable"], &point["converged"]),
        (&false.into(), &false.into())
    );
    for name in QUANTITIES {
        for key in ["estimate", "low", "high", "theory"] {
            assert!(point[name][key].is_null(), "{name}");
        }
    }
    let growth = |key: &str| point["growth_rate"][key].as_f64().unwrap();
    assert!((growth("theory") - 10.0).abs() < 1e-12);
    assert!((growth("estimate") - 10.0).abs() < 0.2, "{point}");
    let table = text(&[&arguments[..], &["--requests", "1e4"]].concat());
    assert!(
        table.contains("grows without end") && table.contains("150%"),
        "{table}"
    );
}

/// A rounding on the way must not make a steady state of a full load.
#[test]
fn full_load_has_no_steady_state_however_it_is_rounded() {
    for servers in ["1", "3", "49", "98", "343"] {
        let arguments = ["--utilization", "1", "--servers", servers];
        refused(&arguments, &["--utilization 1"]);
        let found = json(&[&arguments[..], &["--requests", "1000"]].concat());
        assert_eq!(found["points"][0]["stable"], false, "{servers} servers");
        refused(
            &["--arrival-rate", servers, "--servers", servers],
            &["--arrival-rate"],
        );
    }
}
