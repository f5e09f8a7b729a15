//! Formulas beside the simulation at several settings, and what is said where there are none.

use super::*;
use crate::exhibits::tests::sentences;
use crate::figure::Layer;
use crate::run::report::Quantity;
use crate::run::{Cancel, Plan, Stopping, run};

fn simulate(params: &Params, replications: u64) -> Report {
    let stopping = Stopping {
        precision: 0.05,
        replications,
        early: false,
    };
    let scenario = &HealthChecks::scenarios(params).unwrap()[0];
    let plan = Plan::new(scenario, 11).unwrap();
    run(&plan, &stopping, 1, &Cancel::default(), &|_| {})
}

fn words(params: &Params, report: Option<Report>) -> String {
    sentences(&HealthChecks::readouts(params, &[report])).join(" ")
}

fn preset(id: &str) -> Params {
    let entry: &dyn crate::exhibits::Entry = &HealthChecks;
    let preset = HealthChecks::PRESETS.iter().find(|it| it.id == id).unwrap();
    let pairs: Vec<_> = preset
        .values
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect();
    let (setting, errors) = entry.open(&pairs);
    assert!(errors.is_empty(), "{errors:?}");
    serde_json::from_value(serde_json::Value::Object(setting.values())).unwrap()
}

/// Seeded; a 95 % interval widened to 99.9 %, so that one in a thousand seeds would fail.
fn within(what: &str, found: Quantity, expected: f64) {
    let (estimate, low, high) = (
        found.estimate.unwrap(),
        found.low.unwrap(),
        found.high.unwrap(),
    );
    let (low, high) = (
        estimate - 1.75 * (estimate - low),
        estimate + 1.75 * (high - estimate),
    );
    assert!(
        low <= expected && expected <= high,
        "{what}: {expected} is not in {low}..={high}"
    );
}

#[test]
fn what_is_lost_and_when_it_is_noticed_are_as_the_formulas_say() {
    let checks = |checks, max_fails, interval, outage| Params {
        checks,
        interval,
        max_fails,
        outage,
        ..Params::default()
    };
    let settings = [
        checks(Checks::Active, 1, 2.0, 20),
        // Noticed in half of the cases before it is back.
        checks(Checks::Active, 1, 2.0, 5),
        checks(Checks::Passive, 1, 2.0, 25),
        checks(Checks::Passive, 5, 2.0, 25),
        checks(Checks::Both, 10, 0.2, 6),
        Params {
            death: Dying::Silent,
            ..Params::default()
        },
    ];
    for params in settings {
        assert!(params.is_calm() && params.is_exact(), "{params:?}");
        let report = simulate(&params, 48);
        let found = readouts::lost_in_a_run(&report).unwrap();
        within("lost", found, params.lost_in_theory().unwrap());
        let mean = params.belief().mean_detection(params.outage()).unwrap();
        let group = &report.details.as_ref().unwrap().groups[0];
        if group.time_to_detect.low.is_some() {
            within("detection", group.time_to_detect, mean);
        }
        let noticed = group.detections as f64 / 48.0;
        assert!(
            (noticed - params.belief().noticed(params.outage())).abs() < 0.25,
            "{params:?}: {noticed}"
        );
        // Lost is counted: nobody is missing.
        let flow = report.details.as_ref().unwrap().flow;
        assert_eq!(flow.arrived, flow.accounted());
        let lost = flow.lost() as f64 / 48.0;
        assert!((found.estimate.unwrap() - lost).abs() < 1e-9 * lost.max(1.0));
    }
}

#[test]
fn without_checks_a_share_of_all_requests_is_lost() {
    let params = preset("nobody");
    let report = simulate(&params, 16);
    within(
        "lost",
        readouts::lost_in_a_run(&report).unwrap(),
        1.0 + 25.0 * 20.0,
    );
    assert!(words(&params, Some(report)).contains("Nobody checks"));
}

#[test]
fn a_retry_saves_them_and_the_tail_shows_it() {
    let (bare, hidden) = (preset("silent"), preset("hidden"));
    let [bare_report, report] = [&bare, &hidden].map(|params| simulate(params, 8));
    let flow = report.details.as_ref().unwrap().flow;
    assert_eq!(flow.lost(), 0);
    assert!(bare_report.details.as_ref().unwrap().flow.lost() > 1_000);
    // Whoever went to the dead server first has waited a second.
    assert!(report.p99.estimate > Some(1.0) && bare_report.p99.estimate < Some(0.3));
    let said = words(&hidden, Some(report));
    assert!(said.contains("tried again elsewhere"), "{said}");
    assert!(
        said.contains("0 are lost") && said.contains("requests lost and 0 s outside the objective"),
        "{said}"
    );
}

#[test]
fn least_connections_sends_everybody_to_a_dead_server_that_refuses() {
    let hole = preset("black-hole");
    let random = Params {
        policy: Policy::Random,
        ..hole.clone()
    };
    let lost = |report: &Report| readouts::lost_in_a_run(report).unwrap().estimate.unwrap();
    let [by_chance, report] = [&random, &hole].map(|params| simulate(params, 16));
    // Of 400 requests a second, 40 by chance; with the fewest connections all those that find no other server idle, and more.
    within(
        "by chance",
        readouts::lost_in_a_run(&by_chance).unwrap(),
        random.lost_in_theory().unwrap(),
    );
    assert!(lost(&report) > 2.0 * lost(&by_chance), "{}", lost(&report));
    assert!(hole.lost_in_theory().is_none());
    // Checks do not look at requests: the formula for when it is noticed holds.
    let group = &report.details.as_ref().unwrap().groups[0];
    within("detection", group.time_to_detect, 5.0);
    let said = words(&hole, Some(report));
    assert!(said.contains("a black hole. Until"), "{said}");
    assert!(
        said.contains("by formula, after") && !said.contains("go there"),
        "{said}"
    );
    // A server that is silent keeps its requests, and looks busy.
    let silent = Params {
        death: Dying::Silent,
        ..hole.clone()
    };
    let report = simulate(&silent, 16);
    assert!(lost(&report) < 0.3 * lost(&by_chance), "{}", lost(&report));
    assert!(words(&silent, Some(report)).contains("sends it few more"));
    // Counting failures closes the hole.
    let passive = Params {
        checks: Checks::Passive,
        ..hole
    };
    let report = simulate(&passive, 16);
    assert!(lost(&report) < 0.05 * lost(&by_chance), "{}", lost(&report));
    assert!(words(&passive, Some(report)).contains("ends that with 1 of them"));
}

#[test]
fn extremes_are_named() {
    let late = Params {
        outage: 2,
        ..Params::default()
    };
    assert!(words(&late, None).contains("too slow for it"));
    let sometimes = Params {
        outage: 5,
        ..Params::default()
    };
    assert!(words(&sometimes, None).contains("50 % of cases"));
    let crowded = preset("no-room");
    let said = words(&crowded, Some(simulate(&crowded, 4)));
    assert!(said.contains("overloads them"), "{said}");
    // Checks come in time all the same; who is lost has no formula.
    assert!(said.contains("5 s on average by formula"), "{said}");
    assert!(
        said.contains("not to the death alone") && !said.contains("By formula"),
        "{said}"
    );
    assert!(crowded.lost_in_theory().is_none());
}

#[test]
fn what_is_sent_piece_by_piece_is_what_is_sent_in_all() {
    let several = |checks| Params {
        checks,
        max_fails: 3,
        fail_timeout: 2.0,
        ..Params::default()
    };
    for params in [
        preset("haproxy"),
        preset("aggressive"),
        preset("nobody"),
        several(Checks::Passive),
        several(Checks::Both),
    ] {
        let belief = params.belief();
        let steps = 4_000;
        let each = params.outage() / f64::from(steps);
        let sent: f64 = (0..steps)
            .map(|i| belief.sent_between(f64::from(i) * each, f64::from(i + 1) * each))
            .sum();
        let exposed = belief.exposed(params.outage());
        assert!((sent / exposed - 1.0).abs() < 2e-3, "{sent} {exposed}");
    }
}

#[test]
fn the_curve_of_theory_is_what_is_simulated() {
    let passive = Params {
        checks: Checks::Passive,
        ..Params::default()
    };
    for params in [preset("haproxy"), passive] {
        let report = simulate(&params, 48);
        let figure = &HealthChecks::figures(&params, &[Some(report)])[0];
        let curve = |name: &str| {
            let found = figure.layers.iter().find_map(|layer| match layer {
                Layer::Line { points, label, .. } if label == name => Some(points.clone()),
                _ => None,
            });
            found.unwrap()
        };
        let (theory, simulated) = (curve("theory"), curve("simulated"));
        assert_eq!(theory.len(), simulated.len());
        for ((t, expected), (time, found)) in theory.iter().zip(&simulated) {
            assert!((t - time).abs() < 1e-9);
            // Some 2400 requests in a stretch: four deviations of a share of a quarter are 0.035.
            assert!((expected - found).abs() < 0.035, "{t}: {expected} {found}");
        }
    }
}

#[test]
fn the_animation_has_the_same_death() {
    let params = preset("silent");
    let scenes = HealthChecks::animated(&params);
    let (seen, watched) = (&scenes[0].scenario, params.watched());
    assert!(seen.validate().is_ok());
    assert_eq!(seen.script.len(), watched.script.len());
    assert_eq!(seen.resources, watched.resources);
    let lasts = |scenario: &Scenario| scenario.script[1].at() - scenario.script[0].at();
    assert_eq!(lasts(seen), lasts(&watched));
}
