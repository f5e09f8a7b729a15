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
    /// Requests discarded at the start of each replication.
    pub(super) warm_up: u64,
    /// Whether the start is known to be forgotten.
    pub(super) warmed_up: bool,
    /// Requests measured in each replication.
    pub(super) requests: u64,
    pub(super) results: R,
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
    fn fill(&self, of: &Self::Of, requests: u64, report: &mut Report);
}

impl<R: Found> Findings<R> {
    /// Whether this can have come from a run of `of`, which is valid. What comes from a file or a message may be anything.
    ///
    /// # Errors
    /// If it cannot.
    pub fn check(&self, of: &R::Of) -> Result<(), InputError> {
        if self.results.is_consistent(of, self.requests) {
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
        let laid_out = |it: &Self| (it.warm_up, it.warmed_up, it.requests);
        if laid_out(self) != laid_out(other) {
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
            warm_up: self.warm_up,
            stopped,
            ..Report::unknown()
        };
        self.results.fill(of, self.requests, &mut report);
        let watched = report.watched();
        report.converged = self.warmed_up
            && report.stable
            && watched.iter().all(|q| {
                q.relative_half_width()
                    .is_some_and(|width| width <= precision)
            });
        report
    }
}

impl From<Findings<QueueResults>> for Findings {
    fn from(found: Findings<QueueResults>) -> Self {
        Self {
            warm_up: found.warm_up,
            warmed_up: found.warmed_up,
            requests: found.requests,
            results: Results::Queue(found.results),
        }
    }
}

impl From<Findings<NetworkResults>> for Findings {
    fn from(found: Findings<NetworkResults>) -> Self {
        Self {
            warm_up: found.warm_up,
            warmed_up: found.warmed_up,
            requests: found.requests,
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

    fn fill(&self, scenario: &Scenario, requests: u64, report: &mut Report) {
        match self {
            Self::Queue(results) => {
                if let Some(queue) = scenario.queue() {
                    results.fill(&queue, requests, report);
                }
            }
            Self::Network(results) => results.fill(scenario, requests, report),
        }
    }
}
