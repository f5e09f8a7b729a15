//! Two scenarios on the same random numbers: how much they differ, replication by replication.
//!
//! Both see the same arrivals and the same demands, so the difference varies less than either (common random numbers; Law,
//! "Simulation Modeling and Analysis", 2015, 11.2), and its interval is that of paired values.

use serde::Serialize;

use super::report::{Details, Quantity, ReplicationReport, Report};
use crate::error::InputError;
use crate::stats::interval::{CONFIDENCE, student_interval};
use crate::stats::moments::Moments;

/// The second scenario's values less the first one's, seconds. Negative: the second one is faster.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Comparison {
    /// Replications that both have.
    pub replications: u64,
    /// Of the mean response times.
    pub mean_response: Quantity,
    /// Of the medians.
    pub p50: Quantity,
    /// Of the 90th percentiles.
    pub p90: Quantity,
    /// Of the 95th percentiles.
    pub p95: Quantity,
    /// Of the 99th percentiles.
    pub p99: Quantity,
    /// Of the 99.9th percentiles.
    pub p999: Quantity,
}

/// Compares the replications that both have. The two must have run on one seed.
///
/// # Errors
/// If one of them did not run on the calendar of events (see [`super::Plan::on_calendar`]), which alone keeps what each
/// replication found.
pub fn compare(first: &Report, second: &Report) -> Result<Comparison, InputError> {
    let pairs = pairs(details(first)?, details(second)?);
    let quantile = |level: usize| {
        difference(
            pairs
                .iter()
                .map(|(a, b)| b.percentiles[level] - a.percentiles[level]),
        )
    };
    let mean = |it: &ReplicationReport| it.mean_response.unwrap_or(0.0);
    Ok(Comparison {
        replications: pairs.len() as u64,
        mean_response: difference(pairs.iter().map(|(a, b)| mean(b) - mean(a))),
        p50: quantile(0),
        p90: quantile(1),
        p95: quantile(2),
        p99: quantile(3),
        p999: quantile(4),
    })
}

fn details(report: &Report) -> Result<&Details, InputError> {
    report
        .details
        .as_deref()
        .ok_or_else(|| InputError::missing("report.details", "a run on the calendar of events"))
}

/// The replications that both have, and in which both served somebody.
fn pairs<'a>(
    first: &'a Details,
    second: &'a Details,
) -> Vec<(&'a ReplicationReport, &'a ReplicationReport)> {
    let served = |it: &&ReplicationReport| it.mean_response.is_some();
    first
        .replications
        .iter()
        .filter(served)
        .filter_map(|ours| {
            let at = second
                .replications
                .binary_search_by_key(&ours.number, |it| it.number)
                .ok()?;
            Some((ours, &second.replications[at])).filter(|pair| served(&pair.1))
        })
        .collect()
}

fn difference(values: impl Iterator<Item = f64>) -> Quantity {
    let moments: Moments = values.collect();
    if moments.count() == 0 {
        return Quantity::default();
    }
    Quantity::new(moments.mean(), student_interval(&moments, CONFIDENCE))
}
