//! How far apart the fullest and the emptiest server are, over time, from an empty start.

use std::fmt::Write;

use super::{SPAN, Side};
use crate::exhibits::parts::{axis, line};
use crate::figure::format::value;
use crate::figure::{Figure, Layer, Scale, Unit};
use crate::run::report::Quantity;

/// The least number that the axis reaches.
const LEAST_TOP: f64 = 3.0;

pub(super) fn figure(sides: &[Side; 2]) -> Figure {
    let known = sides.each_ref().map(over_time);
    let mut layers = Vec::new();
    for (side, points) in sides.iter().zip(&known) {
        layers.extend(ribbon(side, points));
    }
    for (side, points) in sides.iter().zip(&known) {
        let estimates = points
            .iter()
            .filter_map(|(time, it)| Some((*time, it.estimate?)));
        layers.extend(line(
            estimates.collect(),
            side.role,
            side.policy.name(),
            false,
        ));
    }
    let highest = known.iter().flatten();
    let highest = highest
        .filter_map(|(_, it)| it.high.or(it.estimate))
        .fold(LEAST_TOP, f64::max);
    let mut notes = vec![
        "Servers start empty; at each moment, requests at the fullest server less those at the emptiest, mean over many runs."
            .to_owned(),
    ];
    if layers.iter().any(|it| matches!(it, Layer::Ribbon { .. })) {
        notes.push("Shaded: 95\u{a0}% intervals.".to_owned());
    }
    Figure {
        id: "imbalance",
        title: "How uneven the queues become".to_owned(),
        x: axis(
            "Time since the start",
            Unit::Seconds,
            Scale::Linear,
            0.0,
            SPAN,
        ),
        y: axis(
            "Fullest less emptiest server, requests",
            Unit::Number,
            Scale::Linear,
            0.0,
            1.1 * highest,
        ),
        handle: None,
        description: describe(sides),
        layers,
        notes,
    }
}

/// The middle of each stretch, and what was measured in it.
fn over_time(side: &Side) -> Vec<(f64, Quantity)> {
    let series = side.growing.and_then(|report| {
        let series = report.details.as_ref()?.series.as_ref()?;
        Some((series.step, &series.groups.first()?.imbalance))
    });
    let Some((step, imbalance)) = series else {
        return Vec::new();
    };
    let middles = (0..imbalance.len()).map(|at| (at as f64 + 0.5) * step);
    middles.zip(imbalance.iter().copied()).collect()
}

fn ribbon(side: &Side, points: &[(f64, Quantity)]) -> Option<Layer> {
    let ends = points
        .iter()
        .filter_map(|(time, it)| Some((*time, it.low?, it.high?)));
    let points: Vec<_> = ends.collect();
    (points.len() > 1).then(|| Layer::Ribbon {
        points,
        role: side.role,
        label: format!("{}, 95 % interval", side.policy.name()),
    })
}

/// What was measured last.
pub(super) fn at_the_end(side: &Side) -> Option<Quantity> {
    over_time(side).last().map(|(_, it)| *it)
}

fn describe(sides: &[Side; 2]) -> String {
    let mut text = format!(
        "Requests at the fullest server less those at the emptiest, over the first {} from an empty start.",
        value(SPAN, Unit::Seconds)
    );
    for side in sides {
        if let Some(last) = at_the_end(side).and_then(|it| it.estimate) {
            // Writing to a string cannot fail.
            let _ = write!(
                text,
                " {}: {} at the end.",
                side.policy.title(),
                value(last, Unit::Number)
            );
        }
    }
    text
}
