//! Mergeable results of some replications, and how they read as a report.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::findings::{Findings, Results};
use super::plan::Plan;
use super::report::{Report, Stopped};
use crate::error::InputError;
use crate::scenario::Scenario;

/// Results of some replications. Its size depends on their number, not on their length.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Partial {
    version: String,
    scenario: Scenario,
    seed: u64,
    warm_up: u64,
    /// Whether the start is known to be forgotten.
    warmed_up: bool,
    requests: u64,
    results: Results,
}

impl Partial {
    /// What replications of `scenario` on `seed` found.
    pub fn new(scenario: Scenario, seed: u64, findings: Findings) -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION").into(),
            scenario,
            seed,
            warm_up: findings.warm_up,
            warmed_up: findings.warmed_up,
            requests: findings.requests,
            results: findings.results,
        }
    }

    /// No replications yet.
    pub fn empty(plan: &Plan) -> Self {
        Self::new(plan.scenario().clone(), plan.seed(), plan.nothing_found())
    }

    /// Adds the replications of `other`. Any order of merging gives the same bits.
    ///
    /// # Errors
    /// If the two belong to different plans, share a replication, or `other` was damaged; nothing is added then.
    pub fn merge(&mut self, other: &Self) -> Result<(), InputError> {
        other.check()?;
        self.check_same_plan(other)?;
        match (&mut self.results, &other.results) {
            (Results::Queue(ours), Results::Queue(theirs)) => ours.merge(theirs),
            (Results::Network(ours), Results::Network(theirs)) => ours.merge(theirs),
            _ => Err(InputError::malformed(
                "partial.results",
                "of another kind",
                "the results of the same way to simulate",
            )),
        }
    }

    fn check_same_plan(&self, other: &Self) -> Result<(), InputError> {
        let differ = |field: &str, theirs: String, ours: String| {
            Err(InputError::out_of_range(
                format!("partial.{field}"),
                theirs,
                format!("the other partial's {ours}"),
            ))
        };
        if self.version != other.version {
            return differ("version", other.version.clone(), self.version.clone());
        }
        if self.seed != other.seed {
            return differ("seed", other.seed.to_string(), self.seed.to_string());
        }
        let laid_out = |partial: &Self| (partial.warm_up, partial.warmed_up, partial.requests);
        if self.scenario != other.scenario || laid_out(self) != laid_out(other) {
            return differ("scenario", "another".into(), "scenario".into());
        }
        Ok(())
    }

    /// Whether this can have come from a run. A partial from a file or a message may hold anything.
    ///
    /// # Errors
    /// If it cannot.
    pub fn check(&self) -> Result<(), InputError> {
        self.scenario.validate()?;
        let consistent = match &self.results {
            Results::Queue(results) => {
                results.is_consistent(self.requests) && self.scenario.queue().is_some()
            }
            Results::Network(results) => results.is_consistent(&self.scenario),
        };
        if consistent {
            Ok(())
        } else {
            Err(InputError::malformed(
                "partial",
                "its counts",
                "the result of a run",
            ))
        }
    }

    /// The numbers of the replications in it, ascending.
    fn numbers(&self) -> impl DoubleEndedIterator<Item = u64> + '_ {
        let (queue, network) = match &self.results {
            Results::Queue(results) => (results.sections.as_slice(), [].as_slice()),
            Results::Network(results) => ([].as_slice(), results.sections.as_slice()),
        };
        queue
            .iter()
            .map(|it| it.0)
            .chain(network.iter().map(|it| it.0))
    }

    /// Number of replications merged so far.
    pub fn replications(&self) -> u64 {
        self.numbers().map(|_| 1).sum()
    }

    /// What was simulated.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// On which seed.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// The replications in it, where they follow each other without a gap; `None` where they do not, or there are none.
    pub fn range(&self) -> Option<Range<u64>> {
        let (first, last) = (self.numbers().next()?, self.numbers().next_back()?);
        let end = last.checked_add(1)?;
        (end - first == self.replications()).then_some(first..end)
    }

    /// Reads the results off; `theory` is left empty (see [`crate::expectation`]).
    ///
    /// A transient of an overloaded station has no steady state: its nine quantities stay unknown, its growth is measured. Means that are infinite stay unknown too.
    pub fn report(&self, precision: f64, stopped: Stopped) -> Report {
        let mut report = Report {
            replications: self.replications(),
            warm_up: self.warm_up,
            stopped,
            ..Report::unknown()
        };
        match &self.results {
            Results::Queue(results) => {
                if let Some(queue) = self.scenario.queue() {
                    results.fill(&queue, self.requests, &mut report);
                }
            }
            Results::Network(results) => results.fill(&self.scenario, &mut report),
        }
        let watched = [report.mean_response, report.p99];
        report.converged = self.warmed_up
            && report.stable
            && watched.iter().all(|q| {
                q.relative_half_width()
                    .is_some_and(|width| width <= precision)
            });
        report
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::Distribution;
    use crate::run::Job;
    use crate::run::queue::QueueResults;
    use crate::stats::buckets::BUCKETS;

    fn plan(utilization: f64, seed: u64) -> Plan {
        let mut scenario = Scenario::new(
            Distribution::exponential(1.0 / utilization),
            1,
            Distribution::exponential(1.0),
        );
        scenario.horizon = crate::scenario::Horizon::Steady {
            requests: Some(3000),
        };
        Plan::new(&scenario, seed).unwrap()
    }

    fn part(plan: &Plan, range: std::ops::Range<u64>) -> Partial {
        let mut job = Job::new(plan, range);
        while !job.step(700) {}
        job.finish()
    }

    fn queue_results(partial: &Partial) -> &QueueResults {
        match &partial.results {
            Results::Queue(results) => results,
            Results::Network(_) => unreachable!("one station"),
        }
    }

    #[test]
    fn any_split_gives_the_same_bits() {
        let plan = plan(0.8, 3);
        let whole = part(&plan, 0..21);
        let mut parts = part(&plan, 13..21);
        parts.merge(&part(&plan, 0..6)).unwrap();
        parts.merge(&part(&plan, 6..13)).unwrap();
        assert!(parts == whole);
        let read = |partial: &Partial| partial.report(0.05, Stopped::Budget);
        assert_eq!(read(&parts), read(&whole));
        assert_eq!(read(&whole).requests, 63_000);
        assert_eq!(
            (parts.range(), parts.scenario()),
            (Some(0..21), plan.scenario())
        );
    }

    #[test]
    fn a_hundred_times_the_requests_take_no_more_memory() {
        let size = |requests| {
            let mut scenario = plan(0.8, 3).scenario().clone();
            scenario.horizon = crate::scenario::Horizon::Steady {
                requests: Some(requests),
            };
            let partial = part(&Plan::new(&scenario, 3).unwrap(), 0..4);
            queue_results(&partial).responses.buckets_covered()
        };
        // Rare short responses open a few buckets more; 8192 is the end.
        assert!(size(1_000_000) < 2 * size(10_000) && size(1_000_000) < BUCKETS);
    }

    #[test]
    fn json_keeps_every_bit() {
        let partial = part(&plan(0.9, 1), 0..5);
        let text = serde_json::to_string(&partial).unwrap();
        assert!(serde_json::from_str::<Partial>(&text).unwrap() == partial);
    }

    #[test]
    fn what_does_not_belong_together_does_not_merge() {
        let mut partial = part(&plan(0.8, 3), 0..4);
        let before = partial.clone();
        for other in [
            part(&plan(0.8, 4), 4..8),
            part(&plan(0.7, 3), 4..8),
            part(&plan(0.8, 3), 3..5),
        ] {
            assert!(partial.merge(&other).is_err());
            assert!(partial == before);
        }
    }

    #[test]
    fn a_damaged_partial_is_refused() {
        let mut partial = part(&plan(0.8, 3), 0..4);
        let mut damaged = part(&plan(0.8, 3), 4..8);
        let Results::Queue(results) = &mut damaged.results else {
            unreachable!("one station");
        };
        results.sections.pop();
        assert!(partial.merge(&damaged).is_err());
    }
}
