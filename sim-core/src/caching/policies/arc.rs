//! ARC: adapts the share of recent against frequent objects by what it regrets.
//!
//! Megiddo and Modha, "ARC: a self-tuning, low overhead replacement cache" (FAST 2003), figure 4: T1 holds objects seen once of
//! late, T2 those seen more often, both by recency; B1 and B2 remember as many keys that left them. A request for a key in B1
//! says that T1 should have been larger, and moves its target p up by max(1, |B2|/|B1|); one in B2 moves it down by
//! max(1, |B1|/|B2|). T1 and B1 together remember at most the capacity c, all four at most 2c. No parameters; p is a real number,
//! as in the paper and in libCacheSim's `arc`.
//!
//! In bytes, |·| is bytes, a step of p is as many times the object's size, and each eviction is repeated until there is room.

use crate::caching::about::{About, Settling};
use crate::caching::cache::NONE;
use crate::caching::index::Index;
use crate::caching::list::List;
use crate::caching::replacement::Replacement;
use crate::caching::store::Store;
use crate::caching::{Insertion, Queue, Seen, Slot, Spec};

/// Marks: in which list an object or a key is. What leaves a list T leaves its key two further.
const T1: usize = 0;
const T2: usize = 1;
const B1: usize = 2;
const B2: usize = 3;
/// The same as they are kept.
const MARKS: [u8; 4] = [0, 1, 2, 3];

/// Four lists by recency.
#[derive(Debug, Clone)]
pub(super) struct Arc<I: Index> {
    store: Store<I>,
    lists: [List; 4],
    /// How much T1 should take, p.
    target: f64,
}

impl<I: Index> Arc<I> {
    #[inline(always)]
    fn list_of(&self, slot: Slot) -> usize {
        usize::from(self.store.mark(slot))
    }

    #[inline(always)]
    fn push(&mut self, list: usize, slot: Slot) {
        self.store.set_mark(slot, MARKS[list]);
        self.store.push(&mut self.lists[list], slot);
    }

    #[inline(always)]
    fn weight(&self, list: usize) -> f64 {
        self.lists[list].weight as f64
    }

    /// Moves the target after a request of this cost for a key in B1 or B2.
    fn adapt(&mut self, ghosts: usize, cost: u64) {
        let others = B1 + B2 - ghosts;
        let step = cost as f64 * (self.weight(others) / self.weight(ghosts)).max(1.0);
        let target = self.target + if ghosts == B1 { step } else { -step };
        self.target = target.clamp(0.0, self.store.capacity() as f64);
    }

    /// Makes a ghost of the least recent of T1 or T2: the paper's REPLACE.
    #[inline(always)]
    fn replace(&mut self, for_frequent: bool) {
        let recent = self.weight(T1);
        let too_much = recent > self.target || (for_frequent && recent == self.target);
        let from_recent = self.lists[T2].is_empty() || (too_much && !self.lists[T1].is_empty());
        let from = if from_recent { T1 } else { T2 };
        let slot = self.lists[from].tail;
        self.store.unlink(&mut self.lists[from], slot);
        self.store.bury(slot);
        self.push(from + 2, slot);
    }

    #[inline(always)]
    fn forget_oldest(&mut self, ghosts: usize) {
        let slot = self.lists[ghosts].tail;
        self.store.unlink(&mut self.lists[ghosts], slot);
        self.store.forget(slot);
    }

    /// Forgets keys until `cost` more, or `recent` more in T1, are not more than may be remembered; how many objects had to
    /// leave because T1 alone was too much.
    #[inline(always)]
    fn trim(&mut self, cost: u64, recent: u64) -> u32 {
        let capacity = self.store.capacity();
        let mut evicted = 0;
        while self.lists[T1].weight + self.lists[B1].weight + recent > capacity {
            if self.lists[B1].is_empty() {
                self.store.evict(&mut self.lists[T1]);
                evicted += 1;
            } else {
                self.forget_oldest(B1);
            }
        }
        while self.lists.iter().map(|list| list.weight).sum::<u64>() + cost > 2 * capacity
            && !self.lists[B2].is_empty()
        {
            self.forget_oldest(B2);
        }
        evicted
    }
}

impl<I: Index> Replacement for Arc<I> {
    type Index = I;

    const ABOUT: About = About {
        spec: "arc",
        name: "ARC",
        sentence: "Adapts the share of recent against frequent objects by what it regrets.",
        brief: "adapts recency against frequency",
        queues: &[
            (Queue::Recent, "seen once of late"),
            (Queue::Frequent, "seen again"),
            (Queue::RecentGhost, "ghosts of those seen once"),
            (Queue::FrequentGhost, "ghosts of those seen again"),
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
            lists: [List::EMPTY; 4],
            target: 0.0,
        }
    }

    #[inline(always)]
    fn store(&self) -> &Store<I> {
        &self.store
    }

    #[inline(always)]
    fn is_ghost(&self, slot: Slot) -> bool {
        self.list_of(slot) >= B1
    }

    #[inline(always)]
    fn touch(&mut self, slot: Slot) {
        if self.list_of(slot) == T2 {
            self.store.move_to_front(&mut self.lists[T2], slot);
        } else {
            self.store.unlink(&mut self.lists[T1], slot);
            self.push(T2, slot);
        }
    }

    #[inline(always)]
    fn admit(&mut self, key: u64, size: u32, ghost: Slot) -> Insertion {
        let cost = self.store.cost_of(size);
        let mut evicted = 0;
        let mut for_frequent = false;
        if ghost == NONE {
            evicted += self.trim(cost, cost);
        } else {
            let ghosts = self.list_of(ghost);
            for_frequent = ghosts == B2;
            self.adapt(ghosts, cost);
            self.store.unlink(&mut self.lists[ghosts], ghost);
            self.trim(cost, 0);
        }
        while !self.store.fits(cost) {
            self.replace(for_frequent);
            evicted += 1;
        }
        let (slot, list) = if ghost == NONE {
            (self.store.create(key, size), T1)
        } else {
            self.store.revive(ghost, size);
            (ghost, T2)
        };
        self.push(list, slot);
        Insertion {
            slot: Some(slot),
            evicted,
        }
    }

    fn discard(&mut self, slot: Slot) {
        let list = self.list_of(slot);
        self.store.unlink(&mut self.lists[list], slot);
        self.store.release(slot);
    }

    fn show(&self, see: &mut dyn FnMut(Seen)) {
        self.store.show_lists(Self::ABOUT.queues, &self.lists, see);
    }
}
