//! What every cache does, whatever its policy.

use std::fmt::Debug;

use super::Seen;

/// Where an object lies: a number below [`Cache::slots`] that stays the same as long as the object stays, for arrays that keep
/// more about objects than a cache does.
pub type Slot = u32;

/// No slot.
pub(super) const NONE: Slot = Slot::MAX;

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The object was there.
    Hit,
    /// It was not.
    Miss {
        /// Whether it is now.
        admitted: bool,
        /// How many objects left for it.
        evicted: u32,
    },
}

/// What became of an insertion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Insertion {
    /// Where the object lies now; `None` where it was not admitted.
    pub slot: Option<Slot>,
    /// How many objects left for it.
    pub evicted: u32,
}

impl From<Insertion> for Outcome {
    #[inline]
    fn from(insertion: Insertion) -> Self {
        Self::Miss {
            admitted: insertion.slot.is_some(),
            evicted: insertion.evicted,
        }
    }
}

/// A cache of keys. `now` is in seconds and never goes back.
///
/// Keys are any numbers, or below the size of the key space where the cache was built for dense keys ([`super::Keys`]); a
/// larger key is then a programmer's mistake and panics.
pub trait Cache: Debug + Send {
    /// Looks a key up. A hit updates what the policy knows of recency and frequency. A miss changes nothing: its insertion does,
    /// later or never.
    fn access(&mut self, key: u64, now: f64) -> Option<Slot>;

    /// Puts an object in after a miss, possibly much later. One that is there already is refreshed: it counts as used, keeps its
    /// slot and its size, and lives as long as a new one. An object larger than the capacity is not admitted. Where the
    /// capacity is a number of objects, `size` does not matter; a size of 0 counts as 1.
    fn insert(&mut self, key: u64, size: u32, now: f64) -> Insertion;

    /// Looks a key up, and puts the object in at once if it is not there.
    #[inline]
    fn on_request(&mut self, key: u64, size: u32, now: f64) -> Outcome {
        match self.access(key, now) {
            Some(_) => Outcome::Hit,
            None => self.insert(key, size, now).into(),
        }
    }

    /// [`Cache::on_request`] for many, one after the other: how many were hits, and how many objects left. The loop is compiled for
    /// each policy, also behind a pointer.
    fn on_requests(&mut self, keys: &[u64], sizes: &[u32], times: &[f64]) -> (u64, u64) {
        let (mut hits, mut left) = (0, 0);
        for ((&key, &size), &now) in keys.iter().zip(sizes).zip(times) {
            match self.on_request(key, size, now) {
                Outcome::Hit => hits += 1,
                Outcome::Miss { evicted, .. } => left += u64::from(evicted),
            }
        }
        (hits, left)
    }

    /// Takes an object out without a trace, ghosts of others untouched; whether it was there.
    fn remove(&mut self, key: u64) -> bool;

    /// Where an object lies, expired or not; changes nothing.
    fn find(&self, key: u64) -> Option<Slot>;

    /// Whether an object is there, expired or not; changes nothing.
    fn contains(&self, key: u64) -> bool {
        self.find(key).is_some()
    }

    /// When the object in a slot expires, in seconds; infinite where nothing does.
    fn expires(&self, _slot: Slot) -> f64 {
        f64::INFINITY
    }

    /// How many objects are there.
    fn len(&self) -> u64;

    /// Whether none is.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How much of the capacity is taken, in its own unit.
    fn used(&self) -> u64;

    /// The capacity, in its own unit.
    fn capacity(&self) -> u64;

    /// One more than the largest slot handed out so far.
    fn slots(&self) -> u32;

    /// Shows all objects and ghosts, queue by queue, each from its head.
    fn contents(&self, see: &mut dyn FnMut(Seen));
}
