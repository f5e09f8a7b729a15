//! Wait and response times of M/G/1, first come, first served, as laws; exact but for the numerical inversion, which is good for
//! 1e-8 in the probability.
//!
//! With B(s) the transform of the service time, d = 1 − B(s) and q = d/(s·E\[S\]), that of the time a service has still to go,
//! Pollaczek and Khinchine's equation is E\[e^(−s·wait)\] = (1−ρ)/(1−ρq), and the response has B(s) times that. So the transforms of the
//! probabilities of more than t are
//!
//! - wait: (ρ/s)·(1−q)/(1−ρq),
//! - response: (1−ρ)·d/s + (ρ/s)·((1−q) + (1−ρ)·d·q)/(1−ρq).
//!
//! The first part of the response is that of requests that find nobody: (1−ρ)·P(S > t), known without inversion, and with it goes
//! what is least smooth. This needs no moment but the mean: it holds for heavy tails too.
//!
//! Sources: Gross et al., *Fundamentals of Queueing Theory*, 4th ed., section 5.1; `math::inversion` for the method.

use std::cell::Cell;

use crate::error::InputError;
use crate::math;
use crate::math::complex::Complex;
use crate::math::inversion::inverse;
use crate::math::root::root_between;
use crate::math::transform::Transformed;
use crate::theory::rates::{assert_probability, check_rates, check_stable};

/// Relative precision of quantiles, which is that of the probabilities.
const PRECISION: f64 = 1e-9;

/// The laws of one queue in its steady state.
#[derive(Clone, Copy)]
pub struct Mg1Times<'a> {
    arrival_rate: f64,
    mean: f64,
    transform: &'a dyn Transformed,
    ccdf: &'a dyn Fn(f64) -> f64,
}

impl<'a> Mg1Times<'a> {
    /// The queue with λ = `arrival_rate` per second and a service time of this `mean` in seconds, `transform` and probability
    /// `ccdf(t)` of more than t seconds. The law needs a density: one of single values gives no result.
    ///
    /// # Errors
    /// [`InputError::OutOfRange`] naming the parameter, [`InputError::Unstable`] if λ ≥ μ.
    pub fn new(
        arrival_rate: f64,
        mean: f64,
        transform: &'a dyn Transformed,
        ccdf: &'a dyn Fn(f64) -> f64,
    ) -> Result<Self, InputError> {
        check_rates(arrival_rate, mean.recip())?;
        check_stable(arrival_rate, mean.recip())?;
        Ok(Self {
            arrival_rate,
            mean,
            transform,
            ccdf,
        })
    }

    /// Probability of a wait of more than `t` seconds; `None` where the inversion does not settle.
    pub fn wait_ccdf(&self, t: f64) -> Option<f64> {
        if t < 0.0 {
            return Some(1.0);
        }
        if t == 0.0 {
            return Some(self.arrival_rate * self.mean);
        }
        self.inverse(t, |_, q, _| Complex::ONE - q)
    }

    /// Probability of a response of more than `t` seconds; `None` where the inversion does not settle.
    pub fn response_ccdf(&self, t: f64) -> Option<f64> {
        if t <= 0.0 {
            return Some(1.0);
        }
        let waited = self.inverse(t, |d, q, idle| Complex::ONE - q + (d * q).scaled(idle))?;
        Some((1.0 - self.arrival_rate * self.mean) * (self.ccdf)(t) + waited)
    }

    /// The wait, in seconds, that a share `p` of the requests does not exceed.
    ///
    /// # Panics
    /// If `p` is not in `[0, 1)`.
    pub fn wait_quantile(&self, p: f64) -> Option<f64> {
        if 1.0 - p >= self.arrival_rate * self.mean {
            assert_probability(p);
            return Some(0.0);
        }
        Some(self.quantiles(&[p], |t| self.wait_ccdf(t))?[0])
    }

    /// The response times, in seconds, that these shares of the requests do not exceed; the shares ascend.
    ///
    /// # Panics
    /// If a share is not in `[0, 1)`.
    pub fn response_quantiles(&self, shares: &[f64]) -> Option<Vec<f64>> {
        self.quantiles(shares, |t| self.response_ccdf(t))
    }

    /// The original of (ρ/s)·numerator/(1−ρq), with the numerator of d, q and 1 − ρ.
    fn inverse(&self, t: f64, numerator: impl Fn(Complex, Complex, f64) -> Complex) -> Option<f64> {
        let busy = self.arrival_rate * self.mean;
        inverse(t, |real, step, from, row: &mut [Complex]| {
            self.transform.complements(real, step, from, row);
            for (k, value) in row.iter_mut().enumerate() {
                let (s, d) = (Complex::new(real, step * (from + k) as f64), *value);
                let q = d / s.scaled(self.mean);
                let rest = Complex::ONE - q.scaled(busy);
                *value = numerator(d, q, 1.0 - busy).scaled(busy) / (s * rest);
            }
        })
    }

    /// Where the probability of more falls to 1 − p, for ascending p: along its logarithm, which for most laws is soon a straight line.
    fn quantiles(&self, shares: &[f64], ccdf: impl Fn(f64) -> Option<f64>) -> Option<Vec<f64>> {
        let failed = Cell::new(false);
        let height = |t: f64| {
            let value = ccdf(t).unwrap_or_else(|| {
                failed.set(true);
                0.0
            });
            math::ln(value.max(1e-300))
        };
        let mut low = (0.0, height(0.0));
        let mut high = (self.mean, height(self.mean));
        let found = shares.iter().map(|&p| {
            assert_probability(p);
            let target = math::ln_1p(-p);
            while high.1 > target && !failed.get() {
                let slope = (high.1 - low.1) / (high.0 - low.0);
                let step = 1.1 * (target - high.1) / slope;
                let step = if step > 0.0 {
                    step.min(2.0 * high.0)
                } else {
                    high.0
                };
                low = high;
                high = (low.0 + step, height(low.0 + step));
            }
            let above = |(t, y): (f64, f64)| (t, y - target);
            let found = root_between(|t| height(t) - target, [above(low), above(high)], PRECISION);
            low = (found, target);
            found
        });
        let found: Vec<f64> = found.collect();
        (!failed.get()).then_some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::Distribution;
    use crate::theory::{Mg1, Mm1};

    /// Law, ρ, t, P(wait > t), P(response > t) for a mean service of 1 s: Takács's integral equation for the density of the wait solved
    /// by collocation with Chebyshev polynomials on panels between the kinks.
    #[rustfmt::skip]
    const TABLE: [(&str, f64, f64, f64, f64); 33] = [
        ("uniform", 0.7, 0.5, 0.590_791_599_2, 0.911_501_030_2),
        ("uniform", 0.7, 2.0, 0.288_922_808_9, 0.483_420_159_9),
        ("uniform", 0.7, 5.0, 0.066_148_186_1, 0.112_719_958_7),
        ("uniform", 0.7, 10.0, 0.005_626_710_8, 0.009_588_556_7),
        ("uniform:0.5", 0.7, 0.5, 0.574_279_735_4, 1.000_000_000_0),
        ("uniform:0.5", 0.7, 1.0, 0.429_133_942_1, 0.820_399_622_0),
        ("uniform:0.5", 0.7, 1.5, 0.311_891_612_9, 0.570_762_234_4),
        ("uniform:0.5", 0.7, 3.3, 0.103_653_179_1, 0.194_676_257_7),
        ("uniform:0.5", 0.7, 6.0, 0.019_734_425_6, 0.037_053_229_7),
        ("lognormal:1", 0.7, 0.3, 0.633_173_402_5, 0.951_437_547_6),
        ("lognormal:1", 0.7, 1.0, 0.498_294_071_8, 0.732_156_288_6),
        ("lognormal:1", 0.7, 4.0, 0.203_403_279_0, 0.285_275_307_7),
        ("lognormal:1", 0.7, 12.0, 0.024_361_780_0, 0.033_200_662_9),
        ("lognormal:0.1", 0.3, 0.9, 0.099_616_005_8, 0.685_925_484_0),
        ("lognormal:0.1", 0.3, 2.0, 0.014_660_353_0, 0.098_890_094_6),
        ("lognormal:0.1", 0.3, 4.0, 0.000_465_452_2, 0.003_141_484_8),
        ("lognormal:9", 0.5, 0.1, 0.477_196_894_7, 0.885_390_112_1),
        ("lognormal:9", 0.5, 1.0, 0.367_077_952_9, 0.531_505_832_0),
        ("lognormal:9", 0.5, 20.0, 0.062_183_437_7, 0.069_413_096_3),
        ("weibull:0.5", 0.6, 0.2, 0.566_618_834_6, 0.800_906_260_5),
        ("weibull:0.5", 0.6, 2.0, 0.409_021_985_9, 0.512_858_777_3),
        ("weibull:0.5", 0.6, 20.0, 0.053_327_074_6, 0.062_152_879_4),
        ("weibull:3", 0.8, 0.5, 0.703_681_489_2, 0.981_086_405_6),
        ("weibull:3", 0.8, 1.0, 0.588_417_073_8, 0.870_556_484_7),
        ("weibull:3", 0.8, 5.0, 0.130_792_602_6, 0.192_148_384_7),
        ("weibull:3", 0.8, 10.0, 0.020_029_067_8, 0.029_424_844_9),
        ("pareto:2.5", 0.5, 0.6, 0.325_070_596_2, 1.000_000_000_0),
        ("pareto:2.5", 0.5, 1.0, 0.229_769_881_5, 0.589_228_178_9),
        ("pareto:2.5", 0.5, 3.0, 0.065_569_245_9, 0.131_877_858_3),
        ("pareto:2.5", 0.5, 12.0, 0.005_741_350_4, 0.007_424_861_0),
        ("pareto:1.5", 0.5, 1.0, 0.300_998_851_5, 0.498_944_471_9),
        ("pareto:1.5", 0.5, 3.0, 0.199_809_556_9, 0.254_708_260_5),
        ("pareto:1.5", 0.5, 6.0, 0.148_197_123_3, 0.170_318_856_1),
    ];

    fn with<T>(spec: &str, busy: f64, of: impl Fn(Mg1Times<'_>) -> T) -> T {
        let law = Distribution::parse("law", spec, 1.0).unwrap();
        let (transform, ccdf) = (law.transform(), |t| law.ccdf(t));
        of(Mg1Times::new(busy, 1.0, &transform, &ccdf).unwrap())
    }

    #[test]
    fn agrees_with_the_integral_equation() {
        for (spec, busy, t, wait, response) in TABLE {
            let found = with(spec, busy, |law| {
                (law.wait_ccdf(t).unwrap(), law.response_ccdf(t).unwrap())
            });
            assert!(
                (found.0 - wait).abs() < 1e-8,
                "{spec} wait {t}: {} for {wait}",
                found.0
            );
            assert!(
                (found.1 - response).abs() < 1e-8,
                "{spec} response {t}: {} for {response}",
                found.1
            );
        }
    }

    #[test]
    fn exponential_service_is_mm1_also_near_saturation() {
        for busy in [0.001, 0.5, 0.99, 0.9999] {
            let markov = Mm1::new(busy, 1.0).unwrap();
            let shares = [0.5, 0.9, 0.999];
            let found = with("exponential", busy, |law| {
                law.response_quantiles(&shares).unwrap()
            });
            for (p, t) in shares.into_iter().zip(found) {
                let exact = markov.response_quantile(p);
                assert!(
                    (t / exact - 1.0).abs() < 1e-6,
                    "{busy} {p}: {t} for {exact}"
                );
            }
        }
    }

    #[test]
    fn two_exponential_branches_have_a_closed_form() {
        // P(response > t) = Σ c·e^(−θt) with θ the roots of θ² − (μ₁ + μ₂ − λ)θ + μ₁μ₂(1−ρ), by partial fractions.
        let (busy, scv) = (0.8, 4.0_f64);
        let p = 0.5 * (1.0 + ((scv - 1.0) / (scv + 1.0)).sqrt());
        let (a, b) = (2.0 * p, 2.0 * (1.0 - p));
        let (sum, product) = (a + b - busy, a * b * (1.0 - busy));
        let root = (0.25 * sum * sum - product).sqrt();
        let (x, y) = (0.5 * sum - root, 0.5 * sum + root);
        let mix = p * a + (1.0 - p) * b;
        let weight = |u: f64, v: f64| (1.0 - busy) * (a * b - u * mix) / (u * (v - u));
        for t in [0.01, 0.3, 2.0, 20.0] {
            let exact = weight(x, y) * libm::exp(-x * t) + weight(y, x) * libm::exp(-y * t);
            let found = with("hyperexponential:4", busy, |law| {
                law.response_ccdf(t).unwrap()
            });
            assert!((found - exact).abs() < 2e-9, "{t}: {found} for {exact}");
        }
    }

    /// ∫ P(wait > t) dt is Pollaczek and Khinchine's mean, for every law with a density.
    #[test]
    fn waits_have_the_known_mean() {
        for spec in [
            "erlang:3",
            "mixed-erlang:0.3",
            "mixed-erlang:0.003",
            "hyperexponential:50",
            "uniform",
            "lognormal:2",
            "weibull:0.7",
            "weibull:8",
            "pareto:3.5",
            "bounded-pareto:1.2:50",
            "bounded-pareto:0.3:20",
        ] {
            let law = Distribution::parse("law", spec, 1.0).unwrap();
            let exact = Mg1::new(0.6, 1.0, law.scv().unwrap()).unwrap().mean_wait();
            let mut mean = 0.0;
            // t = e^(v − e^(−v)): the trapezoidal rule, also for long tails.
            for step in -30_i32..160 {
                let v = 0.1 * f64::from(step);
                let t = libm::exp(v - libm::exp(-v));
                let above = with(spec, 0.6, |law| {
                    law.wait_ccdf(t).unwrap_or_else(|| panic!("{spec} {t}"))
                });
                mean += 0.1 * t * (1.0 + libm::exp(-v)) * if t < 3e3 { above } else { 0.0 };
            }
            assert!(
                (mean / exact - 1.0).abs() < 1e-4,
                "{spec}: {mean} for {exact}"
            );
        }
    }

    #[test]
    fn quantiles_undo_the_probabilities() {
        let shares = [0.1, 0.5, 0.9, 0.99, 0.999];
        for spec in [
            "erlang:2",
            "mixed-erlang:0.01",
            "hyperexponential:1000",
            "uniform:0.2",
            "lognormal:5",
            "weibull:30",
            "pareto:1.2",
            "bounded-pareto:1:1000000",
        ] {
            for busy in [0.01, 0.5, 0.95] {
                with(spec, busy, |law| {
                    let found = law
                        .response_quantiles(&shares)
                        .unwrap_or_else(|| panic!("{spec} {busy}"));
                    for (p, t) in shares.iter().zip(&found) {
                        let above = law.response_ccdf(*t).unwrap();
                        assert!((above + p - 1.0).abs() < 2e-8, "{spec} {busy} {p}: {above}");
                    }
                    assert!(found.windows(2).all(|pair| pair[0] <= pair[1]));
                    let wait = law.wait_quantile(0.999).unwrap();
                    assert!((law.wait_ccdf(wait).unwrap() - 0.001).abs() < 2e-8);
                    assert_eq!(law.wait_quantile(0.5 * (1.0 - busy)), Some(0.0));
                });
            }
        }
    }

    #[test]
    fn single_values_have_no_result() {
        for spec in ["deterministic", "uniform:0"] {
            assert_eq!(
                with(spec, 0.5, |law| law.response_quantiles(&[0.9])),
                None,
                "{spec}"
            );
        }
    }

    #[test]
    fn wrong_input_is_named() {
        let law = Distribution::exponential(1.0);
        let (transform, ccdf) = (law.transform(), |t| law.ccdf(t));
        let error = |rate, mean| Mg1Times::new(rate, mean, &transform, &ccdf).err().unwrap();
        assert_eq!(error(-1.0, 1.0).field(), "arrival_rate");
        assert!(matches!(error(1.0, 1.0), InputError::Unstable { .. }));
    }
}
