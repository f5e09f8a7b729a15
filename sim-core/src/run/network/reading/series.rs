//! What was found over time, stretch by stretch.

use super::{Reading, quantity};
use crate::engine::network::series::Series;
use crate::engine::network::tally::Tally;
use crate::run::report::{GroupSeries, Quantity, SeriesReport};
use crate::stats::sections::Sections;

impl Reading<'_> {
    /// The 99th percentile of the response times of one stretch.
    fn tail_of(&self, tail: &Sections) -> Quantity {
        match tail.quantile(self.buckets(), 0.99, (0.0, f64::INFINITY)) {
            Some(found) => Quantity::new(found.estimate, found.interval),
            None => Quantity::default(),
        }
    }

    pub(super) fn series(&self) -> Option<SeriesReport> {
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
            self.share_of_time(|it| of(it).0 as f64, |it| (of(it).0 + of(it).1) as f64)
        };
        let hit_ratio = |cache: usize, at: usize| {
            let of = |tally: &Tally| {
                let series = tally.series.as_ref();
                series.map_or((0, 0), |series| series.lookups[cache][at])
            };
            self.share_of_time(|it| of(it).1 as f64, |it| of(it).0 as f64)
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
