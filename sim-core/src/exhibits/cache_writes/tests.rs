//! The exhibit against what is known without it, and its simulation against its theory.

use super::*;
use crate::exhibits::caches::{DATABASE, READ, WRITE};
use crate::exhibits::tests::sentences;
use crate::figure::Layer;
use crate::run::{Cancel, Plan, Stopping, run};
use crate::workload::Group;

fn simulate(params: &Params) -> Vec<Option<Report>> {
    let stopping = Stopping {
        precision: 0.05,
        replications: 8,
        early: false,
    };
    let scenarios = CacheWrites::scenarios(params).unwrap();
    let report = |scenario: &Scenario| {
        let plan = Plan::new(scenario, 5).unwrap();
        Some(run(&plan, &stopping, 1, &Cancel::default(), &|_| {}))
    };
    scenarios.iter().map(report).collect()
}

fn words(params: &Params, reports: &[Option<Report>]) -> String {
    sentences(&CacheWrites::readouts(params, reports)).join("\n")
}

/// One key that is read ten times a second and written twice.
fn one_key() -> (Params, [Group; 1]) {
    let params = Params {
        traffic: 12.0,
        writes: 1.0 / 6.0,
        ..Params::default()
    };
    let group = Group {
        items: 1.0,
        probability: 1.0,
    };
    (params, [group])
}

#[track_caller]
fn close(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-9, "{found} {expected}");
}

#[test]
fn one_key_by_hand() {
    let (params, groups) = one_key();
    let (r, w, ttl) = (10.0, 2.0, params.ttl);
    let around = params.known(Policy::Around, &groups);
    close(around.hits, r * ttl / (1.0 + r * ttl));
    let fresh = (1.0 - crate::math::exp(-w * ttl)) / w;
    close(around.stale.unwrap(), r * (ttl - fresh) / (1.0 + r * ttl));
    // A read that follows a write misses.
    let aside = params.known(Policy::Aside, &groups);
    close(aside.hits, r / (r + w));
    assert_eq!(aside.stale, Some(0.0));
    // Some writes a second in twenty: the copy is always there.
    let through = params.known(Policy::Through, &groups);
    close(through.hits, 1.0);
    let careless = Params {
        forgotten: 0.25,
        ..params
    };
    let (a, b) = (1.5, 0.5);
    let aside = careless.known(Policy::Aside, &groups);
    close(aside.stale.unwrap(), r / (r + a) * b / (a + b));
    let through = careless.known(Policy::Through, &groups);
    close(through.stale.unwrap(), b / (a + b));
    close(careless.lost(3.0), 3.0);
}

#[test]
fn the_chosen_policy_comes_first_and_all_are_there() {
    for policy in Policy::ALL {
        let params = Params {
            policy,
            ..Params::default()
        };
        let scenarios = CacheWrites::scenarios(&params).unwrap();
        let names: Vec<_> = scenarios.iter().map(|it| it.name.as_str()).collect();
        assert_eq!((names.len(), names[0]), (5, policy.label()));
        for other in Policy::ALL {
            assert!(names.contains(&other.label()), "{names:?}");
        }
        let curves = CacheWrites::figures(&params, &[])[0].layers.len();
        assert_eq!(curves, 4);
        let calm = Params {
            crash: Crash::No,
            ..params
        };
        assert_eq!(CacheWrites::scenarios(&calm).unwrap().len(), 4);
        assert!(words(&calm, &[]).contains("lose ≈ 40 writes") || policy == Policy::Behind);
    }
}

/// Within an interval and its width; theory leaves out the time of a fetch, which is a hundredth here.
#[track_caller]
fn near(what: &str, found: Quantity, theory: f64) {
    let (low, high) = (found.low.unwrap(), found.high.unwrap());
    let slack = (high - low).max(0.02 * theory);
    assert!(
        low - slack < theory && theory < high + slack,
        "{what}: {theory} not near {low}..{high}"
    );
}

#[test]
fn simulation_agrees_with_theory() {
    let params = Params {
        forgotten: 0.2,
        ..Params::default()
    };
    let reports = simulate(&params);
    let found = found(&params, &reports);
    for (policy, report) in found.policies {
        let (report, known) = (report.unwrap(), params.known(policy, &found.groups));
        let what = |of: &str| format!("{policy:?}: {of}");
        let cache = caches::cache(report, CACHE).unwrap();
        near(&what("hits"), cache.hit_ratio, known.hits);
        let database = caches::place(report, DATABASE).unwrap();
        near(&what("database"), database.utilization, known.utilization);
        for shown in [Shown::Mean, Shown::P99] {
            let times = [READ, WRITE].map(|class| shown.measured(report, class).unwrap());
            let theory = known.responses(shown).unwrap();
            near(&what("reads"), times[0], theory[0]);
            if policy == Policy::Behind {
                assert!((times[1].estimate.unwrap() - 1e-3).abs() < 1e-9);
            } else {
                near(&what("writes"), times[1], theory[1]);
            }
        }
        match known.stale {
            Some(stale) => near(&what("stale"), cache.stale_share, stale),
            // Only a fetch that a write overtakes brings an old value back.
            None => assert!(cache.stale_share.estimate.unwrap() < 1e-3),
        }
    }
    let lost = params.lost_in(found.outage.unwrap()).unwrap();
    near("lost", lost, params.lost(params.interval));
    let said = words(&params, &reports);
    // All that can be measured is: what is left of theory is a count.
    assert_eq!(said.matches('≈').count(), 1, "{said}");
}

#[test]
fn copies_that_expire_before_the_flush_are_fetched_old() {
    let params = Params {
        policy: Policy::Behind,
        ttl: 1.0,
        interval: 10.0,
        crash: Crash::No,
        ..Params::default()
    };
    let reports = simulate(&params);
    let found = found(&params, &reports);
    let report = found.policies[2].1.unwrap();
    let stale = caches::cache(report, CACHE).unwrap().stale_share;
    assert!(stale.low.unwrap() > 0.01, "{stale:?}");
    let said = words(&params, &reports);
    assert!(said.contains("writes wait for up to 10 s"), "{said}");
    let figures = CacheWrites::figures(&params, &reports);
    let curve = &figures.iter().find(|it| it.id == "stale").unwrap().layers;
    let behind =
        |layer: &Layer| matches!(layer, Layer::Line { label, .. } if label == "write-behind");
    assert!(!curve.iter().any(behind));
}

#[test]
fn what_overloads_the_database_is_said() {
    let params = Params {
        traffic: 300.0,
        writes: 0.7,
        ..Params::default()
    };
    let reports = simulate(&params);
    let said = words(&params, &reports);
    assert!(said.contains("requests wait without end"), "{said}");
    // Curves end where the database has no time left; write-behind alone does not, and has a dot here.
    let figure = &CacheWrites::figures(&params, &reports)[0];
    for layer in &figure.layers {
        match layer {
            Layer::Line { points, label, .. } => {
                let end = points.last().unwrap().0;
                assert_eq!(end < 0.7, label != "write-behind", "{label} {end}");
            }
            Layer::Dots { label, .. } => assert_eq!(label, "simulated, write-behind"),
            _ => panic!("{layer:?}"),
        }
    }
}
