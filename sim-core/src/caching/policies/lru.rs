//! LRU: the least recently used object leaves.
//!
//! The oldest policy and the yardstick of all others; a stack algorithm (Mattson, Gecsei, Slutz and Traiger, "Evaluation
//! techniques for storage hierarchies", IBM Systems Journal 9, 1970): what a small cache holds, a larger one holds too.

use crate::caching::about::{About, Settling};
use crate::caching::index::Index;
use crate::caching::list::List;
use crate::caching::replacement::Replacement;
use crate::caching::store::Store;
use crate::caching::{Approximation, Insertion, Queue, Seen, Slot, Spec};

/// A list by recency.
#[derive(Debug, Clone)]
pub(super) struct Lru<I: Index> {
    store: Store<I>,
    queue: List,
}

impl<I: Index> Replacement for Lru<I> {
    type Index = I;

    const ABOUT: About = About {
        spec: "lru",
        name: "LRU",
        sentence: "The least recently used leaves.",
        brief: "the least recently used leaves",
        queues: &[(Queue::Main, "by last use; the right end leaves")],
        needs_future: false,
        keeps_everything: false,
        forgets_expired: true,
        settling: Settling::Soon,
        approximation: Some(Approximation::Lru),
    };

    fn new(store: Store<I>, _spec: &Spec) -> Self {
        Self {
            store,
            queue: List::EMPTY,
        }
    }

    #[inline(always)]
    fn store(&self) -> &Store<I> {
        &self.store
    }

    #[inline(always)]
    fn touch(&mut self, slot: Slot) {
        self.store.move_to_front(&mut self.queue, slot);
    }

    #[inline(always)]
    fn admit(&mut self, key: u64, size: u32, _ghost: Slot) -> Insertion {
        self.store.enqueue(&mut self.queue, key, size)
    }

    fn discard(&mut self, slot: Slot) {
        self.store.take(&mut self.queue, slot);
        self.store.release(slot);
    }

    fn show(&self, see: &mut dyn FnMut(Seen)) {
        self.store.show_list(Queue::Main, &self.queue, see);
    }
}
