//! The exhibit against what is known without it, and its simulation against its theory.

use super::*;
use crate::exhibits::caches::{DATABASE, READ};
use crate::exhibits::tests::sentences;
use crate::figure::Layer;
use crate::run::{Cancel, Plan, Stopping, run};

/// Reports of the three designs.
fn simulate(params: &Params) -> Vec<Option<Report>> {
    let stopping = Stopping {
        precision: 0.05,
        replications: 8,
        early: false,
    };
    let scenarios = CacheTiers::scenarios(params).unwrap();
    let report = |scenario: &Scenario| {
        let plan = Plan::new(scenario, 5).unwrap();
        Some(run(&plan, &stopping, 1, &Cancel::default(), &|_| {}))
    };
    scenarios[..3].iter().map(report).collect()
}

fn words(params: &Params, reports: &[Option<Report>]) -> String {
    sentences(&CacheTiers::readouts(params, reports)).join("\n")
}

fn known(params: &Params) -> [model::Known; 3] {
    params.known(&caches::few_groups(params.items, params.skew))
}

#[test]
fn with_room_for_all_and_no_updates_it_is_the_law_of_times_to_live() {
    let params = Params {
        updates: 0.0,
        local: 5_000,
        shared: 50_000,
        items: 2_000,
        ..Params::default()
    };
    let popularity = crate::workload::Keys::zipf(2_000, params.skew).popularity();
    let che = crate::caching::law(&popularity.unwrap()).unwrap();
    let [local, shared, _] = known(&params);
    let each = |servers: f64| che.expiring_after_write(500.0 * 20.0 / servers).unwrap();
    for (found, expected) in [
        (local.local.unwrap().hits, each(8.0)),
        (shared.shared.unwrap().hits, each(1.0)),
    ] {
        assert!((found - expected).abs() < 2e-3, "{found} {expected}");
    }
}

#[test]
fn more_servers_find_less_and_lie_more() {
    let at = |servers| {
        known(&Params {
            servers,
            ..Params::default()
        })
    };
    let all: Vec<_> = [2, 4, 8, 16, 32].into_iter().map(at).collect();
    for pair in all.windows(2) {
        let hits = |at: usize| pair[at][0].local.unwrap().hits;
        assert!(hits(0) > hits(1));
        assert!(pair[0][0].utilization < pair[1][0].utilization);
        assert_eq!(pair[0][1], pair[1][1]);
        // Two servers hear of every second update anyway.
        assert!(pair[0][0].stale.unwrap() / hits(0) < pair[1][0].stale.unwrap() / hits(1));
    }
    let [local, shared, tiered] = &all[2];
    let mean = |it: &model::Known| it.response(Shown::Mean);
    assert!(mean(tiered) < mean(shared) && mean(shared) < mean(local));
    assert_eq!(shared.stale, Some(0.0));
    assert_eq!(tiered.stale, local.stale);
}

/// Within an interval and its width; and approximations, which have no interval to lie in, within three in a hundred.
#[track_caller]
fn near(what: &str, found: Quantity, theory: f64) {
    let (low, high) = (found.low.unwrap(), found.high.unwrap());
    let slack = (high - low).max(0.03 * theory);
    assert!(
        low - slack < theory && theory < high + slack,
        "{what}: {theory} not near {low}..{high}"
    );
}

#[test]
fn simulation_agrees_with_theory() {
    let events = Params {
        news: News::Event,
        updates: 0.05,
        ..Params::default()
    };
    for params in [Params::default(), events] {
        let reports = simulate(&params);
        for (design, known) in Design::ALL.into_iter().zip(known(&params)) {
            let report = own(&reports, design).unwrap();
            let what = format!("{design:?}, {:?}", params.news);
            for (name, tier) in [(LOCAL, known.local), (SHARED, known.shared)] {
                if let (Some(found), Some(tier)) = (caches::cache(report, name), tier) {
                    near(&format!("{what}: hits"), found.hit_ratio, tier.hits);
                }
            }
            let database = caches::place(report, DATABASE).unwrap().utilization;
            near(&format!("{what}: database"), database, known.utilization);
            let mean = Shown::Mean.measured(report, READ).unwrap();
            near(
                &format!("{what}: mean"),
                mean,
                known.response(Shown::Mean).unwrap(),
            );
            let (found, stale) = (stale(report).unwrap(), known.stale.unwrap());
            if design == Design::Shared {
                assert_eq!((found.estimate, stale), (Some(0.0), 0.0));
            } else {
                near(&format!("{what}: stale"), found, stale);
            }
        }
        let said = words(&params, &reports);
        // All that can be measured is: what is left of theory is a count.
        assert_eq!(said.matches('≈').count(), 1, "{said}");
    }
}

#[test]
fn forgotten_updates_are_read_from_all_caches() {
    let params = Params {
        news: News::Event,
        updates: 0.05,
        forgotten: 0.2,
        ..Params::default()
    };
    let reports = simulate(&params);
    let [local, shared, tiered] = known(&params);
    near(
        "local",
        stale(own(&reports, Design::Local).unwrap()).unwrap(),
        local.stale.unwrap(),
    );
    near(
        "shared",
        stale(own(&reports, Design::Shared).unwrap()).unwrap(),
        shared.stale.unwrap(),
    );
    assert_eq!(tiered.stale, None);
    let both = stale(own(&reports, Design::Tiered).unwrap()).unwrap();
    assert!(both.estimate.unwrap() > 0.0);
    let said = words(&params, &reports);
    assert!(
        said.contains("Nobody tells the caches of 5/s updates"),
        "{said}"
    );
}

#[test]
fn what_overloads_the_database_is_said() {
    let params = Params {
        servers: 32,
        database_ms: 16.0,
        ..Params::default()
    };
    let said = words(&params, &[]);
    assert!(
        said.contains("without end with local caches, which overloads the database"),
        "{said}"
    );
    let figures = CacheTiers::figures(&params, &[]);
    let ends = figures[0].layers.iter().filter_map(|layer| match layer {
        Layer::Line { points, label, .. } => Some((label.as_str(), points.last()?.0)),
        _ => None,
    });
    for (label, end) in ends {
        assert_eq!(end < 32.0, label == "local", "{label} {end}");
    }
    let calm = words(
        &Params {
            updates: 0.0,
            ..Params::default()
        },
        &[],
    );
    assert!(calm.contains("Nothing changes"), "{calm}");
}
