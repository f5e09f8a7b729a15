//! LRU-K: the object whose K-th last use is longest ago leaves.
//!
//! O'Neil, O'Neil and Weikum, "The LRU-K page replacement algorithm for database disk buffering" (SIGMOD 1993), K = 2, the paper's
//! recommendation. An object used fewer than K times leaves before all others, the least recently used first. Uses that follow each
//! other closely all count (the paper's correlated reference period is zero). The history of an object that left is kept for as
//! as many objects as the capacity holds, those that left last (its retained information period, as a number instead of a time);
//! libCacheSim's `LRU_K` keeps none, and lets what was used fewer than K times leave by age.

use crate::caching::about::{About, Settling};
use crate::caching::cache::NONE;
use crate::caching::heap::{Heap, Rank};
use crate::caching::index::Index;
use crate::caching::list::List;
use crate::caching::replacement::Replacement;
use crate::caching::store::{Store, entry};
use crate::caching::{Insertion, Queue, Seen, Slot, Spec};

const K: usize = 2;

/// Marks: whether only the history is left.
const GHOST: u8 = 1;

/// Objects by their K-th last use.
#[derive(Debug, Clone)]
pub(in crate::caching) struct LruK<I: Index, const USES: usize = K> {
    store: Store<I>,
    order: Heap,
    /// The number of each of the last uses, the last one first; 0 for none.
    uses: Vec<[u64; USES]>,
    ghosts: List,
    /// How many uses there were.
    clock: u64,
}

impl<I: Index, const USES: usize> LruK<I, USES> {
    /// Adds a use to an object's history; its rank from now on.
    fn count_use(&mut self, slot: Slot) -> Rank {
        self.clock += 1;
        let uses = &mut self.uses[slot as usize];
        uses.rotate_right(1);
        uses[0] = self.clock;
        (uses[USES - 1], self.clock)
    }

    fn evict(&mut self) {
        let (_, slot) = self.order.top();
        self.order.remove(slot);
        self.store.bury(slot);
        self.store.set_mark(slot, GHOST);
        self.store.push(&mut self.ghosts, slot);
        while self.ghosts.weight > self.store.capacity() {
            let forgotten = self.ghosts.tail;
            self.store.unlink(&mut self.ghosts, forgotten);
            self.store.forget(forgotten);
        }
    }

    /// A slot for a new object, without a history.
    fn create(&mut self, key: u64, size: u32) -> Slot {
        let slot = self.store.create(key, size);
        *entry(&mut self.uses, slot, [0; USES]) = [0; USES];
        slot
    }
}

impl<I: Index, const USES: usize> Replacement for LruK<I, USES> {
    type Index = I;

    const ABOUT: About = About {
        spec: "lru-k",
        name: "LRU-2",
        sentence: "The one whose last use but one is longest ago leaves.",
        brief: "the last use but one longest ago leaves",
        queues: &[
            (Queue::Main, "by the last use but one; the right end leaves"),
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
            store,
            order: Heap::default(),
            uses: Vec::new(),
            ghosts: List::EMPTY,
            clock: 0,
        }
    }

    #[inline(always)]
    fn store(&self) -> &Store<I> {
        &self.store
    }

    #[inline(always)]
    fn is_ghost(&self, slot: Slot) -> bool {
        self.store.mark(slot) == GHOST
    }

    fn touch(&mut self, slot: Slot) {
        let rank = self.count_use(slot);
        self.order.update(slot, rank);
    }

    fn admit(&mut self, key: u64, size: u32, ghost: Slot) -> Insertion {
        if ghost != NONE {
            self.store.unlink(&mut self.ghosts, ghost);
        }
        let mut evicted = 0;
        while !self.store.fits(self.store.cost_of(size)) {
            self.evict();
            evicted += 1;
        }
        let slot = if ghost == NONE {
            self.create(key, size)
        } else {
            self.store.revive(ghost, size);
            self.store.set_mark(ghost, 0);
            ghost
        };
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

    /// Objects from the last to leave to the first, then histories.
    fn show(&self, see: &mut dyn FnMut(Seen)) {
        let slots = self.order.descending();
        self.store.show(Queue::Main, slots, |_| 0, NONE, see);
        self.store.show_list(Queue::Ghost, &self.ghosts, see);
    }
}
