//! CLOCK-Pro: a clock that tells hot objects from cold ones by how soon they are used again.
//!
//! Jiang, Chen and Zhang, "CLOCK-Pro: an effective improvement of the CLOCK replacement" (USENIX ATC 2005): LIRS with reference bits
//! alone. A hit sets the object's bit, and nothing moves before an object has to leave. All are on one clock, in the order in
//! which they came or last went round: hot objects, which stay, and cold ones, which leave. A new object is cold and on trial (the
//! paper's test period) until it is older than all hot ones. One that is used on trial becomes hot; one that leaves on trial leaves
//! its key on the clock. Three hands go from the oldest to the newest:
//!
//! - the cold hand is at the oldest cold object. One that was not used leaves; one that was goes round, as a hot one if it was on
//!   trial;
//! - the hot hand is at the oldest hot object. Where there are too many, one that was used goes round, and the first other one becomes
//!   cold. The hand ends the trials of all that it passes;
//! - the test hand is at the oldest trial, and ends it once more keys are remembered than the capacity holds.
//!
//! How much the cold objects are to take adapts: a use on trial adds the object's size, a trial that ends without a use takes as much
//! away.
//!
//! What the paper leaves open is here as in Caffeine's `ClockProPolicy`, which follows the authors' own simulator:
//!
//! - Cold objects are to take 1 % of the capacity at first and at least, never less than one object, and leave hot ones as much. The
//!   first objects are hot as long as so much is free.
//! - Where the hot hand ends the trial of the very object that it makes room for, all hot ones were used since that one came: it stays
//!   cold, and is on a new trial. So is one that was used after its trial. A hot object that becomes cold is on none.
//! - Cold objects that the hot hand passes stay where they are, the oldest. In the paper's picture they become the newest, since
//!   these come in right behind that hand.
//! - An object leaves before the one that is asked for comes in. If that ends the trial of its key, it is a new one.
//!
//! Caffeine has two cold objects at least, remembers twice as many keys as objects (the paper: as many), and ignores a request for
//! the same key as the one before; with one, as many, and no such requests, it has exactly the same hits. `ClockPro` of libCacheSim
//! 0.3.5 cannot be compared: once it has filled half of its capacity, it admits nothing more, and has fewer hits than FIFO.
//!
//! In bytes all shares are of bytes; where no object is cold and one has to leave, a hot one becomes cold.

use crate::caching::about::{About, Settling};
use crate::caching::cache::NONE;
use crate::caching::index::Index;
use crate::caching::list::List;
use crate::caching::replacement::Replacement;
use crate::caching::store::Store;
use crate::caching::{Insertion, Queue, Seen, Slot, Spec};

/// The least that cold objects, and hot ones, are to take.
const LEAST_PERCENT: u64 = 1;

/// Marks: what an object or a key is, and the reference bit. A cold object is neither hot nor a ghost.
const HOT: u8 = 1;
const GHOST: u8 = 2;
const ON_TRIAL: u8 = 4;
const USED: u8 = 8;

/// A clock with three hands.
#[derive(Debug, Clone)]
pub(super) struct ClockPro<I: Index> {
    store: Store<I>,
    /// The newest at the head.
    clock: List,
    /// The oldest hot object.
    hand_hot: Slot,
    /// The oldest cold object.
    hand_cold: Slot,
    /// The oldest object or key on trial.
    hand_test: Slot,
    hot_weight: u64,
    ghost_weight: u64,
    /// How much cold objects should take.
    cold_target: u64,
    /// The least of it.
    least: u64,
}

impl<I: Index> ClockPro<I> {
    fn is(&self, slot: Slot, mark: u8) -> bool {
        self.store.mark(slot) & mark != 0
    }

    /// The first from `slot` towards the head that has one of these marks, or `NONE`.
    fn seek(&self, mut slot: Slot, marks: u8) -> Slot {
        while slot != NONE && !self.is(slot, marks) {
            slot = self.store.before(slot);
        }
        slot
    }

    /// The first cold object from `slot` towards the head, or `NONE`.
    fn seek_cold(&self, mut slot: Slot) -> Slot {
        while slot != NONE && self.is(slot, HOT | GHOST) {
            slot = self.store.before(slot);
        }
        slot
    }

    /// Puts at the head what is not on the clock.
    fn enter(&mut self, slot: Slot, mark: u8) {
        self.store.set_mark(slot, mark);
        self.store.put(&mut self.clock, slot);
        if mark & ON_TRIAL != 0 && self.hand_test == NONE {
            self.hand_test = slot;
        }
        if mark & HOT == 0 {
            if self.hand_cold == NONE {
                self.hand_cold = slot;
            }
            return;
        }
        self.hot_weight += self.store.cost(slot);
        if self.hand_hot == NONE {
            self.pass(self.clock.tail);
        }
    }

    /// Takes an object or a key off the clock. A hand that is at it goes on.
    fn leave(&mut self, slot: Slot) {
        self.take_off_trial(slot);
        let next = self.store.before(slot);
        if self.hand_cold == slot {
            self.hand_cold = self.seek_cold(next);
        }
        self.store.take(&mut self.clock, slot);
        let cost = self.store.cost(slot);
        if self.is(slot, GHOST) {
            self.ghost_weight -= cost;
        } else if self.is(slot, HOT) {
            self.hot_weight -= cost;
            if self.hand_hot == slot {
                self.pass(next);
            }
        }
    }

    /// Takes the hot hand, which has come to `slot`, on to a hot object. Without one, nothing is too old for a trial.
    fn pass(&mut self, mut slot: Slot) {
        self.hand_hot = self.seek(slot, HOT);
        while self.hand_hot != NONE && slot != self.hand_hot {
            let next = self.store.before(slot);
            self.end_trial(slot);
            slot = next;
        }
    }

    /// The hot object at the hot hand goes round if it was used, else it becomes cold: whether it did.
    fn turn(&mut self) -> bool {
        let slot = self.hand_hot;
        let next = match self.store.before(slot) {
            NONE => slot,
            next => next,
        };
        let was_used = self.is(slot, USED);
        self.store.move_to_front(&mut self.clock, slot);
        self.store.set_mark(slot, if was_used { HOT } else { 0 });
        if !was_used {
            self.hot_weight -= self.store.cost(slot);
            if self.hand_cold == NONE {
                self.hand_cold = slot;
            }
        }
        self.pass(next);
        !was_used
    }

    /// The hot hand turns until an object has become cold: whether one has, before the hand ended the trial of `candidate`.
    fn demote(&mut self, candidate: Slot) -> bool {
        while self.hand_hot != NONE {
            if self.turn() {
                return true;
            }
            if !self.is(candidate, ON_TRIAL) {
                return false;
            }
        }
        false
    }

    /// Moves the cold share, within its bounds.
    fn adapt(&mut self, cost: u64, was_used: bool) {
        let target = if was_used {
            self.cold_target + cost
        } else {
            self.cold_target.saturating_sub(cost)
        };
        let most = self.store.capacity() - self.least;
        self.cold_target = target.min(most).max(self.least);
    }

    fn take_off_trial(&mut self, slot: Slot) {
        let mark = self.store.mark(slot);
        self.store.set_mark(slot, mark & !ON_TRIAL);
        if self.hand_test == slot {
            self.hand_test = self.seek(slot, ON_TRIAL);
        }
    }

    /// Ends the trial of an object or a key, if it is on one; a key is forgotten.
    fn end_trial(&mut self, slot: Slot) {
        if !self.is(slot, ON_TRIAL) {
            return;
        }
        self.adapt(self.store.cost(slot), self.is(slot, USED));
        self.take_off_trial(slot);
        if self.is(slot, GHOST) {
            self.leave(slot);
            self.store.forget(slot);
        }
    }

    /// What is on trial was used: whether it becomes hot, for which the hot hand makes room. A key may be forgotten over it.
    fn passes_trial(&mut self, slot: Slot, cost: u64) -> bool {
        self.adapt(cost, true);
        let mark = self.store.mark(slot);
        self.store.set_mark(slot, mark & !USED);
        while self.hot_weight + cost > self.store.capacity() - self.cold_target {
            if !self.is(slot, ON_TRIAL) || !self.demote(slot) {
                return false;
            }
        }
        true
    }

    /// One object leaves.
    fn evict(&mut self) {
        loop {
            let slot = self.hand_cold;
            if slot == NONE {
                self.turn();
            } else if self.is(slot, USED) {
                let cost = self.store.cost(slot);
                let is_hot = self.is(slot, ON_TRIAL) && self.passes_trial(slot, cost);
                self.leave(slot);
                self.enter(slot, if is_hot { HOT } else { ON_TRIAL });
            } else if self.is(slot, ON_TRIAL) {
                return self.bury(slot);
            } else {
                self.leave(slot);
                return self.store.release(slot);
            }
        }
    }

    /// The object at the cold hand leaves, and its key stays on trial.
    fn bury(&mut self, slot: Slot) {
        self.store.bury(slot);
        self.store.set_mark(slot, GHOST | ON_TRIAL);
        self.hand_cold = self.seek_cold(slot);
        self.ghost_weight += self.store.cost(slot);
        while self.ghost_weight > self.store.capacity() {
            self.end_trial(self.hand_test);
        }
    }
}

impl<I: Index> Replacement for ClockPro<I> {
    type Index = I;

    const ABOUT: About = About {
        spec: "clock-pro",
        name: "CLOCK-Pro",
        sentence: "A clock that tells hot from cold objects by how soon they are used again.",
        brief: "hot or cold, by how soon it is used",
        queues: &[
            (Queue::Main, "hot: used again soon"),
            (Queue::Small, "cold: the hand looks for what was not used"),
            (Queue::Ghost, "ghosts: gone, but still on trial"),
        ],
        needs_future: false,
        keeps_everything: false,
        forgets_expired: false,
        settling: Settling::Late,
        approximation: None,
    };

    fn new(store: Store<I>, _spec: &Spec) -> Self {
        let least = store.percent(LEAST_PERCENT).max(1);
        Self {
            store,
            clock: List::EMPTY,
            hand_hot: NONE,
            hand_cold: NONE,
            hand_test: NONE,
            hot_weight: 0,
            ghost_weight: 0,
            cold_target: least,
            least,
        }
    }

    #[inline(always)]
    fn store(&self) -> &Store<I> {
        &self.store
    }

    #[inline(always)]
    fn is_ghost(&self, slot: Slot) -> bool {
        self.is(slot, GHOST)
    }

    #[inline(always)]
    fn touch(&mut self, slot: Slot) {
        self.store.set_mark(slot, self.store.mark(slot) | USED);
    }

    fn admit(&mut self, key: u64, size: u32, ghost: Slot) -> Insertion {
        let cost = self.store.cost_of(size);
        let has_room = self.store.fits(cost + self.least);
        let mut evicted = 0;
        while !self.store.fits(cost) {
            self.evict();
            evicted += 1;
        }
        // What makes room, and what makes an object hot, may forget the key.
        let is_known = |it: &Self| ghost != NONE && it.is_ghost(ghost);
        let is_hot = if is_known(self) {
            self.passes_trial(ghost, cost)
        } else {
            has_room
        };
        let slot = if is_known(self) {
            self.leave(ghost);
            self.store.revive(ghost, size);
            ghost
        } else {
            self.store.create(key, size)
        };
        self.enter(slot, if is_hot { HOT } else { ON_TRIAL });
        Insertion {
            slot: Some(slot),
            evicted,
        }
    }

    fn discard(&mut self, slot: Slot) {
        self.leave(slot);
        self.store.release(slot);
    }

    /// Each kind in the order of the clock, with its hand.
    fn show(&self, see: &mut dyn FnMut(Seen)) {
        let used = |slot: Slot| u64::from(self.is(slot, USED));
        let hands = [self.hand_hot, self.hand_cold, self.hand_test];
        for ((marks, hand), &(queue, _)) in [HOT, 0, GHOST]
            .into_iter()
            .zip(hands)
            .zip(Self::ABOUT.queues)
        {
            let slots = self.store.iter(&self.clock);
            let slots = slots.filter(|&slot| self.store.mark(slot) & (HOT | GHOST) == marks);
            self.store.show(queue, slots, used, hand, see);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::caching::curve::Block;
    use crate::caching::{Capacity, Outcome, Policy, Spec, build, next_uses};
    use crate::workload::{Keys, Workload};

    fn hits(policy: Policy, capacity: u64, keys: &[u64]) -> usize {
        let future = next_uses(keys).unwrap();
        let spec = Spec::new(policy, Capacity::Objects(capacity)).with_future(future);
        let mut cache = build(&spec).unwrap();
        let hit = |&&key: &&u64| cache.on_request(key, 1, 0.0) == Outcome::Hit;
        keys.iter().filter(hit).count()
    }

    fn around(keys: u64, requests: u64) -> Vec<u64> {
        (0..requests).map(|at| at % keys).collect()
    }

    /// Low keys more often than high ones, never the same twice in a row.
    fn mixed() -> Vec<u64> {
        let mut state = 1_u64;
        let draw = |_| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            ((state >> 33) % 2000).min((state >> 13) % 2000)
        };
        let mut keys: Vec<u64> = (0..50_000).map(draw).collect();
        keys.dedup();
        keys
    }

    #[test]
    fn hits_are_those_of_caffeine() {
        // Its simulator of August 2026, with `lower-bound-resident-cold = 1` and `non-resident-multiplier = 1.0`.
        let (mixed, round) = (mixed(), around(1100, 50_000));
        for (capacity, of_mixed, of_round) in [
            (10, 375, 405),
            (100, 3869, 4455),
            (250, 9291, 11_160),
            (1000, 32_085, 44_060),
        ] {
            assert_eq!(hits(Policy::ClockPro, capacity, &mixed), of_mixed);
            assert_eq!(hits(Policy::ClockPro, capacity, &round), of_round);
        }
    }

    #[test]
    fn a_loop_a_little_larger_than_the_cache_hits_though_clock_never_does() {
        let keys = around(1100, 50_000);
        assert_eq!(hits(Policy::Clock, 1000, &keys), 0);
        // The most that is possible is 999 of 1099, after the first round.
        assert!(hits(Policy::ClockPro, 1000, &keys) > 44_000);
        assert!(hits(Policy::Belady, 1000, &keys) < 44_600);
    }

    #[test]
    fn under_zipfs_law_it_is_between_clock_and_the_optimum() {
        for alpha in [0.7, 1.0] {
            let workload = Workload::new(Keys::zipf(10_000, alpha));
            let mut block = Block::default();
            block.draw(&mut workload.requests(11, 0, 0).unwrap(), 100_000, 0, 1.0);
            for capacity in [10, 100, 1000] {
                let hits = |policy| hits(policy, capacity, &block.keys);
                let (clock, found) = (hits(Policy::Clock), hits(Policy::ClockPro));
                assert!(
                    clock < found && found < hits(Policy::Belady),
                    "{alpha} {capacity}"
                );
            }
        }
    }
}
