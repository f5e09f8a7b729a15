//! xoshiro256+ for several streams in lockstep, one per lane; a single stream is the case of one lane.

use super::{Purpose, StreamName};

const ONE: u64 = 0x3ff0_0000_0000_0000;

/// `L` streams of one purpose, for the replications `first .. first + L`.
///
/// The state is kept word by word across lanes, so that each step is a handful of vector operations.
#[derive(Debug, Clone)]
pub struct Uniforms<const L: usize> {
    words: [[u64; L]; 4],
}

impl<const L: usize> Uniforms<L> {
    /// The streams of `purpose` for `L` replications from `first` on.
    pub fn new(seed: u64, first: u64, purpose: Purpose) -> Self {
        let mut words = [[0; L]; 4];
        for lane in 0..L {
            let replication = first.wrapping_add(lane as u64);
            let state = StreamName {
                seed,
                replication,
                purpose,
            }
            .state();
            for (word, value) in words.iter_mut().zip(state) {
                word[lane] = value;
            }
        }
        Self { words }
    }

    /// Streams that begin in these states, word by word, such as hashes of what they belong to.
    pub(crate) const fn from_words(words: [[u64; L]; 4]) -> Self {
        Self { words }
    }

    /// The next 64 random bits of every lane.
    #[inline(always)]
    pub fn next_bits(&mut self) -> [u64; L] {
        let [a, b, c, d] = &mut self.words;
        let mut out = [0; L];
        for i in 0..L {
            out[i] = a[i].wrapping_add(d[i]);
            let t = b[i] << 17;
            c[i] ^= a[i];
            d[i] ^= b[i];
            b[i] ^= c[i];
            a[i] ^= d[i];
            c[i] ^= t;
            d[i] = d[i].rotate_left(45);
        }
        out
    }

    /// The next uniform of every lane, in (0, 1], a multiple of 2⁻⁵²: never zero, so that its logarithm is finite.
    #[inline(always)]
    pub fn next_uniform(&mut self) -> [f64; L] {
        // 52 bits as the mantissa of a number in [1, 2): no conversion from integer, which AVX2 lacks.
        each_lane(self.next_bits(), |bits| {
            2.0 - f64::from_bits((bits >> 12) | ONE)
        })
    }
}

/// `f` of every lane. A plain loop, because `array::map` does not turn into vector instructions as reliably.
#[inline(always)]
pub(crate) fn each_lane<const L: usize, A: Copy>(lanes: [A; L], f: impl Fn(A) -> f64) -> [f64; L] {
    let mut out = [0.0; L];
    for i in 0..L {
        out[i] = f(lanes[i]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::rand_core::{Rng, SeedableRng};
    use rand_xoshiro::Xoshiro256Plus;

    fn reference(seed: u64, replication: u64) -> Xoshiro256Plus {
        let state = StreamName {
            seed,
            replication,
            purpose: Purpose::Service,
        }
        .state();
        let mut bytes = [0; 32];
        for (chunk, word) in bytes.chunks_exact_mut(8).zip(state) {
            chunk.copy_from_slice(&word.to_le_bytes());
        }
        Xoshiro256Plus::from_seed(bytes)
    }

    #[test]
    fn each_lane_is_the_published_generator() {
        let mut lanes = Uniforms::<8>::new(7, 100, Purpose::Service);
        let mut references: Vec<_> = (100..108).map(|k| reference(7, k)).collect();
        for _ in 0..1000 {
            let expected: Vec<u64> = references.iter_mut().map(Rng::next_u64).collect();
            assert_eq!(lanes.next_bits().to_vec(), expected);
        }
    }

    #[test]
    fn uniforms_lie_in_the_half_open_interval() {
        let mut lanes = Uniforms::<4>::new(1, 0, Purpose::Arrivals);
        let mut sum = 0.0;
        for _ in 0..250_000 {
            for u in lanes.next_uniform() {
                assert!(u > 0.0 && u <= 1.0);
                sum += u;
            }
        }
        // The mean of 10⁶ uniforms has a standard deviation of 0.00029.
        assert!((sum / 1e6 - 0.5).abs() < 5.0 * 0.000_29);
    }
}
