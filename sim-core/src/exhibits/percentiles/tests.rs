//! The exhibit at its defaults, at its edges and off them.

use super::conventions::staircase;
use super::sample::{sample, ten};
use super::*;
use crate::figure::Layer;
use crate::stats::sample::Convention;

fn rule_labels(figure: &Figure) -> Vec<String> {
    let labels = figure.layers.iter().filter_map(|layer| match layer {
        Layer::Rule { label, .. } => Some(label.replace('\u{a0}', " ")),
        _ => None,
    });
    labels.collect()
}

fn words(readout: &Readout) -> String {
    readout.text().replace('\u{a0}', " ")
}

#[test]
fn the_mean_lies_and_the_percentiles_tell() {
    let figures = Percentiles::figures(&Params::default(), &[]);
    assert_eq!(
        rule_labels(&figures[0]),
        ["mean 99.5 ms", "P50, P90 50 ms", "P99, P99.9 5 s"]
    );
    let Layer::Bars { bars, .. } = &figures[0].layers[1] else {
        panic!("bars expected");
    };
    assert_eq!(
        bars.iter().map(|bar| bar.value).collect::<Vec<_>>(),
        [990.0, 10.0]
    );
    assert!(bars[0].from < 0.05 && 0.05 < bars[0].to && bars[1].from < 5.0 && 5.0 < bars[1].to);
}

#[test]
fn readouts_follow_the_numbers() {
    let found: Vec<_> = Percentiles::readouts(&Params::default(), &[])
        .iter()
        .map(words)
        .collect();
    assert_eq!(
        found,
        [
            "The mean is 99.5 ms. Half of the requests take at most 50 ms; one in a hundred takes at least 5 s.",
            "At 1 000 000 requests a day, 10 000 people wait longer than 1 s, every day.",
            "0 % of the requests take within a tenth of the mean.",
            "Of the ten requests in the second figure, P90 is 4.8 s by nearest rank and 1.56 s by linear interpolation.",
        ]
    );
}

#[test]
fn a_spread_keeps_the_mean_and_the_median_of_its_law() {
    let params = Params {
        slow_share: 0.0,
        sample_size: 10_000,
        fast_spread: 0.5,
        ..Params::default()
    };
    let sample = sample(&params).unwrap();
    assert!(
        (sample.mean() / 0.050 - 1.0).abs() < 1e-3,
        "{}",
        sample.mean()
    );
    // The median of a lognormal law is mean/√(1+C²).
    let median = sample.quantile(0.5, Convention::LinearInterpolation);
    assert!(
        (median / (0.050 / 1.25_f64.sqrt()) - 1.0).abs() < 1e-3,
        "{median}"
    );
}

#[test]
fn a_sample_without_slow_requests_says_so() {
    let params = Params {
        slow_share: 0.001,
        sample_size: 100,
        ..Params::default()
    };
    let notes = &Percentiles::figures(&params, &[])[0].notes;
    assert!(
        notes.iter().any(|note| note.contains("too small")),
        "{notes:?}"
    );
}

#[test]
fn percentiles_on_an_edge_are_explained() {
    let notes = &Percentiles::figures(&Params::default(), &[])[0].notes;
    assert!(
        notes.iter().any(|note| note.contains("P99 would be 99.5")),
        "{notes:?}"
    );
}

#[test]
fn every_request_is_in_one_bar_and_every_bar_on_the_axis() {
    for (fast, slow, spread) in [(1.0, 1.0, 0.0), (1.0, 60_000.0, 2.0), (10_000.0, 1.0, 0.3)] {
        let params = Params {
            fast_ms: fast,
            slow_ms: slow,
            fast_spread: spread,
            slow_spread: spread,
            slow_share: 0.3,
            sample_size: 777,
            ..Params::default()
        };
        let figure = &Percentiles::figures(&params, &[])[0];
        let Layer::Bars { bars, .. } = &figure.layers[1] else {
            panic!("bars expected");
        };
        assert_eq!(bars.iter().map(|bar| bar.value).sum::<f64>(), 777.0);
        assert!(bars.iter().all(|bar| bar.value >= 1.0 && bar.from < bar.to));
        assert!(
            bars.iter()
                .all(|bar| bar.to > figure.x.low && bar.from < figure.x.high)
        );
    }
}

#[test]
fn the_staircase_is_the_nearest_rank() {
    let ten = ten();
    let steps = staircase(&ten);
    assert_eq!(steps.len(), 19);
    for pair in steps.windows(2).filter(|pair| pair[0].0 < pair[1].0) {
        let middle = f64::midpoint(pair[0].0, pair[1].0);
        assert_eq!(pair[0].1, ten.quantile(middle, Convention::NearestRank));
        assert_eq!(pair[1].1, pair[0].1);
    }
}

#[test]
fn nonsense_is_an_error_and_draws_nothing() {
    for wrong in [f64::NAN, f64::INFINITY] {
        let params = Params {
            slow_ms: wrong,
            ..Params::default()
        };
        assert!(Percentiles::scenarios(&params).is_err());
        assert!(Percentiles::figures(&params, &[]).is_empty());
        assert!(Percentiles::readouts(&params, &[]).is_empty());
    }
}
