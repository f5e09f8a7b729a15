//! W-TinyLFU: a small window; beyond it only what is asked for more often than what it displaces.
//!
//! Einziger, Friedman and Manes (see the sketch's file), with the shares of Caffeine: the window, an LRU, takes 1 % of the capacity; the rest is
//! SLRU with at most 80 % of it protected. What the window has no room for goes on probation; if that is too much, it is compared with
//! the least recent object there, and whichever was asked for less often of late leaves, the newcomer if neither was. Caffeine
//! also lets a few losers in by chance, against attacks on its hashes, and adapts the window; here, as in its simulator's
//! `WindowTinyLfuPolicy`, neither happens.
//!
//! In bytes the shares are of bytes, and a newcomer is compared with one object after the other until it has room or loses; what
//! neither the window nor the main part could hold is not admitted.

use crate::caching::about::{About, Settling};
use crate::caching::cache::NONE;
use crate::caching::index::Index;
use crate::caching::list::List;
use crate::caching::replacement::Replacement;
use crate::caching::sketch::Sketch;
use crate::caching::store::Store;
use crate::caching::{Insertion, Queue, Seen, Slot, Spec};

const WINDOW_PERCENT: u64 = 1;
const PROTECTED_PERCENT: u64 = 80;
/// Objects that the sketch is made for at the start, at most.
const AT_START: u64 = 1 << 16;

/// Marks: in which list an object is.
const WINDOW: usize = 0;
const PROBATION: usize = 1;
const PROTECTED: usize = 2;
/// The same as they are kept.
const MARKS: [u8; 3] = [0, 1, 2];

/// Three lists by recency and a sketch.
#[derive(Debug, Clone)]
pub(super) struct WTinyLfu<I: Index> {
    store: Store<I>,
    sketch: Sketch,
    lists: [List; 3],
    window_at_most: u64,
    main_at_most: u64,
    protected_at_most: u64,
}

impl<I: Index> WTinyLfu<I> {
    fn list_of(&self, slot: Slot) -> usize {
        usize::from(self.store.mark(slot))
    }

    /// Takes an object to the head of a list.
    fn to(&mut self, list: usize, slot: Slot) {
        let from = self.list_of(slot);
        self.store.unlink(&mut self.lists[from], slot);
        self.store.set_mark(slot, MARKS[list]);
        self.store.push(&mut self.lists[list], slot);
    }

    fn evict(&mut self, slot: Slot) {
        let list = self.list_of(slot);
        self.store.unlink(&mut self.lists[list], slot);
        self.store.release(slot);
    }

    /// The object that would have to leave the main part for a candidate at the head of its probation.
    fn victim_for(&self, candidate: Slot) -> Option<Slot> {
        let on_probation = self.lists[PROBATION].tail;
        let victim = if on_probation == candidate {
            self.lists[PROTECTED].tail
        } else {
            on_probation
        };
        (victim != NONE).then_some(victim)
    }

    /// A candidate has come on probation: it, or others, leave until there is room. How many left; whether it did.
    fn contest(&mut self, candidate: Slot) -> (u32, bool) {
        let frequency = self.sketch.frequency(self.store.key(candidate));
        let mut evicted = 0;
        while self.lists[PROBATION].weight + self.lists[PROTECTED].weight > self.main_at_most {
            evicted += 1;
            let victim = self.victim_for(candidate);
            let weaker =
                victim.filter(|&slot| self.sketch.frequency(self.store.key(slot)) < frequency);
            let Some(victim) = weaker else {
                self.evict(candidate);
                return (evicted, true);
            };
            self.evict(victim);
        }
        (evicted, false)
    }
}

impl<I: Index> Replacement for WTinyLfu<I> {
    type Index = I;

    const ABOUT: About = About {
        spec: "w-tinylfu",
        name: "W-TinyLFU",
        sentence: "A small window; beyond it only what is asked for more often than what it displaces.",
        brief: "a window and a filter by frequency",
        queues: &[
            (Queue::Window, "window: new here"),
            (Queue::Probation, "on probation"),
            (Queue::Protected, "protected: used again"),
        ],
        needs_future: false,
        keeps_everything: false,
        forgets_expired: false,
        settling: Settling::Late,
        approximation: None,
    };

    fn new(store: Store<I>, _spec: &Spec) -> Self {
        let window = store.percent(WINDOW_PERCENT).max(1);
        let main = store.capacity() - window;
        let objects = store.expected_objects().min(AT_START);
        Self {
            sketch: Sketch::new(usize::try_from(objects).unwrap_or_default()),
            window_at_most: window,
            main_at_most: main,
            protected_at_most: main * PROTECTED_PERCENT / 100,
            store,
            lists: [List::EMPTY; 3],
        }
    }

    #[inline(always)]
    fn store(&self) -> &Store<I> {
        &self.store
    }

    fn touch(&mut self, slot: Slot) {
        self.sketch.count(self.store.key(slot));
        if self.list_of(slot) == WINDOW {
            self.store.move_to_front(&mut self.lists[WINDOW], slot);
            return;
        }
        self.to(PROTECTED, slot);
        while self.lists[PROTECTED].weight > self.protected_at_most {
            self.to(PROBATION, self.lists[PROTECTED].tail);
        }
    }

    fn admit(&mut self, key: u64, size: u32, _ghost: Slot) -> Insertion {
        self.sketch.hold(self.store.len() + 1);
        self.sketch.count(key);
        let slot = self.store.create(key, size);
        self.store.push(&mut self.lists[WINDOW], slot);
        let (mut evicted, mut admitted) = (0, true);
        while self.lists[WINDOW].weight > self.window_at_most {
            let candidate = self.lists[WINDOW].tail;
            self.to(PROBATION, candidate);
            let (left, lost) = self.contest(candidate);
            evicted += left;
            if lost && candidate == slot {
                // It never was in, and so has not left.
                admitted = false;
                evicted -= 1;
            }
        }
        Insertion {
            slot: admitted.then_some(slot),
            evicted,
        }
    }

    fn discard(&mut self, slot: Slot) {
        self.evict(slot);
    }

    fn show(&self, see: &mut dyn FnMut(Seen)) {
        let frequency = |slot: Slot| self.sketch.frequency(self.store.key(slot));
        let names = [Queue::Window, Queue::Probation, Queue::Protected];
        for (queue, list) in names.into_iter().zip(&self.lists) {
            self.store
                .show(queue, self.store.iter(list), frequency, NONE, see);
        }
    }
}
