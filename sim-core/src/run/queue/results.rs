//! Mergeable results of replications of a queue, and how they read as a report.

use serde::{Deserialize, Serialize};

use super::super::audit::{Audit, Doubt, DoubtKind, EIGHTHS, HALVES};
use super::super::findings::{Found, Schedule};
use super::super::report::{Quantity, Report};
use super::super::sections_by_number;
use crate::engine::recursion::{Section, buckets};
use crate::error::InputError;
use crate::scenario::{Horizon, Queue};
use crate::stats::buckets::BUCKETS;
use crate::stats::interval::{CONFIDENCE, student_interval};
use crate::stats::moments::Moments;
use crate::stats::sections::Sections;

/// Results of some replications.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QueueResults {
    /// By replication number, ascending.
    pub(in crate::run) sections: Vec<(u64, Section)>,
    pub(in crate::run) responses: Sections,
}

impl QueueResults {
    /// Adds the replication after the ones there are.
    pub(in crate::run) fn add(
        &mut self,
        replication: u64,
        section: Section,
        counts: &[u32; BUCKETS],
        requests: u64,
    ) {
        debug_assert!(self.sections.last().is_none_or(|last| last.0 < replication));
        self.sections.push((replication, section));
        self.responses.add(counts, requests);
    }
}

impl Found for QueueResults {
    type Of = Queue;

    fn numbers(&self) -> Vec<u64> {
        self.sections.iter().map(|section| section.0).collect()
    }

    fn merge(&mut self, other: &Self) -> Result<(), InputError> {
        self.sections = sections_by_number(&self.sections, &other.sections)?;
        self.responses.merge(&other.responses);
        Ok(())
    }

    fn is_consistent(&self, _: &Queue, requests: u64) -> bool {
        let ascending = self.sections.windows(2).all(|pair| pair[0].0 < pair[1].0);
        let finite = self.sections.iter().all(|(_, section)| section.is_finite());
        let count = requests.checked_mul(self.sections.len() as u64);
        ascending
            && finite
            && self.responses.is_consistent()
            && count == Some(self.responses.count())
    }

    fn fill(&self, queue: &Queue, schedule: &Schedule, report: &mut Report) {
        report.utilization = queue.utilization();
        report.arrival_rate = queue.arrival_rate();
        report.service_rate = queue.service_rate();
        report.servers = queue.station.servers;
        report.requests = self.responses.count();
        report.stable = queue.utilization() < 1.0;
        let reading = Reading {
            results: self,
            queue,
        };
        if matches!(queue.horizon, Horizon::Transient { .. }) {
            report.growth_rate = Some(reading.growth_rate());
        }
        if report.stable {
            reading.fill_steady(schedule.requests as f64, report);
            if !matches!(queue.horizon, Horizon::Transient { .. }) {
                report.doubts = reading.doubts(schedule);
            }
        }
    }
}

/// The results beside what was simulated.
struct Reading<'a> {
    results: &'a QueueResults,
    queue: &'a Queue,
}

impl Reading<'_> {
    fn fill_steady(&self, requests: f64, report: &mut Report) {
        if has_finite_means(self.queue) {
            report.mean_response = self.amount_of(|section| section.responses / requests);
            report.mean_wait = self.amount_of(|section| section.waits / requests);
            report.mean_in_system = self.amount_of(|section| section.responses / section.elapsed);
            report.mean_in_queue = self.amount_of(|section| section.waits / section.elapsed);
        }
        report.p50 = self.quantile(0.5);
        report.p90 = self.quantile(0.9);
        report.p95 = self.quantile(0.95);
        report.p99 = self.quantile(0.99);
        report.p999 = self.quantile(0.999);
    }

    /// What is not trusted of these results.
    fn doubts(&self, schedule: &Schedule) -> Vec<Doubt> {
        let mut audit = Audit::default();
        if !schedule.warmed_up {
            let detail = format!(
                "{} requests were discarded, and response times had not levelled off",
                schedule.warm_up
            );
            audit.doubt(DoubtKind::WarmUp, "the start", detail);
        }
        if self.has_chance() {
            let quantities = ["mean response", "mean wait", "throughput"];
            for (number, what) in quantities.into_iter().enumerate() {
                for (names, first, second) in [(HALVES, 2, 3), (EIGHTHS, 0, 1)] {
                    let drifts = self
                        .results
                        .sections
                        .iter()
                        .map(|(_, it)| it.drifts[number]);
                    let pairs = drifts.map(|it| (it[first], it[second]));
                    audit.compare(DoubtKind::Drift, what, names, 0.0, pairs);
                }
            }
        }
        audit.finish()
    }

    /// Growth of the number in system: the wait's growth times the rate at which the queue is worked off.
    fn growth_rate(&self) -> Quantity {
        let capacity = f64::from(self.queue.station.servers) * self.queue.service_rate();
        self.mean_of(|section| section.growth / section.growth_time * capacity)
    }

    /// The mean of a time or a number, of whose interval what is below zero is impossible.
    fn amount_of(&self, value: impl Fn(&Section) -> f64) -> Quantity {
        self.mean_of(value).at_most(f64::INFINITY)
    }

    /// Mean over replications, in their order, with Student's interval.
    fn mean_of(&self, value: impl Fn(&Section) -> f64) -> Quantity {
        let moments: Moments = self
            .results
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
            &self.queue.arrivals.interarrival,
            &self.queue.station.service,
        ];
        laws.iter().any(|law| law.scv() != Some(0.0))
    }

    fn quantile(&self, p: f64) -> Quantity {
        let sections = &self.results.sections;
        let fold = |start: f64, choose: fn(f64, f64) -> f64, of: fn(&Section) -> f64| {
            sections
                .iter()
                .fold(start, |held, (_, section)| choose(held, of(section)))
        };
        let shortest = fold(f64::INFINITY, f64::min, |section| section.shortest);
        let longest = fold(0.0, f64::max, |section| section.longest);
        match self
            .results
            .responses
            .quantile(buckets(self.queue), p, (shortest, longest))
        {
            Some(found) => Quantity::new(found.estimate, found.interval),
            None => Quantity::default(),
        }
    }
}

/// Whether the steady state has a mean wait: behind one server whose service times have an infinite variance it has none
/// (Pollaczek and Khinchine), and the average of any sample is only a matter of its length.
fn has_finite_means(queue: &Queue) -> bool {
    let steady = matches!(queue.horizon, Horizon::Steady { .. });
    !steady || queue.station.servers > 1 || queue.station.service.scv().is_some()
}
