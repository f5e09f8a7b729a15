//! A cache alone: keys looked up in it, without the calendar of events.
//!
//! Where a look-up takes no time and a miss neither, nothing but arrivals happens, and blocks of keys go through the cache in one
//! loop. The sample path is that of the calendar, key by key; a test holds both to it.

use std::sync::Arc;

use super::caching::Caching;
use super::parts::{PARTS, Parts};
use super::program::LookupSpec;
use super::source::Source;
use super::tally::{CacheTally, ClassTally, Outcome, Responses, Tally};
use super::{Program, Window};

/// Requests after the window that a cache with foresight knows of, for each object that it holds.
const BEYOND: u64 = 4;
/// And at most so many.
const MOST_BEYOND: u64 = 1_000_000;
/// Requests in a block.
const BLOCK: usize = 256;

/// A program of this kind, ready to run.
#[derive(Debug)]
pub struct Replay {
    program: Arc<Program>,
    window: Window,
    arrivals: Source,
    caching: Caching,
    lookup: LookupSpec,
    /// The next arrival, seconds.
    arrival: f64,
    block: Block,
    /// Parts of the window that have begun; none while warming up.
    begun: u8,
    parts: Parts,
    tally: Tally,
    class: ClassTally,
    responses: Responses,
    done: bool,
}

/// Requests that follow each other.
#[derive(Debug, Default)]
struct Block {
    keys: Vec<u64>,
    sizes: Vec<u32>,
    times: Vec<f64>,
}

impl Program {
    /// Whether this is a cache that is looked up, and nothing else.
    pub fn is_replay(&self) -> bool {
        self.is_cache_alone
    }

    /// Whether it takes a cache that knows the requests to come: the calendar does not.
    pub fn needs_future(&self) -> bool {
        self.caches.iter().any(|it| it.policy.needs_future())
    }
}

impl Replay {
    /// Replication `replication` of a program on `seed`.
    ///
    /// # Panics
    /// If the program is not [`Program::is_replay`].
    pub fn new(program: &Arc<Program>, window: Window, seed: u64, replication: u64) -> Self {
        assert!(program.is_replay(), "not a cache alone");
        let mut arrivals =
            Source::new(&program.classes[0], 0, seed, replication).expect("its class is open");
        Self {
            window,
            caching: Caching::alone(program, seed, replication, || {
                let watched = requests_until(window.stop, arrivals.clone());
                let room = program.caches.iter().map(|it| it.objects).max();
                // Whoever knows the future must not see its end coming: what is asked for after the window counts too.
                watched + BEYOND.saturating_mul(room.unwrap_or(0)).min(MOST_BEYOND)
            }),
            lookup: program.lookups[0],
            arrival: arrivals.next(0.0),
            arrivals,
            block: Block::default(),
            begun: 0,
            parts: Parts::new((window.stop - window.start) / PARTS as f64, 0.0),
            tally: Tally::default(),
            class: ClassTally {
                extremes: (f64::MAX, 0.0),
                ..ClassTally::default()
            },
            responses: Responses::new(program.layout.scale),
            done: false,
            program: Arc::clone(program),
        }
    }

    /// Handles about `requests` requests; true when the replication is over.
    pub fn advance(&mut self, requests: u64) -> bool {
        let mut left = requests;
        while left > 0 && !self.done {
            self.draw();
            self.look_up();
            left = left.saturating_sub(BLOCK as u64);
        }
        self.done
    }

    /// Draws the next block, up to where the window opens or closes.
    fn draw(&mut self) {
        let edge = self.edge();
        let block = &mut self.block;
        block.times.clear();
        while block.times.len() < BLOCK && self.arrival < edge {
            let now = self.arrival;
            let count = self.arrivals.size();
            self.arrival = self.arrivals.next(now);
            block.times.extend((0..count).map(|_| now));
        }
        let source = &mut self.caching.sources[0];
        block.keys.clear();
        block
            .keys
            .extend((0..block.times.len()).map(|_| source.next()));
        block.sizes.clear();
        block
            .sizes
            .extend(block.keys.iter().map(|&key| source.size(key)));
    }

    /// When the next part of the window begins, or the last one ends.
    fn edge(&self) -> f64 {
        self.window.part(self.begun)
    }

    fn look_up(&mut self) {
        let block = &self.block;
        let shelf = self.caching.shelf(self.lookup.cache, 0);
        let (hits, evicted) = shelf.play(&block.keys, &block.sizes, &block.times);
        let came = block.keys.len() as u64;
        let tally = self.caching.tally(self.lookup.cache);
        tally.hits += hits;
        tally.misses += came - hits;
        tally.evicted += evicted;
        if self.begun > 0 {
            self.parts.pass_through(came);
            self.class.arrived += came;
            for _ in 0..came {
                self.class.leave(Outcome::Served, 0.0, 0.0);
                self.responses.add(0.0);
            }
        }
        if self.arrival >= self.edge() {
            self.turn_page();
        }
    }

    /// The window opens, one of its parts ends, or the last one does.
    fn turn_page(&mut self) {
        self.begun += 1;
        if self.begun == 1 {
            *self.caching.tally(self.lookup.cache) = CacheTally::default();
            return;
        }
        let tally = *self.caching.tally(self.lookup.cache);
        self.parts.close(0.0, Vec::new(), std::iter::once(tally));
        if usize::from(self.begun) <= PARTS {
            return;
        }
        self.done = true;
        self.tally.drifts = self.parts.finish();
        self.tally.window = self.window.stop - self.window.start;
        self.tally.classes = vec![self.class.clone()];
        self.tally.caches = vec![*self.caching.tally(self.lookup.cache)];
    }

    /// The result, once [`Replay::advance`] has returned true.
    pub fn results(&self) -> super::Results<'_> {
        super::Results {
            tally: &self.tally,
            histograms: vec![&self.responses.counts],
            waits: vec![&self.responses.counts],
            place_waits: Vec::new(),
            tails: Vec::new(),
            buckets: self.program.buckets(),
        }
    }
}

/// How many requests come before `stop`.
fn requests_until(stop: f64, mut arrivals: Source) -> u64 {
    let (mut count, mut now) = (0, arrivals.next(0.0));
    while now < stop {
        count += u64::from(arrivals.size());
        now = arrivals.next(now);
    }
    count
}
