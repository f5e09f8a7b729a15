//! Three curves over utilization, and over the number of servers.

use super::parts::{Known, LAST, axis, dot, dots, known, legend, line, utilizations, written};
use super::{Arrangement, Params, Shown, operating};
use crate::figure::format::value;
use crate::figure::{Figure, Handle, Layer, Role, Scale, Unit};
use crate::run::report::Report;

/// The most servers of the second figure.
const MOST: f64 = 64.0;

impl Params {
    fn known(&self, arrangement: Arrangement, utilization: f64) -> Option<Known> {
        known(&self.theory(arrangement, utilization), |values| {
            self.shown.theory(values)
        })
    }

    /// Roles of theory and of simulation.
    fn roles(&self) -> (Role, Role) {
        match self.shown {
            Shown::Mean => (Role::Theory, Role::Simulation),
            Shown::P99 => (Role::Tail, Role::Tail),
        }
    }

    fn quantity(&self) -> &'static str {
        match self.shown {
            Shown::Mean => "Mean response time",
            Shown::P99 => "P99 of the response time",
        }
    }

    fn written(&self, arrangement: Arrangement) -> String {
        self.known(arrangement, self.utilization)
            .map_or_else(|| "–".to_owned(), |known| written(known, Unit::Seconds))
    }
}

pub(super) fn over_utilization(params: &Params, reports: &[Option<Report>]) -> Figure {
    let (theory, simulation) = params.roles();
    let mut layers: Vec<Layer> = Arrangement::ALL
        .into_iter()
        .filter_map(|arrangement| {
            let known = utilizations(params.utilization)
                .filter_map(|place| Some((place, params.known(arrangement, place)?)));
            curve(known.collect(), theory, arrangement.label())
        })
        .collect();
    for (at, arrangement) in Arrangement::ALL.into_iter().enumerate() {
        let measured = params
            .places()
            .enumerate()
            .filter_map(|(place, utilization)| {
                let report = reports.get(3 * place + at)?.as_ref()?;
                let quantity = params.shown.measured(report);
                dot(utilization, quantity, report.converged).filter(|_| report.stable)
            });
        let label = format!("simulated, {}", arrangement.label());
        layers.extend(dots(measured, simulation, &label));
    }
    let (low, high) = range(params);
    Figure {
        id: "utilization",
        title: format!("{} over utilization", params.quantity()),
        x: axis("Utilization", Unit::Percent, Scale::Linear, 0.0, 1.0),
        y: axis(params.quantity(), Unit::Seconds, Scale::Log, low, high),
        handle: Some(Handle {
            x: params.utilization,
            y: params
                .known(Arrangement::Shared, params.utilization)
                .map(|known| known.value),
            control: "utilization",
            label: std::iter::once(value(params.utilization, Unit::Percent))
                .chain(Arrangement::ALL.map(|it| format!("{} {}", it.label(), params.written(it))))
                .collect(),
        }),
        description: describe(params),
        notes: notes(params, &layers),
        layers,
    }
}

pub(super) fn over_servers(params: &Params, reports: &[Option<Report>]) -> Figure {
    let (theory, simulation) = params.roles();
    let with = |servers: u32| Params {
        servers,
        ..params.clone()
    };
    let mut layers = vec![Layer::Rule {
        x: f64::from(params.servers),
        role: Role::Median,
        label: format!("{} servers", params.servers),
        dashed: false,
    }];
    let counts = || (1..=16).chain((18..=64).step_by(2));
    layers.extend(Arrangement::ALL.into_iter().filter_map(|arrangement| {
        let known = counts().filter_map(|servers| {
            let known = with(servers).known(arrangement, params.utilization)?;
            Some((f64::from(servers), known))
        });
        curve(known.collect(), theory, arrangement.label())
    }));
    for arrangement in Arrangement::ALL {
        let measured = operating(reports, arrangement).and_then(|report| {
            let quantity = params.shown.measured(report);
            dot(f64::from(params.servers), quantity, report.converged)
        });
        let label = format!("simulated, {}", arrangement.label());
        layers.extend(dots(measured, simulation, &label));
    }
    let separate = params.known(Arrangement::Separate, params.utilization);
    let fast = with(64).known(Arrangement::Fast, params.utilization);
    let (low, high) = match (fast, separate) {
        (Some(fast), Some(separate)) => (fast.value / 1.5, separate.value * 2.0),
        _ => range(params),
    };
    Figure {
        id: "servers",
        title: format!(
            "{} over servers, at {} utilization",
            params.quantity(),
            value(params.utilization, Unit::Percent)
        ),
        x: axis("Slow servers", Unit::Count, Scale::Log, 1.0, MOST),
        y: axis(params.quantity(), Unit::Seconds, Scale::Log, low, high),
        handle: None,
        description: format!(
            "{} of the three arrangements from one server to 64. With a queue each it stays as it is; one queue comes closer \
             and closer to the bare service time of {}; one fast server gains in proportion to its speed.",
            params.quantity(),
            value(params.service(), Unit::Seconds)
        ),
        notes: notes(params, &layers),
        layers,
    }
}

/// A curve, dashed if any of it is approximate.
fn curve(known: Vec<(f64, Known)>, role: Role, label: &str) -> Option<Layer> {
    let dashed = known.iter().any(|(_, known)| !known.exact);
    let points = known.into_iter().map(|(x, known)| (x, known.value));
    line(points.collect(), role, label, dashed)
}

/// The time axis: from below the fast server at rest to above the end of the highest curve.
fn range(params: &Params) -> (f64, f64) {
    let at = |arrangement, utilization| {
        params
            .known(arrangement, utilization)
            .map_or(params.service(), |known| known.value)
    };
    let high = at(Arrangement::Separate, params.utilization.max(LAST));
    (at(Arrangement::Fast, 0.01) / 1.5, 1.2 * high)
}

fn describe(params: &Params) -> String {
    let [separate, shared, fast] = Arrangement::ALL.map(|it| params.written(it));
    format!(
        "{} of the same capacity in three arrangements, climbing without limit towards 100 % utilization. At {}: {} servers with \
         a queue each {separate}, with one queue {shared}, one server {} times as fast {fast}.",
        params.quantity(),
        value(params.utilization, Unit::Percent),
        params.servers,
        params.servers
    )
}

fn notes(params: &Params, layers: &[Layer]) -> Vec<String> {
    let mut notes = Vec::new();
    let dashed = |layer: &Layer| matches!(layer, Layer::Line { dashed: true, .. });
    if layers.iter().any(dashed) {
        notes.push(match params.shown {
            Shown::Mean => "Dashed: an approximation (Allen–Cunneen).".to_owned(),
            Shown::P99 => "Dashed: an approximation by two moments.".to_owned(),
        });
    }
    notes.extend(legend(layers));
    notes
}
