//! Replications of any scenario, by the calendar of events.

mod job;
mod pace;
mod pilot;
mod reading;
mod results;

pub(super) use job::NetworkJob;
pub use results::NetworkResults;

use std::sync::Arc;

use self::pace::Pace;
use self::pilot::Pilot;
use super::findings::{Findings, Schedule};
use crate::engine::network::{Fleet, Network, Opening, Program, Replay, Window};
use crate::error::InputError;
use crate::scenario::{Horizon, Scenario};

/// How a replication starts, what it discards, how long it is measured.
#[derive(Debug, Clone)]
pub(super) struct NetworkPlan {
    program: Arc<Program>,
    /// What replications start with.
    opening: Arc<Opening>,
    seed: u64,
    pub(super) window: Window,
    pub(super) schedule: Schedule,
    /// Requests per second, roughly.
    rate: f64,
    /// Whether the steady state is wanted.
    steady: bool,
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
        let steady = matches!(scenario.horizon, Horizon::Steady { .. });
        let opening = if steady && !program.is_replay() {
            Opening::of(&program)
        } else {
            Opening::default()
        };
        let mut plan = Self {
            window: pace.window(scenario),
            program,
            opening: Arc::new(opening),
            seed,
            schedule: Schedule {
                memory: if steady { pace.memory() } else { 0.0 },
                warmed_up: true,
                ..Schedule::default()
            },
            rate: pace.rate,
            steady,
            way: Way::Calendar,
        };
        if plan.program.needs_future() {
            // The calendar does not know the requests to come.
            plan.way = Way::Replay;
        }
        let affordable = plan.affordable(&pace);
        if !matches!(scenario.horizon, Horizon::Span { .. }) {
            plan.schedule.cut = plan.window.stop > affordable;
            plan.window.stop = plan.window.stop.min(affordable);
            plan.window.patience = plan.window.patience.min(affordable);
        }
        if steady {
            plan.warm_up(scenario, &pace, affordable);
        }
        plan.schedule.requests = plan.count(plan.window.stop - plan.window.start);
        Ok(plan)
    }

    /// How much simulated time those who act by themselves leave affordable, seconds. They may do so any number of times from one request
    /// to the next.
    fn affordable(&self, pace: &Pace) -> f64 {
        pace.most_events(self.window.stop) / self.program.acts_per_second()
    }

    /// Finds what to discard, no more than is affordable.
    fn warm_up(&mut self, scenario: &Scenario, pace: &Pace, affordable: f64) {
        if self.opening.is_exact() {
            self.schedule.stationary = true;
            self.discard(scenario.warm_up);
            return;
        }
        let least = pace.least_warm_up(scenario);
        let mut found = least;
        // Where a cache is all there is, nobody waits, and the cache is warm.
        if !self.program.is_replay() {
            let pilot = Pilot {
                program: &self.program,
                opening: &self.opening,
                window: pace.pilot(),
                events: pace.pilot_events(),
                seed: self.seed,
            };
            let pilot = pilot.warm_up();
            self.schedule.warmed_up = pilot.settled;
            found = found.max(pilot.seconds);
        }
        let most = pace.most_discarded().max(scenario.warm_up).min(affordable);
        // What is cut short says so.
        self.schedule.warmed_up &= found <= most;
        self.discard(found.min(most));
    }

    /// Discards this much simulated time, and measures for as long as before.
    pub(super) fn discard(&mut self, seconds: f64) {
        let length = self.window.stop - self.window.start;
        self.window.start = seconds;
        self.window.stop = seconds + length;
        self.schedule.warm_up = self.count(seconds);
        self.schedule.warm_up_seconds = seconds;
    }

    /// The same with twice the warm-up and twice the window; `None` where it is not the steady state that is wanted.
    pub(super) fn doubled(&self) -> Option<Self> {
        let mut twice = self.clone();
        let length = 2.0 * (self.window.stop - self.window.start);
        twice.window.stop = twice.window.start + length;
        twice.window.patience *= 2.0;
        twice.discard(2.0 * self.window.start);
        twice.schedule.requests = twice.count(length);
        twice.schedule.doubled += 1;
        self.steady.then_some(twice)
    }

    /// See [`Plan::careless`](super::Plan::careless).
    pub(super) fn careless(&self, share_of_window: f64) -> Self {
        let mut careless = self.clone();
        let length = share_of_window * (self.window.stop - self.window.start);
        careless.opening = Arc::default();
        careless.schedule.stationary = false;
        careless.window.stop = careless.window.start + length;
        careless.discard(0.0);
        careless.schedule.requests = careless.count(length);
        careless
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
            schedule: self.schedule,
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
        let mut network = Network::new(&self.program, self.window, self.seed, replication);
        network.populate(&self.opening, self.seed, replication);
        network
    }
}

/// Simulated time that a replication of a scenario discards at least, by its load alone, seconds.
pub fn least_warm_up(scenario: &Scenario) -> f64 {
    Pace::of(scenario).least_warm_up(scenario)
}
