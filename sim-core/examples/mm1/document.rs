//! The results as one JSON document.

use std::path::Path;

use serde::Serialize;
use sim_core::Report;
use sim_core::expectation::Values;
use sim_core::trace::ReplayReport;

use crate::arguments::Arguments;
use crate::sweep::Point;

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

#[derive(Serialize)]
struct FoundPoint<'a> {
    #[serde(flatten)]
    report: &'a Report,
    /// Kendall's notation.
    model: &'a str,
    /// What `theory` and `approximation` are.
    formula: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    approximation: Option<&'a Values>,
}

/// A curve.
pub(crate) fn curve(arguments: &Arguments, points: &[Point]) -> String {
    text(&Document {
        version: env!("CARGO_PKG_VERSION"),
        seed: Some(arguments.seed),
        scenario: Asked {
            arrivals: &arguments.arrivals,
            service: &arguments.service,
            service_rate: arguments.service_rate,
            servers: arguments.servers,
            requests: arguments.requests,
            replications: arguments.replications,
            precision: arguments.precision,
        },
        points: points.iter().map(found).collect(),
    })
}

fn found(point: &Point) -> FoundPoint<'_> {
    let approximate = &point.expectation.approximate;
    FoundPoint {
        report: &point.report,
        model: &point.expectation.model,
        formula: point.expectation.label,
        approximation: (*approximate != Values::default()).then_some(approximate),
    }
}

/// A replay.
pub(crate) fn replay(arguments: &Arguments, trace: &Path, found: &ReplayReport) -> String {
    text(&Document {
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

fn text(document: &impl Serialize) -> String {
    // Names are strings and numbers are finite: nothing here has no JSON.
    let mut text = serde_json::to_string_pretty(document).expect("a document");
    text.push('\n');
    text
}
