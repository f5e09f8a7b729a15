//! Replications of a single first-come-first-served station, by recursion.

mod pilot;
mod relaxation;
mod results;

pub(super) use relaxation::variability;
pub(super) use results::QueueResults;

use super::length;
use crate::distribution::Distribution;
use crate::engine::recursion::{Path, Schedule};
use crate::scenario::{Horizon, Queue};

/// How a replication of a queue starts, what it discards, how long it is measured.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct QueuePlan {
    pub(super) queue: Queue,
    pub(super) schedule: Schedule,
    pub(super) stationary: bool,
    /// Whether the start is known to be forgotten: false if the pilot run never levelled off.
    pub(super) warmed_up: bool,
}

impl QueuePlan {
    /// Of a valid queue.
    #[inline]
    pub(super) fn new(queue: Queue, seed: u64) -> Self {
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
            schedule: Schedule {
                warm_up: 0,
                requests,
            },
            stationary,
            warmed_up: true,
        };
        if !transient && !stationary {
            let found = pilot::warm_up(plan.path(seed));
            plan.schedule.warm_up = found.requests;
            plan.warmed_up = found.settled;
        }
        plan
    }

    pub(super) fn path(&self, seed: u64) -> Path<'_> {
        Path {
            scenario: &self.queue,
            seed,
            stationary: self.stationary,
        }
    }
}
