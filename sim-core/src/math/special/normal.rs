//! Quantile of the standard normal distribution.
//!
//! Rational approximations of Wichura, "Algorithm AS 241: The percentage points of the normal distribution",
//! Applied Statistics 37 (1988) 477–484, routine PPND16: relative error about 1e-16.

use crate::math;

/// Numerator and denominator of a rational function, lowest power first.
struct Rational {
    numerator: [f64; 8],
    denominator: [f64; 8],
}

impl Rational {
    fn at(&self, x: f64) -> f64 {
        polynomial(&self.numerator, x) / polynomial(&self.denominator, x)
    }
}

fn polynomial(coefficients: &[f64; 8], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c)
}

/// For |p − ½| ≤ 0.425, in 0.180625 − (p − ½)².
const CENTRE: Rational = Rational {
    numerator: [
        3.387_132_872_796_366_5,
        133.141_667_891_784_38,
        1_971.590_950_306_551_3,
        13_731.693_765_509_46,
        45_921.953_931_549_87,
        67_265.770_927_008_7,
        33_430.575_583_588_13,
        2_509.080_928_730_122_7,
    ],
    denominator: [
        1.0,
        42.313_330_701_600_91,
        687.187_007_492_057_9,
        5_394.196_021_424_751,
        21_213.794_301_586_597,
        39_307.895_800_092_71,
        28_729.085_735_721_943,
        5_226.495_278_852_854,
    ],
};

/// For a tail down to e⁻²⁵, in √(−ln tail) − 1.6.
const TAIL: Rational = Rational {
    numerator: [
        1.423_437_110_749_683_5,
        4.630_337_846_156_546,
        5.769_497_221_460_691,
        3.647_848_324_763_204_5,
        1.270_458_252_452_368_4,
        0.241_780_725_177_450_6,
        0.022_723_844_989_269_184,
        7.745_450_142_783_414e-4,
    ],
    denominator: [
        1.0,
        2.053_191_626_637_759,
        1.676_384_830_183_803_8,
        0.689_767_334_985_1,
        0.148_103_976_427_480_08,
        0.015_198_666_563_616_457,
        5.475_938_084_995_345e-4,
        1.050_750_071_644_416_9e-9,
    ],
};

/// For a smaller tail, in √(−ln tail) − 5.
const FAR_TAIL: Rational = Rational {
    numerator: [
        6.657_904_643_501_103,
        5.463_784_911_164_114,
        1.784_826_539_917_291_3,
        0.296_560_571_828_504_87,
        0.026_532_189_526_576_124,
        0.001_242_660_947_388_078_4,
        2.711_555_568_743_487_6e-5,
        2.010_334_399_292_288_1e-7,
    ],
    denominator: [
        1.0,
        0.599_832_206_555_888,
        0.136_929_880_922_735_8,
        0.014_875_361_290_850_615,
        7.868_691_311_456_133e-4,
        1.846_318_317_510_054_8e-5,
        1.421_511_758_316_446e-7,
        2.044_263_103_389_939_8e-15,
    ],
};

/// The value not exceeded with probability `p` by a standard normal variable.
///
/// Relative error about 1e-15 for every `p`, however far in the lower tail.
///
/// # Panics
/// If `p` is not strictly between 0 and 1.
pub fn normal_quantile(p: f64) -> f64 {
    assert!(p > 0.0 && p < 1.0, "probability {p} is not in (0, 1)");
    let centred = p - 0.5;
    if centred.abs() <= 0.425 {
        return centred * CENTRE.at(0.180_625 - centred * centred);
    }
    let tail = if centred < 0.0 { p } else { 1.0 - p };
    let r = (-math::ln(tail)).sqrt();
    let magnitude = if r <= 5.0 {
        TAIL.at(r - 1.6)
    } else {
        FAR_TAIL.at(r - 5.0)
    };
    if centred < 0.0 { -magnitude } else { magnitude }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Computed with 60 digits by inverting erfc.
    const TABLE: [(f64, f64); 15] = [
        (0.500_000_1, 2.506_628_273_311_648e-07),
        (0.6, 0.253_347_103_135_799_7),
        (0.75, 0.674_489_750_196_081_7),
        (0.9, 1.281_551_565_544_600_6),
        (0.925, 1.439_531_470_938_456_1),
        (0.95, 1.644_853_626_951_472_2),
        (0.975, 1.959_963_984_540_053_8),
        (0.99, 2.326_347_874_040_840_8),
        (0.995, 2.575_829_303_548_900_4),
        (0.999_9, 3.719_016_485_455_708_4),
        (1.0e-06, -4.753_424_308_822_899),
        (1.0e-11, -6.706_023_155_495_136),
        (1.0e-12, -7.034_483_825_301_132),
        (1.0e-30, -11.464_024_688_443_615),
        (1.0e-300, -37.047_096_299_361_2),
    ];

    #[test]
    fn agrees_with_the_table() {
        for (p, expected) in TABLE {
            let found = normal_quantile(p);
            assert!(
                (found / expected - 1.0).abs() < 4e-15,
                "p {p}: {found} against {expected}"
            );
        }
    }

    #[test]
    fn the_median_is_zero_and_the_law_is_symmetric() {
        assert_eq!(normal_quantile(0.5), 0.0);
        for p in [0.25, 0.0625, 0.001_953_125] {
            assert_eq!(normal_quantile(p), -normal_quantile(1.0 - p));
        }
    }

    #[test]
    fn inverts_the_distribution_function_of_statrs() {
        use statrs::distribution::{ContinuousCDF, Normal};
        let law = Normal::standard();
        for i in 1..1000 {
            let p = f64::from(i) / 1000.0;
            assert!((law.cdf(normal_quantile(p)) - p).abs() < 1e-10, "p {p}");
        }
    }
}
