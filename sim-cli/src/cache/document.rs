//! The results as one JSON document.

use serde::Serialize;
use sim_core::workload::Workload;

use crate::cache::job::Job;
use crate::cache::requests::Traffic;
use crate::cache::run::Measured;
use crate::common::output::json;

#[derive(Serialize)]
struct Document<'a> {
    version: &'static str,
    seed: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    workload: Option<&'a Workload>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trace: Option<Trace<'a>>,
    /// Requests before those that are counted.
    warm_up: u64,
    /// The share of objects that was simulated.
    #[serde(skip_serializing_if = "Option::is_none")]
    sample: Option<f64>,
    results: Vec<Found>,
    /// Che's approximation, where it holds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    theory: Vec<Expected>,
}

/// What was read.
#[derive(Serialize)]
struct Trace<'a> {
    file: &'a str,
    requests: usize,
    objects: u32,
    malformed: u64,
    /// The first of them, in words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    first_malformed: Vec<String>,
}

#[derive(Serialize)]
struct Found {
    policy: &'static str,
    capacity: u64,
    requests: u64,
    hits: u64,
    misses: u64,
    hit_ratio: f64,
    byte_hit_ratio: f64,
}

#[derive(Serialize)]
struct Expected {
    policy: &'static str,
    capacity: u64,
    hit_ratio: f64,
}

/// The document.
pub(crate) fn text(job: &Job, results: &[Measured]) -> String {
    let (workload, trace) = match &job.traffic {
        Traffic::Drawn { workload, .. } => (Some(workload), None),
        Traffic::Recorded(trace) => {
            let malformed = trace.malformed();
            let trace = Trace {
                file: job.trace.as_deref().unwrap_or_default(),
                requests: trace.keys().len(),
                objects: trace.distinct(),
                malformed: malformed.count(),
                first_malformed: malformed.first().iter().map(ToString::to_string).collect(),
            };
            (None, Some(trace))
        }
    };
    json(&Document {
        version: env!("CARGO_PKG_VERSION"),
        seed: job.seed,
        workload,
        trace,
        warm_up: job.warm_up,
        sample: job.sampling.map(|sampling| sampling.rate()),
        results: results.iter().map(found).collect(),
        theory: results.iter().filter_map(expected).collect(),
    })
}

fn found(measured: &Measured) -> Found {
    let counts = &measured.counts;
    Found {
        policy: measured.cell.policy.spec(),
        capacity: measured.cell.capacity.amount(),
        requests: counts.requests,
        hits: counts.hits,
        misses: counts.misses(),
        hit_ratio: counts.hit_ratio(),
        byte_hit_ratio: counts.byte_hit_ratio(),
    }
}

fn expected(measured: &Measured) -> Option<Expected> {
    measured.theory.map(|hit_ratio| Expected {
        policy: measured.cell.policy.spec(),
        capacity: measured.cell.capacity.amount(),
        hit_ratio,
    })
}
