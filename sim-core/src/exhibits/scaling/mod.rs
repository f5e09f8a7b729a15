//! Exhibit `scaling`: one machine as large as needed against small machines, as many as needed.
//!
//! Both sides are bought for the same utilization. A core does one request at a time; each of c cores of a machine keeps
//! 1/(1 + σ(c−1)) of its speed (Amdahl), each of n machines 1/(1 + κn(n−1)) (coherency). The big machine is M/M/c; small ones
//! under random choice are M/M/c each with λ/n, plus the hop to the balancer, plus for writes the time until another machine has
//! a copy. Machines fail independently: a fleet is available while enough of them are up, and one balancer.

mod figures;
mod fleet;
mod readouts;
#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::parts::{self, command, few, milliseconds, ranging, share};
use super::{Card, Control, ControlKind, Exhibit, Preset, Readout, Room, Scene};
use crate::balancing::health::{ActiveChecks, Health};
use crate::balancing::{self};
use crate::distribution::Distribution;
use crate::error::InputError;
use crate::figure::{Figure, Role, Scale};
use crate::run::report::Report;
use crate::scenario::activity::{Branch, When};
use crate::scenario::{
    Activity, Arrivals, Class, Group, Horizon, Incident, ScalingLaw, Scenario, Station,
};
use crate::theory::detection::ActiveDetection;

use fleet::{Fleet, Way};

/// Mean work of a request, seconds of a core alone.
const WORK: f64 = 0.1;
/// The share of requests that write.
const WRITES: f64 = 0.2;
/// Requests measured in each replication of a steady state.
const REQUESTS: u64 = 10_000;
/// Traffic on the horizontal axes, requests per second.
const TRAFFIC: (f64, f64) = (5.0, 2_000.0);
/// Traffic simulated besides the operating point, requests per second.
const GRID: [f64; 3] = [20.0, 100.0, 500.0];
/// How long the outage is watched, when the machine dies, and when it is back; seconds.
const SPAN: f64 = 40.0;
const DEATH: f64 = 8.0;
const RETURN: f64 = 28.0;
/// Stretches that are averaged by themselves.
const STRETCHES: u32 = 40;
/// Health checks: seconds between two, checks in a row until a machine is taken out, and until it is let in again.
const INTERVAL: f64 = 1.0;
const FALL: u32 = 3;
const RISE: u32 = 2;
/// Names of the two resources.
const BIG: &str = "big";
const SMALL: &str = "small";

/// How long it takes to notice a dead machine.
static CHECKS: LazyLock<ActiveDetection> = LazyLock::new(|| {
    ActiveDetection::new(INTERVAL, INTERVAL, FALL, RISE).expect("the constants are valid")
});

/// The exhibit.
#[derive(Debug, Clone, Copy)]
pub struct Scaling;

/// Its slider values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// Requests per second.
    pub traffic: f64,
    /// Cores of a small machine.
    pub cores_each: u32,
    /// κ, the cost of agreeing for each pair of machines.
    pub coordination: f64,
    /// How the balancer chooses.
    pub policy: Policy,
    /// What is drawn.
    pub shown: Shown,
    /// The utilization that machines are bought for.
    pub target: f64,
    /// σ, the share of work that only one core of a machine can do at a time.
    pub core_contention: f64,
    /// To the balancer and on, and back, milliseconds.
    pub hop_ms: f64,
    /// Until a write is copied to another machine, milliseconds.
    pub sync_ms: f64,
    /// USD a month for a core of a small machine.
    pub small_price: f64,
    /// Balancers, any one of which is enough.
    pub balancers: u32,
    /// Mean time from repair to failure of a machine, days.
    pub mtbf_days: f64,
    /// Mean time to repair, minutes.
    pub mttr_minutes: f64,
    /// The response time that 99 % of requests should keep to, milliseconds.
    pub slo_ms: f64,
}

/// How the balancer chooses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Policy {
    /// Any machine with equal chances.
    Random,
    /// The machine with the fewest requests.
    LeastConnections,
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

impl Default for Params {
    fn default() -> Self {
        Self {
            traffic: 100.0,
            cores_each: 2,
            coordination: 0.000_1,
            policy: Policy::Random,
            shown: Shown::P99,
            target: 0.6,
            core_contention: 0.002,
            hop_ms: 1.0,
            sync_ms: 5.0,
            small_price: 35.0,
            balancers: 2,
            mtbf_days: 60.0,
            mttr_minutes: 60.0,
            slo_ms: 1_000.0,
        }
    }
}

impl Params {
    fn mtbf_seconds(&self) -> f64 {
        86_400.0 * self.mtbf_days
    }

    fn mttr_seconds(&self) -> f64 {
        60.0 * self.mttr_minutes
    }

    /// The fleet in its steady state, or from an empty start where there is none.
    fn steady(&self, fleet: &Fleet) -> Scenario {
        let class = Class::new(Arrivals::poisson(fleet.traffic));
        let mut scenario = match fleet.way {
            Way::Up => self.big(fleet),
            Way::Out => self.small(fleet),
        };
        scenario = scenario.with_class("request", class);
        scenario.horizon = if fleet.utilization() < 1.0 {
            Horizon::Steady {
                requests: Some(REQUESTS),
            }
        } else {
            Horizon::Transient { requests: REQUESTS }
        };
        format!("{} for {} requests/s", fleet.in_words(), fleet.traffic)
            .clone_into(&mut scenario.name);
        scenario
    }

    fn station(&self, cores: u32) -> Station {
        Station {
            service: Some(Distribution::exponential(WORK)),
            scalability: Some(ScalingLaw {
                contention: self.core_contention,
                coherency: 0.0,
            }),
            ..Station::new(cores)
        }
    }

    fn big(&self, fleet: &Fleet) -> Scenario {
        Scenario::empty()
            .with_resource(BIG, self.station(fleet.cores))
            .with_path(vec![Activity::work(BIG)])
    }

    fn small(&self, fleet: &Fleet) -> Scenario {
        let policy = match self.policy {
            Policy::Random => balancing::Policy::Random,
            Policy::LeastConnections => balancing::Policy::LeastConnections,
        };
        let checks = ActiveChecks {
            interval: INTERVAL,
            timeout: None,
            fall: FALL,
            rise: RISE,
            ..ActiveChecks::default()
        };
        let group = Group {
            coordination: Some(ScalingLaw {
                contention: 0.0,
                coherency: self.coordination,
            }),
            health: Some(Health {
                active: Some(checks),
                ..Health::default()
            }),
            station: self.station(fleet.cores),
            ..Group::new(fleet.machines, policy)
        };
        let constant = |ms: f64| Activity::Delay(Distribution::deterministic(ms / 1e3));
        let mut path = Vec::new();
        if self.hop_ms > 0.0 {
            path.push(constant(self.hop_ms));
        }
        path.push(Activity::balance(SMALL, vec![Activity::work(SMALL)]));
        if self.sync_ms > 0.0 {
            path.push(Activity::Choose(vec![Branch {
                when: When::Share(WRITES),
                path: vec![constant(self.sync_ms)],
            }]));
        }
        Scenario::empty()
            .with_resource(SMALL, group)
            .with_path(path)
    }

    /// A machine of the fleet dies and comes back.
    fn outage(&self, fleet: &Fleet) -> Scenario {
        let victim = match fleet.way {
            Way::Up => BIG.to_owned(),
            Way::Out => format!("{SMALL}[0]"),
        };
        let mut scenario = self
            .steady(fleet)
            .with_incident(Incident::kill(DEATH, &victim))
            .with_incident(Incident::revive(RETURN, &victim))
            .with_horizon(Horizon::Span { seconds: SPAN });
        scenario.probes.series = STRETCHES;
        scenario.name += ", a machine dies";
        scenario
    }

    /// What is simulated, in order: both in their steady state, both when a machine dies, then both at the traffic of the grid.
    fn fleets(&self) -> [[Fleet; 2]; 4] {
        let [first, second, third] = GRID;
        let both = |traffic| Way::BOTH.map(|way| self.fleet(way, traffic));
        [both(self.traffic), both(first), both(second), both(third)]
    }
}

const fn money(min: f64, max: f64) -> ControlKind {
    ControlKind::Number {
        min,
        max,
        step: 1.0,
        scale: Scale::Linear,
        unit: "USD",
        whole: false,
    }
}

const fn small_share(max: f64, step: f64) -> ControlKind {
    ControlKind::Number {
        min: 0.0,
        max,
        step,
        scale: Scale::Linear,
        unit: "%",
        whole: false,
    }
}

impl Exhibit for Scaling {
    type Params = Params;

    const CARD: Card = Card {
        id: "scaling",
        title: "Scale up or scale out?",
        group: "Fleets",
        blurb: "One machine as big as needed against many small ones: latency, cost, and what is left when a machine dies.",
    };

    const TEXT: &'static [&'static str] = &[
        "Traffic grows. One way is a bigger machine: all its cores share one queue, nothing has to be copied, and no balancer \
         stands in the way. The other is more small machines. At the same total capacity the big machine answers faster, \
         because nobody waits at it while a core is idle.",
        "But it ends: here at 96 cores and 384 GB there is no bigger one at any price. And when it dies, everything is gone until it is \
         back. Of many machines one that dies takes its share of requests with it until the health checks notice; then the others \
         carry its load, if they have room.",
        "Small machines pay for that with a hop, with copies of what was written, and with agreeing among each other. The cost of agreeing \
         grows with the pairs: beyond some number, one more machine makes all of them slower. And many machines behind a single \
         balancer are no safer than that balancer.",
    ];

    const CONTROLS: &'static [Control] = &[
        Control {
            key: "traffic",
            label: "Traffic",
            symbol: "λ",
            kind: ranging(TRAFFIC.0, TRAFFIC.1, "/s"),
            help: "Requests per second. Each is 100 ms of work for one core, exponentially distributed.",
            folded: false,
        },
        Control {
            key: "cores_each",
            label: "Cores of a small machine",
            symbol: "c",
            kind: few(1.0, 16.0),
            help: "Small machines are bought in this size, as many as the traffic needs.",
            folded: false,
        },
        Control {
            key: "coordination",
            label: "Cost of agreeing",
            symbol: "κ",
            kind: small_share(0.01, 0.000_1),
            help: "What each pair of machines costs, as a share of a machine's work: of n machines each takes 1 + κn(n−1) times as \
                   long. 0: they share nothing.",
            folded: false,
        },
        Control {
            key: "policy",
            label: "Balancer",
            symbol: "",
            kind: ControlKind::Choice {
                options: &[
                    ("random", "Random"),
                    ("least-connections", "Least connections"),
                ],
            },
            help: "How the balancer chooses a machine. Random has a formula. Least connections is faster, but takes a dead machine that \
                   refuses at once for an idle one until a check notices.",
            folded: false,
        },
        parts::SHOWN,
        Control {
            key: "target",
            label: "Utilization bought for",
            symbol: "ρ",
            kind: share(0.1, 0.95),
            help: "Either side has the fewest cores that keep to this utilization.",
            folded: true,
        },
        Control {
            key: "core_contention",
            label: "Contention of cores",
            symbol: "σ",
            kind: small_share(0.05, 0.000_5),
            help: "The share of work that only one core of a machine can do at a time: each of c cores takes 1 + σ(c−1) times as long.",
            folded: true,
        },
        Control {
            key: "hop_ms",
            label: "Hop to the balancer",
            symbol: "",
            kind: ControlKind::Number {
                min: 0.0,
                max: 50.0,
                step: 0.5,
                scale: Scale::Linear,
                unit: "ms",
                whole: false,
            },
            help: "What the way over the balancer adds to each request to small machines.",
            folded: true,
        },
        Control {
            key: "sync_ms",
            label: "Lag of copies",
            symbol: "",
            kind: ControlKind::Number {
                min: 0.0,
                max: 500.0,
                step: 5.0,
                scale: Scale::Linear,
                unit: "ms",
                whole: false,
            },
            help: "One request in five writes, and waits this long until another small machine has its copy.",
            folded: true,
        },
        Control {
            key: "small_price",
            label: "Price of a small machine's core",
            symbol: "",
            kind: money(2.0, 70.0),
            help: "USD a month. A core of a big machine costs 35; so does each balancer.",
            folded: true,
        },
        Control {
            key: "balancers",
            label: "Balancers",
            symbol: "",
            kind: few(1.0, 4.0),
            help: "Any one of them is enough. They fail like machines.",
            folded: true,
        },
        Control {
            key: "mtbf_days",
            label: "Days between failures",
            symbol: "MTBF",
            kind: ranging(1.0, 3_650.0, "d"),
            help: "Mean time from a repair to the next failure of a machine, big or small.",
            folded: true,
        },
        Control {
            key: "mttr_minutes",
            label: "Minutes to repair",
            symbol: "MTTR",
            kind: ranging(1.0, 10_080.0, "min"),
            help: "Mean time from a failure until the machine is back.",
            folded: true,
        },
        Control {
            key: "slo_ms",
            label: "Response time objective",
            symbol: "",
            kind: milliseconds(50.0, 30_000.0),
            help: "99 % of requests should be answered within this time. Minutes in which they are not are counted.",
            folded: true,
        },
    ];

    const PRESETS: &'static [Preset] = &[
        Preset {
            id: "growing",
            label: "A growing service",
            values: &[],
        },
        Preset {
            id: "equal-capacity",
            label: "Equal total capacity",
            values: &[
                ("traffic", "120"),
                ("cores_each", "4"),
                ("target", "0.75"),
                ("coordination", "0"),
                ("core_contention", "0"),
                ("hop_ms", "0"),
                ("sync_ms", "0"),
            ],
        },
        Preset {
            id: "cheap-machines",
            label: "Cheap commodity machines",
            values: &[
                ("cores_each", "1"),
                ("small_price", "8"),
                ("mtbf_days", "20"),
                ("traffic", "150"),
            ],
        },
        Preset {
            id: "beyond-the-ceiling",
            label: "Beyond the ceiling",
            values: &[
                ("traffic", "1000"),
                ("cores_each", "16"),
                ("coordination", "0"),
            ],
        },
        Preset {
            id: "chatty-state",
            label: "Chatty state",
            values: &[("coordination", "0.006"), ("sync_ms", "50")],
        },
        Preset {
            id: "single-balancer",
            label: "A single point of failure",
            values: &[("balancers", "1")],
        },
    ];

    const ROOM: Room = Room {
        readouts: &[126, 130, 98, 84, 152, 152],
        notes: &[&[155, 43, 26], &[194, 23], &[194, 23, 78], &[70], &[105]],
    };

    fn scenarios(params: &Params) -> Result<Vec<Scenario>, InputError> {
        let [here, grid @ ..] = params.fleets();
        let mut scenarios: Vec<Scenario> = here.iter().map(|it| params.steady(it)).collect();
        scenarios.extend(here.iter().map(|it| params.outage(it)));
        scenarios.extend(grid.iter().flatten().map(|it| params.steady(it)));
        scenarios.iter().try_for_each(Scenario::validate)?;
        Ok(scenarios)
    }

    fn figures(params: &Params, reports: &[Option<Report>]) -> Vec<Figure> {
        let found = Found::new(params, reports);
        vec![
            figures::latency(params, &found),
            figures::lost_when_one_dies(&found),
            figures::latency_when_one_dies(&found),
            figures::cost(params),
            figures::nines(params),
        ]
    }

    fn readouts(params: &Params, reports: &[Option<Report>]) -> Vec<Readout> {
        readouts::readouts(params, &Found::new(params, reports))
    }

    fn animated(params: &Params) -> Vec<Scene> {
        let [here, ..] = params.fleets();
        let scene = |fleet: &Fleet| Scene {
            letter: String::new(),
            name: parts::capital(fleet.way.label()),
            role: role(fleet.way),
            scenario: params.outage(fleet),
        };
        here.iter().map(scene).collect()
    }

    fn command(params: &Params, seed: u64, replications: u64) -> Option<String> {
        Some(command::<Self>(params, seed, replications))
    }
}

fn role(way: Way) -> Role {
    match way {
        Way::Up => parts::FIRST,
        Way::Out => parts::SECOND,
    }
}

/// One side at some traffic, with what is known of it.
struct Side<'a> {
    fleet: Fleet,
    report: Option<&'a Report>,
}

impl Side<'_> {
    /// The report, if it is one of a steady state.
    fn steady(&self) -> Option<&Report> {
        self.report.filter(|report| report.stable)
    }
}

/// What is known of all scenarios.
struct Found<'a> {
    /// At the reader's traffic.
    here: [Side<'a>; 2],
    /// The same with a machine that dies.
    outage: [Side<'a>; 2],
    /// At the traffic of the grid.
    grid: Vec<Side<'a>>,
}

impl<'a> Found<'a> {
    fn new(params: &Params, reports: &'a [Option<Report>]) -> Self {
        let report = |at: usize| reports.get(at).and_then(Option::as_ref);
        let [here, grid @ ..] = params.fleets();
        let pair = |from: usize| {
            [0, 1].map(|at| Side {
                fleet: here[at],
                report: report(from + at),
            })
        };
        let grid = grid.into_iter().flatten().enumerate();
        Self {
            here: pair(0),
            outage: pair(2),
            grid: grid
                .map(|(at, fleet)| Side {
                    fleet,
                    report: report(4 + at),
                })
                .collect(),
        }
    }
}
