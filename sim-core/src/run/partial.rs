//! Mergeable results of some replications, and how they read as a report.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::plan::Plan;
use super::report::{Quantity, Report, Stopped};
use crate::engine::recursion::{Section, buckets};
use crate::error::InputError;
use crate::scenario::Scenario;
use crate::stats::buckets::BUCKETS;
use crate::stats::interval::{CONFIDENCE, student_interval};
use crate::stats::moments::Moments;
use crate::stats::sections::Sections;

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
    /// By replication number, ascending.
    sections: Vec<(u64, Section)>,
    responses: Sections,
}

impl Partial {
    /// No replications yet.
    pub fn empty(plan: &Plan) -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION").into(),
            scenario: plan.scenario().clone(),
            seed: plan.seed(),
            warm_up: plan.warm_up(),
            warmed_up: plan.is_warmed_up(),
            requests: plan.requests_per_replication(),
            sections: Vec::new(),
            responses: Sections::default(),
        }
    }

    /// Adds the replication after the ones there are.
    pub(super) fn add(&mut self, replication: u64, section: Section, counts: &[u32; BUCKETS]) {
        debug_assert!(self.sections.last().is_none_or(|last| last.0 < replication));
        self.sections.push((replication, section));
        self.responses.add(counts, self.requests);
    }

    /// Adds the replications of `other`. Any order of merging gives the same bits.
    ///
    /// # Errors
    /// If the two belong to different plans, share a replication, or `other` was damaged; nothing is added then.
    pub fn merge(&mut self, other: &Self) -> Result<(), InputError> {
        other.check()?;
        self.check_same_plan(other)?;
        let mut all = [self.sections.as_slice(), &other.sections].concat();
        // Parts mostly come in order, and then this is one comparison for each.
        all.sort_by_key(|section| section.0);
        if let Some(pair) = all.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            let message = "replications that are not there yet";
            return Err(InputError::out_of_range(
                "partial.replication",
                pair[0].0,
                message,
            ));
        }
        self.sections = all;
        self.responses.merge(&other.responses);
        Ok(())
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
            return differ(
                "scenario",
                format!("{:?}", other.scenario),
                format!("{:?}", self.scenario),
            );
        }
        Ok(())
    }

    /// Whether this can have come from a run. A partial from a file or a message may hold anything.
    ///
    /// # Errors
    /// If it cannot.
    pub fn check(&self) -> Result<(), InputError> {
        self.scenario.validate()?;
        let ascending = self.sections.windows(2).all(|pair| pair[0].0 < pair[1].0);
        let finite = self.sections.iter().all(|(_, section)| section.is_finite());
        let count = self.requests.checked_mul(self.sections.len() as u64);
        if ascending
            && finite
            && self.responses.is_consistent()
            && count == Some(self.responses.count())
        {
            Ok(())
        } else {
            Err(InputError::malformed(
                "partial",
                "its counts",
                "the result of a run",
            ))
        }
    }

    /// Number of replications merged so far.
    pub fn replications(&self) -> u64 {
        self.sections.len() as u64
    }

    /// What was simulated.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The replications in it, where they follow each other without a gap; `None` where they do not, or there are none.
    pub fn range(&self) -> Option<Range<u64>> {
        let (first, last) = (self.sections.first()?.0, self.sections.last()?.0);
        let end = last.checked_add(1)?;
        (end - first == self.replications()).then_some(first..end)
    }

    /// Reads the results off; `theory` is left empty (see [`crate::expectation`]).
    ///
    /// A transient of an overloaded station has no steady state: its nine quantities stay unknown, its growth is measured. Means that are infinite stay unknown too.
    pub fn report(&self, precision: f64, stopped: Stopped) -> Report {
        let scenario = &self.scenario;
        let stable = scenario.utilization() < 1.0;
        let transient = matches!(scenario.horizon, crate::scenario::Horizon::Transient { .. });
        let mut report = Report {
            utilization: scenario.utilization(),
            arrival_rate: scenario.arrival_rate(),
            service_rate: scenario.service_rate(),
            servers: scenario.station.servers,
            replications: self.replications(),
            requests: self.responses.count(),
            warm_up: self.warm_up,
            stable,
            converged: false,
            stopped,
            growth_rate: transient.then(|| self.growth_rate(scenario)),
            ..Report::unknown()
        };
        if stable {
            self.fill_steady(&mut report);
            let watched = [report.mean_response, report.p99];
            report.converged = self.warmed_up
                && watched.iter().all(|q| {
                    q.relative_half_width()
                        .is_some_and(|width| width <= precision)
                });
        }
        report
    }

    fn fill_steady(&self, report: &mut Report) {
        let requests = self.requests as f64;
        if has_finite_means(&self.scenario) {
            report.mean_response = self.mean_of(|section| section.responses / requests);
            report.mean_wait = self.mean_of(|section| section.waits / requests);
            report.mean_in_system = self.mean_of(|section| section.responses / section.elapsed);
            report.mean_in_queue = self.mean_of(|section| section.waits / section.elapsed);
        }
        report.p50 = self.quantile(0.5);
        report.p90 = self.quantile(0.9);
        report.p95 = self.quantile(0.95);
        report.p99 = self.quantile(0.99);
        report.p999 = self.quantile(0.999);
    }

    /// Growth of the number in system: the wait's growth times the rate at which the queue is worked off.
    fn growth_rate(&self, scenario: &Scenario) -> Quantity {
        let capacity = f64::from(scenario.station.servers) * scenario.service_rate();
        self.mean_of(|section| section.growth / section.growth_time * capacity)
    }

    /// Mean over replications, in their order, with Student's interval.
    fn mean_of(&self, value: impl Fn(&Section) -> f64) -> Quantity {
        let moments: Moments = self
            .sections
            .iter()
            .map(|(_, section)| value(section))
            .collect();
        if moments.count() == 0 || !moments.mean().is_finite() {
            return Quantity::default();
        }
        // Where chance is at work, no difference at all between replications only says that too little was seen.
        let seen = moments.variance() > 0.0 || !self.has_chance();
        let interval = student_interval(&moments, CONFIDENCE).filter(|_| seen);
        Quantity::new(moments.mean(), interval)
    }

    fn has_chance(&self) -> bool {
        let laws = [
            &self.scenario.arrivals.interarrival,
            &self.scenario.station.service,
        ];
        laws.iter().any(|law| law.scv() != Some(0.0))
    }

    fn quantile(&self, p: f64) -> Quantity {
        let fold = |start: f64, choose: fn(f64, f64) -> f64, of: fn(&Section) -> f64| {
            self.sections
                .iter()
                .fold(start, |held, (_, section)| choose(held, of(section)))
        };
        let shortest = fold(f64::INFINITY, f64::min, |section| section.shortest);
        let longest = fold(0.0, f64::max, |section| section.longest);
        match self
            .responses
            .quantile(buckets(&self.scenario), p, (shortest, longest))
        {
            Some(found) => Quantity::new(found.estimate, found.interval),
            None => Quantity::default(),
        }
    }
}

/// Whether the steady state has a mean wait: behind one server whose service times have an infinite variance it has none
/// (Pollaczek and Khinchine), and the average of any sample is only a matter of its length.
fn has_finite_means(scenario: &Scenario) -> bool {
    let steady = matches!(scenario.horizon, crate::scenario::Horizon::Steady { .. });
    !steady || scenario.station.servers > 1 || scenario.station.service.scv().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::Distribution;
    use crate::run::Job;

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
            partial.responses.buckets_covered()
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
        damaged.sections.pop();
        assert!(partial.merge(&damaged).is_err());
    }
}
