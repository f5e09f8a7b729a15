//! ARC, line by line as in figure 4 of its paper, with sums of sizes for numbers of pages.

use super::super::super::Queue;
use super::{Items, Naive, find, is_in, new, take, to_front, total};

pub(super) struct Arc {
    c: u64,
    p: f64,
    t1: Items,
    t2: Items,
    b1: Items,
    b2: Items,
}

impl Arc {
    pub(super) fn new(c: u64) -> Self {
        let [t1, t2, b1, b2] = [const { Items::new() }; 4];
        Self {
            c,
            p: 0.0,
            t1,
            t2,
            b1,
            b2,
        }
    }

    fn all(&self) -> u64 {
        total(&self.t1) + total(&self.t2) + total(&self.b1) + total(&self.b2)
    }

    fn replace(&mut self, in_b2: bool) {
        let t1 = total(&self.t1) as f64;
        let from_t1 = !self.t1.is_empty() && (t1 > self.p || in_b2 && t1 == self.p);
        if from_t1 || self.t2.is_empty() {
            let page = self.t1.pop().unwrap();
            self.b1.insert(0, page);
        } else {
            let page = self.t2.pop().unwrap();
            self.b2.insert(0, page);
        }
    }

    fn make_room(&mut self, size: u64, in_b2: bool) -> u32 {
        let mut evicted = 0;
        while total(&self.t1) + total(&self.t2) + size > self.c {
            self.replace(in_b2);
            evicted += 1;
        }
        evicted
    }

    /// Cases II and III.
    fn case_known(&mut self, key: u64, size: u64, in_b2: bool) -> u32 {
        let (b1, b2) = (total(&self.b1) as f64, total(&self.b2) as f64);
        if in_b2 {
            let delta = if b2 >= b1 { 1.0 } else { b1 / b2 };
            self.p = (self.p - delta * size as f64).max(0.0);
            take(&mut self.b2, key);
        } else {
            let delta = if b1 >= b2 { 1.0 } else { b2 / b1 };
            self.p = (self.p + delta * size as f64).min(self.c as f64);
            take(&mut self.b1, key);
        }
        self.forget(size);
        let evicted = self.make_room(size, in_b2);
        self.t2.insert(0, new(key, size));
        evicted
    }

    /// Only in bytes, and where a directory is full, has this anything to do.
    fn forget(&mut self, size: u64) {
        while self.all() + size > 2 * self.c && !self.b2.is_empty() {
            self.b2.pop();
        }
    }

    /// Case IV.
    fn case_new(&mut self, key: u64, size: u64) -> u32 {
        let mut evicted = 0;
        while total(&self.t1) + total(&self.b1) + size > self.c {
            if self.b1.pop().is_none() {
                self.t1.pop();
                evicted += 1;
            }
        }
        self.forget(size);
        evicted += self.make_room(size, false);
        self.t1.insert(0, new(key, size));
        evicted
    }
}

impl Naive for Arc {
    fn is_there(&self, key: u64) -> bool {
        is_in(&[&self.t1, &self.t2], key)
    }

    /// Case I.
    fn hit(&mut self, key: u64) {
        if let Some(page) = take(&mut self.t1, key) {
            self.t2.insert(0, page);
        } else {
            to_front(&mut self.t2, key);
        }
    }

    fn miss(&mut self, key: u64, size: u64) -> (u32, bool) {
        let in_b2 = find(&self.b2, key).is_some();
        let evicted = if in_b2 || find(&self.b1, key).is_some() {
            self.case_known(key, size, in_b2)
        } else {
            self.case_new(key, size)
        };
        (evicted, true)
    }

    fn remove(&mut self, key: u64) {
        take(&mut self.t1, key);
        take(&mut self.t2, key);
    }

    fn queues(&self) -> Vec<(Queue, Items)> {
        vec![
            (Queue::Recent, self.t1.clone()),
            (Queue::Frequent, self.t2.clone()),
            (Queue::RecentGhost, self.b1.clone()),
            (Queue::FrequentGhost, self.b2.clone()),
        ]
    }
}
