//! A natural logarithm without branches, so that a compiler can take it several lanes at a time.
//!
//! The method is fdlibm's (Sun Microsystems, `e_log.c`, 1993): x = 2^k·m with m in [√½, √2), f = m − 1, s = f/(2 + f), and
//! ln(1 + f) = 2s + s·R(s²) with Sun's minimax polynomial R. Its special cases are left out: the argument is a positive normal
//! number. So is its correction by f²/2, which buys the last bit: the error stays within 2 ulp of `libm`.

/// Bits of a number just below √½; added and subtracted on the bit pattern it moves the mantissa into [√½, √2).
const HALF_ROOT: u64 = 0x3fe6_a09e_0000_0000;
const ONE: u64 = 0x3ff0_0000_0000_0000;
const MANTISSA: u64 = 0x000f_ffff_ffff_ffff;
/// 2^52: OR-ing a small integer into its mantissa turns the integer into a float, where AVX2 has no conversion.
const TWO_52: u64 = 0x4330_0000_0000_0000;
/// 2^52 plus the exponent's bias.
const TWO_52_BIASED: f64 = 4_503_599_627_370_496.0 + 1023.0;

const LN2: f64 = std::f64::consts::LN_2;
const R1: f64 = 6.666_666_666_666_735e-1;
const R2: f64 = 3.999_999_999_940_942e-1;
const R3: f64 = 2.857_142_874_366_239e-1;
const R4: f64 = 2.222_219_843_214_978_4e-1;
const R5: f64 = 1.818_357_216_161_805e-1;
const R6: f64 = 1.531_383_769_920_937_3e-1;
const R7: f64 = 1.479_819_860_511_658_6e-1;

/// Natural logarithm of a positive, normal, finite `x`; anything else gives an unspecified number.
#[inline(always)]
pub fn ln_normal(x: f64) -> f64 {
    let shifted = x.to_bits().wrapping_add(ONE - HALF_ROOT);
    let k = f64::from_bits((shifted >> 52) | TWO_52) - TWO_52_BIASED;
    let m = f64::from_bits((shifted & MANTISSA).wrapping_add(HALF_ROOT));
    let f = m - 1.0;
    let s = f / (2.0 + f);
    let z = s * s;
    let w = z * z;
    // In pairs (Estrin), not one after the other (Horner): the processor overlaps short chains better than long ones.
    let low = (R1 + z * R2) + w * (R3 + z * R4);
    let high = (R5 + z * R6) + w * R7;
    let r = z * (low + (w * w) * high);
    // 2s is exact and s·R is at most a hundredth of it: their sum costs little more than its own rounding.
    (k * LN2 + (s + s)) + s * r
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ulps(a: f64, b: f64) -> u64 {
        a.to_bits().abs_diff(b.to_bits())
    }

    fn assert_close(x: f64) {
        let (ours, reference) = (ln_normal(x), libm::log(x));
        assert!(
            ulps(ours, reference) <= 2,
            "ln({x:e}) = {ours:e}, libm says {reference:e}"
        );
    }

    #[test]
    fn within_two_ulp_of_libm_over_the_uniforms() {
        // Every power of two and its neighbours, then a walk through the mantissas that a uniform can have.
        for biased in 963..=1083_u64 {
            let power = f64::from_bits(biased << 52);
            for bits in power.to_bits() - 1000..power.to_bits() + 1000 {
                if bits != ONE {
                    assert_close(f64::from_bits(bits));
                }
            }
        }
        let mut bits: u64 = 0x9e37_79b9_7f4a_7c15;
        for _ in 0..2_000_000 {
            bits = bits
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            assert_close(2.0 - f64::from_bits((bits >> 12) | ONE));
        }
    }

    #[test]
    fn the_largest_uniform_gives_zero() {
        assert_eq!(ln_normal(1.0), 0.0);
    }

    #[test]
    fn whole_normal_range() {
        for exponent in 1..2046_u64 {
            assert_close(f64::from_bits((exponent << 52) | 0x0005_5555_5555_5555));
        }
    }
}
