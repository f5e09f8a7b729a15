//! A cold start and a flush, over time.

use super::model::Expected;
use super::{FLUSH, Params};
use crate::exhibits::parts::{axis, line};
use crate::figure::format::value;
use crate::figure::{Along, Figure, Layer, Role, Scale, Unit};
use crate::run::report::{Quantity, Report, SeriesReport};

/// The middle of each stretch, and what was measured in it.
fn measured(
    report: Option<&Report>,
    of: impl Fn(&SeriesReport) -> Option<&Vec<Quantity>>,
) -> Vec<(f64, Quantity)> {
    let series = report.and_then(|report| report.details.as_deref()?.series.as_ref());
    let Some((series, values)) = series.and_then(|series| Some((series, of(series)?))) else {
        return Vec::new();
    };
    let middle = |at: usize| (at as f64 + 0.5) * series.step;
    values
        .iter()
        .enumerate()
        .map(|(at, it)| (middle(at), *it))
        .collect()
}

/// The line through estimates and the band of their intervals.
fn drawn(points: &[(f64, Quantity)], label: &str) -> Vec<Layer> {
    let band: Vec<_> = points
        .iter()
        .filter_map(|(time, it)| Some((*time, it.low?, it.high?)))
        .collect();
    let estimates = points
        .iter()
        .filter_map(|(time, it)| Some((*time, it.estimate?)));
    let ribbon = (band.len() > 1).then(|| Layer::Ribbon {
        points: band,
        role: Role::Simulation,
        label: format!("{label}, 95 % interval"),
    });
    let curve = line(estimates.collect(), Role::Simulation, label, false);
    ribbon.into_iter().chain(curve).collect()
}

fn flush(params: &Params) -> Layer {
    Layer::Rule {
        x: FLUSH * params.span(),
        role: Role::Overload,
        label: "emptied".to_owned(),
        dashed: false,
    }
}

fn time(params: &Params) -> crate::figure::Axis {
    axis(
        "Time since the start",
        Unit::Seconds,
        Scale::Linear,
        0.0,
        params.span(),
    )
}

pub(super) fn hits(params: &Params, expected: &Expected, report: Option<&Report>) -> Figure {
    let points = measured(report, |series| series.hit_ratio.first());
    let mut layers = vec![flush(params)];
    if let Some(steady) = expected.hits {
        let level = vec![(0.0, steady), (params.span(), steady)];
        layers.extend(line(level, Role::Theory, "when warm", true));
    }
    layers.extend(drawn(&points, "hit ratio"));
    Figure {
        id: "warming",
        title: "A cold start and a flush: hits".to_owned(),
        x: time(params),
        y: axis("Hit ratio", Unit::Percent, Scale::Linear, 0.0, 1.0),
        handle: None,
        description: format!(
            "Hit ratio over time. The cache is empty at the start, and is emptied again after {}.",
            value(FLUSH * params.span(), Unit::Seconds)
        ),
        layers,
        notes: vec!["Mean of each stretch of time; band: 95\u{a0}% interval.".to_owned()],
    }
}

pub(super) fn latency(params: &Params, expected: &Expected, report: Option<&Report>) -> Figure {
    let keeps_up = expected.keeps_up(params);
    // Where the database falls behind, those who miss are not answered in time to be counted.
    let report = report.filter(|_| keeps_up);
    let points = measured(report, |series| Some(&series.mean_response));
    let mut layers = Vec::new();
    if !keeps_up {
        layers.push(Layer::Band {
            along: Along::X,
            from: 0.0,
            to: params.span(),
            role: Role::Overload,
            label: "the database cannot keep up".to_owned(),
            hatched: true,
        });
    }
    layers.push(flush(params));
    let alone = (params.cache_ms + params.query_ms) / 1e3;
    let seen = points.iter().filter_map(|(_, it)| it.high.or(it.estimate));
    let highest = seen.fold(3.0 * alone, f64::max);
    layers.extend(drawn(&points, "mean response"));
    Figure {
        id: "recovery",
        title: "A cold start and a flush: latency".to_owned(),
        x: time(params),
        y: axis(
            "Mean response time",
            Unit::Seconds,
            Scale::Log,
            0.5 * params.cache_ms / 1e3,
            2.0 * highest,
        ),
        handle: None,
        description: describe(params, &points),
        layers,
        notes: vec![
            "Of the requests that arrive in each stretch of time and are answered before the end."
                .to_owned(),
        ],
    }
}

/// The longest response of a stretch after the flush, and that before it.
pub(super) fn around_flush(params: &Params, report: Option<&Report>) -> Option<(f64, f64)> {
    let points = measured(report, |series| Some(&series.mean_response));
    let at = FLUSH * params.span();
    let before = points.iter().rfind(|(time, _)| *time < at)?.1.estimate?;
    let after = points.iter().filter(|(time, _)| *time > at);
    let worst = after.filter_map(|(_, it)| it.estimate).fold(0.0, f64::max);
    Some((before, worst))
}

fn describe(params: &Params, points: &[(f64, Quantity)]) -> String {
    let worst = points
        .iter()
        .filter_map(|(_, it)| it.estimate)
        .fold(0.0, f64::max);
    let found = if worst > 0.0 {
        format!(
            " The slowest stretch has a mean of {}.",
            value(worst, Unit::Seconds)
        )
    } else {
        String::new()
    };
    format!(
        "Mean response over time, from an empty cache on; it is emptied again after {}.{found}",
        value(FLUSH * params.span(), Unit::Seconds)
    )
}
