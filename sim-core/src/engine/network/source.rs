//! When the requests of an open class come.

use super::draws::Draw;
use super::program::ClassSpec;
use crate::distribution::Distribution;
use crate::math;
use crate::random::{Purpose, Uniforms};
use crate::scenario::arrivals::{Arrivals, BatchSize, Bursty, Sinusoidal, Step, Steps};

/// The arrivals of one class.
#[derive(Debug, Clone)]
pub(super) struct Source {
    process: Process,
    /// How many come at once.
    size: Option<(BatchSize, Uniforms<1>)>,
}

#[derive(Debug, Clone)]
enum Process {
    Renewal(Draw),
    Switched(Switched),
    Thinned {
        gaps: Draw,
        kept: Uniforms<1>,
        rate: Rate,
    },
    Recorded {
        times: Vec<f64>,
        next: usize,
    },
}

impl Source {
    /// The source of a class; `None` if it is closed.
    pub(super) fn new(spec: &ClassSpec, class: u8, seed: u64, replication: u64) -> Option<Self> {
        let gaps = |law| Draw::new(law, seed, replication, Purpose::ArrivalsOf(class));
        let poisson = |rate: f64| gaps(Distribution::exponential(rate.recip()));
        let stream = |purpose| Uniforms::new(seed, replication, purpose);
        let thinned = |highest: f64, rate| Process::Thinned {
            gaps: poisson(highest),
            kept: stream(Purpose::Thinning(class)),
            rate,
        };
        let mut size = None;
        let process = match &spec.arrivals {
            Arrivals::Poisson(law) => Process::Renewal(poisson(law.rate)),
            Arrivals::Renewal(law) => Process::Renewal(gaps(law.interarrival.clone())),
            Arrivals::Bursty(law) => {
                let stays = stream(Purpose::Modulation(class));
                Process::Switched(Switched::new(
                    law,
                    gaps(Distribution::exponential(1.0)),
                    stays,
                ))
            }
            Arrivals::Steps(law) => {
                let highest = law.steps.iter().map(|step| step.rate).fold(0.0, f64::max);
                thinned(highest, Rate::Steps(StepRate::new(law)))
            }
            Arrivals::Sinusoidal(law) => {
                thinned(law.mean_rate * (1.0 + law.swing), Rate::Sine(law.clone()))
            }
            Arrivals::Batches(law) => {
                size = Some((law.size, stream(Purpose::BatchSize(class))));
                Process::Renewal(poisson(law.rate))
            }
            Arrivals::Recorded(law) => Process::Recorded {
                times: law.times.clone(),
                next: 0,
            },
            Arrivals::Users(_) => return None,
        };
        Some(Self { process, size })
    }

    /// The next arrival after the one at `now`; infinite if there is none.
    #[inline(always)]
    pub(super) fn next(&mut self, now: f64) -> f64 {
        match &mut self.process {
            Process::Renewal(gaps) => now + gaps.next(),
            Process::Switched(process) => process.next(now),
            Process::Thinned { gaps, kept, rate } => {
                let mut time = now;
                loop {
                    time += gaps.next();
                    let [u] = kept.next_uniform();
                    // The uniform is never zero: a rate of nothing lets nobody through.
                    if u <= rate.at(time) {
                        return time;
                    }
                }
            }
            Process::Recorded { times, next } => {
                *next += 1;
                times.get(*next - 1).copied().unwrap_or(f64::INFINITY)
            }
        }
    }

    /// How many requests come at this arrival.
    #[inline(always)]
    pub(super) fn size(&mut self) -> u32 {
        match &mut self.size {
            None => 1,
            Some((BatchSize::Fixed(size), _)) => *size,
            Some((BatchSize::Geometric(mean), stream)) => geometric(*mean, stream),
        }
    }
}

/// Geometric from 1 on, by inversion: 1 + ⌊ln u / ln(1 − 1/mean)⌋.
fn geometric(mean: f64, stream: &mut Uniforms<1>) -> u32 {
    let [u] = stream.next_uniform();
    if mean <= 1.0 {
        return 1;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "casts saturate"
    )]
    let more = (math::ln(u) / math::ln_1p(-1.0 / mean)) as u32;
    more.saturating_add(1)
        .min(100 * crate::scenario::arrivals::MAX_BATCH)
}

/// A Poisson process switched between two rates. The next arrival is when the rate, integrated over time, has grown by a
/// standard exponential: the arrivals' stream and that of the switches stay apart.
#[derive(Debug, Clone)]
struct Switched {
    law: Bursty,
    units: Draw,
    stays: Uniforms<1>,
    bursting: bool,
    until: f64,
}

impl Switched {
    fn new(law: &Bursty, units: Draw, mut stays: Uniforms<1>) -> Self {
        // In its own steady state from the start.
        let [u] = stays.next_uniform();
        let bursting = u <= law.burst_seconds / (law.calm_seconds + law.burst_seconds);
        let mut process = Self {
            law: law.clone(),
            units,
            stays,
            bursting,
            until: 0.0,
        };
        process.until = process.stay();
        process
    }

    fn stay(&mut self) -> f64 {
        let mean = if self.bursting {
            self.law.burst_seconds
        } else {
            self.law.calm_seconds
        };
        let [u] = self.stays.next_uniform();
        -mean * math::ln(u)
    }

    fn next(&mut self, now: f64) -> f64 {
        let mut left = self.units.next();
        let mut time = now;
        loop {
            let rate = if self.bursting {
                self.law.burst_rate
            } else {
                self.law.calm_rate
            };
            let possible = (self.until - time).max(0.0) * rate;
            if left <= possible && rate > 0.0 {
                return time + left / rate;
            }
            left -= possible;
            time = self.until.max(time);
            self.bursting = !self.bursting;
            self.until = time + self.stay();
        }
    }
}

/// A rate that changes with time, as a share of its highest value.
#[derive(Debug, Clone)]
enum Rate {
    Steps(StepRate),
    Sine(Sinusoidal),
}

impl Rate {
    fn at(&self, time: f64) -> f64 {
        match self {
            Self::Steps(steps) => steps.at(time),
            Self::Sine(law) => {
                let phase = time / law.period;
                let turn = phase - phase.floor();
                (1.0 + law.swing * math::sin(std::f64::consts::TAU * turn)) / (1.0 + law.swing)
            }
        }
    }
}

/// Steps with the moments at which they end.
#[derive(Debug, Clone)]
struct StepRate {
    ends: Vec<f64>,
    steps: Vec<Step>,
    highest: f64,
}

impl StepRate {
    fn new(law: &Steps) -> Self {
        let mut end = 0.0;
        let ends = law.steps.iter().map(|step| {
            end += step.seconds;
            end
        });
        Self {
            ends: ends.collect(),
            steps: law.steps.clone(),
            highest: law.steps.iter().map(|step| step.rate).fold(0.0, f64::max),
        }
    }

    fn at(&self, time: f64) -> f64 {
        let period = self.ends[self.ends.len() - 1];
        let time = time - (time / period).floor() * period;
        let index = self
            .ends
            .partition_point(|&end| end <= time)
            .min(self.steps.len() - 1);
        self.steps[index].rate / self.highest
    }
}
