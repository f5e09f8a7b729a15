//! What one replication leaves behind.
//!
//! Requests count if they arrive while the window is open, whenever they leave; averages over time are taken over the window.
//! Two identities are kept over the whole replication and hold exactly but for rounding: every request that came has left or is
//! still there, and the integral of the number in system is the sum of the times spent in it (Little's law, sample by sample).

use serde::{Deserialize, Serialize};

use super::parts::Drift;
use super::series::Series;
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
    /// The server was down, or stopped with the request in it.
    Failed,
}

/// How many outcomes there are.
pub const OUTCOMES: usize = 5;

/// Counts and sums of one class, over the requests that arrived in the window.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ClassTally {
    /// Requests that arrived.
    pub arrived: u64,
    /// Those that left, by [`Outcome`].
    pub left: [u64; OUTCOMES],
    /// Sum of the response times of those served, seconds.
    pub responses: f64,
    /// Sum of the waits of those served, seconds.
    pub waits: f64,
    /// Those served that had to wait.
    pub delayed: u64,
    /// Shortest and longest response time of those served, seconds.
    pub extremes: (f64, f64),
    /// Time that all that left had spent in the system, however they left, seconds.
    pub residence: f64,
    /// Time that those still there at the end had spent so far, seconds.
    pub unresolved: f64,
    /// Of those served, by given time: how many were answered by then, and how many had waited no longer.
    pub within: Vec<[u64; 2]>,
    /// Visits that they paid to each resource, tries and branches included, in the order of the layout's resources.
    pub calls: Vec<u64>,
}

impl ClassTally {
    /// A request leaves.
    #[inline(always)]
    pub(super) fn leave(&mut self, outcome: Outcome, response: f64, waited: f64) {
        self.left[outcome as usize] += 1;
        self.residence += response;
        if outcome == Outcome::Served {
            self.responses += response;
            self.waits += waited;
            self.delayed += u64::from(waited > 0.0);
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
    /// Visits that found it down, or were there when it stopped.
    pub failed: u64,
    /// Sum of the waits of those served, seconds.
    pub waits: f64,
    /// Visits served that had to wait.
    pub delayed: u64,
    /// Sum of the whole visits of those served, seconds.
    pub stays: f64,
    /// Integral of the number of servers or places in use, seconds.
    pub busy: f64,
    /// Integral of the number that wait or are served, seconds.
    pub present: f64,
    /// Time that it was up and did not stand still, seconds; nothing where it cannot be down.
    pub up: f64,
    /// Time that it was switched on, seconds, also while it started or was being repaired; nothing where it cannot be off.
    pub on: f64,
}

impl PlaceTally {
    /// A visit is served after this wait and this stay in all, seconds.
    #[inline(always)]
    pub(super) fn serve(&mut self, wait: f64, stay: f64) {
        self.served += 1;
        self.waits += wait;
        self.delayed += u64::from(wait > 0.0);
        self.stays += stay;
    }
}

/// The time that requests of the window took between the ends of a mark.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct SpanTally {
    /// How many.
    pub count: u64,
    /// Sum, seconds.
    pub sum: f64,
}

/// Counts of one cache over the window; those in the servers of a group together.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct CacheTally {
    /// Look-ups that found the object.
    pub hits: u64,
    /// Look-ups that had it fetched.
    pub misses: u64,
    /// Look-ups that waited for another's fetch and got what it brought.
    pub shared: u64,
    /// Objects fetched anew before they expired.
    pub refreshes: u64,
    /// Objects that left for others.
    pub evicted: u64,
    /// Hits on an object of which there was a newer version.
    pub stale: u64,
    /// Time since the objects that were hit had come from the store, seconds: the sum, where it is kept.
    pub age: Option<f64>,
    /// The same of the stale ones.
    pub stale_age: f64,
    /// Writes that had to do with it.
    pub writes: u64,
    /// Writes that were lost in it.
    pub lost: u64,
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
    /// Requests waited for each other for ever: who holds what and waits for what.
    Deadlock(Vec<String>),
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
    /// By group: how long its balancers took to learn of servers that were down.
    pub detections: Vec<SpanTally>,
    /// By group: how often its balancers learned of an outage that they had learned of before.
    #[serde(default)]
    pub repeated_detections: Vec<u64>,
    /// By cache.
    #[serde(default)]
    pub caches: Vec<CacheTally>,
    /// By resource and given time: visits served that had waited no longer.
    pub within: Vec<Vec<u64>>,
    /// By resource: time with 0, 1, 2 … present at a place of it, seconds, the last with that number or more; then the same for the
    /// system. Where asked for.
    pub numbers: Vec<Vec<f64>>,
    /// Tries that the requests of the window began, by attempt.
    pub tries: Vec<u64>,
    /// How every quantity differs between the beginning and the end of the window, in the order of the layout's watch list.
    pub drifts: Vec<Drift>,
    /// When the last request of the window left, seconds after the window opened; of those that are still there, nothing.
    pub last_left: f64,
    /// Where asked for.
    pub series: Option<Series>,
    /// Integral of the number of requests in system over the window, seconds.
    pub present: f64,
    /// Requests in system at the beginning, at the middle and at the end of the window, and with them the abandoned tries that run
    /// on.
    pub population: [f64; 3],
    /// Where the replication ended early: how fast the number in system had grown since time zero, requests per second.
    pub early_growth: Option<f64>,
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

/// A histogram of times, in the making.
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
