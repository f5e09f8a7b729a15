//! Requests that wait for each other for ever.
//!
//! A request that waits for a place of a pool goes on once somebody gives a place back. If all who hold one wait themselves, for
//! places held by others of whom the same is true, nobody ever will (Coffman, Elphick and Shoshani, "System deadlocks", 1971). Whoever may
//! still go on is found step by step from those whom the calendar will wake; who is left over is in a deadlock, or
//! waits for one.

use std::collections::BTreeMap;

use super::Network;
use super::program::{Held, NONE, Op};
use super::tally::Ended;
use super::token::State;
use crate::engine::calendar::Ticket;
use crate::scenario::activity::Abandoned;

/// Kinds of requests that a description names.
const MOST: usize = 8;

/// What a token that waits needs to go on.
enum Needs {
    /// Nothing that others have: its turn comes by itself.
    Nothing,
    /// A place of this pool.
    Place(u32),
    /// What the holder of this fetch brings: number of the cache, shelf, key.
    Fetch(u32, u32, u64),
    /// One of its children.
    Children,
}

impl Network {
    /// Ends the replication if some requests wait for each other for ever.
    pub(super) fn look_for_deadlock(&mut self) {
        let is_short = self
            .pools
            .iter()
            .any(|it| it.waiting > 0 && it.held >= it.size);
        if !is_short {
            return;
        }
        let stuck = self.stuck();
        if !stuck.is_empty() {
            let description = self.describe(&stuck);
            self.stop_early(Ended::Deadlock(description));
        }
    }

    /// Tokens that wait for places, and none of them will ever get one.
    fn stuck(&mut self) -> Vec<u32> {
        let all: Vec<u32> = (0..self.tokens.count())
            .filter(|&it| !matches!(self.tokens[it].state, State::Free | State::Acting))
            .collect();
        let needs: Vec<Needs> = all.iter().map(|&it| self.needs(it)).collect();
        let held: Vec<Vec<Held>> = all.iter().map(|&it| self.held_by(it)).collect();
        let mut goes_on = vec![false; self.tokens.count() as usize];
        let mut pools = vec![false; self.pools.len()];
        let mut fetches = std::collections::BTreeSet::new();
        loop {
            let mut changed = false;
            for (at, &number) in all.iter().enumerate() {
                if goes_on[number as usize]
                    || !self.may_go_on(number, &needs[at], &goes_on, &pools, &fetches)
                {
                    continue;
                }
                goes_on[number as usize] = true;
                changed = true;
                for held in &held[at] {
                    match *held {
                        Held::Pool(pool) => pools[pool as usize] = true,
                        Held::Fetch { lookup } => {
                            fetches.insert(self.fetch_of(number, lookup));
                        }
                        Held::Connection { .. } | Held::Batch { .. } => {}
                    }
                }
            }
            if !changed {
                break;
            }
        }
        let is_stuck = |it: &u32| self.tokens[*it].state == State::Pooled && !goes_on[*it as usize];
        all.into_iter().filter(is_stuck).collect()
    }

    fn may_go_on(
        &self,
        number: u32,
        needs: &Needs,
        goes_on: &[bool],
        pools: &[bool],
        fetches: &std::collections::BTreeSet<(u32, u32, u64)>,
    ) -> bool {
        let by_itself = match *needs {
            Needs::Nothing => true,
            // A place that is free, or that somebody gives back.
            Needs::Place(pool) => {
                let it = &self.pools[pool as usize];
                it.held < it.size || pools[pool as usize]
            }
            Needs::Fetch(cache, shelf, key) => fetches.contains(&(cache, shelf, key)),
            Needs::Children => self.has_child(number, |child| goes_on[child as usize]),
        };
        by_itself || self.is_freed_from_above(number, goes_on)
    }

    /// Whether a token will be stopped, and give back what it holds, because nobody waits for it any more.
    fn is_freed_from_above(&self, number: u32, goes_on: &[bool]) -> bool {
        let parent = self.tokens[number].parent;
        if parent == NONE {
            return false;
        }
        let fate = match self.program.ops[self.tokens[parent].pc as usize - 1] {
            Op::Attempt { attempt, .. } if self.tokens[parent].timer != Ticket::NONE => {
                self.program.attempts[attempt as usize].abandoned
            }
            Op::Parallel { parallel, .. } => {
                let needed = self.tokens[parent].needed as usize;
                let spec = &self.program.parallels[parallel as usize];
                let by_others = needed < spec.entries.len()
                    && self.has_child(parent, |child| child != number && goes_on[child as usize]);
                if by_others {
                    spec.rest
                } else {
                    Abandoned::RunsOn
                }
            }
            _ => Abandoned::RunsOn,
        };
        fate == Abandoned::Stops || self.is_freed_from_above(parent, goes_on)
    }

    fn has_child(&self, number: u32, is_one: impl Fn(u32) -> bool) -> bool {
        let mut child = self.tokens[number].first_child;
        while child != NONE {
            if is_one(child) {
                return true;
            }
            child = self.tokens[child].next_sibling;
        }
        false
    }

    fn needs(&mut self, number: u32) -> Needs {
        let token = &self.tokens[number];
        if token.timer != Ticket::NONE {
            return Needs::Nothing;
        }
        match token.state {
            State::Pooled => Needs::Place(token.place),
            State::Joined => Needs::Children,
            State::Sharing => match self.ops[token.pc as usize - 1] {
                Op::Caching(super::program::CachingOp::LookUp { lookup }) => {
                    let (cache, shelf, key) = self.fetch_of(number, lookup);
                    Needs::Fetch(cache, shelf, key)
                }
                _ => Needs::Nothing,
            },
            _ => Needs::Nothing,
        }
    }

    fn fetch_of(&mut self, number: u32, lookup: u32) -> (u32, u32, u64) {
        let spec = self.program.lookups[lookup as usize];
        let (key, shelf) = self.asked(number, &spec);
        (spec.cache, shelf, key)
    }

    /// What a token holds, the innermost first.
    fn held_by(&self, number: u32) -> Vec<Held> {
        let token = &self.tokens[number];
        if token.state == State::Thinking {
            return Vec::new();
        }
        // All but those who are about to run have passed the operation they stand at.
        let pc = match token.state {
            State::Ready => token.pc,
            _ => token.pc.saturating_sub(1),
        };
        let mut scope = self.program.scopes_of[pc as usize];
        let mut held = Vec::new();
        while scope != NONE {
            let it = self.program.scopes[scope as usize];
            held.push(it.held);
            scope = it.outer;
        }
        held
    }

    /// Pools that a request holds places of: itself, or those that wait for it.
    fn pools_above(&self, number: u32) -> Vec<u32> {
        let mut pools = Vec::new();
        let mut at = number;
        while at != NONE {
            for held in self.held_by(at) {
                if let Held::Pool(pool) = held {
                    pools.push(pool);
                }
            }
            at = self.tokens[at].parent;
        }
        pools
    }

    /// Who holds what and waits for what, in words, one line for each kind of request.
    fn describe(&self, stuck: &[u32]) -> Vec<String> {
        let name = |pool: u32| {
            let place = self.stations.len() + pool as usize;
            format!("`{}`", self.program.layout.places[place].name)
        };
        let mut kinds: BTreeMap<(u16, Vec<u32>, u32, u32), u64> = BTreeMap::new();
        for &number in stuck {
            let token = &self.tokens[number];
            let kind = (
                token.class,
                self.pools_above(number),
                token.place,
                token.pc - 1,
            );
            *kinds.entry(kind).or_default() += 1;
        }
        let describe = |((class, held, wanted, pc), count): (&(u16, Vec<u32>, u32, u32), &u64)| {
            let class = &self.program.layout.classes[usize::from(*class)];
            let holds = if held.is_empty() {
                "no place".to_owned()
            } else {
                let names: Vec<String> = held.iter().map(|&it| name(it)).collect();
                format!("a place of {}", names.join(" and of "))
            };
            let (hold, wait) = if *count == 1 {
                ("holds", "waits")
            } else {
                ("hold", "wait")
            };
            let plural = if *count == 1 { "request" } else { "requests" };
            let place = &self.program.places[*pc as usize];
            format!(
                "{count} {plural} of class `{class}` {hold} {holds} and {wait} for one of {} (at {place})",
                name(*wanted)
            )
        };
        // Those who hold something first: they are the reason.
        let (holders, others): (Vec<_>, Vec<_>) =
            kinds.iter().partition(|(kind, _)| !kind.1.is_empty());
        holders
            .into_iter()
            .chain(others)
            .take(MOST)
            .map(describe)
            .collect()
    }
}
