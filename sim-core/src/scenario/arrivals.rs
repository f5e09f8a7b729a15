//! How the requests of a class come: open (they come whatever happens) or closed (a fixed number of users who wait for
//! their answer, think, and ask again). One key is the switch.

use serde::{Deserialize, Serialize};

use super::problems::Problems;
use crate::distribution::Distribution;

/// The highest rate a process may have, per second.
pub const MAX_RATE: f64 = 1e9;
/// The lowest rate a process may have, per second.
pub const MIN_RATE: f64 = 1e-9;
/// The most users of a class.
pub const MAX_USERS: u32 = 1_000_000;
/// The most requests in one batch.
pub const MAX_BATCH: u32 = 100_000;
/// The most steps of a rate, and the most recorded arrivals.
pub const MAX_ENTRIES: usize = 10_000_000;

/// An arrival process.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Arrivals {
    /// Independent of each other at a constant rate.
    Poisson(Poisson),
    /// Independent gaps of one law.
    Renewal(Renewal),
    /// Calm and bursts in turn: a Poisson process whose rate is switched by a two-state Markov chain (MMPP).
    Bursty(Bursty),
    /// A rate that changes in steps.
    Steps(Steps),
    /// A rate that swings like a sine.
    Sinusoidal(Sinusoidal),
    /// Several requests at once.
    Batches(Batches),
    /// Recorded moments.
    Recorded(Recorded),
    /// A closed loop: users who think between two requests.
    Users(Users),
}

/// Independent arrivals at a constant rate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Poisson {
    /// Requests per second, 1e-9 to 1e9.
    pub rate: f64,
}

/// Independent gaps of one law.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Renewal {
    /// The law of the gap between two arrivals, seconds.
    pub interarrival: Distribution,
}

/// A Poisson process that switches between two rates; it stays exponentially long in each state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Bursty {
    /// Requests per second in the calm, 0 to 1e9.
    pub calm_rate: f64,
    /// Requests per second in a burst, 1e-9 to 1e9.
    pub burst_rate: f64,
    /// Mean length of a calm, seconds.
    pub calm_seconds: f64,
    /// Mean length of a burst, seconds.
    pub burst_seconds: f64,
}

/// A Poisson process whose rate changes in steps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Steps {
    /// The steps in order; after the last one the first follows again.
    pub steps: Vec<Step>,
}

/// A stretch of time at one rate.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// How long it lasts, seconds.
    pub seconds: f64,
    /// Requests per second meanwhile, 0 to 1e9.
    pub rate: f64,
}

/// A Poisson process of rate mean·(1 + swing·sin(2πt/period)).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Sinusoidal {
    /// Mean rate, requests per second, 1e-9 to 1e9.
    pub mean_rate: f64,
    /// Swing to either side, as a share of the mean, 0 to 1.
    pub swing: f64,
    /// Length of a cycle, seconds.
    pub period: f64,
}

/// Batches at the moments of a Poisson process.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Batches {
    /// Batches per second, 1e-9 to 1e9.
    pub rate: f64,
    /// Requests in each.
    pub size: BatchSize,
}

/// How many requests a batch has.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum BatchSize {
    /// Always as many.
    Fixed(u32),
    /// Geometric from 1 on with this mean.
    Geometric(f64),
}

impl BatchSize {
    /// The mean size.
    pub fn mean(self) -> f64 {
        match self {
            Self::Fixed(size) => f64::from(size),
            Self::Geometric(mean) => mean,
        }
    }
}

/// Arrivals at given moments; none after the last.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Recorded {
    /// Seconds since the start, ascending.
    pub times: Vec<f64>,
}

/// Users who send one request, wait for it to end, think, and send the next.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Users {
    /// How many, `1..=1_000_000`.
    pub count: u32,
    /// The law of the time between an answer and the next request, seconds; without it there is no pause.
    #[serde(default)]
    pub think: Option<Distribution>,
}

impl Arrivals {
    /// A Poisson process of this rate, per second.
    pub fn poisson(rate: f64) -> Self {
        Self::Poisson(Poisson { rate })
    }

    /// A closed loop of users with exponential think times of this mean, seconds.
    pub fn users(count: u32, think: f64) -> Self {
        Self::Users(Users {
            count,
            think: Some(Distribution::exponential(think)),
        })
    }

    /// Long-run rate of requests, per second; `None` where it follows from the system (closed) or the record ends.
    pub fn rate(&self) -> Option<f64> {
        match self {
            Self::Poisson(law) => Some(law.rate),
            Self::Renewal(law) => law.interarrival.mean().map(f64::recip),
            Self::Bursty(law) => Some(
                (law.calm_rate * law.calm_seconds + law.burst_rate * law.burst_seconds)
                    / (law.calm_seconds + law.burst_seconds),
            ),
            Self::Steps(law) => {
                let seconds: f64 = law.steps.iter().map(|step| step.seconds).sum();
                let requests: f64 = law.steps.iter().map(|step| step.seconds * step.rate).sum();
                Some(requests / seconds)
            }
            Self::Sinusoidal(law) => Some(law.mean_rate),
            Self::Batches(law) => Some(law.rate * law.size.mean()),
            Self::Recorded(_) | Self::Users(_) => None,
        }
    }

    /// Whether the process has a steady state at all: its law does not depend on the time of day.
    pub fn is_stationary(&self) -> bool {
        !matches!(
            self,
            Self::Steps(_) | Self::Sinusoidal(_) | Self::Recorded(_)
        )
    }

    pub(super) fn check(&self, problems: &mut Problems<'_>) {
        match self {
            Self::Poisson(law) => problems.range("poisson.rate", law.rate, MIN_RATE, MAX_RATE),
            Self::Renewal(law) => problems.law("renewal.interarrival", &law.interarrival),
            Self::Bursty(law) => {
                problems.range("bursty.calm_rate", law.calm_rate, 0.0, MAX_RATE);
                problems.range("bursty.burst_rate", law.burst_rate, MIN_RATE, MAX_RATE);
                problems.duration("bursty.calm_seconds", law.calm_seconds);
                problems.duration("bursty.burst_seconds", law.burst_seconds);
            }
            Self::Steps(law) => law.check(problems),
            Self::Sinusoidal(law) => {
                problems.range("sinusoidal.mean_rate", law.mean_rate, MIN_RATE, MAX_RATE);
                problems.range("sinusoidal.swing", law.swing, 0.0, 1.0);
                problems.duration("sinusoidal.period", law.period);
            }
            Self::Batches(law) => {
                problems.range("batches.rate", law.rate, MIN_RATE, MAX_RATE);
                let (field, size) = match law.size {
                    BatchSize::Fixed(size) => ("batches.size.fixed", f64::from(size)),
                    BatchSize::Geometric(mean) => ("batches.size.geometric", mean),
                };
                problems.range(field, size, 1.0, f64::from(MAX_BATCH));
            }
            Self::Recorded(law) => law.check(problems),
            Self::Users(law) => {
                problems.count("users.count", law.count, 1, MAX_USERS);
                if let Some(think) = &law.think {
                    problems.law("users.think", think);
                }
            }
        }
    }
}

impl Steps {
    fn check(&self, problems: &mut Problems<'_>) {
        problems.length("steps.steps", self.steps.len(), 1, MAX_ENTRIES);
        for (i, step) in self.steps.iter().enumerate() {
            problems.duration(&format!("steps.steps[{i}].seconds"), step.seconds);
            problems.range(&format!("steps.steps[{i}].rate"), step.rate, 0.0, MAX_RATE);
        }
        if !self.steps.is_empty() && self.steps.iter().all(|step| step.rate <= 0.0) {
            problems.range("steps.steps[0].rate", 0.0, MIN_RATE, MAX_RATE);
        }
    }
}

impl Recorded {
    fn check(&self, problems: &mut Problems<'_>) {
        problems.length("recorded.times", self.times.len(), 1, MAX_ENTRIES);
        let mut before = 0.0;
        for (i, &time) in self.times.iter().enumerate() {
            if !(time >= before && time <= 1e12) {
                // One is enough: the rest follows from it.
                problems.range(&format!("recorded.times[{i}]"), time, before, 1e12);
                return;
            }
            before = time;
        }
    }
}
