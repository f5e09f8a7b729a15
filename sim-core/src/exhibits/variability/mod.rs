//! Exhibit `variability`: what irregular arrivals and services cost, and how much headroom bursts need.
//!
//! Theory is that of [`expectation`]: exact for M/G/1, G/M/c and M/D/c, Allen–Cunneen for other G/G/c. Bursty arrivals are a Poisson process
//! whose rate is switched by a two-state Markov chain, with the same mean rate as the steady stream: a tenth of the time at k
//! times the mean rate, else slower. They have no formula here and are simulated alone.

mod figures;
mod headroom;
mod readouts;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use super::parts::{self, command, count, milliseconds, number, share};
use super::{Card, Control, ControlKind, Exhibit, Preset, Readout, Room, Scene};
use crate::distribution::Distribution;
use crate::error::InputError;
use crate::expectation::{Expectation, Values, expectation};
use crate::figure::{Figure, Scale};
use crate::run::report::{Quantity, Report};
use crate::scenario::arrivals::Bursty;
use crate::scenario::{Arrivals, Horizon, Queue, Scenario};

/// Utilizations simulated besides the operating point. They do not move with it, so their results can be kept.
const GRID: [f64; 6] = [0.3, 0.5, 0.6, 0.7, 0.8, 0.9];
/// SCVs of the service simulated besides the operating point's.
const SCVS: [f64; 4] = [0.0, 4.0, 9.0, 16.0];
/// Requests in each replication.
const REQUESTS: u64 = 30_000;
/// Share of the time that is burst.
const BURST_SHARE: f64 = 0.1;

/// The exhibit.
#[derive(Debug, Clone, Copy)]
pub struct Variability;

/// Its slider values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// Utilization ρ of the operating point.
    pub utilization: f64,
    /// Squared coefficient of variation of the gaps between arrivals of the steady stream.
    pub arrival_scv: f64,
    /// Squared coefficient of variation of the service time.
    pub service_scv: f64,
    /// Whether bursty arrivals are shown beside the steady stream.
    pub arrivals: Stream,
    /// Rate in a burst over the mean rate, k.
    pub burst_factor: f64,
    /// Mean length of a burst, in mean service times.
    pub burst_length: f64,
    /// Mean service time, milliseconds.
    pub service_ms: f64,
    /// Servers c.
    pub servers: u32,
    /// What is drawn and limited.
    pub shown: Shown,
    /// The limit it is to stay below, milliseconds.
    pub limit_ms: f64,
}

/// How requests come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stream {
    /// Independent gaps alone.
    Steady,
    /// Bursts too.
    Bursts,
}

/// What is drawn and limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Shown {
    /// Wq.
    Wait,
    /// The 99th percentile of the response time.
    P99,
}

impl Shown {
    fn theory(self, values: &Values) -> Option<f64> {
        match self {
            Self::Wait => values.mean_wait,
            Self::P99 => values.p99,
        }
    }

    fn measured(self, report: &Report) -> Quantity {
        match self {
            Self::Wait => report.mean_wait,
            Self::P99 => report.p99,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Wait => "Mean wait",
            Self::P99 => "P99 of the response time",
        }
    }
}

impl Default for Params {
    fn default() -> Self {
        Self {
            utilization: 0.7,
            arrival_scv: 1.0,
            service_scv: 1.0,
            arrivals: Stream::Bursts,
            burst_factor: 2.5,
            burst_length: 30.0,
            service_ms: 10.0,
            servers: 1,
            shown: Shown::Wait,
            limit_ms: 50.0,
        }
    }
}

impl Params {
    fn service(&self) -> f64 {
        self.service_ms / 1e3
    }

    /// The steady stream at a utilization.
    fn steady(&self, utilization: f64) -> Queue {
        let service = self.service();
        let rate = Queue::arrival_rate_at(utilization, self.servers, 1.0 / service);
        let mut queue = Queue::new(
            Distribution::with_scv(1.0 / rate, self.arrival_scv),
            self.servers,
            Distribution::with_scv(service, self.service_scv),
        );
        queue.horizon = Horizon::Steady {
            requests: Some(REQUESTS),
        };
        queue
    }

    fn theory(&self, utilization: f64) -> Expectation {
        expectation(&self.steady(utilization))
    }

    /// Bursts of the same mean rate at the same servers.
    fn bursty(&self, utilization: f64) -> Scenario {
        let queue = self.steady(utilization);
        let rate = queue.arrival_rate();
        let burst_seconds = self.burst_length * self.service();
        let bursts = Bursty {
            // What is left of the mean for the other nine tenths of the time.
            calm_rate: rate * (1.0 - BURST_SHARE * self.burst_factor).max(0.0)
                / (1.0 - BURST_SHARE),
            burst_rate: rate * self.burst_factor,
            calm_seconds: burst_seconds * (1.0 - BURST_SHARE) / BURST_SHARE,
            burst_seconds,
        };
        let mut scenario = Scenario::from(queue);
        if let Some(class) = scenario.classes.get_mut(crate::scenario::REQUEST) {
            class.arrivals = Arrivals::Bursty(bursts);
        }
        "bursts".clone_into(&mut scenario.name);
        scenario
    }

    /// The same with another service.
    fn serving(&self, service_scv: f64) -> Self {
        Self {
            service_scv,
            ..self.clone()
        }
    }

    fn has_bursts(&self) -> bool {
        self.arrivals == Stream::Bursts
    }

    /// Utilizations in the order of the scenarios.
    fn places(&self) -> impl Iterator<Item = f64> {
        std::iter::once(self.utilization).chain(GRID)
    }
}

impl Exhibit for Variability {
    type Params = Params;

    const CARD: Card = Card {
        id: "variability",
        title: "The price of variability",
        group: "Load and latency",
        blurb: "The same load, regular or in bursts: how much waiting, and how much headroom it takes to avoid it.",
    };

    const TEXT: &'static [&'static str] = &[
        "If requests came like clockwork and each took exactly as long as the one before, a server could be busy all of the \
         time and nobody would wait. All waiting comes from variability: of the gaps between arrivals and of the work.",
        "Pollaczek and Khinchine's formula says by how much: at a given utilization the wait grows in proportion to 1 + C²s, the \
         squared coefficient of variation of the service time. Constant service halves the wait of exponential service; \
         a mix of quick requests and rare huge ones multiplies it. Allen and Cunneen's approximation extends this to irregular \
         arrivals and to many servers.",
        "Bursts are worse than any of that: while one lasts more may arrive than can leave, and the whole excess piles up. No \
         average over the day shows it. How much headroom is enough is a question about bursts.",
    ];

    const CONTROLS: &'static [Control] = &[
        Control {
            key: "utilization",
            label: "Utilization",
            symbol: "ρ",
            kind: share(0.01, 0.95),
            help: "The share of its time a server is busy, over the whole day.",
            folded: false,
        },
        parts::SERVICE_SCV,
        Control {
            key: "arrival_scv",
            label: "Variability of arrivals",
            symbol: "C²a",
            kind: number(16.0, 0.25),
            help: "Of the steady stream: variance of its gaps over their squared mean. 0: like clockwork; 1: at random.",
            folded: false,
        },
        Control {
            key: "arrivals",
            label: "Arrivals",
            symbol: "",
            kind: ControlKind::Choice {
                options: &[
                    ("bursts", "Steady stream and bursts"),
                    ("steady", "Steady stream alone"),
                ],
            },
            help: "Whether a bursty stream of the same mean rate is shown too, in green.",
            folded: false,
        },
        Control {
            key: "burst_factor",
            label: "Rate in a burst",
            symbol: "k",
            kind: ControlKind::Number {
                min: 1.0,
                max: 10.0,
                step: 0.1,
                scale: Scale::Linear,
                unit: "× mean",
                whole: false,
            },
            help: "Arrivals in a burst beside their mean. A tenth of the time is burst; in the rest fewer come.",
            folded: false,
        },
        Control {
            key: "burst_length",
            label: "A burst lasts",
            symbol: "",
            kind: ControlKind::Number {
                min: 3.0,
                max: 300.0,
                step: 0.1,
                scale: Scale::Log,
                unit: "× service",
                whole: false,
            },
            help: "Mean length of a burst, in mean service times.",
            folded: true,
        },
        Control {
            key: "shown",
            label: "Show",
            symbol: "",
            kind: ControlKind::Choice {
                options: &[("wait", "Mean wait"), ("p99", "P99 of the response")],
            },
            help: "What is drawn, and what is to stay below the limit.",
            folded: true,
        },
        Control {
            key: "limit_ms",
            label: "Limit",
            symbol: "",
            kind: milliseconds(1.0, 100_000.0),
            help: "How much of it is acceptable: the headroom is what keeps it below.",
            folded: true,
        },
        Control {
            key: "service_ms",
            label: "Mean service time",
            symbol: "1/μ",
            kind: milliseconds(0.1, 10_000.0),
            help: "How long a request keeps its server busy.",
            folded: true,
        },
        Control {
            key: "servers",
            label: "Servers",
            symbol: "c",
            kind: count(1.0, 32.0),
            help: "Equal servers behind one queue.",
            folded: true,
        },
    ];

    const PRESETS: &'static [Preset] = &[
        Preset {
            id: "bursts",
            label: "Bursts",
            values: &[],
        },
        Preset {
            id: "clockwork",
            label: "Nearly clockwork",
            values: &[
                ("arrival_scv", "0.25"),
                ("service_scv", "0.25"),
                ("arrivals", "steady"),
                ("utilization", "0.9"),
            ],
        },
        Preset {
            id: "constant-service",
            label: "Constant service",
            values: &[("service_scv", "0"), ("arrivals", "steady")],
        },
        Preset {
            id: "rare-huge-requests",
            label: "Rare huge requests",
            values: &[("service_scv", "16"), ("arrivals", "steady")],
        },
        Preset {
            id: "web-tier",
            label: "Web tier, P99 under 200 ms",
            values: &[
                ("servers", "16"),
                ("service_ms", "40"),
                ("service_scv", "1"),
                ("burst_factor", "1.6"),
                ("burst_length", "100"),
                ("shown", "p99"),
                ("limit_ms", "200"),
                ("utilization", "0.6"),
            ],
        },
    ];

    const ROOM: Room = Room {
        readouts: &[116, 122, 138, 114],
        notes: &[&[43, 26, 89], &[43, 26]],
    };

    /// The steady stream at the operating point and at the grid, and with other services; then bursts if they are shown.
    fn scenarios(params: &Params) -> Result<Vec<Scenario>, InputError> {
        let mut scenarios: Vec<Scenario> = params
            .places()
            .map(|utilization| params.steady(utilization).into())
            .collect();
        scenarios.extend(SCVS.map(|service_scv| {
            params
                .serving(service_scv)
                .steady(params.utilization)
                .into()
        }));
        if params.has_bursts() {
            scenarios.extend(
                params
                    .places()
                    .map(|utilization| params.bursty(utilization)),
            );
        }
        scenarios.iter().try_for_each(Scenario::validate)?;
        Ok(scenarios)
    }

    fn figures(params: &Params, reports: &[Option<Report>]) -> Vec<Figure> {
        let found = Found::new(params, reports);
        vec![
            figures::over_utilization(params, &found),
            figures::over_service(params, &found),
        ]
    }

    fn readouts(params: &Params, reports: &[Option<Report>]) -> Vec<Readout> {
        readouts::readouts(params, &Found::new(params, reports))
    }

    fn animated(params: &Params) -> Vec<Scene> {
        vec![Scene::alone(if params.has_bursts() {
            params.bursty(params.utilization)
        } else {
            params.steady(params.utilization).into()
        })]
    }

    fn command(params: &Params, seed: u64, replications: u64) -> Option<String> {
        Some(command::<Self>(params, seed, replications))
    }
}

/// The reports of steady states, each with its utilization, the operating point's first.
struct Found<'a> {
    steady: Vec<(f64, &'a Report)>,
    /// Of other services at the operating point, by their SCVs.
    serving: Vec<(f64, &'a Report)>,
    bursty: Vec<(f64, &'a Report)>,
}

impl<'a> Found<'a> {
    fn new(params: &Params, reports: &'a [Option<Report>]) -> Self {
        let from = |start: usize, places: &[f64]| {
            let reports = reports.iter().skip(start);
            places
                .iter()
                .zip(reports)
                .filter_map(|(place, report)| Some((*place, report.as_ref()?)))
                .filter(|(_, report)| report.stable)
                .collect()
        };
        let places: Vec<f64> = params.places().collect();
        Self {
            steady: from(0, &places),
            serving: from(places.len(), &SCVS),
            bursty: from(places.len() + SCVS.len(), &places),
        }
    }

    /// What was measured at the operating point.
    fn at(found: &[(f64, &'a Report)], utilization: f64) -> Option<&'a Report> {
        found
            .iter()
            .find(|(place, _)| *place == utilization)
            .map(|(_, report)| *report)
    }
}
