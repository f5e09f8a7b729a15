//! One queue.

use super::super::super::Queue;
use super::{Items, Naive, Setting, find, is_in, new, take, to_front, total};
use crate::random::{Purpose, Uniforms};

/// Capacity; objects by recency.
pub(super) struct Lru(pub(super) u64, pub(super) Items);

impl Naive for Lru {
    fn is_there(&self, key: u64) -> bool {
        is_in(&[&self.1], key)
    }

    fn hit(&mut self, key: u64) {
        to_front(&mut self.1, key);
    }

    fn miss(&mut self, key: u64, size: u64) -> (u32, bool) {
        let mut evicted = 0;
        while total(&self.1) + size > self.0 {
            self.1.pop();
            evicted += 1;
        }
        self.1.insert(0, new(key, size));
        (evicted, true)
    }

    fn remove(&mut self, key: u64) {
        take(&mut self.1, key);
    }

    fn queues(&self) -> Vec<(Queue, Items)> {
        vec![(Queue::Main, self.1.clone())]
    }
}

/// Capacity; objects by age.
pub(super) struct Fifo(pub(super) u64, pub(super) Items);

impl Naive for Fifo {
    fn is_there(&self, key: u64) -> bool {
        is_in(&[&self.1], key)
    }

    fn hit(&mut self, _key: u64) {}

    fn miss(&mut self, key: u64, size: u64) -> (u32, bool) {
        let mut evicted = 0;
        while total(&self.1) + size > self.0 {
            self.1.pop();
            evicted += 1;
        }
        self.1.insert(0, new(key, size));
        (evicted, true)
    }

    fn remove(&mut self, key: u64) {
        take(&mut self.1, key);
    }

    fn queues(&self) -> Vec<(Queue, Items)> {
        vec![(Queue::Main, self.1.clone())]
    }
}

/// Capacity; objects on the circle, that under the hand last.
pub(super) struct Clock(pub(super) u64, pub(super) Items);

impl Naive for Clock {
    fn is_there(&self, key: u64) -> bool {
        is_in(&[&self.1], key)
    }

    fn hit(&mut self, key: u64) {
        let at = find(&self.1, key).unwrap();
        self.1[at].uses = 1;
    }

    fn miss(&mut self, key: u64, size: u64) -> (u32, bool) {
        let mut evicted = 0;
        while total(&self.1) + size > self.0 {
            let mut under_hand = self.1.pop().unwrap();
            if under_hand.uses == 1 {
                under_hand.uses = 0;
                self.1.insert(0, under_hand);
            } else {
                evicted += 1;
            }
        }
        self.1.insert(0, new(key, size));
        (evicted, true)
    }

    fn remove(&mut self, key: u64) {
        take(&mut self.1, key);
    }

    fn queues(&self) -> Vec<(Queue, Items)> {
        vec![(Queue::Main, self.1.clone())]
    }

    fn hands(&self) -> Vec<u64> {
        self.1.last().map(|item| item.key).into_iter().collect()
    }
}

pub(super) struct Sieve {
    capacity: u64,
    queue: Items,
    /// The key under the hand, if it is not at the tail.
    hand: Option<u64>,
}

impl Sieve {
    pub(super) fn new(capacity: u64) -> Self {
        Self {
            capacity,
            queue: Items::new(),
            hand: None,
        }
    }

    fn place(&self) -> usize {
        match self.hand {
            Some(key) => find(&self.queue, key).unwrap(),
            None => self.queue.len() - 1,
        }
    }

    /// The hand goes on from a place towards the head.
    fn go_on(&mut self, place: usize) {
        self.hand = place.checked_sub(1).map(|next| self.queue[next].key);
    }
}

impl Naive for Sieve {
    fn is_there(&self, key: u64) -> bool {
        is_in(&[&self.queue], key)
    }

    fn hit(&mut self, key: u64) {
        let at = find(&self.queue, key).unwrap();
        self.queue[at].uses = 1;
    }

    fn miss(&mut self, key: u64, size: u64) -> (u32, bool) {
        let mut evicted = 0;
        while total(&self.queue) + size > self.capacity {
            let place = self.place();
            self.go_on(place);
            if self.queue[place].uses == 1 {
                self.queue[place].uses = 0;
            } else {
                self.queue.remove(place);
                evicted += 1;
            }
        }
        self.queue.insert(0, new(key, size));
        (evicted, true)
    }

    fn remove(&mut self, key: u64) {
        if self.hand == Some(key) {
            self.go_on(self.place());
        }
        take(&mut self.queue, key);
    }

    fn queues(&self) -> Vec<(Queue, Items)> {
        vec![(Queue::Main, self.queue.clone())]
    }

    fn hands(&self) -> Vec<u64> {
        let hand = self.hand.or(self.queue.last().map(|item| item.key));
        hand.into_iter().collect()
    }
}

pub(super) struct Random {
    capacity: u64,
    row: Items,
    draws: Uniforms<1>,
}

impl Random {
    pub(super) fn new(setting: &Setting<'_>) -> Self {
        let chance = setting.chance;
        let purpose = Purpose::Eviction(chance.cache);
        Self {
            capacity: setting.capacity,
            row: Items::new(),
            draws: Uniforms::new(chance.seed, chance.replication, purpose),
        }
    }
}

impl Naive for Random {
    fn is_there(&self, key: u64) -> bool {
        is_in(&[&self.row], key)
    }

    fn hit(&mut self, _key: u64) {}

    fn miss(&mut self, key: u64, size: u64) -> (u32, bool) {
        let mut evicted = 0;
        while total(&self.row) + size > self.capacity {
            let place = self.draws.below(u32::try_from(self.row.len()).unwrap());
            self.row.swap_remove(place as usize);
            evicted += 1;
        }
        self.row.push(new(key, size));
        (evicted, true)
    }

    fn remove(&mut self, key: u64) {
        let at = find(&self.row, key).unwrap();
        self.row.swap_remove(at);
    }

    fn queues(&self) -> Vec<(Queue, Items)> {
        vec![(Queue::Main, self.row.clone())]
    }
}

pub(super) struct Infinite(pub(super) Items);

impl Naive for Infinite {
    fn is_there(&self, key: u64) -> bool {
        is_in(&[&self.0], key)
    }

    fn hit(&mut self, _key: u64) {}

    fn miss(&mut self, key: u64, size: u64) -> (u32, bool) {
        self.0.push(new(key, size));
        (0, true)
    }

    fn remove(&mut self, key: u64) {
        take(&mut self.0, key);
    }

    fn queues(&self) -> Vec<(Queue, Items)> {
        vec![(Queue::Main, self.0.clone())]
    }
}
