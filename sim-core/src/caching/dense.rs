//! An index for keys 0, 1, …, n − 1: an array.

use super::Slot;
use super::index::{Index, Node};

/// The slot of each key, every bit flipped: an array of zeros, which the system hands out without touching it, says that no key
/// has a slot.
#[derive(Debug, Clone)]
pub(super) struct Dense {
    flipped: Vec<Slot>,
}

impl Dense {
    /// An index for the keys below `keys`.
    pub(super) fn new(keys: u32) -> Self {
        Self {
            flipped: vec![0; keys as usize],
        }
    }
}

impl Index for Dense {
    type Key = u32;

    #[inline(always)]
    fn find(&self, key: u64, _nodes: &[Node<u32>]) -> Slot {
        !self.flipped[place(key)]
    }

    #[inline(always)]
    fn set(&mut self, key: u64, slot: Slot) -> u32 {
        let place = place(key);
        self.flipped[place] = !slot;
        // The array has fewer than 2³² places.
        u32::try_from(key).unwrap_or(u32::MAX)
    }

    #[inline(always)]
    fn clear(&mut self, key: u32, _slot: Slot) {
        self.flipped[key as usize] = 0;
    }
}

/// A place outside the array for keys that no `usize` holds.
#[inline(always)]
fn place(key: u64) -> usize {
    usize::try_from(key).unwrap_or(usize::MAX)
}
