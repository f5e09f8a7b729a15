//! Exhibit `pooling`: the same capacity as one fast server, as slow servers with one queue, and as slow servers with a queue each.
//!
//! With c servers of rate μ and Poisson arrivals at λ = ρcμ: M/G/1 at rate cμ; M/G/c; and c queues M/G/1, each with λ/c, since
//! a random split of a Poisson process is c Poisson processes. Exact where the service is exponential; the means of both M/G/1
//! always; the rest by Allen and Cunneen.

mod figures;
mod readouts;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use super::parts::{self, capital, command, count, milliseconds, share};
use super::{Card, Control, Exhibit, Preset, Readout, Room, Scene};
use crate::balancing::Policy;
use crate::distribution::Distribution;
use crate::error::InputError;
use crate::expectation::{Expectation, Values, expectation};
use crate::figure::{Figure, Role};
use crate::run::report::{Quantity, Report};
use crate::scenario::{Activity, Arrivals, Class, Group, Horizon, Queue, Scenario, Station};

/// Utilizations simulated besides the operating point.
const GRID: [f64; 3] = [0.5, 0.7, 0.9];
/// Requests in each replication.
const REQUESTS: u64 = 30_000;
/// Name of the group of servers.
const SERVERS: &str = "server";

/// The exhibit.
#[derive(Debug, Clone, Copy)]
pub struct Pooling;

/// Its slider values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// Utilization ρ, the same for all three.
    pub utilization: f64,
    /// Slow servers c.
    pub servers: u32,
    /// Mean service time of a slow server, milliseconds.
    pub service_ms: f64,
    /// Squared coefficient of variation of the service time.
    pub service_scv: f64,
    /// What is drawn.
    pub shown: Shown,
}

/// What of the response time is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Shown {
    /// W.
    Mean,
    /// The 99th percentile.
    P99,
}

impl Shown {
    fn theory(self, values: &Values) -> Option<f64> {
        match self {
            Self::Mean => values.mean_response,
            Self::P99 => values.p99,
        }
    }

    fn measured(self, report: &Report) -> Quantity {
        match self {
            Self::Mean => report.mean_response,
            Self::P99 => report.p99,
        }
    }
}

/// The three ways to arrange the same capacity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Arrangement {
    Separate,
    Shared,
    Fast,
}

impl Arrangement {
    const ALL: [Self; 3] = [Self::Separate, Self::Shared, Self::Fast];

    fn label(self) -> &'static str {
        match self {
            Self::Separate => "a queue each",
            Self::Shared => "one queue",
            Self::Fast => "one fast server",
        }
    }
}

impl Default for Params {
    fn default() -> Self {
        Self {
            utilization: 0.8,
            servers: 4,
            service_ms: 10.0,
            service_scv: 1.0,
            shown: Shown::Mean,
        }
    }
}

impl Params {
    fn service(&self) -> f64 {
        self.service_ms / 1e3
    }

    /// The whole system as one station, or one of its equal parts: what theory sees.
    fn part(&self, arrangement: Arrangement, utilization: f64) -> Queue {
        let (servers, service) = match arrangement {
            Arrangement::Separate => (1, self.service()),
            Arrangement::Shared => (self.servers, self.service()),
            Arrangement::Fast => (1, self.service() / f64::from(self.servers)),
        };
        let rate = Queue::arrival_rate_at(utilization, servers, 1.0 / service);
        let mut queue = Queue::new(
            Distribution::exponential(1.0 / rate),
            servers,
            Distribution::with_scv(service, self.service_scv),
        );
        queue.horizon = Horizon::Steady {
            requests: Some(REQUESTS),
        };
        queue
    }

    fn theory(&self, arrangement: Arrangement, utilization: f64) -> Expectation {
        expectation(&self.part(arrangement, utilization))
    }

    /// The whole system.
    fn scenario(&self, arrangement: Arrangement, utilization: f64) -> Scenario {
        let part = self.part(arrangement, utilization);
        let mut scenario = if arrangement == Arrangement::Separate {
            let group = Group {
                station: Station {
                    service: Some(part.station.service.clone()),
                    ..Station::default()
                },
                ..Group::new(self.servers, Policy::Random)
            };
            let rate = part.arrival_rate() * f64::from(self.servers);
            Scenario::empty()
                .with_class("request", Class::new(Arrivals::poisson(rate)))
                .with_resource(SERVERS, group)
                .with_path(vec![Activity::balance(
                    SERVERS,
                    vec![Activity::work(SERVERS)],
                )])
                .with_horizon(part.horizon)
        } else {
            Scenario::from(part)
        };
        arrangement.label().clone_into(&mut scenario.name);
        scenario
    }

    /// Utilizations in the order of the scenarios, three of each.
    fn places(&self) -> impl Iterator<Item = f64> {
        std::iter::once(self.utilization).chain(GRID)
    }
}

impl Exhibit for Pooling {
    type Params = Params;

    const CARD: Card = Card {
        id: "pooling",
        title: "One queue or many?",
        group: "Many servers",
        blurb: "The same capacity as one fast server, as slow servers with one queue, and as slow servers with a queue each.",
    };

    const TEXT: &'static [&'static str] = &[
        "Four servers can be bought as one that is four times as fast. They can share a queue, or have a queue each. All three do \
         the same work in a day and cost the same at the same utilization, yet a request takes four times as long \
         in the last as in the first, at any load.",
        "Separate queues waste time: a request waits behind one server while another is idle. A shared queue never does \
         that, so under heavy load it is nearly as good as the fast server. Under light load nobody waits anyway and only \
         the speed of a server counts: there, sharing gains nothing.",
        "That is why supermarkets with one line feel fair, why thread pools beat a thread per partition, and why ten small \
         clusters need more machines than a big one.",
    ];

    const CONTROLS: &'static [Control] = &[
        Control {
            key: "utilization",
            label: "Utilization",
            symbol: "ρ",
            kind: share(0.01, 0.98),
            help: "The share of its time a server is busy; the same in all three arrangements.",
            folded: false,
        },
        Control {
            key: "servers",
            label: "Slow servers",
            symbol: "c",
            kind: count(2.0, 64.0),
            help: "How many slow servers; the fast one is as fast as all of them together.",
            folded: false,
        },
        Control {
            key: "service_ms",
            label: "Mean service time",
            symbol: "1/μ",
            kind: milliseconds(0.1, 600_000.0),
            help: "How long a request keeps a slow server busy.",
            folded: false,
        },
        parts::SERVICE_SCV,
        parts::SHOWN,
    ];

    const PRESETS: &'static [Preset] = &[
        Preset {
            id: "four-cores",
            label: "Four cores",
            values: &[],
        },
        Preset {
            id: "supermarket",
            label: "Supermarket, eight tills",
            values: &[
                ("servers", "8"),
                ("service_ms", "120000"),
                ("service_scv", "0.5"),
                ("utilization", "0.85"),
            ],
        },
        Preset {
            id: "light-load",
            label: "Light load",
            values: &[("utilization", "0.2"), ("servers", "8")],
        },
        Preset {
            id: "rare-huge-requests",
            label: "Rare huge requests",
            values: &[
                ("servers", "16"),
                ("service_scv", "16"),
                ("utilization", "0.6"),
                ("shown", "p99"),
            ],
        },
    ];

    const ROOM: Room = Room {
        readouts: &[150, 166, 122, 134],
        notes: &[&[43, 26], &[43, 26]],
    };

    fn scenarios(params: &Params) -> Result<Vec<Scenario>, InputError> {
        let scenarios: Vec<_> = params
            .places()
            .flat_map(|utilization| {
                Arrangement::ALL.map(|arrangement| params.scenario(arrangement, utilization))
            })
            .collect();
        scenarios.iter().try_for_each(Scenario::validate)?;
        Ok(scenarios)
    }

    fn figures(params: &Params, reports: &[Option<Report>]) -> Vec<Figure> {
        vec![
            figures::over_utilization(params, reports),
            figures::over_servers(params, reports),
        ]
    }

    fn readouts(params: &Params, reports: &[Option<Report>]) -> Vec<Readout> {
        readouts::readouts(params, reports)
    }

    fn animated(params: &Params) -> Vec<Scene> {
        let scene = |arrangement: Arrangement| Scene {
            letter: String::new(),
            name: capital(arrangement.label()),
            role: Role::Theory,
            scenario: params.scenario(arrangement, params.utilization),
        };
        Arrangement::ALL.map(scene).into()
    }

    fn command(params: &Params, seed: u64, replications: u64) -> Option<String> {
        Some(command::<Self>(params, seed, replications))
    }
}

/// The report of an arrangement at the operating point, if it is there.
fn operating(reports: &[Option<Report>], arrangement: Arrangement) -> Option<&Report> {
    let at = Arrangement::ALL.iter().position(|it| *it == arrangement)?;
    let report = reports.get(at)?.as_ref()?;
    report.stable.then_some(report)
}
