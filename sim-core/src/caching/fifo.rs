//! FIFO: the oldest object leaves, however often it was used.
//!
//! A hit changes nothing, which makes it cheap and free of locks. It is no stack algorithm: with more room it can miss more often
//! (Belady, Nelson and Shedler, "An anomaly in space-time characteristics of certain programs running in a paging machine",
//! CACM 12, 1969).

use super::index::Index;
use super::list::List;
use super::replacement::Replacement;
use super::store::Store;
use super::{Insertion, Queue, Seen, Slot};

/// A list by age.
#[derive(Debug, Clone)]
pub(super) struct Fifo<I: Index> {
    store: Store<I>,
    queue: List,
}

impl<I: Index> Fifo<I> {
    pub(super) fn new(store: Store<I>) -> Self {
        Self {
            store,
            queue: List::EMPTY,
        }
    }
}

impl<I: Index> Replacement for Fifo<I> {
    type Index = I;

    #[inline(always)]
    fn store(&self) -> &Store<I> {
        &self.store
    }

    #[inline(always)]
    fn touch(&mut self, _slot: Slot) {}

    #[inline(always)]
    fn admit(&mut self, key: u64, size: u32, _ghost: Slot) -> Insertion {
        self.store.enqueue(&mut self.queue, key, size)
    }

    fn discard(&mut self, slot: Slot) {
        self.store.unlink(&mut self.queue, slot);
        self.store.release(slot);
    }

    fn show(&self, see: &mut dyn FnMut(Seen)) {
        self.store.show_list(Queue::Main, &self.queue, see);
    }
}
