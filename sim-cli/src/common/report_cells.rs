//! Reports as cells of CSV.

use sim_core::{Quantity, Report};

use crate::common::csv_text::{Cells, optional};
use crate::common::number_text::exact;
use crate::common::quantities::measured;

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
