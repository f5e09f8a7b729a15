//! Requests lost and response times over time, from before the death to after the return.

use std::fmt::Write;

use super::{Params, Policy, WORK};
use crate::exhibits::parts::{axis, line};
use crate::figure::format::value;
use crate::figure::{Along, Figure, Layer, Role, Scale, Unit};
use crate::run::report::{Quantity, Report, SeriesReport};

/// Parts of a stretch in each of which theory takes the chance of having noticed as constant.
const PARTS: u32 = 4;

/// Share of requests lost, by when they arrived.
pub(super) fn errors(params: &Params, report: Option<&Report>) -> Figure {
    let lost = measured(params, report, |series| &series.lost_share);
    let mut layers = outage(params);
    let theory = curve(params);
    let most = theory.iter().map(|(_, share)| *share);
    let seen = lost.iter().filter_map(|(_, it)| it.high.or(it.estimate));
    let top = most.chain(seen).fold(0.0, f64::max);
    layers.extend(ribbon(&lost, Role::Simulation, "lost, 95 % interval"));
    layers.extend(estimates(&lost, Role::Simulation, "simulated"));
    layers.extend(line(theory, Role::Theory, "theory", !params.is_exact()));
    let mut notes = explained(params, &layers);
    if params.retries > 0 {
        notes.push("Lost: all tries failed.".to_owned());
    }
    Figure {
        id: "errors",
        title: "Requests lost".to_owned(),
        x: time(params),
        y: axis(
            "Lost, of those that arrive",
            Unit::Percent,
            Scale::Linear,
            0.0,
            (1.25 * top).clamp(0.05, 1.0),
        ),
        handle: None,
        description: describe(params, &lost),
        layers,
        notes,
    }
}

/// Response time of those that are answered, by when they arrived.
pub(super) fn latency(params: &Params, report: Option<&Report>) -> Figure {
    let mean = measured(params, report, |series| &series.mean_response);
    let tail = measured(params, report, |series| &series.p99);
    // M/M/1 while all are up.
    let usual = WORK / (1.0 - params.utilization);
    let seen = [&mean, &tail].into_iter().flatten();
    let top = seen
        .filter_map(|(_, it)| it.high.or(it.estimate))
        .fold(10.0 * usual, f64::max);
    let mut layers = outage(params);
    layers.extend(ribbon(&tail, Role::Tail, "P99, 95 % interval"));
    layers.extend(ribbon(&mean, Role::Simulation, "mean, 95 % interval"));
    layers.extend(estimates(&tail, Role::Tail, "P99"));
    layers.extend(estimates(&mean, Role::Simulation, "mean"));
    if params.policy == Policy::Random {
        let calm = vec![(-params.calm(), usual), (0.0, usual)];
        layers.extend(line(calm, Role::Theory, "theory", false));
    }
    let mut notes = explained(params, &layers);
    notes.push("Of requests that are answered; those lost have no response time.".to_owned());
    Figure {
        id: "latency",
        title: "Response times".to_owned(),
        x: time(params),
        y: axis(
            "Response time",
            Unit::Seconds,
            Scale::Log,
            0.5 * WORK,
            1.5 * top,
        ),
        handle: None,
        description: describe_latency(
            &mean,
            &tail,
            Some(usual).filter(|_| params.policy == Policy::Random),
        ),
        layers,
        notes,
    }
}

fn time(params: &Params) -> crate::figure::Axis {
    axis(
        "Time since the death",
        Unit::Seconds,
        Scale::Linear,
        -params.calm(),
        params.outage() + params.after(),
    )
}

/// When the server is dead, when that is noticed, and when it is used again.
fn outage(params: &Params) -> Vec<Layer> {
    let outage = params.outage();
    let mut layers = vec![Layer::Band {
        along: Along::X,
        from: 0.0,
        to: outage,
        role: Role::Overload,
        label: "dead".to_owned(),
        hatched: false,
    }];
    let belief = params.belief();
    let noticed = belief
        .mean_detection(outage)
        .filter(|_| params.has_detection());
    if let Some(mean) = noticed {
        let label = if belief.noticed(outage) > 0.5 {
            "noticed"
        } else {
            "noticed, if at all"
        };
        layers.push(Layer::Rule {
            x: mean,
            role: Role::Theory,
            label: label.to_owned(),
            dashed: !params.is_exact(),
        });
    }
    if let Some(back) = recovery(params).filter(|back| *back < params.after()) {
        layers.push(Layer::Rule {
            x: outage + back,
            role: Role::Healthy,
            label: "in use".to_owned(),
            dashed: false,
        });
    }
    layers
}

/// Mean seconds from the return until the server is used again, where active checks alone decide.
pub(super) fn recovery(params: &Params) -> Option<f64> {
    let belief = params.belief();
    let active = belief.active.filter(|_| belief.passive.is_none())?;
    (belief.noticed(params.outage()) > 0.5).then(|| active.mean_recovery())
}

/// Theory's share of requests lost, stretch by stretch as it is measured.
fn curve(params: &Params) -> Vec<(f64, f64)> {
    if !params.has_formula() {
        return Vec::new();
    }
    let (belief, step, outage) = (params.belief(), params.stretch(), params.outage());
    let each = step / f64::from(PARTS);
    let lost = |from: f64| {
        if params.retries > 0 || from >= outage {
            return 0.0;
        }
        if from < 0.0 {
            // Those inside arrived just before.
            return if from > -1.5 * step {
                belief.inside()
            } else {
                0.0
            };
        }
        let parts = (0..PARTS).map(|part| from + f64::from(part) * each);
        parts
            .map(|from| belief.sent_between(from, from + each))
            .sum()
    };
    let mut points = Vec::new();
    let mut from = -params.calm();
    while from < outage + params.after() {
        let share = lost(from) / (params.arrival_rate() * step);
        points.push((from + 0.5 * step, share));
        from += step;
    }
    points
}

/// The middle of each stretch since the death, and what was measured in it.
pub(super) fn measured(
    params: &Params,
    report: Option<&Report>,
    of: impl Fn(&SeriesReport) -> &Vec<Quantity>,
) -> Vec<(f64, Quantity)> {
    let series = report.and_then(|report| report.details.as_ref()?.series.as_ref());
    let Some(series) = series else {
        return Vec::new();
    };
    let points = of(series).iter().enumerate();
    points
        .map(|(at, it)| ((at as f64 + 0.5) * series.step - params.calm(), *it))
        .collect()
}

fn estimates(points: &[(f64, Quantity)], role: Role, label: &str) -> Option<Layer> {
    let points = points
        .iter()
        .filter_map(|(time, it)| Some((*time, it.estimate?)));
    line(points.collect(), role, label, false)
}

fn ribbon(points: &[(f64, Quantity)], role: Role, label: &str) -> Option<Layer> {
    let ends = |(time, it): &(f64, Quantity)| {
        let estimate = it.estimate?;
        // Where all runs agree there is no interval to draw.
        let (low, high) = (it.low.unwrap_or(estimate), it.high.unwrap_or(estimate));
        let least = 1e-3 * estimate;
        Some((*time, low.max(least), high))
    };
    let points: Vec<_> = points.iter().filter_map(ends).collect();
    (points.len() > 1).then(|| Layer::Ribbon {
        points,
        role,
        label: label.to_owned(),
    })
}

fn explained(params: &Params, layers: &[Layer]) -> Vec<String> {
    let mut notes = Vec::new();
    if layers.iter().any(|it| matches!(it, Layer::Ribbon { .. })) {
        notes.push("Mean over many such deaths; shaded: 95\u{a0}% intervals.".to_owned());
    }
    let has_theory = layers
        .iter()
        .any(|it| matches!(it, Layer::Line { role, .. } if *role == Role::Theory));
    if has_theory {
        if !params.is_exact() {
            notes.push("Dashed: an approximation.".to_owned());
        }
    } else if params.policy != Policy::Random {
        notes.push("No curve of theory here: it knows random choice.".to_owned());
    } else {
        notes.push(
            "No curve of theory here: the servers that live are too busy, or waits too short."
                .to_owned(),
        );
    }
    notes
}

fn describe(params: &Params, lost: &[(f64, Quantity)]) -> String {
    let worst = lost
        .iter()
        .filter_map(|(time, it)| Some((*time, it.estimate?)))
        .max_by(|a, b| a.1.total_cmp(&b.1));
    let mut text = format!(
        "Share of requests lost over time. One of {} servers is dead from 0 to {}.",
        params.servers,
        value(params.outage(), Unit::Seconds)
    );
    let noticed = params.belief().mean_detection(params.outage());
    if let Some(mean) = noticed.filter(|_| params.has_detection()) {
        let _ = write!(
            text,
            " By formula its death is noticed {} after it on average.",
            value(mean, Unit::Seconds)
        );
    }
    if let Some((time, share)) = worst.filter(|(_, share)| *share > 0.0) {
        let _ = write!(
            text,
            " Simulated, at most {} are lost, {} after the death.",
            value(share, Unit::Percent),
            value(time, Unit::Seconds)
        );
    }
    text
}

fn describe_latency(
    mean: &[(f64, Quantity)],
    tail: &[(f64, Quantity)],
    usual: Option<f64>,
) -> String {
    let mut text = "Response times over time.".to_owned();
    if let Some(usual) = usual {
        let _ = write!(
            text,
            " While all servers are up the mean is {} by formula.",
            value(usual, Unit::Seconds)
        );
    }
    for (name, points) in [("mean", mean), ("99th percentile", tail)] {
        let worst = points.iter().filter_map(|(_, it)| it.estimate);
        if let Some(worst) = worst.reduce(f64::max) {
            let _ = write!(
                text,
                " Simulated, the {name} is at most {}.",
                value(worst, Unit::Seconds)
            );
        }
    }
    text
}

/// Seconds in which more than `share` of requests were lost: surely, and possibly.
pub(super) fn violated(params: &Params, report: &Report, share: f64) -> Option<(f64, f64)> {
    let lost = measured(params, Some(report), |series| &series.lost_share);
    let step = report.details.as_ref()?.series.as_ref()?.step;
    let seconds = |end: fn(&Quantity) -> Option<f64>| {
        let over = lost
            .iter()
            .filter(|(_, it)| end(it).or(it.estimate).is_some_and(|lost| lost > share));
        step * over.count() as f64
    };
    Some((seconds(|it| it.low), seconds(|it| it.high)))
}
