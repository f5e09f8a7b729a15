//! CLOCK: FIFO with a second chance.
//!
//! Corbató, "A paging experiment with the Multics system" (1968): objects stand on a circle with a bit each, set by a hit. The hand
//! spares an object whose bit is set, clears the bit and goes on. A queue in which the spared object goes from the oldest end to the
//! newest is the same circle: the oldest is where the hand is. One bit, clear for a new object, as in libCacheSim's `clock`.

use crate::caching::about::{About, Settling};
use crate::caching::cache::NONE;
use crate::caching::index::Index;
use crate::caching::replacement::Replacement;
use crate::caching::ring::Ring;
use crate::caching::store::Store;
use crate::caching::{Insertion, Queue, Seen, Slot, Spec};

/// A circle with a hand; marks are reference bits.
#[derive(Debug, Clone)]
pub(super) struct Clock<I: Index> {
    store: Store<I>,
    circle: Ring,
}

impl<I: Index> Clock<I> {
    /// The first object without a bit leaves.
    #[inline(always)]
    fn evict(&mut self) -> u32 {
        while let Some(hand) = self.circle.pop() {
            if self.store.mark(hand) == 0 {
                self.store.release(hand);
                return 1;
            }
            self.store.set_mark(hand, 0);
            self.circle.push(hand);
        }
        0
    }
}

impl<I: Index> Replacement for Clock<I> {
    type Index = I;

    const ABOUT: About = About {
        spec: "clock",
        name: "CLOCK",
        sentence: "The oldest leaves, unless it was used since the hand last passed.",
        brief: "FIFO that spares what was used",
        queues: &[(Queue::Main, "by arrival; the hand spares what was used")],
        needs_future: false,
        keeps_everything: false,
        forgets_expired: false,
        settling: Settling::Late,
        approximation: None,
    };

    fn new(store: Store<I>, _spec: &Spec) -> Self {
        Self {
            store,
            circle: Ring::new(),
        }
    }

    #[inline(always)]
    fn store(&self) -> &Store<I> {
        &self.store
    }

    #[inline(always)]
    fn touch(&mut self, slot: Slot) {
        self.store.set_mark(slot, 1);
    }

    #[inline(always)]
    fn admit(&mut self, key: u64, size: u32, _ghost: Slot) -> Insertion {
        let mut evicted = 0;
        while !self.store.fits(self.store.cost_of(size)) {
            evicted += self.evict();
        }
        let slot = self.store.create(key, size);
        self.circle.push(slot);
        Insertion {
            slot: Some(slot),
            evicted,
        }
    }

    fn discard(&mut self, slot: Slot) {
        self.circle.remove(slot);
        self.store.release(slot);
    }

    fn show(&self, see: &mut dyn FnMut(Seen)) {
        let used = |slot: Slot| u64::from(self.store.mark(slot));
        let slots = self.circle.newest_first();
        let hand = slots.last().copied().unwrap_or(NONE);
        self.store.show(Queue::Main, slots, used, hand, see);
    }
}
