//! The results as CSV: a header and a line for each point; what is not known is left empty.

use sim_core::trace::ReplayReport;
use sim_core::{Quantity, Report};

use crate::number_text::exact;
use crate::quantities::{measured, promised};
use crate::sweep::Point;

/// Names and texts of one line.
type Cells = Vec<(String, String)>;

/// A curve.
pub(crate) fn curve(points: &[Point]) -> String {
    let lines: Vec<_> = points.iter().map(|point| cells(&point.report)).collect();
    text(&lines)
}

/// A replay.
pub(crate) fn replay(found: &ReplayReport) -> String {
    let mut line = cells(&found.report);
    line.push(("arrival_scv".into(), exact(found.arrival_scv)));
    line.push(("service_scv".into(), exact(found.service_scv)));
    let promise = found.mmc.as_ref().map(promised);
    for (place, (name, _)) in measured(&found.report).iter().enumerate() {
        let value = promise.map(|values| values[place]);
        line.push((format!("mmc_{name}"), optional(value)));
    }
    text(&[line])
}

fn cells(report: &Report) -> Cells {
    let mut cells: Cells = [
        ("utilization", exact(report.utilization)),
        ("arrival_rate", exact(report.arrival_rate)),
        ("service_rate", exact(report.service_rate)),
        ("servers", report.servers.to_string()),
        ("replications", report.replications.to_string()),
        ("requests", report.requests.to_string()),
        ("warm_up", report.warm_up.to_string()),
        ("stable", report.stable.to_string()),
        ("converged", report.converged.to_string()),
    ]
    .map(|(name, text)| (name.to_owned(), text))
    .into();
    let growth = ("growth_rate", report.growth_rate.unwrap_or_default());
    for (name, quantity) in measured(report).into_iter().chain([growth]) {
        cells.extend(four(name, &quantity));
    }
    cells
}

fn four(name: &str, quantity: &Quantity) -> [(String, String); 4] {
    [
        (name.to_owned(), optional(quantity.estimate)),
        (format!("{name}_low"), optional(quantity.low)),
        (format!("{name}_high"), optional(quantity.high)),
        (format!("{name}_theory"), optional(quantity.theory)),
    ]
}

fn optional(value: Option<f64>) -> String {
    value.map(exact).unwrap_or_default()
}

/// No text here needs quoting: names and numbers have no comma.
fn text(lines: &[Cells]) -> String {
    let header = lines
        .first()
        .map(|line| join(line.iter().map(|cell| &cell.0)));
    let rows = lines
        .iter()
        .map(|line| join(line.iter().map(|cell| &cell.1)));
    header.into_iter().chain(rows).collect()
}

fn join<'a>(texts: impl Iterator<Item = &'a String>) -> String {
    let texts: Vec<&str> = texts.map(String::as_str).collect();
    texts.join(",") + "\n"
}
