//! The results as one JSON document.

use std::path::Path;

use serde::Serialize;
use sim_core::trace::ReplayReport;

use crate::common::beside_theory::BesideTheory;
use crate::common::output::json;
use crate::mm1::arguments::Arguments;
use crate::mm1::sweep::Point;

#[derive(Serialize)]
struct Document<Asked, Found> {
    version: &'static str,
    /// Absent where nothing is random.
    seed: Option<u64>,
    scenario: Asked,
    points: Vec<Found>,
}

/// What was asked of a curve.
#[derive(Serialize)]
struct Asked<'a> {
    arrivals: &'a str,
    service: &'a str,
    service_rate: f64,
    servers: u32,
    requests: Option<u64>,
    replications: Option<u64>,
    precision: Option<f64>,
}

/// What was asked of a replay.
#[derive(Serialize)]
struct AskedReplay<'a> {
    trace: String,
    time_column: &'a str,
    service_column: &'a str,
    service_scale: f64,
    speed: f64,
    servers: u32,
}

/// A curve.
pub(crate) fn curve(arguments: &Arguments, points: &[Point]) -> String {
    json(&Document {
        version: env!("CARGO_PKG_VERSION"),
        seed: Some(arguments.effort.seed),
        scenario: Asked {
            arrivals: &arguments.arrivals,
            service: &arguments.service,
            service_rate: arguments.service_rate,
            servers: arguments.servers,
            requests: arguments.effort.requests,
            replications: arguments.effort.replications,
            precision: arguments.effort.precision,
        },
        points: points
            .iter()
            .map(|point| BesideTheory::new(&point.report, &point.expectation))
            .collect(),
    })
}

/// A replay.
pub(crate) fn replay(arguments: &Arguments, trace: &Path, found: &ReplayReport) -> String {
    json(&Document {
        version: env!("CARGO_PKG_VERSION"),
        seed: None,
        scenario: AskedReplay {
            trace: trace.to_string_lossy().into_owned(),
            time_column: arguments.time_column.as_deref().unwrap_or_default(),
            service_column: arguments.service_column.as_deref().unwrap_or_default(),
            service_scale: arguments.service_scale,
            speed: arguments.speed,
            servers: arguments.servers,
        },
        points: vec![found],
    })
}
