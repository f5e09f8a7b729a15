//! The law of a time that passes while nobody waits, as far as it has a survival function P(T > t) that can be computed.

use super::order;
use crate::distribution::Distribution;
use crate::math::special::gamma_upper;

/// Parts that a law may be made of; beyond, it counts as not known.
const MOST_PARTS: usize = 256;
/// Values of a record that are looked at one by one.
const MOST_VALUES: usize = 1_000;

/// A law of a time, in seconds.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Law<'a> {
    /// Always the same.
    Fixed(f64),
    /// A draw times a factor.
    Drawn(&'a Distribution, f64),
    /// A sum of this many exponentials of this mean.
    Stages(f64, f64),
    /// A fixed time and then another.
    After(f64, Box<Self>),
    /// One of several, with a probability each.
    Mixed(Vec<(f64, Self)>),
    /// Until so many of several have ended that begin at once.
    First(usize, Vec<Self>),
    /// A time that is cut short.
    Cut(Box<Self>, f64),
}

impl<'a> Law<'a> {
    /// A draw times a factor; `None` for a record too long to be looked at.
    pub(super) fn drawn(law: &'a Distribution, factor: f64) -> Option<Self> {
        match law {
            Distribution::Deterministic(law) => Some(Self::Fixed(law.value * factor)),
            Distribution::Empirical(record) if record.values.len() > MOST_VALUES => None,
            law if law.is_exponential() => Some(Self::Stages(1.0, law.mean()? * factor)),
            law => Some(Self::Drawn(law, factor)),
        }
    }

    /// One of several.
    pub(super) fn mixed(parts: Vec<(f64, Self)>) -> Option<Self> {
        Self::Mixed(parts).small()
    }

    /// Until `first` of several have ended.
    pub(super) fn first(first: usize, parts: Vec<Self>) -> Option<Self> {
        order::is_known(first, &parts)
            .then_some(Self::First(first, parts))?
            .small()
    }

    /// No longer than `most`.
    pub(super) fn cut(self, most: f64) -> Self {
        match self {
            Self::Fixed(time) => Self::Fixed(time.min(most)),
            law => Self::Cut(Box::new(law), most),
        }
    }

    /// One time after the other, independently: known where one of them is fixed, or both are sums of equal exponentials.
    pub(super) fn then(self, next: Self) -> Option<Self> {
        match (self, next) {
            (Self::Fixed(a), Self::Fixed(b)) => Some(Self::Fixed(a + b)),
            (Self::Fixed(fixed), law) | (law, Self::Fixed(fixed)) if fixed == 0.0 => Some(law),
            (Self::Fixed(fixed), Self::After(more, law))
            | (Self::After(more, law), Self::Fixed(fixed)) => Some(Self::After(fixed + more, law)),
            (Self::Fixed(fixed), law) | (law, Self::Fixed(fixed)) => {
                Some(Self::After(fixed, Box::new(law)))
            }
            (Self::Stages(n, mean), Self::Stages(m, other)) if mean == other => {
                Some(Self::Stages(n + m, mean))
            }
            _ => None,
        }
    }

    /// `times` such times in a row.
    pub(super) fn repeated(self, times: u32) -> Option<Self> {
        match self {
            law if times == 1 => Some(law),
            Self::Fixed(time) => Some(Self::Fixed(time * f64::from(times))),
            Self::Stages(n, mean) => Some(Self::Stages(n * f64::from(times), mean)),
            _ => None,
        }
    }

    fn small(self) -> Option<Self> {
        (self.parts() <= MOST_PARTS).then_some(self)
    }

    fn parts(&self) -> usize {
        match self {
            Self::Fixed(_) | Self::Drawn(..) | Self::Stages(..) => 1,
            Self::After(_, law) | Self::Cut(law, _) => 1 + law.parts(),
            Self::Mixed(parts) => parts.iter().map(|(_, law)| law.parts()).sum(),
            Self::First(_, parts) => parts.iter().map(Self::parts).sum(),
        }
    }

    /// P(T > t).
    pub(super) fn survival(&self, t: f64) -> f64 {
        if t < 0.0 {
            return 1.0;
        }
        match self {
            Self::Fixed(time) => f64::from(u8::from(t < *time)),
            Self::Drawn(law, factor) => law.ccdf(t / factor),
            Self::Stages(n, mean) => gamma_upper(*n, t / mean),
            Self::After(fixed, law) => law.survival(t - fixed),
            Self::Mixed(parts) => parts
                .iter()
                .map(|(share, law)| share * law.survival(t))
                .sum(),
            Self::First(first, parts) => {
                let running: Vec<f64> = parts.iter().map(|law| law.survival(t)).collect();
                order::at_least_running(parts.len() + 1 - first, &running)
            }
            Self::Cut(law, most) => {
                if t < *most {
                    law.survival(t)
                } else {
                    0.0
                }
            }
        }
    }

    /// The mean.
    pub(super) fn mean(&self) -> f64 {
        match self {
            Self::Fixed(time) => *time,
            Self::Drawn(law, factor) => law.mean().unwrap_or(f64::INFINITY) * factor,
            Self::Stages(n, mean) => n * mean,
            Self::After(fixed, law) => fixed + law.mean(),
            Self::Mixed(parts) => parts.iter().map(|(share, law)| share * law.mean()).sum(),
            Self::First(first, parts) => order::mean(*first, parts),
            Self::Cut(law, most) => law.mean_up_to(*most),
        }
    }

    /// The mean of min(T, most): the survival function's integral up to there.
    pub(super) fn mean_up_to(&self, most: f64) -> f64 {
        match self {
            Self::Fixed(time) => time.min(most),
            Self::Stages(1.0, mean) => -mean * crate::math::exp_m1(-most / mean),
            law => {
                let mut jumps = Vec::new();
                law.jumps(&mut jumps);
                order::integral(&|t| law.survival(t), &jumps, most)
            }
        }
    }

    /// Where the survival function jumps or bends.
    pub(super) fn jumps(&self, found: &mut Vec<f64>) {
        match self {
            Self::Fixed(time) => found.push(*time),
            Self::Drawn(law, factor) => {
                let edges = edges(law);
                found.extend(edges.into_iter().map(|edge| edge * factor));
            }
            Self::Stages(n, mean) => found.push(n * mean),
            Self::After(fixed, law) => {
                let from = found.len();
                found.push(0.0);
                law.jumps(found);
                for edge in &mut found[from..] {
                    *edge += fixed;
                }
            }
            Self::Mixed(parts) => parts.iter().for_each(|(_, law)| law.jumps(found)),
            Self::First(_, parts) => parts.iter().for_each(|law| law.jumps(found)),
            Self::Cut(law, most) => {
                law.jumps(found);
                found.push(*most);
            }
        }
    }
}

/// Where the survival function of a law jumps or bends, and some point in its middle.
fn edges(law: &Distribution) -> Vec<f64> {
    match law {
        Distribution::Uniform(law) => vec![law.low, law.high],
        Distribution::BoundedPareto(law) => vec![law.low, law.high],
        Distribution::Pareto(law) => vec![law.mean * (law.shape - 1.0) / law.shape],
        Distribution::Empirical(law) => law.values.clone(),
        law => vec![law.mean().unwrap_or(1.0)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, mean: f64) -> Distribution {
        Distribution::parse("law", text, mean).unwrap()
    }

    #[track_caller]
    fn near(found: f64, expected: f64) {
        assert!(
            (found / expected - 1.0).abs() < 1e-9,
            "{found} instead of {expected}"
        );
    }

    /// The survival function's integral over all times is the mean, whatever the law.
    #[test]
    fn survival_functions_add_up_to_the_mean() {
        for text in [
            "exponential",
            "uniform:0.5",
            "erlang:7",
            "mixed-erlang:0.3",
            "hyperexponential:4",
            "lognormal:0.000001",
            "lognormal:3",
            "weibull:0.7",
            "pareto:2.5",
            "bounded-pareto:1.1:1000",
            "empirical:1;2;2;7",
        ] {
            let law = of(text, 3.0);
            let law = Law::Drawn(&law, 2.0);
            let mut jumps = Vec::new();
            law.jumps(&mut jumps);
            let found = order::integral(&|t| law.survival(t), &jumps, f64::INFINITY);
            assert!((found / 6.0 - 1.0).abs() < 1e-8, "{text}: {found}");
        }
    }

    #[test]
    fn times_that_are_cut_short_by_hand() {
        let law = of("exponential", 1.0);
        let law = Law::drawn(&law, 1.0).unwrap();
        near(law.mean_up_to(0.2), 0.181_269_246_922_018_13);
        // Uniform on 0..2 cut at 1: ∫₀¹ (1 − t/2) dt.
        let law = of("uniform", 1.0);
        near(Law::drawn(&law, 1.0).unwrap().mean_up_to(1.0), 0.75);
        // Pareto of shape 2 from 0.5 on, cut at 1: 0.5 + ∫ (0.5/t)² dt = 0.5 + 0.25·(2 − 1).
        let law = of("pareto:2", 1.0);
        near(Law::drawn(&law, 1.0).unwrap().mean_up_to(1.0), 0.75);
        // Ten milliseconds, then an exponential second, cut at 0.21 s.
        let law = of("exponential", 1.0);
        let law = Law::drawn(&law, 1.0)
            .unwrap()
            .then(Law::Fixed(0.01))
            .unwrap();
        near(law.mean_up_to(0.21), 0.01 + 0.181_269_246_922_018_13);
        near(law.mean(), 1.01);
    }

    #[test]
    fn equal_exponentials_add_up_to_an_erlang_law() {
        let stage = of("exponential", 0.5);
        let stage = || Law::drawn(&stage, 1.0).unwrap();
        let sum = stage().then(stage()).unwrap().then(stage()).unwrap();
        assert_eq!(Some(sum.clone()), stage().repeated(3));
        let erlang = of("erlang:3", 1.5);
        for t in [0.1, 1.0, 5.0] {
            near(sum.survival(t), erlang.ccdf(t));
        }
        let other = of("exponential", 0.7);
        assert_eq!(stage().then(Law::drawn(&other, 1.0).unwrap()), None);
    }
}
