//! What theory says of the four policies: response times, stale reads, the database's utilization, writes lost.
//!
//! Every key's reads and writes are Poisson streams, the cache has room for all keys, and copies stay as [`Copied`] says: taken out
//! by writes (aside), renewed by them (through, behind), or left alone (around). That is exact but for the time that a fetch takes.
//! The database is M/M/c; that the requests which reach it come like a Poisson stream is an approximation, and rough for batches,
//! all of which come at once. With writes at rate w that wait up to I seconds, a crash at any moment loses wI/2 of them on average.

use super::{DATABASE_SERVERS, Params, Policy, Shown};
use crate::exhibits::caches::Way;
use crate::math;
use crate::theory::Mmc;
use crate::theory::copies::Copied;
use crate::workload::Group;

/// What theory knows of a policy.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Known {
    /// The share of reads that find a copy.
    pub(super) hits: f64,
    /// The share of reads that get an old value; not known for write-behind.
    pub(super) stale: Option<f64>,
    /// Requests to the database a second, over what it can do.
    pub(super) utilization: f64,
    reads: Vec<Way>,
    writes: Vec<Way>,
    database: Option<Mmc>,
}

impl Known {
    /// Response times of reads and of writes, where the database can do what it is asked for.
    pub(super) fn responses(&self, shown: Shown) -> Option<[f64; 2]> {
        let database = self.database?;
        Some([&self.reads, &self.writes].map(|ways| shown.theory(ways, &database)))
    }
}

impl Params {
    /// A key of this probability, and what happens to its copy.
    fn copy(&self, policy: Policy, probability: f64) -> Copied {
        let writes = self.writes_per_second() * probability;
        let forgotten = match policy {
            // There is nobody to forget: the cache is where one writes.
            Policy::Behind => 0.0,
            Policy::Around => 1.0,
            Policy::Aside | Policy::Through => self.forgotten,
        };
        Copied {
            reads: self.reads_per_second() * probability,
            removals: writes * (1.0 - forgotten),
            unheard: writes * forgotten,
            ttl: self.ttl,
            ..Copied::default()
        }
    }

    /// The shares of reads that find a copy, and a stale one.
    fn found(&self, policy: Policy, groups: &[Group]) -> (f64, f64) {
        let (mut hits, mut stale) = (0.0, 0.0);
        for group in groups {
            let it = self.copy(policy, group.probability);
            let share = group.items * group.probability;
            let renews = matches!(policy, Policy::Through | Policy::Behind);
            let (found, old) = if renews {
                (it.renewed_hit_ratio(), it.renewed_stale_share())
            } else {
                let room = f64::INFINITY;
                (it.hit_ratio(room), it.stale_share(room))
            };
            hits += share * found;
            stale += share * old;
        }
        (hits, stale)
    }

    /// Batches that go to the database, per second.
    fn batches(&self, groups: &[Group]) -> f64 {
        let writes = self.writes_per_second();
        let keys = |it: &Group| {
            let each = writes * it.probability * self.interval;
            it.items * -math::exp_m1(-each)
        };
        let waiting: f64 = groups.iter().map(keys).sum();
        let batch = f64::from(self.batch);
        // Any at all; or full batches, and on average half of another one.
        let one = -math::exp_m1(-writes * self.interval);
        let many = waiting / batch + 0.5;
        (if waiting < 0.7 * batch { one } else { many }) / self.interval
    }

    /// Theory of a policy, for keys in these groups.
    pub(super) fn known(&self, policy: Policy, groups: &[Group]) -> Known {
        let (hits, stale) = self.found(policy, groups);
        let trip = self.round_trip_ms / 1e3;
        let way = |share, fixed, asks| Way { share, fixed, asks };
        let stored = match policy {
            Policy::Behind => self.batches(groups),
            _ => self.writes_per_second(),
        };
        let rate = self.reads_per_second() * (1.0 - hits) + stored;
        Known {
            hits,
            stale: (policy != Policy::Behind).then_some(stale),
            utilization: rate / self.database_capacity(),
            reads: vec![way(hits, trip, false), way(1.0 - hits, trip, true)],
            writes: vec![match policy {
                Policy::Aside | Policy::Through => way(1.0, trip, true),
                Policy::Around => way(1.0, 0.0, true),
                Policy::Behind => way(1.0, trip, false),
            }],
            database: Mmc::new(rate.max(1e-9), 1e3 / self.database_ms, DATABASE_SERVERS).ok(),
        }
    }

    /// Writes that a crash of the cache loses on average under write-behind.
    pub(super) fn lost(&self, interval: f64) -> f64 {
        self.writes_per_second() * interval / 2.0
    }
}
