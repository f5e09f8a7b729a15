//! Quantile of Student's t distribution.
//!
//! With f the density, n the degrees of freedom and F the fraction of the incomplete beta function,
//!
//! - far from the centre P(T > t) = f(t)·t/n · F(n/(n+t²); n/2, ½),
//! - near the centre P(0 < T ≤ t) = f(t)·t · F(t²/(n+t²); ½, n/2),
//!
//! so each side of the distribution is inverted by Newton's method without cancellation. Where n is large against the
//! square of the normal quantile, the fraction would lose digits, and the expansion in powers of 1/n around that quantile is
//! exact to rounding (Abramowitz & Stegun 26.7.5).

use super::beta::beta_fraction;
use super::normal::normal_quantile;
use crate::math;

/// Degrees of freedom from which four terms of the expansion around the normal quantile `z` leave less than 1e-13.
fn nearly_normal(z: f64) -> f64 {
    250.0 * (z * z + 4.0)
}

/// The value not exceeded with probability `p` by Student's t with `dof` degrees of freedom (any real number of at
/// least 1, infinity being the normal law). Relative error about 1e-13; ±∞ where the value exceeds the range of `f64`.
///
/// # Panics
/// If `p` is not strictly between 0 and 1, or `dof` is below 1 or NaN.
pub fn student_t_quantile(p: f64, dof: f64) -> f64 {
    assert!(p > 0.0 && p < 1.0, "probability {p} is not in (0, 1)");
    assert!(dof >= 1.0, "{dof} degrees of freedom is below 1");
    if p == 0.5 {
        return 0.0;
    }
    let tail = p.min(1.0 - p);
    let z = -normal_quantile(tail);
    let guess = expansion(z, dof);
    let magnitude = if dof >= nearly_normal(z) {
        guess
    } else {
        Student::new(dof).upper_quantile(tail, guess)
    };
    if p < 0.5 { -magnitude } else { magnitude }
}

/// The first terms of t in powers of 1/n for the normal quantile `z`.
fn expansion(z: f64, dof: f64) -> f64 {
    let s = z * z;
    let terms = [
        (s + 1.0) / 4.0,
        ((5.0 * s + 16.0) * s + 3.0) / 96.0,
        (((3.0 * s + 19.0) * s + 17.0) * s - 15.0) / 384.0,
        ((((79.0 * s + 776.0) * s + 1482.0) * s - 1920.0) * s - 945.0) / 92_160.0,
    ];
    z * (1.0 + terms.iter().rev().fold(0.0, |sum, term| (sum + term) / dof))
}

/// The law with `dof` degrees of freedom, n.
struct Student {
    dof: f64,
    /// ln f(0).
    ln_peak: f64,
}

impl Student {
    fn new(dof: f64) -> Self {
        let ln_peak = ln_half_step(dof / 2.0) - 0.5 * math::ln(dof * std::f64::consts::PI);
        Self { dof, ln_peak }
    }

    /// ln f(t) for t > 0, where t² may overflow.
    fn ln_density(&self, t: f64) -> f64 {
        let w = t / self.dof.sqrt();
        let ln_growth = if w < 1e8 {
            math::ln_1p(w * w)
        } else {
            2.0 * math::ln(w)
        };
        self.ln_peak - 0.5 * (self.dof + 1.0) * ln_growth
    }

    /// The share n/(n+t²) that the fraction needs, and its complement.
    fn shares(&self, t: f64) -> (f64, f64) {
        let w = t / self.dof.sqrt();
        let square = w * w;
        let share = (1.0 + square).recip();
        (share, if square < 1e300 { square * share } else { 1.0 })
    }

    /// Whether the central fraction converges quickly at `t`.
    fn is_central(&self, t: f64) -> bool {
        self.shares(t).1 < 3.0 / (self.dof + 5.0)
    }

    /// P(0 < T ≤ t).
    fn central(&self, t: f64) -> f64 {
        let (_, complement) = self.shares(t);
        math::exp(self.ln_density(t)) * t * beta_fraction(complement, 0.5, self.dof / 2.0)
    }

    /// P(T > t) over t·f(t).
    fn tail_over_slope(&self, t: f64) -> f64 {
        let (share, _) = self.shares(t);
        beta_fraction(share, self.dof / 2.0, 0.5) / self.dof
    }

    /// The t > 0 exceeded with probability `tail` < ½, by Newton's method: for P(0 < T ≤ t) against t near the centre, for
    /// ln P(T > t) against ln t away from it, where that is nearly straight.
    fn upper_quantile(&self, tail: f64, guess: f64) -> f64 {
        const MOST_STEPS: u32 = 60;
        let ln_tail = math::ln(tail);
        let mut t = guess.min(self.upper_bound(ln_tail));
        for _ in 0..MOST_STEPS {
            let next = if self.is_central(t) {
                t - (self.central(t) - (0.5 - tail)) / math::exp(self.ln_density(t))
            } else {
                let over_slope = self.tail_over_slope(t);
                let ln_found = self.ln_density(t) + math::ln(t) + math::ln(over_slope);
                t * math::exp((ln_found - ln_tail) * over_slope)
            };
            let settled = (next - t).abs() <= 4.0 * f64::EPSILON * t;
            t = next;
            if settled || t.is_infinite() {
                break;
            }
        }
        t
    }

    /// A value above the quantile: P(T > t) < f(0)·n^((n−1)/2)·t⁻ⁿ.
    fn upper_bound(&self, ln_tail: f64) -> f64 {
        let half = 0.5 * (self.dof - 1.0) * math::ln(self.dof);
        math::exp((self.ln_peak + half - ln_tail) / self.dof)
    }
}

/// ln(Γ(x+½)/Γ(x)) for x ≥ ½, by the asymptotic series in odd powers of 1/x (DLMF 5.11.13) after stepping x up.
fn ln_half_step(x: f64) -> f64 {
    let mut x = x;
    let mut stepped = 1.0;
    while x < 12.0 {
        stepped *= x / (x + 0.5);
        x += 1.0;
    }
    let s = (x * x).recip();
    let series = [
        -1.0 / 8.0,
        1.0 / 192.0,
        -1.0 / 640.0,
        17.0 / 14_336.0,
        -31.0 / 18_432.0,
        691.0 / 180_224.0,
    ];
    let correction = series.iter().rev().fold(0.0, |sum, c| sum * s + c) / x;
    0.5 * math::ln(x) + correction + math::ln(stepped)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Degrees of freedom, probability, quantile: computed with 60 digits by bisection of the incomplete beta function.
    #[rustfmt::skip]
    const TABLE: [(f64, f64, f64); 126] = [
        (1.0, 0.500_000_1, 3.141_592_651_936_300_7e-07),
        (1.0, 0.6, 0.324_919_696_232_906_23),
        (1.0, 0.75, 1.0),
        (1.0, 0.9, 3.077_683_537_175_254),
        (1.0, 0.95, 6.313_751_514_675_038),
        (1.0, 0.975, 12.706_204_736_174_692),
        (1.0, 0.995, 63.656_741_162_871_526),
        (1.0, 1.0e-06, -318_309.886_182_743_5),
        (1.0, 1.0e-12, -318_309_886_183.790_7),
        (1.0, 1.0e-30, -3.183_098_861_837_906e29),
        (1.0, 1.0e-300, -3.183_098_861_837_906_6e299),
        (1.5, 0.500_000_1, 2.934_832_213_855_966_5e-07),
        (1.5, 0.6, 0.300_745_392_569_795_3),
        (1.5, 0.75, 0.872_594_662_541_570_6),
        (1.5, 0.9, 2.196_398_417_565_538),
        (1.5, 0.95, 3.705_180_820_096_749),
        (1.5, 0.975, 6.016_663_104_427_928),
        (1.5, 0.995, 17.820_310_514_462_797),
        (1.5, 1.0e-06, -5_219.469_324_706_946),
        (1.5, 1.0e-12, -52_194_694.273_446_35),
        (1.5, 1.0e-30, -5.219_469_427_344_636e19),
        (1.5, 1.0e-300, -5.219_469_427_344_636e199),
        (2.0, 0.500_000_1, 2.828_427_123_257_487_6e-07),
        (2.0, 0.75, 0.816_496_580_927_726),
        (2.0, 0.95, 2.919_985_580_353_724_2),
        (2.0, 0.975, 4.302_652_729_749_462),
        (2.0, 0.995, 9.924_843_200_918_29),
        (2.0, 1.0e-06, -707.105_720_525_933_9),
        (2.0, 1.0e-30, -707_106_781_186_547.5),
        (3.0, 0.500_000_1, 2.720_699_044_919_316e-07),
        (3.0, 0.75, 0.764_892_328_404_345_3),
        (3.0, 0.95, 2.353_363_434_801_823),
        (3.0, 0.975, 3.182_446_305_283_708),
        (3.0, 0.995, 5.840_909_309_733_355),
        (3.0, 1.0e-06, -103.299_467_780_419_33),
        (3.0, 1.0e-30, -10_331_108_360.446_53),
        (4.0, 0.500_000_1, 2.666_666_665_263_091e-07),
        (4.0, 0.6, 0.270_722_294_707_597_34),
        (4.0, 0.75, 0.740_697_084_112_682_6),
        (4.0, 0.9, 1.533_206_274_058_944),
        (4.0, 0.95, 2.131_846_786_326_649_5),
        (4.0, 0.975, 2.776_445_105_197_793_4),
        (4.0, 0.995, 4.604_094_871_349_992),
        (4.0, 1.0e-06, -41.577_854_150_450_975),
        (4.0, 1.0e-12, -1_316.072_746_559_256_5),
        (4.0, 1.0e-30, -41_617_914.502_878_13),
        (4.0, 1.0e-300, -1.316_074_012_952_492_4e75),
        (5.0, 0.500_000_1, 2.634_305_522_753_727e-07),
        (5.0, 0.75, 0.726_686_843_800_422_7),
        (5.0, 0.95, 2.015_048_373_333_023_3),
        (5.0, 0.975, 2.570_581_835_636_314_6),
        (5.0, 0.995, 4.032_142_983_555_227),
        (5.0, 1.0e-06, -24.771_029_720_515_944),
        (5.0, 1.0e-30, -1_568_392.559_097_971_5),
        (9.0, 0.500_000_1, 2.577_087_722_291_443_7e-07),
        (9.0, 0.75, 0.702_722_146_751_326_4),
        (9.0, 0.95, 1.833_112_932_656_236_5),
        (9.0, 0.975, 2.262_157_162_798_205),
        (9.0, 0.995, 3.249_835_541_592_126),
        (9.0, 1.0e-06, -10.720_160_409_909_5),
        (9.0, 1.0e-30, -5_149.440_280_163_215),
        (9.5, 0.500_000_1, 2.573_344_333_126_965_3e-07),
        (9.5, 0.6, 0.260_549_568_198_684_9),
        (9.5, 0.75, 0.701_188_138_261_282_8),
        (9.5, 0.9, 1.377_300_564_395_991_7),
        (9.5, 0.95, 1.822_189_301_318_677_8),
        (9.5, 0.975, 2.244_137_461_492_296),
        (9.5, 0.995, 3.207_015_628_439_489),
        (9.5, 1.0e-06, -10.195_853_751_762_074),
        (9.5, 1.0e-12, -45.335_239_326_376_75),
        (9.5, 1.0e-30, -3_565.225_044_916_114),
        (9.5, 1.0e-300, -9.400_257_026_235_887e31),
        (29.0, 0.500_000_1, 2.528_326_234_313_263_4e-07),
        (29.0, 0.6, 0.255_683_634_571_256_1),
        (29.0, 0.75, 0.683_043_860_821_613_2),
        (29.0, 0.9, 1.311_433_647_301_551),
        (29.0, 0.95, 1.699_127_026_533_497_2),
        (29.0, 0.975, 2.045_229_642_132_704),
        (29.0, 0.995, 2.756_385_903_670_605_3),
        (29.0, 1.0e-06, -5.917_105_540_459_562),
        (29.0, 1.0e-12, -11.613_158_011_561_406),
        (29.0, 1.0e-30, -53.017_619_928_763_054),
        (29.0, 1.0e-300, -108_873_461_155.491_9),
        (30.0, 0.500_000_1, 2.527_600_224_792_969_5e-07),
        (30.0, 0.75, 0.682_755_693_321_292_6),
        (30.0, 0.95, 1.697_260_886_593_957_4),
        (30.0, 0.975, 2.042_272_456_301_237_8),
        (30.0, 0.995, 2.749_995_653_567_225),
        (30.0, 1.0e-06, -5.871_117_120_418_883),
        (30.0, 1.0e-30, -49.888_195_533_043_85),
        (63.0, 0.500_000_1, 2.516_594_553_796_234_4e-07),
        (63.0, 0.75, 0.678_403_961_057_857_6),
        (63.0, 0.95, 1.669_402_221_706_812_7),
        (63.0, 0.975, 1.998_340_542_520_741_2),
        (63.0, 0.995, 2.656_145_025_099_861_3),
        (63.0, 1.0e-06, -5.237_200_198_870_492),
        (63.0, 1.0e-30, -21.246_357_606_259_846),
        (100.0, 0.500_000_1, 2.512_902_579_048_325_7e-07),
        (100.0, 0.6, 0.254_022_182_458_227_8),
        (100.0, 0.75, 0.676_951_043_011_471_5),
        (100.0, 0.9, 1.290_074_761_346_516),
        (100.0, 0.95, 1.660_234_326_085_339_2),
        (100.0, 0.975, 1.983_971_518_523_551_8),
        (100.0, 0.995, 2.625_890_521_438_017_7),
        (100.0, 1.0e-06, -5.048_830_877_228_346),
        (100.0, 1.0e-12, -8.025_825_594_493_254),
        (100.0, 1.0e-30, -16.564_489_177_605_758),
        (100.0, 1.0e-300, -9_682.734_287_069_563),
        (999.0, 0.500_000_1, 2.507_255_636_055_127e-07),
        (999.0, 0.75, 0.674_735_410_346_719),
        (999.0, 0.95, 1.646_380_345_427_535_2),
        (999.0, 0.975, 1.962_341_461_133_449_5),
        (999.0, 0.995, 2.580_759_637_267_636_5),
        (999.0, 1.0e-06, -4.781_636_978_830_079),
        (999.0, 1.0e-30, -11.854_734_825_853_512),
        (12_345.0, 0.500_000_1, 2.506_679_035_840_035e-07),
        (12_345.0, 0.6, 0.253_352_563_070_704_5),
        (12_345.0, 0.75, 0.674_509_623_939_716_1),
        (12_345.0, 0.9, 1.281_620_146_428_643),
        (12_345.0, 0.95, 1.644_977_068_360_69),
        (12_345.0, 0.975, 1.960_156_167_600_567),
        (12_345.0, 0.995, 2.576_227_623_786_519),
        (12_345.0, 1.0e-06, -4.755_696_566_144_143_5),
        (12_345.0, 1.0e-12, -7.041_681_848_288_579),
        (12_345.0, 1.0e-30, -11.494_837_549_838_929),
        (12_345.0, 1.0e-300, -38.101_858_332_419_77),
    ];

    #[test]
    fn agrees_with_the_table() {
        for (dof, p, expected) in TABLE {
            let found = student_t_quantile(p, dof);
            let error = (found / expected - 1.0).abs();
            assert!(
                error < 1e-13,
                "dof {dof}, p {p}: {found} against {expected}, off by {error:e}"
            );
        }
    }

    #[test]
    fn one_and_two_degrees_of_freedom_have_closed_forms() {
        for i in 1..200 {
            let p = f64::from(i) / 200.0;
            let cauchy = libm::tan(std::f64::consts::PI * (p - 0.5));
            assert!((student_t_quantile(p, 1.0) - cauchy).abs() <= 1e-13 * cauchy.abs());
            let two = (2.0 * p - 1.0) / (2.0 * p * (1.0 - p)).sqrt();
            assert!((student_t_quantile(p, 2.0) - two).abs() <= 1e-13 * two.abs());
        }
    }

    #[test]
    fn the_two_methods_meet_where_they_change_over() {
        for p in [0.500_001, 0.6, 0.9, 0.975, 0.999, 1e-9, 1e-40, 1e-300] {
            let above = nearly_normal(normal_quantile(p)).next_up();
            let below = above * (1.0 - 1e-14);
            let (newton, series) = (student_t_quantile(p, below), student_t_quantile(p, above));
            assert!(
                (newton / series - 1.0).abs() < 1e-13,
                "p {p}: {newton} against {series}"
            );
        }
    }

    #[test]
    fn infinite_freedom_is_the_normal_law() {
        assert_eq!(
            student_t_quantile(0.975, f64::INFINITY),
            normal_quantile(0.975)
        );
    }

    #[test]
    fn extremes_are_never_nan() {
        for dof in [1.0, 1.001, 2.0, 50.0, 999_999.0, 1e15, 1e300] {
            for p in [5e-324, 1e-308, 0.5 - 1e-16, 0.5, 0.5 + 1e-15, 1.0 - 1e-16] {
                assert!(!student_t_quantile(p, dof).is_nan(), "dof {dof}, p {p}");
            }
        }
    }

    #[test]
    fn inverts_the_distribution_function_of_statrs() {
        use statrs::distribution::{ContinuousCDF, StudentsT};
        for dof in [1.0, 2.5, 7.0, 31.0, 199.0] {
            let law = StudentsT::new(0.0, 1.0, dof).unwrap();
            for i in 1..100 {
                let p = f64::from(i) / 100.0;
                assert!(
                    (law.cdf(student_t_quantile(p, dof)) - p).abs() < 1e-10,
                    "dof {dof}, p {p}"
                );
            }
        }
    }
}
