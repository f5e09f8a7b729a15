//! Replications of a single first-come-first-served station, by recursion.

mod job;
mod pilot;
mod relaxation;
mod results;

pub use job::QueueJob;
pub(super) use relaxation::variability;
pub use results::QueueResults;

use super::findings::{self, Findings};
use super::length;
use crate::distribution::Distribution;
use crate::engine::recursion::{Path, Schedule};
use crate::error::InputError;
use crate::scenario::{Horizon, MAX_REQUESTS, Queue};

/// How a replication of a queue starts, what it discards, how long it is measured.
#[derive(Debug, Clone, PartialEq)]
pub struct QueuePlan {
    queue: Queue,
    seed: u64,
    pub(super) schedule: Schedule,
    pub(super) stationary: bool,
    /// Whether the start is known to be forgotten: false if the pilot run never levelled off, or the warm-up was cut short.
    pub(super) warmed_up: bool,
    /// How often warm-up and requests were doubled.
    doubled: u8,
}

impl QueuePlan {
    /// Validates the queue, and works the rest out as [`Plan::new`](super::Plan::new) does.
    ///
    /// # Errors
    /// What [`Queue::validate`] finds.
    #[inline]
    pub fn new(queue: Queue, seed: u64) -> Result<Self, InputError> {
        queue.validate()?;
        Ok(Self::of_valid(queue, seed))
    }

    #[inline]
    pub(super) fn of_valid(queue: Queue, seed: u64) -> Self {
        let (requests, transient) = match queue.horizon {
            Horizon::Steady {
                requests: Some(requests),
            } => (requests, false),
            Horizon::Steady { requests: None } | Horizon::Span { .. } => {
                (length::requests(relaxation::relaxation(&queue)), false)
            }
            Horizon::Transient { requests } => (requests, true),
        };
        let laws = [&queue.arrivals.interarrival, &queue.station.service];
        let stationary = !transient && laws.into_iter().all(Distribution::is_exponential);
        let mut plan = Self {
            queue,
            seed,
            schedule: Schedule {
                warm_up: 0,
                requests,
            },
            stationary,
            warmed_up: true,
            doubled: 0,
        };
        if !transient && !stationary {
            let found = pilot::warm_up(plan.path());
            plan.schedule.warm_up = found.requests;
            plan.warmed_up = found.settled;
        }
        plan
    }

    /// The same with twice the warm-up and twice the requests; `None` where it is not the steady state that is wanted, or that is
    /// too long.
    pub(super) fn doubled(&self) -> Option<Self> {
        let schedule = Schedule {
            warm_up: 2 * self.schedule.warm_up,
            requests: 2 * self.schedule.requests,
        };
        let transient = matches!(self.queue.horizon, Horizon::Transient { .. });
        let fits = schedule.requests <= MAX_REQUESTS / 2;
        (fits && !transient).then(|| Self {
            schedule,
            doubled: self.doubled + 1,
            ..self.clone()
        })
    }

    /// See [`Plan::careless`](super::Plan::careless).
    pub(super) fn careless(&self, share_of_window: f64) -> Self {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "casts saturate"
        )]
        let requests = (self.schedule.requests as f64 * share_of_window) as u64;
        Self {
            schedule: Schedule {
                warm_up: 0,
                requests: requests.max(1),
            },
            stationary: false,
            ..self.clone()
        }
    }

    /// What a run finds that has not begun.
    pub(super) fn nothing_found(&self) -> Findings<QueueResults> {
        Findings {
            schedule: findings::Schedule {
                warm_up: self.schedule.warm_up,
                warm_up_seconds: 0.0,
                warmed_up: self.warmed_up,
                stationary: self.stationary,
                requests: self.schedule.requests,
                memory: 0.0,
                doubled: self.doubled,
                cut: false,
            },
            results: QueueResults::default(),
        }
    }

    fn path(&self) -> Path<'_> {
        Path {
            scenario: &self.queue,
            seed: self.seed,
            stationary: self.stationary,
        }
    }
}
