//! Response time against utilization: the curve with its knee, and the reader's own point on it.
//!
//! Utilization is ρ = λ/(cμ). Theory draws the curves, dashed where they are an approximation; simulation
//! sets dots with intervals on them, on a fixed grid of utilizations and at the operating point.

use serde::{Deserialize, Serialize};

use super::parts::{SERVICE_SCV, number};
use super::{Card, Control, ControlKind, Exhibit, Preset, Readout, Room, Scene};
use crate::distribution::Distribution;
use crate::error::InputError;
use crate::figure::{Figure, Scale};
use crate::run::report::Report;
use crate::scenario::{Horizon, Queue, Scenario};

pub mod figure;
mod readouts;
#[cfg(test)]
mod tests;

/// Utilizations simulated besides the operating point. They do not move with it, so their results can be kept.
const GRID: [f64; 10] = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95];
/// Requests in each replication of an overloaded station, started empty.
const OVERLOAD_REQUESTS: u64 = 20_000;

/// The exhibit.
#[derive(Debug)]
pub struct LatencyCurve;

/// Slider values of [`LatencyCurve`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Params {
    /// Utilization ρ of the operating point.
    pub utilization: f64,
    /// Servers c.
    pub servers: u32,
    /// Mean service time, milliseconds.
    pub service_ms: f64,
    /// Squared coefficient of variation of the gaps between arrivals.
    pub arrival_scv: f64,
    /// Squared coefficient of variation of the service time.
    pub service_scv: f64,
    /// Scale of the vertical axis.
    pub axis: Scale,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            utilization: 0.9,
            servers: 1,
            service_ms: 10.0,
            arrival_scv: 1.0,
            service_scv: 1.0,
            axis: Scale::Linear,
        }
    }
}

impl Params {
    /// Service rate μ of one server, per second.
    fn service_rate(&self) -> f64 {
        1000.0 / self.service_ms
    }

    /// The station loaded to `utilization`: in its steady state where there is one, from an empty start where not.
    fn at(&self, utilization: f64) -> Queue {
        let rate = Queue::arrival_rate_at(utilization, self.servers, self.service_rate());
        let mut scenario = Queue::new(
            Distribution::with_scv(1.0 / rate, self.arrival_scv),
            self.servers,
            Distribution::with_scv(1.0 / self.service_rate(), self.service_scv),
        );
        // Asked of the scenario, not of ρ: rounding on the way may have moved it to 1.
        if scenario.utilization() >= 1.0 {
            scenario.horizon = Horizon::Transient {
                requests: OVERLOAD_REQUESTS,
            };
        }
        scenario
    }
}

impl Exhibit for LatencyCurve {
    type Params = Params;

    const CARD: Card = Card {
        id: "latency-curve",
        title: "Why latency explodes",
        group: "Load and latency",
        blurb: "Response time against utilization: flat for a long time, then a wall.",
    };

    const TEXT: &'static [&'static str] = &[
        "A server that is busy half of the time seems to waste the other half. It does not: that idle time is what \
         lets it catch up after a few requests have come at once. The fuller its day, the rarer the pauses in which a queue can \
         drain.",
        "So response time creeps up at first, to twice the bare service time at 50 % and five times at 80 %, and \
         then goes up like a wall. At 100 % there is no answer at all: the queue grows for as long as you look. The slowest \
         requests hit the wall first, which is why a mean that looks fine can hide a bad P99.",
        "Drag the dot along the curve. Add a server, or make arrivals and services more or less regular, and see \
         the wall move.",
    ];

    const CONTROLS: &'static [Control] = &[
        Control {
            key: "utilization",
            label: "Utilization",
            symbol: "ρ",
            kind: ControlKind::Number {
                min: 0.01,
                max: 1.2,
                step: 0.005,
                scale: Scale::Linear,
                unit: "%",
                whole: false,
            },
            help: "The share of its time a server is busy: work that arrives, over work that all servers can do. \
                   From 100 % on, more arrives than can leave.",
            folded: false,
        },
        Control {
            key: "servers",
            label: "Servers",
            symbol: "c",
            kind: ControlKind::Number {
                min: 1.0,
                max: 128.0,
                step: 0.1,
                scale: Scale::Log,
                unit: "",
                whole: true,
            },
            help: "Equal servers behind one queue: workers, threads, lanes. Arrivals grow along with them, so that \
                   utilization stays the same.",
            folded: false,
        },
        Control {
            key: "service_ms",
            label: "Mean service time",
            symbol: "1/μ",
            kind: ControlKind::Number {
                min: 0.1,
                max: 600_000.0,
                step: 0.1,
                scale: Scale::Log,
                unit: "ms",
                whole: false,
            },
            help: "How long a request keeps its server busy, on average, waiting not included.",
            folded: false,
        },
        Control {
            key: "arrival_scv",
            label: "Variability of arrivals",
            symbol: "C²a",
            kind: number(16.0, 0.25),
            help: "Variance of the gaps between arrivals over their squared mean. 0: like clockwork; 1: at random; more: in \
                   bursts.",
            folded: false,
        },
        SERVICE_SCV,
        Control {
            key: "axis",
            label: "Time axis",
            symbol: "",
            kind: ControlKind::Choice {
                options: &[("linear", "Linear"), ("log", "Logarithmic")],
            },
            help: "Linear shows the wall; logarithmic shows how many times longer everything takes.",
            folded: true,
        },
    ];

    const PRESETS: &'static [Preset] = &[
        Preset {
            id: "ice-cream-one",
            label: "Ice-cream shop, one worker",
            values: &[
                ("utilization", "0.9"),
                ("service_ms", "60000"),
                ("service_scv", "0.5"),
            ],
        },
        Preset {
            id: "ice-cream-two",
            label: "The same crowd, two workers",
            values: &[
                ("utilization", "0.45"),
                ("servers", "2"),
                ("service_ms", "60000"),
                ("service_scv", "0.5"),
            ],
        },
        Preset {
            id: "web-server",
            label: "Web server, 8 threads",
            values: &[
                ("utilization", "0.7"),
                ("servers", "8"),
                ("service_ms", "50"),
                ("arrival_scv", "2"),
                ("service_scv", "4"),
            ],
        },
        Preset {
            id: "motorway",
            label: "Motorway, three lanes",
            values: &[
                ("utilization", "0.95"),
                ("servers", "3"),
                ("service_ms", "1800"),
                ("service_scv", "0.25"),
            ],
        },
    ];

    const ROOM: Room = Room {
        readouts: &[114, 58, 87, 126],
        notes: &[&[43, 26]],
    };

    fn scenarios(params: &Params) -> Result<Vec<Scenario>, InputError> {
        let scenarios: Vec<_> = std::iter::once(params.utilization)
            .chain(GRID)
            .map(|utilization| params.at(utilization))
            .collect();
        scenarios.iter().try_for_each(Queue::validate)?;
        Ok(scenarios.into_iter().map(Scenario::from).collect())
    }

    fn figures(params: &Params, reports: &[Option<Report>]) -> Vec<Figure> {
        // A report knows its utilization from the rates, rounded; the dot belongs where the slider says.
        let places = std::iter::once(params.utilization).chain(GRID);
        let reports: Vec<Report> = places
            .zip(reports)
            .filter_map(|(utilization, report)| {
                Some(Report {
                    utilization,
                    ..report.clone()?
                })
            })
            .collect();
        let curve = figure::Curve {
            at: &|utilization| params.at(utilization),
            scale: params.axis,
            operating: Some(params.utilization),
        };
        vec![curve.figure(&reports.iter().collect::<Vec<_>>())]
    }

    fn readouts(params: &Params, reports: &[Option<Report>]) -> Vec<Readout> {
        let operating = reports.first().and_then(Option::as_ref);
        readouts::readouts(
            &params.at(params.utilization),
            params.utilization,
            operating,
        )
    }

    fn animated(params: &Params) -> Vec<Scene> {
        vec![Scene::alone(params.at(params.utilization).into())]
    }

    fn command(params: &Params, seed: u64, replications: u64) -> Option<String> {
        let scenario = params.at(params.utilization);
        let requests = match scenario.horizon {
            // The command line counts the requests of all replications together.
            Horizon::Transient { requests } => {
                format!(" --requests {}", requests.saturating_mul(replications))
            }
            Horizon::Steady { .. } | Horizon::Span { .. } => String::new(),
        };
        Some(format!(
            "cargo run --release -p sim-core --example mm1 -- --utilization {} --servers {} --service-rate {} \
             --arrivals {} --service {}{requests} --seed {seed} --replications {replications}",
            params.utilization,
            params.servers,
            params.service_rate(),
            scenario.arrivals.interarrival.spec()?,
            scenario.station.service.spec()?,
        ))
    }
}
