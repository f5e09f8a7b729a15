//! How far recorded traffic is from the steady stream of independent requests that M/M/c supposes.

use serde::Serialize;

use crate::stats::moments::Moments;
use crate::trace::{Trace, seconds};

/// The record is cut into this many equal stretches of time to look for bursts.
const STRETCHES: usize = 100;

/// The unevenness of recorded arrivals and work.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Bursts {
    /// Correlation between one gap and the next, in −1..1; 0 where gaps are independent. Absent where all gaps are equal.
    pub gap_correlation: Option<f64>,
    /// Length of one of 100 equal stretches of the record, seconds.
    pub stretch: f64,
    /// Variance over mean of the number of arrivals in a stretch; about 1 in a Poisson stream.
    pub dispersion: f64,
    /// The work that arrives in the busiest stretch over the stretch's length, Erlangs.
    pub busiest_load: f64,
    /// Share of the stretches in which more work arrives than the servers could do meanwhile.
    pub overloaded: f64,
    /// Share of the stretches in which nothing arrives.
    pub silent: f64,
}

impl Bursts {
    /// Measures `trace`, its time running `speed` times as fast, against `servers`.
    pub(super) fn measure(trace: &Trace, speed: f64, servers: u32) -> Self {
        let stretch = trace.span() / speed / STRETCHES as f64;
        let mut counts = [0.0; STRETCHES];
        let mut work = [0.0; STRETCHES];
        for (&arrival, service) in trace.arrivals.iter().zip(&trace.services) {
            let at = stretch_of(seconds(arrival) / trace.span());
            counts[at] += 1.0;
            work[at] += service;
        }
        let counted: Moments = counts.into_iter().collect();
        let loads = work.map(|work| work / stretch);
        let share = |count: usize| count as f64 / STRETCHES as f64;
        Self {
            gap_correlation: successive_correlation(trace.gaps()),
            stretch,
            dispersion: counted.variance() / counted.mean(),
            busiest_load: loads.iter().copied().fold(0.0, f64::max),
            overloaded: share(
                loads
                    .iter()
                    .filter(|&&load| load > f64::from(servers))
                    .count(),
            ),
            silent: share(counts.iter().filter(|&&count| count == 0.0).count()),
        }
    }
}

/// The stretch in which the share `passed` of the record lies; its very end belongs to the last.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share between 0 and 1"
)]
fn stretch_of(passed: f64) -> usize {
    ((passed * STRETCHES as f64) as usize).min(STRETCHES - 1)
}

/// Correlation of each value with the one after it; `None` where nothing varies.
fn successive_correlation(values: impl Iterator<Item = f64> + Clone) -> Option<f64> {
    let centre = values.clone().collect::<Moments>().mean();
    let squares: f64 = values.clone().map(|x| (x - centre) * (x - centre)).sum();
    let products: f64 = values
        .clone()
        .zip(values.skip(1))
        .map(|(x, next)| (x - centre) * (next - centre))
        .sum();
    (squares > 0.0).then(|| products / squares)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_correlation_by_hand() {
        // Mean 4, deviations −3, −1, 4: squares 26, products 3 − 4.
        let values = [1.0, 3.0, 8.0].into_iter();
        assert_eq!(successive_correlation(values), Some(-1.0 / 26.0));
        assert_eq!(successive_correlation([2.0; 9].into_iter()), None);
    }

    #[test]
    fn a_burst_in_silence_is_seen() {
        // 99 requests of 2 s in the first second, one at the end of 100 s: a stretch is one second.
        let mut arrivals = vec![0; 99];
        arrivals.push(100_000_000_000);
        let trace = Trace {
            arrivals,
            services: vec![2.0; 100],
        };
        let bursts = Bursts::measure(&trace, 1.0, 4);
        assert_eq!(bursts.stretch, 1.0);
        assert_eq!(bursts.busiest_load, 198.0);
        assert_eq!((bursts.overloaded, bursts.silent), (0.01, 0.98));
        // Mean count 1, sum of squares 99² + 1.
        assert!((bursts.dispersion - (99.0 * 99.0 + 1.0 - 100.0) / 99.0).abs() < 1e-12);
        let faster = Bursts::measure(&trace, 4.0, 4);
        assert_eq!((faster.stretch, faster.busiest_load), (0.25, 792.0));
        assert_eq!(faster.overloaded, 0.02);
    }
}
