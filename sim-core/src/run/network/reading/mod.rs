//! Results of replications read as a report: means, shares and percentiles with their intervals.
//!
//! What is known exactly is said to be so: where nothing is left to chance, and where nobody can wait, be refused or give up. Where
//! requests had not left when they were followed no longer, a mean is at least what it would be had they left at that
//! moment, and a percentile lies between those of two extremes: they are forgotten, or they never leave.

mod details;
mod doubts;
mod series;

use std::ops::Range;

use super::NetworkResults;
use crate::engine::network::layout::Layout;
use crate::engine::network::tally::{ClassTally, Tally};
use crate::run::report::{Percentiles, Quantity, Report};
use crate::scenario::{Failures, Load, Resource, Scenario};
use crate::stats::buckets::Buckets;
use crate::stats::interval::{CONFIDENCE, student_interval};
use crate::stats::moments::Moments;
use crate::stats::sections::{Estimate, Sections};

/// The percentiles that are reported.
pub(super) const LEVELS: [f64; 5] = [0.5, 0.9, 0.95, 0.99, 0.999];

/// The results beside what was simulated.
pub(super) struct Reading<'a> {
    pub(super) results: &'a NetworkResults,
    pub(super) scenario: &'a Scenario,
    pub(super) layout: &'a Layout,
    /// What it asks of its resources.
    pub(super) load: &'a Load,
    /// Whether nothing is left to chance.
    pub(super) is_deterministic: bool,
}

impl<'a> Reading<'a> {
    pub(super) fn new(
        results: &'a NetworkResults,
        scenario: &'a Scenario,
        layout: &'a Layout,
        load: &'a Load,
    ) -> Self {
        Self {
            results,
            scenario,
            layout,
            load,
            is_deterministic: scenario.is_deterministic(),
        }
    }

    /// The nine quantities.
    pub(super) fn fill_quantities(&self, report: &mut Report) {
        let all = |pick: fn(&ClassTally) -> f64| {
            move |tally: &Tally| tally.classes.iter().map(pick).sum::<f64>()
        };
        let inside = all(|it| it.in_flight() as f64);
        let served = all(|it| it.served() as f64);
        report.mean_response = self
            .always_the_same(0..self.layout.classes.len())
            .unwrap_or_else(|| {
                let so_far = all(|it| it.unresolved);
                self.followed(all(|it| it.responses), served, inside, so_far)
            });
        report.mean_wait = if self.scenario.never_waits() {
            Quantity::exactly(0.0)
        } else {
            self.followed(all(|it| it.waits), served, inside, |_| 0.0)
        };
        let in_system = self.mean(|tally| tally.present / tally.window);
        report.mean_in_system = in_system.at_most(f64::INFINITY);
        report.mean_in_queue = if self.has_no_line() {
            Quantity::exactly(0.0)
        } else {
            let in_queue = self.mean(|tally| {
                let waiting: f64 = tally.places.iter().map(|it| it.present - it.busy).sum();
                waiting / tally.window
            });
            in_queue.at_most(f64::INFINITY)
        };
        let last = self.results.responses.len().saturating_sub(1);
        let all = self.percentiles(last, None);
        (report.p50, report.p90, report.p95) = (all.p50, all.p90, all.p95);
        (report.p99, report.p999) = (all.p99, all.p999);
    }

    /// Whether nobody ever stands in a line at this resource.
    fn has_no_line_at(&self, resource: &str) -> bool {
        let resource = self.scenario.resources.get(resource);
        resource.is_some_and(Resource::has_no_line)
    }

    /// Whether no station and no pool has a line.
    fn has_no_line(&self) -> bool {
        let resources = self.scenario.resources.iter();
        resources
            .filter(|(_, it)| !matches!(it, Resource::Cache(_)))
            .all(|(_, it)| it.has_no_line())
    }

    pub(super) fn tallies(&self) -> impl Iterator<Item = &Tally> {
        self.results.sections.iter().map(|(_, it)| &it.tally)
    }

    /// How a station or the servers of a group fail by chance.
    pub(super) fn failures_of(&self, resource: &str) -> Option<&Failures> {
        let resource = self.scenario.resources.get(resource)?;
        resource.server()?.failures.as_ref()
    }

    /// Simulated time that was measured, all replications together, seconds.
    pub(super) fn measured(&self) -> f64 {
        self.tallies().map(|it| it.window).sum()
    }

    /// Mean over replications, in their order, with Student's interval.
    pub(super) fn mean(&self, value: impl Fn(&Tally) -> f64) -> Quantity {
        let moments: Moments = self
            .tallies()
            .map(value)
            .filter(|it| it.is_finite())
            .collect();
        self.exact_if_certain(quantity(&moments))
    }

    fn exact_if_certain(&self, quantity: Quantity) -> Quantity {
        match quantity.estimate {
            Some(estimate) if self.is_deterministic && quantity.low.is_none() => {
                Quantity::exactly(estimate)
            }
            _ => quantity,
        }
    }

    fn sums(&self, over: impl Fn(&Tally) -> f64, under: impl Fn(&Tally) -> f64) -> (f64, f64) {
        self.tallies().fold((0.0, 0.0), |sums, it| {
            (sums.0 + over(it), sums.1 + under(it))
        })
    }

    /// The ratio of two sums over replications, neither of them negative, with the interval of a ratio of means (the deviations of
    /// x − r·y).
    pub(super) fn ratio(
        &self,
        over: impl Fn(&Tally) -> f64,
        under: impl Fn(&Tally) -> f64,
    ) -> Quantity {
        let (above, below) = self.sums(&over, &under);
        if below <= 0.0 {
            return Quantity::default();
        }
        let ratio = above / below;
        if !ratio.is_finite() {
            return Quantity::default();
        }
        let scale = below / self.results.sections.len() as f64;
        let residuals: Moments = self
            .tallies()
            .map(|it| (over(it) - ratio * under(it)) / scale)
            .collect();
        let spread = quantity(&residuals);
        let half = spread
            .low
            .zip(spread.high)
            .map(|(low, high)| (high - low) / 2.0);
        let found = Quantity::new(ratio, half.map(|half| (ratio - half, ratio + half)));
        self.exact_if_certain(found.at_most(f64::INFINITY))
    }

    /// The same for a share of time: all that is counted above is counted below.
    pub(super) fn share_of_time(
        &self,
        of: impl Fn(&Tally) -> f64,
        all: impl Fn(&Tally) -> f64,
    ) -> Quantity {
        self.ratio(of, all).at_most(1.0)
    }

    /// The same for a share of cases. What was seen in few of them, or in all but few, may be what was seen by chance: the interval is
    /// at least as wide as [`rare`] says.
    pub(super) fn share(
        &self,
        of: impl Fn(&Tally) -> f64,
        all: impl Fn(&Tally) -> f64,
    ) -> Quantity {
        self.share_in_units(1.0, of, all)
    }

    /// The same where so much of what is summed is one case.
    pub(super) fn share_in_units(
        &self,
        unit: f64,
        of: impl Fn(&Tally) -> f64,
        all: impl Fn(&Tally) -> f64,
    ) -> Quantity {
        let (cases, trials) = self.sums(&of, &all);
        let found = self.share_of_time(of, all);
        if self.is_deterministic || self.results.sections.len() < 2 || trials <= 0.0 {
            return found;
        }
        found.perhaps_rare(cases / unit, trials / unit)
    }

    /// A mean time of requests that are followed to their end. Of those that were still inside, `so_far` is known: the mean is at
    /// least what it would be if they had left then.
    pub(super) fn followed(
        &self,
        sum: impl Fn(&Tally) -> f64,
        count: impl Fn(&Tally) -> f64,
        inside: impl Fn(&Tally) -> f64,
        so_far: impl Fn(&Tally) -> f64,
    ) -> Quantity {
        if self.tallies().all(|it| inside(it) == 0.0) {
            return self.ratio(sum, count);
        }
        let least = self.ratio(|it| sum(it) + so_far(it), |it| count(it) + inside(it));
        Quantity::at_least(least.low.or(least.estimate))
    }

    /// The response time of some classes, where all requests took the same time, whatever chance did: nothing is left to be estimated.
    pub(super) fn always_the_same(&self, classes: Range<usize>) -> Option<Quantity> {
        let tallies = || self.tallies().flat_map(|it| &it.classes[classes.clone()]);
        let all = || tallies().filter(|it| it.served() > 0);
        let shortest = all().map(|it| it.extremes.0).fold(f64::INFINITY, f64::min);
        let longest = all().map(|it| it.extremes.1).fold(0.0, f64::max);
        // But for the rounding of a clock that is far on.
        let is_same = longest - shortest <= 1e-9 * longest;
        let is_known = tallies().all(|it| it.in_flight() == 0) && all().count() > 1;
        (is_same && is_known).then(|| Quantity::exactly(shortest))
    }

    /// The share of requests with some fate. Those still inside may or may not come to it.
    pub(super) fn fate(
        &self,
        of: impl Fn(&Tally) -> f64,
        all: impl Fn(&Tally) -> f64,
        inside: impl Fn(&Tally) -> f64,
    ) -> Quantity {
        if self.tallies().all(|it| inside(it) == 0.0) {
            return self.share(of, all);
        }
        let least = self.share(&of, &all);
        let most = self.share(|it| of(it) + inside(it), &all);
        Quantity {
            estimate: None,
            low: least.low.or(least.estimate),
            high: most.high.or(most.estimate),
            theory: None,
        }
    }

    /// Percentiles of response times; of all classes together for `None`.
    pub(super) fn percentiles(&self, number: usize, class: Option<usize>) -> Percentiles {
        let Some(sections) = self.results.responses.get(number) else {
            return Percentiles::default();
        };
        let mine = |tally: &'a Tally| match class {
            Some(class) => &tally.classes[class..=class],
            None => &tally.classes[..],
        };
        let tallies = || self.results.sections.iter().map(|(_, it)| &it.tally);
        let extremes = tallies().flat_map(mine).filter(|it| it.served() > 0).fold(
            (f64::INFINITY, 0.0),
            |(shortest, longest): (f64, f64), it| {
                (shortest.min(it.extremes.0), longest.max(it.extremes.1))
            },
        );
        let inside: u64 = tallies().flat_map(mine).map(ClassTally::in_flight).sum();
        self.quantiles(sections, extremes, inside)
    }

    /// The percentiles of a histogram, beside so many values that are not known yet.
    fn quantiles(&self, sections: &Sections, extremes: (f64, f64), unknown: u64) -> Percentiles {
        let known = sections.count() as f64;
        let stretched = |p: f64| p * (known + unknown as f64) / known;
        let levels = LEVELS.map(|p| [p, stretched(p)]);
        let found = sections.quantiles(self.buckets(), levels.as_flattened(), extremes);
        let read = |level: usize| {
            let forgotten = found.get(2 * level).copied().flatten();
            let never = found.get(2 * level + 1).copied().flatten();
            between(forgotten, never)
        };
        Percentiles {
            p50: read(0),
            p90: read(1),
            p95: read(2),
            p99: read(3),
            p999: read(4),
        }
    }

    /// Percentiles of waits: what lies in the first bucket is nothing.
    pub(super) fn wait_percentiles(&self, sections: &Sections, unknown: u64) -> Percentiles {
        let nothing = self.buckets().lower_edge(1);
        let round = |value: f64| if value <= nothing { 0.0 } else { value };
        let round = |it: Quantity| Quantity {
            estimate: it.estimate.map(round),
            low: it.low.map(round),
            high: it.high.map(round),
            theory: it.theory,
        };
        let found = self.quantiles(sections, (0.0, f64::INFINITY), unknown);
        Percentiles {
            p50: round(found.p50),
            p90: round(found.p90),
            p95: round(found.p95),
            p99: round(found.p99),
            p999: round(found.p999),
        }
    }

    pub(super) fn buckets(&self) -> Buckets {
        Buckets::around(self.layout.scale)
    }
}

/// A percentile that lies between what it is if some values are forgotten and if they are infinite.
fn between(forgotten: Option<Estimate>, infinite: Option<Estimate>) -> Quantity {
    match (forgotten, infinite) {
        (Some(low), Some(high)) => {
            let interval = low
                .interval
                .zip(high.interval)
                .map(|(low, high)| (low.0, high.1));
            Quantity::new(high.estimate, interval)
        }
        (Some(low), None) => Quantity::at_least(Some(low.interval.map_or(low.estimate, |it| it.0))),
        _ => Quantity::default(),
    }
}

/// Mean and Student's interval; none where all values are the same, which says only that too little was seen.
pub(super) fn quantity(moments: &Moments) -> Quantity {
    if moments.count() == 0 || !moments.mean().is_finite() {
        return Quantity::default();
    }
    let interval = student_interval(moments, CONFIDENCE).filter(|_| moments.variance() > 0.0);
    Quantity::new(moments.mean(), interval)
}
