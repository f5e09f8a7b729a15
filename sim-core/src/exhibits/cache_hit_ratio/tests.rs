use super::*;
use crate::figure::Layer;
use crate::run::{Cancel, Plan, Stopping, run};

fn reports(params: &Params) -> Vec<Option<Report>> {
    let stopping = Stopping {
        precision: 0.05,
        replications: 4,
        early: false,
    };
    let scenarios = CacheHitRatio::scenarios(params).unwrap();
    let run = |scenario: &Scenario| {
        let plan = Plan::new(scenario, 1).unwrap();
        run(&plan, &stopping, 2, &Cancel::default(), &|_| {})
    };
    scenarios.iter().map(|it| Some(run(it))).collect()
}

fn small() -> Params {
    Params {
        items: 500,
        ..Params::default()
    }
}

fn at(reports: &[Option<Report>], number: usize) -> Vec<f64> {
    let (_, curve) = of_policy(reports, number);
    curve
        .into_iter()
        .map(|report| hit_ratio(report.unwrap()).unwrap().estimate.unwrap())
        .collect()
}

#[test]
fn curves_rise_stay_below_the_optimum_and_near_theory() {
    let params = small();
    let reports = reports(&params);
    let (lru, other, best) = (at(&reports, 0), at(&reports, 1), at(&reports, 2));
    assert_eq!(lru.len(), SIZES as usize);
    for (size, ((lru, other), best)) in params.sizes().zip(lru.iter().zip(&other).zip(&best)) {
        assert!(lru <= best && other <= best, "{size}: {lru} {other} {best}");
        let expected = params.expected(size).unwrap();
        assert!((lru - expected).abs() < 0.02, "{size}: {lru} {expected}");
    }
    assert!(
        lru.windows(2).all(|pair| pair[0] <= pair[1] + 1e-9),
        "{lru:?}"
    );
    // With room for all nothing ever misses.
    assert!(lru[19] > 0.999, "{lru:?}");
}

#[test]
fn a_scan_hurts_lru_more_than_what_asks_for_a_second_use() {
    let params = Params {
        scans: 0.3,
        other: Policy::Arc,
        ..small()
    };
    let reports = reports(&params);
    let ratio = |number| {
        hit_ratio(of_policy(&reports, number).0.unwrap())
            .unwrap()
            .estimate
            .unwrap()
    };
    assert!(ratio(1) > ratio(0) + 0.02, "{} {}", ratio(0), ratio(1));
    // Requests depend on each other: theory has nothing to say.
    assert!(params.expected(0.1).is_none());
    let figure = &CacheHitRatio::figures(&params, &reports)[0];
    let dashed = |layer: &Layer| matches!(layer, Layer::Line { dashed: true, .. });
    assert!(!figure.layers.iter().any(dashed));
}

#[test]
fn time_to_live_and_moving_popularity_cost_hits() {
    let base = Params {
        size: 0.5,
        ..small()
    };
    let ratio = |params: &Params| {
        let scenario = params.scenario(Policy::Lru, params.size);
        let stopping = Stopping {
            precision: 0.05,
            replications: 4,
            early: false,
        };
        let report = run(
            &Plan::new(&scenario, 1).unwrap(),
            &stopping,
            1,
            &Cancel::default(),
            &|_| {},
        );
        hit_ratio(&report).unwrap().estimate.unwrap()
    };
    let short = Params {
        ttl: Life::Second,
        ..base.clone()
    };
    let moving = Params {
        drift: Pace::Fast,
        ..base.clone()
    };
    assert!(ratio(&short) < ratio(&base) - 0.05);
    assert!(
        ratio(&moving) < ratio(&base) - 0.01,
        "{} {}",
        ratio(&moving),
        ratio(&base)
    );
}

#[test]
fn keys_that_never_come_again_are_missed_and_cost_hits() {
    let quiet = Params {
        other: Policy::WTinyLfu,
        ..small()
    };
    let noisy = Params {
        strangers: 0.4,
        ..quiet.clone()
    };
    let (quiet, noisy) = (reports(&quiet), reports(&noisy));
    for (quiet, noisy) in at(&quiet, 0).into_iter().zip(at(&noisy, 0)) {
        assert!(noisy <= 0.6 * quiet + 0.03, "{noisy} {quiet}");
    }
    // What lets in only what is asked for again loses less.
    assert!(at(&noisy, 1)[12] > at(&noisy, 0)[12] + 0.02);
}
