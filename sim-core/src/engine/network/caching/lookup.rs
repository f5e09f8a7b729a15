//! Look-ups: a hit, a miss, or a wait for somebody else's fetch.
//!
//! An early refresh follows Vattani, Chierichetti and Lowenstein, "Optimal probabilistic cache stampede prevention" (VLDB 2015): a
//! hit at `now` on an object that took d seconds to fetch fetches it anew if now − d·β·ln u ≥ its expiry, for a uniform u.

use std::collections::VecDeque;

use super::super::Network;
use super::super::log::Found;
use super::super::program::LookupSpec;
use super::super::token::State;
use super::super::window::Phase;
use super::Label;
use crate::engine::calendar::Ticket;
use crate::math;
use crate::random::hash;

impl Network {
    /// Looks up the key of a token; false if it has to wait for another's fetch.
    pub(super) fn look_up(&mut self, number: u32, lookup: u32) -> bool {
        let spec = self.program.lookups[lookup as usize];
        let (key, shelf) = self.asked(number, &spec);
        let now = self.now;
        let found = self.caching().shelf(spec.cache, shelf).find(key, now);
        if let Some(series) = &mut self.series
            && self.phase != Phase::Closing
        {
            series.look_up(spec.cache as usize, now, found.is_some());
        }
        if let Some((slot, label)) = found {
            self.note_look(number, spec.cache, Found::Hit);
            self.hit(number, &spec, key, label);
            let expires = self.caching().shelf(spec.cache, shelf).cache.expires(slot);
            if spec.early > 0.0 && expires.is_finite() {
                self.perhaps_refresh(number, &spec, (key, shelf), label, expires);
            }
            return true;
        }
        if spec.coalesce && self.wait_for_fetch(number, &spec, (key, shelf)) {
            self.note_look(number, spec.cache, Found::OnItsWay);
            return false;
        }
        self.note_look(number, spec.cache, Found::Miss);
        self.caching().tally(spec.cache).misses += 1;
        *self.tokens.register(number, spec.since) = now.to_bits();
        self.tokens[number].pc = spec.miss;
        true
    }

    /// Counts a hit, and whether what was read is up to date.
    fn hit(&mut self, number: u32, spec: &LookupSpec, key: u64, label: Label) {
        let now = self.now;
        let caching = self.caching();
        let is_stale = label.version < caching.versions.latest(key);
        let tally = caching.tally(spec.cache);
        tally.hits += 1;
        *tally.age.get_or_insert(0.0) += now - label.loaded;
        if is_stale {
            tally.stale += 1;
            tally.stale_age += now - label.loaded;
        }
        *self.tokens.register(number, spec.key + 1) = label.version;
    }

    /// Has a token wait where its object is on its way; false where it has to go itself.
    fn wait_for_fetch(&mut self, number: u32, spec: &LookupSpec, (key, shelf): (u64, u32)) -> bool {
        let ticket = self.calendar.next_ticket(number);
        let fetches = &mut self.caching().shelf(spec.cache, shelf).fetches;
        let Some(waiting) = fetches.get_mut(&key) else {
            fetches.insert(key, VecDeque::new());
            return false;
        };
        waiting.push_back(ticket);
        let now = self.now;
        let token = &mut self.tokens[number];
        token.state = State::Sharing;
        token.turn = ticket;
        token.joined = now;
        true
    }

    /// Fetches an object anew, in the background, if chance says that it is time.
    fn perhaps_refresh(
        &mut self,
        number: u32,
        spec: &LookupSpec,
        (key, shelf): (u64, u32),
        label: Label,
        expires: f64,
    ) {
        let u = self.draws.chance(spec.chance);
        let is_time = self.now - label.took * spec.early * math::ln(u) >= expires;
        let fetches = &mut self.caching().shelf(spec.cache, shelf).fetches;
        if !is_time || fetches.contains_key(&key) {
            return;
        }
        fetches.insert(key, VecDeque::new());
        self.caching().tally(spec.cache).refreshes += 1;
        let Some(child) = self.spawn_background(number, spec.refresh) else {
            return;
        };
        *self.tokens.register(child, spec.since) = self.now.to_bits();
        self.make_ready(child);
    }

    /// A fetch is over: the object goes into the cache, and those who waited for it go on.
    pub(super) fn fill(&mut self, number: u32, lookup: u32) {
        let spec = self.program.lookups[lookup as usize];
        let (key, shelf) = self.asked(number, &spec);
        let version = *self.tokens.register(number, spec.key + 1);
        let took = self.now - self.tokens.number(number, spec.since);
        let now = self.now;
        if let Some(until) = remembered_until(&spec, key, now) {
            let label = Label {
                version,
                loaded: now,
                took,
                until,
            };
            let source = self.source_of(number, spec.key);
            let caching = self.caching();
            let size = caching.size(source, key);
            let evicted = caching.shelf(spec.cache, shelf).put(key, size, label, now);
            caching.tally(spec.cache).evicted += u64::from(evicted);
        }
        self.end_fetch(&spec, (key, shelf), Some(version));
    }

    /// A fetch failed: those who waited for it look again, and one of them goes itself.
    pub(in crate::engine::network) fn fetch_failed(&mut self, number: u32, lookup: u32) {
        let spec = self.program.lookups[lookup as usize];
        // The path of the miss may have set another key.
        let key = *self.tokens.register(number, spec.fetched);
        let shelf = self.shelf_of(number, spec.chosen);
        self.end_fetch(&spec, (key, shelf), None);
    }

    fn end_fetch(&mut self, spec: &LookupSpec, (key, shelf): (u64, u32), version: Option<u64>) {
        let fetches = &mut self.caching().shelf(spec.cache, shelf).fetches;
        let Some(waiting) = fetches.remove(&key) else {
            return;
        };
        for ticket in waiting {
            let number = ticket.number();
            // One that no longer waits has another turn, or none.
            if self.tokens[number].turn != ticket || self.tokens[number].state != State::Sharing {
                continue;
            }
            self.go_on_after_fetch(number, spec, version);
        }
    }

    fn go_on_after_fetch(&mut self, number: u32, spec: &LookupSpec, version: Option<u64>) {
        let now = self.now;
        let token = &mut self.tokens[number];
        token.waited += now - token.joined;
        // It stands after its look-up, where the path of a hit begins; after a failure it looks again.
        match version {
            Some(version) => {
                *self.tokens.register(number, spec.key + 1) = version;
                self.caching().tally(spec.cache).shared += 1;
            }
            None => token.pc -= 1,
        }
        self.make_ready(number);
    }

    /// Takes a token away that waits for another's fetch.
    pub(in crate::engine::network) fn stop_sharing(&mut self, number: u32) {
        self.tokens[number].waited += self.waiting_so_far(number);
        self.tokens[number].turn = Ticket::NONE;
    }
}

/// Until when a cache keeps what a look-up at `now` brought back: for ever, unless that is nothing, or not at all.
pub(super) fn remembered_until(spec: &LookupSpec, key: u64, now: f64) -> Option<f64> {
    if is_absent(key, spec.absent) {
        spec.negative.map(|seconds| now + seconds)
    } else {
        Some(f64::INFINITY)
    }
}

/// Whether the store has nothing for a key: a share of all keys, always the same ones.
fn is_absent(key: u64, share: f64) -> bool {
    // The upper 53 bits as a number below one.
    let u = (hash(key ^ ABSENT) >> 11) as f64 / (1_u64 << 53) as f64;
    u < share
}

/// Told apart from other uses of a key's hash.
const ABSENT: u64 = 0x6162_7365_6e74;
