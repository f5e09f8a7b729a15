//! Every policy once more, as its definition reads: vectors, linear searches and not a thought for speed.

mod adaptive;
mod clock_pro;
mod lirs;
mod queues;
mod ranked;
mod segments;
mod tiny_lfu;

use super::super::{Chance, Policy, Queue};

/// An object or a ghost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Item {
    pub(super) key: u64,
    pub(super) size: u64,
    pub(super) uses: u64,
}

/// A queue: the newest first.
pub(super) type Items = Vec<Item>;

/// How a policy reads in a textbook. An object of more than the capacity never gets here.
pub(super) trait Naive {
    /// A key is looked up.
    fn count_request(&mut self) {}
    fn is_there(&self, key: u64) -> bool;
    fn hit(&mut self, key: u64);
    /// How many objects left, and whether this one came in.
    fn miss(&mut self, key: u64, size: u64) -> (u32, bool);
    fn remove(&mut self, key: u64);
    /// The queues, and what hands are at.
    fn queues(&self) -> Vec<(Queue, Items)>;
    fn hands(&self) -> Vec<u64> {
        Vec::new()
    }
}

/// What all need to know.
#[derive(Debug, Clone)]
pub(super) struct Setting<'a> {
    pub(super) capacity: u64,
    /// Whether the capacity is a number of objects.
    pub(super) in_objects: bool,
    pub(super) chance: Chance,
    /// All keys that will be looked up.
    pub(super) requests: &'a [u64],
}

/// LRU-K for any K.
pub(super) fn lru_k(capacity: u64, k: usize) -> Box<dyn Naive> {
    Box::new(ranked::LruK::new(capacity, k))
}

/// The naive copy of a policy.
pub(super) fn naive(policy: Policy, setting: &Setting<'_>) -> Box<dyn Naive> {
    let capacity = setting.capacity;
    match policy {
        Policy::Lru => Box::new(queues::Lru(capacity, Items::new())),
        Policy::Fifo => Box::new(queues::Fifo(capacity, Items::new())),
        Policy::Clock => Box::new(queues::Clock(capacity, Items::new())),
        Policy::ClockPro => Box::new(clock_pro::ClockPro::new(capacity)),
        Policy::Sieve => Box::new(queues::Sieve::new(capacity)),
        Policy::Random => Box::new(queues::Random::new(setting)),
        Policy::Infinite => Box::new(queues::Infinite(Items::new())),
        Policy::Slru => Box::new(segments::Slru::new(capacity)),
        Policy::TwoQ => Box::new(segments::TwoQ::new(capacity)),
        Policy::S3Fifo => Box::new(segments::S3Fifo::new(capacity)),
        Policy::Arc => Box::new(adaptive::Arc::new(capacity)),
        Policy::Lirs => Box::new(lirs::Lirs::new(capacity)),
        Policy::WTinyLfu => Box::new(tiny_lfu::WTinyLfu::new(setting)),
        Policy::Lfu => Box::new(ranked::lfu(capacity)),
        Policy::LruK => lru_k(capacity, 2),
        Policy::Gdsf => Box::new(ranked::gdsf(capacity)),
        Policy::Belady => Box::new(ranked::Belady::new(setting)),
    }
}

pub(super) fn new(key: u64, size: u64) -> Item {
    Item { key, size, uses: 0 }
}

pub(super) fn total(items: &[Item]) -> u64 {
    items.iter().map(|item| item.size).sum()
}

pub(super) fn find(items: &[Item], key: u64) -> Option<usize> {
    items.iter().position(|item| item.key == key)
}

/// Whether a key is in one of several queues.
pub(super) fn is_in(queues: &[&Items], key: u64) -> bool {
    queues.iter().any(|items| find(items, key).is_some())
}

/// Takes an item out, if it is there.
pub(super) fn take(items: &mut Items, key: u64) -> Option<Item> {
    find(items, key).map(|at| items.remove(at))
}

/// Takes an item to the front.
pub(super) fn to_front(items: &mut Items, key: u64) {
    let item = take(items, key).unwrap();
    items.insert(0, item);
}
