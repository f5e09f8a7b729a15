//! Mergeable results of replications of a network, and how they read as a report.

use serde::{Deserialize, Serialize};

use super::super::findings::Found;
use super::super::report::{
    Bin, CacheReport, ClassReport, Details, Flow, GroupReport, GroupSeries, LifeReport,
    Percentiles, PlaceReport, Quantity, ReplicationReport, Report, SeriesReport, SpanReport,
};
use super::super::sections_by_number;
use crate::engine::network::Results;
use crate::engine::network::layout::Layout;
use crate::engine::network::series::Series;
use crate::engine::network::tally::{CacheTally, ClassTally, Ended, PlaceTally, Tally};
use crate::error::InputError;
use crate::scenario::{Horizon, Scenario};
use crate::stats::buckets::{BUCKETS, Buckets};
use crate::stats::interval::{CONFIDENCE, student_interval};
use crate::stats::moments::Moments;
use crate::stats::sections::{Sections, quantile_of};

/// The percentiles that are reported.
const LEVELS: [f64; 5] = [0.5, 0.9, 0.95, 0.99, 0.999];
/// From this growth on, as a share of the arrival rate, a system has no steady state.
const GROWING: f64 = 0.02;

/// Results of some replications.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkResults {
    /// By replication number, ascending.
    pub(in crate::run) sections: Vec<(u64, Replication)>,
    /// Response times by class; and, after them, of all classes together if there are several.
    responses: Vec<Sections>,
    /// Response times of all classes by the stretch of the series in which requests arrive, where asked for.
    #[serde(default)]
    tails: Vec<Sections>,
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
        }
    }

    fn open_tails(&mut self, number: usize) {
        self.tails.resize(number, Sections::of_any_length());
    }
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
        self.responses
            .resize(other.responses.len(), Sections::of_any_length());
        self.open_tails(other.tails.len());
        let pairs = self.responses.iter_mut().zip(&other.responses);
        for (ours, theirs) in pairs.chain(self.tails.iter_mut().zip(&other.tails)) {
            ours.merge(theirs);
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
        ascending && fitting && tails && counted && (histograms || self.sections.is_empty())
    }

    fn fill(&self, scenario: &Scenario, _: u64, report: &mut Report) {
        let load = scenario.load();
        report.arrival_rate = load.arrival_rate;
        if let Some(busiest) = load.bottleneck() {
            report.utilization = busiest.utilization;
            report.service_rate = busiest.arrival_rate / busiest.offered.max(f64::MIN_POSITIVE);
        }
        let layout = Layout::of(scenario);
        if let Some(busiest) = load.bottleneck() {
            let own = layout
                .places
                .iter()
                .filter(|place| place.resource == busiest.name);
            report.servers = own.map(|place| place.servers).sum();
        }
        let reading = Reading {
            results: self,
            layout: &layout,
        };
        let details = reading.details();
        let growth = reading.growth();
        let growing = growth
            .low
            .is_some_and(|low| low > GROWING * load.arrival_rate.max(1e-9));
        let steady = matches!(scenario.horizon, Horizon::Steady { .. });
        let overloaded = load.certain_overload().is_some();
        let broken = details.crowded > 0 || !details.livelock.is_empty();
        report.stable = !(overloaded || broken || (growing && steady));
        report.requests = details.flow.served;
        if !steady || !report.stable {
            report.growth_rate = Some(growth);
        }
        // The averages of a given span are what was asked for; of a growing queue there is no steady state to report.
        if report.stable || matches!(scenario.horizon, Horizon::Span { .. }) {
            reading.fill_quantities(report);
        }
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

/// The results beside the names of what was counted.
struct Reading<'a> {
    results: &'a NetworkResults,
    layout: &'a Layout,
}

impl Reading<'_> {
    fn fill_quantities(&self, report: &mut Report) {
        let all = |pick: fn(&ClassTally) -> f64| {
            move |tally: &Tally| tally.classes.iter().map(pick).sum::<f64>()
        };
        let served = all(|it| it.served() as f64);
        report.mean_response = self.ratio(all(|it| it.responses), served);
        report.mean_wait = self.ratio(all(|it| it.waits), served);
        let in_system = self.mean(|tally| tally.present / tally.window);
        report.mean_in_system = in_system.at_most(f64::INFINITY);
        let in_queue = self.mean(|tally| {
            let waiting: f64 = tally.places.iter().map(|it| it.present - it.busy).sum();
            waiting / tally.window
        });
        report.mean_in_queue = in_queue.at_most(f64::INFINITY);
        let last = self.results.responses.len().saturating_sub(1);
        let all = self.percentiles(last, None);
        (report.p50, report.p90, report.p95) = (all.p50, all.p90, all.p95);
        (report.p99, report.p999) = (all.p99, all.p999);
    }

    fn tallies(&self) -> impl Iterator<Item = &Tally> {
        self.results.sections.iter().map(|(_, it)| &it.tally)
    }

    /// Mean over replications, in their order, with Student's interval.
    fn mean(&self, value: impl Fn(&Tally) -> f64) -> Quantity {
        let moments: Moments = self
            .tallies()
            .map(value)
            .filter(|it| it.is_finite())
            .collect();
        quantity(&moments)
    }

    /// The ratio of two sums over replications, neither of them negative, with the interval of a ratio of means (the deviations of
    /// x − r·y).
    fn ratio(&self, over: impl Fn(&Tally) -> f64, under: impl Fn(&Tally) -> f64) -> Quantity {
        let (above, below): (f64, f64) = self.tallies().fold((0.0, 0.0), |sums, it| {
            (sums.0 + over(it), sums.1 + under(it))
        });
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
        Quantity::new(ratio, half.map(|half| (ratio - half, ratio + half))).at_most(f64::INFINITY)
    }

    /// The same for a share: all that is counted above is counted below.
    fn share(&self, of: impl Fn(&Tally) -> f64, all: impl Fn(&Tally) -> f64) -> Quantity {
        self.ratio(of, all).at_most(1.0)
    }

    /// Growth of the number in system over the second half of the window, requests per second.
    fn growth(&self) -> Quantity {
        self.mean(|tally| {
            let (middle, end) = tally.population;
            (end - middle) / (tally.window / 2.0)
        })
    }

    fn percentiles(&self, number: usize, class: Option<usize>) -> Percentiles {
        let Some(sections) = self.results.responses.get(number) else {
            return Percentiles::default();
        };
        let extremes = self
            .tallies()
            .flat_map(|tally| match class {
                Some(class) => &tally.classes[class..=class],
                None => &tally.classes[..],
            })
            .filter(|it| it.served() > 0)
            .fold(
                (f64::INFINITY, 0.0),
                |(shortest, longest): (f64, f64), it| {
                    (shortest.min(it.extremes.0), longest.max(it.extremes.1))
                },
            );
        let read = |p| match sections.quantile(self.buckets(), p, extremes) {
            Some(found) => Quantity::new(found.estimate, found.interval),
            None => Quantity::default(),
        };
        let [p50, p90, p95, p99, p999] = LEVELS.map(read);
        Percentiles {
            p50,
            p90,
            p95,
            p99,
            p999,
        }
    }

    fn buckets(&self) -> Buckets {
        Buckets::around(self.layout.scale)
    }

    fn details(&self) -> Details {
        let classes: Vec<_> = (0..self.layout.classes.len())
            .map(|class| self.class(class))
            .collect();
        let mut flow = Flow::default();
        for class in &classes {
            flow.add(&class.flow);
        }
        let livelock = self.tallies().find_map(|tally| match &tally.ended {
            Ended::Livelock(cycle) => Some(cycle.clone()),
            _ => None,
        });
        Details {
            window: self.tallies().map(|it| it.window).fold(0.0, f64::max),
            throughput: self.ratio(|it| served(it, usize::MAX) as f64, |it| it.window),
            flow,
            classes,
            places: (0..self.layout.places.len())
                .map(|place| self.place(place))
                .collect(),
            spans: (0..self.layout.spans.len())
                .map(|span| self.span(span))
                .collect(),
            groups: (0..self.layout.groups.len())
                .map(|group| self.group(group))
                .collect(),
            caches: (0..self.layout.caches.len())
                .map(|cache| self.cache(cache))
                .collect(),
            histogram: self.histogram(),
            replications: self.replications(),
            series: self.series(),
            little: self.tallies().map(|it| it.little.abs()).fold(0.0, f64::max),
            crowded: self
                .tallies()
                .filter(|it| it.ended == Ended::Crowded)
                .count() as u64,
            livelock: livelock.unwrap_or_default(),
        }
    }

    fn histogram(&self) -> Vec<Bin> {
        let Some(all) = self.results.responses.last() else {
            return Vec::new();
        };
        let bins = all.bins(self.buckets()).into_iter();
        bins.map(|(from, to, share)| Bin { from, to, share })
            .collect()
    }

    fn replications(&self) -> Vec<ReplicationReport> {
        let report = |(number, it): &(u64, Replication)| ReplicationReport {
            number: *number,
            mean_response: it.mean_response(),
            percentiles: it.quantiles,
        };
        self.results.sections.iter().map(report).collect()
    }

    fn class(&self, number: usize) -> ClassReport {
        let mut flow = Flow::default();
        for tally in self.tallies() {
            let it = &tally.classes[number];
            let [served, rejected, gave_up, timed_out, failed] = it.left;
            let in_flight = it.in_flight();
            flow.add(&Flow {
                arrived: it.arrived,
                served,
                rejected,
                gave_up,
                timed_out,
                failed,
                in_flight,
            });
        }
        let of = |pick: fn(&ClassTally) -> f64| move |tally: &Tally| pick(&tally.classes[number]);
        let served = of(|it| it.served() as f64);
        ClassReport {
            name: self.layout.classes[number].clone(),
            flow,
            throughput: self.ratio(served, |it| it.window),
            served_share: self.share(served, of(|it| (it.arrived - it.in_flight()) as f64)),
            mean_response: self.ratio(of(|it| it.responses), served),
            mean_wait: self.ratio(of(|it| it.waits), served),
            percentiles: self.percentiles(number, Some(number)),
        }
    }

    fn place(&self, number: usize) -> PlaceReport {
        let place = &self.layout.places[number];
        let servers = f64::from(place.servers);
        let of = |pick: fn(&PlaceTally) -> f64| move |tally: &Tally| pick(&tally.places[number]);
        let (served, arrived) = (of(|it| it.served as f64), of(|it| it.arrived as f64));
        let window = |it: &Tally| it.window;
        PlaceReport {
            name: place.name.clone(),
            resource: place.resource.clone(),
            servers: place.servers,
            utilization: self
                .mean(|it| it.places[number].busy / (it.window * servers))
                .at_most(1.0),
            throughput: self.ratio(served, window),
            mean_wait: self.ratio(of(|it| it.waits), served),
            mean_response: self.ratio(of(|it| it.stays), served),
            mean_in_system: self.ratio(of(|it| it.present), window),
            mean_in_queue: self.ratio(of(|it| it.present - it.busy), window),
            rejected_share: self.share(of(|it| it.rejected as f64), arrived),
            gave_up_share: self.share(of(|it| it.gave_up as f64), arrived),
            life: place.is_mortal.then(|| LifeReport {
                up_share: self.share(of(|it| it.up), window),
                on_share: self.share(of(|it| it.on), window),
                failed_share: self.share(of(|it| it.failed as f64), arrived),
            }),
        }
    }

    fn group(&self, number: usize) -> GroupReport {
        let of = |tally: &Tally| tally.detections.get(number).copied().unwrap_or_default();
        GroupReport {
            name: self.layout.groups[number].clone(),
            detections: self.tallies().map(|it| of(it).count).sum(),
            repeated_detections: self
                .tallies()
                .filter_map(|it| it.repeated_detections.get(number))
                .sum(),
            time_to_detect: self.ratio(|it| of(it).sum, |it| of(it).count as f64),
        }
    }

    fn cache(&self, number: usize) -> CacheReport {
        let of = |pick: fn(&CacheTally) -> f64| move |tally: &Tally| pick(&tally.caches[number]);
        let (hits, stale) = (of(|it| it.hits as f64), of(|it| it.stale as f64));
        let lookups = of(|it| (it.hits + it.misses + it.shared) as f64);
        let window = |it: &Tally| it.window;
        let total = |pick: fn(&CacheTally) -> u64| {
            let caches = self.tallies().map(|tally| &tally.caches[number]);
            caches.map(pick).sum()
        };
        CacheReport {
            name: self.layout.caches[number].clone(),
            lookups: self.ratio(lookups, window),
            hit_ratio: self.share(hits, lookups),
            shared_share: self.share(of(|it| it.shared as f64), lookups),
            stale_share: self.share(stale, lookups),
            mean_age: self.ratio(of(|it| it.age.unwrap_or(f64::NAN)), hits),
            mean_stale_age: self.ratio(of(|it| it.stale_age), stale),
            refreshes: self.ratio(of(|it| it.refreshes as f64), window),
            evictions: self.ratio(of(|it| it.evicted as f64), window),
            writes: total(|it| it.writes),
            lost_writes: total(|it| it.lost),
        }
    }

    fn span(&self, number: usize) -> SpanReport {
        SpanReport {
            name: self.layout.spans[number].clone(),
            count: self.tallies().map(|it| it.spans[number].count).sum(),
            mean: self.ratio(
                |it| it.spans[number].sum,
                |it| it.spans[number].count as f64,
            ),
        }
    }

    /// The 99th percentile of the response times of one stretch.
    fn tail_of(&self, tail: &Sections) -> Quantity {
        match tail.quantile(self.buckets(), 0.99, (0.0, f64::INFINITY)) {
            Some(found) => Quantity::new(found.estimate, found.interval),
            None => Quantity::default(),
        }
    }

    fn series(&self) -> Option<SeriesReport> {
        let points = self
            .tallies()
            .find_map(|it| it.series.as_ref())?
            .responses
            .len();
        let lines = |pick: fn(&Series) -> &Vec<Vec<f64>>,
                     count: usize,
                     most: &dyn Fn(usize) -> f64| {
            let all = || self.tallies().filter_map(|it| it.series.as_ref());
            let line = |number: usize| {
                let points = all().map(|it| pick(it)[number].len()).max().unwrap_or(0);
                let level = |at: usize| {
                    let values = all().filter_map(|series| pick(series)[number].get(at).copied());
                    quantity(&values.collect()).at_most(most(number))
                };
                (0..points).map(level).collect()
            };
            (0..count).map(line).collect::<Vec<Vec<Quantity>>>()
        };
        let places = self.layout.places.len();
        let servers = |place: usize| f64::from(self.layout.places[place].servers);
        let any = |_: usize| f64::INFINITY;
        let response = |at: usize| {
            let of = |tally: &Tally| {
                tally
                    .series
                    .as_ref()
                    .map_or((0, 0.0), |series| series.responses[at])
            };
            self.ratio(|it| of(it).1, |it| of(it).0 as f64)
        };
        let lost = |at: usize| {
            let of = |tally: &Tally| {
                let series = tally.series.as_ref();
                series.map_or((0, 0), |series| (series.lost[at], series.responses[at].0))
            };
            self.share(|it| of(it).0 as f64, |it| (of(it).0 + of(it).1) as f64)
        };
        let hit_ratio = |cache: usize, at: usize| {
            let of = |tally: &Tally| {
                let series = tally.series.as_ref();
                series.map_or((0, 0), |series| series.lookups[cache][at])
            };
            self.share(|it| of(it).1 as f64, |it| of(it).0 as f64)
        };
        let caches = 0..self.layout.caches.len();
        let window = self.tallies().map(|it| it.window).fold(0.0, f64::max);
        Some(SeriesReport {
            hit_ratio: caches
                .map(|cache| (0..points).map(|at| hit_ratio(cache, at)).collect())
                .collect(),
            step: window / points as f64,
            present: lines(|series| &series.present, places, &any),
            busy: lines(|series| &series.busy, places, &servers),
            groups: self
                .layout
                .groups
                .iter()
                .zip(lines(
                    |series| &series.imbalance,
                    self.layout.groups.len(),
                    &any,
                ))
                .map(|(name, imbalance)| GroupSeries {
                    name: name.clone(),
                    imbalance,
                })
                .collect(),
            mean_response: (0..points).map(response).collect(),
            lost_share: (0..points).map(lost).collect(),
            p99: self
                .results
                .tails
                .iter()
                .map(|tail| self.tail_of(tail))
                .collect(),
            up: lines(|series| &series.up, places, &servers),
        })
    }
}

/// Mean and Student's interval; none where all values are the same, which says only that too little was seen.
fn quantity(moments: &Moments) -> Quantity {
    if moments.count() == 0 || !moments.mean().is_finite() {
        return Quantity::default();
    }
    let interval = student_interval(moments, CONFIDENCE).filter(|_| moments.variance() > 0.0);
    Quantity::new(moments.mean(), interval)
}
