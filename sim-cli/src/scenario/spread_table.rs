//! How much one replication differs from the next, where each stands for a day of its own; and when the last request leaves.

use sim_core::figure::Unit;
use sim_core::run::report::{Details, SpreadReport};
use sim_core::scenario::{Horizon, Scenario};

use crate::common::columns::{Align, Columns};
use crate::common::number_text::{TimeUnit, rounded};
use crate::scenario::details_cells::{LINES, more, with_interval};

/// Between which values a mean lies in eight of ten replications; nothing where a steady state is asked for, for a replication is as
/// long there as suits the computer.
pub(crate) fn spread(scenario: &Scenario, details: &Details) -> String {
    if matches!(scenario.horizon, Horizon::Steady { .. }) || details.spread.is_empty() {
        return String::new();
    }
    let mut columns = Columns::new(&[
        ("in eight of ten replications", Align::Left),
        ("from", Align::Right),
        ("to", Align::Right),
        ("", Align::Left),
    ]);
    for it in details.spread.iter().take(LINES) {
        columns.row(cells(it));
    }
    columns.text() + &more(details.spread.len())
}

fn cells(it: &SpreadReport) -> Vec<String> {
    let (words, is_time) = match it.what.as_str() {
        "mean_response" => ("mean response", true),
        "mean_wait" => ("mean wait", true),
        "mean_in_system" => ("mean in system", false),
        "mean_in_queue" => ("mean in queue", false),
        "throughput" => ("served per second", false),
        other => (other, false),
    };
    let at = it
        .place
        .as_ref()
        .map_or_else(String::new, |place| format!(" at {place}"));
    let unit = TimeUnit::for_all([Some(it.p10), Some(it.p90)].into_iter());
    let text = |value: f64| {
        if is_time {
            unit.number(value)
        } else {
            rounded(value)
        }
    };
    let unit = if is_time { unit.name } else { "" };
    vec![
        format!("{words}{at}"),
        text(it.p10),
        text(it.p90),
        unit.to_owned(),
    ]
}

/// When the last one leaves; nothing where arrivals do not end.
pub(crate) fn last_departure(details: &Details) -> String {
    details.last_departure.map_or_else(String::new, |last| {
        let last = with_interval(&last, Unit::Seconds);
        format!("The last request leaves {last} after the start.\n")
    })
}
