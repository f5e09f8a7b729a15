//! Exhibit `percentiles`: a latency sample of fast requests and a slow tail; what its mean hides and its percentiles show.
//!
//! The sample is not drawn at random: each group is spread evenly over the quantiles of its law (all equal, or lognormal with
//! the given mean and standard deviation), so the same controls always give the same sample and the figure does not flicker.
//! Its percentiles are by nearest rank: a time that some request really took.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::distribution::{Distribution, Lognormal};
use crate::error::InputError;
use crate::exhibits::{Card, Control, ControlKind, Exhibit, Preset, Readout, Span};
use crate::figure::format::value;
use crate::figure::{Axis, Bar, Dot, Figure, Layer, Role, Scale, Unit};
use crate::math;
use crate::run::report::Report;
use crate::scenario::Scenario;
use crate::stats::sample::{Convention, Sample};

/// The exhibit.
#[derive(Debug, Clone, Copy)]
pub struct Percentiles;

/// Its slider values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// Share of slow requests.
    pub slow_share: f64,
    /// Mean time of a slow request, milliseconds.
    pub slow_ms: f64,
    /// Mean time of a fast request, milliseconds.
    pub fast_ms: f64,
    /// Requests a day.
    pub daily_requests: u64,
    /// The patience asked about, milliseconds.
    pub limit_ms: f64,
    /// Size of the sample.
    pub sample_size: u32,
    /// Standard deviation of the fast requests over their mean.
    pub fast_spread: f64,
    /// Standard deviation of the slow requests over their mean.
    pub slow_spread: f64,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            slow_share: 0.01,
            slow_ms: 5_000.0,
            fast_ms: 50.0,
            daily_requests: 1_000_000,
            limit_ms: 1_000.0,
            sample_size: 1_000,
            fast_spread: 0.0,
            slow_spread: 0.0,
        }
    }
}

/// The percentiles marked on the sample.
const MARKED: [(f64, &str, Role); 4] = [
    (0.5, "P50", Role::Median),
    (0.9, "P90", Role::HighPercentile),
    (0.99, "P99", Role::Tail),
    (0.999, "P99.9", Role::Tail),
];

/// Ten response times, seconds, on which the conventions differ most visibly.
const TEN: [f64; 10] = [
    0.012, 0.015, 0.022, 0.048, 0.095, 0.110, 0.340, 0.890, 1.200, 4.800,
];

/// The largest sample: drawn anew at every move of a slider.
const MAX_SAMPLE: u32 = 20_000;

/// A slider for a time in milliseconds.
const fn milliseconds(min: f64, max: f64) -> ControlKind {
    ControlKind::Number {
        min,
        max,
        step: 0.1,
        scale: Scale::Log,
        unit: "ms",
        whole: false,
    }
}

/// A slider for a count.
const fn count(min: f64, max: f64) -> ControlKind {
    ControlKind::Number {
        min,
        max,
        step: 0.1,
        scale: Scale::Log,
        unit: "",
        whole: true,
    }
}

/// A slider for a spread, as a share of the mean.
const SPREAD: ControlKind = ControlKind::Number {
    min: 0.0,
    max: 2.0,
    step: 0.05,
    scale: Scale::Linear,
    unit: "%",
    whole: false,
};

impl Exhibit for Percentiles {
    type Params = Params;

    const CARD: Card = Card {
        id: "percentiles",
        title: "What the mean hides",
        group: "Load and latency",
        blurb: "One request in a hundred is slow: the mean hardly moves, the percentiles tell.",
        text: &[
            "Of a thousand requests, 990 take 50 ms and ten take 5 s. The mean is 99.5 ms, a time that not one of them took. It is \
             twice what most people see and a fiftieth of what the unlucky ones see, and from the mean alone nobody can tell which.",
            "A percentile speaks about people. A P99 of 5 s says: one in a hundred waits 5 s or longer. At a million requests a \
             day that is ten thousand waits, and a page made of a hundred requests meets one of them nearly two times in three.",
        ],
    };

    const CONTROLS: &'static [Control] = &[
        Control {
            key: "slow_share",
            label: "Slow requests",
            symbol: "",
            kind: ControlKind::Number {
                min: 0.0001,
                max: 0.5,
                step: 0.1,
                scale: Scale::Log,
                unit: "%",
                whole: false,
            },
            help: "The share of all requests that are slow.",
            folded: false,
        },
        Control {
            key: "slow_ms",
            label: "A slow one takes",
            symbol: "",
            kind: milliseconds(1.0, 60_000.0),
            help: "Mean time of the slow requests.",
            folded: false,
        },
        Control {
            key: "fast_ms",
            label: "A fast one takes",
            symbol: "",
            kind: milliseconds(1.0, 10_000.0),
            help: "Mean time of the other requests.",
            folded: false,
        },
        Control {
            key: "daily_requests",
            label: "Requests a day",
            symbol: "N",
            kind: count(1_000.0, 1e10),
            help: "How much traffic the sample stands for.",
            folded: false,
        },
        Control {
            key: "limit_ms",
            label: "Patience",
            symbol: "",
            kind: milliseconds(1.0, 100_000.0),
            help: "How long is too long: the readout counts those who wait longer.",
            folded: false,
        },
        Control {
            key: "sample_size",
            label: "Sample size",
            symbol: "n",
            kind: count(10.0, MAX_SAMPLE as f64),
            help: "How many requests are measured. A small sample cannot hold a rare slow request.",
            folded: true,
        },
        Control {
            key: "fast_spread",
            label: "Spread of the fast",
            symbol: "",
            kind: SPREAD,
            help: "Their standard deviation as a share of their mean. At 0 % all take the same time, else they are lognormal.",
            folded: true,
        },
        Control {
            key: "slow_spread",
            label: "Spread of the slow",
            symbol: "",
            kind: SPREAD,
            help: "Their standard deviation as a share of their mean. At 0 % all take the same time, else they are lognormal.",
            folded: true,
        },
    ];

    const PRESETS: &'static [Preset] = &[
        Preset {
            id: "one-in-a-hundred",
            label: "One in a hundred",
            values: &[],
        },
        Preset {
            id: "cold-cache",
            label: "A cache that misses",
            values: &[
                ("slow_share", "0.2"),
                ("slow_ms", "80"),
                ("fast_ms", "2"),
                ("limit_ms", "50"),
                ("fast_spread", "0.3"),
                ("slow_spread", "0.5"),
            ],
        },
        Preset {
            id: "collector-pauses",
            label: "Garbage collector pauses",
            values: &[
                ("slow_share", "0.002"),
                ("slow_ms", "400"),
                ("fast_ms", "10"),
                ("limit_ms", "100"),
                ("sample_size", "10000"),
                ("fast_spread", "0.5"),
                ("slow_spread", "0.2"),
            ],
        },
        Preset {
            id: "timeouts",
            label: "Retries after a timeout",
            values: &[
                ("slow_share", "0.03"),
                ("slow_ms", "30000"),
                ("fast_ms", "120"),
                ("limit_ms", "10000"),
                ("fast_spread", "0.8"),
            ],
        },
    ];

    fn scenarios(params: &Params) -> Result<Vec<Scenario>, InputError> {
        // Nothing to simulate, but values to check.
        sample(params).map(|_| Vec::new())
    }

    fn figures(params: &Params, _: &[Option<Report>]) -> Vec<Figure> {
        let Ok(sample) = sample(params) else {
            return Vec::new();
        };
        vec![histogram(params, &sample), conventions(&ten())]
    }

    fn readouts(params: &Params, _: &[Option<Report>]) -> Vec<Readout> {
        let Ok(sample) = sample(params) else {
            return Vec::new();
        };
        vec![
            tail_readout(&sample),
            daily_readout(params, &sample),
            mean_readout(&sample),
            convention_readout(&ten()),
        ]
    }

    fn animated(_: &Params) -> Option<Scenario> {
        None
    }

    fn command(_: &Params, _: u64, _: u64) -> Option<String> {
        None
    }
}

/// Numbers of slow requests and of all requests in the sample.
fn sizes(params: &Params) -> (u32, u32) {
    let all = params.sample_size.min(MAX_SAMPLE);
    let slow = f64::from(all) * params.slow_share.clamp(0.0, 1.0);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "from 0 to all"
    )]
    let slow = slow.round() as u32;
    (slow, all)
}

/// The sample, seconds.
fn sample(params: &Params) -> Result<Sample, InputError> {
    let (slow, all) = sizes(params);
    let mut values = evenly(all - slow, params.fast_ms / 1e3, params.fast_spread);
    values.extend(evenly(slow, params.slow_ms / 1e3, params.slow_spread));
    Sample::new(values)
}

/// `count` values evenly over the quantiles of a lognormal law, or all equal where there is no spread.
fn evenly(count: u32, mean: f64, spread: f64) -> Vec<f64> {
    let scv = spread * spread;
    let law = if scv > 0.0 {
        Distribution::Lognormal(Lognormal { mean, scv })
    } else {
        Distribution::deterministic(mean)
    };
    (0..count)
        .filter_map(|i| law.quantile((f64::from(i) + 0.5) / f64::from(count)))
        .collect()
}

/// The ten response times.
fn ten() -> Sample {
    Sample::new(TEN.to_vec()).expect("ten finite values")
}

fn seconds(time: f64) -> String {
    value(time, Unit::Seconds)
}

/// The sample as a histogram with its mean and percentiles as rules.
fn histogram(params: &Params, sample: &Sample) -> Figure {
    let limit = params.limit_ms / 1e3;
    let (low, high) = time_range(sample);
    let mut layers = vec![
        Layer::Band {
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
fn bars(sample: &Sample) -> Vec<Bar> {
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

/// The ten response times over the share of requests, and how each convention fills the gaps.
fn conventions(ten: &Sample) -> Figure {
    let rule = |(x, name, role): (f64, &str, Role)| Layer::Rule {
        x,
        role,
        label: name.to_owned(),
        dashed: false,
    };
    let line = |points, convention: Convention, role| Layer::Line {
        points,
        role,
        label: convention.name().to_owned(),
        dashed: false,
    };
    let mut layers: Vec<Layer> = MARKED[..3].iter().copied().map(rule).collect();
    layers.push(line(staircase(ten), Convention::NearestRank, Role::Theory));
    layers.push(line(
        interpolated(ten),
        Convention::LinearInterpolation,
        Role::Healthy,
    ));
    layers.push(Layer::Dots {
        points: places(ten)
            .map(|(x, y)| Dot {
                x,
                y,
                low: None,
                high: None,
                converged: true,
            })
            .collect(),
        role: Role::Simulation,
        label: "Ten requests".to_owned(),
    });
    let top = ten.sorted().len() - 1;
    let [seen, between] = Convention::ALL.map(|convention| seconds(ten.quantile(0.9, convention)));
    Figure {
        id: "conventions",
        title: "Two ways to read a percentile off ten requests".into(),
        x: Axis { title: "Share of requests".into(), unit: Unit::Percent, scale: Scale::Linear, low: 0.0, high: 1.0 },
        y: Axis { title: "Response time".into(), unit: Unit::Seconds, scale: Scale::Log, low: 0.01, high: 10.0 },
        layers,
        handle: None,
        description: format!(
            "Ten response times from {} to {}, and the percentiles between them: by nearest rank a staircase, by linear \
             interpolation a line from one to the next. At P90 the first says {seen}, the second {between}.",
            seconds(ten.sorted()[0]),
            seconds(ten.sorted()[top]),
        ),
        notes: vec![
            "Nearest rank takes the next request up; linear interpolation, the default of numpy, a point on the straight line between \
             two (bent here by the logarithmic axis). With thousands of requests the two agree almost everywhere; with ten, ask which one a tool uses."
                .to_owned(),
        ],
    }
}

/// Each value of a sample at the share of the others that it exceeds.
fn places(sample: &Sample) -> impl Iterator<Item = (f64, f64)> {
    let top = sample.sorted().len() - 1;
    sample
        .sorted()
        .iter()
        .enumerate()
        .map(move |(i, &value)| (i as f64 / top as f64, value))
}

/// The percentiles by nearest rank: from each value straight up to the next.
fn staircase(sample: &Sample) -> Vec<(f64, f64)> {
    let next = sample.sorted().iter().skip(1).map(Some).chain([None]);
    places(sample)
        .zip(next)
        .flat_map(|((x, y), next)| [Some((x, y)), next.map(|&next| (x, next))])
        .flatten()
        .collect()
}

/// The percentiles by linear interpolation, in steps fine enough for a logarithmic axis.
fn interpolated(sample: &Sample) -> Vec<(f64, f64)> {
    let shares = (0..=450).map(|i| f64::from(i) / 450.0);
    shares
        .map(|p| (p, sample.quantile(p, Convention::LinearInterpolation)))
        .collect()
}

fn text(text: impl Into<String>) -> Span {
    Span::Text { text: text.into() }
}

fn number(text: String, role: Role) -> Span {
    Span::Value { text, role }
}

fn tail_readout(sample: &Sample) -> Readout {
    let percentile = |p| seconds(sample.quantile(p, Convention::NearestRank));
    Readout {
        spans: vec![
            text("The mean is "),
            number(seconds(sample.mean()), Role::Theory),
            text(". Half of the requests take at most "),
            number(percentile(0.5), Role::Median),
            text("; one in a hundred takes at least "),
            number(percentile(0.99), Role::Tail),
            text("."),
        ],
    }
}

fn daily_readout(params: &Params, sample: &Sample) -> Readout {
    let limit = params.limit_ms / 1e3;
    let waiting = params.daily_requests as f64 * sample.share_above(limit);
    Readout {
        spans: vec![
            text("At "),
            number(
                value(params.daily_requests as f64, Unit::Count),
                Role::Simulation,
            ),
            text(" requests a day, "),
            number(value(waiting, Unit::Count), Role::Tail),
            text(format!(
                " people wait longer than {}, every day.",
                seconds(limit)
            )),
        ],
    }
}

fn mean_readout(sample: &Sample) -> Readout {
    let mean = sample.mean();
    let near = sample.share_above(0.9 * mean) - sample.share_above(1.1 * mean);
    Readout {
        spans: vec![
            number(value(near, Unit::Percent), Role::Theory),
            text(" of the requests take within a tenth of the mean."),
        ],
    }
}

fn convention_readout(ten: &Sample) -> Readout {
    let [seen, between] = Convention::ALL.map(|convention| seconds(ten.quantile(0.9, convention)));
    Readout {
        spans: vec![
            text("Of the ten requests in the small figure, P90 is "),
            number(seen, Role::Theory),
            text(" by nearest rank and "),
            number(between, Role::Healthy),
            text(" by linear interpolation."),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule_labels(figure: &Figure) -> Vec<String> {
        let labels = figure.layers.iter().filter_map(|layer| match layer {
            Layer::Rule { label, .. } => Some(label.replace('\u{a0}', " ")),
            _ => None,
        });
        labels.collect()
    }

    fn words(readout: &Readout) -> String {
        let pieces = readout.spans.iter().map(|span| match span {
            Span::Text { text } | Span::Value { text, .. } => text.replace('\u{a0}', " "),
        });
        pieces.collect()
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
                "Of the ten requests in the small figure, P90 is 4.8 s by nearest rank and 1.56 s by linear interpolation.",
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
}
