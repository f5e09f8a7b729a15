//! What replications found, beside what was simulated or without it: a worker hands back no more than this.
//!
//! Generic over the kind of results, so that whoever knows single stations alone carries the code of those alone.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::network::NetworkResults;
use super::queue::QueueResults;
use super::report::{Report, Stopped};
use crate::error::InputError;
use crate::scenario::Scenario;

/// Results of some replications of something that the reader knows. Its size depends on their number, not on their length.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Findings<R = Results> {
    /// What each replication discards and measures.
    pub(super) schedule: Schedule,
    pub(super) results: R,
}

/// What each replication discards and measures.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// Requests discarded at the start; about as many, where they are not counted but timed.
    pub warm_up: u64,
    /// The same in simulated time, seconds; nothing where requests are counted.
    pub warm_up_seconds: f64,
    /// Whether the start is known to be forgotten.
    pub warmed_up: bool,
    /// Whether replications start in the steady state.
    pub stationary: bool,
    /// Requests measured; about as many, where they are not counted but timed.
    pub requests: u64,
    /// How long the system is expected to remember its past, seconds; nothing where it is not known, or not asked for.
    pub memory: f64,
    /// How often warm-up and window were doubled.
    pub doubled: u8,
    /// Whether the window is shorter than was asked for, because those who act by themselves would make it endless.
    pub cut: bool,
}

/// Results of one way of computing sample paths.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Results {
    /// By recursion.
    Queue(QueueResults),
    /// By the calendar of events.
    Network(NetworkResults),
}

/// Results that merge and read as a report.
pub trait Found {
    /// What they are results of.
    type Of;

    /// The numbers of the replications in it, ascending.
    fn numbers(&self) -> Vec<u64>;
    /// Adds the replications of `other`.
    ///
    /// # Errors
    /// If they share one, or are of another kind; nothing is added then.
    fn merge(&mut self, other: &Self) -> Result<(), InputError>;
    /// Whether this can have come from a run of `of` with about so many requests a replication.
    fn is_consistent(&self, of: &Self::Of, requests: u64) -> bool;
    /// Reads the results off.
    fn fill(&self, of: &Self::Of, schedule: &Schedule, report: &mut Report);
}

impl<R: Found> Findings<R> {
    /// Whether this can have come from a run of `of`, which is valid. What comes from a file or a message may be anything.
    ///
    /// # Errors
    /// If it cannot.
    pub fn check(&self, of: &R::Of) -> Result<(), InputError> {
        if self.results.is_consistent(of, self.schedule.requests) {
            return Ok(());
        }
        Err(InputError::malformed(
            "partial",
            "its counts",
            "the result of a run",
        ))
    }

    /// Adds the replications of `other`, which was checked. Any order of merging gives the same bits.
    ///
    /// # Errors
    /// If the two belong to different plans or share a replication; nothing is added then.
    pub fn merge(&mut self, other: &Self) -> Result<(), InputError> {
        if self.schedule != other.schedule {
            return Err(InputError::out_of_range(
                "partial.scenario",
                "another",
                "the other partial's scenario",
            ));
        }
        self.results.merge(&other.results)
    }

    /// Number of replications merged so far.
    pub fn replications(&self) -> u64 {
        self.results.numbers().len() as u64
    }

    /// The replications in it, where they follow each other without a gap; `None` where they do not, or there are none.
    pub fn range(&self) -> Option<Range<u64>> {
        let numbers = self.results.numbers();
        let (first, last) = (*numbers.first()?, *numbers.last()?);
        let end = last.checked_add(1)?;
        (end - first == numbers.len() as u64).then_some(first..end)
    }

    /// Reads the results off; `theory` is left empty (see [`crate::expectation`]).
    ///
    /// A transient of an overloaded station has no steady state: its nine quantities stay unknown, its growth is measured. Means that are infinite stay unknown too.
    pub fn report(&self, of: &R::Of, precision: f64, stopped: Stopped) -> Report {
        let mut report = Report {
            replications: self.replications(),
            warm_up: self.schedule.warm_up,
            doubled: self.schedule.doubled,
            stopped,
            ..Report::unknown()
        };
        self.results.fill(of, &self.schedule, &mut report);
        let watched = report.watched();
        report.converged = report.doubts.is_empty()
            && report.stable
            && watched.iter().all(|q| q.is_within(precision));
        report
    }
}

impl From<Findings<QueueResults>> for Findings {
    fn from(found: Findings<QueueResults>) -> Self {
        Self {
            schedule: found.schedule,
            results: Results::Queue(found.results),
        }
    }
}

impl From<Findings<NetworkResults>> for Findings {
    fn from(found: Findings<NetworkResults>) -> Self {
        Self {
            schedule: found.schedule,
            results: Results::Network(found.results),
        }
    }
}

impl Found for Results {
    type Of = Scenario;

    fn numbers(&self) -> Vec<u64> {
        match self {
            Self::Queue(results) => results.numbers(),
            Self::Network(results) => results.numbers(),
        }
    }

    fn merge(&mut self, other: &Self) -> Result<(), InputError> {
        match (self, other) {
            (Self::Queue(ours), Self::Queue(theirs)) => ours.merge(theirs),
            (Self::Network(ours), Self::Network(theirs)) => ours.merge(theirs),
            _ => Err(InputError::malformed(
                "partial.results",
                "of another kind",
                "the results of the same way to simulate",
            )),
        }
    }

    fn is_consistent(&self, scenario: &Scenario, requests: u64) -> bool {
        match self {
            Self::Queue(results) => scenario
                .queue()
                .is_some_and(|queue| results.is_consistent(&queue, requests)),
            Self::Network(results) => results.is_consistent(scenario, requests),
        }
    }

    fn fill(&self, scenario: &Scenario, schedule: &Schedule, report: &mut Report) {
        match self {
            Self::Queue(results) => {
                if let Some(queue) = scenario.queue() {
                    results.fill(&queue, schedule, report);
                }
            }
            Self::Network(results) => results.fill(scenario, schedule, report),
        }
    }
}
