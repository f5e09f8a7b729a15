//! The requests of a workload, drawn in blocks.

use super::alias::Alias;
use super::cycle::Loop;
use super::drift::{Drift, Position};
use super::hotspot::Split;
use super::mixture::{Layout, Part};
use super::one_hit::OneHit;
use super::ranks::Ranks;
use super::scan::{Progress, Scan};
use super::sizes::{Memory, Sizes};
use super::uniform::Uniform;
use super::{Keys, Workload, zipf};
use crate::random::{Purpose, Uniforms};

/// Keys that a mixture draws at a time.
const BLOCK: usize = 1024;

/// The requests of one replication, in order. Each part of a mixture draws from a stream of its own, and so does the choice among
/// them: changing one part leaves the keys of the others as they were.
#[derive(Debug, Clone)]
pub struct Requests {
    seed: u64,
    sizes: Sizes,
    memory: Option<Memory>,
    source: Source,
}

#[derive(Debug, Clone)]
enum Source {
    Single(Stream),
    Mixture(Mixture),
}

impl Requests {
    /// The requests of a workload that has been checked.
    pub(super) fn new(workload: &Workload, seed: u64, replication: u64, number: u16) -> Self {
        let stream = |part: u8, keys: &Keys| {
            let random = Uniforms::new(seed, replication, Purpose::Keys(number, part));
            Stream {
                random,
                pattern: Running::new(keys),
            }
        };
        let source = match &workload.keys {
            Keys::Mixture(parts) => Source::Mixture(Mixture::new(
                parts,
                Uniforms::new(seed, replication, Purpose::KeyPart(number)),
                stream,
            )),
            keys => Source::Single(stream(0, keys)),
        };
        Self {
            seed,
            sizes: workload.sizes.clone(),
            memory: Memory::of(&workload.sizes, workload.keys.items()),
            source,
        }
    }

    /// The keys of the next requests. However the blocks are cut, the keys are the same.
    pub fn fill(&mut self, keys: &mut [u64]) {
        match &mut self.source {
            Source::Single(stream) => stream.fill(keys),
            Source::Mixture(mixture) => mixture.fill(keys),
        }
    }

    /// Goes back by so many requests, before the first one is drawn: what comes then leads up to what would have come first. Patterns that
    /// move on are where they were; new keys are others than those to come. Of a mixture each part goes back by its share.
    pub(crate) fn rewind(&mut self, count: u64) {
        match &mut self.source {
            Source::Single(stream) => stream.pattern.rewind(count),
            Source::Mixture(mixture) => mixture.rewind(count),
        }
    }

    /// The size of the object `key`, bytes.
    #[inline]
    pub fn size(&mut self, key: u64) -> u32 {
        let draw = || self.sizes.of(key, self.seed);
        match &mut self.memory {
            Some(memory) => memory.recall(key, draw),
            None => draw(),
        }
    }

    /// The one size of all objects, bytes, where there is one.
    pub fn fixed_size(&self) -> Option<u32> {
        match self.sizes {
            Sizes::Fixed(size) => Some(size),
            Sizes::Law(_) => None,
        }
    }
}

/// A pattern with its random numbers.
#[derive(Debug, Clone)]
struct Stream {
    random: Uniforms<1>,
    pattern: Running,
}

impl Stream {
    fn fill(&mut self, keys: &mut [u64]) {
        self.pattern.fill(&mut self.random, keys);
    }
}

/// A pattern and how far it is.
#[derive(Debug, Clone)]
enum Running {
    Zipf(Ranks),
    Uniform(Uniform),
    Hotspot(Split),
    Loop(Loop, u64),
    Scan(Scan, Progress),
    Drift(Drift, Position, Ranks),
    OneHit(u64),
}

impl Running {
    fn new(keys: &Keys) -> Self {
        match keys {
            Keys::Zipf(it) => Self::Zipf(Ranks::new(it.items, it.alpha)),
            Keys::Uniform(it) => Self::Uniform(*it),
            Keys::Hotspot(it) => Self::Hotspot(it.split()),
            Keys::Loop(it) => Self::Loop(*it, 0),
            Keys::Scan(it) => Self::Scan(*it, Progress::default()),
            Keys::Drift(it) => Self::Drift(*it, it.start(), Ranks::new(it.items, it.alpha)),
            // A mixture within a mixture has been refused.
            Keys::OneHit(_) | Keys::Mixture(_) => Self::OneHit(0),
        }
    }

    fn rewind(&mut self, count: u64) {
        if count == 0 {
            return;
        }
        match self {
            Self::Zipf(_) | Self::Uniform(_) | Self::Hotspot(_) | Self::Scan(..) => {}
            Self::Loop(it, next) => *next = (it.items - count % it.items) % it.items,
            Self::Drift(it, position, _) => *position = it.before(count),
            Self::OneHit(next) => *next = BEFORE_ALL,
        }
    }

    #[inline]
    fn fill(&mut self, random: &mut Uniforms<1>, keys: &mut [u64]) {
        match self {
            Self::Zipf(ranks) => zipf::fill(ranks, random, keys),
            Self::Uniform(it) => it.fill(random, keys),
            Self::Hotspot(split) => split.fill(random, keys),
            Self::Loop(it, next) => it.fill(next, keys),
            Self::Scan(it, progress) => it.fill(progress, random, keys),
            Self::Drift(it, position, ranks) => it.fill(position, ranks, random, keys),
            Self::OneHit(next) => OneHit::fill(next, keys),
        }
    }
}

/// From here on new keys are numbered that came before all others.
const BEFORE_ALL: u64 = 1 << 40;

/// Parts that take turns by chance.
#[derive(Debug, Clone)]
struct Mixture {
    random: Uniforms<1>,
    choice: Alias,
    /// The share of each part.
    shares: Vec<f64>,
    parts: Vec<Laid>,
}

/// A part's pattern, where its keys lie, and a block of them.
#[derive(Debug, Clone)]
struct Laid {
    stream: Stream,
    start: u64,
    /// From one key to the next: 1, but for parts that take turns with new keys.
    stride: u64,
    drawn: Vec<u64>,
    used: usize,
}

impl Mixture {
    fn new(parts: &[Part], random: Uniforms<1>, stream: impl Fn(u8, &Keys) -> Stream) -> Self {
        let weights: Vec<f64> = parts.iter().map(|part| part.weight).collect();
        let layout = Layout::of(parts);
        let laid = (0..).zip(parts.iter().zip(&layout.starts));
        let laid = laid.map(|(number, (part, &start))| {
            let endless = part.keys.items().is_none();
            Laid {
                stream: stream(number, &part.keys),
                start: if endless { layout.end + start } else { start },
                stride: if endless { layout.endless } else { 1 },
                drawn: Vec::new(),
                used: 0,
            }
        });
        let all: f64 = weights.iter().sum();
        Self {
            random,
            choice: Alias::new(&weights),
            shares: weights.iter().map(|weight| weight / all).collect(),
            parts: laid.collect(),
        }
    }

    fn rewind(&mut self, count: u64) {
        for (part, share) in self.parts.iter_mut().zip(&self.shares) {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "casts saturate"
            )]
            let own = (share * count as f64) as u64;
            part.stream.pattern.rewind(own);
        }
    }

    fn fill(&mut self, keys: &mut [u64]) {
        for key in keys {
            let [bits] = self.random.next_bits();
            *key = self.parts[self.choice.choose(bits)].next();
        }
    }
}

impl Laid {
    #[inline]
    fn next(&mut self) -> u64 {
        if self.used == self.drawn.len() {
            self.draw();
        }
        let key = self.drawn[self.used];
        self.used += 1;
        key
    }

    #[cold]
    fn draw(&mut self) {
        self.drawn.resize(BLOCK, 0);
        self.stream.fill(&mut self.drawn);
        for key in &mut self.drawn {
            *key = self.start.wrapping_add(key.wrapping_mul(self.stride));
        }
        self.used = 0;
    }
}
