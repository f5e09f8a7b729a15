//! SIEVE: a first-in-first-out queue with a hand that spares what was used.
//!
//! Zhang, Yang, Yue, Vigfusson and Rashmi, "SIEVE is simpler than LRU" (NSDI 2024): as CLOCK, but an object that is spared stays
//! where it is, so that new objects, always at the head, are sifted soon. The hand goes from the tail to the head and starts
//! anew at the tail. One bit an object, as in the paper and in libCacheSim's `sieve`.

use crate::caching::about::{About, Settling};
use crate::caching::cache::NONE;
use crate::caching::index::Index;
use crate::caching::list::List;
use crate::caching::replacement::Replacement;
use crate::caching::store::Store;
use crate::caching::{Insertion, Queue, Seen, Slot, Spec};

/// A list by age and a hand; marks say what was visited.
#[derive(Debug, Clone)]
pub(super) struct Sieve<I: Index> {
    store: Store<I>,
    queue: List,
    /// Where the search for what to evict goes on; `NONE` is the tail.
    hand: Slot,
}

impl<I: Index> Sieve<I> {
    #[inline(always)]
    fn hand_or_tail(&self, hand: Slot) -> Slot {
        if hand == NONE { self.queue.tail } else { hand }
    }

    #[inline(always)]
    fn evict(&mut self) {
        let mut hand = self.hand_or_tail(self.hand);
        loop {
            if self.store.mark(hand) == 0 {
                break;
            }
            self.store.set_mark(hand, 0);
            hand = self.hand_or_tail(self.store.before(hand));
        }
        self.hand = self.store.before(hand);
        self.store.take(&mut self.queue, hand);
        self.store.release(hand);
    }
}

impl<I: Index> Replacement for Sieve<I> {
    type Index = I;

    const ABOUT: About = About {
        spec: "sieve",
        name: "SIEVE",
        sentence: "A queue with a hand that spares what was used.",
        brief: "FIFO with a hand that spares",
        queues: &[(
            Queue::Main,
            "by arrival; the hand looks for what was not used",
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
            queue: List::EMPTY,
            hand: NONE,
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
            self.evict();
            evicted += 1;
        }
        let slot = self.store.create(key, size);
        self.store.put(&mut self.queue, slot);
        Insertion {
            slot: Some(slot),
            evicted,
        }
    }

    fn discard(&mut self, slot: Slot) {
        if self.hand == slot {
            self.hand = self.store.before(slot);
        }
        self.store.take(&mut self.queue, slot);
        self.store.release(slot);
    }

    fn show(&self, see: &mut dyn FnMut(Seen)) {
        let visited = |slot: Slot| u64::from(self.store.mark(slot));
        let (slots, hand) = (self.store.iter(&self.queue), self.hand_or_tail(self.hand));
        self.store.show(Queue::Main, slots, visited, hand, see);
    }
}
