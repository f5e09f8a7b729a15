//! A curve as a table for people: theory beside simulation.

use sim_core::Quantity;
use sim_core::expectation::Values;

use crate::common::cells::{interval, known, theory, verdict, with_interval};
use crate::common::columns::{Align, Columns};
use crate::common::effort::PRECISION;
use crate::common::number_text::{TimeUnit, counted, duration, grouped, percent, rounded};
use crate::common::quantities::{Kind, WORDS, approximated, measured};
use crate::mm1::arguments::Arguments;
use crate::mm1::sweep::Point;

/// The table of one point has a line for each quantity, that of several a line for each point.
pub(crate) fn curve(arguments: &Arguments, points: &[Point]) -> String {
    match points {
        [point] if point.report.growth_rate.is_none() => one(arguments, point),
        _ => many(arguments, points),
    }
}

fn many(arguments: &Arguments, points: &[Point]) -> String {
    let unit = time_unit(points);
    let header = [
        ("utilization", Align::Right),
        ("mean, theory", Align::Right),
        ("simulated [95% interval]", Align::Left),
        ("P50, theory", Align::Right),
        ("simulated", Align::Left),
        ("P99, theory", Align::Right),
        ("simulated [95% interval]", Align::Left),
        ("", Align::Left),
    ];
    let settled = points
        .iter()
        .any(|point| point.report.growth_rate.is_none());
    let (header, caption) = if settled {
        let caption = format!(
            "Response time in {}, from arrival to departure:\n",
            unit.name
        );
        (&header[..], caption)
    } else {
        (&header[..1], String::new())
    };
    let mut columns = Columns::new(header);
    for point in points {
        if let Some(growth) = &point.report.growth_rate {
            columns.remark(percent(point.report.utilization), growing(growth));
        } else {
            columns.row(row(point, unit));
        }
    }
    [
        heading(arguments, points),
        caption,
        columns.text(),
        remarks(arguments, points),
    ]
    .concat()
}

fn row(point: &Point, unit: TimeUnit) -> Vec<String> {
    let report = &point.report;
    let approximate = &point.expectation.approximate;
    let theory = |quantity: &Quantity, approximate: Option<f64>| {
        theory(quantity.theory, approximate, |value| unit.number(value))
    };
    vec![
        percent(report.utilization),
        theory(&report.mean_response, approximate.mean_response),
        with_interval(&report.mean_response, unit),
        theory(&report.p50, approximate.p50),
        known(report.p50.estimate, |value| unit.number(value)),
        theory(&report.p99, approximate.p99),
        with_interval(&report.p99, unit),
        verdict(report).into(),
    ]
}

fn one(arguments: &Arguments, point: &Point) -> String {
    let unit = time_unit(std::slice::from_ref(point));
    let mut columns = Columns::new(&[
        ("", Align::Left),
        ("theory", Align::Right),
        ("simulated", Align::Right),
        ("95% interval", Align::Left),
        ("", Align::Left),
    ]);
    let approximate = approximated(&point.expectation.approximate);
    let rows = WORDS.iter().zip(measured(&point.report)).zip(approximate);
    for ((&(words, kind), (_, quantity)), approximate) in rows {
        let text = |value: f64| match kind {
            Kind::Time => unit.number(value),
            Kind::Requests => rounded(value),
        };
        columns.row(vec![
            words.to_owned(),
            theory(quantity.theory, approximate, text),
            known(quantity.estimate, text),
            interval(&quantity, text),
            if kind == Kind::Time { unit.name } else { "" }.to_owned(),
        ]);
    }
    let points = std::slice::from_ref(point);
    [
        heading(arguments, points),
        columns.text(),
        remarks(arguments, points),
    ]
    .concat()
}

/// What was simulated, and how.
fn heading(arguments: &Arguments, points: &[Point]) -> String {
    let Some(first) = points.first() else {
        return String::new();
    };
    let servers = arguments.servers;
    let mut lines = vec![format!(
        "{}: {} arrivals, {} service of mean {}, {}",
        first.expectation.model,
        arguments.arrivals,
        arguments.service,
        duration(arguments.service_rate.recip()),
        counted(u64::from(servers), "server"),
    )];
    if let [point] = points {
        let report = &point.report;
        lines.push(format!(
            "arrival rate λ = {}/s, capacity cμ = {}/s, utilization ρ = {}",
            rounded(report.arrival_rate),
            rounded(f64::from(servers) * report.service_rate),
            percent(report.utilization),
        ));
    }
    lines.join("\n") + "\n\n"
}

/// What the reader should know about the numbers above.
fn remarks(arguments: &Arguments, points: &[Point]) -> String {
    let mut lines = vec![
        String::new(),
        format!("Seed {}; {}.", arguments.effort.seed, effort(points)),
    ];
    let warm_up = points
        .iter()
        .map(|point| point.report.warm_up)
        .max()
        .unwrap_or(0);
    if warm_up > 0 {
        lines.push(format!(
            "The first requests of each replication, up to {}, are not counted: they still see the empty start.",
            grouped(warm_up)
        ));
    }
    let approximated = points
        .iter()
        .find(|point| point.expectation.approximate != Values::default());
    if let Some(point) = approximated {
        lines.push(format!(
            "≈ marks an approximation ({}); it need not lie in the interval.",
            point.expectation.label
        ));
    }
    let stable = || points.iter().filter(|point| point.report.stable);
    if stable().any(|point| !point.report.converged) {
        lines.push(format!(
            "Not converged: the interval of the mean or of P99 is wider than ±{}, or the warm-up was too short.\n\
             Run longer with --requests or --precision.",
            percent(arguments.effort.precision.unwrap_or(PRECISION))
        ));
    }
    lines.join("\n") + "\n"
}

fn effort(points: &[Point]) -> String {
    let range = |values: &mut dyn Iterator<Item = u64>, noun: &str| {
        let (low, high) = values.fold((u64::MAX, 0), |(low, high), x| (low.min(x), high.max(x)));
        if low == high {
            counted(low, noun)
        } else {
            format!("{} to {}", grouped(low), counted(high, noun))
        }
    };
    format!(
        "{} of {}",
        range(
            &mut points.iter().map(|point| point.report.replications),
            "replication"
        ),
        range(&mut points.iter().map(|point| point.length), "request"),
    )
}

fn growing(growth: &Quantity) -> String {
    format!(
        "the queue grows without end, by {} {} requests per second; λ − cμ = {}",
        known(growth.estimate, rounded),
        interval(growth, rounded),
        known(growth.theory, rounded),
    )
}

/// The unit for all times of a table.
fn time_unit(points: &[Point]) -> TimeUnit {
    let shortest = points
        .iter()
        .filter_map(|point| point.report.p50.estimate)
        .fold(f64::INFINITY, f64::min);
    TimeUnit::for_times_from(shortest)
}
