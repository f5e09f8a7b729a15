//! The queues of a policy: lists through the slots of its store.

use super::about::Queues;
use super::cache::NONE;
use super::index::Index;
use super::list::List;
use super::store::Store;
use super::{Insertion, Queue, Seen, Slot};

impl<I: Index> Store<I> {
    /// Takes a slot to the head of a policy's only list, which needs no weight.
    #[inline(always)]
    pub(super) fn put(&mut self, list: &mut List, slot: Slot) {
        list.push_front(&mut self.nodes, slot);
    }

    /// Takes a slot out of a policy's only list.
    #[inline(always)]
    pub(super) fn take(&mut self, list: &mut List, slot: Slot) {
        list.unlink(&mut self.nodes, slot);
    }

    #[inline(always)]
    pub(super) fn push(&mut self, list: &mut List, slot: Slot) {
        list.push_front(&mut self.nodes, slot);
        list.weight += self.cost(slot);
    }

    #[inline(always)]
    pub(super) fn unlink(&mut self, list: &mut List, slot: Slot) {
        list.unlink(&mut self.nodes, slot);
        list.weight -= self.cost(slot);
    }

    #[inline(always)]
    pub(super) fn move_to_front(&mut self, list: &mut List, slot: Slot) {
        list.move_to_front(&mut self.nodes, slot);
    }

    /// The neighbour of a slot towards the head of its list, or `NONE`.
    #[inline(always)]
    pub(super) fn before(&self, slot: Slot) -> Slot {
        self.nodes[slot as usize].link.before
    }

    /// The oldest of a list that is not empty leaves the cache.
    #[inline(always)]
    pub(super) fn evict(&mut self, list: &mut List) {
        let slot = list.tail;
        self.unlink(list, slot);
        self.release(slot);
    }

    /// A new object at the head of a policy's only list, from whose tail as many leave as it takes.
    #[inline(always)]
    pub(super) fn enqueue(&mut self, list: &mut List, key: u64, size: u32) -> Insertion {
        let mut evicted = 0;
        while !self.fits(self.cost_of(size)) {
            let oldest = list.tail;
            self.take(list, oldest);
            self.release(oldest);
            evicted += 1;
        }
        let slot = self.create(key, size);
        self.put(list, slot);
        Insertion {
            slot: Some(slot),
            evicted,
        }
    }

    /// The slots of a list from its head.
    pub(super) fn iter(&self, list: &List) -> impl Iterator<Item = Slot> {
        list.iter(&self.nodes)
    }

    /// Shows these slots as a queue.
    pub(super) fn show(
        &self,
        queue: Queue,
        slots: impl IntoIterator<Item = Slot>,
        frequency: impl Fn(Slot) -> u64,
        hand: Slot,
        see: &mut dyn FnMut(Seen),
    ) {
        for (position, slot) in (0..).zip(slots) {
            see(Seen {
                queue,
                position,
                slot,
                key: self.key(slot),
                // A cost is a size, or 1.
                size: u32::try_from(self.cost(slot)).unwrap_or(u32::MAX),
                frequency: frequency(slot),
                hand: slot == hand,
            });
        }
    }

    /// Shows a list whose policy has no hand and counts nothing.
    pub(super) fn show_list(&self, queue: Queue, list: &List, see: &mut dyn FnMut(Seen)) {
        self.show(queue, self.iter(list), |_| 0, NONE, see);
    }

    /// Shows such lists as the queues of their policy, one after the other.
    pub(super) fn show_lists(&self, queues: Queues, lists: &[List], see: &mut dyn FnMut(Seen)) {
        for (&(queue, _), list) in queues.iter().zip(lists) {
            self.show_list(queue, list, see);
        }
    }
}
