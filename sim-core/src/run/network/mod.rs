//! Replications of any scenario, by the calendar of events.

mod job;
mod pilot;
mod results;

pub(super) use job::NetworkJob;
pub use results::NetworkResults;

use std::sync::Arc;

use super::findings::Findings;
use super::length;
use super::queue::variability;
use crate::distribution::Distribution;
use crate::engine::network::{Fleet, Network, Program, Replay, Window};
use crate::error::InputError;
use crate::scenario::activity::{Activity, Path};
use crate::scenario::arrivals::{Arrivals, Bursty};
use crate::scenario::{Class, Horizon, Resource, Scenario};

/// The longest replication that is chosen unasked: an event costs many times a step of the recursion.
const LONGEST: u64 = 131_072;
/// Relaxation times that are discarded at least where the steady state is wanted.
const LEAST_WARM_UP: f64 = 5.0;

/// How a replication starts, what it discards, how long it is measured.
#[derive(Debug, Clone)]
pub(super) struct NetworkPlan {
    program: Arc<Program>,
    seed: u64,
    pub(super) window: Window,
    /// About how many requests a replication measures.
    pub(super) requests: u64,
    /// About how many requests a replication discards.
    pub(super) warm_up: u64,
    pub(super) warmed_up: bool,
    /// Requests per second, roughly.
    rate: f64,
    way: Way,
}

/// How the sample path is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// By a calendar of events.
    Calendar,
    /// Server by server, where they are plain.
    Fleet,
    /// Key by key, where there is only a cache.
    Replay,
}

impl NetworkPlan {
    /// Of a valid scenario.
    ///
    /// # Errors
    /// What [`Scenario::validate`] finds.
    pub(super) fn new(scenario: &Scenario, seed: u64) -> Result<Self, InputError> {
        let program = Arc::new(Program::new(scenario)?);
        let pace = Pace::of(scenario);
        let mut plan = Self {
            window: pace.window(scenario),
            program,
            seed,
            requests: 0,
            warm_up: 0,
            warmed_up: true,
            rate: pace.rate,
            way: Way::Calendar,
        };
        if plan.program.needs_future() {
            // The calendar does not know the requests to come.
            plan.way = Way::Replay;
        }
        if matches!(scenario.horizon, Horizon::Steady { .. }) && plan.program.is_replay() {
            // Nobody waits, and the cache is warm.
            plan.discard(least_warm_up(scenario));
        } else if matches!(scenario.horizon, Horizon::Steady { .. }) {
            let found = pilot::warm_up(&plan.program, pace.pilot(), seed);
            plan.warmed_up = found.settled;
            plan.discard(found.seconds.max(least_warm_up(scenario)));
        }
        plan.requests = plan.count(plan.window.stop - plan.window.start);
        Ok(plan)
    }

    /// Discards this much simulated time, and measures for as long as before.
    pub(super) fn discard(&mut self, seconds: f64) {
        let length = self.window.stop - self.window.start;
        self.window.start = seconds;
        self.window.stop = seconds + length;
        self.warm_up = self.count(seconds);
    }

    /// About how many requests come in this time.
    fn count(&self, seconds: f64) -> u64 {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "casts saturate"
        )]
        let requests = (seconds * self.rate).round() as u64;
        requests
    }

    /// The same without the calendar, where that can be done without.
    pub(super) fn or_shortcut(self) -> Self {
        let way = if self.program.is_fleet() {
            Way::Fleet
        } else if self.program.is_replay() {
            Way::Replay
        } else {
            Way::Calendar
        };
        Self { way, ..self }
    }

    /// What a run finds that has not begun.
    pub(super) fn nothing_found(&self) -> Findings<NetworkResults> {
        Findings {
            warm_up: self.warm_up,
            warmed_up: self.warmed_up,
            requests: self.requests,
            results: NetworkResults::default(),
        }
    }

    /// A replication of a fleet before its first request.
    fn start_fleet(&self, replication: u64) -> Fleet {
        Fleet::new(&self.program, self.window, self.seed, replication)
    }

    /// A replication of a cache alone before its first request.
    fn start_replay(&self, replication: u64) -> Replay {
        Replay::new(&self.program, self.window, self.seed, replication)
    }

    /// A replication before its first event.
    fn start(&self, replication: u64) -> Network {
        Network::new(&self.program, self.window, self.seed, replication)
    }
}

/// Simulated time that a replication of a scenario discards at least, by its load alone, seconds.
pub fn least_warm_up(scenario: &Scenario) -> f64 {
    let pace = Pace::of(scenario);
    (LEAST_WARM_UP * pace.relaxation / pace.rate).max(scenario.warm_up)
}

/// How fast things go, before anything has run.
struct Pace {
    /// Requests per second.
    rate: f64,
    /// Requests over which the system forgets its past, roughly.
    relaxation: f64,
}

impl Pace {
    fn of(scenario: &Scenario) -> Self {
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
        let room = (1.0 - busiest).max(0.02);
        let places = || scenario.resources.iter().map(|(_, it)| it);
        let servers = places().map(servers).fold(1.0, f64::max);
        let queues = places().map(queues).fold(1.0, f64::max);
        let bursts: f64 = scenario
            .classes
            .iter()
            .map(|(_, class)| burst_requests(class))
            .fold(0.0, f64::max);
        let repairs = places().map(repair).fold(0.0, f64::max);
        let relaxation = (queues * widest(scenario) / (room * room))
            .max(servers / 4.0)
            .max(bursts)
            .max(rate * repairs);
        Self { rate, relaxation }
    }

    /// From an empty system, the steady state's window as long as it is measured.
    fn window(&self, scenario: &Scenario) -> Window {
        let seconds = match scenario.horizon {
            Horizon::Steady { requests } => {
                let chosen = || length::requests(self.relaxation).min(LONGEST);
                requests.unwrap_or_else(chosen) as f64 / self.rate
            }
            Horizon::Transient { requests } => requests as f64 / self.rate,
            Horizon::Span { seconds } => seconds,
        };
        let waits = !matches!(scenario.horizon, Horizon::Span { .. });
        Window {
            start: 0.0,
            stop: seconds,
            patience: if waits { seconds } else { 0.0 },
        }
    }

    /// The window of a pilot run: some fifty relaxation times.
    fn pilot(&self) -> Window {
        let seconds = (50.0 * self.relaxation).clamp(5_000.0, 100_000.0) / self.rate;
        Window {
            start: 0.0,
            stop: seconds,
            patience: seconds / 4.0,
        }
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

fn servers(resource: &Resource) -> f64 {
    match resource {
        Resource::Station(station) => f64::from(station.servers),
        Resource::Pool(pool) => f64::from(pool.size),
        Resource::Cache(_) => 0.0,
        Resource::Group(group) => group.servers().count() as f64 * f64::from(group.station.servers),
    }
}

/// Mean time of a repair, seconds.
fn repair(resource: &Resource) -> f64 {
    let failures = match resource {
        Resource::Station(station) => &station.failures,
        Resource::Group(group) => &group.station.failures,
        Resource::Pool(_) | Resource::Cache(_) => return 0.0,
    };
    let law = failures.as_ref().map(|it| &it.time_to_repair);
    law.and_then(Distribution::mean).unwrap_or(0.0)
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
        match resource {
            Resource::Station(station) => station.service.iter().for_each(&mut see),
            Resource::Group(group) => group.station.service.iter().for_each(&mut see),
            Resource::Pool(_) | Resource::Cache(_) => {}
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
