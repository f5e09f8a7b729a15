//! Doubly linked lists through an array: links are numbers of slots.

use super::Slot;
use super::cache::NONE;

/// The neighbours of a slot in its list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Link {
    /// Towards the head.
    pub(super) before: Slot,
    /// Towards the tail.
    pub(super) after: Slot,
}

impl Link {
    pub(super) const ALONE: Self = Self {
        before: NONE,
        after: NONE,
    };
}

/// Something that has links.
pub(super) trait Linked {
    fn link(&mut self) -> &mut Link;
    fn peek(&self) -> Link;
}

impl Linked for Link {
    #[inline(always)]
    fn link(&mut self) -> &mut Link {
        self
    }

    fn peek(&self) -> Link {
        *self
    }
}

/// A list: what came last is at its head.
#[derive(Debug, Clone, Copy)]
pub(super) struct List {
    pub(super) head: Slot,
    pub(super) tail: Slot,
    /// The sizes of all that is in it, kept by whoever puts things in.
    pub(super) weight: u64,
}

impl List {
    pub(super) const EMPTY: Self = Self {
        head: NONE,
        tail: NONE,
        weight: 0,
    };

    #[inline(always)]
    pub(super) fn is_empty(&self) -> bool {
        self.head == NONE
    }

    #[inline(always)]
    pub(super) fn push_front<L: Linked>(&mut self, links: &mut [L], slot: Slot) {
        *links[slot as usize].link() = Link {
            before: NONE,
            after: self.head,
        };
        match self.head {
            NONE => self.tail = slot,
            head => links[head as usize].link().before = slot,
        }
        self.head = slot;
    }

    #[inline(always)]
    pub(super) fn unlink<L: Linked>(&mut self, links: &mut [L], slot: Slot) {
        let Link { before, after } = *links[slot as usize].link();
        match before {
            NONE => self.head = after,
            before => links[before as usize].link().after = after,
        }
        match after {
            NONE => self.tail = before,
            after => links[after as usize].link().before = before,
        }
    }

    /// The slots from the head.
    pub(super) fn iter<L: Linked>(&self, links: &[L]) -> impl Iterator<Item = Slot> {
        let next = |&slot: &Slot| Some(links[slot as usize].peek().after);
        std::iter::successors(Some(self.head), next).take_while(|&slot| slot != NONE)
    }

    #[inline(always)]
    pub(super) fn move_to_front<L: Linked>(&mut self, links: &mut [L], slot: Slot) {
        if self.head != slot {
            self.unlink(links, slot);
            self.push_front(links, slot);
        }
    }
}
