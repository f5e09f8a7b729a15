//! Mergeable results of some replications beside what was simulated, for files and messages.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::findings::Findings;
use super::plan::Plan;
use super::report::{Report, Stopped};
use crate::error::InputError;
use crate::scenario::Scenario;

/// Results of some replications of a scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Partial {
    version: String,
    scenario: Scenario,
    seed: u64,
    findings: Findings,
}

impl Partial {
    /// What replications of `scenario` on `seed` found.
    pub fn new(scenario: Scenario, seed: u64, findings: impl Into<Findings>) -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION").into(),
            scenario,
            seed,
            findings: findings.into(),
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
        self.check_same_run(other)?;
        self.findings.merge(&other.findings)
    }

    fn check_same_run(&self, other: &Self) -> Result<(), InputError> {
        let differ = |field: &str, theirs: &str, ours: &str| {
            Err(InputError::out_of_range(
                format!("partial.{field}"),
                theirs,
                format!("the other partial's {ours}"),
            ))
        };
        if self.version != other.version {
            return differ("version", &other.version, &self.version);
        }
        if self.seed != other.seed {
            return differ("seed", &other.seed.to_string(), &self.seed.to_string());
        }
        if self.scenario != other.scenario {
            return differ("scenario", "another", "scenario");
        }
        Ok(())
    }

    /// Whether this can have come from a run. A partial from a file or a message may hold anything.
    ///
    /// # Errors
    /// If it cannot.
    pub fn check(&self) -> Result<(), InputError> {
        self.scenario.validate()?;
        self.findings.check(&self.scenario)
    }

    /// Number of replications merged so far.
    pub fn replications(&self) -> u64 {
        self.findings.replications()
    }

    /// What was simulated.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// On which seed.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// See [`Findings::range`].
    pub fn range(&self) -> Option<Range<u64>> {
        self.findings.range()
    }

    /// See [`Findings::report`].
    pub fn report(&self, precision: f64, stopped: Stopped) -> Report {
        self.findings.report(&self.scenario, precision, stopped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::Distribution;
    use crate::run::Job;
    use crate::run::findings::Results;
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
        match &partial.findings.results {
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
        let Results::Queue(results) = &mut damaged.findings.results else {
            unreachable!("one station");
        };
        results.sections.pop();
        assert!(partial.merge(&damaged).is_err());
    }
}
