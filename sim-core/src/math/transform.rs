//! The Laplace–Stieltjes transform E\[e^(−sX)\] of a duration, for complex s with a positive real part.
//!
//! What is computed is its complement 1 − E\[e^(−sX)\], to a relative precision, because near s = 0 that is what queues are
//! made of. Three forms are enough for all laws:
//!
//! - *stages*: a mixture of sums of k exponentials of rate r. From d = s/(r + s) for one stage, those of more follow by
//!   1 − (1−a)(1−b) = a + b − ab, which has no cancellation;
//! - *uniform*: 1 − e^(−s·low)·(1 − e^(−s·w))/(s·w) with w = high − low;
//! - *nodes*: Σ w·(1 − e^(−sx)) over some nodes x with weights w: the values of a record, or a quadrature. A law whose density b is
//!   analytic is integrated along a ray that is turned by an angle −θ into the complex plane, where e^(−sx) decays instead of
//!   oscillating, for all s of the upper right quadrant at once; its nodes are then complex. S. Asmussen, J. L. Jensen and
//!   L. Rojas-Nandayapa, "On the Laplace transform of the lognormal distribution", Methodology and Computing in Applied
//!   Probability 18 (2016) 441–458, discuss the lognormal case.

use super::complex::Complex;
use crate::math;

/// How far rays are turned: half way between the arguments 0 and π/2 that s may have.
pub const TURN: f64 = std::f64::consts::FRAC_PI_4;

/// What formulas ask of a transform.
pub trait Transformed {
    /// How many terms a value takes.
    fn cost(&self) -> usize;
    /// 1 − E\[e^(−sX)\] at a real s > 0.
    fn complement_at(&self, s: f64) -> f64;
    /// The complement at real + i·step·k for k = from, from + 1, …
    fn complements(&self, real: f64, step: f64, from: usize, row: &mut [Complex]);
}

/// The transform of one law.
#[derive(Debug, Clone, PartialEq)]
pub struct Transform {
    form: Form,
}

/// The transform of a mixture of sums of exponentials: all that a program needs which knows no other laws.
#[derive(Debug, Clone, PartialEq)]
pub struct Stages(Vec<Branch>);

#[derive(Debug, Clone, PartialEq)]
enum Form {
    Stages(Stages),
    Uniform { low: f64, high: f64 },
    Nodes(Vec<Node>),
}

/// With probability `share`, the sum of `stages` exponentials of this `rate`, per second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Branch {
    /// Its probability.
    pub share: f64,
    /// Stages, at least one.
    pub stages: u32,
    /// Rate of each, per second.
    pub rate: f64,
}

/// A point of a quadrature, or a value of a record.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Node {
    /// Where, seconds.
    pub at: Complex,
    /// Its weight.
    pub weight: Complex,
}

impl Transform {
    /// Of a mixture of sums of exponentials.
    pub fn stages(branches: Vec<Branch>) -> Self {
        Self {
            form: Form::Stages(Stages(branches)),
        }
    }

    /// Of a law that is uniform between two bounds, seconds.
    pub fn uniform(low: f64, high: f64) -> Self {
        Self {
            form: Form::Uniform { low, high },
        }
    }

    /// Of a law with these values and probabilities.
    pub fn atoms(values: impl Iterator<Item = (f64, f64)>) -> Self {
        let node = |(value, share)| Node {
            at: Complex::new(value, 0.0),
            weight: Complex::new(share, 0.0),
        };
        Self {
            form: Form::Nodes(values.map(node).collect()),
        }
    }

    /// By a quadrature whose weights are scaled to add up to one.
    pub fn quadrature(mut nodes: Vec<Node>) -> Self {
        let sum = nodes
            .iter()
            .fold(Complex::default(), |sum, node| sum + node.weight);
        for node in &mut nodes {
            node.weight = node.weight / sum;
        }
        Self {
            form: Form::Nodes(nodes),
        }
    }

    /// 1 − E\[e^(−sX)\].
    pub fn complement(&self, s: Complex) -> Complex {
        match &self.form {
            Form::Stages(stages) => stages.complement(s),
            Form::Uniform { low, high } => {
                let start = s.scaled(*low).one_minus_exp_neg();
                let spread = rest_of_uniform(s.scaled(high - low));
                start + spread - start * spread
            }
            Form::Nodes(nodes) => nodes.iter().fold(Complex::default(), |sum, node| {
                sum + node.weight * (s * node.at).one_minus_exp_neg()
            }),
        }
    }
}

impl Transformed for Transform {
    fn cost(&self) -> usize {
        match &self.form {
            Form::Stages(stages) => stages.cost(),
            Form::Uniform { .. } => 2,
            Form::Nodes(nodes) => nodes.len(),
        }
    }

    fn complement_at(&self, s: f64) -> f64 {
        self.complement(Complex::new(s, 0.0)).re
    }

    fn complements(&self, real: f64, step: f64, from: usize, row: &mut [Complex]) {
        let first = Complex::new(real, step * from as f64);
        let Form::Nodes(nodes) = &self.form else {
            for (k, value) in row.iter_mut().enumerate() {
                *value = self.complement(first + Complex::new(0.0, step * k as f64));
            }
            return;
        };
        row.fill(Complex::default());
        for node in nodes {
            // From one s to the next by a product: an exponential each would take twenty times as long.
            let mut here = (first * node.at).one_minus_exp_neg();
            let more = (Complex::new(0.0, step) * node.at).one_minus_exp_neg();
            for value in &mut *row {
                *value += node.weight * here;
                here = here + more - here * more;
            }
        }
    }
}

impl Stages {
    /// Of these branches.
    pub fn new(branches: Vec<Branch>) -> Self {
        Self(branches)
    }

    fn complement(&self, s: Complex) -> Complex {
        self.0.iter().fold(Complex::default(), |sum, branch| {
            sum + several(s / (s + Complex::new(branch.rate, 0.0)), branch.stages)
                .scaled(branch.share)
        })
    }
}

impl Transformed for Stages {
    fn cost(&self) -> usize {
        self.0.len()
    }

    fn complement_at(&self, s: f64) -> f64 {
        self.complement(Complex::new(s, 0.0)).re
    }

    fn complements(&self, real: f64, step: f64, from: usize, row: &mut [Complex]) {
        for (k, value) in row.iter_mut().enumerate() {
            *value = self.complement(Complex::new(real, step * (from + k) as f64));
        }
    }
}

/// 1 − (1−d)ⁿ.
fn several(mut d: Complex, mut n: u32) -> Complex {
    let joined = |a: Complex, b: Complex| a + b - a * b;
    let mut all = Complex::default();
    loop {
        if n % 2 == 1 {
            all = joined(all, d);
        }
        n /= 2;
        if n == 0 {
            return all;
        }
        d = joined(d, d);
    }
}

/// 1 − (1 − e^(−z))/z.
fn rest_of_uniform(z: Complex) -> Complex {
    if z.square() > 1e-2 {
        return Complex::ONE - z.one_minus_exp_neg() / z;
    }
    // z/2 − z²/6 + z³/24 − …
    let mut term = z.scaled(0.5);
    let mut sum = term;
    for k in 3..12 {
        term = -(term * z).scaled(1.0 / f64::from(k));
        sum += term;
    }
    sum
}

/// The steps of [`half_line`] that are short enough for powers.
pub const STEP: f64 = 0.07;

/// Points of a quadrature over (0, ∞) that is accurate to rounding for functions that are analytic in a sector and fall
/// off like a small power of u at least: u = e^(v − e^(−v)) at equal steps of v (H. Takahasi and M. Mori, "Double exponential
/// formulas for numerical integration", 1974). Each point comes with its weight du. The span (offset, last) moves all points down
/// by the rest of offset over a step, and ends at v = last.
pub fn half_line(step: f64, (offset, last): (f64, f64)) -> impl Iterator<Item = (f64, f64)> {
    let mut v = -3.7 - (offset - step * (offset / step).floor());
    std::iter::from_fn(move || {
        v += step;
        let inner = math::exp(-v);
        let u = math::exp(v - inner);
        (v < last).then_some((u, step * u * (1.0 + inner)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_are_powers() {
        let erlang = Transform::stages(vec![Branch {
            share: 1.0,
            stages: 13,
            rate: 2.0,
        }]);
        let s = Complex::new(0.4, 1.7);
        let one = Complex::new(2.0, 0.0) / (s + Complex::new(2.0, 0.0));
        let expected = Complex::ONE - (0..13).fold(Complex::ONE, |power, _| power * one);
        assert!((erlang.complement(s) - expected).square() < 1e-29);
        // Near zero it is s times the mean, to a relative precision.
        let small = erlang.complement_at(1e-12);
        assert!((small / 6.5e-12 - 1.0).abs() < 1e-11, "{small}");
    }

    #[test]
    fn a_row_is_its_values() {
        let law = Transform::atoms([(1.0, 0.25), (3.0, 0.75)].into_iter());
        let mut row = [Complex::default(); 100];
        law.complements(0.2, 0.3, 7, &mut row);
        for (k, value) in row.iter().enumerate() {
            let single = law.complement(Complex::new(0.2, 0.3 * (7 + k) as f64));
            assert!((*value - single).square() < 1e-27, "{k}");
        }
    }

    #[test]
    fn both_forms_of_the_uniform_law_meet() {
        for angle in [0.0, 0.8, 1.5] {
            let (below, above) = (
                Complex::polar(0.1 - 1e-9, angle),
                Complex::polar(0.1 + 1e-9, angle),
            );
            let gap = rest_of_uniform(above) - rest_of_uniform(below);
            assert!(gap.square().sqrt() < 2e-9);
        }
        let law = Transform::uniform(1.0, 3.0);
        assert!((law.complement_at(1e-9) / 2e-9 - 1.0).abs() < 1e-8);
        let direct = 1.0 - (libm::exp(-0.7) - libm::exp(-2.1)) / 1.4;
        assert!((law.complement_at(0.7) - direct).abs() < 1e-15);
    }

    #[test]
    fn the_half_line_integrates_powers_and_exponentials() {
        let sum = |f: &dyn Fn(f64) -> f64, last| {
            half_line(STEP, (0.0, last))
                .map(|(u, du)| du * f(u))
                .sum::<f64>()
        };
        assert!((sum(&|u| libm::exp(-u), 5.0) - 1.0).abs() < 1e-14);
        let power = sum(&|u| 0.5 * libm::pow(1.0 + u, -1.5), 72.0);
        assert!((power - 1.0).abs() < 1e-13, "{power}");
    }
}
