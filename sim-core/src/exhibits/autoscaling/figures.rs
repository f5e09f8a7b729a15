//! Servers, P99 and losses over the day.

use super::{DAY, Day, PATIENCE, Params, SPIKE, WORK};
use crate::exhibits::parts::{axis, line};
use crate::figure::format::value;
use crate::figure::{Along, Figure, Layer, Role, Scale, Unit};
use crate::run::report::Quantity;

fn time_axis() -> crate::figure::Axis {
    axis(
        "Time of the short day",
        Unit::Seconds,
        Scale::Linear,
        0.0,
        DAY,
    )
}

fn spike(params: &Params) -> Option<Layer> {
    (params.spike > 1.0).then(|| Layer::Band {
        along: Along::X,
        from: SPIKE.0,
        to: SPIKE.1,
        role: Role::Overload,
        label: "spike".to_owned(),
        hatched: false,
    })
}

/// Curves of both plans with their intervals.
fn curves<'a>(days: &'a [Day<'a>; 2], of: impl Fn(&Day<'a>) -> Vec<(f64, Quantity)>) -> Vec<Layer> {
    let known = days.each_ref().map(of);
    let mut layers = Vec::new();
    for (day, points) in days.iter().zip(&known) {
        let ends = points
            .iter()
            .filter_map(|(time, it)| Some((*time, it.low?.max(0.0), it.high?)));
        let points: Vec<_> = ends.collect();
        if points.len() > 1 {
            layers.push(Layer::Ribbon {
                points,
                role: day.plan.role(),
                label: format!("{}, 95 % interval", day.plan.label()),
            });
        }
    }
    for (day, points) in days.iter().zip(&known) {
        let estimates = points
            .iter()
            .filter_map(|(time, it)| Some((*time, it.estimate?)));
        layers.extend(line(
            estimates.collect(),
            day.plan.role(),
            day.plan.label(),
            false,
        ));
    }
    layers
}

/// The highest that is drawn.
fn highest(layers: &[Layer]) -> f64 {
    let heights = layers.iter().flat_map(|layer| match layer {
        Layer::Line { points, .. } => points.iter().map(|it| it.1).collect(),
        Layer::Ribbon { points, .. } => points.iter().map(|it| it.2).collect::<Vec<_>>(),
        _ => Vec::new(),
    });
    heights.fold(0.0, f64::max)
}

fn notes(layers: &[Layer]) -> Vec<String> {
    let mut notes = vec!["One minute stands for an hour of the day.".to_owned()];
    if layers.iter().any(|it| matches!(it, Layer::Ribbon { .. })) {
        notes.push("Blue: autoscaled; green: fixed. Shaded: 95\u{a0}% intervals.".to_owned());
    }
    notes
}

pub(super) fn servers(params: &Params, days: &[Day; 2]) -> Figure {
    let mut layers: Vec<Layer> = spike(params).into_iter().collect();
    let needed = Params::moments().map(|time| (time, params.needed(time)));
    layers.extend(line(needed.collect(), Role::Theory, "needed", false));
    layers.extend(curves(days, Day::up));
    let top = highest(&layers).max(f64::from(params.headroom()));
    let mut notes = notes(&layers);
    notes.insert(
        0,
        format!(
            "Needed: the traffic of the moment in servers at {} utilization.",
            value(params.target, Unit::Percent)
        ),
    );
    Figure {
        id: "servers",
        title: "Servers over the day".to_owned(),
        x: time_axis(),
        y: axis(
            "Servers in service",
            Unit::Number,
            Scale::Linear,
            0.0,
            1.1 * top,
        ),
        handle: None,
        description: format!(
            "Servers that the traffic needs, servers that the autoscaler has, and a fixed number of {}, over a day of 24 minutes. The \
             traffic needs between {} and {}.",
            params.headroom(),
            value(
                Params::moments()
                    .map(|it| params.needed(it))
                    .fold(f64::INFINITY, f64::min),
                Unit::Number
            ),
            value(
                Params::moments()
                    .map(|it| params.needed(it))
                    .fold(0.0, f64::max),
                Unit::Number
            ),
        ),
        layers,
        notes,
    }
}

pub(super) fn p99(params: &Params, days: &[Day; 2]) -> Figure {
    let limit = params.slo_ms / 1e3;
    let mut layers: Vec<Layer> = spike(params).into_iter().collect();
    layers.extend(line(
        vec![(0.0, limit), (DAY, limit)],
        Role::Median,
        "objective",
        false,
    ));
    layers.extend(curves(days, |day| {
        day.over_time(|series| series.p99.clone())
    }));
    let mut notes = notes(&layers);
    notes.push(format!(
        "Of requests that were answered, by their moment of arrival. After {} a request gives up.",
        value(PATIENCE, Unit::Seconds)
    ));
    Figure {
        id: "p99",
        title: "P99 over the day".to_owned(),
        x: time_axis(),
        y: axis(
            "P99 of the response time",
            Unit::Seconds,
            Scale::Log,
            (0.8 * limit).min(WORK),
            1.2 * highest(&layers).max(PATIENCE),
        ),
        handle: None,
        description: format!(
            "P99 of the response time over the day, against an objective of {}.{}",
            value(limit, Unit::Seconds),
            outside(params, days)
        ),
        layers,
        notes,
    }
}

fn outside(params: &Params, days: &[Day; 2]) -> String {
    let known = days.iter().filter_map(|day| {
        let violated = day.violated(params.slo_ms / 1e3)?;
        Some(format!(
            " Missed for {} {}.",
            value(violated, Unit::Seconds),
            day.plan.label()
        ))
    });
    known.collect()
}

pub(super) fn lost(params: &Params, days: &[Day; 2]) -> Figure {
    let mut layers: Vec<Layer> = spike(params).into_iter().collect();
    layers.extend(curves(days, |day| {
        day.over_time(|series| series.lost_share.clone())
    }));
    let top = highest(&layers);
    Figure {
        id: "lost",
        title: "Requests that gave up".to_owned(),
        x: time_axis(),
        y: axis(
            "Share of requests lost",
            Unit::Percent,
            Scale::Linear,
            0.0,
            (1.1 * top).clamp(0.02, 1.05),
        ),
        handle: None,
        description: format!(
            "Share of the requests of each moment of the day that waited longer than {} and gave up.",
            value(PATIENCE, Unit::Seconds)
        ),
        notes: notes(&layers),
        layers,
    }
}
