//! Caches that are as full as in the steady state, before the first request: an empty cache takes long to fill, and a run would
//! see little else.
//!
//! First every key comes once, as far as there is room for it and some more, the most popular ones (those of low numbers) last: in
//! the steady state every object has been there before. Then keys of every class are played through the caches in the order of its
//! look-ups, an inner cache seeing what the outer one misses, at the pace at which requests come, up to time zero. These come from
//! streams of their own.
//!
//! Where objects expire, under LRU and FIFO, what was not asked for during a whole life matters no longer: it is out of date, and
//! leaves before all that is not. Such caches see the last two lives, the second for what an outer cache lets through.

use super::lookup::remembered_until;
use super::{Caching, Label, Shelf, Source};
use crate::caching::{Policy, Settling};
use crate::engine::network::program::{
    CacheSpec, LookupSpec, NO_REGISTER, NONE, Program, SourceSpec,
};
use crate::random::{Purpose, Uniforms};

/// Keys that come once, for each object that a cache holds.
const ONCE: u64 = 2;
/// Keys drawn for each object that a cache holds: where what it holds depends on the latest requests alone, and where it goes round in
/// circles or learns slowly which objects are worth keeping. Found by trying how long hit ratios go on drifting.
const PER_OBJECT: (u64, u64) = (15, 40);
/// In the second case so many more at most, at random: what was fetched together leaves together, and comes back together, for dozens of
/// rounds. Replications then stand at different points of the round, and their mean where it is in the long run. Under Belady's optimum a
/// round takes some ten keys an object.
const ROUNDS: f64 = 20.0;
/// Keys are drawn as for so many objects at least.
const LEAST: u64 = 500;
/// At most so many keys are drawn, and at most so many come once.
const MOST: u64 = 400_000;

/// Lives of objects before time zero in which requests still matter.
const LIVES: f64 = 2.0;

/// How many requests of a source before time zero still matter; no bound where objects do not expire, or are remembered otherwise.
fn matter(program: &Program, spec: &SourceSpec) -> u64 {
    let life = |cache: &CacheSpec| {
        let expiry = cache.expiry.filter(|_| cache.policy.forgets_expired())?;
        Some(expiry.seconds * (1.0 + expiry.jitter))
    };
    let longest = program
        .caches
        .iter()
        .try_fold(0.0, |longest, cache| Some(f64::max(longest, life(cache)?)));
    // A number too large becomes the largest there is.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let requests = |life: f64| (LIVES * life * spec.rate) as u64;
    longest.map_or(u64::MAX, requests)
}

/// How many keys it takes for each object until a policy holds what it holds in the long run.
fn draws_per_object(policy: Policy) -> u64 {
    match policy.settling() {
        Settling::Soon => PER_OBJECT.0,
        Settling::Late => PER_OBJECT.1,
    }
}

/// How many objects the largest cache holds; those in the servers of a group together.
fn room(program: &Program) -> u64 {
    let largest = program
        .caches
        .iter()
        .map(|it| it.objects.saturating_mul(u64::from(it.count)));
    largest.max().unwrap_or(0)
}

/// The keys of a source that warm caches: how many follow each, and it.
fn keys<'a>(
    program: &Program,
    spec: &SourceSpec,
    (source, chance): (&'a mut Source, f64),
) -> impl Iterator<Item = (u64, u64)> + use<'a> {
    let room = room(program);
    let items = spec.workload.keys.items().unwrap_or(0);
    let matter = matter(program, spec);
    let caches = program.caches.iter();
    let per_object = caches.map(|it| draws_per_object(it.policy)).max();
    let per_object = per_object.unwrap_or(PER_OBJECT.0);
    let objects = room.max(LEAST);
    let drawn = objects
        .saturating_mul(per_object)
        .min(MOST)
        .min(matter.max(LEAST * per_object));
    let drawn = drawn
        + if per_object > PER_OBJECT.0 {
            further(objects, chance)
        } else {
            0
        };
    source.rewind(drawn);
    let once = items.min(room.saturating_mul(ONCE)).min(MOST);
    let once = once.min(matter.saturating_sub(drawn));
    // Those for which there is room come again: policies tell keys apart that come a second time.
    let again = once.min(room);
    let known = (0..once).rev().chain((0..again).rev());
    let all = known.chain((0..drawn).map(|_| source.next()));
    (0..once + again + drawn).rev().zip(all)
}

/// Some part of the last rounds; no more than half of what may be drawn anyway.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "casts saturate"
)]
fn further(objects: u64, chance: f64) -> u64 {
    let most = (objects as f64 * ROUNDS).min(MOST as f64 / 2.0);
    (chance * most) as u64
}

/// How far a replication is into the last rounds.
fn chance(seed: u64, replication: u64, source: u16) -> f64 {
    let mut stream = Uniforms::<1>::new(seed, replication, Purpose::Warming(source));
    stream.next_uniform()[0]
}

/// When a key comes that so many others follow before time zero.
fn moment(spec: &SourceSpec, followed_by: u64) -> f64 {
    -(followed_by as f64 + 1.0) / spec.rate
}

/// The keys that warm the only cache of a program, in order.
#[derive(Debug, Default)]
pub(super) struct Past {
    keys: Vec<u64>,
    sizes: Vec<u32>,
    times: Vec<f64>,
}

impl Past {
    pub(super) fn of(program: &Program, seed: u64, replication: u64) -> Self {
        let spec = &program.sources[0];
        let mut source = Source::new(spec, WARMING, seed, replication);
        let chance = chance(seed, replication, 0);
        let (times, keys): (Vec<f64>, Vec<u64>) = keys(program, spec, (&mut source, chance))
            .map(|(left, key)| (moment(spec, left), key))
            .unzip();
        Self {
            sizes: keys.iter().map(|&key| source.size(key)).collect(),
            times,
            keys,
        }
    }

    pub(super) fn keys(&self) -> &[u64] {
        &self.keys
    }

    pub(super) fn play(&self, shelf: &mut Shelf) {
        shelf.play(&self.keys, &self.sizes, &self.times);
    }
}

impl Caching {
    pub(super) fn warm(&mut self, program: &Program, seed: u64, replication: u64) {
        for (number, spec) in (0_u16..).zip(&program.sources) {
            let lookups: Vec<_> = (0..)
                .zip(&program.lookups)
                .filter(|(_, it)| u32::from(number) == it.source)
                .collect();
            if lookups.is_empty() {
                continue;
            }
            let mut source = Source::new(spec, number | WARMING, seed, replication);
            let mut missed = vec![false; lookups.len()];
            let chance = chance(seed, replication, number);
            for (left, key) in keys(program, spec, (&mut source, chance)) {
                self.play(&lookups, &mut missed, (key, left), moment(spec, left));
            }
        }
    }

    /// One key, looked up wherever it would be; which of the look-ups missed.
    fn play(
        &mut self,
        lookups: &[(u32, &LookupSpec)],
        missed: &mut [bool],
        (key, turn): (u64, u64),
        now: f64,
    ) {
        missed.fill(false);
        for (i, (_, spec)) in lookups.iter().enumerate() {
            let outer = lookups.iter().position(|it| it.0 == spec.outer);
            if spec.outer != NONE && !outer.is_some_and(|outer| missed[outer]) {
                continue;
            }
            let size = self.size(spec.source, key);
            let shelves = &mut self.caches[spec.cache as usize].shelves;
            let at = match spec.chosen {
                NO_REGISTER => 0,
                // Servers take turns.
                _ => usize::try_from(turn % shelves.len() as u64).unwrap_or(0),
            };
            missed[i] = !play_at(&mut shelves[at], spec, (key, size), now);
        }
    }
}

/// Whether the key was there; it is now.
fn play_at(shelf: &mut Shelf, spec: &LookupSpec, (key, size): (u64, u32), now: f64) -> bool {
    if shelf.find(key, now).is_some() {
        return true;
    }
    if let Some(until) = remembered_until(spec, key, now) {
        let label = Label {
            loaded: now,
            until,
            ..Label::NONE
        };
        shelf.put(key, size, label, now);
    }
    false
}

/// Marks the streams of keys that warm caches.
const WARMING: u16 = 1 << 15;
