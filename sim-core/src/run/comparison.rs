//! Two scenarios on the same random numbers: how much they differ, replication by replication.
//!
//! Both see the same arrivals and the same demands, so the difference varies less than either (common random numbers; Law,
//! "Simulation Modeling and Analysis", 2015, 11.2), and its interval is that of paired values.

use serde::Serialize;

use super::partial::{Partial, Results};
use super::report::Quantity;
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

/// Compares the replications that both have.
///
/// # Errors
/// If the two ran on different seeds, or one of them not on the calendar of events (see [`super::Plan::on_calendar`]).
pub fn compare(first: &Partial, second: &Partial) -> Result<Comparison, InputError> {
    if first.seed() != second.seed() {
        let allowed = format!("the other's {}", first.seed());
        return Err(InputError::out_of_range("seed", second.seed(), allowed));
    }
    let (Results::Network(ours), Results::Network(theirs)) = (first.results(), second.results())
    else {
        return Err(InputError::malformed(
            "partial",
            "a recursion",
            "results on the calendar of events",
        ));
    };
    let pairs: Vec<_> = ours
        .sections
        .iter()
        .filter_map(|(number, ours)| {
            let at = theirs
                .sections
                .binary_search_by_key(number, |it| it.0)
                .ok()?;
            Some((ours, &theirs.sections[at].1))
        })
        .collect();
    let means = pairs
        .iter()
        .filter_map(|(a, b)| Some(b.mean_response()? - a.mean_response()?));
    let quantile = |level: usize| {
        let values = pairs
            .iter()
            .filter(|(a, b)| a.mean_response().is_some() && b.mean_response().is_some());
        difference(values.map(|(a, b)| b.quantiles[level] - a.quantiles[level]))
    };
    Ok(Comparison {
        replications: pairs.len() as u64,
        mean_response: difference(means),
        p50: quantile(0),
        p90: quantile(1),
        p95: quantile(2),
        p99: quantile(3),
        p999: quantile(4),
    })
}

fn difference(values: impl Iterator<Item = f64>) -> Quantity {
    let moments: Moments = values.collect();
    if moments.count() == 0 {
        return Quantity::default();
    }
    Quantity::new(moments.mean(), student_interval(&moments, CONFIDENCE))
}
