//! LIRS: a stack of keys, and three sets that say what they are.

use super::super::super::Queue;
use super::{Items, Naive, find, is_in, new, take, to_front, total};

pub(super) struct Lirs {
    capacity: u64,
    /// S, the top first.
    stack: Vec<u64>,
    lir: Items,
    /// Q, the newest first.
    hir: Items,
    /// Non-resident, what left last first.
    ghosts: Items,
}

impl Lirs {
    pub(super) fn new(capacity: u64) -> Self {
        Self {
            capacity,
            stack: Vec::new(),
            lir: Items::new(),
            hir: Items::new(),
            ghosts: Items::new(),
        }
    }

    fn lir_at_most(&self) -> u64 {
        self.capacity - (self.capacity / 100).max(1)
    }

    fn is_in_stack(&self, key: u64) -> bool {
        self.stack.contains(&key)
    }

    fn raise(&mut self, key: u64) {
        self.stack.retain(|&other| other != key);
        self.stack.insert(0, key);
    }

    fn prune(&mut self) {
        while let Some(&bottom) = self.stack.last() {
            if find(&self.lir, bottom).is_some() {
                break;
            }
            self.stack.pop();
            take(&mut self.ghosts, bottom);
        }
    }

    fn demote(&mut self) {
        let bottom = self.stack.pop().unwrap();
        let item = take(&mut self.lir, bottom).unwrap();
        self.hir.insert(0, item);
        self.prune();
    }

    fn limit_lir(&mut self) {
        while total(&self.lir) > self.lir_at_most() {
            self.demote();
        }
    }

    fn evict(&mut self) {
        if self.hir.is_empty() {
            self.demote();
        }
        let item = self.hir.pop().unwrap();
        if self.is_in_stack(item.key) {
            self.ghosts.insert(0, item);
        }
        while total(&self.ghosts) > 2 * self.capacity {
            let forgotten = self.ghosts.pop().unwrap();
            self.stack.retain(|&key| key != forgotten.key);
        }
    }

    fn make_room(&mut self, size: u64) -> u32 {
        let mut evicted = 0;
        while total(&self.lir) + total(&self.hir) + size > self.capacity {
            self.evict();
            evicted += 1;
        }
        evicted
    }
}

impl Naive for Lirs {
    fn is_there(&self, key: u64) -> bool {
        is_in(&[&self.lir, &self.hir], key)
    }

    fn hit(&mut self, key: u64) {
        if find(&self.hir, key).is_some() {
            if self.is_in_stack(key) {
                let item = take(&mut self.hir, key).unwrap();
                self.lir.push(item);
            } else {
                to_front(&mut self.hir, key);
            }
        }
        self.raise(key);
        self.limit_lir();
        self.prune();
    }

    fn miss(&mut self, key: u64, size: u64) -> (u32, bool) {
        if take(&mut self.ghosts, key).is_some() {
            self.lir.push(new(key, size));
            self.raise(key);
            self.limit_lir();
            return (self.make_room(0), true);
        }
        let evicted = self.make_room(size);
        if total(&self.lir) + size <= self.lir_at_most() {
            self.lir.push(new(key, size));
        } else {
            self.hir.insert(0, new(key, size));
        }
        self.raise(key);
        self.prune();
        (evicted, true)
    }

    fn remove(&mut self, key: u64) {
        take(&mut self.lir, key);
        take(&mut self.hir, key);
        self.stack.retain(|&other| other != key);
        self.prune();
    }

    fn queues(&self) -> Vec<(Queue, Items)> {
        let in_lir = |key: &u64| find(&self.lir, *key).map(|at| self.lir[at]);
        vec![
            (Queue::Main, self.stack.iter().filter_map(in_lir).collect()),
            (Queue::Small, self.hir.clone()),
            (Queue::Ghost, self.ghosts.clone()),
        ]
    }
}
