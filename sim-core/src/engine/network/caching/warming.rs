//! Caches that are as full as in the steady state, before the first request: an empty cache takes long to fill, and a run would
//! see little else.
//!
//! Keys of every class are played through the caches in the order of its look-ups, an inner cache seeing what the outer one misses,
//! at the pace at which requests come, up to time zero. They come from streams of their own.

use super::lookup::remembered_until;
use super::{Caching, Label, Shelf, Source};
use crate::engine::network::program::{LookupSpec, NO_REGISTER, NONE, Program};

/// Keys played for each object that a cache holds.
const PER_OBJECT: u64 = 20;
/// At least so many keys are played, and at most.
const KEYS: (u64, u64) = (1_000, 400_000);

impl Caching {
    pub(super) fn warm(&mut self, program: &Program, seed: u64, replication: u64) {
        let largest = program
            .caches
            .iter()
            .map(|it| it.objects * u64::from(it.count));
        let keys = (largest.max().unwrap_or(0).saturating_mul(PER_OBJECT)).clamp(KEYS.0, KEYS.1);
        for (number, spec) in (0_u16..).zip(&program.sources) {
            let mut source = Source::new(spec, number | WARMING, seed, replication);
            let lookups: Vec<_> = (0..)
                .zip(&program.lookups)
                .filter(|(_, it)| u32::from(number) == it.source)
                .collect();
            for left in (0..keys).rev() {
                let now = -(left as f64 + 1.0) / spec.rate;
                self.play(&lookups, source.next(), left, now);
            }
        }
    }

    /// One key, looked up wherever it would be.
    fn play(&mut self, lookups: &[(u32, &LookupSpec)], key: u64, turn: u64, now: f64) {
        let mut missed = vec![false; lookups.len()];
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
