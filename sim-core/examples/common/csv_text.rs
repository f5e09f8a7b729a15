//! Reports as CSV: a header and a line for each; what is not known is left empty.

use std::borrow::Cow;

use sim_core::{Quantity, Report};

use crate::number_text::exact;
use crate::quantities::measured;

/// Names and texts of one line.
pub(crate) type Cells = Vec<(String, String)>;

/// The numbers of a report.
pub(crate) fn cells(report: &Report) -> Cells {
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

/// A quantity with the ends of its interval and its theory.
pub(crate) fn four(name: &str, quantity: &Quantity) -> [(String, String); 4] {
    [
        (name.to_owned(), optional(quantity.estimate)),
        (format!("{name}_low"), optional(quantity.low)),
        (format!("{name}_high"), optional(quantity.high)),
        (format!("{name}_theory"), optional(quantity.theory)),
    ]
}

/// A number, or nothing for what is not known.
pub(crate) fn optional(value: Option<f64>) -> String {
    value.map(exact).unwrap_or_default()
}

/// A header and the lines, which all have the same names.
pub(crate) fn text(lines: &[Cells]) -> String {
    let header = lines
        .first()
        .map(|line| join(line.iter().map(|cell| &cell.0)));
    let rows = lines
        .iter()
        .map(|line| join(line.iter().map(|cell| &cell.1)));
    header.into_iter().chain(rows).collect()
}

fn join<'a>(texts: impl Iterator<Item = &'a String>) -> String {
    let texts: Vec<_> = texts.map(|text| quoted(text)).collect();
    texts.join(",") + "\n"
}

/// A text as a cell: in quotes where it has to be.
fn quoted(text: &str) -> Cow<'_, str> {
    if text.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\"")).into()
    } else {
        text.into()
    }
}
