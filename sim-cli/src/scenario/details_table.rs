//! Who came, where they queued, and what became of them.

use sim_core::Quantity;
use sim_core::figure::Unit;
use sim_core::run::report::{ClassReport, Details, GroupReport, PlaceReport};
use sim_core::scenario::Scenario;

use crate::common::columns::{Align, Columns};
use crate::common::number_text::{counted, grouped, percent};
use crate::scenario::caches_table::caches;
use crate::scenario::calls_table::{calls, tries};
use crate::scenario::details_cells::{
    LINES, more, number, share, time, time_with_interval, unit_of, with_interval,
};
use crate::scenario::doubts;
use crate::scenario::numbers_table::numbers;
use crate::scenario::series_table::over_time;
use crate::scenario::spread_table::{last_departure, spread};
use crate::scenario::waits_table::waits;

/// Little's law holds to rounding: a larger deviation is a mistake of the program.
const ROUNDING: f64 = 1e-6;

/// All of it.
pub(crate) fn details(scenario: &Scenario, details: &Details) -> String {
    let mut parts = vec![
        classes(&details.classes),
        places(&details.places),
        waits(details),
        calls(details),
        tries(details),
        spread(scenario, details),
    ];
    if !details.spans.is_empty() {
        parts.push(spans(details));
    }
    parts.push(caches(&details.caches));
    parts.push(groups(&details.groups));
    parts.push(over_time(details));
    parts.push(numbers(details));
    parts.push(last_departure(details));
    parts.push(laws(details));
    parts.extend(warnings(scenario, details));
    parts.retain(|part| !part.is_empty());
    parts.join("\n")
}

fn classes(classes: &[ClassReport]) -> String {
    let times = |it: &ClassReport| [it.mean_response, it.percentiles.p50, it.percentiles.p99];
    let all: Vec<_> = classes.iter().take(LINES).flat_map(times).collect();
    let unit = unit_of(all.iter());
    let mut columns = Columns::new(&[
        ("class", Align::Left),
        ("arrived", Align::Right),
        ("served", Align::Right),
        ("served per second", Align::Left),
        (&unit.header("mean response"), Align::Left),
        (&unit.header("P50"), Align::Left),
        (&unit.header("P99"), Align::Left),
    ]);
    for class in classes.iter().take(LINES) {
        columns.row(vec![
            class.name.clone(),
            grouped(class.flow.arrived),
            share(&class.served_share),
            with_interval(&class.throughput, Unit::Number),
            time_with_interval(&class.mean_response, unit),
            time(&class.percentiles.p50, unit),
            time_with_interval(&class.percentiles.p99, unit),
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
    let times = |it: &PlaceReport| [it.mean_wait, it.mean_response];
    let all: Vec<_> = places.iter().take(LINES).flat_map(times).collect();
    let unit = unit_of(all.iter());
    let (wait, visit) = (unit.header("mean wait"), unit.header("mean visit"));
    let mut header = vec![
        ("place", Align::Left),
        ("servers", Align::Right),
        ("utilization", Align::Left),
        ("visits per second", Align::Right),
        (&wait, Align::Left),
        (&visit, Align::Right),
        ("mean in queue", Align::Right),
    ];
    if lost {
        header.extend([("rejected", Align::Right), ("gave up", Align::Right)]);
    }
    let mortal = places.iter().any(|place| place.life.is_some());
    if mortal {
        header.extend([
            ("failed", Align::Right),
            ("up", Align::Left),
            ("on", Align::Right),
        ]);
    }
    let mut columns = Columns::new(&header);
    for place in places.iter().take(LINES) {
        let mut cells = vec![
            place.name.clone(),
            place.servers.to_string(),
            with_interval(&place.utilization, Unit::Percent),
            number(&place.throughput),
            time_with_interval(&place.mean_wait, unit),
            time(&place.mean_response, unit),
            number(&place.mean_in_queue),
        ];
        if lost {
            cells.extend([share(&place.rejected_share), share(&place.gave_up_share)]);
        }
        if mortal {
            cells.extend(place.life.as_ref().map_or_else(Default::default, |life| {
                [
                    share(&life.failed_share),
                    with_interval(&life.up_share, Unit::Percent),
                    share(&life.on_share),
                ]
            }));
        }
        columns.row(cells);
    }
    columns.text() + &more(places.len())
}

/// How long balancers took to find out what was down, where they did.
fn groups(groups: &[GroupReport]) -> String {
    let found = groups.iter().filter(|group| group.detections > 0);
    let sentence = |group: &GroupReport| {
        let again = match group.repeated_detections {
            0 => String::new(),
            times => format!(
                " They let it in again and found out once more {}.",
                counted(times, "time")
            ),
        };
        format!(
            "The balancers of {} found a server down {}, after {} on average.{again}\n",
            group.name,
            counted(group.detections, "time"),
            with_interval(&group.time_to_detect, Unit::Seconds),
        )
    };
    found.map(sentence).collect()
}

fn spans(details: &Details) -> String {
    let unit = unit_of(details.spans.iter().take(LINES).map(|it| &it.mean));
    let mut columns = Columns::new(&[
        ("span", Align::Left),
        ("passed", Align::Right),
        (&unit.header("mean"), Align::Left),
    ]);
    for span in details.spans.iter().take(LINES) {
        columns.row(vec![
            span.name.clone(),
            grouped(span.count),
            time_with_interval(&span.mean, unit),
        ]);
    }
    columns.text() + &more(details.spans.len())
}

/// What must hold of any run.
fn laws(details: &Details) -> String {
    let flow = &details.flow;
    let balance = if flow.accounted() == flow.arrived {
        ""
    } else {
        " – this does NOT add up"
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
    let books = if details.little <= ROUNDING {
        String::new()
    } else {
        let off = percent(details.little);
        format!("\nTimes in system do NOT add up to the number there: off by {off}.")
    };
    format!(
        "Flow: {arrived} arrived = {served} served + {rejected} rejected + {gave_up} gave up + {timed_out} timed out \
         + {failed} failed + {in_flight} in flight{balance}.{books}\n"
    )
}

fn warnings(scenario: &Scenario, details: &Details) -> Option<String> {
    let mut lines = Vec::new();
    if details.crowded > 0 {
        lines.push(format!(
            "Crowded: {} ended early, with {} in flight (limits.population).",
            counted(details.crowded, "replication"),
            counted(u64::from(scenario.limits.population), "request")
        ));
    }
    if !details.livelock.is_empty() {
        lines.push(format!(
            "Livelock: a replication ended early, because these steps follow each other without time passing:\n  {}",
            details.livelock.join("\n  ")
        ));
    }
    lines.extend(doubts::deadlock(details));
    (!lines.is_empty()).then(|| lines.join("\n") + "\n")
}
