//! The infinite cache: nothing ever leaves, whatever the capacity says.
//!
//! Its misses are those that no cache avoids: the first request for each key. Of no use in a system, but a bound for every policy
//! and every size.

use crate::caching::about::{About, Settling};
use crate::caching::cache::NONE;
use crate::caching::index::Index;
use crate::caching::replacement::Replacement;
use crate::caching::store::Store;
use crate::caching::{Insertion, Queue, Seen, Slot, Spec};

/// Objects in slots, in the order in which they came.
#[derive(Debug, Clone)]
pub(in crate::caching) struct Infinite<I: Index> {
    store: Store<I>,
}

impl<I: Index> Replacement for Infinite<I> {
    type Index = I;

    const ABOUT: About = About {
        spec: "infinite",
        name: "infinite",
        sentence: "Nothing ever leaves.",
        brief: "nothing leaves",
        queues: &[(Queue::Main, "in no order; nothing leaves")],
        needs_future: false,
        keeps_everything: true,
        forgets_expired: false,
        settling: Settling::Soon,
        approximation: None,
    };

    fn new(store: Store<I>, _spec: &Spec) -> Self {
        Self {
            store: store.without_limit(),
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
        let slot = self.store.create(key, size);
        Insertion {
            slot: Some(slot),
            evicted: 0,
        }
    }

    fn discard(&mut self, slot: Slot) {
        self.store.release(slot);
    }

    fn show(&self, see: &mut dyn FnMut(Seen)) {
        let slots = (0..self.store.slots()).filter(|&slot| self.store.is_in_use(slot));
        self.store.show(Queue::Main, slots, |_| 0, NONE, see);
    }
}
