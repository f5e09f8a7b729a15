//! When the requests of an open class come.
//!
//! A Poisson process whose rate changes has its next arrival when the rate, integrated over time, has grown by a standard
//! exponential (Çinlar, "Introduction to Stochastic Processes", 1975, section 4.7). Steps and bursts are inverted in this way; a sine is
//! thinned (Lewis and Shedler, 1979). Nobody may come for very long: a source looks only so far ahead at a time, and then asks to
//! be called again.

use super::draws::Draw;
use super::program::ClassSpec;
use crate::distribution::Distribution;
use crate::math;
use crate::random::{Purpose, Uniforms};
use crate::scenario::arrivals::{Arrivals, BatchSize, Bursty, Sinusoidal, Step, Steps};

/// Changes of the rate, or arrivals that do not count, that one look ahead passes at most.
const MOST_PASSED: u32 = 4096;

/// The arrivals of one class.
#[derive(Debug, Clone)]
pub(super) struct Source {
    process: Process,
    /// How many come at once.
    size: Option<(BatchSize, Uniforms<1>)>,
    /// Whether somebody comes at the moment found last.
    comes: bool,
}

#[derive(Debug, Clone)]
enum Process {
    Renewal(Draw),
    Switched(Switched),
    Stepped(Stepped),
    Thinned {
        gaps: Draw,
        kept: Uniforms<1>,
        rate: Sinusoidal,
    },
    Recorded {
        times: Vec<f64>,
        next: usize,
    },
}

/// What a look ahead finds.
#[derive(Debug, Clone, Copy)]
enum Found {
    /// The next arrival.
    Arrival(f64),
    /// Nobody until then.
    NobodyUntil(f64),
}

impl Source {
    /// The source of a class; `None` if it is closed.
    pub(super) fn new(spec: &ClassSpec, class: u8, seed: u64, replication: u64) -> Option<Self> {
        let gaps = |law| Draw::new(law, seed, replication, Purpose::ArrivalsOf(class));
        let poisson = |rate: f64| gaps(Distribution::exponential(rate.recip()));
        let units = || gaps(Distribution::exponential(1.0));
        let stream = |purpose| Uniforms::new(seed, replication, purpose);
        let mut size = None;
        let process = match &spec.arrivals {
            Arrivals::Poisson(law) => Process::Renewal(poisson(law.rate)),
            Arrivals::Renewal(law) => Process::Renewal(gaps(law.interarrival.clone())),
            Arrivals::Bursty(law) => {
                let stays = stream(Purpose::Modulation(class));
                Process::Switched(Switched::new(law, units(), stays))
            }
            Arrivals::Steps(law) => Process::Stepped(Stepped::new(law, units())),
            Arrivals::Sinusoidal(law) => Process::Thinned {
                gaps: poisson(law.mean_rate * (1.0 + law.swing)),
                kept: stream(Purpose::Thinning(class)),
                rate: law.clone(),
            },
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
        Some(Self {
            process,
            size,
            comes: true,
        })
    }

    /// The next arrival after the one at `now`, infinite if there is none; or a moment until which nobody comes, at which it is to
    /// be asked again. [`Source::size`] tells them apart.
    #[inline(always)]
    pub(super) fn next(&mut self, now: f64) -> f64 {
        let found = match &mut self.process {
            Process::Renewal(gaps) => return now + gaps.next(),
            Process::Recorded { times, next } => {
                *next += 1;
                return times.get(*next - 1).copied().unwrap_or(f64::INFINITY);
            }
            Process::Switched(process) => process.next(now),
            Process::Stepped(process) => process.next(now),
            Process::Thinned { gaps, kept, rate } => thinned(gaps, kept, rate, now),
        };
        self.comes = matches!(found, Found::Arrival(_));
        let (Found::Arrival(time) | Found::NobodyUntil(time)) = found;
        time
    }

    /// How many requests come at the moment found last.
    #[inline(always)]
    pub(super) fn size(&mut self) -> u32 {
        match &mut self.size {
            None => u32::from(self.comes),
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
    /// By how much the integrated rate has to grow yet, where the look ahead was broken off.
    left: Option<f64>,
    /// Time that has passed beyond what a clock that is far on could show.
    owed: f64,
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
            left: None,
            owed: 0.0,
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

    fn next(&mut self, now: f64) -> Found {
        let mut left = self.left.take().unwrap_or_else(|| self.units.next());
        let mut time = now;
        for _ in 0..MOST_PASSED {
            let rate = if self.bursting {
                self.law.burst_rate
            } else {
                self.law.calm_rate
            };
            let possible = ((self.until - time).max(0.0) - self.owed) * rate;
            if left <= possible && rate > 0.0 {
                return Found::Arrival(passed(time, &mut self.owed, left / rate));
            }
            left -= possible.max(0.0);
            self.owed = 0.0;
            time = self.until.max(time);
            self.bursting = !self.bursting;
            self.until = time + self.stay();
        }
        self.left = Some(left);
        Found::NobodyUntil(time)
    }
}

/// A Poisson process whose rate changes in steps, again and again.
#[derive(Debug, Clone)]
struct Stepped {
    steps: Vec<Step>,
    /// When each step ends, counted from the start of a cycle, seconds.
    ends: Vec<f64>,
    /// Arrivals of a cycle, on average.
    mass: f64,
    units: Draw,
    /// Cycles that are over, and the step of the present one.
    cycle: f64,
    step: usize,
    /// By how much the integrated rate has to grow yet, where the look ahead was broken off.
    left: Option<f64>,
    /// Time that has passed beyond what a clock that is far on could show.
    owed: f64,
}

impl Stepped {
    fn new(law: &Steps, units: Draw) -> Self {
        let mut end = 0.0;
        let ends = law.steps.iter().map(|step| {
            end += step.seconds;
            end
        });
        Self {
            ends: ends.collect(),
            mass: law.steps.iter().map(|step| step.seconds * step.rate).sum(),
            steps: law.steps.clone(),
            units,
            cycle: 0.0,
            step: 0,
            left: None,
            owed: 0.0,
        }
    }

    /// Length of a cycle, seconds.
    fn period(&self) -> f64 {
        self.ends[self.ends.len() - 1]
    }

    fn next(&mut self, now: f64) -> Found {
        let mut left = self.left.take().unwrap_or_else(|| self.units.next());
        let mut time = now;
        for _ in 0..MOST_PASSED {
            let rate = self.steps[self.step].rate;
            let end = self.cycle * self.period() + self.ends[self.step];
            let possible = ((end - time).max(0.0) - self.owed) * rate;
            if left <= possible && rate > 0.0 {
                return Found::Arrival(passed(time, &mut self.owed, left / rate));
            }
            left -= possible.max(0.0);
            self.owed = 0.0;
            time = end.max(time);
            self.step += 1;
            if self.step == self.steps.len() {
                (self.step, self.cycle) = (0, self.cycle + 1.0);
            }
            if left > self.mass {
                let cycles = (left / self.mass).floor();
                self.cycle += cycles;
                left -= cycles * self.mass;
                time += cycles * self.period();
                if !(time.is_finite() && left.is_finite()) {
                    return Found::Arrival(f64::INFINITY);
                }
            }
        }
        self.left = Some(left);
        Found::NobodyUntil(time)
    }
}

/// A clock some time later. Of a gap that is short beside what the clock shows, the rounding is owed.
fn passed(clock: f64, owed: &mut f64, gap: f64) -> f64 {
    /// Some hundred times the distance of two floats beside each other, 2⁻⁴⁴.
    const SHORT: f64 = 1.0 / (1_u64 << 44) as f64;
    let due = *owed + gap;
    let later = clock + due;
    *owed = if due < SHORT * clock {
        due - (later - clock)
    } else {
        0.0
    };
    later
}

/// The next of the arrivals at the highest rate that counts.
fn thinned(gaps: &mut Draw, kept: &mut Uniforms<1>, rate: &Sinusoidal, now: f64) -> Found {
    let mut time = now;
    for _ in 0..MOST_PASSED {
        time += gaps.next();
        let [u] = kept.next_uniform();
        // The uniform is never zero: a rate of nothing lets nobody through.
        if u <= share_at(rate, time) {
            return Found::Arrival(time);
        }
    }
    Found::NobodyUntil(time)
}

/// The rate of a sine, as a share of its highest value.
fn share_at(law: &Sinusoidal, time: f64) -> f64 {
    let phase = time / law.period;
    let turn = phase - phase.floor();
    (1.0 + law.swing * math::sin(std::f64::consts::TAU * turn)) / (1.0 + law.swing)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::network::Program;
    use crate::scenario::{Activity, Class, Horizon, Scenario};

    fn source(arrivals: Arrivals) -> Source {
        let pause = Activity::Delay(Distribution::exponential(1.0));
        let scenario = Scenario::empty()
            .with_class("request", Class::new(arrivals))
            .with_path(vec![pause])
            .with_horizon(Horizon::Span { seconds: 1.0 });
        let program = Program::new(&scenario).unwrap();
        Source::new(&program.classes[0], 0, 7, 0).unwrap()
    }

    /// Arrivals up to a moment, and how often the source was asked.
    fn until(end: f64, mut source: Source) -> (Vec<f64>, u32) {
        let (mut times, mut asked, mut now) = (Vec::new(), 0, 0.0);
        loop {
            let next = source.next(now);
            asked += 1;
            assert!(next >= now);
            if next >= end {
                return (times, asked);
            }
            now = next;
            times.extend((0..source.size()).map(|_| now));
        }
    }

    fn step(seconds: f64, rate: f64) -> Step {
        Step { seconds, rate }
    }

    fn steps(steps: Vec<Step>) -> Arrivals {
        Arrivals::Steps(Steps { steps })
    }

    #[test]
    fn nobody_comes_while_the_rate_is_nothing_and_that_costs_nothing() {
        let (times, asked) = until(
            1.0,
            source(steps(vec![step(86_400.0, 0.0), step(60.0, 1e5)])),
        );
        assert_eq!((times.len(), asked), (0, 1));
        let daily = steps(vec![step(86_400.0, 0.0), step(1.0, 1_000.0)]);
        let (times, _) = until(10.0 * 86_401.0, source(daily));
        assert!(times.iter().all(|time| time % 86_401.0 >= 86_400.0));
        // Ten thousand on average: within four standard deviations.
        assert!((times.len() as f64 - 10_000.0).abs() < 400.0);
    }

    #[test]
    fn each_step_has_its_own_rate_and_cycles_without_arrivals_are_passed_at_once() {
        let (times, _) = until(1e4, source(steps(vec![step(3.0, 1.0), step(1.0, 9.0)])));
        let fast = times.iter().filter(|time| *time % 4.0 >= 3.0).count() as f64;
        let slow = times.len() as f64 - fast;
        assert!((fast - 22_500.0).abs() < 600.0 && (slow - 7_500.0).abs() < 350.0);
        // A cycle of a microsecond in which hardly ever anybody comes.
        let rare = steps(vec![step(5e-7, 0.5), step(5e-7, 1.5)]);
        let (times, asked) = until(1e4, source(rare));
        assert!((times.len() as f64 - 1e4).abs() < 400.0);
        assert!(f64::from(asked) < 1.1 * times.len() as f64);
    }

    #[test]
    fn gaps_too_short_for_the_clock_add_up() {
        // After some years the clock knows no gap of a nanosecond any more.
        let busy = steps(vec![step(1e9, 0.0), step(1e-3, 1e9), step(1.0, 0.0)]);
        let (times, _) = until(1e9 + 0.5, source(busy));
        assert!(
            (times.len() as f64 - 1e6).abs() < 5_000.0,
            "{}",
            times.len()
        );
    }

    #[test]
    fn a_look_ahead_is_bounded_and_changes_nothing() {
        let bursty = |burst_seconds| {
            Arrivals::Bursty(Bursty {
                calm_rate: 0.0,
                burst_rate: 1.0,
                calm_seconds: 1.0,
                burst_seconds,
            })
        };
        assert_eq!(until(0.01, source(bursty(1e-9))), (vec![], 1));
        // A thousand bursts of a millisecond bring one request on average.
        let (times, asked) = until(1e7, source(bursty(1e-3)));
        assert!((times.len() as f64 - 1e4).abs() < 400.0, "{}", times.len());
        assert!(f64::from(asked) < 1.5 * times.len() as f64);
    }
}
