//! Caches on the path of requests: what they hold, which version of it, and who waits for what is on its way.

mod lookup;
mod seen;
mod versions;
mod warming;
mod writing;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

pub(super) use self::versions::Versions;
pub(super) use self::writing::Buffer;
use super::Network;
use super::group::Choice;
use super::program::{CacheSpec, CachingOp, LookupSpec, NO_REGISTER, Program, SourceSpec};
use super::tally::CacheTally;
use crate::caching::{self, Chance, Keys, Slot, Spec};
use crate::engine::calendar::Ticket;
use crate::workload::Requests;

/// The most entries of flat tables from keys to slots, all caches together: beyond it a hash table finds the keys.
const DENSE: u64 = 1 << 22;
/// Keys drawn at a time.
const BLOCK: usize = 64;

/// All caches of one replication, the keys that are asked for, and the store's versions.
#[derive(Debug)]
pub(super) struct Caching {
    pub(super) caches: Vec<Cache>,
    pub(super) sources: Vec<Source>,
    pub(super) versions: Versions,
    /// Writes that wait in a cache, by number of the write.
    pub(super) buffers: Vec<Buffer>,
}

/// One cache, or one in each server of a group.
#[derive(Debug)]
pub(super) struct Cache {
    pub(super) shelves: Vec<Shelf>,
    pub(super) tally: CacheTally,
    /// What it held when that was last noted for whoever watches.
    noted: seen::Stock,
}

/// The cache of one server, or of all.
#[derive(Debug)]
pub(super) struct Shelf {
    spec: Spec,
    cache: Box<dyn caching::Cache>,
    /// What is known of the object in each slot.
    labels: Vec<Label>,
    /// Objects on their way, and who waits for each.
    fetches: BTreeMap<u64, VecDeque<Ticket>>,
}

/// What is known of an object in a cache.
#[derive(Debug, Clone, Copy)]
struct Label {
    version: u64,
    /// When it came from the store.
    loaded: f64,
    /// How long that took, seconds.
    took: f64,
    /// Until when it is remembered that the store has nothing; infinite for an object.
    until: f64,
}

impl Label {
    const NONE: Self = Self {
        version: 0,
        loaded: 0.0,
        took: 0.0,
        until: f64::INFINITY,
    };
}

impl Shelf {
    fn new(spec: &CacheSpec, chance: Chance, keys: Keys, future: Option<&Arc<[u32]>>) -> Self {
        let spec = Spec {
            policy: spec.policy,
            capacity: spec.capacity,
            keys,
            expiry: spec.expiry,
            chance,
            future: future.cloned(),
        };
        Self {
            cache: caching::build(&spec).expect("a validated cache"),
            spec,
            labels: Vec::new(),
            fetches: BTreeMap::new(),
        }
    }

    /// All objects are gone. What is on its way arrives nevertheless.
    pub(super) fn clear(&mut self) {
        self.cache = caching::build(&self.spec).expect("it was built before");
    }

    /// Looks a key up, remembered absence included.
    fn find(&mut self, key: u64, now: f64) -> Option<(Slot, Label)> {
        let slot = self.cache.access(key, now)?;
        let label = self.labels[slot as usize];
        if label.until <= now {
            self.cache.remove(key);
            return None;
        }
        Some((slot, label))
    }

    /// Looks up many keys, puts in what is not there; returns how many were there, and how many had to leave.
    pub(super) fn play(&mut self, keys: &[u64], sizes: &[u32], times: &[f64]) -> (u64, u64) {
        self.cache.on_requests(keys, sizes, times)
    }

    /// Puts an object in; returns how many had to leave for it.
    fn put(&mut self, key: u64, size: u32, label: Label, now: f64) -> u32 {
        let insertion = self.cache.insert(key, size, now);
        if let Some(slot) = insertion.slot {
            if self.labels.len() <= slot as usize {
                self.labels.resize(slot as usize + 1, Label::NONE);
            }
            self.labels[slot as usize] = label;
        }
        insertion.evicted
    }
}

/// Keys to be asked for.
#[derive(Debug)]
pub(super) struct Source {
    requests: Requests,
    drawn: [u64; BLOCK],
    next: usize,
}

impl Source {
    fn new(spec: &SourceSpec, number: u16, seed: u64, replication: u64) -> Self {
        let requests = spec.workload.requests(seed, replication, number);
        Self {
            requests: requests.expect("a validated workload"),
            drawn: [0; BLOCK],
            next: BLOCK,
        }
    }

    pub(super) fn next(&mut self) -> u64 {
        if self.next == BLOCK {
            self.requests.fill(&mut self.drawn);
            self.next = 0;
        }
        self.next += 1;
        self.drawn[self.next - 1]
    }

    /// Goes back by so many requests, before the first one is drawn.
    pub(super) fn rewind(&mut self, count: u64) {
        self.requests.rewind(count);
    }

    pub(super) fn size(&mut self, key: u64) -> u32 {
        self.requests.size(key)
    }
}

impl Caching {
    /// The caches of a program; `None` where there are none, and no keys.
    pub(super) fn of(program: &Program, seed: u64, replication: u64) -> Option<Box<Self>> {
        if program.caches.is_empty() && program.sources.is_empty() {
            return None;
        }
        let mut caching = Self::cold(program, seed, replication, None);
        if program.is_steady {
            caching.warm(program, seed, replication);
        }
        Some(Box::new(caching))
    }

    /// The only cache of a program that has nothing else, which will see so many requests.
    pub(super) fn alone(
        program: &Program,
        seed: u64,
        replication: u64,
        requests: impl FnOnce() -> u64,
    ) -> Self {
        let warming = if program.is_steady {
            warming::Past::of(program, seed, replication)
        } else {
            warming::Past::default()
        };
        let future = program.needs_future().then(|| {
            let mut source = Source::new(&program.sources[0], 0, seed, replication);
            let to_come = (0..requests()).map(|_| source.next());
            let keys: Vec<u64> = warming.keys().iter().copied().chain(to_come).collect();
            caching::next_uses(&keys).expect("fewer requests than were validated")
        });
        let mut caching = Self::cold(program, seed, replication, future.as_ref());
        warming.play(caching.shelf(0, 0));
        caching
    }

    /// Empty caches.
    fn cold(program: &Program, seed: u64, replication: u64, future: Option<&Arc<[u32]>>) -> Self {
        let keys = keys_of(program);
        let mut number = 0;
        let mut cache = |spec: &CacheSpec| {
            let shelf = |_| {
                number += 1;
                let chance = Chance {
                    seed,
                    replication,
                    cache: number - 1,
                };
                Shelf::new(spec, chance, keys, future)
            };
            Cache {
                shelves: (0..spec.count).map(shelf).collect(),
                tally: CacheTally::default(),
                noted: seen::Stock::default(),
            }
        };
        let caches = program.caches.iter().map(&mut cache).collect();
        let source = |(number, spec)| Source::new(spec, number, seed, replication);
        Self {
            caches,
            sources: (0..).zip(&program.sources).map(source).collect(),
            versions: Versions::default(),
            buffers: program
                .writes
                .iter()
                .map(|it| Buffer::of(it, program))
                .collect(),
        }
    }

    pub(super) fn shelf(&mut self, cache: u32, shelf: u32) -> &mut Shelf {
        &mut self.caches[cache as usize].shelves[shelf as usize]
    }

    pub(super) fn tally(&mut self, cache: u32) -> &mut CacheTally {
        &mut self.caches[cache as usize].tally
    }

    /// The size of an object, bytes.
    fn size(&mut self, source: u32, key: u64) -> u32 {
        self.sources[source as usize].size(key)
    }
}

/// A flat table of keys where there are few, and few caches.
fn keys_of(program: &Program) -> Keys {
    let shelves: u64 = program.caches.iter().map(|it| u64::from(it.count)).sum();
    // New keys, of which every request may bring one, have no place in a table.
    let end = |spec: &SourceSpec| {
        let [end, next] = [0, 1].map(|requests| spec.workload.dense(requests));
        end.filter(|_| end == next)
    };
    let most = program
        .sources
        .iter()
        .try_fold(1, |most, spec| Some(end(spec)?.max(most)));
    let few = most.filter(|most| most * shelves.max(1) <= DENSE);
    few.and_then(|most| u32::try_from(most).ok())
        .map_or(Keys::Any, Keys::Dense)
}

impl Network {
    pub(super) fn caching(&mut self) -> &mut Caching {
        self.caching
            .as_deref_mut()
            .expect("a program with keys or caches has them")
    }

    /// Deals with keys and caches; false if the token has to wait.
    pub(super) fn deal_with_caches(&mut self, number: u32, op: CachingOp) -> bool {
        let goes_on = self.deal_with(number, op);
        if self.log.is_some() {
            self.note_stocks();
        }
        goes_on
    }

    fn deal_with(&mut self, number: u32, op: CachingOp) -> bool {
        match op {
            CachingOp::LookUp { lookup } => return self.look_up(number, lookup),
            CachingOp::Key { register, source } => self.draw_key(number, register, source),
            CachingOp::Keep { from, to } => self.copy_key(number, from, to),
            CachingOp::Restore { from, to } => {
                self.copy_key(number, from, to);
                self.read_store(number, to);
            }
            CachingOp::NextKey { turn } => self.next_key(number, turn),
            CachingOp::ReadStore { register } => self.read_store(number, register),
            CachingOp::Fill { lookup } => self.fill(number, lookup),
            CachingOp::Commit { write } => self.commit(number, write),
            CachingOp::Hear { write } => self.hear(number, write),
            CachingOp::Flushed { write } => self.flushed(number, write),
        }
        true
    }

    /// Which of a cache's shelves a token is at.
    fn shelf_of(&mut self, number: u32, chosen: u16) -> u32 {
        match chosen {
            NO_REGISTER => 0,
            chosen => Choice::unpacked(*self.tokens.register(number, chosen)).server,
        }
    }

    /// A token asks for another key from now on.
    fn draw_key(&mut self, number: u32, register: u16, source: u32) {
        let key = self.caching().sources[source as usize].next();
        *self.tokens.register(number, register) = key;
        *self.tokens.register(number, register + 2) = u64::from(source);
    }

    /// Where the key of a token comes from, and with it the size of its object.
    fn source_of(&mut self, number: u32, key: u16) -> u32 {
        // A number of a source, so the cast keeps it.
        #[expect(clippy::cast_possible_truncation, reason = "a source's number")]
        let source = *self.tokens.register(number, key + 2) as u32;
        source
    }

    /// Copies a key and what is known of it to other registers.
    fn copy_key(&mut self, number: u32, from: u16, to: u16) {
        for offset in 0..3 {
            *self.tokens.register(number, to + offset) =
                *self.tokens.register(number, from + offset);
        }
    }

    /// What a token carries is what the store holds at this moment.
    fn read_store(&mut self, number: u32, register: u16) {
        let key = *self.tokens.register(number, register);
        let version = self.caching().versions.stored(key);
        *self.tokens.register(number, register + 1) = version;
    }

    /// The key that a look-up is about, and the shelf.
    pub(super) fn asked(&mut self, number: u32, spec: &LookupSpec) -> (u64, u32) {
        let key = *self.tokens.register(number, spec.key);
        (key, self.shelf_of(number, spec.chosen))
    }

    /// The caches inside a server are gone with it.
    pub(super) fn lose_caches_of(&mut self, station: u32) {
        let Some(caching) = self.caching.as_deref_mut() else {
            return;
        };
        let it = &self.program.stations[station as usize];
        let (group, member) = (it.group, it.member);
        for (number, spec) in (0..).zip(&self.program.caches) {
            if spec.group == group && spec.is_per_server() {
                caching.caches[number as usize].shelves[member as usize].clear();
                caching.lose_writes(&self.program, number, Some(member));
            }
        }
        self.note_stocks();
    }
}
