//! Exhibit `autoscaling`: servers that follow the traffic of a day, beside as many as its highest moment needs.
//!
//! The day is shortened to 24 minutes; all else has its true length. Traffic is λ(t) = λ·(1 − a·cos 2πt/T) in steps, times the
//! spike for one minute. For the utilization ρ aimed at, λ(t)·s/ρ servers are needed at each moment, s being the mean work.

mod figures;
mod readouts;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use super::parts::{self, command, few, milliseconds, share};
use super::{Card, Control, ControlKind, Exhibit, Preset, Readout, Room, Scene};
use crate::autoscaling::{Autoscaler, Scaling};
use crate::balancing::Policy;
use crate::distribution::Distribution;
use crate::error::InputError;
use crate::figure::{Figure, Role, Scale};
use crate::math;
use crate::run::report::{Quantity, Report, SeriesReport};
use crate::scenario::arrivals::{Step, Steps};
use crate::scenario::{Activity, Arrivals, Class, Group, Horizon, Scenario, Station};

/// Length of the day, seconds.
const DAY: f64 = 24.0 * 60.0;
/// Steps of the traffic.
const STEPS: u32 = 144;
/// When the spike begins and ends, seconds: the twentieth hour.
const SPIKE: (f64, f64) = (19.0 * 60.0, 20.0 * 60.0);
/// Stretches that are averaged by themselves.
const STRETCHES: u32 = 72;
/// Mean work of a request, seconds.
const WORK: f64 = 0.2;
/// How long a request waits for its answer, seconds.
const PATIENCE: f64 = 5.0;
/// The most servers.
const MOST: u32 = 60;
/// Name of the group of servers.
const SERVERS: &str = "server";
/// USD for a server and hour: a core at 35 USD a month.
const PRICE: f64 = 35.0 / 730.5;

/// The exhibit.
#[derive(Debug, Clone, Copy)]
pub struct Autoscaling;

pub use crate::autoscaling::Rule;

/// Its slider values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// The utilization aimed at.
    pub target: f64,
    /// Seconds from the order of a server until it serves.
    pub provisioning: f64,
    /// How the autoscaler decides.
    pub rule: Rule,
    /// By the rule of Kubernetes, seconds that it looks back before it takes servers away.
    pub window: f64,
    /// By the rule of cooldowns, seconds after a change in which there is no other.
    pub cooldown: f64,
    /// How many times the usual traffic comes in the spike.
    pub spike: f64,
    /// The most servers.
    pub max: u32,
    /// The fewest servers; `max` where that is less.
    pub min: u32,
    /// Mean traffic, requests per second.
    pub traffic: f64,
    /// Swing of the traffic over the day, as a share of its mean.
    pub swing: f64,
    /// The response time that 99 % of requests should keep to, milliseconds.
    pub slo_ms: f64,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            target: 0.6,
            provisioning: 30.0,
            rule: Rule::Kubernetes,
            window: 60.0,
            cooldown: 30.0,
            spike: 3.0,
            max: 40,
            min: 4,
            traffic: 30.0,
            swing: 0.6,
            slo_ms: 1_500.0,
        }
    }
}

/// Who decides how many servers there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Plan {
    Scaled,
    Fixed,
}

impl Plan {
    const BOTH: [Self; 2] = [Self::Scaled, Self::Fixed];

    fn label(self) -> &'static str {
        match self {
            Self::Scaled => "autoscaled",
            Self::Fixed => "fixed",
        }
    }

    fn role(self) -> Role {
        match self {
            Self::Scaled => parts::FIRST,
            Self::Fixed => parts::SECOND,
        }
    }
}

impl Params {
    /// The fewest servers, no more than the most.
    fn fewest(&self) -> u32 {
        self.min.min(self.max)
    }

    /// Requests per second at a moment of the day.
    fn rate(&self, time: f64) -> f64 {
        let angle = 2.0 * std::f64::consts::PI * time / DAY;
        let usual = self.traffic * (1.0 - self.swing * math::cos(angle));
        let times = if (SPIKE.0..SPIKE.1).contains(&time) {
            self.spike
        } else {
            1.0
        };
        usual * times
    }

    /// The middles of the steps of the traffic.
    fn moments() -> impl Iterator<Item = f64> {
        (0..STEPS).map(|i| (f64::from(i) + 0.5) * DAY / f64::from(STEPS))
    }

    /// How many servers have the utilization aimed at, not rounded.
    fn needed(&self, time: f64) -> f64 {
        self.rate(time) * WORK / self.target
    }

    /// As many as the highest moment needs, and no more than the group may have.
    fn headroom(&self) -> u32 {
        let highest = Self::moments()
            .map(|it| self.needed(it))
            .fold(0.0, f64::max);
        (1..MOST).find(|&n| f64::from(n) >= highest).unwrap_or(MOST)
    }

    fn servers(&self, plan: Plan) -> (u32, u32) {
        match plan {
            Plan::Scaled => (self.fewest(), self.max),
            Plan::Fixed => (self.headroom(), self.headroom()),
        }
    }

    /// How soon the autoscaler acts, by its rule.
    fn pace(&self) -> Autoscaler {
        match self.rule {
            Rule::Kubernetes => Autoscaler {
                scale_down: Some(Scaling {
                    stabilization: Some(self.window),
                    ..Scaling::default()
                }),
                ..Autoscaler::default()
            },
            Rule::Cooldown => Autoscaler {
                cooldown_out: Some(self.cooldown),
                cooldown_in: Some(self.cooldown),
                ..Autoscaler::default()
            },
        }
    }

    fn scenario(&self, plan: Plan) -> Scenario {
        let (min, max) = self.servers(plan);
        let autoscaler = Autoscaler {
            rule: self.rule,
            target: self.target,
            min,
            max,
            provisioning: self.provisioning,
            ..self.pace()
        };
        let group = Group {
            autoscaler: Some(autoscaler),
            station: Station {
                service: Some(Distribution::exponential(WORK)),
                ..Station::default()
            },
            ..Group::new(max, Policy::LeastConnections)
        };
        let steps = Self::moments().map(|time| Step {
            seconds: DAY / f64::from(STEPS),
            rate: self.rate(time),
        });
        let traffic = Steps {
            steps: steps.collect(),
        };
        let work = vec![Activity::work(SERVERS)];
        let served = vec![Activity::balance(SERVERS, work)];
        let mut scenario = Scenario::empty()
            .with_class("request", Class::new(Arrivals::Steps(traffic)))
            .with_resource(SERVERS, group)
            .with_path(vec![Activity::attempt(Some(PATIENCE), 0, served)])
            .with_horizon(Horizon::Span { seconds: DAY });
        plan.label().clone_into(&mut scenario.name);
        scenario.probes.series = STRETCHES;
        scenario.probes.tail = true;
        scenario
    }
}

const fn seconds(min: f64, max: f64, step: f64) -> ControlKind {
    ControlKind::Number {
        min,
        max,
        step,
        scale: Scale::Linear,
        unit: "s",
        whole: false,
    }
}

const fn number(min: f64, max: f64, step: f64) -> ControlKind {
    ControlKind::Number {
        min,
        max,
        step,
        scale: Scale::Linear,
        unit: "",
        whole: false,
    }
}

impl Exhibit for Autoscaling {
    type Params = Params;

    const CARD: Card = Card {
        id: "autoscaling",
        title: "Servers that follow the traffic",
        group: "Fleets",
        blurb: "A day of traffic with a spike: how far behind an autoscaler is, and what enough servers all day would cost.",
    };

    const TEXT: &'static [&'static str] = &[
        "Traffic is low at night and high in the day. Whoever rents enough servers for the highest moment pays for idle ones \
         all night. An autoscaler watches how busy the servers are and orders more, or sends some away, to keep them at the \
         utilization aimed at.",
        "It follows the slow swing of the day easily. A spike is another matter: it must first be seen, then a server must be \
         ordered and start, and until then the queue grows. A new server helps after the provisioning delay and no sooner; \
         requests that wait longer than 5 s give up.",
        "Kubernetes looks every 15 s. It orders more at once, twice as many or four more at most, and counts servers on their way as \
         idle. Before it takes any away it looks back over a window and keeps as many as were wanted at its busiest moment, so that a \
         short dip costs nothing. Simpler autoscalers have a cooldown instead: after a change they wait.",
        "The day here is shortened to 24 minutes, an hour to one minute; provisioning, windows and requests have their true length. So a \
         delay weighs more than it would in a day of 24 hours, and all counts of minutes and hours are of the short day.",
    ];

    const CONTROLS: &'static [Control] = &[
        Control {
            key: "target",
            label: "Utilization aimed at",
            symbol: "ρ",
            kind: share(0.2, 0.95),
            help: "The autoscaler wants as many servers as have this utilization. Lower: more headroom, more cost.",
            folded: false,
        },
        Control {
            key: "provisioning",
            label: "Provisioning delay",
            symbol: "",
            kind: seconds(0.0, 180.0, 5.0),
            help: "From the order of a server until it serves; it is paid for meanwhile.",
            folded: false,
        },
        Control {
            key: "window",
            label: "Scale-down window",
            symbol: "",
            kind: seconds(0.0, 300.0, 5.0),
            help: "By the rule of Kubernetes: servers are taken away down to the highest number wanted in this time. Its usual 300 s are five hours of this day.",
            folded: false,
        },
        Control {
            key: "spike",
            label: "Size of the spike",
            symbol: "",
            kind: number(1.0, 5.0, 0.1),
            help: "For one minute, the twentieth hour of the day, this many times the usual traffic comes. 1: no spike.",
            folded: false,
        },
        Control {
            key: "max",
            label: "Most servers",
            symbol: "",
            kind: few(1.0, MOST as f64),
            help: "The autoscaler never has more.",
            folded: false,
        },
        Control {
            key: "min",
            label: "Fewest servers",
            symbol: "",
            kind: few(1.0, MOST as f64),
            help: "The autoscaler never has fewer, and begins the day with these. Where it is above the most, the most count.",
            folded: true,
        },
        Control {
            key: "rule",
            label: "Autoscaler",
            symbol: "",
            kind: ControlKind::Choice {
                options: &[("kubernetes", "Kubernetes"), ("cooldown", "Cooldown")],
            },
            help: "Kubernetes: more at once, fewer once no more were wanted for a while. Cooldown: no change for a while after the last one.",
            folded: true,
        },
        Control {
            key: "cooldown",
            label: "Cooldown",
            symbol: "",
            kind: seconds(0.0, 300.0, 5.0),
            help: "By the rule of cooldowns: after servers were added no more are for this long; after any change none are taken away for as long.",
            folded: true,
        },
        Control {
            key: "traffic",
            label: "Mean traffic",
            symbol: "λ",
            kind: number(1.0, 60.0, 1.0),
            help: "Requests per second without the spike, mean of the day. Each is 200 ms of work for one server, exponentially distributed.",
            folded: true,
        },
        Control {
            key: "swing",
            label: "Swing of the day",
            symbol: "a",
            kind: share(0.0, 1.0),
            help: "How far the traffic falls at midnight and rises at noon, as a share of its mean.",
            folded: true,
        },
        Control {
            key: "slo_ms",
            label: "Response time objective",
            symbol: "",
            kind: milliseconds(50.0, 5_000.0),
            help: "99 % of requests should be answered within this time.",
            folded: true,
        },
    ];

    const PRESETS: &'static [Preset] = &[
        Preset {
            id: "evening-spike",
            label: "An evening spike",
            values: &[],
        },
        Preset {
            id: "instant-servers",
            label: "Servers at once",
            values: &[("provisioning", "0"), ("window", "0")],
        },
        Preset {
            id: "slow-to-start",
            label: "Slow to start",
            values: &[("provisioning", "120"), ("window", "120")],
        },
        Preset {
            id: "cooldowns",
            label: "Cooldowns instead",
            values: &[("rule", "cooldown")],
        },
        Preset {
            id: "calm-day",
            label: "A day without a spike",
            values: &[("spike", "1")],
        },
        Preset {
            id: "too-few-allowed",
            label: "Too few allowed",
            values: &[("max", "12")],
        },
        Preset {
            id: "fixed-size",
            label: "Fewest = most",
            values: &[("min", "16"), ("max", "16")],
        },
    ];

    const ROOM: Room = Room {
        readouts: &[71, 185, 141, 162],
        notes: &[&[65, 41, 55], &[41, 55, 89], &[41, 55]],
    };

    fn scenarios(params: &Params) -> Result<Vec<Scenario>, InputError> {
        let scenarios: Vec<_> = Plan::BOTH.map(|plan| params.scenario(plan)).into();
        scenarios.iter().try_for_each(Scenario::validate)?;
        Ok(scenarios)
    }

    fn figures(params: &Params, reports: &[Option<Report>]) -> Vec<Figure> {
        let days = days(reports);
        vec![
            figures::servers(params, &days),
            figures::p99(params, &days),
            figures::lost(params, &days),
        ]
    }

    fn readouts(params: &Params, reports: &[Option<Report>]) -> Vec<Readout> {
        readouts::readouts(params, &days(reports))
    }

    fn animated(params: &Params) -> Vec<Scene> {
        let scene = |plan: Plan| Scene {
            letter: String::new(),
            name: parts::capital(plan.label()),
            role: plan.role(),
            scenario: params.scenario(plan),
        };
        Plan::BOTH.map(scene).into()
    }

    fn command(params: &Params, seed: u64, replications: u64) -> Option<String> {
        Some(command::<Self>(params, seed, replications))
    }
}

/// One of the two plans with what is known of its day.
struct Day<'a> {
    plan: Plan,
    report: Option<&'a Report>,
}

fn days(reports: &[Option<Report>]) -> [Day<'_>; 2] {
    let day = |at: usize| Day {
        plan: Plan::BOTH[at],
        report: reports.get(at).and_then(Option::as_ref),
    };
    [day(0), day(1)]
}

impl Day<'_> {
    fn series(&self) -> Option<&SeriesReport> {
        self.report?.details.as_ref()?.series.as_ref()
    }

    /// The middle of each stretch, and what was measured in it.
    fn over_time(&self, of: impl Fn(&SeriesReport) -> Vec<Quantity>) -> Vec<(f64, Quantity)> {
        let Some(series) = self.series() else {
            return Vec::new();
        };
        let middles = (0_u32..).map(|at| (f64::from(at) + 0.5) * series.step);
        middles.zip(of(series)).collect()
    }

    /// Servers in service, stretch by stretch.
    fn up(&self) -> Vec<(f64, Quantity)> {
        self.over_time(|series| {
            let places: Vec<_> = series.up.iter().filter(|it| !it.is_empty()).collect();
            let points = places.first().map_or(0, |it| it.len());
            let at = |point: usize| total(places.iter().filter_map(|place| place.get(point)));
            (0..points).map(at).collect()
        })
    }

    /// Hours of servers that are paid for, of the short day.
    fn server_hours(&self) -> Option<Quantity> {
        let places = &self.report?.details.as_ref()?.places;
        let on: Vec<Quantity> = places
            .iter()
            .filter_map(|place| Some(place.life?.on_share))
            .collect();
        let hours = |share: Option<f64>| share.map(|it| it * DAY / 3_600.0);
        let sum = total(on.iter());
        Some(Quantity {
            estimate: hours(sum.estimate),
            low: hours(sum.low),
            high: hours(sum.high),
            theory: None,
        })
    }

    /// Seconds of the short day in which more than one request in a hundred is lost or takes longer than `limit` seconds.
    fn violated(&self, limit: f64) -> Option<f64> {
        let series = self.series()?;
        let above = |quantity: Option<&Quantity>, limit: f64| {
            quantity
                .and_then(|it| it.estimate)
                .is_some_and(|it| it > limit)
        };
        let points = series.lost_share.len();
        let bad = (0..points).filter(|&at| {
            above(series.p99.get(at), limit) || above(series.lost_share.get(at), 0.01)
        });
        Some(bad.count() as f64 * series.step)
    }
}

/// A sum of quantities of the same replications. Its interval is as wide as all of theirs together: it cannot be wider, however
/// they hang together. What never varied has none, and adds nothing to it.
fn total<'a>(quantities: impl Iterator<Item = &'a Quantity>) -> Quantity {
    let (mut sum, mut low, mut high) = (0.0, 0.0, 0.0);
    let (mut count, mut varied) = (0, false);
    for quantity in quantities {
        let Some(estimate) = quantity.estimate else {
            continue;
        };
        count += 1;
        // What is the same in every replication differs by rounding alone.
        varied |= quantity
            .high
            .zip(quantity.low)
            .is_some_and(|(high, low)| high - low > 1e-9);
        sum += estimate;
        low += quantity.low.unwrap_or(estimate).max(0.0);
        high += quantity.high.unwrap_or(estimate);
    }
    if count == 0 {
        return Quantity::default();
    }
    Quantity::new(sum, varied.then_some((low, high)))
}
