//! How long readers and writers wait and how busy the database is, over the share of writes; stale reads over the time to live.

use super::model::Known;
use super::{CACHE, Found, LEAST_WRITES, MOST_WRITES, Params, Policy, TTL};
use crate::exhibits::caches::{
    self, DATABASE, NEARLY, READ, WRITE, busy, cache, extent, place, plain,
};
use crate::exhibits::parts::{axis, dot, dots, legend, line};
use crate::figure::format::value;
use crate::figure::{Axis, Figure, Handle, Layer, Scale, Unit};
use crate::math;
use crate::run::report::{Quantity, Report};

/// Points of a curve over a logarithmic axis, and over the share of writes.
const POINTS: u32 = 16;
const SHARES: u32 = 30;

pub(super) fn figures(params: &Params, found: &Found) -> Vec<Figure> {
    let over_writes = over_writes(params, found);
    vec![
        waits(params, found, &over_writes, Side::Readers),
        waits(params, found, &over_writes, Side::Writers),
        database(params, found, &over_writes),
        stale(params, found),
        super::lost::figure(params, found),
    ]
}

/// What theory knows along an axis: of each policy, in the order of [`Policy::ALL`].
type Theory = Vec<(f64, [Known; 4])>;

/// Theory at these values, the reader's own among them.
fn theory(mut values: Vec<f64>, own: f64, found: &Found, with: impl Fn(f64) -> Params) -> Theory {
    values.push(own);
    values.sort_by(f64::total_cmp);
    values.dedup();
    let at = |value| {
        let params = with(value);
        let known = Policy::ALL.map(|policy| params.known(policy, &found.groups));
        (value, known)
    };
    values.into_iter().map(at).collect()
}

fn over_writes(params: &Params, found: &Found) -> Theory {
    let share = |i: u32| (MOST_WRITES * f64::from(i) / f64::from(SHARES)).max(LEAST_WRITES);
    let shares = (0..=SHARES).map(share).collect();
    theory(shares, params.writes, found, |writes| Params {
        writes,
        ..params.clone()
    })
}

/// Values in equal ratios along a logarithmic axis.
pub(super) fn steps((low, high): (f64, f64)) -> Vec<f64> {
    let at = |i: u32| low * math::pow(high / low, f64::from(i) / f64::from(POINTS));
    (0..=POINTS).map(at).collect()
}

/// Of the policies at one value.
fn at(theory: &Theory, own: f64, policy: Policy) -> Option<&Known> {
    let known = &theory.iter().find(|it| it.0 == own)?.1;
    known.get(Policy::ALL.iter().position(|it| *it == policy)?)
}

/// The other policies first, so that the chosen one lies on top.
fn back_to_front(params: &Params) -> impl Iterator<Item = Policy> {
    params.order().into_iter().rev()
}

/// Curves of the policies, and what was measured at the reader's own value.
fn curves(
    params: &Params,
    found: &Found,
    theory: &Theory,
    of: impl Fn(&Known) -> Option<f64>,
    measured: impl Fn(&Report) -> Option<Quantity>,
    own: f64,
) -> Vec<Layer> {
    let mut layers = Vec::new();
    for policy in back_to_front(params) {
        let points = theory
            .iter()
            .filter_map(|(x, _)| Some((*x, of(at(theory, *x, policy)?)?)));
        let (role, label) = (params.role(policy), policy.label());
        layers.extend(line(points.collect(), role, label, true));
    }
    for policy in back_to_front(params) {
        let point = found
            .report(policy)
            .and_then(|report| dot(own, measured(report)?, report.converged));
        let label = format!("simulated, {}", policy.label());
        layers.extend(dots(point, params.role(policy), &label));
    }
    layers
}

/// Each policy by name with what it comes to.
fn each(of: impl Fn(Policy) -> Option<String>) -> String {
    let all = Policy::ALL.into_iter();
    let all = all.filter_map(|policy| Some(format!("{} {}", policy.label(), of(policy)?)));
    all.collect::<Vec<_>>().join(", ")
}

fn writes_axis() -> Axis {
    axis(
        "Writes, of all requests",
        Unit::Percent,
        Scale::Linear,
        0.0,
        MOST_WRITES,
    )
}

/// Who waits.
#[derive(Clone, Copy)]
enum Side {
    Readers,
    Writers,
}

fn waits(params: &Params, found: &Found, theory: &Theory, side: Side) -> Figure {
    let (id, number, class, who) = match side {
        Side::Readers => ("reads", 0, READ, "reads"),
        Side::Writers => ("writes", 1, WRITE, "writes"),
    };
    let shown = params.shown;
    let time = |known: &Known| {
        let times = known.responses(shown)?;
        (known.utilization <= NEARLY).then_some(times[number])
    };
    let own = |policy| at(theory, params.writes, policy).and_then(time);
    let layers = curves(
        params,
        found,
        theory,
        time,
        |report| shown.measured(report, class),
        params.writes,
    );
    let (low, high) = extent(&layers).unwrap_or((1e-3, 1e-1));
    let said = each(|policy| {
        let known = own(policy).map(|it| format!("≈\u{a0}{}", value(it, Unit::Seconds)));
        Some(known.unwrap_or_else(|| "overloads the database".to_owned()))
    });
    let here = own(params.policy);
    let written = here.map_or_else(
        || "the database is overloaded".to_owned(),
        |it| format!("{who} ≈\u{a0}{}", value(it, Unit::Seconds)),
    );
    let mut notes = vec![
        "Dashed: theory, an approximation. A curve ends where the database is asked for all it can do."
            .to_owned(),
    ];
    notes.extend(legend(&layers));
    let title = shown.title(who);
    Figure {
        id,
        x: writes_axis(),
        y: axis(&title, Unit::Seconds, Scale::Log, low / 1.5, 1.5 * high),
        handle: Some(Handle {
            x: params.writes,
            y: here,
            control: "writes",
            label: vec![
                format!("{} writes", value(params.writes, Unit::Percent)),
                written,
            ],
        }),
        description: format!(
            "{title} over the share of writes, a curve for each policy. At {} writes: {said}.",
            value(params.writes, Unit::Percent)
        ),
        title: match side {
            Side::Readers => "How long readers wait".to_owned(),
            Side::Writers => "How long writers wait".to_owned(),
        },
        notes,
        layers,
    }
}

fn database(params: &Params, found: &Found, theory: &Theory) -> Figure {
    let layers = curves(
        params,
        found,
        theory,
        |known| Some(known.utilization),
        |report| Some(place(report, DATABASE)?.utilization),
        params.writes,
    );
    let own = |policy| at(theory, params.writes, policy).map(|it| it.utilization);
    let written = |policy| Some(value(own(policy)?, Unit::Percent));
    let handle = Handle {
        x: params.writes,
        y: own(params.policy),
        control: "writes",
        label: [
            Some(format!("{} writes", value(params.writes, Unit::Percent))),
            written(params.policy).map(|it| format!("{} {it}", params.policy.label())),
        ]
        .into_iter()
        .flatten()
        .collect(),
    };
    let description = format!(
        "Work that reaches the database, as a share of what it can do, over the share of writes. At {}: {}.",
        value(params.writes, Unit::Percent),
        each(written)
    );
    let note = "Dashed: theory, an approximation.";
    busy(writes_axis(), layers, Some(handle), description, note)
}

fn stale(params: &Params, found: &Found) -> Figure {
    let theory = theory(steps(TTL), params.ttl, found, |ttl| Params {
        ttl,
        ..params.clone()
    });
    let layers = curves(
        params,
        found,
        &theory,
        |known| known.stale,
        |report| Some(plain(cache(report, CACHE)?.stale_share)),
        params.ttl,
    );
    let own = |policy| at(&theory, params.ttl, policy)?.stale;
    let written = |policy| Some(value(own(policy)?, Unit::Percent));
    let mut label = vec![value(params.ttl, Unit::Seconds)];
    label.extend(written(params.policy).map(|it| format!("{it} old")));
    let mut notes = vec![
        "Dashed: exact, but for the time that a fetch takes. Write-behind has no formula: it reads old values where a copy expires \
         before its write has gone to the database."
            .to_owned(),
    ];
    notes.extend(legend(&layers));
    let handle = Handle {
        x: params.ttl,
        y: own(params.policy).or(Some(0.0)),
        control: "ttl",
        label,
    };
    let description = format!(
        "The share of reads that get a value that has been written over since, over the time to live. With {}: {}.",
        value(params.ttl, Unit::Seconds),
        each(written)
    );
    caches::stale(TTL, layers, handle, description, notes)
}
