//! The results as CSV: a header and a line for each point.

use sim_core::trace::ReplayReport;

use crate::common::csv_text::{optional, text};
use crate::common::number_text::exact;
use crate::common::quantities::measured;
use crate::common::report_cells::cells;
use crate::mm1::promise::promised;
use crate::mm1::sweep::Point;

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
