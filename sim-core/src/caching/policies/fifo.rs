//! FIFO: the oldest object leaves, however often it was used.
//!
//! A hit changes nothing, which makes it cheap and free of locks. It is no stack algorithm: with more room it can miss more often
//! (Belady, Nelson and Shedler, "An anomaly in space-time characteristics of certain programs running in a paging machine",
//! CACM 12, 1969).

use crate::caching::about::{About, Settling};
use crate::caching::cache::NONE;
use crate::caching::index::Index;
use crate::caching::replacement::Replacement;
use crate::caching::ring::Ring;
use crate::caching::store::Store;
use crate::caching::{Approximation, Insertion, Queue, Seen, Slot, Spec};

/// A queue by age.
#[derive(Debug, Clone)]
pub(super) struct Fifo<I: Index> {
    store: Store<I>,
    queue: Ring,
}

impl<I: Index> Replacement for Fifo<I> {
    type Index = I;

    const ABOUT: About = About {
        spec: "fifo",
        name: "FIFO",
        sentence: "The oldest leaves.",
        brief: "the oldest leaves",
        queues: &[(Queue::Main, "by arrival; the right end leaves")],
        needs_future: false,
        keeps_everything: false,
        forgets_expired: true,
        settling: Settling::Late,
        approximation: Some(Approximation::Fifo),
    };

    fn new(store: Store<I>, _spec: &Spec) -> Self {
        Self {
            store,
            queue: Ring::new(),
        }
    }

    #[inline(always)]
    fn store(&self) -> &Store<I> {
        &self.store
    }

    #[inline(always)]
    fn touch(&mut self, _slot: Slot) {}

    #[inline(always)]
    fn admit(&mut self, key: u64, size: u32, _ghost: Slot) -> Insertion {
        let mut evicted = 0;
        while !self.store.fits(self.store.cost_of(size)) {
            let Some(oldest) = self.queue.pop() else {
                break;
            };
            self.store.release(oldest);
            evicted += 1;
        }
        let slot = self.store.create(key, size);
        self.queue.push(slot);
        Insertion {
            slot: Some(slot),
            evicted,
        }
    }

    fn discard(&mut self, slot: Slot) {
        self.queue.remove(slot);
        self.store.release(slot);
    }

    fn show(&self, see: &mut dyn FnMut(Seen)) {
        let slots = self.queue.newest_first();
        self.store.show(Queue::Main, slots, |_| 0, NONE, see);
    }
}
