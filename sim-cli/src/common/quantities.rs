//! The nine quantities of a report, by the names they have in JSON and CSV.

use sim_core::expectation::Values;
use sim_core::{Quantity, Report};

/// Measured values with their names.
pub(crate) fn measured(report: &Report) -> [(&'static str, Quantity); 9] {
    [
        ("mean_response", report.mean_response),
        ("mean_wait", report.mean_wait),
        ("mean_in_system", report.mean_in_system),
        ("mean_in_queue", report.mean_in_queue),
        ("p50", report.p50),
        ("p90", report.p90),
        ("p95", report.p95),
        ("p99", report.p99),
        ("p999", report.p999),
    ]
}

/// An approximation's values in the same order.
pub(crate) fn approximated(values: &Values) -> [Option<f64>; 9] {
    [
        values.mean_response,
        values.mean_wait,
        values.mean_in_system,
        values.mean_in_queue,
        values.p50,
        values.p90,
        values.p95,
        values.p99,
        values.p999,
    ]
}

/// The quantities in words, in the same order, and whether they are times or numbers of requests.
pub(crate) const WORDS: [(&str, Kind); 9] = [
    ("mean response W", Kind::Time),
    ("mean wait Wq", Kind::Time),
    ("requests in system L", Kind::Requests),
    ("requests in queue Lq", Kind::Requests),
    ("P50 of the response", Kind::Time),
    ("P90", Kind::Time),
    ("P95", Kind::Time),
    ("P99", Kind::Time),
    ("P99.9", Kind::Time),
];

/// What a quantity counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Seconds.
    Time,
    /// Requests.
    Requests,
}
