//! From keys to slots.

use std::fmt::Debug;

use super::Slot;
use super::list::{Link, Linked};

/// What a slot holds: its place in a list, and its key where the slot does not say it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node<K> {
    pub(super) link: Link,
    pub(super) key: K,
}

impl<K> Linked for Node<K> {
    #[inline(always)]
    fn link(&mut self) -> &mut Link {
        &mut self.link
    }

    fn peek(&self) -> Link {
        self.link
    }
}

/// The mark of a slot that is in use.
pub(super) const IN_USE: u8 = 0x80;

/// Finds the slot of a key.
pub(super) trait Index: Debug + Send {
    /// A key as nodes keep it.
    type Key: Copy + Debug + Default + Send;

    /// Whether each key has a slot of its own; else slots are handed out.
    const HAS_FIXED_SLOTS: bool;

    /// How many slots there are from the start.
    fn fixed_slots(&self) -> u32;

    /// The slot of `key`, or `NONE`.
    fn find(&self, key: u64, nodes: &[Node<Self::Key>], marks: &[u8]) -> Slot;

    /// Notes the slot of a key that is not in the index; the key as nodes keep it.
    fn set(&mut self, key: u64, slot: Slot) -> Self::Key;

    /// Forgets a key that is in the index.
    fn clear(&mut self, key: Self::Key, slot: Slot);

    /// The key of what is in a slot.
    fn key(key: Self::Key, slot: Slot) -> u64;
}
