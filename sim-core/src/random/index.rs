//! A uniform whole number below n, for a choice among n things.
//!
//! Lemire's multiply-shift ("Fast random integer generation in an interval", 2019) without its rejection: ⌊h·n/2³²⌋ of the
//! upper 32 bits h, the strong ones of xoshiro256+. Each number's probability is within 2⁻³² of 1/n.

use super::Uniforms;

impl Uniforms<1> {
    /// A uniform number in `0..n`; 0 where `n` is 0.
    #[inline(always)]
    pub fn below(&mut self, n: u32) -> u32 {
        let [bits] = self.next_bits();
        scaled(bits, n)
    }
}

/// ⌊h·n/2³²⌋ where h are the upper 32 bits: below `n`, and uniform where the bits are.
#[inline(always)]
pub(crate) const fn scaled(bits: u64, n: u32) -> u32 {
    (((bits >> 32) * n as u64) >> 32) as u32
}

/// All 64 bits b as a place among `n`: ⌊b·n/2⁶⁴⌋, and how far into it b lies, as a share of 2⁶⁴.
#[inline(always)]
#[expect(
    clippy::cast_possible_truncation,
    reason = "the two halves of the product are what is wanted"
)]
pub(crate) const fn share_of(bits: u64, n: u64) -> (u64, u64) {
    let product = bits as u128 * n as u128;
    ((product >> 64) as u64, product as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Purpose;

    #[test]
    fn the_upper_bits_are_scaled() {
        assert_eq!(scaled(0, 10), 0);
        assert_eq!(scaled(u64::MAX, 10), 9);
        assert_eq!(scaled(1 << 63, 10), 5);
        // The largest h below 2³²/10 and the next one.
        assert_eq!(scaled(429_496_729 << 32, 10), 0);
        assert_eq!(scaled(429_496_730 << 32, 10), 1);
        assert_eq!(scaled(u64::MAX, u32::MAX), u32::MAX - 1);
        assert_eq!(scaled(u64::MAX, 0), 0);
    }

    #[test]
    fn a_place_and_the_way_into_it() {
        assert_eq!(share_of(0, 10), (0, 0));
        assert_eq!(share_of(1 << 63, 10), (5, 0));
        assert_eq!(share_of(3 << 62, 10), (7, 1 << 63));
        assert_eq!(share_of(u64::MAX, u64::MAX).0, u64::MAX - 1);
    }

    #[test]
    fn every_number_below_is_as_frequent() {
        let mut random = Uniforms::new(1, 0, Purpose::Service);
        let mut counts = [0_u32; 10];
        for _ in 0..1_000_000 {
            counts[random.below(10) as usize] += 1;
        }
        let chi_square: f64 = counts
            .iter()
            .map(|&count| f64::from(count) - 1e5)
            .map(|excess| excess * excess / 1e5)
            .sum();
        // Chi-square of 9 degrees of freedom exceeds 33.7 once in 10 000 seeds.
        assert!(chi_square < 33.7, "{chi_square}");
    }
}
