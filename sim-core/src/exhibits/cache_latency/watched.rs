//! What is watched: the cold start of a smaller system, in which a cache fills while one looks on.
//!
//! k times fewer items and a cache with the same hit ratio h once it is warm, before the same database and the same requests: it is
//! asked for the same share of what it can do, λ to λ(1 − h). A cache k times smaller fills k times as fast, and while queries come
//! faster than they are answered the queue grows k times shorter: in the limit of many requests, where chance averages out, all of a
//! cold start happens to scale.

use super::Params;
use crate::exhibits::caches;
use crate::math::root::bracketed_root;
use crate::scenario::{Horizon, Scenario};
use crate::theory::Che;
use crate::workload::Keys;

/// A cache for so many objects is small enough to be watched.
const FEW: f64 = 80.0;

impl Params {
    /// How many times fewer items are watched.
    pub(super) fn reduction(&self) -> f64 {
        (self.objects(self.size) as f64 / FEW).max(1.0)
    }

    /// These values with so many times fewer items, and with a cache of the same hit ratio.
    pub(super) fn reduced(&self) -> Self {
        let times = self.reduction();
        let items = f64::from(self.items);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "fewer than there are"
        )]
        let fewer = (items / times).round().max(1.0) as u32;
        let mut reduced = Self {
            items: fewer,
            ..self.clone()
        };
        if fewer < self.items
            && let Some((law, smaller)) = self.law().zip(reduced.law())
            && let Ok(hits) = law.lru(self.objects(self.size) as f64)
        {
            let missing = |room: f64| smaller.lru(room).unwrap_or(1.0) - hits;
            let room = bracketed_root(missing, 1.0, f64::from(fewer));
            reduced.size = room / f64::from(fewer);
        }
        reduced
    }

    fn law(&self) -> Option<Che> {
        caches::law(&Keys::zipf(self.items.into(), self.skew))
    }

    /// The smaller system from its cold start on.
    pub(super) fn watched(&self) -> Scenario {
        let reduced = self.reduced();
        let seconds = self.span() / self.reduction();
        let scenario = reduced.scenario(reduced.size);
        scenario.with_horizon(Horizon::Span { seconds })
    }
}
