//! Averages over successive equal stretches of the window.

use serde::{Deserialize, Serialize};

/// What is averaged, stretch by stretch.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Series {
    /// Mean number present, for each place one value a stretch.
    pub present: Vec<Vec<f64>>,
    /// Mean number of servers or places in use.
    pub busy: Vec<Vec<f64>>,
    /// Mean number of servers up, for each place that can be down; nothing for others.
    pub up: Vec<Vec<f64>>,
    /// Mean difference between the numbers present at the fullest and at the emptiest server, for each group.
    pub imbalance: Vec<Vec<f64>>,
    /// Response times of requests by the stretch they arrive in: how many, and their sum in seconds.
    pub responses: Vec<(u64, f64)>,
    /// Requests that were lost, by the stretch they arrived in.
    pub lost: Vec<u64>,
    /// Look-ups in each cache by stretch: how many, and how many of them found the object.
    #[serde(default)]
    pub lookups: Vec<Vec<(u64, u64)>>,
}

impl Series {
    /// Whether it has `points` of everything, for so many places, groups and caches.
    pub fn is_of(&self, points: usize, places: usize, groups: usize, caches: usize) -> bool {
        let full = |lines: &Vec<Vec<f64>>, count: usize| {
            lines.len() == count && lines.iter().all(|it| it.len() == points)
        };
        self.responses.len() == points
            && self.lost.len() == points
            && full(&self.present, places)
            && full(&self.busy, places)
            && full(&self.imbalance, groups)
            && self.lookups.len() == caches
            && self.lookups.iter().all(|it| it.len() == points)
            && self.up.len() == places
            && self.up.iter().all(|it| it.is_empty() || it.len() == points)
    }
}

/// A series in the making.
#[derive(Debug, Clone)]
pub(super) struct SeriesMaker {
    start: f64,
    /// Length of a stretch, seconds.
    step: f64,
    series: Series,
    /// Until when each group is counted.
    counted: Vec<f64>,
}

/// What is averaged.
#[derive(Debug, Clone)]
pub(super) struct Counted {
    /// Stations, then pools: whether each can be down.
    pub(super) places: Vec<bool>,
    /// Groups.
    pub(super) groups: usize,
    /// Caches.
    pub(super) caches: usize,
}

impl SeriesMaker {
    pub(super) fn new(points: usize, counted: &Counted, start: f64, stop: f64) -> Self {
        let zeros = |lines: usize| vec![vec![0.0; points]; lines];
        let ups = counted.places.iter();
        Self {
            start,
            step: (stop - start) / points as f64,
            series: Series {
                present: zeros(counted.places.len()),
                busy: zeros(counted.places.len()),
                up: ups
                    .map(|&can_be_down| vec![0.0; if can_be_down { points } else { 0 }])
                    .collect(),
                imbalance: zeros(counted.groups),
                responses: vec![(0, 0.0); points],
                lost: vec![0; points],
                lookups: vec![vec![(0, 0); points]; counted.caches],
            },
            counted: vec![start; counted.groups],
        }
    }

    /// The number at a place was `present`, and `busy` of its servers worked, from `from` to `to`.
    pub(super) fn add(&mut self, place: usize, (present, busy): (f64, f64), from: f64, to: f64) {
        self.each_stretch(from, to, |series, index, part| {
            series.present[place][index] += present * part;
            series.busy[place][index] += busy * part;
        });
    }

    /// At a place that can be down `up` servers were up, from `from` to `to`.
    pub(super) fn add_up(&mut self, place: usize, up: f64, from: f64, to: f64) {
        self.each_stretch(from, to, |series, index, part| {
            series.up[place][index] += up * part;
        });
    }

    /// This was the difference between the numbers at the servers of a group since it was counted last.
    pub(super) fn add_group(&mut self, group: usize, imbalance: u32, to: f64) {
        let imbalance = f64::from(imbalance);
        let from = std::mem::replace(&mut self.counted[group], to);
        self.each_stretch(from, to, |series, index, part| {
            series.imbalance[group][index] += imbalance * part;
        });
    }

    /// Hands every stretch that the time from `from` to `to` touches to `add`, with the part of it that is covered.
    fn each_stretch(&mut self, from: f64, to: f64, mut add: impl FnMut(&mut Series, usize, f64)) {
        let points = self.series.responses.len();
        let at = |time: f64| ((time - self.start) / self.step).clamp(0.0, points as f64);
        let (mut position, to) = (at(from), at(to));
        while position < to {
            let index = floor(position).min(points - 1);
            let end = to.min((index + 1) as f64);
            add(&mut self.series, index, end - position);
            if end <= position {
                break;
            }
            position = end;
        }
    }

    /// A request that arrived then was served; returns the stretch of its arrival.
    pub(super) fn respond(&mut self, arrival: f64, response: f64) -> usize {
        let at = self.stretch_of(arrival);
        let (count, sum) = &mut self.series.responses[at];
        *count += 1;
        *sum += response;
        at
    }

    /// A request that arrived then was lost.
    pub(super) fn lose(&mut self, arrival: f64) {
        let at = self.stretch_of(arrival);
        self.series.lost[at] += 1;
    }

    /// A key was looked up in a cache.
    pub(super) fn look_up(&mut self, cache: usize, now: f64, found: bool) {
        let at = self.stretch_of(now);
        let (lookups, hits) = &mut self.series.lookups[cache][at];
        *lookups += 1;
        *hits += u64::from(found);
    }

    fn stretch_of(&self, time: f64) -> usize {
        floor(((time - self.start) / self.step).max(0.0)).min(self.series.responses.len() - 1)
    }

    pub(super) fn finish(self) -> Series {
        self.series
    }
}

/// The whole part of a number that is not negative.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "casts saturate"
)]
fn floor(value: f64) -> usize {
    value as usize
}
