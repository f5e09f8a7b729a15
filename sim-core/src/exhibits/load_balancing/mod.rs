//! Exhibit `load-balancing`: two policies side by side on the same traffic.
//!
//! Both scenarios have the same classes, servers and path; only the policy differs. Arrivals, clients and demands come from
//! streams of their own, so both see the same requests (common random numbers), and the difference is read replication by
//! replication.

mod figures;
mod imbalance;
mod named;
mod readouts;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use super::parts::{self, command, count, number, share};
use super::{Card, Control, ControlKind, Exhibit, Preset, Readout, Room, Scene};
use crate::balancing::{Policy, PowerOfChoices};
use crate::distribution::Distribution;
use crate::error::InputError;
use crate::figure::Figure;
use crate::run::least_warm_up;
use crate::run::report::Report;
use crate::scenario::{Activity, Arrivals, Class, Clients, Group, Horizon, Member, Scenario};

pub use named::NamedPolicy;

/// Mean work of a request, seconds at speed 1.
const WORK: f64 = 0.010;
/// Requests measured in each replication.
const REQUESTS: u64 = 30_000;
/// How long both are watched from an empty start, seconds: 300 mean works; and the stretches that are averaged by themselves.
const SPAN: f64 = 300.0 * WORK;
const STRETCHES: u32 = 30;
/// Who sends the requests.
const CLIENTS: u32 = 10_000;
/// Name of the group of servers.
const SERVERS: &str = "server";

/// The exhibit.
#[derive(Debug, Clone, Copy)]
pub struct LoadBalancing;

/// Its slider values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// The first policy.
    pub policy_a: NamedPolicy,
    /// The second policy.
    pub policy_b: NamedPolicy,
    /// Work that arrives over work that all servers together can do.
    pub utilization: f64,
    /// Servers n.
    pub servers: u32,
    /// How fast they are, and what the balancers are told of it.
    pub speeds: Speeds,
    /// Squared coefficient of variation of the work of a request.
    pub service_scv: f64,
    /// How unevenly clients send: the i-th in proportion to 1/i^skew.
    pub client_skew: f64,
    /// Balancers side by side.
    pub balancers: u32,
}

/// The speeds of the servers and the weights that the balancers know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Speeds {
    /// All alike.
    Equal,
    /// The last one works at half speed, and nobody was told.
    OneSlow,
    /// The last one works twice as fast and has weight 2.
    FastWeighted,
    /// The last one works twice as fast and has weight 1 like the others.
    FastUnweighted,
}

impl Speeds {
    /// The last server beside the others, which have speed 1 and weight 1.
    fn last(self) -> Member {
        let (speed, weight) = match self {
            Self::Equal => (1.0, 1),
            Self::OneSlow => (0.5, 1),
            Self::FastWeighted => (2.0, 2),
            Self::FastUnweighted => (2.0, 1),
        };
        Member {
            count: 1,
            speed,
            weight,
            ..Member::default()
        }
    }
}

impl Default for Params {
    fn default() -> Self {
        Self {
            policy_a: NamedPolicy(Policy::RoundRobin),
            policy_b: NamedPolicy(Policy::PowerOfChoices(PowerOfChoices::default())),
            utilization: 0.85,
            servers: 10,
            speeds: Speeds::Equal,
            service_scv: 1.0,
            client_skew: 0.0,
            balancers: 1,
        }
    }
}

impl Params {
    /// Requests per second.
    fn arrival_rate(&self) -> f64 {
        let speed = f64::from(self.servers - 1) + self.speeds.last().speed;
        self.utilization * speed / WORK
    }

    /// The traffic under one of the policies: in its steady state, or from an empty start where there certainly is none.
    fn under(&self, policy: &NamedPolicy) -> Scenario {
        let others = Member {
            count: self.servers - 1,
            ..Member::default()
        };
        let group = Group {
            members: vec![others, self.speeds.last()],
            balancers: self.balancers,
            ..Group::new(0, policy.0.clone())
        };
        let class = Class {
            clients: Clients {
                count: CLIENTS,
                skew: self.client_skew,
            },
            ..Class::new(Arrivals::poisson(self.arrival_rate()))
        };
        let work = Activity::demand(SERVERS, Distribution::with_scv(WORK, self.service_scv));
        let mut scenario = Scenario::empty()
            .with_class("request", class)
            .with_resource(SERVERS, group)
            .with_path(vec![Activity::balance(SERVERS, vec![work])])
            .with_horizon(Horizon::Steady {
                requests: Some(REQUESTS),
            });
        policy.name().clone_into(&mut scenario.name);
        if scenario.load().certain_overload().is_some() {
            scenario.horizon = Horizon::Transient { requests: REQUESTS };
        }
        scenario
    }

    /// The traffic under both policies. Compared replication by replication, both are watched over the same time.
    fn pair(&self) -> [Scenario; 2] {
        let mut pair = self.policies().map(|policy| self.under(policy));
        let warm_up = pair.iter().map(least_warm_up).fold(0.0, f64::max);
        for scenario in &mut pair {
            scenario.warm_up = warm_up;
        }
        pair
    }

    /// The same traffic from an empty start, watched over time.
    fn filling(&self, policy: &NamedPolicy) -> Scenario {
        let mut scenario = self
            .under(policy)
            .with_horizon(Horizon::Span { seconds: SPAN });
        scenario.probes.series = STRETCHES;
        scenario.name += ", from an empty start";
        scenario
    }

    /// Both policies, A first.
    fn policies(&self) -> [&NamedPolicy; 2] {
        [&self.policy_a, &self.policy_b]
    }
}

const fn policy_control(key: &'static str, label: &'static str, help: &'static str) -> Control {
    Control {
        key,
        label,
        symbol: "",
        kind: ControlKind::Choice {
            options: named::OPTIONS,
        },
        help,
        folded: false,
    }
}

impl Exhibit for LoadBalancing {
    type Params = Params;

    const CARD: Card = Card {
        id: "load-balancing",
        title: "Who gets the next request?",
        group: "Many servers",
        blurb: "Two load-balancing policies on the same traffic: the same servers, and quite another tail.",
    };

    const TEXT: &'static [&'static str] = &[
        "Ten servers, ten queues, and a balancer that must say at once where a request goes. Whoever is sent to the wrong \
         queue waits there while a server next door is idle, and no queue can be left again.",
        "A policy that looks at nothing, such as random or round robin, sends requests to busy servers as gladly as to idle ones. \
         Looking at two servers and taking the emptier one removes most of the tail; looking at all of them removes \
         little more. But what a policy counts matters: with many balancers each knows only its own requests, and a hash of \
         the client's address knows nothing of load at all.",
        "Both policies here see the same requests at the same moments with the same work, so the difference is the policy's \
         own.",
    ];

    const CONTROLS: &'static [Control] = &[
        policy_control(
            "policy_a",
            "Policy A",
            "How the balancer chooses a server: the blue one in the figures.",
        ),
        policy_control(
            "policy_b",
            "Policy B",
            "The policy to compare with, on the same traffic: the green one in the figures.",
        ),
        Control {
            key: "utilization",
            label: "Utilization",
            symbol: "ρ",
            kind: share(0.05, 0.98),
            help: "Work that arrives over work that all servers together can do. Uneven policies keep some servers busier.",
            folded: false,
        },
        Control {
            key: "servers",
            label: "Servers",
            symbol: "n",
            kind: count(2.0, 50.0),
            help: "Servers with a queue each. Arrivals grow along with them.",
            folded: false,
        },
        Control {
            key: "speeds",
            label: "Speeds",
            symbol: "",
            kind: ControlKind::Choice {
                options: &[
                    ("equal", "Equal"),
                    ("one-slow", "One slow"),
                    ("fast-weighted", "One fast, weight 2"),
                    ("fast-unweighted", "One fast, weight 1"),
                ],
            },
            help: "The last server works at half the speed of the others, or at twice their speed with the right weight, 2, or a wrong \
                   one, 1. Only some policies look at weights.",
            folded: false,
        },
        Control {
            key: "service_scv",
            label: "Variability of work",
            symbol: "C²s",
            kind: number(16.0, 0.25),
            help: "Variance of the work of a request over its squared mean. 0: all alike; 1: exponential; more: mostly small, \
                   now and then huge.",
            folded: true,
        },
        Control {
            key: "client_skew",
            label: "Skew of clients",
            symbol: "",
            kind: number(1.5, 0.05),
            help: "How unevenly ten thousand clients send: 0 all alike; 1 the i-th sends 1/i as much as the first. Policies that \
                   hash the client feel it.",
            folded: true,
        },
        Control {
            key: "balancers",
            label: "Balancers",
            symbol: "",
            kind: count(1.0, 20.0),
            help: "Balancers side by side that take requests in turn. Each knows only the requests it sent itself.",
            folded: true,
        },
    ];

    const PRESETS: &'static [Preset] = &[
        Preset {
            id: "equal-servers",
            label: "Equal servers",
            values: &[],
        },
        Preset {
            id: "one-slow-server",
            label: "One slow server",
            values: &[
                ("policy_b", "least-connections"),
                ("speeds", "one-slow"),
                ("utilization", "0.5"),
            ],
        },
        Preset {
            id: "many-balancers",
            label: "Many balancers",
            values: &[
                ("policy_a", "least-connections"),
                ("policy_b", "power-of-choices"),
                ("balancers", "20"),
                ("utilization", "0.9"),
            ],
        },
        Preset {
            id: "skewed-clients",
            label: "IP hash, skewed clients",
            values: &[
                ("policy_a", "ip-hash"),
                ("policy_b", "bounded-hash"),
                ("client_skew", "0.8"),
                ("utilization", "0.6"),
            ],
        },
        Preset {
            id: "wrong-weights",
            label: "Wrong weights",
            values: &[
                ("policy_a", "weighted-round-robin"),
                ("policy_b", "least-connections"),
                ("speeds", "fast-unweighted"),
            ],
        },
    ];

    const ROOM: Room = Room {
        readouts: &[104, 122, 118, 122, 172],
        notes: &[&[88, 43, 26], &[116, 23], &[181], &[66, 43, 26]],
    };

    /// Both policies in their steady state, then both from an empty start.
    fn scenarios(params: &Params) -> Result<Vec<Scenario>, InputError> {
        let steady = params.pair();
        let growing = params.policies().map(|policy| params.filling(policy));
        let scenarios = [steady, growing].concat();
        scenarios.iter().try_for_each(Scenario::validate)?;
        Ok(scenarios)
    }

    fn figures(params: &Params, reports: &[Option<Report>]) -> Vec<Figure> {
        let sides = sides(params, reports);
        vec![
            figures::percentiles(params, &sides),
            imbalance::figure(&sides),
            figures::histogram(params, &sides),
            figures::servers(params, &sides),
        ]
    }

    fn readouts(params: &Params, reports: &[Option<Report>]) -> Vec<Readout> {
        readouts::readouts(params, &sides(params, reports))
    }

    fn animated(params: &Params) -> Vec<Scene> {
        let sides = sides(params, &[]);
        let scene = |((letter, side), scenario): ((&str, &Side), Scenario)| Scene {
            letter: letter.to_owned(),
            name: format!("{letter}: {}", side.policy.name()),
            role: side.role,
            scenario,
        };
        let letters = ["A", "B"].into_iter().zip(&sides);
        letters.zip(params.pair()).map(scene).collect()
    }

    fn command(params: &Params, seed: u64, replications: u64) -> Option<String> {
        Some(command::<Self>(params, seed, replications))
    }
}

/// One of the two policies with what is known of it.
struct Side<'a> {
    policy: &'a NamedPolicy,
    role: crate::figure::Role,
    report: Option<&'a Report>,
    /// From an empty start.
    growing: Option<&'a Report>,
}

impl Side<'_> {
    /// The report, if it is one of a steady state.
    fn steady(&self) -> Option<&Report> {
        self.report.filter(|report| report.stable)
    }
}

fn sides<'a>(params: &'a Params, reports: &'a [Option<Report>]) -> [Side<'a>; 2] {
    let report = |at: usize| reports.get(at).and_then(Option::as_ref);
    let side = |at: usize, role| Side {
        policy: params.policies()[at],
        role,
        report: report(at),
        growing: report(2 + at),
    };
    [side(0, parts::FIRST), side(1, parts::SECOND)]
}
