//! The same source compiled for several instruction sets, chosen when the program runs.
//!
//! The wider sets only let the compiler put more lanes into one instruction; every operation on a lane is the same IEEE 754
//! operation, so each set gives the same bits.

use super::network::Fleet;
use super::recursion::Block;
use crate::distribution::Distribution;
use crate::random::Uniforms;

/// Lanes that measure fastest: on x86-64 with every set, since sixteen independent chains keep the processor busy; simd128 has
/// too few registers for them.
pub const LANES: usize = if cfg!(target_family = "wasm") { 4 } else { 16 };

/// An instruction set that the simulator's fastest loops are compiled for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum InstructionSet {
    /// What every machine of the target has: SSE2, simd128 or NEON.
    Baseline,
    /// x86-64 with AVX2 and what came with it: BMI1, BMI2, LZCNT, POPCNT.
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
            Self::Avx2 => {
                is_x86_feature_detected!("avx2")
                    && is_x86_feature_detected!("bmi1")
                    && is_x86_feature_detected!("bmi2")
                    && is_x86_feature_detected!("lzcnt")
                    && is_x86_feature_detected!("popcnt")
            }
            Self::Avx512 => {
                Self::Avx2.is_available()
                    && is_x86_feature_detected!("avx512f")
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
        let best = [Self::Avx512, Self::Avx2]
            .into_iter()
            .find(|it| it.is_available());
        best.unwrap_or(Self::Baseline)
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

    /// Lets about `requests` more requests through `fleet` with this instruction set; true when the replication is over. Wider than
    /// AVX2 is no faster here.
    ///
    /// # Panics
    /// As [`InstructionSet::advance`].
    #[allow(unsafe_code)]
    pub(super) fn advance_fleet(self, fleet: &mut Fleet, requests: u64) -> bool {
        assert!(self.is_available(), "this machine has no {self:?}");
        match self {
            Self::Baseline => fleet.serve_some(requests),
            // SAFETY: the features were just seen to be there.
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 | Self::Avx512 => unsafe { serve_some_avx2(fleet, requests) },
            #[cfg(not(target_arch = "x86_64"))]
            Self::Avx2 | Self::Avx512 => unreachable!("only x86-64 has these"),
        }
    }

    /// Draws values of `law` from `stream` with this instruction set.
    ///
    /// # Panics
    /// As [`InstructionSet::advance`].
    #[inline]
    #[allow(unsafe_code)]
    pub(super) fn fill(self, law: &Distribution, stream: &mut Uniforms<1>, out: &mut [[f64; 1]]) {
        assert!(self.is_available(), "this machine has no {self:?}");
        match self {
            Self::Baseline => law.fill(stream, out),
            // SAFETY: the features were just seen to be there.
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => unsafe { fill_avx2(law, stream, out) },
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => unsafe { fill_avx512(law, stream, out) },
            #[cfg(not(target_arch = "x86_64"))]
            Self::Avx2 | Self::Avx512 => unreachable!("only x86-64 has these"),
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn fill_avx2(law: &Distribution, stream: &mut Uniforms<1>, out: &mut [[f64; 1]]) {
    law.fill(stream, out);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl")]
fn fill_avx512(law: &Distribution, stream: &mut Uniforms<1>, out: &mut [[f64; 1]]) {
    law.fill(stream, out);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
fn serve_some_avx2(fleet: &mut Fleet, requests: u64) -> bool {
    fleet.serve_some(requests)
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
