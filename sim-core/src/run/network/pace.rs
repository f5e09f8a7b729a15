//! How fast things go and how long they are remembered, before anything has run.
//!
//! A system forgets its past over its longest memory: the time that requests stay (what is left of a delay, a service, a
//! session at a random moment), the relaxation of its queues near saturation, the life of what caches hold, a repair. The
//! window is long beside that, and what is discarded is not short.

use super::super::length;
use super::super::queue::variability;
use crate::distribution::{Distribution, Residual};
use crate::engine::network::Window;
use crate::scenario::activity::{Activity, Path};
use crate::scenario::arrivals::{Arrivals, Bursty};
use crate::scenario::{Class, Failures, Horizon, Resource, Scenario, Station};

/// The longest replication that is chosen for the sake of queues alone, requests: an event costs many times a step of the recursion.
const LONGEST: u64 = 131_072;
/// The longest that is chosen because requests stay long.
const LONGEST_STAY: f64 = 2_097_152.0;
/// Times that the window is longer than requests stay.
const WINDOW_STAYS: f64 = 20.0;
/// Memories that are discarded at least where the steady state is wanted, and the start is not known to be in it.
const LEAST_WARM_UP: f64 = 5.0;
/// The most requests that are discarded where nobody says how many are measured.
const MOST_DISCARDED: f64 = 4_194_304.0;
/// Where somebody does, the most is so many times as many, or this number.
const DISCARDED: (f64, f64) = (16.0, 100_000.0);
/// The most events of a window: this number, or so many times the operations of its requests.
const EVENTS: (f64, f64) = (2e6, 256.0);
/// Times that requests stay for which those still there are followed at least: the longest of millions of lognormal stays is as long.
const FOLLOWED_STAYS: f64 = 100.0;
/// Times the window that those still there are followed at most, where a given time is watched.
const FOLLOWED: f64 = 4.0;
/// The share of durations beyond which a heavy tail is not waited for.
const TAIL: f64 = 0.999;

/// The least spare capacity that is reckoned with, as a share of all.
const LEAST_ROOM: f64 = 0.02;

/// How fast things go, and how long they are remembered.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pace {
    /// Requests per second.
    pub(super) rate: f64,
    /// Requests over which queues forget their past, roughly.
    relaxation: f64,
    /// How long requests stay, and what else lasts, seconds.
    stay: f64,
    /// From one failure of a server to its next, seconds; nothing where none fails.
    cycle: f64,
    /// Operations on a request's path, roughly.
    cost: f64,
    /// Requests measured in a replication, where somebody says how many.
    asked: Option<u64>,
}

impl Pace {
    pub(super) fn of(scenario: &Scenario) -> Self {
        let load = scenario.load();
        let closed: f64 = scenario
            .classes
            .iter()
            .map(|(_, class)| closed_rate(class, load.shortest_response))
            .sum();
        // No station works faster than it can: a closed system goes no faster than its slowest station.
        let limit = load
            .resources
            .iter()
            .map(|it| {
                let demand = it.closed_demand.iter().copied().fold(0.0, f64::max);
                if demand > 0.0 {
                    it.capacity / demand
                } else {
                    f64::INFINITY
                }
            })
            .fold(f64::INFINITY, f64::min);
        let rate = (load.arrival_rate + closed.min(limit)).clamp(1e-9, 1e12);
        let busiest = load.bottleneck().map_or(0.0, |it| it.utilization);
        let busiest = if closed > 0.0 {
            busiest.max(0.8)
        } else {
            busiest
        };
        let room = (1.0 - busiest).max(LEAST_ROOM);
        let places = || scenario.resources.iter().map(|(_, it)| it);
        let servers = places().map(servers).fold(1.0, f64::max);
        let queues = places().map(queues).fold(1.0, f64::max);
        let bursts: f64 = scenario
            .classes
            .iter()
            .map(|(_, class)| burst_requests(class))
            .fold(0.0, f64::max);
        let users: f64 = scenario
            .classes
            .iter()
            .map(|(_, class)| users_of(class))
            .sum();
        let repairs = places()
            .zip(&load.resources)
            .map(|(it, load)| repair(it, load.utilization))
            .fold(0.0, f64::max);
        let lives = places().map(life).fold(0.0, f64::max);
        let relaxation = (queues * widest(scenario) / (room * room))
            .max(servers / 4.0)
            .max(bursts)
            .max(users);
        let classes = || scenario.classes.iter().map(|(_, class)| class);
        let stay = classes()
            .map(|class| stay_of(scenario, class))
            .fold(0.0, f64::max);
        let cost = classes()
            .map(|class| cost_of(scenario.path_of(class)))
            .fold(1.0, f64::max);
        Self {
            rate,
            relaxation,
            stay: stay.max(repairs).max(lives),
            cycle: places().map(cycle).fold(0.0, f64::max),
            cost,
            asked: match scenario.horizon {
                Horizon::Steady { requests } => requests,
                _ => None,
            },
        }
    }

    /// The longest memory, seconds.
    pub(super) fn memory(&self) -> f64 {
        (self.relaxation / self.rate).max(self.stay)
    }

    /// From the start, the steady state's window as long as it is measured.
    pub(super) fn window(&self, scenario: &Scenario) -> Window {
        let seconds = match scenario.horizon {
            Horizon::Steady { requests } => {
                let chosen = || self.chosen();
                requests.map_or_else(chosen, |it| it as f64) / self.rate
            }
            Horizon::Transient { requests } => requests as f64 / self.rate,
            Horizon::Span { seconds } => seconds,
        };
        let steady = matches!(scenario.horizon, Horizon::Steady { .. });
        Window {
            start: 0.0,
            stop: seconds,
            patience: if steady {
                seconds.max(FOLLOWED_STAYS * self.stay)
            } else {
                FOLLOWED * seconds
            },
            whole_visits: !steady,
        }
    }

    /// Requests measured in a replication where nobody says how many.
    fn chosen(&self) -> f64 {
        let for_queues = length::requests(self.relaxation).min(LONGEST) as f64;
        let for_stays = (WINDOW_STAYS * self.stay * self.rate).min(LONGEST_STAY / self.cost.sqrt());
        for_queues.max(for_stays)
    }

    /// Time to discard at least where the start is not in the steady state, seconds.
    pub(super) fn least_warm_up(&self, scenario: &Scenario) -> f64 {
        (LEAST_WARM_UP * self.memory()).max(scenario.warm_up)
    }

    /// Time to discard at most, seconds.
    pub(super) fn most_discarded(&self) -> f64 {
        let requests = match self.asked {
            Some(requests) => (DISCARDED.0 * requests as f64).max(DISCARDED.1 / self.cost),
            None => MOST_DISCARDED / self.cost.sqrt(),
        };
        requests / self.rate
    }

    /// The window of a pilot run: some fifty relaxation times, ten times as long as requests stay, and no more than is discarded at most.
    /// It sees ten failures, unless they are rare: with fewer their chance looks like a climb.
    pub(super) fn pilot(&self) -> Window {
        let failures = 10.0 * self.cycle * self.rate;
        let requests = (50.0 * self.relaxation)
            .max(failures)
            .clamp(5_000.0, 100_000.0);
        let seconds = (requests / self.rate)
            .max(10.0 * self.stay)
            .min(self.most_discarded());
        Window {
            start: 0.0,
            stop: seconds,
            patience: 0.0,
            whole_visits: false,
        }
    }

    /// The most events of a window of so many seconds, and of what is discarded before it: more than its requests take.
    pub(super) fn most_events(&self, window: f64) -> f64 {
        (EVENTS.1 * window * self.rate * self.cost).max(EVENTS.0)
    }

    /// The most events of a pilot replication.
    pub(super) fn pilot_events(&self) -> u64 {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped"
        )]
        let events = (self.most_discarded() * self.rate * 8.0).clamp(1e5, 1e7) as u64;
        events
    }
}

/// Requests per second of a closed class while nobody waits.
fn closed_rate(class: &Class, shortest_response: f64) -> f64 {
    match &class.arrivals {
        Arrivals::Users(users) => {
            let think = users
                .think
                .as_ref()
                .and_then(Distribution::mean)
                .unwrap_or(0.0);
            f64::from(users.count) / (think + shortest_response).max(1e-9)
        }
        _ => 0.0,
    }
}

/// Users of a closed class: where they queue, all of them have to come by before the past is forgotten.
fn users_of(class: &Class) -> f64 {
    match &class.arrivals {
        Arrivals::Users(users) => f64::from(users.count),
        _ => 0.0,
    }
}

fn servers(resource: &Resource) -> f64 {
    match resource {
        Resource::Station(station) => f64::from(station.servers),
        Resource::Pool(pool) => f64::from(pool.size),
        Resource::Cache(_) => 0.0,
        Resource::Group(group) => group.servers().count() as f64 * f64::from(group.station.servers),
    }
}

/// How long a failure is remembered, seconds: the repair, and until what queued up meanwhile, because the servers left could not do
/// all of it, is done. A station fails as a whole, of a group one server.
fn repair(resource: &Resource, utilization: f64) -> f64 {
    let failures = resource.server().and_then(|it| it.failures.as_ref());
    let parts = queues(resource);
    let busy = utilization.min(1.0 - LEAST_ROOM) * parts;
    let backlog = (busy - (parts - 1.0)).max(0.0);
    failures.map_or(0.0, |it| {
        rest_of(&it.time_to_repair) * (1.0 + backlog / (parts - busy))
    })
}

/// Mean time from one failure of a server to its next, seconds.
fn cycle(resource: &Resource) -> f64 {
    let failures = resource.server().and_then(|it| it.failures.as_ref());
    failures.and_then(Failures::mean_cycle).unwrap_or(0.0)
}

/// How long a cache remembers that its objects began to expire at time zero, seconds. It starts warm, but with ages of a past
/// that was not simulated: two lives are discarded, like five memories of everything else.
fn life(resource: &Resource) -> f64 {
    match resource {
        Resource::Cache(cache) => cache.expiry.map_or(0.0, |it| {
            2.0 / LEAST_WARM_UP * it.seconds * (1.0 + it.jitter)
        }),
        _ => 0.0,
    }
}

/// Queues that fill and drain each by itself.
fn queues(resource: &Resource) -> f64 {
    match resource {
        Resource::Group(group) => group.servers().count() as f64,
        Resource::Station(_) | Resource::Pool(_) | Resource::Cache(_) => 1.0,
    }
}

/// Requests in some cycles of calm and burst.
fn burst_requests(class: &Class) -> f64 {
    match &class.arrivals {
        Arrivals::Bursty(Bursty {
            calm_seconds,
            burst_seconds,
            ..
        }) => class.arrivals.rate().unwrap_or(0.0) * (calm_seconds + burst_seconds),
        Arrivals::Batches(batches) => batches.size.mean(),
        _ => 0.0,
    }
}

/// The largest SCV of all laws, at least one.
fn widest(scenario: &Scenario) -> f64 {
    let mut widest: f64 = 1.0;
    let mut see = |law: &Distribution| widest = widest.max(variability(law));
    for (_, class) in scenario.classes.iter() {
        if let Arrivals::Renewal(renewal) = &class.arrivals {
            see(&renewal.interarrival);
        }
        laws_of(scenario.path_of(class), &mut see);
    }
    for (_, resource) in scenario.resources.iter() {
        if let Some(station) = resource.server() {
            station.service.iter().for_each(&mut see);
        }
    }
    widest
}

fn laws_of(path: &Path, see: &mut impl FnMut(&Distribution)) {
    for activity in path {
        if let Activity::Work(work) = activity {
            work.demand.iter().for_each(&mut *see);
        }
        for (_, inner) in activity.inner() {
            laws_of(inner, see);
        }
    }
}

/// The mean of what is left of a duration that is under way, seconds; of a heavy tail, no more than all but a few last.
fn rest_of(law: &Distribution) -> f64 {
    let mean = law.mean().unwrap_or(0.0);
    let rest = Residual::mean_of(law).unwrap_or(f64::INFINITY);
    let longest = law.quantile(TAIL).unwrap_or(f64::INFINITY);
    let rest = rest.min(longest).max(mean);
    if rest.is_finite() { rest } else { 10.0 * mean }
}

/// How long requests of a class stay, and their users think, seconds.
fn stay_of(scenario: &Scenario, class: &Class) -> f64 {
    let think = match &class.arrivals {
        Arrivals::Users(users) => users.think.as_ref().map_or(0.0, rest_of),
        _ => 0.0,
    };
    time_of(scenario, scenario.path_of(class)).max(think)
}

/// How long a path takes without waiting, as long as durations last that are under way, seconds.
fn time_of(scenario: &Scenario, path: &Path) -> f64 {
    path.iter().map(|it| time_of_activity(scenario, it)).sum()
}

fn time_of_activity(scenario: &Scenario, activity: &Activity) -> f64 {
    let within = || {
        activity
            .inner()
            .into_iter()
            .map(|(_, path)| time_of(scenario, path))
    };
    match activity {
        Activity::Work(work) => {
            let station = scenario.resources.get(&work.at).and_then(Resource::server);
            let law = work
                .demand
                .as_ref()
                .or(station.and_then(|it| it.service.as_ref()));
            let speed = station.map_or(1.0, Station::server_speed);
            law.map_or(0.0, rest_of) / speed
        }
        Activity::Delay(law) => rest_of(law),
        Activity::Repeat(repeat) => f64::from(repeat.times) * time_of(scenario, &repeat.path),
        Activity::Attempt(attempt) => {
            let once = time_of(scenario, &attempt.path);
            let once = attempt.timeout.map_or(once, |timeout| once.min(timeout));
            let pause = attempt.backoff.map_or(0.0, |it| it.base);
            let otherwise = attempt.otherwise.as_ref();
            once * f64::from(1 + attempt.retries.min(3))
                + pause * f64::from(attempt.retries.min(3))
                + otherwise.map_or(0.0, |path| time_of(scenario, path))
        }
        _ => within().fold(0.0, f64::max),
    }
}

/// Operations on a path, those in loops as often as they come.
fn cost_of(path: &Path) -> f64 {
    let one = |activity: &Activity| {
        let times = match activity {
            Activity::Repeat(repeat) => f64::from(repeat.times),
            _ => 1.0,
        };
        let within: f64 = activity.inner().iter().map(|(_, path)| cost_of(path)).sum();
        1.0 + times * within
    };
    path.iter().map(one).sum::<f64>().max(1.0)
}
