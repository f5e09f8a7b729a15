//! Random numbers of one replication: a stream for every use, drawn some dozens at a time.

use super::program::{DrawSpec, Program};
use crate::distribution::Distribution;
use crate::engine::InstructionSet;
use crate::random::{Purpose, Uniforms};

/// Values drawn at once: the arithmetic on them takes vector instructions.
const CHUNK: usize = 32;

/// Values of one law from one stream, in the order in which single draws would give them.
#[derive(Debug, Clone)]
pub(super) struct Draw {
    law: Distribution,
    stream: Uniforms<1>,
    values: [[f64; 1]; CHUNK],
    next: usize,
    instructions: InstructionSet,
}

impl Draw {
    pub(super) fn new(law: Distribution, seed: u64, replication: u64, purpose: Purpose) -> Self {
        Self {
            law,
            stream: Uniforms::new(seed, replication, purpose),
            values: [[0.0]; CHUNK],
            next: CHUNK,
            instructions: InstructionSet::best(),
        }
    }

    #[inline(always)]
    pub(super) fn next(&mut self) -> f64 {
        if self.next == CHUNK {
            self.refill();
        }
        let [value] = self.values[self.next];
        self.next += 1;
        value
    }

    #[inline(never)]
    fn refill(&mut self) {
        self.instructions
            .fill(&self.law, &mut self.stream, &mut self.values);
        self.next = 0;
    }
}

/// All streams of a replication.
#[derive(Debug, Clone)]
pub(super) struct Draws {
    laws: Vec<Draw>,
    chances: Vec<Uniforms<1>>,
}

impl Draws {
    pub(super) fn new(program: &Program, seed: u64, replication: u64) -> Self {
        let law = |spec: &DrawSpec| Draw::new(spec.law.clone(), seed, replication, spec.purpose);
        let chance = |&purpose: &Purpose| Uniforms::new(seed, replication, purpose);
        Self {
            laws: program.draws.iter().map(law).collect(),
            chances: program.chances.iter().map(chance).collect(),
        }
    }

    /// The next value of a law.
    #[inline(always)]
    pub(super) fn draw(&mut self, draw: u32) -> f64 {
        self.laws[draw as usize].next()
    }

    /// The next number in (0, 1] of a chance.
    #[inline(always)]
    pub(super) fn chance(&mut self, chance: u32) -> f64 {
        let [u] = self.chances[chance as usize].next_uniform();
        u
    }
}
