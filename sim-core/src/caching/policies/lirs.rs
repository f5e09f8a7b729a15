//! LIRS: by the recency of the last use but one.
//!
//! Jiang and Zhang, "LIRS: an efficient low inter-reference recency set replacement policy to improve buffer cache performance"
//! (SIGMETRICS 2002). Objects with a low inter-reference recency (LIR) fill 99 % of the capacity and never leave directly; the
//! others (HIR) take turns in the remaining 1 %, a first-in-first-out queue Q. The stack S orders by recency all LIR
//! objects, and those HIR objects, resident or not, that were used since the oldest LIR object was: such a one becomes LIR when it is
//! used again, and the LIR object at the bottom of S becomes HIR. S always ends with an LIR object (it is pruned).
//!
//! The paper lets S remember any number of non-resident objects. Here they are at most twice what the capacity holds, the oldest
//! forgotten first, as in Caffeine's `LirsPolicy`. The 1 % is the paper's, at least one object. While there is room among LIR
//! objects, new ones become LIR.

use crate::caching::about::{About, Settling};
use crate::caching::cache::NONE;
use crate::caching::index::Index;
use crate::caching::list::{Link, List};
use crate::caching::replacement::Replacement;
use crate::caching::store::{Store, entry};
use crate::caching::{Insertion, Queue, Seen, Slot, Spec};

const HIR_PERCENT: u64 = 1;
const GHOSTS_TIMES_CAPACITY: u64 = 2;

/// Marks: what an object is, and whether it is in S.
const HIR: u8 = 0;
const LIR: u8 = 1;
const GHOST: u8 = 2;
const STATE: u8 = 3;
const IN_STACK: u8 = 4;

/// The stack, and two queues with links of their own: an object can be in the stack and in one of them.
#[derive(Debug, Clone)]
pub(super) struct Lirs<I: Index> {
    store: Store<I>,
    stack: List,
    /// Links of `resident` and `ghosts`.
    links: Vec<Link>,
    /// Q.
    resident: List,
    /// Non-resident HIR objects by when they left.
    ghosts: List,
    lir_weight: u64,
    lir_at_most: u64,
}

impl<I: Index> Lirs<I> {
    fn state(&self, slot: Slot) -> u8 {
        self.store.mark(slot) & STATE
    }

    fn is_in_stack(&self, slot: Slot) -> bool {
        self.store.mark(slot) & IN_STACK != 0
    }

    fn set_state(&mut self, slot: Slot, state: u8) {
        let in_stack = self.store.mark(slot) & IN_STACK;
        self.store.set_mark(slot, in_stack | state);
    }

    /// Takes an object to the top of S, whether it is there already or not.
    fn raise(&mut self, slot: Slot) {
        if self.is_in_stack(slot) {
            self.store.move_to_front(&mut self.stack, slot);
        } else {
            let state = self.state(slot);
            self.store.set_mark(slot, state | IN_STACK);
            self.store.push(&mut self.stack, slot);
        }
    }

    fn leave_stack(&mut self, slot: Slot) {
        let state = self.state(slot);
        self.store.set_mark(slot, state);
        self.store.unlink(&mut self.stack, slot);
    }

    fn leave_ghosts(&mut self, slot: Slot) {
        self.ghosts.unlink(&mut self.links, slot);
        self.ghosts.weight -= self.store.cost(slot);
    }

    /// Removes what is below the last LIR object of S.
    fn prune(&mut self) {
        while self.stack.tail != NONE && self.state(self.stack.tail) != LIR {
            let slot = self.stack.tail;
            self.leave_stack(slot);
            if self.state(slot) == GHOST {
                self.leave_ghosts(slot);
                self.store.forget(slot);
            }
        }
    }

    /// Makes an LIR object of one that is in no queue.
    fn promote(&mut self, slot: Slot) {
        self.set_state(slot, LIR);
        self.lir_weight += self.store.cost(slot);
        self.raise(slot);
        while self.lir_weight > self.lir_at_most {
            self.demote();
        }
    }

    /// Makes an HIR object of the LIR object at the bottom of S.
    fn demote(&mut self) {
        let slot = self.stack.tail;
        self.lir_weight -= self.store.cost(slot);
        self.leave_stack(slot);
        self.set_state(slot, HIR);
        self.resident.push_front(&mut self.links, slot);
        self.prune();
    }

    /// The oldest of Q leaves.
    fn evict(&mut self) {
        if self.resident.is_empty() {
            self.demote();
        }
        let slot = self.resident.tail;
        self.resident.unlink(&mut self.links, slot);
        if !self.is_in_stack(slot) {
            return self.store.release(slot);
        }
        self.store.bury(slot);
        self.set_state(slot, GHOST);
        self.ghosts.push_front(&mut self.links, slot);
        self.ghosts.weight += self.store.cost(slot);
        while self.ghosts.weight > GHOSTS_TIMES_CAPACITY * self.store.capacity() {
            let oldest = self.ghosts.tail;
            self.leave_ghosts(oldest);
            self.leave_stack(oldest);
            self.store.forget(oldest);
        }
    }

    /// A non-resident object becomes LIR, and the bottom of S, or the oldest of Q, makes room.
    fn bring_back(&mut self, slot: Slot, size: u32) -> u32 {
        self.leave_ghosts(slot);
        // The stack counts its own sizes, of which this one may change.
        self.leave_stack(slot);
        self.store.revive(slot, size);
        self.promote(slot);
        let mut evicted = 0;
        while self.store.is_over() {
            self.evict();
            evicted += 1;
        }
        evicted
    }
}

impl<I: Index> Replacement for Lirs<I> {
    type Index = I;

    const ABOUT: About = About {
        spec: "lirs",
        name: "LIRS",
        sentence: "By the recency of the last use but one.",
        brief: "by the last use but one",
        queues: &[
            (Queue::Main, "used again soon (LIR)"),
            (Queue::Small, "on trial (HIR)"),
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
            lir_at_most: store.capacity() - store.percent(HIR_PERCENT).max(1),
            store,
            stack: List::EMPTY,
            links: Vec::new(),
            resident: List::EMPTY,
            ghosts: List::EMPTY,
            lir_weight: 0,
        }
    }

    #[inline(always)]
    fn store(&self) -> &Store<I> {
        &self.store
    }

    #[inline(always)]
    fn is_ghost(&self, slot: Slot) -> bool {
        self.state(slot) == GHOST
    }

    fn touch(&mut self, slot: Slot) {
        let was_in_stack = self.is_in_stack(slot);
        if self.state(slot) == LIR {
            self.raise(slot);
        } else if was_in_stack {
            self.resident.unlink(&mut self.links, slot);
            self.promote(slot);
        } else {
            self.resident.move_to_front(&mut self.links, slot);
            self.raise(slot);
        }
        self.prune();
    }

    fn admit(&mut self, key: u64, size: u32, ghost: Slot) -> Insertion {
        if ghost != NONE {
            let evicted = self.bring_back(ghost, size);
            return Insertion {
                slot: Some(ghost),
                evicted,
            };
        }
        let mut evicted = 0;
        while !self.store.fits(self.store.cost_of(size)) {
            self.evict();
            evicted += 1;
        }
        let slot = self.store.create(key, size);
        *entry(&mut self.links, slot, Link::ALONE) = Link::ALONE;
        if self.lir_weight + self.store.cost(slot) <= self.lir_at_most {
            self.promote(slot);
        } else {
            self.raise(slot);
            self.resident.push_front(&mut self.links, slot);
            self.prune();
        }
        Insertion {
            slot: Some(slot),
            evicted,
        }
    }

    fn discard(&mut self, slot: Slot) {
        if self.state(slot) == LIR {
            self.lir_weight -= self.store.cost(slot);
        } else {
            self.resident.unlink(&mut self.links, slot);
        }
        if self.is_in_stack(slot) {
            self.leave_stack(slot);
        }
        self.store.release(slot);
        self.prune();
    }

    /// LIR objects in the order of the stack, then the queues.
    fn show(&self, see: &mut dyn FnMut(Seen)) {
        let lir = self.store.iter(&self.stack);
        let lir = lir.filter(|&slot| self.state(slot) == LIR);
        self.store.show(Queue::Main, lir, |_| 0, NONE, see);
        for (queue, list) in [(Queue::Small, &self.resident), (Queue::Ghost, &self.ghosts)] {
            let slots = list.iter(&self.links);
            self.store.show(queue, slots, |_| 0, NONE, see);
        }
    }
}
