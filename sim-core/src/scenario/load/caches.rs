//! Look-ups and writes: which way a request goes is known only roughly.

use super::amount::Amount;
use super::passage::Passage;
use super::walk::Walk;
use super::ways::one_of;
use crate::scenario::Resource;
use crate::scenario::cache::{Lookup, Write, WritePolicy};

impl<'a> Walk<'a> {
    pub(super) fn look_up(&mut self, lookup: &'a Lookup) -> Passage<'a> {
        let (Some(Resource::Cache(cache)), Some(keys)) =
            (self.scenario.resources.get(&lookup.at), self.keys.clone())
        else {
            return Passage::nothing();
        };
        if lookup.hit.is_empty() && lookup.miss.is_empty() {
            return Passage::nothing();
        }
        let shelves = cache.count(self.scenario).max(1) as f64;
        let rate = self.rate * self.reach.value / shelves;
        let (hits, inside) = keys.look_up(cache, rate);
        let (before, stop) = (self.attributes.clone(), self.stop);
        let hits = Amount::at_most(hits, 1.0);
        let misses = Amount::at_most(1.0 - hits.value, 1.0);
        let hit = self.path_with(hits, &lookup.hit);
        let after_hit = std::mem::replace(&mut self.attributes, before.clone());
        (self.keys, self.stop) = (Some(inside), stop);
        if lookup.early > 0.0
            && let Some(stop) = &mut self.stop
        {
            // A refresh in the background goes on when nobody waits for the request any more.
            (stop.after, stop.timed) = (f64::INFINITY, false);
        }
        let miss = self.path_with(misses, &lookup.miss);
        let after_miss = self.attributes.clone();
        self.attributes
            .merge(&[(hits, after_hit), (misses, after_miss)], &before);
        (self.keys, self.stop) = (Some(keys), stop);
        let found = one_of(&[(hits, hit), (misses, miss)], None);
        if lookup.coalesce {
            found.after_waiting()
        } else {
            found
        }
    }

    /// Where writes wait in a cache, nobody waits for them, and many go to the store at once.
    pub(super) fn write(&mut self, write: &'a Write) -> Passage<'a> {
        let WritePolicy::Behind(behind) = write.how else {
            return self.path(&write.path);
        };
        let waiting = self.rate * self.reach.value * behind.interval;
        let batch = waiting.clamp(1.0, f64::from(behind.batch));
        let (stop, keys) = (self.stop.take(), self.keys.clone());
        // No request begins that work: it knows nothing of any.
        let attributes = std::mem::take(&mut self.attributes);
        self.path_with(Amount::at_most(batch.recip(), 1.0), &write.path);
        (self.stop, self.keys, self.attributes) = (stop, keys, attributes);
        Passage::nothing()
    }
}
