//! Writes: to the store, to the caches, or to a cache first and to the store later.

use std::collections::{BTreeMap, VecDeque};

use super::super::Network;
use super::super::program::{Flush, NO_REGISTER, NONE, WriteSpec};
use super::Label;
use crate::scenario::WritePolicy;

/// Writes that wait in a cache until they go to the store.
#[derive(Debug, Default)]
pub(in crate::engine::network) struct Buffer {
    /// Keys in the order in which they became dirty.
    order: VecDeque<u64>,
    /// The writes to each: the last version, and how many.
    waiting: BTreeMap<u64, (u64, u64)>,
    /// Batches on their way to the store, by number.
    batches: BTreeMap<u64, Vec<(u64, u64)>>,
    next_batch: u64,
}

impl Buffer {
    fn add(&mut self, key: u64, version: u64) {
        let it = self.waiting.entry(key).or_insert_with(|| {
            self.order.push_back(key);
            (0, 0)
        });
        *it = (version, it.1 + 1);
    }

    /// The next batch for the store; returns its number.
    fn take(&mut self, batch: u32) -> Option<u64> {
        let keys: Vec<u64> = (0..batch).map_while(|_| self.order.pop_front()).collect();
        let waiting = |key: u64| Some((key, self.waiting.remove(&key)?.0));
        let versions: Vec<_> = keys.into_iter().filter_map(waiting).collect();
        if versions.is_empty() {
            return None;
        }
        self.next_batch += 1;
        self.batches.insert(self.next_batch, versions);
        Some(self.next_batch)
    }

    /// All that waits is lost; returns the keys, and how many writes to each.
    fn lose(&mut self) -> Vec<(u64, u64)> {
        self.order.clear();
        let lost = std::mem::take(&mut self.waiting);
        lost.into_iter().map(|(key, it)| (key, it.1)).collect()
    }
}

impl Network {
    /// The store has a token's write, or the cache in front of it.
    pub(super) fn commit(&mut self, number: u32, write: u32) {
        let program = std::sync::Arc::clone(&self.program);
        let spec = &program.writes[write as usize];
        let key = *self.tokens.register(number, spec.key);
        if matches!(spec.how, WritePolicy::Behind(_)) {
            let caching = self.caching();
            let version = caching.versions.promise(key);
            caching.buffers[write as usize].add(key, version);
            return self.copy(number, spec, key, version);
        }
        let version = self.caching().versions.store(key);
        let forgotten = spec.forgotten > 0.0 && self.draws.chance(spec.chance) <= spec.forgotten;
        for &(cache, _) in &spec.caches {
            self.caching().tally(cache).writes += 1;
        }
        if forgotten {
            return;
        }
        match spec.how {
            WritePolicy::Aside => self.take_out(number, spec, key),
            WritePolicy::Through => self.copy(number, spec, key, version),
            WritePolicy::Around | WritePolicy::Behind(_) => {}
        }
        if spec.event != NONE
            && let Some(child) = self.spawn_background(number, spec.event)
        {
            self.make_ready(child);
        }
    }

    /// The caches at hand lose their copy.
    fn take_out(&mut self, number: u32, spec: &WriteSpec, key: u64) {
        for &(cache, chosen) in &spec.caches {
            if let Some(shelf) = self.at_hand(number, cache, chosen) {
                self.caching().shelf(cache, shelf).cache.remove(key);
            }
        }
    }

    /// The caches at hand have the new version.
    fn copy(&mut self, number: u32, spec: &WriteSpec, key: u64, version: u64) {
        let now = self.now;
        for &(cache, chosen) in &spec.caches {
            let Some(shelf) = self.at_hand(number, cache, chosen) else {
                continue;
            };
            let caching = self.caching();
            let label = Label {
                version,
                loaded: now,
                ..Label::NONE
            };
            let size = caching.size(spec.source, key);
            let evicted = caching.shelf(cache, shelf).put(key, size, label, now);
            let tally = caching.tally(cache);
            tally.evicted += u64::from(evicted);
            tally.writes += u64::from(matches!(spec.how, WritePolicy::Behind(_)));
        }
    }

    /// The shelf that a token can reach: the only one, or that of its server.
    fn at_hand(&mut self, number: u32, cache: u32, chosen: u16) -> Option<u32> {
        let per_server = self.program.caches[cache as usize].is_per_server();
        (!per_server || chosen != NO_REGISTER).then(|| self.shelf_of(number, chosen))
    }

    /// News of a write arrive at all caches: those that did not make it themselves lose their copy.
    pub(super) fn hear(&mut self, number: u32, write: u32) {
        let program = std::sync::Arc::clone(&self.program);
        let spec = &program.writes[write as usize];
        let key = *self.tokens.register(number, spec.key);
        for &(cache, chosen) in &spec.caches {
            let own = self.at_hand(number, cache, chosen);
            for shelf in 0..program.caches[cache as usize].count {
                if own != Some(shelf) {
                    self.caching().shelf(cache, shelf).cache.remove(key);
                }
            }
        }
    }

    /// Writes that have waited go to the store, batch after batch; returns when to look again.
    pub(in crate::engine::network) fn flush(&mut self, write: u32) -> f64 {
        let Some(Flush {
            interval, batch, ..
        }) = self.program.writes[write as usize].flush
        else {
            return f64::INFINITY;
        };
        while let Some(taken) = self.caching().buffers[write as usize].take(batch) {
            if !self.send_batch(write, taken) {
                break;
            }
        }
        interval
    }

    fn send_batch(&mut self, write: u32, batch: u64) -> bool {
        let spec = &self.program.writes[write as usize];
        let (key, class) = (spec.key, spec.class);
        let entry = spec.flush.map_or(0, |it| it.entry);
        let Some(child) = self.spawn_alone(class, entry) else {
            return false;
        };
        *self.tokens.register(child, key) = batch;
        self.make_ready(child);
        true
    }

    /// A batch has arrived at the store.
    pub(super) fn flushed(&mut self, number: u32, write: u32) {
        let register = self.program.writes[write as usize].key;
        let batch = *self.tokens.register(number, register);
        let caching = self.caching();
        let versions = caching.buffers[write as usize].batches.remove(&batch);
        for (key, version) in versions.unwrap_or_default() {
            caching.versions.keep(key, version);
        }
    }

    /// A cache is emptied; in a crash, writes that wait in it are lost.
    pub(in crate::engine::network) fn empty_cache(&mut self, cache: u32, crash: bool) {
        let caching = self.caching();
        for shelf in &mut caching.caches[cache as usize].shelves {
            shelf.clear();
        }
        if crash {
            self.lose_writes(cache);
        }
        self.note_stocks();
    }

    /// Writes that wait in a cache never reach the store.
    fn lose_writes(&mut self, cache: u32) {
        let program = std::sync::Arc::clone(&self.program);
        let caching = self.caching();
        for (spec, buffer) in program.writes.iter().zip(&mut caching.buffers) {
            if spec.flush.is_some() && spec.caches.iter().any(|it| it.0 == cache) {
                for (key, writes) in buffer.lose() {
                    caching.caches[cache as usize].tally.lost += writes;
                    caching.versions.forget(key);
                }
            }
        }
    }
}
