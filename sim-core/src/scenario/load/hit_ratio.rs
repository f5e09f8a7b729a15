//! How often a look-up will hit, before anything runs: Che's approximation for what LRU would do with independent requests.
//!
//! An inner cache sees what the outer ones miss. Of caches that keep the most popular objects, the largest one decides what all of
//! them together miss, so an inner one of hit ratio h behind outer ones of hit ratio g hits (h − g)/(1 − g) of what it sees.

use crate::caching::{self, Capacity, ExpiryRule};
use crate::scenario::Cache;
use crate::theory::Che;
use crate::workload::Workload;

/// What is known of the keys that requests are about.
#[derive(Debug, Clone)]
pub(super) struct KeyLoad<'a> {
    workload: &'a Workload,
    /// The hit ratio of the look-ups in whose misses this is, together.
    found: f64,
}

impl<'a> KeyLoad<'a> {
    pub(super) fn of(workload: &'a Workload) -> Self {
        Self {
            workload,
            found: 0.0,
        }
    }

    /// The law of the requests, where they are independent.
    fn requests(&self) -> Option<Che> {
        let popularity = self.workload.keys.popularity()?;
        caching::law(&popularity.coarse(FINENESS)).ok()
    }

    /// The share of look-ups in a cache that hit, where so many come in a second; and what is known inside their misses.
    pub(super) fn look_up(&self, cache: &Cache, rate: f64) -> (f64, Self) {
        let missed = 1.0 - self.found;
        if missed < LEAST {
            // Nothing comes here once the outer caches are full; what may have come before that is not known.
            return (0.0, self.clone());
        }
        let alone = self.alone(cache, rate / missed);
        let hits = ((alone - self.found) / missed).clamp(0.0, 1.0);
        let hits = if hits > 1.0 - LEAST { 1.0 } else { hits };
        let inside = Self {
            found: self.found + (1.0 - self.found) * hits,
            ..self.clone()
        };
        (hits, inside)
    }

    /// The hit ratio of a cache that sees all requests; none where the popularity of keys is not known.
    fn alone(&self, cache: &Cache, rate: f64) -> f64 {
        let Some(requests) = self.requests() else {
            return 0.0;
        };
        let room = match cache.capacity {
            Capacity::Objects(objects) => objects as f64,
            Capacity::Bytes(bytes) => bytes as f64 / self.workload.sizes.mean().unwrap_or(1.0),
        };
        let stay = if cache.policy.keeps_everything() {
            f64::INFINITY
        } else {
            let time = requests.characteristic_time(room.max(1.0));
            time.unwrap_or(f64::INFINITY)
        };
        let (life, on_write) = match cache.expiry {
            Some(expiry) => (expiry.seconds * rate, expiry.rule == ExpiryRule::OnWrite),
            None => (f64::INFINITY, false),
        };
        let found = if life < stay && on_write {
            requests.expiring_after_write(life.min(MOST))
        } else {
            requests.expiring_after_access(stay.min(life).min(MOST))
        };
        found.unwrap_or(0.0).min(1.0)
    }
}

/// A smaller share of misses is none: rounding alone.
const LEAST: f64 = 1e-12;
/// An estimate need not be more exact than that.
const FINENESS: f64 = 16.0;
/// As many requests as theory knows.
const MOST: f64 = 1e15;
