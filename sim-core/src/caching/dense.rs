//! An index for keys 0, 1, …, n − 1: a key is its own slot.
//!
//! Whether a slot is in use is said by its mark, one byte a key. All arrays begin as zeros, which the system hands out without
//! touching them: a large space of keys costs little until its keys are asked for.

use super::Slot;
use super::cache::NONE;
use super::index::{IN_USE, Index, Node};

/// So many keys.
#[derive(Debug, Clone)]
pub(super) struct Dense(pub(super) u32);

impl Index for Dense {
    type Key = ();

    const HAS_FIXED_SLOTS: bool = true;

    fn fixed_slots(&self) -> u32 {
        self.0
    }

    #[inline(always)]
    fn find(&self, key: u64, _nodes: &[Node<()>], marks: &[u8]) -> Slot {
        let mark = marks[usize::try_from(key).unwrap_or(usize::MAX)];
        if mark & IN_USE == 0 { NONE } else { slot(key) }
    }

    #[inline(always)]
    fn set(&mut self, _key: u64, _slot: Slot) {}

    #[inline(always)]
    fn clear(&mut self, (): (), _slot: Slot) {}

    #[inline(always)]
    fn key((): (), slot: Slot) -> u64 {
        slot.into()
    }
}

/// The slot of a key: there are fewer than 2³² of them, and the marks have none of a larger key.
#[inline(always)]
pub(super) fn slot(key: u64) -> Slot {
    Slot::try_from(key).unwrap_or(NONE)
}
