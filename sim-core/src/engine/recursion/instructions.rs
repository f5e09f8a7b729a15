//! The same source compiled for several instruction sets, chosen when the program runs.
//!
//! The wider sets only let the compiler put more lanes into one instruction; every operation on a lane is the same IEEE 754
//! operation, so each set gives the same bits.

use super::block::Block;

/// Lanes that measure fastest: on x86-64 with every set, since sixteen independent chains keep the processor busy; simd128 has
/// too few registers for them.
pub const LANES: usize = if cfg!(target_family = "wasm") { 4 } else { 16 };

/// An instruction set that the recursion is compiled for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum InstructionSet {
    /// What every machine of the target has: SSE2, simd128 or NEON.
    Baseline,
    /// x86-64 with AVX2.
    Avx2,
    /// x86-64 with AVX-512 F, DQ, BW and VL.
    Avx512,
}

impl InstructionSet {
    /// The sets this machine can run, the best last.
    pub fn available() -> Vec<Self> {
        let mut sets = vec![Self::Baseline, Self::Avx2, Self::Avx512];
        sets.retain(|set| set.is_available());
        sets
    }

    /// Whether this machine can run the set.
    #[cfg(target_arch = "x86_64")]
    pub fn is_available(self) -> bool {
        use std::arch::is_x86_feature_detected;
        match self {
            Self::Baseline => true,
            Self::Avx2 => is_x86_feature_detected!("avx2"),
            Self::Avx512 => {
                is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512dq")
                    && is_x86_feature_detected!("avx512bw")
                    && is_x86_feature_detected!("avx512vl")
            }
        }
    }

    /// Whether this machine can run the set.
    #[cfg(not(target_arch = "x86_64"))]
    pub fn is_available(self) -> bool {
        self == Self::Baseline
    }

    /// The best set this machine can run.
    pub fn best() -> Self {
        Self::available().pop().unwrap_or(Self::Baseline)
    }

    /// Advances `block` by at most `chunks` chunks with this instruction set.
    ///
    /// # Panics
    /// If this machine does not have the set: an illegal instruction would be worse.
    #[allow(unsafe_code)]
    pub(super) fn advance<const L: usize>(self, block: &mut Block<L>, chunks: usize) {
        assert!(self.is_available(), "this machine has no {self:?}");
        match self {
            Self::Baseline => block.advance_chunks(chunks),
            // SAFETY: the features were just seen to be there.
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => unsafe { advance_avx2(block, chunks) },
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => unsafe { advance_avx512(block, chunks) },
            #[cfg(not(target_arch = "x86_64"))]
            Self::Avx2 | Self::Avx512 => unreachable!("only x86-64 has these"),
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn advance_avx2<const L: usize>(block: &mut Block<L>, chunks: usize) {
    block.advance_chunks(chunks);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl")]
fn advance_avx512<const L: usize>(block: &mut Block<L>, chunks: usize) {
    block.advance_chunks(chunks);
}
