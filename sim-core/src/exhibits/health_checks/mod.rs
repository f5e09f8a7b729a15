//! Exhibit `health-checks`: a server dies and comes back, and who watches it decides what that costs.
//!
//! One scenario with a script, many times over: seconds of calm, a death, an outage, a return. Requests come as a Poisson process.
//! Where they are sent to servers at random, each server is M/M/1 and what is lost has a closed form (`belief`). Where they are sent
//! to the server with the fewest, one that refuses at once has none and draws all of them: a black hole.

mod belief;
mod figures;
mod readouts;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use super::parts::{command, control, count, few, in_sight, share};
use super::{Card, Control, ControlKind, Exhibit, Preset, Readout, Room, Scene};
use crate::balancing;
use crate::balancing::health::{ActiveChecks, Health, MaxFails};
use crate::distribution::Distribution;
use crate::error::InputError;
use crate::figure::{Figure, Scale};
use crate::math;
use crate::run::report::Report;
use crate::scenario::activity::{Abandoned, Attempt};
use crate::scenario::script::Kill;
use crate::scenario::{Activity, Arrivals, Class, Group, Horizon, Incident, Scenario};
use crate::theory::detection::{ActiveDetection, Death};

use belief::{Belief, Passive};

/// Mean work of a request, seconds; and in the animation, where checks and requests are to be seen on one clock.
const WORK: f64 = 0.020;
const WORK_SEEN: f64 = 0.200;
/// Name of the group of servers, and of the one that dies.
const SERVERS: &str = "server";
const VICTIM: &str = "server[1]";
/// Seconds before the death, at least, and in the animation.
const CALM: f64 = 10.0;
const CALM_SEEN: f64 = 3.0;
/// Seconds after the return, at least and at most.
const AFTER: (f64, f64) = (15.0, 60.0);
/// Length of the stretches that are averaged by themselves, seconds; twice as long in a long span.
const STRETCH: f64 = 0.5;
const LONG: f64 = 90.0;
/// Where requests that time out at living servers are fewer than this share of those lost to the death, the formulas speak of it alone.
const NEGLIGIBLE: f64 = 0.01;

/// The exhibit.
#[derive(Debug, Clone, Copy)]
pub struct HealthChecks;

/// Its slider values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// Who finds out.
    pub checks: Checks,
    /// Seconds from one active check to the next.
    pub interval: f64,
    /// Failed checks in a row that take a server out.
    pub fall: u32,
    /// What the dead server does with those who turn to it.
    pub death: Dying,
    /// How the balancer chooses.
    pub policy: Policy,
    /// Further tries of a request that failed, at other servers.
    pub retries: u32,
    /// Good checks in a row that bring a server back.
    pub rise: u32,
    /// Seconds after which a check without an answer has failed.
    pub timeout: f64,
    /// Failed requests that take a server out.
    pub max_fails: u32,
    /// Seconds for which they do.
    pub fail_timeout: f64,
    /// Seconds after which a try of a request is given up.
    pub patience: f64,
    /// Seconds for which the server is dead.
    pub outage: u32,
    /// Servers n.
    pub servers: u32,
    /// Utilization while all are up.
    pub utilization: f64,
}

/// How the balancer finds out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Checks {
    /// It asks the servers itself.
    Active,
    /// It counts failed requests.
    Passive,
    /// It does both.
    Both,
    /// It does not.
    None,
}

/// What a dead server does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dying {
    /// It refuses.
    Refusing,
    /// It does not answer.
    Silent,
}

/// How the balancer chooses among servers that it believes to be up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Policy {
    /// Any server with equal chances.
    Random,
    /// The server with the fewest requests.
    LeastConnections,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            checks: Checks::Active,
            interval: 2.0,
            fall: 3,
            death: Dying::Refusing,
            policy: Policy::Random,
            retries: 0,
            rise: 2,
            timeout: 2.0,
            max_fails: 1,
            fail_timeout: 10.0,
            patience: 1.0,
            outage: 20,
            servers: 4,
            utilization: 0.5,
        }
    }
}

impl Params {
    fn has_active(&self) -> bool {
        matches!(self.checks, Checks::Active | Checks::Both)
    }

    fn has_passive(&self) -> bool {
        matches!(self.checks, Checks::Passive | Checks::Both)
    }

    fn is_silent(&self) -> bool {
        self.death == Dying::Silent
    }

    /// Requests per second.
    fn arrival_rate(&self) -> f64 {
        self.utilization * f64::from(self.servers) / WORK
    }

    /// Seconds before the death: every server has been checked by then.
    fn calm(&self) -> f64 {
        if self.has_active() {
            CALM.max(self.interval.ceil())
        } else {
            CALM
        }
    }

    fn outage(&self) -> f64 {
        f64::from(self.outage)
    }

    /// Seconds after the return.
    fn after(&self) -> f64 {
        let mut wanted = 0.0;
        if self.has_active() {
            wanted = f64::from(self.rise) * self.interval + 5.0;
        }
        if self.has_passive() {
            wanted = f64::max(wanted, self.fail_timeout + 5.0);
        }
        wanted.ceil().clamp(AFTER.0, AFTER.1)
    }

    fn span(&self) -> f64 {
        self.calm() + self.outage() + self.after()
    }

    /// Length of the stretches that are averaged by themselves, seconds.
    fn stretch(&self) -> f64 {
        if self.span() > LONG {
            2.0 * STRETCH
        } else {
            STRETCH
        }
    }

    /// Work of the other servers over what they can do, once nothing is sent to the dead one.
    fn without_it(&self) -> f64 {
        self.utilization * f64::from(self.servers) / f64::from(self.servers - 1)
    }

    fn health(&self) -> Health {
        let active = ActiveChecks {
            interval: self.interval,
            timeout: Some(self.timeout),
            fall: self.fall,
            rise: self.rise,
            ..ActiveChecks::default()
        };
        let passive = MaxFails {
            max_fails: self.max_fails,
            fail_timeout: self.fail_timeout,
        };
        Health {
            active: self.has_active().then_some(active),
            passive: self.has_passive().then_some(passive),
            ..Health::default()
        }
    }

    /// What theory knows of the balancer and the dead server.
    fn belief(&self) -> Belief {
        let checks = ActiveDetection::new(self.interval, self.timeout, self.fall, self.rise);
        let (death, failing) = match self.death {
            Dying::Refusing => (Death::Refusing, 0.0),
            Dying::Silent => (Death::Silent, self.patience),
        };
        let passive = Passive {
            max_fails: self.max_fails,
            fail_timeout: self.fail_timeout,
        };
        Belief {
            death,
            active: checks.ok().filter(|_| self.has_active()),
            passive: self.has_passive().then_some(passive),
            rate: self.utilization / WORK,
            utilization: self.utilization,
            failing,
        }
    }

    /// Whether theory's numbers are exact: they are not where failed requests take time and requests are what is counted.
    fn is_exact(&self) -> bool {
        !(self.has_passive() && self.is_silent())
    }

    /// Whether formulas tell who is lost: those of random choice, while living servers are calm.
    fn has_formula(&self) -> bool {
        self.policy == Policy::Random && self.is_calm()
    }

    /// Whether formulas tell when a death is noticed: active checks alone do not look at requests.
    fn has_detection(&self) -> bool {
        !self.has_passive() || self.has_formula()
    }

    /// Whether the death is all there is to lose requests by: living servers must answer in time, and passive checks must wait
    /// longer than a request does.
    fn is_calm(&self) -> bool {
        let busiest = self.without_it();
        if busiest >= 1.0
            || (self.has_passive() && self.is_silent() && self.fail_timeout <= self.patience)
        {
            return false;
        }
        let slow = math::exp(-self.patience * (1.0 - busiest) / WORK);
        let belief = self.belief();
        let lost = belief.inside() + belief.exposed(self.outage());
        self.arrival_rate() * self.span() * slow <= NEGLIGIBLE * lost
    }

    /// Requests that the death costs on average, if formulas hold and no other server is tried.
    fn lost_in_theory(&self) -> Option<f64> {
        let belief = self.belief();
        (self.has_formula() && self.retries == 0)
            .then(|| belief.inside() + belief.exposed(self.outage()))
    }

    fn balancer(&self) -> balancing::Policy {
        match self.policy {
            Policy::Random => balancing::Policy::Random,
            Policy::LeastConnections => balancing::Policy::LeastConnections,
        }
    }

    fn scenario(&self, work: f64, calm: f64, after: f64) -> Scenario {
        let group = Group {
            health: Some(self.health()),
            ..Group::new(self.servers, self.balancer())
        };
        let demand = Activity::demand(SERVERS, Distribution::exponential(work));
        let attempt = Attempt {
            timeout: Some(self.patience),
            retries: self.retries,
            backoff: None,
            abandoned: Abandoned::Stops,
            path: vec![Activity::balance(SERVERS, vec![demand])],
            otherwise: None,
        };
        let kill = Kill {
            at: calm,
            server: VICTIM.into(),
            silent: self.is_silent(),
        };
        let rate = self.utilization * f64::from(self.servers) / work;
        Scenario::empty()
            .with_class("request", Class::new(Arrivals::poisson(rate)))
            .with_resource(SERVERS, group)
            .with_path(vec![Activity::Attempt(attempt)])
            .with_incident(Incident::Kill(kill))
            .with_incident(Incident::revive(calm + self.outage(), VICTIM))
            .with_horizon(Horizon::Span {
                seconds: calm + self.outage() + after,
            })
    }

    /// A death and a return, stretch by stretch.
    fn watched(&self) -> Scenario {
        let mut scenario = self.scenario(WORK, self.calm(), self.after());
        // Spans are whole seconds, two minutes and a half at most.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a small whole number"
        )]
        let stretches = (self.span() / self.stretch()) as u32;
        scenario.probes.series = stretches;
        scenario.probes.tail = true;
        scenario
    }

    /// The same with fewer and longer requests, to be seen.
    fn seen(&self) -> Scenario {
        let slower = Self {
            patience: self.patience * 4.0,
            ..self.clone()
        };
        let calm = if self.has_active() {
            CALM_SEEN.max(self.interval)
        } else {
            CALM_SEEN
        };
        slower.scenario(WORK_SEEN, calm, self.after())
    }
}

/// A slider for a time in seconds.
const fn seconds(min: f64, max: f64, whole: bool) -> ControlKind {
    ControlKind::Number {
        min,
        max,
        step: 0.1,
        scale: Scale::Log,
        unit: "s",
        whole,
    }
}

impl Exhibit for HealthChecks {
    type Params = Params;

    const CARD: Card = Card {
        id: "health-checks",
        title: "A server dies. Who notices?",
        group: "Failures",
        blurb: "Between a death and its detection, requests are sent into the void: how many is arithmetic.",
    };

    const TEXT: &'static [&'static str] = &[
        "One of four servers dies, and the balancer does not know. Every fourth request goes there as before and is lost, until \
         health checks have taken the server out. How long that takes follows from a few numbers in a configuration file: a check \
         every two seconds, three failures in a row, and the death has been noticed after five seconds on average.",
        "Passive checks count failed requests instead. With much traffic they notice at once; but each time they try the server \
         again, a request pays for it. A server that refuses connections is a kind death: one that does not answer makes \
         every check and every request wait for its timeout first. But to a balancer that counts connections the kind one looks idle, \
         and draws more requests than its share.",
        "Retrying at another server hides a death from most readers of an error rate, but not from the clock: each retried request \
         has waited for its first try to fail. And whoever takes a server out sends its work to the others, who must have \
         the room.",
        "In the animation requests are ten times as long and as rare, and four times as patient, so that they and the checks \
         are seen on one clock. Kill and revive servers yourself: click one, or use the buttons below it.",
    ];

    const CONTROLS: &'static [Control] = &[
        in_sight(control(
            "checks",
            "Checks",
            ControlKind::Choice {
                options: &[
                    ("active", "Active"),
                    ("passive", "Passive"),
                    ("both", "Both"),
                    ("none", "None"),
                ],
            },
            "Active: the balancer asks each server itself at regular times, as HAProxy does. Passive: it counts requests that fail, as nginx does.",
        )),
        in_sight(control(
            "interval",
            "Interval",
            seconds(0.2, 30.0, false),
            "Active checks: seconds from the beginning of one to that of the next.",
        )),
        in_sight(control(
            "fall",
            "Failures it takes (fall)",
            count(1.0, 10.0),
            "Active checks: failed ones in a row after which a server is taken out.",
        )),
        in_sight(control(
            "death",
            "Death",
            ControlKind::Choice {
                options: &[("refusing", "Refuses"), ("silent", "Silent")],
            },
            "Refuses: the process is gone and the machine says so at once. Silent: nobody answers, and whoever turns to it waits for a timeout.",
        )),
        in_sight(control(
            "retries",
            "Retries elsewhere",
            few(0.0, 5.0),
            "Further tries of a request that failed, each at a server it has not tried.",
        )),
        control(
            "policy",
            "Balancer",
            ControlKind::Choice {
                options: &[
                    ("random", "Random"),
                    ("least-connections", "Least connections"),
                ],
            },
            "How it chooses a server. Random has formulas. Least connections takes one that refuses at once for an idle one.",
        ),
        control(
            "rise",
            "Successes it takes (rise)",
            count(1.0, 10.0),
            "Active checks: good ones in a row after which a server is used again.",
        ),
        control(
            "timeout",
            "Timeout of a check",
            seconds(0.1, 30.0, false),
            "Active checks: seconds after which one without an answer has failed. Counts only where the death is silent.",
        ),
        control(
            "max_fails",
            "Failed requests it takes (max_fails)",
            count(1.0, 10.0),
            "Passive checks: failed requests after which a server is left out.",
        ),
        control(
            "fail_timeout",
            "Left out for (fail_timeout)",
            seconds(1.0, 60.0, false),
            "Passive checks: seconds after which one request is sent there again, to see.",
        ),
        control(
            "patience",
            "Timeout of a request",
            seconds(0.2, 10.0, false),
            "Seconds after which a try without an answer is given up.",
        ),
        control(
            "outage",
            "Dead for",
            seconds(2.0, 60.0, true),
            "Seconds from the death to the return of the server.",
        ),
        control(
            "servers",
            "Servers",
            count(2.0, 10.0),
            "Servers behind the balancer. Arrivals grow along with them.",
        ),
        Control {
            symbol: "ρ",
            ..control(
                "utilization",
                "Utilization",
                share(0.05, 0.9),
                "Work that arrives over work that all servers together can do while all are up.",
            )
        },
    ];

    const PRESETS: &'static [Preset] = &[
        Preset {
            id: "haproxy",
            label: "HAProxy's defaults",
            values: &[],
        },
        Preset {
            id: "nginx",
            label: "nginx's defaults",
            values: &[("checks", "passive"), ("retries", "1")],
        },
        Preset {
            id: "aggressive",
            label: "Aggressive checks",
            values: &[("interval", "0.5"), ("fall", "1"), ("timeout", "0.5")],
        },
        Preset {
            id: "silent",
            label: "Silent death",
            values: &[("death", "silent")],
        },
        Preset {
            id: "hidden",
            label: "Retries hide it",
            values: &[("death", "silent"), ("retries", "1")],
        },
        Preset {
            id: "black-hole",
            label: "A black hole",
            values: &[
                ("policy", "least-connections"),
                ("servers", "10"),
                ("utilization", "0.8"),
                ("patience", "2"),
            ],
        },
        Preset {
            id: "no-room",
            label: "No room for its work",
            values: &[("servers", "3"), ("utilization", "0.8")],
        },
        Preset {
            id: "nobody",
            label: "Nobody checks",
            values: &[("checks", "none")],
        },
    ];

    const ROOM: Room = Room {
        readouts: &[99, 92, 149, 222, 91],
        notes: &[&[51], &[51, 64]],
    };

    fn scenarios(params: &Params) -> Result<Vec<Scenario>, InputError> {
        let scenario = params.watched();
        scenario.validate()?;
        Ok(vec![scenario])
    }

    fn figures(params: &Params, reports: &[Option<Report>]) -> Vec<Figure> {
        let report = reports.first().and_then(Option::as_ref);
        vec![
            figures::errors(params, report),
            figures::latency(params, report),
        ]
    }

    fn readouts(params: &Params, reports: &[Option<Report>]) -> Vec<Readout> {
        let report = reports.first().and_then(Option::as_ref);
        readouts::readouts(params, report)
    }

    fn animated(params: &Params) -> Vec<Scene> {
        vec![Scene::alone(params.seen())]
    }

    fn command(params: &Params, seed: u64, replications: u64) -> Option<String> {
        Some(command::<Self>(params, seed, replications))
    }
}
