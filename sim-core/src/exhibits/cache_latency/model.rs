//! What theory expects: hits over the size of the cache, the database's load, response times, and how large a cache has to be.

use super::Params;
use crate::exhibits::caches::{self, SMALLEST};
use crate::theory::Mmc;
use crate::workload::Keys;

/// Points of the curve.
const POINTS: u32 = 100;

/// What is expected of the hits.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Expected {
    /// The hit ratio at the reader's size.
    pub(super) hits: Option<f64>,
    /// Hit ratios over sizes, as shares of the items.
    pub(super) curve: Vec<(f64, f64)>,
    /// The smallest cache with which the database keeps up, as a share of the items; `None` where it needs none.
    pub(super) needed: Option<f64>,
}

impl Expected {
    pub(super) fn of(params: &Params) -> Self {
        let law = caches::law(&Keys::zipf(params.items.into(), params.skew));
        let hits = law
            .as_ref()
            .and_then(|law| law.lru(params.objects(params.size) as f64).ok());
        let curve = law.map(|law| law.lru_curve(POINTS)).unwrap_or_default();
        let items = f64::from(params.items);
        let shares = curve.into_iter().map(|(room, hits)| (room / items, hits));
        let curve: Vec<_> = shares
            .filter(|(size, _)| (SMALLEST..=1.0).contains(size))
            .collect();
        Self {
            hits,
            needed: needed(params, &curve),
            curve,
        }
    }

    /// Whether the database keeps up at the reader's size.
    pub(super) fn keeps_up(&self, params: &Params) -> bool {
        self.hits.is_none_or(|hits| params.utilization(hits) < 1.0)
    }
}

/// Between two points of the curve; the end of the curve where it is no more than the one, or more than the other.
fn needed(params: &Params, curve: &[(f64, f64)]) -> Option<f64> {
    if params.utilization(0.0) < 1.0 {
        return None;
    }
    let load = |at: &(f64, f64)| params.utilization(at.1);
    let Some(first) = curve.iter().position(|at| load(at) < 1.0) else {
        return Some(1.0);
    };
    let Some(before) = first.checked_sub(1) else {
        return Some(SMALLEST);
    };
    let (before, after) = (&curve[before], &curve[first]);
    let way = (load(before) - 1.0) / (load(before) - load(after));
    Some(before.0 + way * (after.0 - before.0))
}

impl Params {
    /// Queries that the database can answer per second.
    pub(super) fn capacity(&self) -> f64 {
        f64::from(self.servers) * 1e3 / self.query_ms
    }

    /// Utilization of the database at this hit ratio.
    pub(super) fn utilization(&self, hits: f64) -> f64 {
        self.rate * (1.0 - hits) / self.capacity()
    }

    /// Mean time of a query at this hit ratio, waiting included; `None` where the database cannot keep up.
    fn query(&self, hits: f64) -> Option<f64> {
        let rate = (self.rate * (1.0 - hits)).max(1e-9);
        let database = Mmc::new(rate, 1e3 / self.query_ms, self.servers).ok()?;
        Some(database.mean_response())
    }

    /// Mean response at this hit ratio.
    pub(super) fn response(&self, hits: f64) -> Option<f64> {
        Some(self.cache_ms / 1e3 + (1.0 - hits) * self.query(hits)?)
    }
}
