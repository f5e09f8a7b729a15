//! Several queues of fixed shares.

use super::super::super::Queue;
use super::{Item, Items, Naive, find, is_in, new, take, to_front, total};

pub(super) struct Slru {
    capacity: u64,
    probation: Items,
    protected: Items,
}

impl Slru {
    pub(super) fn new(capacity: u64) -> Self {
        Self {
            capacity,
            probation: Items::new(),
            protected: Items::new(),
        }
    }
}

impl Naive for Slru {
    fn is_there(&self, key: u64) -> bool {
        is_in(&[&self.probation, &self.protected], key)
    }

    fn hit(&mut self, key: u64) {
        let item = take(&mut self.probation, key).or(take(&mut self.protected, key));
        self.protected.insert(0, item.unwrap());
        while total(&self.protected) > 80 * self.capacity / 100 {
            let overflowing = self.protected.pop().unwrap();
            self.probation.insert(0, overflowing);
        }
    }

    fn miss(&mut self, key: u64, size: u64) -> (u32, bool) {
        let mut evicted = 0;
        while total(&self.probation) + total(&self.protected) + size > self.capacity {
            self.probation.pop().or_else(|| self.protected.pop());
            evicted += 1;
        }
        self.probation.insert(0, new(key, size));
        (evicted, true)
    }

    fn remove(&mut self, key: u64) {
        take(&mut self.probation, key);
        take(&mut self.protected, key);
    }

    fn queues(&self) -> Vec<(Queue, Items)> {
        vec![
            (Queue::Probation, self.probation.clone()),
            (Queue::Protected, self.protected.clone()),
        ]
    }
}

/// The names are the paper's.
pub(super) struct TwoQ {
    capacity: u64,
    a1in: Items,
    a1out: Items,
    am: Items,
}

impl TwoQ {
    pub(super) fn new(capacity: u64) -> Self {
        Self {
            capacity,
            a1in: Items::new(),
            a1out: Items::new(),
            am: Items::new(),
        }
    }

    fn reclaim(&mut self) {
        let (k_in, k_out) = (self.capacity / 4, self.capacity / 2);
        if total(&self.a1in) > k_in || self.am.is_empty() {
            let paged_out = self.a1in.pop().unwrap();
            self.a1out.insert(0, paged_out);
            while total(&self.a1out) > k_out {
                self.a1out.pop();
            }
        } else {
            self.am.pop();
        }
    }
}

impl Naive for TwoQ {
    fn is_there(&self, key: u64) -> bool {
        is_in(&[&self.a1in, &self.am], key)
    }

    fn hit(&mut self, key: u64) {
        if find(&self.am, key).is_some() {
            to_front(&mut self.am, key);
        }
    }

    fn miss(&mut self, key: u64, size: u64) -> (u32, bool) {
        let known = take(&mut self.a1out, key).is_some();
        let mut evicted = 0;
        while total(&self.a1in) + total(&self.am) + size > self.capacity {
            self.reclaim();
            evicted += 1;
        }
        let queue = if known { &mut self.am } else { &mut self.a1in };
        queue.insert(0, new(key, size));
        (evicted, true)
    }

    fn remove(&mut self, key: u64) {
        take(&mut self.a1in, key);
        take(&mut self.am, key);
    }

    fn queues(&self) -> Vec<(Queue, Items)> {
        vec![
            (Queue::Recent, self.a1in.clone()),
            (Queue::Frequent, self.am.clone()),
            (Queue::Ghost, self.a1out.clone()),
        ]
    }
}

pub(super) struct S3Fifo {
    capacity: u64,
    small: Items,
    main: Items,
    ghosts: Items,
}

impl S3Fifo {
    pub(super) fn new(capacity: u64) -> Self {
        Self {
            capacity,
            small: Items::new(),
            main: Items::new(),
            ghosts: Items::new(),
        }
    }

    fn main_size(&self) -> u64 {
        self.capacity - self.capacity / 10
    }

    fn evict_small(&mut self) -> u32 {
        while let Some(item) = self.small.pop() {
            let fresh = Item { uses: 0, ..item };
            if item.uses >= 2 {
                self.main.insert(0, fresh);
            } else {
                self.ghosts.insert(0, fresh);
                while total(&self.ghosts) > self.main_size() {
                    self.ghosts.pop();
                }
                return 1;
            }
        }
        0
    }

    fn evict_main(&mut self) {
        while let Some(item) = self.main.pop() {
            if item.uses == 0 {
                break;
            }
            let uses = item.uses - 1;
            self.main.insert(0, Item { uses, ..item });
        }
    }
}

impl Naive for S3Fifo {
    fn is_there(&self, key: u64) -> bool {
        is_in(&[&self.small, &self.main], key)
    }

    fn hit(&mut self, key: u64) {
        for queue in [&mut self.small, &mut self.main] {
            if let Some(at) = find(queue, key) {
                queue[at].uses = (queue[at].uses + 1).min(3);
            }
        }
    }

    fn miss(&mut self, key: u64, size: u64) -> (u32, bool) {
        let known = take(&mut self.ghosts, key).is_some();
        let mut evicted = 0;
        while total(&self.small) + total(&self.main) + size > self.capacity {
            if total(&self.main) > self.main_size() || self.small.is_empty() {
                self.evict_main();
                evicted += 1;
            } else {
                evicted += self.evict_small();
            }
        }
        let queue = if known {
            &mut self.main
        } else {
            &mut self.small
        };
        queue.insert(0, new(key, size));
        (evicted, true)
    }

    fn remove(&mut self, key: u64) {
        take(&mut self.small, key);
        take(&mut self.main, key);
    }

    fn queues(&self) -> Vec<(Queue, Items)> {
        vec![
            (Queue::Small, self.small.clone()),
            (Queue::Main, self.main.clone()),
            (Queue::Ghost, self.ghosts.clone()),
        ]
    }
}
