//! The window in equal parts: whether what is measured is the same at its end as at its beginning.
//!
//! A steady state is the same all along. Of every quantity four averages are kept: over the first and the last part, and over the first and the
//! second half. Of each pair the two are alike in distribution where nothing drifts, so their difference lies symmetrically around
//! zero. The first part alone sees a start that is soon forgotten; the halves see what drifts slowly.

use super::tally::{CacheTally, Outcome, PlaceTally};

/// Parts of the window.
pub const PARTS: usize = 8;
/// The part of a request that does not count.
pub(super) const UNCOUNTED: u8 = u8::MAX;

/// A quantity over the first and over the last part of the window, then over its first and its second half; `None` where nothing was there to be averaged.
pub type Drift = [Option<f64>; 4];

/// What is watched for drift, in the order in which it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Watched {
    /// Requests in system.
    InSystem,
    /// Requests served a second.
    Throughput,
    /// Share of requests lost.
    Lost,
    /// Mean response time of those served.
    Response,
    /// Mean wait of those served.
    Wait,
    /// Number at a resource.
    Present(usize),
    /// Servers or places of a resource in use.
    Busy(usize),
    /// Visits to a resource that end well, a second.
    Served(usize),
    /// Share of the visits to a resource that are lost.
    Turned(usize),
    /// Hit ratio of a cache.
    Hits(usize),
}

/// What is watched where there are so many resources and caches.
pub fn watched(resources: usize, caches: usize) -> Vec<Watched> {
    let all = [
        Watched::InSystem,
        Watched::Throughput,
        Watched::Lost,
        Watched::Response,
        Watched::Wait,
    ];
    let of_resource = |it| {
        [
            Watched::Present(it),
            Watched::Busy(it),
            Watched::Served(it),
            Watched::Turned(it),
        ]
    };
    all.into_iter()
        .chain((0..resources).flat_map(of_resource))
        .chain((0..caches).map(Watched::Hits))
        .collect()
}

/// Sums over one part.
#[derive(Debug, Clone, Copy, Default)]
struct Part {
    /// Integral of the number in system, seconds.
    present: f64,
    /// Requests that came in it: those served, those lost, and the sums of the former's responses and waits, seconds.
    served: f64,
    lost: f64,
    responses: f64,
    waits: f64,
}

/// Sums of one resource over one part; of a group all servers together.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ResourcePart {
    present: f64,
    busy: f64,
    served: f64,
    lost: f64,
}

impl ResourcePart {
    /// Adds what one of its places has counted.
    pub(super) fn add(&mut self, tally: &PlaceTally) {
        self.present += tally.present;
        self.busy += tally.busy;
        self.served += tally.served as f64;
        self.lost += (tally.rejected + tally.gave_up + tally.failed) as f64;
    }

    fn less(self, before: Self) -> Self {
        Self {
            present: self.present - before.present,
            busy: self.busy - before.busy,
            served: self.served - before.served,
            lost: self.lost - before.lost,
        }
    }
}

/// The parts in the making.
#[derive(Debug, Clone)]
pub(super) struct Parts {
    /// Length of a part, seconds.
    length: f64,
    sums: [Part; PARTS],
    /// What was counted up to the end of each part, by resource.
    resources: Vec<Vec<ResourcePart>>,
    /// Hits and look-ups up to the end of each part, by cache.
    caches: Vec<Vec<(f64, f64)>>,
    /// Integral of the number in system up to the end of the part before.
    presence: f64,
}

impl Parts {
    pub(super) fn new(length: f64, presence: f64) -> Self {
        Self {
            length,
            sums: [Part::default(); PARTS],
            resources: Vec::with_capacity(PARTS),
            caches: Vec::with_capacity(PARTS),
            presence,
        }
    }

    /// A request that came in a part leaves.
    #[inline(always)]
    pub(super) fn leave(&mut self, part: u8, outcome: Outcome, response: f64, waited: f64) {
        let part = &mut self.sums[usize::from(part) & (PARTS - 1)];
        if outcome == Outcome::Served {
            part.served += 1.0;
            part.responses += response;
            part.waits += waited;
        } else {
            part.lost += 1.0;
        }
    }

    /// Requests that take no time come in the part that has not ended yet.
    pub(super) fn pass_through(&mut self, requests: u64) {
        self.sums[self.resources.len().min(PARTS - 1)].served += requests as f64;
    }

    /// A request of a fleet came in a part: all its time counts there.
    #[inline(always)]
    pub(super) fn serve(&mut self, part: u8, response: f64, waited: f64) {
        self.sums[usize::from(part) & (PARTS - 1)].present += response;
        self.leave(part, Outcome::Served, response, waited);
    }

    /// A part ends: what resources and caches have counted since the window opened.
    pub(super) fn close(
        &mut self,
        presence: f64,
        resources: Vec<ResourcePart>,
        caches: impl Iterator<Item = CacheTally>,
    ) {
        let part = self.resources.len().min(PARTS - 1);
        self.sums[part].present += presence - self.presence;
        self.presence = presence;
        self.resources.push(resources);
        let hits = |it: CacheTally| (it.hits as f64, (it.hits + it.misses + it.shared) as f64);
        self.caches.push(caches.map(hits).collect());
    }

    /// Adds the only resource of a fleet, where nobody is ever lost: visits are told apart by when they begin.
    pub(super) fn close_fleet(&mut self) {
        let mut sum = ResourcePart::default();
        for part in self.sums {
            sum.present += part.responses;
            sum.busy += part.responses - part.waits;
            sum.served += part.served;
            self.resources.push(vec![sum]);
            self.caches.push(Vec::new());
        }
    }

    /// All that is watched, as [`watched`] orders it; nothing if the window was cut short.
    pub(super) fn finish(&self) -> Vec<Drift> {
        if self.resources.len() != PARTS {
            return Vec::new();
        }
        let resources = self.resources[0].len();
        let caches = self.caches[0].len();
        watched(resources, caches)
            .into_iter()
            .map(|it| {
                let half = PARTS / 2;
                [(0, 1), (PARTS - 1, PARTS), (0, half), (half, PARTS)]
                    .map(|(from, to)| self.average(it, from, to))
            })
            .collect()
    }

    /// The average of one quantity over the parts `from..to`.
    fn average(&self, watched: Watched, from: usize, to: usize) -> Option<f64> {
        let seconds = self.length * (to - from) as f64;
        let sum = |pick: fn(&Part) -> f64| self.sums[from..to].iter().map(pick).sum::<f64>();
        let resource = |number: usize| {
            let end = self.resources[to - 1][number];
            match from {
                0 => end,
                _ => end.less(self.resources[from - 1][number]),
            }
        };
        let (value, over) = match watched {
            Watched::InSystem => (sum(|it| it.present), seconds),
            Watched::Throughput => (sum(|it| it.served), seconds),
            Watched::Lost => (sum(|it| it.lost), sum(|it| it.served + it.lost)),
            Watched::Response => (sum(|it| it.responses), sum(|it| it.served)),
            Watched::Wait => (sum(|it| it.waits), sum(|it| it.served)),
            Watched::Present(number) => (resource(number).present, seconds),
            Watched::Busy(number) => (resource(number).busy, seconds),
            Watched::Served(number) => (resource(number).served, seconds),
            Watched::Turned(number) => {
                let it = resource(number);
                (it.lost, it.served + it.lost)
            }
            Watched::Hits(number) => {
                let (hits, lookups) = self.caches[to - 1][number];
                let (before, lookups_before) = match from {
                    0 => (0.0, 0.0),
                    _ => self.caches[from - 1][number],
                };
                (hits - before, lookups - lookups_before)
            }
        };
        let average = value / over;
        average.is_finite().then_some(average)
    }
}
