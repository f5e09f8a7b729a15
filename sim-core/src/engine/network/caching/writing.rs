//! Writes: to the store, to the caches, or to a cache first and to the store later.

use std::collections::{BTreeMap, VecDeque};

use super::super::Network;
use super::super::group::Choice;
use super::super::program::{Flush, NO_REGISTER, NONE, Program, WriteSpec};
use super::{Caching, Label};
use crate::scenario::WritePolicy;

/// Writes that wait in a cache until they go to the store. Where there is a cache in each server of a group, they wait in that of
/// the server that took them.
#[derive(Debug)]
pub(in crate::engine::network) struct Buffer {
    shelves: Vec<Waiting>,
    /// Batches on their way to the store, by number.
    batches: BTreeMap<u64, Batch>,
    next_batch: u64,
}

/// Writes that wait in one cache.
#[derive(Debug, Default)]
struct Waiting {
    /// Keys in the order in which they became dirty.
    order: VecDeque<u64>,
    writes: BTreeMap<u64, Dirty>,
}

/// The writes to one key that wait.
#[derive(Debug, Clone, Copy)]
struct Dirty {
    /// The version of the last one.
    version: u64,
    /// How many there are.
    count: u64,
    /// Where the key comes from.
    source: u32,
}

/// Writes that go to the store together.
#[derive(Debug)]
struct Batch {
    shelf: u32,
    writes: Vec<(u64, Dirty)>,
}

impl Waiting {
    fn add(&mut self, key: u64, version: u64, source: u32) {
        let it = self.writes.entry(key).or_insert_with(|| {
            self.order.push_back(key);
            Dirty {
                version,
                count: 0,
                source,
            }
        });
        (it.version, it.source) = (version, source);
        it.count += 1;
    }

    /// The next writes for the store.
    fn take(&mut self, most: u32) -> Vec<(u64, Dirty)> {
        let writes = &mut self.writes;
        let keys = (0..most).map_while(|_| self.order.pop_front());
        keys.filter_map(|key| Some((key, writes.remove(&key)?)))
            .collect()
    }

    /// Writes that did not get to the store wait again, before all others.
    fn put_back(&mut self, batch: Vec<(u64, Dirty)>) {
        for (key, before) in batch.into_iter().rev() {
            let it = self.writes.entry(key).or_insert_with(|| {
                self.order.push_front(key);
                Dirty { count: 0, ..before }
            });
            it.count += before.count;
        }
    }

    /// All that waits is lost; returns the keys, and how many writes to each.
    fn lose(&mut self) -> impl Iterator<Item = (u64, u64)> + use<> {
        self.order.clear();
        let lost = std::mem::take(&mut self.writes);
        lost.into_iter().map(|(key, it)| (key, it.count))
    }
}

impl Buffer {
    /// Empty, in every cache in which writes of this kind can wait.
    pub(super) fn of(spec: &WriteSpec, program: &Program) -> Self {
        let cache = spec.caches.first().filter(|_| spec.flush.is_some());
        let shelves = cache.map_or(0, |it| program.caches[it.0 as usize].count);
        Self {
            shelves: (0..shelves).map(|_| Waiting::default()).collect(),
            batches: BTreeMap::new(),
            next_batch: 0,
        }
    }

    /// The next batch that waits in one of the caches; returns its number.
    fn take(&mut self, shelf: u32, most: u32) -> Option<u64> {
        let writes = self.shelves[shelf as usize].take(most);
        if writes.is_empty() {
            return None;
        }
        self.next_batch += 1;
        self.batches
            .insert(self.next_batch, Batch { shelf, writes });
        Some(self.next_batch)
    }

    /// A key of a batch, counted from 0; `None` after the last one.
    fn key(&self, batch: u64, number: u64) -> Option<(u64, Dirty)> {
        let writes = &self.batches.get(&batch)?.writes;
        writes.get(usize::try_from(number).ok()?).copied()
    }
}

impl Caching {
    /// Writes that wait in a cache, or in the one of this server, never reach the store.
    pub(super) fn lose_writes(&mut self, program: &Program, cache: u32, server: Option<u32>) {
        for (spec, buffer) in program.writes.iter().zip(&mut self.buffers) {
            if spec.caches.first().is_none_or(|it| it.0 != cache) {
                continue;
            }
            for (shelf, waiting) in (0..).zip(&mut buffer.shelves) {
                if server.is_some_and(|server| server != shelf) {
                    continue;
                }
                for (key, writes) in waiting.lose() {
                    self.caches[cache as usize].tally.lost += writes;
                    self.versions.forget(key);
                }
            }
        }
    }
}

impl Network {
    /// The store has a token's write, or the cache in front of it.
    pub(super) fn commit(&mut self, number: u32, write: u32) {
        let program = std::sync::Arc::clone(&self.program);
        let spec = &program.writes[write as usize];
        let key = *self.tokens.register(number, spec.key);
        if matches!(spec.how, WritePolicy::Behind(_)) {
            self.wait_for_store(number, write, key);
            return self.tell_others(number, spec);
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
        self.tell_others(number, spec);
    }

    /// A write goes into its cache alone.
    fn wait_for_store(&mut self, number: u32, write: u32, key: u64) {
        let program = std::sync::Arc::clone(&self.program);
        let spec = &program.writes[write as usize];
        let source = self.source_of(number, spec.key);
        let version = self.caching().versions.promise(key);
        let at = spec.caches.first();
        let shelf = at.and_then(|&(cache, chosen)| self.at_hand(number, cache, chosen));
        if let Some(shelf) = shelf {
            let buffer = &mut self.caching().buffers[write as usize];
            buffer.shelves[shelf as usize].add(key, version, source);
        }
        self.copy(number, spec, key, version);
    }

    /// News of a write set out.
    fn tell_others(&mut self, number: u32, spec: &WriteSpec) {
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
        let source = self.source_of(number, spec.key);
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
            let size = caching.size(source, key);
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
        for shelf in 0..self.caching().buffers[write as usize].shelves.len() {
            let shelf = u32::try_from(shelf).expect("at most ten thousand caches");
            while let Some(taken) = self.caching().buffers[write as usize].take(shelf, batch) {
                if !self.send_batch(write, shelf, taken) {
                    return interval;
                }
            }
        }
        interval
    }

    fn send_batch(&mut self, write: u32, shelf: u32, batch: u64) -> bool {
        let spec = &self.program.writes[write as usize];
        let (class, chosen) = (spec.class, spec.caches.first().map(|it| it.1));
        let Some(Flush { entry, number, .. }) = spec.flush else {
            return false;
        };
        let Some(child) = self.spawn_alone(class, entry) else {
            return false;
        };
        *self.tokens.register(child, number) = batch;
        if let Some(chosen) = chosen.filter(|&chosen| chosen != NO_REGISTER) {
            let choice = Choice {
                balancer: 0,
                server: shelf,
            };
            *self.tokens.register(child, chosen) = choice.packed();
        }
        self.make_ready(child);
        true
    }

    /// The next key of a batch has its turn; after the last one, the token goes on elsewhere.
    pub(super) fn next_key(&mut self, number: u32, turn: u32) {
        let turn = self.program.turns[turn as usize];
        let batch = *self.tokens.register(number, turn.batch);
        let done = *self.tokens.register(number, turn.done);
        let Some((key, dirty)) = self.caching().buffers[turn.write as usize].key(batch, done)
        else {
            self.tokens[number].pc = turn.after;
            return;
        };
        *self.tokens.register(number, turn.done) = done + 1;
        *self.tokens.register(number, turn.key) = key;
        *self.tokens.register(number, turn.key + 1) = dirty.version;
        *self.tokens.register(number, turn.key + 2) = u64::from(dirty.source);
    }

    /// A batch has arrived at the store.
    pub(super) fn flushed(&mut self, number: u32, write: u32) {
        let Some(batch) = self.take_batch(number, write) else {
            return;
        };
        for (key, dirty) in batch.writes {
            self.caching().versions.keep(key, dirty.version);
        }
    }

    /// A batch did not get to the store: its writes wait for the next one.
    pub(in crate::engine::network) fn flush_failed(&mut self, number: u32, write: u32) {
        if let Some(batch) = self.take_batch(number, write) {
            let buffer = &mut self.caching().buffers[write as usize];
            buffer.shelves[batch.shelf as usize].put_back(batch.writes);
        }
    }

    fn take_batch(&mut self, number: u32, write: u32) -> Option<Batch> {
        let register = self.program.writes[write as usize].flush?.number;
        let batch = *self.tokens.register(number, register);
        self.caching().buffers[write as usize]
            .batches
            .remove(&batch)
    }

    /// A cache is emptied; in a crash, writes that wait in it are lost.
    pub(in crate::engine::network) fn empty_cache(&mut self, cache: u32, crash: bool) {
        let caching = self.caching();
        for shelf in &mut caching.caches[cache as usize].shelves {
            shelf.clear();
        }
        if crash {
            let program = std::sync::Arc::clone(&self.program);
            self.caching().lose_writes(&program, cache, None);
        }
        self.note_stocks();
    }
}
