//! SLRU: segmented LRU; a second use protects.
//!
//! Karedla, Love and Wherry, "Caching strategies to improve disk system performance" (IEEE Computer 27, 1994): a new object is on
//! probation, a hit there moves it to the protected segment, and what overflows that one is on probation again, as the most
//! recent. What leaves is the least recent on probation. Two segments as in the paper, with at most 80 % of the capacity
//! protected as in Caffeine's `SegmentedLruPolicy`; libCacheSim's default is four equal segments instead.

use crate::caching::about::{About, Settling};
use crate::caching::index::Index;
use crate::caching::list::List;
use crate::caching::replacement::Replacement;
use crate::caching::store::Store;
use crate::caching::{Insertion, Queue, Seen, Slot, Spec};

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

    const ABOUT: About = About {
        spec: "slru",
        name: "SLRU",
        sentence: "Two segments: a second use protects.",
        brief: "a second use protects",
        queues: &[
            (Queue::Probation, "on probation"),
            (Queue::Protected, "protected: used again"),
        ],
        needs_future: false,
        keeps_everything: false,
        forgets_expired: false,
        settling: Settling::Late,
        approximation: None,
    };

    fn new(store: Store<I>, _spec: &Spec) -> Self {
        Self {
            protected_at_most: store.percent(PROTECTED_PERCENT),
            store,
            segments: [List::EMPTY; 2],
        }
    }

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
        self.store
            .show_lists(Self::ABOUT.queues, &self.segments, see);
    }
}
