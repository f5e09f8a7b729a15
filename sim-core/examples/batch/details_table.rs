//! Who came, where they queued, and what became of them.

use sim_core::Quantity;
use sim_core::figure::Unit;
use sim_core::figure::format::{measured, value};
use sim_core::run::report::{ClassReport, Details, PlaceReport, SeriesReport};
use sim_core::scenario::Scenario;

use crate::columns::{Align, Columns};
use crate::number_text::{duration, grouped, percent, rounded};

/// The most lines of one table; JSON has them all.
const LINES: usize = 60;
/// Little's law holds to rounding: a larger deviation is a mistake of the program.
const ROUNDING: f64 = 1e-6;
/// Less than any time or rate that means something: what rounding leaves of nothing.
const NOTHING: f64 = 1e-11;

/// All of it.
pub(crate) fn details(scenario: &Scenario, details: &Details) -> String {
    let mut parts = vec![classes(&details.classes), places(&details.places)];
    if !details.spans.is_empty() {
        parts.push(spans(details));
    }
    if let Some(series) = &details.series {
        parts.push(over_time(series, &details.places));
    }
    parts.push(laws(details));
    parts.extend(warnings(scenario, details));
    parts.retain(|part| !part.is_empty());
    parts.join("\n")
}

fn classes(classes: &[ClassReport]) -> String {
    let mut columns = Columns::new(&[
        ("class", Align::Left),
        ("arrived", Align::Right),
        ("served", Align::Right),
        ("per second", Align::Left),
        ("mean response", Align::Left),
        ("P50", Align::Left),
        ("P99", Align::Left),
    ]);
    for class in classes.iter().take(LINES) {
        columns.row(vec![
            class.name.clone(),
            grouped(class.flow.arrived),
            share(&class.served_share),
            with_interval(&class.throughput, Unit::Number),
            with_interval(&class.mean_response, Unit::Seconds),
            time(&class.percentiles.p50),
            with_interval(&class.percentiles.p99, Unit::Seconds),
        ]);
    }
    columns.text() + &more(classes.len())
}

fn places(places: &[PlaceReport]) -> String {
    if places.is_empty() {
        return String::new();
    }
    let lost = places.iter().any(|place| {
        let lost = |quantity: &Quantity| quantity.estimate.is_some_and(|share| share > 0.0);
        lost(&place.rejected_share) || lost(&place.gave_up_share)
    });
    let mut header = vec![
        ("place", Align::Left),
        ("servers", Align::Right),
        ("utilization", Align::Left),
        ("per second", Align::Right),
        ("wait", Align::Left),
        ("visit", Align::Right),
        ("in queue", Align::Right),
    ];
    if lost {
        header.extend([("rejected", Align::Right), ("gave up", Align::Right)]);
    }
    let mut columns = Columns::new(&header);
    for place in places.iter().take(LINES) {
        let mut cells = vec![
            place.name.clone(),
            place.servers.to_string(),
            with_interval(&place.utilization, Unit::Percent),
            number(&place.throughput),
            with_interval(&place.mean_wait, Unit::Seconds),
            time(&place.mean_response),
            number(&place.mean_in_queue),
        ];
        if lost {
            cells.extend([share(&place.rejected_share), share(&place.gave_up_share)]);
        }
        columns.row(cells);
    }
    columns.text() + &more(places.len())
}

fn spans(details: &Details) -> String {
    let mut columns = Columns::new(&[
        ("span", Align::Left),
        ("passed", Align::Right),
        ("mean", Align::Left),
    ]);
    for span in details.spans.iter().take(LINES) {
        columns.row(vec![
            span.name.clone(),
            grouped(span.count),
            with_interval(&span.mean, Unit::Seconds),
        ]);
    }
    columns.text() + &more(details.spans.len())
}

fn over_time(series: &SeriesReport, places: &[PlaceReport]) -> String {
    const PLACES: usize = 4;
    let names: Vec<_> = places
        .iter()
        .take(PLACES)
        .map(|place| format!("at {}", place.name))
        .collect();
    let mut header = vec![("from", Align::Right), ("mean response", Align::Left)];
    header.extend(names.iter().map(|name| (name.as_str(), Align::Right)));
    let groups: Vec<_> = series
        .groups
        .iter()
        .map(|group| format!("imbalance of {}", group.name))
        .collect();
    header.extend(groups.iter().map(|name| (name.as_str(), Align::Right)));
    let mut columns = Columns::new(&header);
    for (i, response) in series.mean_response.iter().enumerate().take(LINES) {
        let mut cells = vec![
            duration(i as f64 * series.step),
            with_interval(response, Unit::Seconds),
        ];
        let present = series.present.iter().take(names.len());
        let imbalance = series.groups.iter().map(|group| &group.imbalance);
        let lines = present.chain(imbalance);
        cells.extend(lines.map(|line| line.get(i).map_or_else(String::new, number)));
        columns.row(cells);
    }
    columns.text() + &more(series.mean_response.len())
}

/// What must hold of any run.
fn laws(details: &Details) -> String {
    let flow = &details.flow;
    let balance = if flow.accounted() == flow.arrived {
        ""
    } else {
        " – which does NOT add up"
    };
    let [
        arrived,
        served,
        rejected,
        gave_up,
        timed_out,
        failed,
        in_flight,
    ] = [
        flow.arrived,
        flow.served,
        flow.rejected,
        flow.gave_up,
        flow.timed_out,
        flow.failed,
        flow.in_flight,
    ]
    .map(grouped);
    let little = if details.little <= ROUNDING {
        "holds in every replication, to rounding".to_owned()
    } else {
        format!("is VIOLATED by {}", percent(details.little))
    };
    format!(
        "Flow: {arrived} arrived = {served} served + {rejected} rejected + {gave_up} gave up + {timed_out} timed out \
         + {failed} failed + {in_flight} in flight{balance}.\nLittle's law L = λW {little}.\n"
    )
}

fn warnings(scenario: &Scenario, details: &Details) -> Option<String> {
    let mut lines = Vec::new();
    if details.crowded > 0 {
        lines.push(format!(
            "Crowded: {} replications ended early, with {} requests in flight (limits.population).",
            grouped(details.crowded),
            grouped(u64::from(scenario.limits.population))
        ));
    }
    if !details.livelock.is_empty() {
        lines.push(format!(
            "Livelock: a replication ended early, because these follow each other without time passing:\n  {}",
            details.livelock.join("\n  ")
        ));
    }
    (!lines.is_empty()).then(|| lines.join("\n") + "\n")
}

fn more(lines: usize) -> String {
    if lines <= LINES {
        return String::new();
    }
    format!(
        "… and {} more: see --format json\n",
        grouped((lines - LINES) as u64)
    )
}

fn with_interval(quantity: &Quantity, unit: Unit) -> String {
    let text = match (quantity.estimate, quantity.low, quantity.high) {
        (Some(estimate), ..) if estimate.abs() < NOTHING => value(0.0, unit),
        (Some(estimate), Some(low), Some(high)) => measured(estimate, low, high, unit),
        (Some(estimate), ..) => value(estimate, unit),
        _ => "–".into(),
    };
    text.replace('\u{a0}', " ")
}

fn share(quantity: &Quantity) -> String {
    quantity.estimate.map_or_else(|| "–".into(), percent)
}

fn time(quantity: &Quantity) -> String {
    quantity.estimate.map_or_else(|| "–".into(), duration)
}

fn number(quantity: &Quantity) -> String {
    quantity.estimate.map_or_else(|| "–".into(), rounded)
}
