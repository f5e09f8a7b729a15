//! Mergeable results of replications of a network, and how they read as a report.

use serde::{Deserialize, Serialize};

use super::super::findings::{Found, Schedule};
use super::super::report::Report;
use super::super::sections_by_number;
use super::reading::{LEVELS, Reading};
use crate::engine::network::Results;
use crate::engine::network::layout::Layout;
use crate::engine::network::parts::watched;
use crate::engine::network::series::Series;
use crate::engine::network::tally::{ClassTally, Tally};
use crate::error::InputError;
use crate::scenario::{Horizon, Scenario};
use crate::stats::buckets::BUCKETS;
use crate::stats::sections::{Sections, quantile_of};

/// Results of some replications.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkResults {
    /// By replication number, ascending.
    pub(in crate::run) sections: Vec<(u64, Replication)>,
    /// Response times by class; and, after them, of all classes together if there are several.
    pub(super) responses: Vec<Sections>,
    /// Waits by class.
    pub(super) waits: Vec<Sections>,
    /// Waits of visits by resource.
    pub(super) place_waits: Vec<Sections>,
    /// Response times of all classes by the stretch of the series in which requests arrive, where asked for.
    #[serde(default)]
    pub(super) tails: Vec<Sections>,
}

/// What is kept of one replication.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::run) struct Replication {
    pub(in crate::run) tally: Tally,
    /// Percentiles of all its response times, for comparing replication by replication.
    pub(in crate::run) quantiles: [f64; 5],
}

impl NetworkResults {
    /// Adds the replication after the ones there are.
    pub(in crate::run) fn add(&mut self, number: u64, results: &Results<'_>) {
        let tally = results.tally;
        let classes = tally.classes.len();
        self.open(classes);
        let mut all = vec![0_u32; BUCKETS];
        for (class, counts) in tally.classes.iter().enumerate() {
            let histogram = results.histograms[class];
            self.responses[class].add(histogram, counts.served());
            for (sum, &count) in all.iter_mut().zip(histogram) {
                *sum += count;
            }
        }
        let all: Box<[u32; BUCKETS]> = all.into_boxed_slice().try_into().expect("as many buckets");
        let served = tally.classes.iter().map(ClassTally::served).sum();
        if classes > 1 {
            self.responses[classes].add(&all, served);
        }
        for (class, counts) in tally.classes.iter().enumerate() {
            self.waits[class].add(results.waits[class], counts.served());
        }
        open(&mut self.place_waits, results.place_waits.len());
        for (sections, counts) in self.place_waits.iter_mut().zip(&results.place_waits) {
            let visits = counts.iter().map(|&it| u64::from(it)).sum();
            sections.add(counts, visits);
        }
        if let Some(series) = &tally.series {
            self.open_tails(results.tails.len());
            for (stretch, histogram) in results.tails.iter().enumerate() {
                self.tails[stretch].add(histogram, series.responses[stretch].0);
            }
        }
        let replication = Replication {
            tally: tally.clone(),
            quantiles: LEVELS.map(|p| quantile_of(results.buckets, &all, p)),
        };
        self.sections.push((number, replication));
    }

    fn open(&mut self, classes: usize) {
        if self.responses.is_empty() {
            let number = classes + usize::from(classes > 1);
            self.responses = vec![Sections::of_any_length(); number];
            self.waits = vec![Sections::of_any_length(); classes];
        }
    }

    fn open_tails(&mut self, number: usize) {
        open(&mut self.tails, number);
    }
}

/// Room for so many histograms.
fn open(sections: &mut Vec<Sections>, number: usize) {
    sections.resize(number, Sections::of_any_length());
}

impl Found for NetworkResults {
    type Of = Scenario;

    fn numbers(&self) -> Vec<u64> {
        self.sections.iter().map(|section| section.0).collect()
    }

    fn merge(&mut self, other: &Self) -> Result<(), InputError> {
        if other.sections.is_empty() {
            return Ok(());
        }
        self.sections = sections_by_number(&self.sections, &other.sections)?;
        for (ours, theirs) in [
            (&mut self.responses, &other.responses),
            (&mut self.waits, &other.waits),
            (&mut self.place_waits, &other.place_waits),
            (&mut self.tails, &other.tails),
        ] {
            open(ours, theirs.len());
            for (ours, theirs) in ours.iter_mut().zip(theirs) {
                ours.merge(theirs);
            }
        }
        Ok(())
    }

    fn is_consistent(&self, scenario: &Scenario, _: u64) -> bool {
        let (classes, places) = (scenario.classes.len(), Layout::count_places(scenario));
        let ascending = self.sections.windows(2).all(|pair| pair[0].0 < pair[1].0);
        let fitting = self.sections.iter().all(|(_, it)| {
            it.tally.classes.len() == classes
                && it.tally.places.len() == places
                && it.tally.caches.len() == Layout::count_caches(scenario)
                && it.tally.is_consistent()
                && counts_of(&it.tally, scenario)
                && fits(it.tally.series.as_ref(), scenario)
        });
        let histograms = self.responses.len() == classes + usize::from(classes > 1);
        let counted = self.responses.iter().enumerate().all(|(class, sections)| {
            let served: u64 = self
                .sections
                .iter()
                .map(|(_, it)| served(&it.tally, class))
                .sum();
            sections.is_consistent() && sections.count() == served
        });
        let points = scenario.probes.series as usize;
        let tails = [0, points].contains(&self.tails.len())
            && self.tails.iter().all(Sections::is_consistent);
        let empty = self.sections.is_empty();
        let resources = Layout::count_resources(scenario);
        let waits = (empty || self.waits.len() == classes)
            && [0, resources].contains(&self.place_waits.len())
            && (self.waits.iter().chain(&self.place_waits)).all(Sections::is_consistent);
        ascending && fitting && tails && waits && counted && (histograms || empty)
    }

    fn fill(&self, scenario: &Scenario, schedule: &Schedule, report: &mut Report) {
        let load = scenario.load();
        report.arrival_rate = load.arrival_rate;
        if let Some(busiest) = load.bottleneck() {
            report.utilization = busiest.utilization;
            let rate = busiest.arrival_rate / busiest.offered;
            report.service_rate = if rate.is_finite() { rate } else { 0.0 };
        }
        let layout = Layout::of(scenario);
        if let Some(busiest) = load.bottleneck() {
            let own = layout
                .places
                .iter()
                .filter(|place| place.resource == busiest.name);
            report.servers = own.map(|place| place.servers).sum();
        }
        let reading = Reading::new(self, scenario, &layout, &load);
        let details = reading.details();
        let growth = reading.growth(load.arrival_rate);
        let steady = matches!(scenario.horizon, Horizon::Steady { .. });
        let overloaded = load.certain_overload().is_some();
        let broken =
            details.crowded > 0 || !details.livelock.is_empty() || !details.deadlock.is_empty();
        report.stable = !(overloaded || broken || (growth.persists && steady));
        report.requests = details.flow.served;
        let stands_still = !details.livelock.is_empty() || !details.deadlock.is_empty();
        if !stands_still && (!steady || !report.stable) {
            report.growth_rate = Some(growth.rate);
        }
        // The averages of a given span are what was asked for; of a growing queue there is no steady state to report.
        if report.stable || matches!(scenario.horizon, Horizon::Span { .. }) {
            reading.fill_quantities(report);
        }
        let grows = (growth.persists && !broken).then_some(growth.rate);
        report.doubts = reading.doubts(schedule, &details, (report.stable, grows));
        report.details = Some(Box::new(details));
    }
}

impl Replication {
    /// Mean response time of all requests served; `None` if there are none.
    pub(in crate::run) fn mean_response(&self) -> Option<f64> {
        let served = served(&self.tally, usize::MAX);
        let sum: f64 = self.tally.classes.iter().map(|it| it.responses).sum();
        (served > 0).then(|| sum / served as f64)
    }
}

/// Whether a replication has counts of all that it was to count.
fn counts_of(tally: &Tally, scenario: &Scenario) -> bool {
    let (resources, caches) = (
        Layout::count_resources(scenario),
        Layout::count_caches(scenario),
    );
    let times = scenario.probes.within.len();
    let watched = watched(resources, caches).len();
    let classes = tally.classes.iter().all(|it| {
        [0, resources].contains(&it.calls.len()) && [0, times].contains(&it.within.len())
    });
    let numbers = scenario.probes.numbers as usize + 1;
    classes
        && [0, watched].contains(&tally.drifts.len())
        && [0, resources].contains(&tally.within.len())
        && tally.within.iter().all(|it| it.len() == times)
        && [0, resources + 1].contains(&tally.numbers.len())
        && tally.numbers.iter().all(|it| it.len() == numbers)
        && (tally.tries.is_empty() || tally.tries.len() == Layout::count_attempts(scenario))
}

/// Whether a series has the points that the scenario asks for, of all its places and groups.
fn fits(series: Option<&Series>, scenario: &Scenario) -> bool {
    let points = scenario.probes.series as usize;
    let Some(series) = series else {
        return points == 0;
    };
    let (places, groups) = (
        Layout::count_places(scenario),
        Layout::count_groups(scenario),
    );
    series.is_of(points, places, groups, Layout::count_caches(scenario))
}

/// Requests of a class served in a replication; of all of them for the number after the last class.
fn served(tally: &Tally, class: usize) -> u64 {
    match tally.classes.get(class) {
        Some(class) => class.served(),
        None => tally.classes.iter().map(ClassTally::served).sum(),
    }
}
