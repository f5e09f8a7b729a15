//! Readers against writers, stale reads over the time to live, the database over the share of writes, writes lost over the flush
//! interval.

use super::model::Known;
use super::{CACHE, Found, INTERVAL, MOST_WRITES, Params, Policy, TTL, measured};
use crate::exhibits::caches::{DATABASE, cache, place, plain};
use crate::exhibits::parts::{axis, dot, dots, legend, line};
use crate::figure::format::value;
use crate::figure::{Figure, Handle, Layer, Role, Scale, Unit};
use crate::math;
use crate::run::report::{Quantity, Report};

/// Points of a curve.
const POINTS: u32 = 16;
/// Beyond this the database is as good as lost.
const NEARLY: f64 = 0.97;

pub(super) fn figures(params: &Params, found: &Found) -> Vec<Figure> {
    vec![
        readers_and_writers(params, found),
        stale(params, found),
        database(params, found),
        lost(params, found),
    ]
}

/// The other policies first, so that the chosen one lies on top.
fn back_to_front(params: &Params) -> impl Iterator<Item = Policy> {
    params.order().into_iter().rev()
}

fn report_of<'a>(found: &Found<'a>, policy: Policy) -> Option<&'a Report> {
    found.policies.iter().find(|it| it.0 == policy)?.1
}

fn readers_and_writers(params: &Params, found: &Found) -> Figure {
    let shown = params.shown;
    let theory = back_to_front(params).map(|policy| {
        let known = params.known(policy, &found.groups);
        let times = known
            .responses(shown)
            .filter(|_| known.utilization <= NEARLY);
        (policy, times)
    });
    let theory: Vec<(Policy, Option<[f64; 2]>)> = theory.collect();
    let measured: Vec<(Policy, [Quantity; 2], bool)> = back_to_front(params)
        .filter_map(|policy| {
            let report = report_of(found, policy)?;
            Some((policy, measured(shown, report)?, report.converged))
        })
        .collect();
    let known = theory.iter().filter_map(|it| it.1);
    let seen = measured
        .iter()
        .filter_map(|(_, it, _)| Some([it[0].estimate?, it[1].high.or(it[1].estimate)?]));
    let top = known.chain(seen).fold([1e-3; 2], |top, it| {
        [f64::max(top[0], it[0]), f64::max(top[1], it[1])]
    });
    let mut layers = Vec::new();
    for (policy, times) in &theory {
        let Some([read, write]) = times else { continue };
        let width = 0.02 * top[0];
        layers.extend(line(
            vec![(read - width, *write), (read + width, *write)],
            params.role(*policy),
            policy.label(),
            false,
        ));
    }
    for (policy, times, converged) in &measured {
        let point = times[0].estimate.and_then(|x| dot(x, times[1], *converged));
        let label = format!("simulated, {}", policy.label());
        layers.extend(dots(point, params.role(*policy), &label));
    }
    let said = theory.iter().rev().map(|(policy, times)| match times {
        Some([read, write]) => format!(
            "{}: reads {}, writes {}",
            policy.label(),
            value(*read, Unit::Seconds),
            value(*write, Unit::Seconds)
        ),
        None => format!("{}: the database is overloaded", policy.label()),
    });
    let said: Vec<_> = said.collect();
    let mut notes =
        vec!["Short strokes: theory, an approximation. Down and to the left is better.".to_owned()];
    notes.extend(legend(&layers));
    if theory.iter().any(|it| it.1.is_none()) {
        notes.push("Policies that are not here overload the database.".to_owned());
    }
    if !measured.is_empty() {
        notes.push("Whiskers: of writes; those of reads are in the sentences.".to_owned());
    }
    Figure {
        id: "reads-and-writes",
        title: "Who waits: readers or writers?".to_owned(),
        x: axis(
            &shown.title("reads"),
            Unit::Seconds,
            Scale::Linear,
            0.0,
            1.25 * top[0],
        ),
        y: axis(
            &shown.title("writes"),
            Unit::Seconds,
            Scale::Linear,
            0.0,
            1.25 * top[1],
        ),
        handle: None,
        description: format!(
            "Response times of writes over those of reads, a point for each policy. By theory: {}.",
            said.join("; ")
        ),
        notes,
        layers,
    }
}

/// Values in equal ratios along a logarithmic axis, and the reader's own.
fn steps((low, high): (f64, f64), own: f64) -> Vec<f64> {
    let at = |i: u32| low * math::pow(high / low, f64::from(i) / f64::from(POINTS));
    sorted((0..=POINTS).map(at).chain([own]).collect())
}

fn sorted(mut all: Vec<f64>) -> Vec<f64> {
    all.sort_by(f64::total_cmp);
    all.dedup();
    all
}

/// Curves of the policies, and what was measured at the reader's own value.
fn curves(
    params: &Params,
    found: &Found,
    xs: &[f64],
    with: impl Fn(f64) -> Params,
    of: impl Fn(&Known) -> Option<f64>,
    measured: impl Fn(&Report) -> Option<Quantity>,
    own: f64,
) -> Vec<Layer> {
    let mut layers = Vec::new();
    for policy in back_to_front(params) {
        let points = xs
            .iter()
            .filter_map(|&x| Some((x, of(&with(x).known(policy, &found.groups))?)));
        layers.extend(line(
            points.collect(),
            params.role(policy),
            policy.label(),
            true,
        ));
    }
    for policy in back_to_front(params) {
        let point = report_of(found, policy)
            .and_then(|report| dot(own, measured(report)?, report.converged));
        let label = format!("simulated, {}", policy.label());
        layers.extend(dots(point, params.role(policy), &label));
    }
    layers
}

/// The highest point.
fn top(layers: &[Layer]) -> f64 {
    let heights = layers.iter().flat_map(|layer| match layer {
        Layer::Line { points, .. } => points.iter().map(|point| point.1).collect(),
        Layer::Dots { points, .. } => points.iter().map(|it| it.high.unwrap_or(it.y)).collect(),
        _ => Vec::new(),
    });
    heights.fold(0.0, f64::max)
}

fn stale(params: &Params, found: &Found) -> Figure {
    let with = |ttl| Params {
        ttl,
        ..params.clone()
    };
    let layers = curves(
        params,
        found,
        &steps(TTL, params.ttl),
        with,
        |known| known.stale,
        |report| Some(plain(cache(report, CACHE)?.stale_share)),
        params.ttl,
    );
    let highest = top(&layers).max(1e-3);
    let own = params.known(params.policy, &found.groups).stale;
    let written = |policy: Policy| {
        let stale = params.known(policy, &found.groups).stale;
        stale.map(|it| format!("{} {}", policy.label(), value(it, Unit::Percent)))
    };
    let all: Vec<_> = Policy::ALL.into_iter().filter_map(written).collect();
    let mut label = vec![value(params.ttl, Unit::Seconds)];
    label.extend(written(params.policy));
    let mut notes = vec![
        "Dashed: exact, but for the time that a fetch takes. Write-behind has no formula: it reads old values where a copy expires \
         before its write has gone to the database."
            .to_owned(),
    ];
    notes.extend(legend(&layers));
    Figure {
        id: "stale",
        title: "Reads that get an old value".to_owned(),
        x: axis("Time to live", Unit::Seconds, Scale::Log, TTL.0, TTL.1),
        y: axis(
            "Stale reads, of all",
            Unit::Percent,
            Scale::Linear,
            0.0,
            (1.2 * highest).min(1.0),
        ),
        handle: Some(Handle {
            x: params.ttl,
            y: own.or(Some(0.0)),
            control: "ttl",
            label,
        }),
        description: format!(
            "The share of reads that get a value that has been written over since, over the time to live. With {}: {}.",
            value(params.ttl, Unit::Seconds),
            all.join(", ")
        ),
        notes,
        layers,
    }
}

fn database(params: &Params, found: &Found) -> Figure {
    let with = |writes| Params {
        writes,
        ..params.clone()
    };
    let shares = (0..=18).map(|i| f64::from(i) * 0.05).filter(|it| *it > 0.0);
    let shares = sorted(shares.chain([0.01, params.writes]).collect());
    let layers = curves(
        params,
        found,
        &shares,
        with,
        |known| Some(known.utilization),
        |report| Some(place(report, DATABASE)?.utilization),
        params.writes,
    );
    let highest = top(&layers);
    let own = params.known(params.policy, &found.groups).utilization;
    let all = Policy::ALL.map(|policy| {
        let known = params.known(policy, &found.groups);
        format!(
            "{} {}",
            policy.label(),
            value(known.utilization, Unit::Percent)
        )
    });
    let mut notes = vec!["Dashed: theory, an approximation.".to_owned()];
    if highest > 1.0 {
        notes.push("Above 100\u{a0}% the database is asked for more than it can do.".to_owned());
    }
    notes.extend(legend(&layers));
    Figure {
        id: "database",
        title: "How busy the database is".to_owned(),
        x: axis("Writes", Unit::Percent, Scale::Linear, 0.0, MOST_WRITES),
        y: axis(
            "Asked of the database",
            Unit::Percent,
            Scale::Linear,
            0.0,
            (1.2 * highest).max(0.1),
        ),
        handle: Some(Handle {
            x: params.writes,
            y: Some(own),
            control: "writes",
            label: vec![
                format!("{} writes", value(params.writes, Unit::Percent)),
                format!("{} {}", params.policy.label(), value(own, Unit::Percent)),
            ],
        }),
        description: format!(
            "Work that reaches the database, as a share of what it can do, over the share of writes. At {}: {}.",
            value(params.writes, Unit::Percent),
            all.join(", ")
        ),
        notes,
        layers,
    }
}

fn lost(params: &Params, found: &Found) -> Figure {
    let theory = steps(INTERVAL, params.interval);
    let theory = theory.iter().map(|&it| (it, params.lost(it))).collect();
    let mut layers: Vec<Layer> = line(theory, Role::Theory, "theory", false)
        .into_iter()
        .collect();
    let measured = found
        .outage
        .and_then(|report| dot(params.interval, params.lost_in(report)?, true));
    layers.extend(dots(measured, params.role(Policy::Behind), "simulated"));
    let (low, high) = (params.lost(INTERVAL.0), params.lost(INTERVAL.1));
    let mut notes = vec!["Of write-behind; the other policies lose none.".to_owned()];
    notes.extend(legend(&layers));
    let expected = params.lost(params.interval);
    Figure {
        id: "lost",
        title: "Writes that a crash of the cache loses".to_owned(),
        x: axis(
            "Flush interval",
            Unit::Seconds,
            Scale::Log,
            INTERVAL.0,
            INTERVAL.1,
        ),
        y: axis(
            "Writes lost in a crash",
            Unit::Number,
            Scale::Log,
            low / 2.0,
            2.0 * high,
        ),
        handle: Some(Handle {
            x: params.interval,
            y: Some(expected),
            control: "interval",
            label: vec![
                value(params.interval, Unit::Seconds),
                format!("{} writes", value(expected, Unit::Number)),
            ],
        }),
        description: format!(
            "Writes lost in one crash of the cache under write-behind, over the flush interval: half of what is written in one. With {}: \
             {} on average.",
            value(params.interval, Unit::Seconds),
            value(expected, Unit::Number)
        ),
        notes,
        layers,
    }
}
