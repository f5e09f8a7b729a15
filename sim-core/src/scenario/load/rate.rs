//! How many requests of a class come in a second: over a span those of the span, elsewhere those of the long run.
//!
//! Over [0, T] a rate λ(t) brings ∫λ(t)dt requests, and a record those of its moments that lie before T. For λ·(1 + s·sin 2πt/p) the
//! integral is λ·(T + s·p/2π·(1 − cos 2πT/p)).

use crate::math;
use crate::scenario::arrivals::{Arrivals, Recorded, Sinusoidal, Steps};
use crate::scenario::{Class, Horizon, Scenario};

/// Requests of a class per second while it is watched; `None` where that follows from the system (users who wait).
pub(super) fn rate(scenario: &Scenario, class: &Class) -> Option<f64> {
    match (&class.arrivals, scenario.horizon) {
        (Arrivals::Users(_), _) => None,
        (Arrivals::Recorded(record), horizon) => Some(recorded(record, horizon)),
        (Arrivals::Steps(steps), Horizon::Span { seconds }) => {
            Some(in_steps(steps, seconds) / seconds)
        }
        (Arrivals::Sinusoidal(sine), Horizon::Span { seconds }) => {
            Some(in_waves(sine, seconds) / seconds)
        }
        (arrivals, _) => arrivals.rate(),
    }
}

/// The rate of a record: within the span, or over the time that its first requests take.
fn recorded(record: &Recorded, horizon: Horizon) -> f64 {
    let times = &record.times;
    let (count, seconds) = match horizon {
        Horizon::Span { seconds } => (times.partition_point(|&it| it < seconds), seconds),
        Horizon::Transient { requests }
        | Horizon::Steady {
            requests: Some(requests),
        } => {
            let count = usize::try_from(requests).map_or(times.len(), |it| it.min(times.len()));
            (count, times[..count].last().copied().unwrap_or(0.0))
        }
        Horizon::Steady { requests: None } => (times.len(), times.last().copied().unwrap_or(0.0)),
    };
    count as f64 / seconds.max(1e-9)
}

/// Requests that come in steps until `seconds`.
fn in_steps(steps: &Steps, seconds: f64) -> f64 {
    let cycle: f64 = steps.steps.iter().map(|it| it.seconds).sum();
    let whole: f64 = steps.steps.iter().map(|it| it.seconds * it.rate).sum();
    let cycles = (seconds / cycle).floor();
    let mut left = (seconds - cycles * cycle).max(0.0);
    let mut requests = cycles * whole;
    for step in &steps.steps {
        let passed = left.min(step.seconds);
        requests += passed * step.rate;
        left -= passed;
    }
    requests
}

/// Requests of a rate that swings, until `seconds`.
fn in_waves(sine: &Sinusoidal, seconds: f64) -> f64 {
    let turn = 2.0 * std::f64::consts::PI / sine.period;
    let swung = sine.swing / turn * (1.0 - math::cos(turn * seconds));
    sine.mean_rate * (seconds + swung)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::arrivals::Step;

    #[test]
    fn steps_of_a_span_by_hand() {
        let step = |seconds, rate| Step { seconds, rate };
        let steps = Steps {
            steps: vec![step(420.0, 0.1), step(1_000.0, 0.0)],
        };
        assert!((in_steps(&steps, 600.0) - 42.0).abs() < 1e-12);
        assert!((in_steps(&steps, 210.0) - 21.0).abs() < 1e-12);
        // One cycle and 80 s of the next.
        assert!((in_steps(&steps, 1_500.0) - 50.0).abs() < 1e-9);
    }

    #[test]
    fn half_a_wave_brings_its_swing_on_top() {
        let sine = Sinusoidal {
            mean_rate: 10.0,
            swing: 0.5,
            period: 100.0,
        };
        // The mean of sin over half a turn is 2/π.
        let half = 10.0 * 50.0 * (1.0 + 0.5 * 2.0 / std::f64::consts::PI);
        assert!((in_waves(&sine, 50.0) / half - 1.0).abs() < 1e-12);
        assert!((in_waves(&sine, 100.0) / 1_000.0 - 1.0).abs() < 1e-12);
    }

    #[test]
    fn records_count_where_they_are_watched() {
        let record = Recorded {
            times: vec![0.0, 1.0, 2.0, 4.0],
        };
        assert_eq!(recorded(&record, Horizon::Span { seconds: 2.0 }), 1.0);
        assert_eq!(recorded(&record, Horizon::Span { seconds: 8.0 }), 0.5);
        assert_eq!(recorded(&record, Horizon::Transient { requests: 3 }), 1.5);
        assert_eq!(recorded(&record, Horizon::Transient { requests: 99 }), 1.0);
    }
}
