//! From keys to slots.

use std::fmt::Debug;

use super::Slot;
use super::list::{Link, Linked};

/// What a slot holds: its key and its place in a list.
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

/// Finds the slot of a key.
pub(super) trait Index: Debug + Send {
    /// A key as nodes keep it.
    type Key: Copy + Debug + Send + Into<u64>;

    /// The slot of `key`, or `NONE`.
    fn find(&self, key: u64, nodes: &[Node<Self::Key>]) -> Slot;

    /// Notes the slot of a key that is not in the index; the key as nodes keep it.
    fn set(&mut self, key: u64, slot: Slot) -> Self::Key;

    /// Forgets a key that is in the index.
    fn clear(&mut self, key: Self::Key, slot: Slot);
}
