//! Exponential durations and uniform choices, as fast as the usual crates give them.

use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, Exp1};
use rand_xoshiro::Xoshiro256Plus;

/// A generator and what is drawn from it.
#[derive(Debug)]
pub struct Draws(Xoshiro256Plus);

impl Draws {
    /// Draws that depend on `seed` alone.
    pub fn new(seed: u64) -> Self {
        Self(Xoshiro256Plus::seed_from_u64(seed))
    }

    /// An exponential duration in seconds.
    #[inline]
    pub fn exponential(&mut self, mean: f64) -> f64 {
        let standard: f64 = Exp1.sample(&mut self.0);
        mean * standard
    }

    /// A whole number below `bound`, each as likely.
    #[inline]
    pub fn below(&mut self, bound: usize) -> usize {
        self.0.random_range(0..bound)
    }
}
