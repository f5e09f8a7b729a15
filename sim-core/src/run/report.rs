//! What a run found, as everyone reads it: the page, the batch output, a test.

use serde::{Deserialize, Serialize};

/// One measured quantity with its 95 % interval, beside what theory says. `None` is "not known": no steady state, too
/// few replications for an interval, or no formula.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Quantity {
    /// Point estimate.
    pub estimate: Option<f64>,
    /// Lower end of the 95 % interval.
    pub low: Option<f64>,
    /// Upper end of the 95 % interval.
    pub high: Option<f64>,
    /// The exact value, where a closed form holds.
    pub theory: Option<f64>,
}

impl Quantity {
    /// An estimate with its interval, if it has one.
    pub fn new(estimate: f64, interval: Option<(f64, f64)>) -> Self {
        Self {
            estimate: Some(estimate),
            low: interval.map(|(low, _)| low),
            high: interval.map(|(_, high)| high),
            theory: None,
        }
    }

    /// Half the interval's width over the estimate; `None` without an interval.
    pub fn relative_half_width(&self) -> Option<f64> {
        let (estimate, low, high) = (self.estimate?, self.low?, self.high?);
        (estimate > 0.0).then(|| (high - low) / 2.0 / estimate)
    }
}

/// Why a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stopped {
    /// Every watched interval is as narrow as asked.
    Precision,
    /// The replications allowed were used up first.
    Budget,
    /// Somebody cancelled it; the numbers cover what was done.
    Cancelled,
    /// The recorded traffic was over.
    EndOfTrace,
}

/// The result of running one scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Utilization ρ = λ/(cμ) of the scenario.
    pub utilization: f64,
    /// λ, requests per second.
    pub arrival_rate: f64,
    /// μ of one server, requests per second.
    pub service_rate: f64,
    /// c.
    pub servers: u32,
    /// Replications merged.
    pub replications: u64,
    /// Requests measured, in all replications together.
    pub requests: u64,
    /// Requests discarded at the start of each replication before measuring.
    pub warm_up: u64,
    /// Whether a steady state exists (ρ < 1).
    pub stable: bool,
    /// Whether the intervals of the mean and of P99 are as narrow as the run's precision.
    pub converged: bool,
    /// Why the run ended.
    pub stopped: Stopped,
    /// W, seconds.
    pub mean_response: Quantity,
    /// Wq, seconds.
    pub mean_wait: Quantity,
    /// L, requests.
    pub mean_in_system: Quantity,
    /// Lq, requests.
    pub mean_in_queue: Quantity,
    /// Median response time, seconds.
    pub p50: Quantity,
    /// 90th percentile of the response time, seconds.
    pub p90: Quantity,
    /// 95th percentile of the response time, seconds.
    pub p95: Quantity,
    /// 99th percentile of the response time, seconds.
    pub p99: Quantity,
    /// 99.9th percentile of the response time, seconds.
    pub p999: Quantity,
    /// Growth of the number in system, requests per second; only for a transient run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub growth_rate: Option<Quantity>,
}

impl Report {
    /// A report of nothing, to be filled.
    pub(super) fn unknown() -> Self {
        let unknown = Quantity::default();
        Self {
            utilization: 0.0,
            arrival_rate: 0.0,
            service_rate: 0.0,
            servers: 0,
            replications: 0,
            requests: 0,
            warm_up: 0,
            stable: false,
            converged: false,
            stopped: Stopped::Budget,
            mean_response: unknown,
            mean_wait: unknown,
            mean_in_system: unknown,
            mean_in_queue: unknown,
            p50: unknown,
            p90: unknown,
            p95: unknown,
            p99: unknown,
            p999: unknown,
            growth_rate: None,
        }
    }
}
