//! GDSF: greedy dual, size and frequency: small and popular objects stay.
//!
//! Cherkasova, "Improving WWW proxies performance with greedy-dual-size-frequency caching policy" (HP Laboratories, HPL-98-69, 1998):
//! an object's value is L + F·C/S, with F its uses while it is there, C the cost of a miss, here 1 for every object, so that
//! hits count and not bytes, and S its size. The least value leaves, and L becomes that value: what is not used any more ages.
//! Among equals the least recently used leaves. Where the capacity is a number of objects, S is 1.

use crate::caching::about::{About, Settling};
use crate::caching::cache::NONE;
use crate::caching::heap::{Heap, Rank};
use crate::caching::index::Index;
use crate::caching::replacement::Replacement;
use crate::caching::store::{Store, entry};
use crate::caching::{Insertion, Queue, Seen, Slot, Spec};

/// Objects by value.
#[derive(Debug, Clone)]
pub(super) struct Gdsf<I: Index> {
    store: Store<I>,
    order: Heap,
    uses: Vec<u64>,
    /// The value of what left last, L.
    inflation: f64,
    /// How many uses there were.
    clock: u64,
}

impl<I: Index> Gdsf<I> {
    /// Counts a use; the object's rank from now on.
    fn count_use(&mut self, slot: Slot) -> Rank {
        self.clock += 1;
        let uses = &mut self.uses[slot as usize];
        *uses += 1;
        let value = self.inflation + *uses as f64 / self.store.cost(slot) as f64;
        // The bits of numbers that are not negative are in the order of the numbers.
        (value.to_bits(), self.clock)
    }
}

impl<I: Index> Replacement for Gdsf<I> {
    type Index = I;

    const ABOUT: About = About {
        spec: "gdsf",
        name: "GDSF",
        sentence: "By frequency, size and age: small and popular objects stay.",
        brief: "small and popular ones stay",
        queues: &[(
            Queue::Main,
            "by number of uses and age; the right end leaves",
        )],
        needs_future: false,
        keeps_everything: false,
        forgets_expired: false,
        settling: Settling::Late,
        approximation: None,
    };

    fn new(store: Store<I>, _spec: &Spec) -> Self {
        Self {
            store,
            order: Heap::default(),
            uses: Vec::new(),
            inflation: 0.0,
            clock: 0,
        }
    }

    #[inline(always)]
    fn store(&self) -> &Store<I> {
        &self.store
    }

    fn touch(&mut self, slot: Slot) {
        let rank = self.count_use(slot);
        self.order.update(slot, rank);
    }

    fn admit(&mut self, key: u64, size: u32, _ghost: Slot) -> Insertion {
        let mut evicted = 0;
        while !self.store.fits(self.store.cost_of(size)) {
            let ((value, _), slot) = self.order.top();
            self.inflation = f64::from_bits(value);
            self.discard(slot);
            evicted += 1;
        }
        let slot = self.store.create(key, size);
        *entry(&mut self.uses, slot, 0) = 0;
        let rank = self.count_use(slot);
        self.order.push(slot, rank);
        Insertion {
            slot: Some(slot),
            evicted,
        }
    }

    fn discard(&mut self, slot: Slot) {
        self.order.remove(slot);
        self.store.release(slot);
    }

    /// From the most to the least valuable.
    fn show(&self, see: &mut dyn FnMut(Seen)) {
        let uses = |slot: Slot| self.uses[slot as usize];
        self.store
            .show(Queue::Main, self.order.descending(), uses, NONE, see);
    }
}
