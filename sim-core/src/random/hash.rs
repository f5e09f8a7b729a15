//! The 64-bit hash: of what is told apart by a key and must stay the same on every machine.
//!
//! `SplitMix64` (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014): a sequence of states
//! a golden section apart, each mixed by a bijection of 64 bits. Real balancers hash with MD5, CRC or xxHash, real caches with
//! `SipHash` or murmur; what matters is only that nearby keys land anywhere.

/// 2⁶⁴ divided by the golden ratio, odd.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// The mixing function of `SplitMix64`, a bijection of 64 bits (Stafford's thirteenth variant of the finisher of `MurmurHash3`).
#[inline(always)]
pub(crate) const fn mix(x: u64) -> u64 {
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// The hash of one number.
#[inline(always)]
pub(crate) const fn hash(x: u64) -> u64 {
    nth(x, 1)
}

/// The `n`-th number of `SplitMix64` started at `seed`, from 1 on. Where seeds are near each other, hash them first, or
/// their sequences overlap.
#[inline(always)]
pub(crate) const fn nth(seed: u64, n: u64) -> u64 {
    mix(seed.wrapping_add(n.wrapping_mul(GOLDEN)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_sequence_of_splitmix64() {
        // Widely published for the seed 1234567.
        let expected = [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
            4_593_380_528_125_082_431,
            16_408_922_859_458_223_821,
        ];
        for (n, expected) in (1..).zip(expected) {
            assert_eq!(nth(1_234_567, n), expected);
        }
        assert_eq!(hash(1_234_567), expected[0]);
    }
}
