//! Every law against its own moments and quantiles, and lanes against a single stream.

use super::*;
use crate::math;
use crate::math::complex::Complex;
use crate::math::transform::Transformed;
use crate::random::Purpose;

fn laws() -> Vec<Distribution> {
    [
        "exponential",
        "deterministic",
        "uniform",
        "uniform:0.5",
        "erlang:1",
        "erlang:3",
        "erlang:40",
        "mixed-erlang:0.3",
        "mixed-erlang:0.05",
        "mixed-erlang:1",
        "hyperexponential:1",
        "hyperexponential:4",
        "hyperexponential:50",
        "lognormal:0.5",
        "lognormal:3",
        "weibull:0.7",
        "weibull:1",
        "weibull:3",
        "pareto:2.5",
        "pareto:6",
        "bounded-pareto:1:1000",
        "bounded-pareto:1.5:1000",
        "bounded-pareto:2:50",
        "empirical:1;2;2;7",
    ]
    .into_iter()
    .map(|text| Distribution::parse("law", text, 0.25).unwrap_or_else(|e| panic!("{e}")))
    .collect()
}

fn stream(replication: u64) -> Uniforms<1> {
    Uniforms::new(11, replication, Purpose::Service)
}

fn sample(law: &Distribution, size: usize) -> Vec<f64> {
    let mut uniforms = stream(0);
    (0..size).map(|_| law.draw(&mut uniforms)).collect()
}

#[test]
fn the_mean_is_the_one_asked_for() {
    for law in laws() {
        let mean = law.mean().unwrap();
        assert!((mean / 0.25 - 1.0).abs() < 1e-12, "{law:?}: {mean}");
    }
}

#[test]
fn samples_have_the_stated_moments() {
    const SIZE: usize = 400_000;
    for law in laws() {
        let values = sample(&law, SIZE);
        let mean = values.iter().sum::<f64>() / SIZE as f64;
        let squares = values.iter().map(|x| (x - mean) * (x - mean));
        let variance = squares.clone().sum::<f64>() / SIZE as f64;
        let fourth = squares.map(|x| x * x).sum::<f64>() / SIZE as f64;
        // Five standard errors, the variance's estimated from the sample's own fourth moment.
        let mean_error = 5.0 * (variance / SIZE as f64).sqrt() + 1e-12;
        let scv = law.scv().unwrap();
        assert!((mean - 0.25).abs() <= mean_error, "{law:?}: mean {mean}");
        let variance_error =
            5.0 * ((fourth - variance * variance).max(0.0) / SIZE as f64).sqrt() + 1e-12;
        // Laws without a fourth moment have no standard error of the variance to compare with.
        if !matches!(law, Distribution::Pareto(Pareto { shape, .. }) if shape <= 4.0) {
            assert!(
                (variance - scv * 0.0625).abs() <= variance_error,
                "{law:?}: variance {variance}"
            );
        }
    }
}

#[test]
fn samples_have_the_stated_quantiles() {
    const SIZE: usize = 200_000;
    for law in laws() {
        if matches!(
            law,
            Distribution::Empirical(_) | Distribution::Deterministic(_)
        ) {
            continue;
        }
        let values = sample(&law, SIZE);
        for p in [0.01, 0.25, 0.5, 0.9, 0.99, 0.999] {
            let Some(quantile) = law.quantile(p) else {
                continue;
            };
            let below = values.iter().filter(|&&x| x <= quantile).count() as f64 / SIZE as f64;
            let error = 5.0 * (p * (1.0 - p) / SIZE as f64).sqrt();
            assert!(
                (below - p).abs() < error,
                "{law:?}: {below} of the values are below the quantile of {p}"
            );
        }
    }
}

/// By the quantile's own definition, and by counting where there is none.
#[test]
fn tails_agree_with_quantiles_and_samples() {
    const SIZE: usize = 100_000;
    for law in laws() {
        let values = sample(&law, SIZE);
        for x in [0.0, 0.01, 0.1, 0.25, 0.3, 0.6, 2.0] {
            let p = law.ccdf(x);
            let above = values.iter().filter(|&&value| value > x).count() as f64 / SIZE as f64;
            // A few values more or less where hardly any are expected.
            let error = 5.0 * (p * (1.0 - p) / SIZE as f64).sqrt() + 4.0 / SIZE as f64;
            assert!((above - p).abs() <= error, "{law:?} at {x}: {above} of {p}");
        }
        // Laws with jumps have no value for each probability.
        if matches!(
            law,
            Distribution::Deterministic(_) | Distribution::Empirical(_)
        ) {
            continue;
        }
        for p in [0.001, 0.3, 0.5, 0.99, 0.999_999] {
            if let Some(quantile) = law.quantile(p) {
                let rest = law.ccdf(quantile);
                assert!((rest / (1.0 - p) - 1.0).abs() < 1e-8, "{law:?}: {p} {rest}");
            }
        }
    }
    assert_eq!(Distribution::exponential(1.0).ccdf(-1.0), 1.0);
}

#[test]
fn a_lane_draws_what_its_own_stream_draws() {
    for law in laws() {
        let mut lanes = Uniforms::<8>::new(11, 40, Purpose::Service);
        let mut rows = vec![[0.0; 8]; 300];
        law.fill(&mut lanes, &mut rows);
        for lane in 0..8 {
            let mut alone = stream(40 + lane as u64);
            for row in &rows {
                assert_eq!(
                    row[lane].to_bits(),
                    law.draw(&mut alone).to_bits(),
                    "{law:?}"
                );
            }
        }
    }
}

#[test]
fn values_are_finite_and_not_negative() {
    for law in laws() {
        assert!(
            sample(&law, 100_000)
                .iter()
                .all(|x| x.is_finite() && *x >= 0.0),
            "{law:?}"
        );
    }
}

#[test]
fn infinite_moments_are_absent() {
    let heavy = Distribution::Pareto(Pareto {
        mean: 1.0,
        shape: 1.8,
    });
    assert_eq!(heavy.scv(), None);
    assert_eq!(heavy.mean(), Some(1.0));
}

#[test]
fn a_name_reads_back() {
    for law in laws() {
        let text = law.spec().unwrap();
        let again = Distribution::parse("law", &text, 0.25).unwrap();
        match (&law, &again) {
            // These are named by ratios of their bounds, which rounding touches.
            (
                Distribution::Uniform(_)
                | Distribution::BoundedPareto(_)
                | Distribution::Empirical(_),
                _,
            ) => {
                assert!((again.scv().unwrap() - law.scv().unwrap()).abs() < 1e-12);
            }
            _ => assert_eq!(again, law),
        }
    }
}

#[test]
fn with_scv_has_that_scv() {
    for scv in [0.0, 0.001, 0.07, 0.5, 0.999, 1.0, 1.001, 4.0, 16.0] {
        let law = Distribution::with_scv(0.01, scv);
        assert!(law.validate().is_ok());
        assert_eq!(law.scv(), Some(scv));
    }
    assert_eq!(Distribution::with_scv(1.0, 1e-9).scv(), Some(0.001));
}

#[test]
fn nonsense_is_refused_by_name() {
    for text in [
        "",
        "gamma",
        "exponential:2",
        "erlang",
        "erlang:0",
        "erlang:2.5",
        "erlang:1e9",
        "erlang:NaN",
        "lognormal:-1",
        "lognormal:inf",
        "hyperexponential:0.5",
        "hyperexponential:1e308",
        "pareto:1",
        "pareto:",
        "pareto:x",
        "weibull:0",
        "uniform:2",
        "bounded-pareto:1",
        "bounded-pareto:1:0.5",
        "empirical:",
        "empirical:0;0",
        "empirical:1;-1",
        "mixed-erlang:0",
        "mixed-erlang:2",
    ] {
        let error = Distribution::parse("--service", text, 1.0).unwrap_err();
        assert!(
            error.to_string().starts_with("--service"),
            "{text}: {error}"
        );
    }
    for mean in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e308, 1e-300] {
        assert!(
            Distribution::parse("--service", "exponential", mean).is_err(),
            "{mean}"
        );
    }
}

/// Law of mean 1, real and imaginary part of s, and of 1 − E\[e^(−sX)\]: computed with 25 digits, by quadrature on the real axis or from
/// the incomplete gamma function.
#[rustfmt::skip]
const TRANSFORMS: [(&str, f64, f64, f64, f64); 21] = [
        ("lognormal:2", 0.3, 0.0, 0.218_489_181_920_049, 0.0),
        ("lognormal:2", 0.3, 2.0, 0.712_220_717_927_144, 0.414_179_703_395_043),
        ("lognormal:2", 1.0, 40.0, 1.009_903_211_966_086, -0.003_255_921_489_294),
        ("lognormal:0.01", 0.3, 0.0, 0.258_849_335_968_239, 0.0),
        ("lognormal:0.01", 0.3, 2.0, 1.298_164_305_404_923, 0.662_619_088_956_282),
        ("lognormal:0.01", 1.0, 40.0, 0.999_554_534_716_216, -0.000_224_297_888_050),
        ("pareto:1.5", 0.3, 0.0, 0.202_735_973_748_697, 0.0),
        ("pareto:1.5", 0.3, 2.0, 0.719_956_544_190_836, 0.582_598_868_145_533),
        ("pareto:1.5", 1.0, 40.0, 1.041_693_315_279_251, 0.065_921_057_110_727),
        ("bounded-pareto:1.5:1000", 0.3, 0.0, 0.207_945_884_760_406, 0.0),
        ("bounded-pareto:1.5:1000", 0.3, 2.0, 0.740_858_276_170_547, 0.583_426_586_319_107),
        ("bounded-pareto:1.5:1000", 1.0, 40.0, 1.063_149_234_669_811, 0.040_182_908_474_073),
        ("bounded-pareto:0.5:100", 0.3, 0.0, 0.197_482_164_194_077, 0.0),
        ("bounded-pareto:0.5:100", 0.3, 2.0, 0.519_442_518_015_365, 0.358_127_532_227_220),
        ("bounded-pareto:0.5:100", 1.0, 40.0, 0.943_240_879_816_620, -0.097_182_241_064_070),
        ("weibull:0.7", 0.3, 0.0, 0.208_993_092_396_034, 0.0),
        ("weibull:0.7", 0.3, 2.0, 0.612_084_478_400_471, 0.299_801_662_357_939),
        ("weibull:0.7", 1.0, 40.0, 0.959_460_222_869_468, 0.067_413_478_895_208),
        ("weibull:3", 0.3, 0.0, 0.254_793_333_218_601, 0.0),
        ("weibull:3", 0.3, 2.0, 1.190_053_094_364_33, 0.541_024_006_369_315),
        ("weibull:3", 1.0, 40.0, 1.000_004_952_345_53, -6.651_345_569_752_655e-5),
];

#[test]
fn transforms_agree_with_the_table() {
    for (spec, re, im, expected_re, expected_im) in TRANSFORMS {
        let transform = Distribution::parse("law", spec, 1.0).unwrap().transform();
        let found = transform.complement(Complex::new(re, im));
        let error = (found - Complex::new(expected_re, expected_im))
            .square()
            .sqrt();
        assert!(
            error < 1e-12,
            "{spec} at {re} + {im}i: {found:?}, off by {error:e}"
        );
    }
}

/// Near zero a complement is s times the mean, to a relative precision; and the ccdf adds up to the mean.
#[test]
fn transforms_and_tails_know_the_mean() {
    for law in laws() {
        let small = law.transform().complement_at(1e-7) / 1e-7;
        // The next term is s·E[X²]/2.
        let next = 1e-7 * 0.03125 * (1.0 + law.scv().unwrap());
        assert!(
            (small / 0.25 - 1.0).abs() < 1e-9 + 8.0 * next,
            "{law:?}: {small}"
        );
        let mut mean = 0.0;
        for step in -40_i32..200 {
            let v = 0.1 * f64::from(step);
            let t = math::exp(v - math::exp(-v));
            mean += 0.1 * t * (1.0 + math::exp(-v)) * law.ccdf(t);
        }
        // Jumps and kinks cost the trapezoidal rule its precision.
        assert!((mean / 0.25 - 1.0).abs() < 0.1, "{law:?}: {mean}");
        let quantile = law.quantile(0.75);
        if let Some(t) = quantile.filter(|_| law.has_density()) {
            assert!((law.ccdf(t) - 0.25).abs() < 1e-12, "{law:?}");
        }
    }
}
