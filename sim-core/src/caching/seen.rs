//! One object of a cache, for a picture of its contents.

use serde::Serialize;

use super::Slot;

/// The queues of all policies. What each is in one of them, its [`super::Policy::queues`] say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Queue {
    /// The only queue, or the main one, such as S3-FIFO's large queue and the LIR objects of LIRS.
    Main,
    /// Where objects prove themselves before they may stay, such as S3-FIFO's small queue and the resident HIR objects of LIRS.
    Small,
    /// What has just come, such as the window of W-TinyLFU.
    Window,
    /// A first segment, such as that of SLRU and of W-TinyLFU's main part.
    Probation,
    /// A second one.
    Protected,
    /// Seen once of late, such as ARC's T1 and 2Q's A1in.
    Recent,
    /// Seen more often, such as ARC's T2 and 2Q's Am.
    Frequent,
    /// Keys that left, such as S3-FIFO's ghosts, 2Q's A1out and the non-resident HIR objects of LIRS.
    Ghost,
    /// Keys that left what was seen once, such as ARC's B1.
    RecentGhost,
    /// Keys that left what was seen more often, such as ARC's B2.
    FrequentGhost,
}

impl Queue {
    /// Whether only keys are in it, not objects.
    pub const fn is_ghost(self) -> bool {
        matches!(self, Self::Ghost | Self::RecentGhost | Self::FrequentGhost)
    }
}

/// An object or a ghost, and where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Seen {
    /// The queue it is in.
    pub queue: Queue,
    /// Its place there, 0 at the head. What leaves next comes from the other end, unless a hand says otherwise.
    pub position: u32,
    /// Its slot.
    pub slot: Slot,
    /// Its key.
    pub key: u64,
    /// Its size; 1 where the capacity is a number of objects.
    pub size: u32,
    /// What the policy counts: a reference bit as 0 or 1, or how often it was used; 0 where the policy counts nothing.
    pub frequency: u64,
    /// Whether the policy's hand points at it.
    pub hand: bool,
}
