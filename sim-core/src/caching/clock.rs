//! CLOCK: FIFO with a second chance.
//!
//! Corbató, "A paging experiment with the Multics system" (1968): objects stand on a circle with a bit each, set by a hit. The hand
//! spares an object whose bit is set, clears the bit and goes on. A list in which the spared object goes from the tail to the
//! head is the same circle: the tail is where the hand is. One bit, clear for a new object, as in libCacheSim's `clock`.

use super::index::Index;
use super::list::List;
use super::replacement::Replacement;
use super::store::Store;
use super::{Insertion, Queue, Seen, Slot};

/// A circle with a hand; marks are reference bits.
#[derive(Debug, Clone)]
pub(super) struct Clock<I: Index> {
    store: Store<I>,
    circle: List,
}

impl<I: Index> Clock<I> {
    pub(super) fn new(store: Store<I>) -> Self {
        Self {
            store,
            circle: List::EMPTY,
        }
    }

    #[inline(always)]
    fn evict(&mut self) {
        loop {
            let hand = self.circle.tail;
            if self.store.mark(hand) == 0 {
                break;
            }
            self.store.set_mark(hand, 0);
            self.store.move_to_front(&mut self.circle, hand);
        }
        let hand = self.circle.tail;
        self.discard(hand);
    }
}

impl<I: Index> Replacement for Clock<I> {
    type Index = I;

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
            self.evict();
            evicted += 1;
        }
        let slot = self.store.create(key, size);
        self.store.put(&mut self.circle, slot);
        Insertion {
            slot: Some(slot),
            evicted,
        }
    }

    fn discard(&mut self, slot: Slot) {
        self.store.take(&mut self.circle, slot);
        self.store.release(slot);
    }

    fn show(&self, see: &mut dyn FnMut(Seen)) {
        let used = |slot: Slot| u64::from(self.store.mark(slot));
        let (slots, hand) = (self.store.iter(&self.circle), self.circle.tail);
        self.store.show(Queue::Main, slots, used, hand, see);
    }
}
