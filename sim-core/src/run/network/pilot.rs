//! The pilot run: how much simulated time a replication discards, where it does not start in its steady state.
//!
//! What is reported is watched, stretch by stretch and averaged over some replications: response times by when requests arrive, the
//! number at every resource and its servers in use, hit ratios. Each is cut by MSER-5, and the longest cut
//! counts; a series that does not level off, or is the same before its cut as after it, is left to the audit of the run. A pilot has a budget of events: if that ends first, or response times do not level off, the start is
//! not known to be forgotten.

use std::sync::Arc;

use crate::engine::network::series::Series;
use crate::engine::network::{Network, Opening, Program, Window};
use crate::stats::moments::Moments;
use crate::stats::mser;

/// Pilot replications are counted down from the end of the numbers, out of the way of all others.
const FIRST: u64 = u64::MAX - 3;
/// Events in a step.
const EVENTS: u64 = 1 << 16;
/// Stretches of time told apart.
const STRETCHES: u32 = 1000;
/// Standard errors by which a series has to be another before its cut than after it.
const CERTAIN: f64 = 6.0;
/// The most resources watched each by itself; of more, all together.
const MOST: usize = 16;

/// The warm-up found.
pub(super) struct WarmUp {
    /// Simulated time to discard, seconds.
    pub(super) seconds: f64,
    /// Whether the pilot levelled off within its length.
    pub(super) settled: bool,
}

/// What a pilot may cost, and how it starts.
pub(super) struct Pilot<'a> {
    pub(super) program: &'a Program,
    pub(super) opening: &'a Opening,
    pub(super) window: Window,
    /// Events of a replication at most.
    pub(super) events: u64,
    pub(super) seed: u64,
}

impl Pilot<'_> {
    /// Runs the pilot replications.
    pub(super) fn warm_up(&self) -> WarmUp {
        let program = Arc::new(self.program.with_series(STRETCHES));
        let mut sums = Sums::new(&program);
        for replication in FIRST..=u64::MAX {
            let mut network = Network::new(&program, self.window, self.seed, replication);
            network.populate(self.opening, self.seed, replication);
            let mut left = self.events;
            while !network.advance(EVENTS) {
                left = left.saturating_sub(EVENTS);
                if left == 0 {
                    return WarmUp {
                        seconds: network.now() / 2.0,
                        settled: false,
                    };
                }
            }
            if let Some(series) = &network.tally().series {
                sums.add(series);
            }
        }
        let levels = sums.levels();
        let mut cuts = levels.iter().map(|it| mser::truncation(it));
        let responses = cuts.next().unwrap_or(mser::truncation(&[]));
        let others = (1..)
            .zip(cuts)
            .filter(|(row, cut)| cut.settled && sums.climbs(*row, cut.batches));
        let batches = others.fold(responses.batches, |most, (_, cut)| most.max(cut.batches));
        WarmUp {
            seconds: batches as f64 / f64::from(STRETCHES) * self.window.stop,
            settled: responses.settled,
        }
    }
}

/// What is watched in pilot replications, by stretch of time: how many, and their total.
struct Sums {
    replications: Vec<Vec<Vec<(f64, f64)>>>,
    /// Number of the resource of each place, or nothing where all are taken together.
    resources: Vec<usize>,
    count: usize,
}

impl Sums {
    fn new(program: &Program) -> Self {
        let numbers = program.resources_of_places();
        let count = numbers.iter().max().map_or(0, |&it| it + 1);
        let together = count > MOST;
        Self {
            replications: Vec::new(),
            count: if together { 1 } else { count },
            resources: numbers
                .into_iter()
                .map(|it| if together { 0 } else { it })
                .collect(),
        }
    }

    /// Adds a replication. Response times come first.
    fn add(&mut self, series: &Series) {
        let points = series.responses.len();
        let caches = series.lookups.len();
        let rows = 1 + 2 * self.count + caches;
        let mut found = vec![vec![(0.0, 0.0); points]; rows];
        for at in 0..points {
            let (served, total) = series.responses[at];
            let mut add = |row: usize, count: f64, sum: f64| {
                let it = &mut found[row][at];
                *it = (it.0 + count, it.1 + sum);
            };
            add(0, served as f64, total);
            for (place, &resource) in self.resources.iter().enumerate() {
                // Several places of one resource are one sum.
                let is_first = place == 0 || self.resources[place - 1] != resource;
                let count = f64::from(u8::from(is_first));
                add(1 + 2 * resource, count, series.present[place][at]);
                add(2 + 2 * resource, count, series.busy[place][at]);
            }
            for (cache, lookups) in series.lookups.iter().enumerate() {
                let (count, hits) = lookups[at];
                add(1 + 2 * self.count + cache, count as f64, hits as f64);
            }
        }
        self.replications.push(found);
    }

    /// Each series averaged over replications; where nothing came, the stretch before speaks.
    fn levels(&self) -> Vec<Vec<f64>> {
        let Some(first) = self.replications.first() else {
            return Vec::new();
        };
        let level = |(row, series): (usize, &Vec<(f64, f64)>)| {
            let mut last = 0.0;
            let averages = (0..series.len()).map(|at| {
                let all = self.replications.iter().map(|it| it[row][at]);
                let (count, sum) = all.fold((0.0, 0.0), |a, b| (a.0 + b.0, a.1 + b.1));
                if count > 0.0 {
                    last = sum / count;
                }
                last
            });
            averages.collect()
        };
        first.iter().enumerate().map(level).collect()
    }

    /// Whether a series is another before a cut than after it for certain: the cut of a level series is a matter of chance.
    fn climbs(&self, row: usize, cut: usize) -> bool {
        let average = |part: &[(f64, f64)]| {
            let (count, sum) = part.iter().fold((0.0, 0.0), |a, b| (a.0 + b.0, a.1 + b.1));
            (count > 0.0).then(|| sum / count)
        };
        let rise = |it: &Vec<Vec<(f64, f64)>>| {
            let (before, after) = it[row].split_at(cut.min(it[row].len()));
            Some(average(after)? - average(before)?)
        };
        let rises: Moments = self.replications.iter().filter_map(rise).collect();
        let error = (rises.variance() / rises.count().max(1) as f64).sqrt();
        rises.count() > 1 && rises.mean().abs() > CERTAIN * error
    }
}
