//! What one replication leaves behind.
//!
//! Requests count if they arrive while the window is open, whenever they leave; averages over time are taken over the window.
//! Two identities are kept over the whole replication and hold exactly but for rounding: every request that came has left or is
//! still there, and the integral of the number in system is the sum of the times spent in it (Little's law, sample by sample).

use serde::{Deserialize, Serialize};

use crate::stats::buckets::{BUCKETS, Buckets};

/// How a request left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Its path ended.
    Served,
    /// There was no room.
    Rejected,
    /// It waited too long for its patience.
    GaveUp,
    /// It took too long, tries included.
    TimedOut,
}

/// Counts and sums of one class, over the requests that arrived in the window.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ClassTally {
    /// Requests that arrived.
    pub arrived: u64,
    /// Those that left, by [`Outcome`].
    pub left: [u64; 4],
    /// Sum of the response times of those served, seconds.
    pub responses: f64,
    /// Sum of the waits of those served, seconds.
    pub waits: f64,
    /// Shortest and longest response time of those served, seconds.
    pub extremes: (f64, f64),
}

impl ClassTally {
    /// A request leaves.
    #[inline(always)]
    pub(super) fn leave(&mut self, outcome: Outcome, response: f64, waited: f64) {
        self.left[outcome as usize] += 1;
        if outcome == Outcome::Served {
            self.responses += response;
            self.waits += waited;
            let (shortest, longest) = self.extremes;
            let shortest = if response < shortest {
                response
            } else {
                shortest
            };
            let longest = if response > longest {
                response
            } else {
                longest
            };
            self.extremes = (shortest, longest);
        }
    }

    /// Requests served.
    pub fn served(&self) -> u64 {
        self.left[Outcome::Served as usize]
    }

    /// Requests of the window that were still there at the end.
    pub fn in_flight(&self) -> u64 {
        self.arrived - self.left.iter().sum::<u64>()
    }
}

/// Counts and integrals of one station or pool, over the window.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct PlaceTally {
    /// Visits that came.
    pub arrived: u64,
    /// Visits that ended well.
    pub served: u64,
    /// Visits turned away for lack of room.
    pub rejected: u64,
    /// Visits that gave up waiting.
    pub gave_up: u64,
    /// Sum of the waits of those served, seconds.
    pub waits: f64,
    /// Sum of the whole visits of those served, seconds.
    pub stays: f64,
    /// Integral of the number of servers or places in use, seconds.
    pub busy: f64,
    /// Integral of the number that wait or are served, seconds.
    pub present: f64,
}

/// The time that requests of the window took between the ends of a mark.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct SpanTally {
    /// How many.
    pub count: u64,
    /// Sum, seconds.
    pub sum: f64,
}

/// Averages over successive equal stretches of the window.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Series {
    /// Mean number present, for each place one value a stretch.
    pub present: Vec<Vec<f64>>,
    /// Mean number of servers or places in use.
    pub busy: Vec<Vec<f64>>,
    /// Mean difference between the numbers present at the fullest and at the emptiest server, for each group.
    pub imbalance: Vec<Vec<f64>>,
    /// Response times of requests by the stretch they arrive in: how many, and their sum in seconds.
    pub responses: Vec<(u64, f64)>,
}

/// Why a replication ended.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// The window closed, and its requests left or were given up on.
    #[default]
    Complete,
    /// Too many requests were in flight: what was measured until then.
    Crowded,
    /// Event followed event and no time passed: what they were, again and again.
    Livelock(Vec<String>),
}

/// The result of one replication.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Tally {
    /// Length of the window, seconds.
    pub window: f64,
    /// By class.
    pub classes: Vec<ClassTally>,
    /// By station, then by pool.
    pub places: Vec<PlaceTally>,
    /// By mark.
    pub spans: Vec<SpanTally>,
    /// Where asked for.
    pub series: Option<Series>,
    /// Integral of the number of requests in system over the window, seconds.
    pub present: f64,
    /// Requests in system at the middle and at the end of the window.
    pub population: (f64, f64),
    /// By how much Little's law fails, as a share: rounding alone.
    pub little: f64,
    /// Why it ended.
    pub ended: Ended,
}

impl Tally {
    /// Whether every request is accounted for, and Little's law holds but for rounding.
    pub fn is_consistent(&self) -> bool {
        let flows = self
            .classes
            .iter()
            .all(|it| it.left.iter().sum::<u64>() <= it.arrived);
        flows && self.little.abs() < 1e-6
    }
}

/// Histograms of one class's response times, in the making.
#[derive(Debug, Clone)]
pub(super) struct Responses {
    buckets: Buckets,
    pub(super) counts: Box<[u32; BUCKETS]>,
}

impl Responses {
    pub(super) fn new(scale: f64) -> Self {
        let counts = vec![0; BUCKETS].into_boxed_slice();
        Self {
            buckets: Buckets::around(scale),
            counts: counts.try_into().expect("as many counts as buckets"),
        }
    }

    #[inline(always)]
    pub(super) fn add(&mut self, response: f64) {
        self.counts[self.buckets.index(response) as usize & (BUCKETS - 1)] += 1;
    }
}

/// Averages over stretches of time, in the making.
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
#[derive(Debug, Clone, Copy)]
pub(super) struct Counted {
    /// Stations, then pools.
    pub(super) places: usize,
    /// Groups.
    pub(super) groups: usize,
}

impl SeriesMaker {
    pub(super) fn new(points: usize, counted: Counted, start: f64, stop: f64) -> Self {
        let zeros = |lines: usize| vec![vec![0.0; points]; lines];
        Self {
            start,
            step: (stop - start) / points as f64,
            series: Series {
                present: zeros(counted.places),
                busy: zeros(counted.places),
                imbalance: zeros(counted.groups),
                responses: vec![(0, 0.0); points],
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

    /// These were the numbers at the servers of a group since it was counted last.
    pub(super) fn add_group(&mut self, group: usize, in_system: &[u32], to: f64) {
        let fullest = in_system.iter().max().copied().unwrap_or(0);
        let emptiest = in_system.iter().min().copied().unwrap_or(0);
        let imbalance = f64::from(fullest - emptiest);
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
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "clamped"
            )]
            let index = (position as usize).min(points - 1);
            let end = to.min((index + 1) as f64);
            add(&mut self.series, index, end - position);
            if end <= position {
                break;
            }
            position = end;
        }
    }

    pub(super) fn respond(&mut self, arrival: f64, response: f64) {
        let last = self.series.responses.len() - 1;
        let at = (arrival - self.start) / self.step;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped"
        )]
        let index = (at.max(0.0) as usize).min(last);
        let (count, sum) = &mut self.series.responses[index];
        *count += 1;
        *sum += response;
    }

    pub(super) fn finish(self) -> Series {
        self.series
    }
}
