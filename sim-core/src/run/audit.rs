//! What a run does not trust of its own numbers, by name.
//!
//! | check | sees |
//! |---|---|
//! | drift | a quantity that differs between the first and the last eighth of the window, or between its halves |
//! | Little's law | the number in system, measured over time, against arrivals times the time that each of them spent, followed to its end |
//! | traffic | throughput and utilization of a resource against what is exactly known to be asked of it |
//! | start, window | a warm-up or a window that is short beside the longest memory of the system |
//! | inside | requests that had not left when they were followed no longer |
//! | growth, crowd, deadlock, livelock | a system without a steady state |
//!
//! Drift and Little's law are tests across replications: a mean of differences against Student's t. Each of the two averages compared is alike in
//! distribution where nothing drifts, so their difference is symmetric, and the test errs on the safe side for heavy tails. The levels of all
//! tests of a run add up to [`LEVEL`] (Bonferroni): fewer than one honest run in a hundred is doubted. A start that is forgotten within an eighth
//! of the window and moves a mean by more than its interval moves that eighth by eight times as much, which is seen nearly always.

use serde::{Deserialize, Serialize};

use super::report::{Quantity, Report};
use crate::math::special::student_t_quantile;
use crate::stats::interval::{CONFIDENCE, half_width_factor};
use crate::stats::moments::Moments;

/// What the averages that are compared for drift are called.
pub(super) const HALVES: Sides = ("in the first half of the window", "in the second half");
pub(super) const EIGHTHS: Sides = ("in the first eighth of the window", "in the last eighth");
/// How often at most the tests of an honest run find something.
pub const LEVEL: f64 = 0.005;
/// A difference below this share of what differs is too small to matter.
const NEGLIGIBLE: f64 = 5e-4;

/// What kind of check failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DoubtKind {
    /// A quantity differs between the beginning and the end of the window.
    Drift,
    /// L and λW, measured apart, differ.
    LittlesLaw,
    /// What was measured differs from what is exactly known.
    Traffic,
    /// What was discarded at the start is too short, or is not known to be long enough.
    WarmUp,
    /// The window is short beside what the system remembers.
    Window,
    /// Requests were still inside when they were followed no longer.
    Inside,
    /// The number in system grows.
    Growth,
    /// Too many requests were in flight.
    Crowd,
    /// Requests wait for each other for ever.
    Deadlock,
    /// Event follows event and no time passes.
    Livelock,
}

impl DoubtKind {
    /// Whether a longer warm-up and a longer window may settle it.
    pub fn may_settle(self) -> bool {
        match self {
            Self::Drift
            | Self::LittlesLaw
            | Self::WarmUp
            | Self::Window
            | Self::Inside
            | Self::Growth => true,
            Self::Traffic | Self::Crowd | Self::Deadlock | Self::Livelock => false,
        }
    }
}

/// A check that failed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Doubt {
    /// Which check.
    pub kind: DoubtKind,
    /// Of what: a quantity such as `requests in system`, or `utilization of web`.
    pub what: String,
    /// What was found, in one sentence.
    pub detail: String,
}

/// Compares every quantity of a report with its `theory`, where it has one, and adds what differs to what is doubted. Called once theory
/// is filled in (see [`crate::expectation`]).
pub fn doubt_theory(report: &mut Report) {
    let mut audit = Audit::default();
    let replications = report.replications;
    let mut known = |what: &str, it: Quantity| {
        if let Some(theory) = it.theory {
            audit.known(what, it, theory, replications);
        }
    };
    known("mean response", report.mean_response);
    known("mean wait", report.mean_wait);
    known("requests in system", report.mean_in_system);
    known("requests in queue", report.mean_in_queue);
    if let Some(details) = &report.details {
        known("throughput", details.throughput);
        for class in &details.classes {
            let name = &class.name;
            known(&format!("throughput of class {name}"), class.throughput);
            known(
                &format!("share of class {name} that is served"),
                class.served_share,
            );
            known(
                &format!("mean response of class {name}"),
                class.mean_response,
            );
            known(&format!("mean wait of class {name}"), class.mean_wait);
        }
        for place in &details.places {
            let name = &place.name;
            known(&format!("utilization of {name}"), place.utilization);
            known(&format!("throughput of {name}"), place.throughput);
            known(&format!("mean wait at {name}"), place.mean_wait);
            known(&format!("number at {name}"), place.mean_in_system);
            known(&format!("share rejected at {name}"), place.rejected_share);
            known(
                &format!("share that gives up at {name}"),
                place.gave_up_share,
            );
        }
    }
    let found = audit.finish();
    report.converged &= found.is_empty();
    report.doubts.extend(found);
}

/// Collects doubts. All tests are announced before the first result is read, since their levels add up.
#[derive(Debug, Default)]
pub(super) struct Audit {
    tests: Vec<Test>,
    doubts: Vec<Doubt>,
}

/// A mean that is to be zero.
#[derive(Debug)]
struct Test {
    kind: DoubtKind,
    what: String,
    differences: Moments,
    /// What is compared: means of the two sides.
    sides: (f64, f64),
    /// The smallest difference that matters.
    least: f64,
    /// How the two sides are called in a sentence.
    names: (&'static str, &'static str),
}

/// The two sides of a comparison, by what they are called.
pub(super) type Sides = (&'static str, &'static str);

impl Audit {
    /// Something that needs no test.
    pub(super) fn doubt(&mut self, kind: DoubtKind, what: impl Into<String>, detail: String) {
        self.doubts.push(Doubt {
            kind,
            what: what.into(),
            detail,
        });
    }

    /// Pairs, one a replication, whose differences are to be zero on average; `least` is a difference that never matters.
    pub(super) fn compare(
        &mut self,
        kind: DoubtKind,
        what: &str,
        names: Sides,
        least: f64,
        pairs: impl Iterator<Item = (f64, f64)>,
    ) {
        let (mut differences, mut first, mut second) = <(Moments, Moments, Moments)>::default();
        for (a, b) in pairs {
            differences.add(b - a);
            first.add(a);
            second.add(b);
        }
        self.tests.push(Test {
            kind,
            what: what.to_owned(),
            differences,
            sides: (first.mean(), second.mean()),
            least,
            names,
        });
    }

    /// A quantity with its interval over so many replications, and the value that it is exactly known to have.
    pub(super) fn known(&mut self, what: &str, found: Quantity, exact: f64, replications: u64) {
        let (Some(estimate), Some(low), Some(high)) = (found.estimate, found.low, found.high)
        else {
            return;
        };
        let Some(factor) = half_width_factor(replications, CONFIDENCE) else {
            return;
        };
        // An interval that was cut off where the quantity ends is as wide as its wider side.
        let half = (high - estimate).max(estimate - low);
        let deviation = half / factor;
        self.tests.push(Test {
            kind: DoubtKind::Traffic,
            what: what.to_owned(),
            differences: Moments::of_summary(replications, estimate - exact, deviation * deviation),
            sides: (exact, estimate),
            least: 0.0,
            names: ("exactly", "measured"),
        });
    }

    /// What is doubted.
    pub(super) fn finish(self) -> Vec<Doubt> {
        let Self { tests, mut doubts } = self;
        let share = LEVEL / tests.len().max(1) as f64;
        for test in tests {
            if test.fails(share) {
                let detail = test.in_words();
                // Of several splits of one quantity the first that shows it is enough.
                if !doubts
                    .iter()
                    .any(|it| it.kind == test.kind && it.what == test.what)
                {
                    doubts.push(Doubt {
                        kind: test.kind,
                        what: test.what,
                        detail,
                    });
                }
            }
        }
        doubts
    }
}

impl Test {
    fn fails(&self, level: f64) -> bool {
        let count = self.differences.count();
        if count < 2 {
            return false;
        }
        let difference = self.differences.mean().abs();
        let (first, second) = self.sides;
        let scale = f64::midpoint(first.abs(), second.abs());
        if !(difference > self.least && difference > NEGLIGIBLE * scale) {
            return false;
        }
        let error = (self.differences.variance() / count as f64).sqrt();
        // No variation at all is a regular pattern of events, cut at a place that is no end of it.
        error > 0.0
            && difference / error > student_t_quantile(1.0 - level / 2.0, (count - 1) as f64)
    }

    fn in_words(&self) -> String {
        let (first, second) = self.sides;
        let (ours, theirs) = self.names;
        format!("{} {ours}, {} {theirs}", digits(first), digits(second))
    }
}

/// A number in four significant digits, for a sentence.
fn digits(value: f64) -> String {
    if value == 0.0 {
        return "0".into();
    }
    let magnitude = crate::math::log10(value.abs()).floor();
    if !(-4.0..=6.0).contains(&magnitude) {
        return value.to_string();
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and 7"
    )]
    let places = (3.0 - magnitude).max(0.0) as usize;
    format!("{value:.places$}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Uniforms};

    fn doubted(shift: f64, seed: u64, tests: usize) -> usize {
        let mut stream = Uniforms::<1>::new(seed, 0, Purpose::Service);
        let mut audit = Audit::default();
        for number in 0..tests {
            let pairs: Vec<_> = (0..32)
                .map(|_| {
                    let [a] = stream.next_uniform();
                    let [b] = stream.next_uniform();
                    // Exponential values around 10: skewed, as sums of few waits are.
                    let value = |u: f64| 9.0 - crate::math::ln(u);
                    let shift = if number == 0 { shift } else { 0.0 };
                    (value(a) + shift, value(b))
                })
                .collect();
            let names = ("in the first half", "in the second");
            let what = number.to_string();
            audit.compare(DoubtKind::Drift, &what, names, 0.0, pairs.into_iter());
        }
        audit.finish().len()
    }

    #[test]
    fn honest_runs_are_seldom_doubted_and_drifting_ones_nearly_always() {
        let honest: usize = (0..2000).map(|seed| doubted(0.0, seed, 20).min(1)).sum();
        // The level is 0.5 %, 10 of 2,000; skewed differences are symmetric, so it is less.
        assert!(honest <= 18, "{honest} of 2000");
        // Ten standard errors of a difference.
        let error = (2.0_f64 / 32.0).sqrt();
        let seen: usize = (0..200).map(|seed| doubted(10.0 * error, seed, 20)).sum();
        assert!(seen >= 198, "{seen} of 200");
    }

    #[test]
    fn a_regular_pattern_is_no_drift() {
        let mut audit = Audit::default();
        let pairs = std::iter::repeat_n((3.0, 4.0), 32);
        audit.compare(DoubtKind::Drift, "throughput", ("a", "b"), 0.0, pairs);
        assert_eq!(audit.finish(), []);
    }

    #[test]
    fn what_is_exactly_known_is_compared_with_what_was_measured() {
        let doubts = |exact: f64| {
            let mut audit = Audit::default();
            let found = Quantity::new(0.5, Some((0.49, 0.51)));
            audit.known("utilization of web", found, exact, 32);
            audit.finish()
        };
        assert_eq!(doubts(0.505), []);
        let found = doubts(0.55);
        assert_eq!(found[0].detail, "0.5500 exactly, 0.5000 measured");
    }
}
