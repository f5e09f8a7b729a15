//! What one policy says; what all policies share is a [`Cache`] made of it.

use std::fmt::Debug;

use super::about::About;
use super::cache::NONE;
use super::index::Index;
use super::store::Store;
use super::{Cache, Insertion, Outcome, Seen, Slot, Spec};

/// A policy with its state.
pub(super) trait Replacement: Debug + Send {
    type Index: Index;

    /// What it says of itself.
    const ABOUT: About;

    /// The policy around an empty store.
    fn new(store: Store<Self::Index>, spec: &Spec) -> Self;

    fn store(&self) -> &Store<Self::Index>;

    /// Whether only the key is left of what a slot held.
    #[inline(always)]
    fn is_ghost(&self, _slot: Slot) -> bool {
        false
    }

    /// Counts a request, before anything else happens.
    #[inline(always)]
    fn count_request(&mut self) {}

    /// A resident object is used.
    fn touch(&mut self, slot: Slot);

    /// An object that is not resident, and not too large, comes in. `ghost` is the slot of its ghost, or `NONE`.
    fn admit(&mut self, key: u64, size: u32, ghost: Slot) -> Insertion;

    /// A resident object is taken out.
    fn discard(&mut self, slot: Slot);

    fn show(&self, see: &mut dyn FnMut(Seen));

    #[inline(always)]
    fn is_resident(&self, slot: Slot) -> bool {
        slot != NONE && !self.is_ghost(slot)
    }
}

#[inline(always)]
fn admit<P: Replacement>(policy: &mut P, key: u64, size: u32, ghost: Slot) -> Insertion {
    let store = policy.store();
    if store.cost_of(size) > store.capacity() {
        return Insertion {
            slot: None,
            evicted: 0,
        };
    }
    policy.admit(key, size, ghost)
}

impl<P: Replacement> Cache for P {
    #[inline]
    fn access(&mut self, key: u64, _now: f64) -> Option<Slot> {
        self.count_request();
        let slot = self.store().find(key);
        if !self.is_resident(slot) {
            return None;
        }
        self.touch(slot);
        Some(slot)
    }

    #[inline]
    fn insert(&mut self, key: u64, size: u32, _now: f64) -> Insertion {
        let slot = self.store().find(key);
        if self.is_resident(slot) {
            self.touch(slot);
            return Insertion {
                slot: Some(slot),
                evicted: 0,
            };
        }
        admit(self, key, size, slot)
    }

    #[inline(always)]
    fn on_request(&mut self, key: u64, size: u32, _now: f64) -> Outcome {
        self.count_request();
        let slot = self.store().find(key);
        if self.is_resident(slot) {
            self.touch(slot);
            return Outcome::Hit;
        }
        admit(self, key, size, slot).into()
    }

    fn remove(&mut self, key: u64) -> bool {
        let slot = self.store().find(key);
        let resident = self.is_resident(slot);
        if resident {
            self.discard(slot);
        }
        resident
    }

    fn find(&self, key: u64) -> Option<Slot> {
        let slot = self.store().find(key);
        self.is_resident(slot).then_some(slot)
    }

    fn len(&self) -> u64 {
        self.store().len()
    }

    fn used(&self) -> u64 {
        self.store().used()
    }

    fn capacity(&self) -> u64 {
        self.store().capacity()
    }

    fn slots(&self) -> u32 {
        self.store().slots()
    }

    fn contents(&self, see: &mut dyn FnMut(Seen)) {
        self.show(see);
    }
}
