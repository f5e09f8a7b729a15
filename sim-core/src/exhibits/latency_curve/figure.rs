//! The latency–utilization figure: theory's curves, simulation's dots, the healthy band and the overload beyond 100 %.

use crate::exhibits::parts::{self, known, legend, written};
use crate::expectation::{Expectation, Values, expectation_of_stages};
use crate::figure::format::value;
use crate::figure::{Along, Axis, Figure, Handle, Layer, Role, Scale, Unit};
use crate::math::order::ascending;
use crate::run::report::{Quantity, Report};
use crate::scenario::Queue;

/// The largest utilization shown.
const RIGHT: f64 = 1.2;
/// The band of utilizations that leaves room for bursts without wasting servers.
const TARGET: (f64, f64) = (0.6, 0.8);

/// The curve of one station over its load.
pub struct Curve<'a> {
    /// The station loaded to a utilization.
    pub at: &'a dyn Fn(f64) -> Queue,
    /// Scale of the time axis.
    pub scale: Scale,
    /// Utilization of the reader's operating point, if there is one.
    pub operating: Option<f64>,
}

/// One of the curves: what it is called, what it means, and where its values are found.
struct Kind {
    label: &'static str,
    role: Role,
    theory: fn(&Values) -> Option<f64>,
}

/// Back to front: the mean lies on top of its companions.
const KINDS: [Kind; 4] = [
    Kind {
        label: "P50",
        role: Role::Median,
        theory: |v| v.p50,
    },
    Kind {
        label: "P95",
        role: Role::HighPercentile,
        theory: |v| v.p95,
    },
    Kind {
        label: "P99",
        role: Role::Tail,
        theory: |v| v.p99,
    },
    Kind {
        label: "mean",
        role: Role::Theory,
        theory: |v| v.mean_response,
    },
];

impl Curve<'_> {
    /// The figure with a dot for each stable report, wherever on the axis its utilization lies.
    pub fn figure(&self, reports: &[&Report]) -> Figure {
        let samples = self.samples(reports);
        let mut layers = bands();
        layers.extend(KINDS.iter().filter_map(|kind| line(kind, &samples)));
        layers.extend(dots(reports, "simulated P99", Role::Tail, |r| r.p99));
        layers.extend(dots(reports, "simulated mean", Role::Simulation, |r| {
            r.mean_response
        }));
        let (low, high) = self.range(reports);
        let axis = |title: &str, unit, scale, low, high| Axis {
            title: title.to_owned(),
            unit,
            scale,
            low,
            high,
        };
        Figure {
            id: "latency",
            title: "Response time over utilization".to_owned(),
            x: axis("Utilization", Unit::Percent, Scale::Linear, 0.0, RIGHT),
            y: axis("Response time", Unit::Seconds, self.scale, low, high),
            handle: self
                .operating
                .map(|utilization| self.handle(utilization, reports)),
            description: self.description(),
            notes: self.notes(&layers),
            layers,
        }
    }

    fn theory(&self, utilization: f64) -> Expectation {
        expectation_of_stages(&(self.at)(utilization))
    }

    fn mean(&self, utilization: f64) -> Option<f64> {
        known(&self.theory(utilization), |v| v.mean_response).map(|known| known.value)
    }

    /// Theory at enough utilizations for smooth curves: evenly spaced, then ever closer to 1; and where dots will stand, so
    /// that a table can show both.
    fn samples(&self, reports: &[&Report]) -> Vec<(f64, Expectation)> {
        let even = (0..90).map(|i| (f64::from(i) / 100.0).max(0.001));
        let near = std::iter::successors(Some(0.1), |gap| Some(gap * 0.92))
            .take(75)
            .map(|gap| 1.0 - gap);
        let shown = reports
            .iter()
            .map(|report| report.utilization)
            .chain(self.operating);
        let shown = shown.filter(|u| *u > 0.0 && *u < 1.0);
        let mut places = ascending(even.chain(near).chain(shown));
        places.dedup();
        places
            .into_iter()
            .map(|utilization| (utilization, self.theory(utilization)))
            .collect()
    }

    /// Range of the time axis. It depends on the operating point only where that would stick out, and then grows with it
    /// smoothly, so that nothing jumps while one drags. Without a formula the measured means set it.
    fn range(&self, reports: &[&Report]) -> (f64, f64) {
        let service = (self.at)(0.5).station.service.mean().unwrap_or(1.0);
        let percentile =
            |utilization| known(&self.theory(utilization), |v| v.p99).map_or(service, |k| k.value);
        let means = reports
            .iter()
            .filter_map(|report| report.mean_response.estimate);
        let knee = self
            .mean(0.95)
            .unwrap_or_else(|| means.fold(service, f64::max));
        let operating = self
            .operating
            .filter(|u| *u < 1.0)
            .and_then(|u| self.mean(u))
            .unwrap_or(0.0);
        match self.scale {
            Scale::Linear => (
                0.0,
                (1.25 * knee)
                    .max(1.3 * percentile(0.5))
                    .max(1.2 * operating),
            ),
            Scale::Log => {
                let median = known(&self.theory(0.01), |v| v.p50).map_or(service, |k| k.value);
                (
                    median.min(service) / 2.0,
                    (3.0 * percentile(0.95))
                        .max(2.0 * knee)
                        .max(2.0 * operating),
                )
            }
        }
    }

    fn handle(&self, utilization: f64, reports: &[&Report]) -> Handle {
        let theory = self.theory(utilization);
        let share = value(utilization, Unit::Percent);
        let mean = known(&theory, |v| v.mean_response);
        let label = match (mean, theory.growth_rate) {
            (_, Some(growth)) if growth > 0.0 => {
                vec![
                    share,
                    "queue grows".to_owned(),
                    format!("by {}", value(growth, Unit::PerSecond)),
                ]
            }
            (None, _) => vec![share, "no steady state".to_owned()],
            (Some(mean), _) => {
                let mut label = vec![share, format!("mean {}", written(mean, Unit::Seconds))];
                let tail = known(&theory, |v| v.p99);
                label.extend(tail.map(|tail| format!("P99 {}", written(tail, Unit::Seconds))));
                label
            }
        };
        // Without a formula the simulated mean serves, once it is there.
        let report = reports
            .iter()
            .find(|report| report.utilization == utilization && report.stable);
        let simulated = || report.and_then(|report| report.mean_response.estimate);
        let y = mean.map(|mean| mean.value).or_else(simulated);
        Handle {
            x: utilization,
            y,
            control: "utilization",
            label,
        }
    }

    fn description(&self) -> String {
        let mean = |utilization| {
            self.mean(utilization)
                .map_or_else(|| "unknown".to_owned(), |m| value(m, Unit::Seconds))
        };
        let curve = format!(
            "Mean response time climbs from {} at 10 % utilization over {} at 50 % to {} at 90 %, and has no limit at \
             100 %.",
            mean(0.1),
            mean(0.5),
            mean(0.9)
        );
        let Some(utilization) = self.operating else {
            return curve;
        };
        let label = self.handle(utilization, &[]).label;
        format!(
            "{curve} The operating point: {}.",
            label
                .join(", ")
                .replace("queue grows, by", "the queue grows by")
        )
    }

    fn notes(&self, layers: &[Layer]) -> Vec<String> {
        let mut notes = Vec::new();
        if layers
            .iter()
            .any(|layer| matches!(layer, Layer::Line { dashed: true, .. }))
        {
            let theory = self.theory(0.5);
            notes.push(format!(
                "Dashed: an approximation. {}: {}.",
                theory.model, theory.label
            ));
        }
        notes.extend(legend(layers));
        notes
    }
}

fn bands() -> Vec<Layer> {
    let band = |from, to, role, label: &str, hatched| Layer::Band {
        along: Along::X,
        from,
        to,
        role,
        label: label.to_owned(),
        hatched,
    };
    vec![
        band(
            TARGET.0,
            TARGET.1,
            Role::Healthy,
            "target 60–80\u{a0}%",
            false,
        ),
        band(
            1.0,
            RIGHT,
            Role::Overload,
            "overload: the queue grows without end",
            true,
        ),
    ]
}

/// A curve over all samples; dashed if any of it is approximate. `None` where theory has nothing to say.
fn line(kind: &Kind, samples: &[(f64, Expectation)]) -> Option<Layer> {
    let values: Vec<_> = samples
        .iter()
        .filter_map(|(x, theory)| Some((*x, known(theory, kind.theory)?)))
        .collect();
    let dashed = values.iter().any(|(_, known)| !known.exact);
    let points: Vec<_> = values.iter().map(|(x, known)| (*x, known.value)).collect();
    let label = kind.label.to_owned();
    (points.len() > 1).then_some(Layer::Line {
        points,
        role: kind.role,
        label,
        dashed,
    })
}

fn dots(
    reports: &[&Report],
    label: &str,
    role: Role,
    of: fn(&Report) -> Quantity,
) -> Option<Layer> {
    let stable = reports.iter().filter(|report| report.stable);
    let points = stable.filter_map(|it| parts::dot(it.utilization, of(it), it.converged));
    parts::dots(points, role, label)
}
