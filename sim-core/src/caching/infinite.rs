//! The infinite cache: nothing ever leaves, whatever the capacity says.
//!
//! Its misses are those that no cache avoids: the first request for each key. Of no use in a system, but a bound for every policy
//! and every size.

use super::cache::NONE;
use super::index::Index;
use super::replacement::Replacement;
use super::store::Store;
use super::{Insertion, Queue, Seen, Slot};

/// Objects in slots, in the order in which they came.
#[derive(Debug, Clone)]
pub(super) struct Infinite<I: Index> {
    store: Store<I>,
}

impl<I: Index> Infinite<I> {
    pub(super) fn new(store: Store<I>) -> Self {
        Self {
            store: store.without_limit(),
        }
    }
}

impl<I: Index> Replacement for Infinite<I> {
    type Index = I;

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
