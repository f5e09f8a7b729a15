//! SLRU: segmented LRU; a second use protects.
//!
//! Karedla, Love and Wherry, "Caching strategies to improve disk system performance" (IEEE Computer 27, 1994): a new object is on
//! probation, a hit there moves it to the protected segment, and what overflows that one is on probation again, as the most
//! recent. What leaves is the least recent on probation. Two segments as in the paper, with at most 80 % of the capacity
//! protected as in Caffeine's `SegmentedLruPolicy`; libCacheSim's default is four equal segments instead.

use super::index::Index;
use super::list::List;
use super::replacement::Replacement;
use super::store::Store;
use super::{Insertion, Queue, Seen, Slot};

const PROTECTED_PERCENT: u64 = 80;

/// Marks: in which segment an object is.
const PROBATION: u8 = 0;
const PROTECTED: u8 = 1;

/// Two lists by recency.
#[derive(Debug, Clone)]
pub(super) struct Slru<I: Index> {
    store: Store<I>,
    segments: [List; 2],
    protected_at_most: u64,
}

impl<I: Index> Slru<I> {
    pub(super) fn new(store: Store<I>) -> Self {
        Self {
            protected_at_most: store.percent(PROTECTED_PERCENT),
            store,
            segments: [List::EMPTY; 2],
        }
    }

    /// Takes an object to the head of a segment.
    #[inline(always)]
    fn to(&mut self, segment: u8, slot: Slot) {
        let from = self.store.mark(slot);
        self.store.set_mark(slot, segment);
        self.store.unlink(&mut self.segments[from as usize], slot);
        self.store.push(&mut self.segments[segment as usize], slot);
    }
}

impl<I: Index> Replacement for Slru<I> {
    type Index = I;

    #[inline(always)]
    fn store(&self) -> &Store<I> {
        &self.store
    }

    #[inline(always)]
    fn touch(&mut self, slot: Slot) {
        self.to(PROTECTED, slot);
        while self.segments[1].weight > self.protected_at_most {
            self.to(PROBATION, self.segments[1].tail);
        }
    }

    #[inline(always)]
    fn admit(&mut self, key: u64, size: u32, _ghost: Slot) -> Insertion {
        let mut evicted = 0;
        while !self.store.fits(self.store.cost_of(size)) {
            let from = usize::from(self.segments[0].is_empty());
            self.store.evict(&mut self.segments[from]);
            evicted += 1;
        }
        let slot = self.store.create(key, size);
        self.store.push(&mut self.segments[0], slot);
        Insertion {
            slot: Some(slot),
            evicted,
        }
    }

    fn discard(&mut self, slot: Slot) {
        let segment = self.store.mark(slot);
        self.store
            .unlink(&mut self.segments[segment as usize], slot);
        self.store.release(slot);
    }

    fn show(&self, see: &mut dyn FnMut(Seen)) {
        for (queue, list) in [Queue::Probation, Queue::Protected]
            .into_iter()
            .zip(&self.segments)
        {
            self.store.show_list(queue, list, see);
        }
    }
}
