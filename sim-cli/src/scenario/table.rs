//! A scenario, or several along a sweep, as tables for people.

use sim_core::expectation::Values;
use sim_core::scenario::Arrivals;
use sim_core::{Quantity, Report};

use crate::common::cells::{interval, known, theory, verdict, with_interval};
use crate::common::columns::{Align, Columns};
use crate::common::number_text::{TimeUnit, counted, grouped, percent, rounded};
use crate::common::quantities::{Kind, WORDS, approximated, measured};
use crate::scenario::details_table::details;
use crate::scenario::doubts;
use crate::scenario::point::{Point, SweptPoint};

/// Everything about one scenario.
pub(crate) fn single(name: &str, seed: u64, precision: f64, point: &Point) -> String {
    let report = &point.report;
    let mut parts = vec![heading(name, point)];
    if let Some(line) = unsettled(report) {
        parts.push(line + "\n");
    }
    if report
        .mean_response
        .estimate
        .or(report.mean_response.low)
        .is_some()
    {
        parts.push(quantities(point));
    }
    if let Some(found) = &report.details {
        parts.push("\n".to_owned() + &details(&point.scenario, found));
    }
    parts.push(remarks(seed, precision, &[point]));
    parts.concat()
}

fn heading(name: &str, point: &Point) -> String {
    let report = &point.report;
    let title = &point.scenario.name;
    let title = if title.is_empty() {
        name.to_owned()
    } else {
        format!("{name}: {title}")
    };
    let model = point
        .expectation
        .as_ref()
        .map_or_else(String::new, |it| format!("{}: {}\n", it.model, it.label));
    let load = if report.arrival_rate > 0.0 {
        format!("{} requests/s from outside", rounded(report.arrival_rate))
    } else {
        closed_or_recorded(point)
    };
    let busiest = if report.utilization > 0.0 {
        let share = percent(report.utilization);
        // A pool is held longer where its holders wait elsewhere: before anything ran that is known from below.
        let at_least = point.scenario.load().bottleneck().is_some_and(|it| {
            let busy = it.busy;
            busy.low >= busy.value && busy.high > busy.value
        });
        let at_least = if at_least { "at least " } else { "" };
        format!("; the busiest resource needs {at_least}{share} of its capacity")
    } else {
        String::new()
    };
    format!("{title}\n{model}{load}{busiest}\n\n")
}

/// Where requests come from that no rate says: from users who wait for answers, from a record, or from both.
fn closed_or_recorded(point: &Point) -> String {
    let classes = || point.scenario.classes.iter().map(|(_, it)| &it.arrivals);
    let users = classes().any(|it| matches!(it, Arrivals::Users(_)));
    let recorded = classes().any(|it| matches!(it, Arrivals::Recorded(_)));
    match (users, recorded) {
        (true, true) => "requests come from users who wait for their answers, and from a record",
        (true, false) => "all requests come from users who wait for their answers",
        (false, true) => "all requests come at recorded times",
        (false, false) => "no requests come from outside",
    }
    .into()
}

fn quantities(point: &Point) -> String {
    let unit = TimeUnit::for_times_from(point.report.p50.estimate.unwrap_or(1.0));
    let mut header = vec![
        ("", Align::Left),
        ("simulated", Align::Right),
        ("95% interval", Align::Left),
        ("", Align::Left),
    ];
    if point.expectation.is_some() {
        header.insert(1, ("theory", Align::Right));
    }
    let mut columns = Columns::new(&header);
    let nothing = Values::default();
    let approximate = point
        .expectation
        .as_ref()
        .map_or(&nothing, |it| &it.approximate);
    let rows = WORDS
        .iter()
        .zip(measured(&point.report))
        .zip(approximated(approximate));
    for ((&(words, kind), (_, quantity)), approximate) in rows {
        let text = |value: f64| match kind {
            Kind::Time => unit.number(value),
            Kind::Requests => rounded(value),
        };
        let mut cells = vec![
            words.to_owned(),
            known(quantity.estimate, text),
            interval(&quantity, text),
            if kind == Kind::Time { unit.name } else { "" }.to_owned(),
        ];
        if point.expectation.is_some() {
            cells.insert(1, theory(quantity.theory, approximate, text));
        }
        columns.row(cells);
    }
    columns.text()
}

/// A line for each value of a field.
pub(crate) fn sweep(
    name: &str,
    field: &str,
    seed: u64,
    precision: f64,
    points: &[SweptPoint],
) -> String {
    let all = || points.iter().map(|it| &it.point);
    let shortest = all()
        .filter_map(|point| point.report.p50.estimate)
        .fold(f64::INFINITY, f64::min);
    let unit = TimeUnit::for_times_from(shortest);
    let with_theory = all().any(|point| point.expectation.is_some());
    let mut header = vec![
        (field, Align::Right),
        ("utilization", Align::Right),
        ("mean [95% interval]", Align::Left),
        ("P50", Align::Left),
        ("P95", Align::Left),
        ("P99 [95% interval]", Align::Left),
        ("served", Align::Right),
        ("", Align::Left),
    ];
    if with_theory {
        header.insert(2, ("mean, theory", Align::Right));
    }
    let mut columns = Columns::new(&header);
    for it in points {
        let report = &it.point.report;
        if report.mean_response.estimate.is_none() {
            columns.remark(it.value.to_string(), unsettled(report).unwrap_or_default());
            continue;
        }
        let number = |quantity: &Quantity| known(quantity.estimate, |value| unit.number(value));
        let mut cells = vec![
            it.value.to_string(),
            asked(report),
            with_interval(&report.mean_response, unit),
            number(&report.p50),
            number(&report.p95),
            with_interval(&report.p99, unit),
            served(report),
            verdict(report).to_owned(),
        ];
        if with_theory {
            let approximate = it
                .point
                .expectation
                .as_ref()
                .and_then(|it| it.approximate.mean_response);
            let exact = report.mean_response.theory;
            cells.insert(2, theory(exact, approximate, |value| unit.number(value)));
        }
        columns.row(cells);
    }
    [
        format!("{name}: response time in {}\n\n", unit.name),
        columns.text(),
        remarks(seed, precision, &all().collect::<Vec<_>>()),
    ]
    .concat()
}

/// The share of requests that was served in the end; in a queue it is all of them.
fn served(report: &Report) -> String {
    let Some(details) = &report.details else {
        return percent(1.0);
    };
    let flow = details.flow;
    let done = flow.arrived.saturating_sub(flow.in_flight);
    if done == 0 {
        return "–".into();
    }
    percent(flow.served as f64 / done as f64)
}

/// What the open classes ask of the busiest resource; closed ones ask for as much as they get.
fn asked(report: &Report) -> String {
    if report.utilization > 0.0 {
        percent(report.utilization)
    } else {
        "–".into()
    }
}

/// Said where no mean can be told; the last lines say what to do about it.
const NOT_STEADY: &str =
    "No steady state was reached in the time that was watched: see the note at the end.";

/// Why there are no means and percentiles, or what to think of them.
fn unsettled(report: &Report) -> Option<String> {
    let growth = report.growth_rate.unwrap_or_default();
    let rate = format!(
        "{} {} requests per second",
        known(growth.estimate, rounded),
        interval(&growth, rounded)
    );
    let theory = growth.theory.map_or_else(String::new, |theory| {
        format!("; theory says {}", rounded(theory))
    });
    let nobody = report.mean_response == Quantity::default();
    if !report.stable && growth.low.is_some_and(|low| low > 0.0) {
        Some(format!("Unstable: the queue grows by {rate}{theory}."))
    } else if !report.stable && growth.low.is_none() && growth.estimate.is_some() {
        Some(format!(
            "Unstable: the queue grows by {rate}{theory}; there is no interval from one replication."
        ))
    } else if !report.stable {
        Some(NOT_STEADY.into())
    } else if nobody {
        Some("Nobody was served.".into())
    } else {
        None
    }
}

/// What the reader should know about the numbers above.
fn remarks(seed: u64, precision: f64, points: &[&Point]) -> String {
    let range = |of: fn(&Report) -> u64, noun: &str| {
        let values = points.iter().map(|point| of(&point.report));
        let (low, high) = values.fold((u64::MAX, 0), |(low, high), it| (low.min(it), high.max(it)));
        if low == high {
            counted(low, noun)
        } else {
            format!("{} to {}", grouped(low), counted(high, noun))
        }
    };
    let warm_up = if points.iter().all(|point| point.report.warm_up == 0) {
        String::new()
    } else {
        let requests = range(|report| report.warm_up, "request");
        format!(", each after a warm-up of {requests}")
    };
    let mut lines = vec![
        String::new(),
        format!(
            "Seed {seed}; {} in {}{warm_up}.",
            range(|report| report.requests, "request"),
            range(|report| report.replications, "replication"),
        ),
    ];
    if points.iter().any(|point| {
        let expectation = point.expectation.as_ref();
        expectation.is_some_and(|it| it.approximate != Values::default())
    }) {
        lines.push("≈ marks an approximation; it need not lie in the interval.".into());
    }
    lines.extend(points.iter().flat_map(|point| doubts::lines(&point.report)));
    let open = |point: &&&Point| point.report.stable && !point.report.converged;
    if points.iter().any(|point| open(&point)) {
        lines.push(format!(
            "Not converged: the interval of the mean or of P99 is wider than ±{}, or the warm-up was too short.\n\
             Run longer with --requests, --replications or --precision.",
            percent(precision)
        ));
    }
    let adrift = |point: &&&Point| unsettled(&point.report).as_deref() == Some(NOT_STEADY);
    if points.iter().any(|point| adrift(&point)) {
        lines.push(
            "No steady state: what was in the system kept drifting, but no growth is certain. Either the load is too close to\n\
             capacity for this run, so run longer with --requests or --replications; or the system does not settle at all,\n\
             so watch it for a given time: --set 'horizon={span={seconds=600}}'."
                .into(),
        );
    }
    lines.join("\n") + "\n"
}
