//! Random replacement: any object leaves, each as likely.
//!
//! Needs no bookkeeping of use at all; under independent references its hit ratio is FIFO's (Gelenbe, "A unified approach to the
//! evaluation of a class of replacement algorithms", IEEE Transactions on Computers 22, 1973). Draws come from a stream of
//! their own, one for each object that leaves.

use crate::caching::about::{About, Settling};
use crate::caching::cache::NONE;
use crate::caching::index::Index;
use crate::caching::replacement::Replacement;
use crate::caching::store::{Store, entry};
use crate::caching::{Approximation, Insertion, Queue, Seen, Slot, Spec};
use crate::random::{Purpose, Uniforms};

/// All objects in a row without gaps.
#[derive(Debug, Clone)]
pub(super) struct Random<I: Index> {
    store: Store<I>,
    row: Vec<Slot>,
    /// Where in the row each slot is.
    place: Vec<u32>,
    draws: Uniforms<1>,
}

impl<I: Index> Random<I> {
    /// How long the row is: as many as slots, so below 2³².
    fn len(&self) -> u32 {
        u32::try_from(self.row.len()).unwrap_or(NONE)
    }
}

impl<I: Index> Replacement for Random<I> {
    type Index = I;

    const ABOUT: About = About {
        spec: "random",
        name: "random",
        sentence: "Any leaves.",
        brief: "any object leaves",
        queues: &[(Queue::Main, "in no order; any leaves")],
        needs_future: false,
        keeps_everything: false,
        forgets_expired: false,
        settling: Settling::Soon,
        approximation: Some(Approximation::Fifo),
    };

    fn new(store: Store<I>, spec: &Spec) -> Self {
        let chance = spec.chance;
        let purpose = Purpose::Eviction(chance.cache);
        Self {
            store,
            row: Vec::new(),
            place: Vec::new(),
            draws: Uniforms::new(chance.seed, chance.replication, purpose),
        }
    }

    #[inline(always)]
    fn store(&self) -> &Store<I> {
        &self.store
    }

    #[inline(always)]
    fn touch(&mut self, _slot: Slot) {}

    fn admit(&mut self, key: u64, size: u32, _ghost: Slot) -> Insertion {
        let mut evicted = 0;
        while !self.store.fits(self.store.cost_of(size)) {
            let place = self.draws.below(self.len());
            self.discard(self.row[place as usize]);
            evicted += 1;
        }
        let slot = self.store.create(key, size);
        let place = self.len();
        self.row.push(slot);
        *entry(&mut self.place, slot, 0) = place;
        Insertion {
            slot: Some(slot),
            evicted,
        }
    }

    fn discard(&mut self, slot: Slot) {
        let place = self.place[slot as usize];
        self.row.swap_remove(place as usize);
        // The last one has come to its place, unless it was the last one.
        if let Some(&moved) = self.row.get(place as usize) {
            self.place[moved as usize] = place;
        }
        self.store.release(slot);
    }

    fn show(&self, see: &mut dyn FnMut(Seen)) {
        let row = self.row.iter().copied();
        self.store.show(Queue::Main, row, |_| 0, NONE, see);
    }
}
