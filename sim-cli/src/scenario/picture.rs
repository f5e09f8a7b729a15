//! What `--plot` draws of a scenario: response times along a sweep, over time, or as they are distributed.

use sim_core::Report;
use sim_core::figure::{Along, Axis, Bar, Dot, Figure, Layer, Role, Scale, Unit};
use sim_core::run::report::{Bin, Details, Quantity, SeriesReport};

use crate::scenario::point::SweptPoint;

/// Bars of a distribution.
const BARS: u32 = 60;
/// A quantity of a report.
type Of = fn(&Report) -> Quantity;
/// What is drawn over the values of a sweep: name, meaning, and where it is in a report.
const CURVES: [(&str, Role, Of); 4] = [
    ("P50", Role::Median, |report| report.p50),
    ("mean", Role::Simulation, |report| report.mean_response),
    ("P95", Role::HighPercentile, |report| report.p95),
    ("P99", Role::Tail, |report| report.p99),
];

/// Mean and percentiles over the values of a field, `values` in the order of `points`.
pub(crate) fn sweep(field: &str, values: &[f64], points: &[SweptPoint]) -> Figure {
    let mut layers = unstable_bands(values, points);
    let mut dots = Vec::new();
    let mut highest = 0.0_f64;
    for (label, role, of) in CURVES {
        let found: Vec<Dot> = values
            .iter()
            .zip(points)
            .filter_map(|(x, it)| {
                let report = &it.point.report;
                dot(*x, &of(report), report.converged)
            })
            .collect();
        let tops = found.iter().map(|dot| dot.high.unwrap_or(dot.y));
        highest = tops.fold(highest, f64::max);
        layers.push(curve(&found, role, label));
        dots.push(Layer::Dots {
            points: found,
            role,
            label: format!("{label}, simulated"),
        });
    }
    layers.extend(dots);
    let notes = if points.iter().all(|it| it.point.report.converged) {
        Vec::new()
    } else {
        vec!["Hollow: not yet converged.".into()]
    };
    let (low, high) = bounds(values);
    Figure {
        id: "sweep",
        title: format!("Response time over {field}"),
        x: axis(field.to_owned(), Unit::Number, low, high),
        y: axis(
            "Response time".into(),
            Unit::Seconds,
            0.0,
            positive(highest * 1.05),
        ),
        layers,
        handle: None,
        description: format!(
            "Mean, P50, P95 and P99 of the response time at {} values of {field}.",
            points.len()
        ),
        notes,
    }
}

/// A run by itself: over time where a series was asked for, else the distribution.
pub(crate) fn single(name: &str, report: &Report) -> Figure {
    let nothing = Details::default();
    let details = report.details.as_deref().unwrap_or(&nothing);
    match &details.series {
        Some(series) => over_time(name, series),
        None => distribution(name, report, &details.histogram),
    }
}

fn over_time(name: &str, series: &SeriesReport) -> Figure {
    let dots: Vec<Dot> = series
        .mean_response
        .iter()
        .enumerate()
        .filter_map(|(i, quantity)| dot((i as f64 + 0.5) * series.step, quantity, true))
        .collect();
    let tops = dots.iter().map(|dot| dot.high.unwrap_or(dot.y));
    let highest = tops.fold(0.0, f64::max);
    let end = series.mean_response.len() as f64 * series.step;
    Figure {
        id: "series",
        title: format!("{name}: mean response time over time"),
        x: axis("Time of arrival".into(), Unit::Seconds, 0.0, positive(end)),
        y: axis(
            "Mean response time".into(),
            Unit::Seconds,
            0.0,
            positive(highest * 1.05),
        ),
        layers: vec![
            curve(&dots, Role::Simulation, "mean"),
            Layer::Dots {
                points: dots,
                role: Role::Simulation,
                label: "mean, simulated".into(),
            },
        ],
        handle: None,
        description: "Mean response time of the requests that arrive in each stretch of time."
            .into(),
        notes: Vec::new(),
    }
}

fn distribution(name: &str, report: &Report, bins: &[Bin]) -> Figure {
    let last = bins.last().map_or(1.0, |bin| bin.to);
    let end = positive(report.p999.estimate.map_or(last, |p999| p999.min(last)));
    let width = end / f64::from(BARS);
    let bars: Vec<Bar> = (0..BARS)
        .map(|i| {
            let (from, to) = (f64::from(i) * width, f64::from(i + 1) * width);
            let value = bins.iter().map(|bin| share_within(bin, from, to)).sum();
            Bar { from, to, value }
        })
        .collect();
    let highest = bars.iter().map(|bar| bar.value).fold(0.0, f64::max);
    let mut layers = vec![Layer::Bars {
        bars,
        role: Role::Simulation,
        label: "requests".into(),
    }];
    for (label, role, of) in CURVES {
        layers.extend(of(report).estimate.map(|x| Layer::Rule {
            x,
            role,
            label: label.into(),
            dashed: false,
        }));
    }
    Figure {
        id: "distribution",
        title: format!("{name}: how response times are distributed"),
        x: axis("Response time".into(), Unit::Seconds, 0.0, end),
        y: axis(
            "Share of requests".into(),
            Unit::Percent,
            0.0,
            positive(highest * 1.05),
        ),
        layers,
        handle: None,
        description: "Share of requests by their response time, up to the 99.9th percentile."
            .into(),
        notes: Vec::new(),
    }
}

/// The part of a bin's share that lies between two times, its values taken as evenly spread.
fn share_within(bin: &Bin, from: f64, to: f64) -> f64 {
    let overlap = bin.to.min(to) - bin.from.max(from);
    if overlap <= 0.0 {
        return 0.0;
    }
    bin.share * overlap / (bin.to - bin.from)
}

/// Where there is no steady state, halfway to the values that have one.
fn unstable_bands(values: &[f64], points: &[SweptPoint]) -> Vec<Layer> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let (low, high) = bounds(values);
    let mut bands: Vec<(f64, f64)> = Vec::new();
    for (place, &at) in order.iter().enumerate() {
        if points[at].point.report.mean_response.estimate.is_some() {
            continue;
        }
        let between = |other: usize| f64::midpoint(values[at], values[order[other]]);
        let from = if place == 0 { low } else { between(place - 1) };
        let to = if place + 1 == order.len() {
            high
        } else {
            between(place + 1)
        };
        match bands.last_mut() {
            Some(last) if last.1 >= from => last.1 = to,
            _ => bands.push((from, to)),
        }
    }
    let band = |(from, to)| Layer::Band {
        along: Along::X,
        from,
        to,
        role: Role::Overload,
        label: "no steady state".into(),
        hatched: true,
    };
    bands.into_iter().map(band).collect()
}

/// The ends of an axis for these values, with a little room.
fn bounds(values: &[f64]) -> (f64, f64) {
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let room = positive((high - low) * 0.03);
    (low - room, high + room)
}

fn curve(dots: &[Dot], role: Role, label: &str) -> Layer {
    let mut points: Vec<_> = dots.iter().map(|dot| (dot.x, dot.y)).collect();
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    Layer::Line {
        points,
        role,
        label: label.into(),
        dashed: false,
    }
}

fn dot(x: f64, quantity: &Quantity, converged: bool) -> Option<Dot> {
    let (low, high) = (quantity.low, quantity.high);
    quantity.estimate.map(|y| Dot {
        x,
        y,
        low,
        high,
        converged,
    })
}

fn axis(title: String, unit: Unit, low: f64, high: f64) -> Axis {
    Axis {
        title,
        unit,
        scale: Scale::Linear,
        low,
        high,
    }
}

/// An axis has a length.
fn positive(length: f64) -> f64 {
    if length > 0.0 { length } else { 1.0 }
}
