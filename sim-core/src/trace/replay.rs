//! A trace through a station of c servers, and what M/M/c would have promised for the same rates.
//!
//! The replay itself is exact: every number's estimate is what these requests would have met. The intervals are about
//! the traffic behind the record (see `sections`).

use serde::Serialize;

use crate::error::{InputError, in_range};
use crate::run::report::{Quantity, Report, Stopped};
use crate::scenario::MAX_SERVERS;
use crate::stats::moments::Moments;
use crate::theory::{GgcApproximation, Mmc};
use crate::trace::bursts::Bursts;
use crate::trace::{Trace, seconds, sections, station};

/// How to replay a trace.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Replay {
    /// Number of servers c, `1..=1_000_000`.
    pub servers: u32,
    /// The trace's time runs this many times as fast, `1e-6..=1e6`: 2 doubles the traffic. Service times stay.
    pub speed: f64,
    /// Relative half-width of the intervals of the mean response and of P99 that counts as converged.
    pub precision: f64,
}

/// What a replay found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReplayReport {
    /// What these requests met, with intervals, as any run reports it; `theory` is empty.
    #[serde(flatten)]
    pub report: Report,
    /// C²a: squared coefficient of variation of the recorded gaps (population variance over squared mean).
    pub arrival_scv: f64,
    /// C²s: the same of the service times.
    pub service_scv: f64,
    /// How uneven the traffic is over time.
    pub bursts: Bursts,
    /// What M/M/c promises for these rates; absent at or above capacity, where it has no steady state.
    pub mmc: Option<Promise>,
    /// Mean response, seconds, by the Allen–Cunneen approximation, which allows for both SCVs but not for correlation;
    /// absent at or above capacity.
    pub mean_response_approximation: Option<f64>,
}

/// The values of an M/M/c queue.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Promise {
    /// ρ = λ/(cμ).
    pub utilization: f64,
    /// W, seconds.
    pub mean_response: f64,
    /// Wq, seconds.
    pub mean_wait: f64,
    /// L, requests.
    pub mean_in_system: f64,
    /// Lq, requests.
    pub mean_in_queue: f64,
    /// Median response time, seconds.
    pub p50: f64,
    /// 90th percentile of the response time, seconds.
    pub p90: f64,
    /// 95th percentile of the response time, seconds.
    pub p95: f64,
    /// 99th percentile of the response time, seconds.
    pub p99: f64,
    /// 99.9th percentile of the response time, seconds.
    pub p999: f64,
}

impl Promise {
    fn of(queue: &Mmc) -> Self {
        Self {
            utilization: queue.utilization(),
            mean_response: queue.mean_response(),
            mean_wait: queue.mean_wait(),
            mean_in_system: queue.mean_in_system(),
            mean_in_queue: queue.mean_in_queue(),
            p50: queue.response_quantile(0.5),
            p90: queue.response_quantile(0.9),
            p95: queue.response_quantile(0.95),
            p99: queue.response_quantile(0.99),
            p999: queue.response_quantile(0.999),
        }
    }
}

/// Sends `trace` through a first-come-first-served station that starts empty. Rates are those of the record: gaps from
/// first to last arrival, and the mean service time.
///
/// # Errors
/// [`InputError::OutOfRange`] for a number of servers or a speed out of its range.
pub fn replay(trace: &Trace, options: &Replay) -> Result<ReplayReport, InputError> {
    let &Replay { servers, speed, .. } = options;
    in_range("servers", f64::from(servers), 1.0, f64::from(MAX_SERVERS))?;
    in_range("speed", speed, 1e-6, 1e6)?;
    let rates = Rates {
        arrival: (trace.len() - 1) as f64 / trace.span() * speed,
        service: sections::average(&trace.services).recip(),
    };
    // A trace has a span and some work: neither mean is zero.
    let scv = |values: Moments| values.scv().unwrap_or(0.0);
    let arrival_scv = scv(trace.gaps().collect());
    let service_scv = scv(trace.services.iter().copied().collect());
    let mmc = Mmc::new(rates.arrival, rates.service, servers).ok();
    let ggc = GgcApproximation::new(
        rates.arrival,
        rates.service,
        servers,
        arrival_scv,
        service_scv,
    );
    Ok(ReplayReport {
        report: measure(trace, options, &rates),
        arrival_scv,
        service_scv,
        bursts: Bursts::measure(trace, speed, servers),
        mmc: mmc.as_ref().map(Promise::of),
        mean_response_approximation: ggc.ok().map(|queue| queue.mean_response()),
    })
}

/// λ and μ of the record, per second.
struct Rates {
    arrival: f64,
    service: f64,
}

/// What the requests met.
fn measure(trace: &Trace, options: &Replay, rates: &Rates) -> Report {
    let arrivals = || trace.arrivals.iter().map(|&at| seconds(at) / options.speed);
    let requests = arrivals().zip(trace.services.iter().copied());
    let waits = station::waits(requests, options.servers);
    let responses: Vec<f64> = (waits.iter().zip(&trace.services))
        .map(|(wait, service)| wait + service)
        .collect();
    let in_queue = arrivals()
        .zip(&waits)
        .map(|(from, wait)| (from, from + wait));
    let in_system = arrivals()
        .zip(&responses)
        .map(|(from, response)| (from, from + response));
    let last_departure = in_system.clone().map(|stay| stay.1).fold(0.0, f64::max);
    let utilization = rates.arrival / (f64::from(options.servers) * rates.service);
    let mean_response = sections::mean(&responses);
    let p99 = sections::quantile(&responses, 990);
    let narrow = |quantity: &Quantity| {
        let width = quantity.relative_half_width();
        width.is_some_and(|width| width <= options.precision)
    };
    Report {
        utilization,
        arrival_rate: rates.arrival,
        service_rate: rates.service,
        servers: options.servers,
        replications: 1,
        requests: trace.len() as u64,
        warm_up: 0,
        stable: utilization < 1.0,
        converged: narrow(&mean_response) && narrow(&p99),
        doubts: Vec::new(),
        doubled: 0,
        stopped: Stopped::EndOfTrace,
        mean_response,
        mean_wait: sections::mean(&waits),
        mean_in_system: sections::number_present(in_system, last_departure),
        mean_in_queue: sections::number_present(in_queue, last_departure),
        p50: sections::quantile(&responses, 500),
        p90: sections::quantile(&responses, 900),
        p95: sections::quantile(&responses, 950),
        p99,
        p999: sections::quantile(&responses, 999),
        growth_rate: None,
        details: None,
    }
}
