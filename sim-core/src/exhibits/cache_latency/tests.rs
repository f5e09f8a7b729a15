use super::*;
use crate::run::{Cancel, Plan, Stopping, run};

fn simulate(scenario: &Scenario) -> Report {
    let stopping = Stopping {
        precision: 0.05,
        replications: 8,
        early: false,
    };
    let plan = Plan::new(scenario, 1).unwrap();
    run(&plan, &stopping, 2, &Cancel::default(), &|_| {})
}

fn small() -> Params {
    Params {
        items: 1_000,
        rate: 1_500.0,
        ..Params::default()
    }
}

#[test]
fn theory_and_simulation_are_near_each_other() {
    let params = small();
    let hits = model::Expected::of(&params).hits.unwrap();
    let report = simulate(&params.scenario(params.size));
    let measured = report.details.as_ref().unwrap().caches[0]
        .hit_ratio
        .estimate
        .unwrap();
    assert!((measured - hits).abs() < 0.01, "{measured} {hits}");
    let load = caches::place(&report, DATABASE)
        .unwrap()
        .utilization
        .estimate
        .unwrap();
    assert!((load - params.utilization(hits)).abs() < 0.03, "{load}");
    let response = report.mean_response.estimate.unwrap();
    let expected = params.response(hits).unwrap();
    // Misses do not come quite at random.
    assert!(
        (response / expected - 1.0).abs() < 0.1,
        "{response} {expected}"
    );
}

#[test]
fn a_cache_that_is_too_small_drowns_the_database() {
    let params = Params {
        rate: 4_000.0,
        size: SMALLEST,
        ..small()
    };
    let expected = |size| {
        model::Expected::of(&Params {
            size,
            ..params.clone()
        })
    };
    let needed = expected(SMALLEST).needed.unwrap();
    let load = |size: f64| params.utilization(expected(size).hits.unwrap());
    assert!(
        load(needed * 0.95) > 1.0 && load(needed * 1.05) < 1.0,
        "{needed}"
    );
    let report = simulate(&params.scenario(params.size));
    assert!(!report.stable && !caches::kept_up(&report));
    // With a database that is large enough anyway no cache is needed.
    let rich = Params {
        servers: 64,
        ..params.clone()
    };
    assert_eq!(model::Expected::of(&rich).needed, None);
    // Where a few keys get most requests, a tiny one will do; where next to nothing may miss, it takes them all.
    let ends = [(1.5, 0.7), (0.0, 100.0)].map(|(skew, query_ms)| {
        let params = Params {
            skew,
            query_ms,
            servers: 1,
            ..small()
        };
        model::Expected::of(&params).needed
    });
    assert_eq!(ends[0], Some(SMALLEST));
    assert!(ends[1].unwrap() > 0.99, "{ends:?}");
}

#[test]
fn a_flush_shows_in_hits_and_in_latency() {
    let params = small();
    let report = simulate(&params.timeline());
    let (before, worst) = timeline::around_flush(&params, Some(&report)).unwrap();
    assert!(worst > 1.5 * before, "{before} {worst}");
    let series = report.details.as_ref().unwrap().series.clone().unwrap();
    let hits = |at: usize| series.hit_ratio[0][at].estimate.unwrap();
    assert!(hits(0) < hits(29) && hits(30) < hits(29));
}

#[test]
fn what_is_answered_while_the_database_falls_behind_is_no_response_time() {
    // Two seconds are too short to see the queue grow, and only hits are answered.
    let params = Params {
        rate: 10_000.0,
        ..Params::default()
    };
    let mut reports: Vec<_> = vec![Some(simulate(&params.scenario(params.size)))];
    reports.extend(SWEEP.map(|_| None));
    reports.push(Some(simulate(&params.timeline())));
    let readouts = serde_json::to_string(&CacheLatency::readouts(&params, &reports)).unwrap();
    assert!(readouts.contains("cannot keep up"), "{readouts}");
    assert!(!readouts.contains("on average") && !readouts.contains("at its worst"));
    let figures = CacheLatency::figures(&params, &reports);
    let curve = |layer: &crate::figure::Layer| matches!(layer, crate::figure::Layer::Line { .. });
    assert!(!figures[3].layers.iter().any(curve));
}

#[test]
fn what_is_watched_is_smaller_and_just_as_busy() {
    let cases = [
        Params::default(),
        Params {
            size: 0.3,
            skew: 0.7,
            ..Params::default()
        },
        Params {
            size: 0.7,
            skew: 0.0,
            ..Params::default()
        },
        Params {
            size: 1.0,
            items: 30_000,
            ..Params::default()
        },
    ];
    for params in cases {
        let reduced = params.reduced();
        // Few enough to be seen one by one, and enough to see them come.
        let objects = reduced.objects(reduced.size);
        assert!((40..=160).contains(&objects), "{objects}");
        let times = f64::from(params.items) / f64::from(reduced.items);
        assert!((times / params.reduction() - 1.0).abs() < 0.02);
        let hits = |params: &Params| model::Expected::of(params).hits;
        let (full, small) = (hits(&params), hits(&reduced));
        let difference = full.unwrap() - small.unwrap();
        assert!(difference.abs() < 0.01, "{full:?} {small:?}");
    }
    // What is small enough is watched as it is.
    let small = Params {
        size: 0.005,
        ..Params::default()
    };
    assert_eq!(small.reduced(), small);
}

#[test]
fn what_is_watched_begins_with_an_empty_cache_and_settles() {
    let params = Params {
        rate: 1_500.0,
        ..Params::default()
    };
    let mut scenario = params.watched();
    assert!(scenario.script.is_empty());
    scenario.probes.series = 20;
    let report = simulate(&scenario);
    let series = report.details.as_ref().unwrap().series.clone().unwrap();
    let hits = |at: usize| series.hit_ratio[0][at].estimate.unwrap();
    let warm = model::Expected::of(&params).hits.unwrap();
    assert!(hits(0) < 0.8 * warm, "{}", hits(0));
    assert!((hits(19) - warm).abs() < 0.05, "{} {warm}", hits(19));
}
