//! Chance for the generator: the same throws for the same seed, everywhere.

/// `SplitMix64` (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A whole number below `n`.
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.next() % n.max(1)
    }

    /// A whole number of a range.
    pub(crate) fn whole(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high - low + 1)
    }

    /// A number of a range.
    pub(crate) fn number(&mut self, low: f64, high: f64) -> f64 {
        let u = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        low + (high - low) * u
    }

    /// A number of a range, each of its orders of magnitude alike.
    pub(crate) fn magnitude(&mut self, low: f64, high: f64) -> f64 {
        self.number(low.ln(), high.ln()).exp().clamp(low, high)
    }

    /// A whole number of a range, each of its orders of magnitude alike.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "within the range"
    )]
    pub(crate) fn count(&mut self, low: f64, high: f64) -> u64 {
        self.magnitude(low, high).round() as u64
    }

    /// Whether something happens that does so with this probability.
    pub(crate) fn happens(&mut self, probability: f64) -> bool {
        self.number(0.0, 1.0) < probability
    }

    /// One of several things.
    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        let at = self.below(from.len() as u64);
        &from[usize::try_from(at).expect("an index")]
    }
}
