//! Belady's optimum: the object that is needed again last leaves.
//!
//! Belady, "A study of replacement algorithms for a virtual-storage computer" (IBM Systems Journal 5, 1966): no policy that has to
//! admit every miss has more hits on objects of one size (Mattson and others, 1970). Here too every miss is admitted, even what
//! is never asked for again. Of several that are never needed again, the one that was used first leaves. In bytes the rule
//! is the same, and no optimum: that is a hard problem.
//!
//! It has to know the requests: each look-up is the next of those whose [`crate::caching::next_uses`] it was built with. Beyond
//! their end nothing is needed again. An insertion belongs to the last look-up.

use std::sync::Arc;

use crate::caching::about::{About, Settling};
use crate::caching::cache::NONE;
use crate::caching::future::NEVER;
use crate::caching::heap::{Heap, Rank};
use crate::caching::index::Index;
use crate::caching::replacement::Replacement;
use crate::caching::store::Store;
use crate::caching::{Insertion, Queue, Seen, Slot, Spec};

/// Objects by their next use.
#[derive(Debug, Clone)]
pub(super) struct Belady<I: Index> {
    store: Store<I>,
    order: Heap,
    next_uses: Arc<[u32]>,
    requests: usize,
    /// How many uses there were.
    clock: u64,
}

impl<I: Index> Belady<I> {
    /// The rank of what was just asked for: the later it is needed, the less.
    fn rank(&mut self) -> Rank {
        self.clock += 1;
        let at = self.requests.wrapping_sub(1);
        let next = self.next_uses.get(at).copied().unwrap_or(NEVER);
        (u64::from(!next), self.clock)
    }
}

impl<I: Index> Replacement for Belady<I> {
    type Index = I;

    const ABOUT: About = About {
        spec: "belady",
        name: "optimum",
        sentence: "The optimum: the one that is needed again last leaves.",
        brief: "the optimum, which knows the future; with --bytes good, but not the optimum",
        queues: &[(Queue::Main, "by next use; the right end leaves")],
        needs_future: true,
        keeps_everything: false,
        forgets_expired: false,
        settling: Settling::Late,
        approximation: None,
    };

    fn new(store: Store<I>, spec: &Spec) -> Self {
        Self {
            store,
            order: Heap::default(),
            next_uses: spec.future.clone().unwrap_or_default(),
            requests: 0,
            clock: 0,
        }
    }

    #[inline(always)]
    fn store(&self) -> &Store<I> {
        &self.store
    }

    fn count_request(&mut self) {
        self.requests += 1;
    }

    fn touch(&mut self, slot: Slot) {
        let rank = self.rank();
        self.order.update(slot, rank);
    }

    fn admit(&mut self, key: u64, size: u32, _ghost: Slot) -> Insertion {
        let mut evicted = 0;
        while !self.store.fits(self.store.cost_of(size)) {
            self.discard(self.order.top().1);
            evicted += 1;
        }
        let slot = self.store.create(key, size);
        let rank = self.rank();
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

    /// From what is needed soonest.
    fn show(&self, see: &mut dyn FnMut(Seen)) {
        let slots = self.order.descending();
        self.store.show(Queue::Main, slots, |_| 0, NONE, see);
    }
}
