//! LFU: the least frequently used object leaves; among equals, the least recently used.
//!
//! Exact, and in constant time (Shah, Mitra and Matani, "An O(1) algorithm for implementing the LFU cache eviction scheme", 2010):
//! objects of one frequency are a list by recency, and these groups are a list by frequency. Uses are counted while an object is
//! there (in-cache LFU); one that comes back starts at 1, as in libCacheSim's `lfu`.

use crate::caching::about::{About, Settling};
use crate::caching::cache::NONE;
use crate::caching::index::Index;
use crate::caching::list::List;
use crate::caching::replacement::Replacement;
use crate::caching::store::{Store, entry};
use crate::caching::{Insertion, Queue, Seen, Slot, Spec};

/// Objects used equally often.
#[derive(Debug, Clone, Copy)]
struct Group {
    frequency: u64,
    objects: List,
    /// The neighbours by frequency; `higher` also links the groups that are free.
    lower: u32,
    higher: u32,
}

/// Groups by frequency.
#[derive(Debug, Clone)]
pub(super) struct Lfu<I: Index> {
    store: Store<I>,
    groups: Vec<Group>,
    /// Which group each slot is in.
    group_of: Vec<u32>,
    lowest: u32,
    free: u32,
}

impl<I: Index> Lfu<I> {
    /// A group of this frequency right above `lower`, where `NONE` is below all.
    fn insert_group(&mut self, frequency: u64, lower: u32) -> u32 {
        let higher = match lower {
            NONE => self.lowest,
            lower => self.groups[lower as usize].higher,
        };
        let group = Group {
            frequency,
            objects: List::EMPTY,
            lower,
            higher,
        };
        let number = self.free;
        let number = if number == NONE {
            // There are at most as many as slots.
            let number = u32::try_from(self.groups.len()).unwrap_or(NONE);
            self.groups.push(group);
            number
        } else {
            self.free = self.groups[number as usize].higher;
            self.groups[number as usize] = group;
            number
        };
        self.join(lower, number);
        self.join(number, higher);
        number
    }

    /// Makes two groups neighbours.
    #[inline(always)]
    fn join(&mut self, lower: u32, higher: u32) {
        match lower {
            NONE => self.lowest = higher,
            lower => self.groups[lower as usize].higher = higher,
        }
        if higher != NONE {
            self.groups[higher as usize].lower = lower;
        }
    }

    /// Takes an object out of its group, and the group away if it was the last.
    #[inline(always)]
    fn leave(&mut self, slot: Slot) {
        let number = self.group_of[slot as usize];
        let group = &mut self.groups[number as usize];
        self.store.take(&mut group.objects, slot);
        if group.objects.is_empty() {
            let Group { lower, higher, .. } = *group;
            group.higher = self.free;
            self.free = number;
            self.join(lower, higher);
        }
    }

    #[inline(always)]
    fn enter(&mut self, group: u32, slot: Slot) {
        self.group_of[slot as usize] = group;
        self.store
            .put(&mut self.groups[group as usize].objects, slot);
    }

    fn first_group(&mut self) -> u32 {
        match self.groups.get(self.lowest as usize) {
            Some(group) if group.frequency == 1 => self.lowest,
            _ => self.insert_group(1, NONE),
        }
    }
}

impl<I: Index> Replacement for Lfu<I> {
    type Index = I;

    const ABOUT: About = About {
        spec: "lfu",
        name: "LFU",
        sentence: "The least frequently used leaves; among equals, the least recently used.",
        brief: "the least frequently used leaves",
        queues: &[(Queue::Main, "by number of uses; the right end leaves")],
        needs_future: false,
        keeps_everything: false,
        forgets_expired: false,
        settling: Settling::Late,
        approximation: None,
    };

    fn new(store: Store<I>, _spec: &Spec) -> Self {
        Self {
            store,
            groups: Vec::new(),
            group_of: Vec::new(),
            lowest: NONE,
            free: NONE,
        }
    }

    #[inline(always)]
    fn store(&self) -> &Store<I> {
        &self.store
    }

    #[inline(always)]
    fn touch(&mut self, slot: Slot) {
        let number = self.group_of[slot as usize];
        let group = &self.groups[number as usize];
        let (frequency, higher) = (group.frequency + 1, group.higher);
        let is_alone = group.objects.head == group.objects.tail;
        let next = match self.groups.get(higher as usize) {
            Some(next) if next.frequency == frequency => higher,
            _ if is_alone => {
                self.groups[number as usize].frequency = frequency;
                return;
            }
            _ => self.insert_group(frequency, number),
        };
        self.leave(slot);
        self.enter(next, slot);
    }

    #[inline(always)]
    fn admit(&mut self, key: u64, size: u32, _ghost: Slot) -> Insertion {
        let mut evicted = 0;
        while !self.store.fits(self.store.cost_of(size)) {
            self.discard(self.groups[self.lowest as usize].objects.tail);
            evicted += 1;
        }
        let slot = self.store.create(key, size);
        entry(&mut self.group_of, slot, NONE);
        // A hit may need a group for each object and one more, and must not allocate.
        let objects = usize::try_from(self.store.len()).unwrap_or(usize::MAX);
        self.groups
            .reserve((objects + 1).saturating_sub(self.groups.len()));
        let group = self.first_group();
        self.enter(group, slot);
        Insertion {
            slot: Some(slot),
            evicted,
        }
    }

    #[inline(always)]
    fn discard(&mut self, slot: Slot) {
        self.leave(slot);
        self.store.release(slot);
    }

    /// From the most to the least frequently used.
    fn show(&self, see: &mut dyn FnMut(Seen)) {
        let real = |number| (number != NONE).then_some(number);
        let higher = |&number: &u32| real(self.groups[number as usize].higher);
        let mut numbers: Vec<u32> = std::iter::successors(real(self.lowest), higher).collect();
        numbers.reverse();
        let lists = numbers
            .iter()
            .map(|&group| &self.groups[group as usize].objects);
        let slots = lists.flat_map(|list| self.store.iter(list));
        let frequency = |slot: Slot| {
            let group = self.group_of[slot as usize];
            self.groups[group as usize].frequency
        };
        self.store.show(Queue::Main, slots, frequency, NONE, see);
    }
}
