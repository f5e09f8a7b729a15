//! The least of something leaves.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::super::super::Queue;
use super::{Item, Items, Naive, Setting, is_in, new, take, total};

/// An object with its value and the number of its last use.
type Valued = (f64, u64, Item);

/// The least valuable leaves, among equals the least recently used.
pub(super) struct ByValue<V> {
    capacity: u64,
    items: Vec<Valued>,
    clock: u64,
    /// The value of what left last.
    inflation: f64,
    value: V,
}

/// A value is the number of uses.
pub(super) fn lfu(capacity: u64) -> ByValue<impl Fn(f64, Item) -> f64> {
    by_value(capacity, |_, item| item.uses as f64)
}

pub(super) fn gdsf(capacity: u64) -> ByValue<impl Fn(f64, Item) -> f64> {
    by_value(capacity, |inflation, item| {
        inflation + item.uses as f64 / item.size as f64
    })
}

fn by_value<V: Fn(f64, Item) -> f64>(capacity: u64, value: V) -> ByValue<V> {
    ByValue {
        capacity,
        items: Vec::new(),
        clock: 0,
        inflation: 0.0,
        value,
    }
}

fn by_worth(a: &Valued, b: &Valued) -> std::cmp::Ordering {
    a.0.total_cmp(&b.0).then(a.1.cmp(&b.1))
}

impl<V: Fn(f64, Item) -> f64> ByValue<V> {
    fn used(&self) -> u64 {
        self.items.iter().map(|(_, _, item)| item.size).sum()
    }

    fn take(&mut self, key: u64) -> Item {
        let at = self.items.iter().position(|(_, _, item)| item.key == key);
        self.items.remove(at.unwrap()).2
    }

    fn use_it(&mut self, mut item: Item) {
        item.uses += 1;
        self.clock += 1;
        let value = (self.value)(self.inflation, item);
        self.items.push((value, self.clock, item));
    }
}

impl<V: Fn(f64, Item) -> f64> Naive for ByValue<V> {
    fn is_there(&self, key: u64) -> bool {
        self.items.iter().any(|(_, _, item)| item.key == key)
    }

    fn hit(&mut self, key: u64) {
        let item = self.take(key);
        self.use_it(item);
    }

    fn miss(&mut self, key: u64, size: u64) -> (u32, bool) {
        let mut evicted = 0;
        while self.used() + size > self.capacity {
            let (value, _, item) = *self.items.iter().min_by(|a, b| by_worth(a, b)).unwrap();
            self.inflation = value;
            self.take(item.key);
            evicted += 1;
        }
        self.use_it(new(key, size));
        (evicted, true)
    }

    fn remove(&mut self, key: u64) {
        self.take(key);
    }

    fn queues(&self) -> Vec<(Queue, Items)> {
        let mut items = self.items.clone();
        items.sort_by(|a, b| by_worth(b, a));
        let items = items.into_iter().map(|(_, _, item)| item).collect();
        vec![(Queue::Main, items)]
    }
}

pub(super) struct LruK {
    capacity: u64,
    k: usize,
    items: Items,
    ghosts: Items,
    /// The numbers of all uses of each key that is remembered.
    history: BTreeMap<u64, Vec<u64>>,
    clock: u64,
}

impl LruK {
    pub(super) fn new(capacity: u64, k: usize) -> Self {
        Self {
            capacity,
            k,
            items: Items::new(),
            ghosts: Items::new(),
            history: BTreeMap::new(),
            clock: 0,
        }
    }

    /// Number of the K-th last use, and of the last.
    fn rank(&self, key: u64) -> (u64, u64) {
        let uses = &self.history[&key];
        let kth = uses.len().checked_sub(self.k).map_or(0, |at| uses[at]);
        (kth, *uses.last().unwrap())
    }
}

impl Naive for LruK {
    fn is_there(&self, key: u64) -> bool {
        is_in(&[&self.items], key)
    }

    fn hit(&mut self, key: u64) {
        self.clock += 1;
        self.history.entry(key).or_default().push(self.clock);
    }

    fn miss(&mut self, key: u64, size: u64) -> (u32, bool) {
        if take(&mut self.ghosts, key).is_none() {
            self.history.remove(&key);
        }
        let mut evicted = 0;
        while total(&self.items) + size > self.capacity {
            let least = self.items.iter().min_by_key(|item| self.rank(item.key));
            let least = least.unwrap().key;
            let gone = take(&mut self.items, least).unwrap();
            self.ghosts.insert(0, gone);
            while total(&self.ghosts) > self.capacity {
                self.ghosts.pop();
            }
            evicted += 1;
        }
        self.items.push(new(key, size));
        self.hit(key);
        (evicted, true)
    }

    fn remove(&mut self, key: u64) {
        take(&mut self.items, key);
        self.history.remove(&key);
    }

    fn queues(&self) -> Vec<(Queue, Items)> {
        let mut items = self.items.clone();
        items.sort_by_key(|item| Reverse(self.rank(item.key)));
        vec![(Queue::Main, items), (Queue::Ghost, self.ghosts.clone())]
    }
}

pub(super) struct Belady {
    capacity: u64,
    /// When the key of each request is asked for again.
    next: Vec<usize>,
    /// How many requests there were.
    now: usize,
    /// With the next use.
    items: Vec<(usize, u64, Item)>,
    clock: u64,
}

impl Belady {
    pub(super) fn new(setting: &Setting<'_>) -> Self {
        let mut later = BTreeMap::new();
        let again = |(at, &key)| later.insert(key, at).unwrap_or(usize::MAX);
        let mut next: Vec<usize> = setting
            .requests
            .iter()
            .enumerate()
            .rev()
            .map(again)
            .collect();
        next.reverse();
        Self {
            capacity: setting.capacity,
            next,
            now: 0,
            items: Vec::new(),
            clock: 0,
        }
    }

    fn put(&mut self, item: Item) {
        self.clock += 1;
        let last = self.now.checked_sub(1);
        let next = last.map_or(usize::MAX, |last| self.next[last]);
        self.items.push((next, self.clock, item));
    }

    fn used(&self) -> u64 {
        self.items.iter().map(|(_, _, item)| item.size).sum()
    }

    fn take(&mut self, key: u64) -> Item {
        let at = self.items.iter().position(|(_, _, item)| item.key == key);
        self.items.remove(at.unwrap()).2
    }
}

impl Naive for Belady {
    fn count_request(&mut self) {
        self.now += 1;
    }

    fn is_there(&self, key: u64) -> bool {
        self.items.iter().any(|(_, _, item)| item.key == key)
    }

    fn hit(&mut self, key: u64) {
        let item = self.take(key);
        self.put(item);
    }

    fn miss(&mut self, key: u64, size: u64) -> (u32, bool) {
        let mut evicted = 0;
        while self.used() + size > self.capacity {
            let rank = |&&(next, clock, _): &&(usize, u64, Item)| (next, Reverse(clock));
            let last = self.items.iter().max_by_key(rank).unwrap().2.key;
            self.take(last);
            evicted += 1;
        }
        self.put(new(key, size));
        (evicted, true)
    }

    fn remove(&mut self, key: u64) {
        self.take(key);
    }

    fn queues(&self) -> Vec<(Queue, Items)> {
        let mut items = self.items.clone();
        items.sort_by_key(|&(next, clock, _)| (next, Reverse(clock)));
        let items = items.into_iter().map(|(_, _, item)| item).collect();
        vec![(Queue::Main, items)]
    }
}
