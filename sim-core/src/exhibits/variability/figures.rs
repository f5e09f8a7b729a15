//! The wait over utilization with a limit to keep, and over the variability of the service.

use super::parts::{
    FIRST, Known, LAST, SECOND, axis, dot, dots, known, legend, line, utilizations, written,
};
use super::{Found, Params, Shown};
use crate::figure::format::value;
use crate::figure::{Figure, Handle, Layer, Role, Scale, Unit};

/// The largest SCV of the second figure.
const MOST: f64 = 16.0;

impl Params {
    pub(super) fn known(&self, utilization: f64) -> Option<Known> {
        known(&self.theory(utilization), |values| {
            self.shown.theory(values)
        })
    }

    /// What theory's curve is called.
    fn formula(&self, exact: bool) -> String {
        let single = self.servers == 1 && self.arrival_scv == 1.0;
        match (self.shown, exact) {
            (_, true) if self.arrival_scv == 0.0 && self.service_scv == 0.0 => "nobody waits",
            (Shown::Wait, true) if single => "Pollaczek–Khinchine",
            (Shown::P99, true) if single => "M/G/1",
            (_, true) => return self.theory(0.5).model,
            (Shown::Wait, false) => "Allen–Cunneen",
            (Shown::P99, false) => "two moments",
        }
        .to_owned()
    }
}

pub(super) fn over_utilization(params: &Params, found: &Found) -> Figure {
    let limit = params.limit_ms / 1e3;
    let mut layers: Vec<Layer> = line(vec![(0.0, limit), (1.0, limit)], Role::Tail, "limit", false)
        .into_iter()
        .collect();
    layers.extend(curve(
        params,
        utilizations(params.utilization).map(|place| (place, params.known(place))),
    ));
    let measured = |found: &[(f64, &crate::run::report::Report)]| {
        let dot = |(place, report): &(f64, &crate::run::report::Report)| {
            dot(*place, params.shown.measured(report), report.converged)
        };
        found.iter().filter_map(dot).collect::<Vec<_>>()
    };
    let mut bursts = measured(&found.bursty);
    bursts.sort_by(|a, b| a.x.total_cmp(&b.x));
    let joined = bursts.iter().map(|dot| (dot.x, dot.y)).collect();
    layers.extend(line(joined, SECOND, "bursts", false));
    layers.extend(dots(
        measured(&found.steady),
        FIRST,
        "simulated, steady stream",
    ));
    layers.extend(dots(bursts, SECOND, "simulated, bursts"));
    let here = params.known(params.utilization);
    let label = here.map_or_else(|| "–".to_owned(), |known| written(known, Unit::Seconds));
    let (low, high) = range(params, &layers);
    let mut notes = notes(params, &layers);
    if params.has_bursts() {
        notes.push("Green: bursts of the same mean rate, joined by straight lines; they have no formula here.".to_owned());
    }
    Figure {
        id: "utilization",
        title: format!("{} over utilization", params.shown.name()),
        x: axis("Utilization", Unit::Percent, Scale::Linear, 0.0, 1.0),
        y: axis(params.shown.name(), Unit::Seconds, Scale::Log, low, high),
        handle: Some(Handle {
            x: params.utilization,
            y: here.map(|known| known.value),
            control: "utilization",
            label: vec![value(params.utilization, Unit::Percent), label.clone()],
        }),
        description: format!(
            "{} over utilization, climbing without limit towards 100 %. At {} the steady stream has {label}{}. The limit is {}.",
            params.shown.name(),
            value(params.utilization, Unit::Percent),
            Found::at(&found.bursty, params.utilization)
                .and_then(|report| params.shown.measured(report).estimate)
                .map_or_else(String::new, |time| format!(
                    ", bursts {}",
                    value(time, Unit::Seconds)
                )),
            value(limit, Unit::Seconds),
        ),
        layers,
        notes,
    }
}

pub(super) fn over_service(params: &Params, found: &Found) -> Figure {
    let places = (0..=64).map(|i| f64::from(i) * MOST / 64.0);
    let mut places: Vec<f64> = places.chain([params.service_scv]).collect();
    places.sort_by(f64::total_cmp);
    places.dedup();
    let mut layers: Vec<Layer> = curve(
        params,
        places
            .into_iter()
            .map(|scv| (scv, params.serving(scv).known(params.utilization))),
    )
    .into_iter()
    .collect();
    let here = Found::at(&found.steady, params.utilization);
    let here = here.map(|report| (params.service_scv, report));
    let measured: Vec<_> = here
        .iter()
        .chain(&found.serving)
        .filter_map(|(scv, report)| dot(*scv, params.shown.measured(report), report.converged))
        .collect();
    let seen = measured.iter().map(|dot| dot.y).fold(0.0, f64::max);
    layers.extend(dots(measured, FIRST, "simulated, steady stream"));
    let top = params
        .serving(MOST)
        .known(params.utilization)
        .map_or(params.service(), |known| known.value);
    let here = params.known(params.utilization);
    Figure {
        id: "service",
        title: format!(
            "{} over the variability of service, at {} utilization",
            params.shown.name(),
            value(params.utilization, Unit::Percent)
        ),
        x: axis(
            "Variability of service, C²s",
            Unit::Number,
            Scale::Linear,
            0.0,
            MOST,
        ),
        y: axis(
            params.shown.name(),
            Unit::Seconds,
            Scale::Linear,
            0.0,
            (1.15 * top.max(seen)).max(1e-6 * params.service()),
        ),
        handle: Some(Handle {
            x: params.service_scv,
            y: here.map(|known| known.value),
            control: "service_scv",
            label: vec![
                format!("C²s {}", value(params.service_scv, Unit::Number)),
                here.map_or_else(|| "–".to_owned(), |known| written(known, Unit::Seconds)),
            ],
        }),
        description: format!(
            "{} of the steady stream at {} utilization over the squared coefficient of variation of the service time, from 0 to {}: \
             the wait grows in proportion.",
            params.shown.name(),
            value(params.utilization, Unit::Percent),
            value(MOST, Unit::Number)
        ),
        notes: notes(params, &layers),
        layers,
    }
}

/// Theory's curve, dashed if any of it is approximate; nothing where nobody ever waits.
fn curve(params: &Params, places: impl Iterator<Item = (f64, Option<Known>)>) -> Option<Layer> {
    let known: Vec<(f64, Known)> = places.filter_map(|(x, known)| Some((x, known?))).collect();
    let exact = known.iter().all(|(_, known)| known.exact);
    let points = known.into_iter().map(|(x, known)| (x, known.value));
    line(
        points.collect(),
        Role::Theory,
        &params.formula(exact),
        !exact,
    )
}

/// The time axis: it holds the curve from 20 % on, the limit, and what was measured.
fn range(params: &Params, layers: &[Layer]) -> (f64, f64) {
    let least = 1e-3 * params.service();
    let at = |place| {
        params
            .known(place)
            .map_or(params.service(), |known| known.value)
    };
    let limit = params.limit_ms / 1e3;
    let low = at(0.2)
        .min(at(params.utilization))
        .clamp(least, params.service());
    let seen = layers.iter().flat_map(|layer| match layer {
        Layer::Dots { points, .. } => points.as_slice(),
        _ => &[],
    });
    let high = seen.map(|dot| dot.y).fold(at(LAST).max(limit), f64::max);
    (
        low.min(limit) / 1.5,
        (1.5 * high).max(2.0 * params.service()),
    )
}

fn notes(params: &Params, layers: &[Layer]) -> Vec<String> {
    let mut notes = Vec::new();
    let dashed = |layer: &Layer| matches!(layer, Layer::Line { dashed: true, .. });
    if layers.iter().any(dashed) {
        let theory = params.theory(0.5);
        notes.push(format!(
            "Dashed: an approximation. {}: {}.",
            theory.model, theory.label
        ));
    }
    notes.extend(legend(layers));
    notes
}
