//! The pilot run: how much simulated time a replication discards, where it does not start in its steady state.
//!
//! What is reported is watched, stretch by stretch and averaged over some replications: response times by when requests arrive, the
//! number at every resource and its servers in use, hit ratios. Each is cut by MSER-5, and the longest cut counts; one that
//! does not level off is left to the audit of the run. A pilot has a budget of events: if that ends first, or response times do not level off, the start is
//! not known to be forgotten.

use std::sync::Arc;

use crate::engine::network::series::Series;
use crate::engine::network::{Network, Opening, Program, Window};
use crate::stats::mser;

/// Pilot replications are counted down from the end of the numbers, out of the way of all others.
const FIRST: u64 = u64::MAX - 3;
/// Events in a step.
const EVENTS: u64 = 1 << 16;
/// Stretches of time told apart.
const STRETCHES: u32 = 1000;
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
        let others = cuts.filter(|it| it.settled).map(|it| it.batches);
        let batches = others.fold(responses.batches, usize::max);
        WarmUp {
            seconds: batches as f64 / f64::from(STRETCHES) * self.window.stop,
            settled: responses.settled,
        }
    }
}

/// Sums over pilot replications, by what is watched and by stretch: how many, and their total.
struct Sums {
    series: Vec<Vec<(f64, f64)>>,
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
            series: Vec::new(),
            count: if together { 1 } else { count },
            resources: numbers
                .into_iter()
                .map(|it| if together { 0 } else { it })
                .collect(),
        }
    }

    fn add(&mut self, series: &Series) {
        let points = series.responses.len();
        let caches = series.lookups.len();
        let rows = 1 + 2 * self.count + caches;
        self.series.resize(rows, vec![(0.0, 0.0); points]);
        for at in 0..points {
            let (served, total) = series.responses[at];
            let mut add = |row: usize, count: f64, sum: f64| {
                let it = &mut self.series[row][at];
                *it = (it.0 + count, it.1 + sum);
            };
            add(0, served as f64, total);
            for (place, &resource) in self.resources.iter().enumerate() {
                // Several places of one resource are one sum; the count is that of replications.
                let first = place == 0 || self.resources[place - 1] != resource;
                let count = f64::from(u8::from(first));
                add(1 + 2 * resource, count, series.present[place][at]);
                add(2 + 2 * resource, count, series.busy[place][at]);
            }
            for (cache, lookups) in series.lookups.iter().enumerate() {
                let (count, hits) = lookups[at];
                add(1 + 2 * self.count + cache, count as f64, hits as f64);
            }
        }
    }

    /// Each series as averages; where nothing came, the stretch before speaks.
    fn levels(&self) -> Vec<Vec<f64>> {
        let level = |series: &Vec<(f64, f64)>| {
            let mut last = 0.0;
            let averages = series.iter().map(|&(count, sum)| {
                if count > 0.0 {
                    last = sum / count;
                }
                last
            });
            averages.collect()
        };
        self.series.iter().map(level).collect()
    }
}
