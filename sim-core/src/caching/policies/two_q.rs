//! 2Q, the full version: what is asked for again after it left the first queue stays longer.
//!
//! Johnson and Shasha, "2Q: a low overhead high performance buffer management replacement algorithm" (VLDB 1994): a new object
//! goes to the first-in-first-out queue A1in, where a hit changes nothing. What leaves A1in leaves its key in A1out; what
//! is asked for while its key is there goes to Am, a list by recency. A1in may take 25 % of the capacity and A1out remembers
//! as much as 50 % of it holds: the paper's values, and those of libCacheSim's `twoq`. In bytes both shares are of bytes.
//!
//! The paper leaves open whether a key that is asked for again still takes up room in A1out while room is made for its
//! object. Here it does not.

use crate::caching::about::{About, Settling};
use crate::caching::cache::NONE;
use crate::caching::index::Index;
use crate::caching::list::List;
use crate::caching::replacement::Replacement;
use crate::caching::store::Store;
use crate::caching::{Insertion, Queue, Seen, Slot, Spec};

const IN_PERCENT: u64 = 25;
const OUT_PERCENT: u64 = 50;

/// Marks: in which queue an object is.
const IN: usize = 0;
const MAIN: usize = 1;
const OUT: usize = 2;
/// The same as they are kept.
const MARKS: [u8; 3] = [0, 1, 2];

/// Three queues.
#[derive(Debug, Clone)]
pub(super) struct TwoQ<I: Index> {
    store: Store<I>,
    queues: [List; 3],
    in_at_most: u64,
    out_at_most: u64,
}

impl<I: Index> TwoQ<I> {
    fn queue_of(&self, slot: Slot) -> usize {
        usize::from(self.store.mark(slot))
    }

    fn push(&mut self, queue: usize, slot: Slot) {
        self.store.set_mark(slot, MARKS[queue]);
        self.store.push(&mut self.queues[queue], slot);
    }

    fn evict(&mut self) {
        if self.queues[IN].weight <= self.in_at_most && !self.queues[MAIN].is_empty() {
            return self.store.evict(&mut self.queues[MAIN]);
        }
        let slot = self.queues[IN].tail;
        self.store.unlink(&mut self.queues[IN], slot);
        self.store.bury(slot);
        self.push(OUT, slot);
        while self.queues[OUT].weight > self.out_at_most {
            let forgotten = self.queues[OUT].tail;
            self.store.unlink(&mut self.queues[OUT], forgotten);
            self.store.forget(forgotten);
        }
    }
}

impl<I: Index> Replacement for TwoQ<I> {
    type Index = I;

    const ABOUT: About = About {
        spec: "2q",
        name: "2Q",
        sentence: "Two queues: what is asked for again after it left the first one stays longer.",
        brief: "two queues and a memory of keys",
        queues: &[
            (Queue::Recent, "seen once of late"),
            (Queue::Frequent, "seen again"),
            (Queue::Ghost, "ghosts: gone, but remembered"),
        ],
        needs_future: false,
        keeps_everything: false,
        forgets_expired: false,
        settling: Settling::Late,
        approximation: None,
    };

    fn new(store: Store<I>, _spec: &Spec) -> Self {
        Self {
            in_at_most: store.percent(IN_PERCENT),
            out_at_most: store.percent(OUT_PERCENT),
            store,
            queues: [List::EMPTY; 3],
        }
    }

    #[inline(always)]
    fn store(&self) -> &Store<I> {
        &self.store
    }

    #[inline(always)]
    fn is_ghost(&self, slot: Slot) -> bool {
        self.queue_of(slot) == OUT
    }

    #[inline(always)]
    fn touch(&mut self, slot: Slot) {
        if self.queue_of(slot) == MAIN {
            self.store.move_to_front(&mut self.queues[MAIN], slot);
        }
    }

    fn admit(&mut self, key: u64, size: u32, ghost: Slot) -> Insertion {
        if ghost != NONE {
            self.store.unlink(&mut self.queues[OUT], ghost);
        }
        let mut evicted = 0;
        while !self.store.fits(self.store.cost_of(size)) {
            self.evict();
            evicted += 1;
        }
        let slot = if ghost == NONE {
            let slot = self.store.create(key, size);
            self.push(IN, slot);
            slot
        } else {
            self.store.revive(ghost, size);
            self.push(MAIN, ghost);
            ghost
        };
        Insertion {
            slot: Some(slot),
            evicted,
        }
    }

    fn discard(&mut self, slot: Slot) {
        let queue = self.queue_of(slot);
        self.store.unlink(&mut self.queues[queue], slot);
        self.store.release(slot);
    }

    fn show(&self, see: &mut dyn FnMut(Seen)) {
        self.store.show_lists(Self::ABOUT.queues, &self.queues, see);
    }
}
