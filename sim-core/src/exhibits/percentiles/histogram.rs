//! The sample as a histogram, with its mean and percentiles.

use std::collections::BTreeMap;

use super::sample::sizes;
use super::{Params, seconds};
use crate::figure::format::value;
use crate::figure::{Along, Axis, Bar, Figure, Layer, Role, Scale, Unit};
use crate::math;
use crate::stats::sample::{Convention, Sample};

/// The percentiles marked on the sample.
pub(super) const MARKED: [(f64, &str, Role); 4] = [
    (0.5, "P50", Role::Median),
    (0.9, "P90", Role::HighPercentile),
    (0.99, "P99", Role::Tail),
    (0.999, "P99.9", Role::Tail),
];

/// The sample as a histogram with its mean and percentiles as rules.
pub(super) fn histogram(params: &Params, sample: &Sample) -> Figure {
    let limit = params.limit_ms / 1e3;
    let (low, high) = time_range(sample);
    let mut layers = vec![
        Layer::Band {
            along: Along::X,
            from: limit,
            to: high.max(limit),
            role: Role::Tail,
            label: format!("over {}", seconds(limit)),
            hatched: false,
        },
        Layer::Bars {
            bars: bars(sample),
            role: Role::Simulation,
            label: "Requests".into(),
        },
    ];
    layers.extend(rules(sample));
    Figure {
        id: "sample",
        title: "A sample of response times".into(),
        x: Axis {
            title: "Response time".into(),
            unit: Unit::Seconds,
            scale: Scale::Log,
            low,
            high,
        },
        y: Axis {
            title: "Requests".into(),
            unit: Unit::Count,
            scale: Scale::Log,
            low: 0.5,
            // Room above the bars for the labels.
            high: 8.0 * sample.sorted().len() as f64,
        },
        layers,
        handle: None,
        description: describe(sample),
        notes: notes(params, sample),
    }
}

/// Whole decades that hold the sample; at least 1 ms to 100 s, so that the scale stays put.
fn time_range(sample: &Sample) -> (f64, f64) {
    let sorted = sample.sorted();
    let decade = |x: f64| math::pow(10.0, x);
    let low = decade((math::log10(sorted[0]) - 0.05).floor());
    let high = decade((math::log10(sorted[sorted.len() - 1]) + 0.05).ceil());
    (low.min(1e-3), high.max(100.0))
}

/// Ten bars a decade, each around one of the round values 1, 1.25, 1.6, 2, 2.5, …
pub(super) fn bars(sample: &Sample) -> Vec<Bar> {
    let mut counts = BTreeMap::new();
    for &time in sample.sorted() {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the logarithm of a double is small"
        )]
        let step = (10.0 * math::log10(time)).round() as i32;
        *counts.entry(step).or_insert(0_u32) += 1;
    }
    let edge = |step: f64| math::pow(10.0, step / 10.0);
    counts
        .into_iter()
        .map(|(step, count)| Bar {
            from: edge(f64::from(step) - 0.5),
            to: edge(f64::from(step) + 0.5),
            value: f64::from(count),
        })
        .collect()
}

/// A rule for the mean and one for each percentile; percentiles at the same time share one.
fn rules(sample: &Sample) -> Vec<Layer> {
    let mut marks: Vec<(f64, String, Role)> = Vec::new();
    for (p, name, role) in MARKED {
        let time = sample.quantile(p, Convention::NearestRank);
        match marks.last_mut() {
            Some((last, names, _)) if *last == time => *names = format!("{names}, {name}"),
            _ => marks.push((time, name.to_owned(), role)),
        }
    }
    marks.insert(0, (sample.mean(), "mean".to_owned(), Role::Theory));
    marks
        .into_iter()
        .map(|(x, names, role)| Layer::Rule {
            x,
            role,
            label: format!("{names} {}", seconds(x)),
            dashed: false,
        })
        .collect()
}

fn describe(sample: &Sample) -> String {
    let percentile = |p| seconds(sample.quantile(p, Convention::NearestRank));
    format!(
        "A histogram of {} response times from {} to {}. The mean is {}; P50 is {}, P90 {}, P99 {} and P99.9 {}.",
        value(sample.sorted().len() as f64, Unit::Count),
        seconds(sample.sorted()[0]),
        seconds(sample.sorted()[sample.sorted().len() - 1]),
        seconds(sample.mean()),
        percentile(0.5),
        percentile(0.9),
        percentile(0.99),
        percentile(0.999),
    )
}

fn notes(params: &Params, sample: &Sample) -> Vec<String> {
    let mut notes = vec![
        "Both axes are logarithmic: on a linear one a handful of slow requests beside hundreds of fast ones would be too thin to \
         see."
            .to_owned(),
    ];
    let disputed: Vec<String> = MARKED
        .iter()
        .filter_map(|&(p, name, _)| {
            let [seen, between] = Convention::ALL.map(|convention| sample.quantile(p, convention));
            (seen > 1.1 * between).then(|| {
                format!(
                    "{name} would be {} by linear interpolation",
                    seconds(between)
                )
            })
        })
        .collect();
    if !disputed.is_empty() {
        notes.push(format!(
            "Percentiles are by nearest rank, a time that some request took. {}: here the sample jumps.",
            disputed.join("; ")
        ));
    }
    if sizes(params).0 == 0 {
        notes.push("The sample is too small to hold even one slow request: its percentiles know nothing of them.".to_owned());
    }
    notes
}
