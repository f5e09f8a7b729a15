//! The results as tables for people.

use sim_core::caching::Capacity;
use sim_core::wording::number;

use crate::cache::job::Job;
use crate::cache::requests::Traffic;
use crate::cache::run::Measured;
use crate::common::columns::{Align, Columns};
use crate::common::number_text::{counted, grouped, percent as rounded_percent};

/// Beyond so many columns a table is turned if that makes it narrower.
const MOST_COLUMNS: usize = 8;

/// The table with what has to be known to read it.
pub(crate) fn text(job: &Job, results: &[Measured]) -> String {
    let mut parts = vec![heading(job), "\nHit ratio:\n".to_owned()];
    parts.push(ratios(job, results, |it| it.counts.hit_ratio(), true));
    if results
        .iter()
        .any(|it| it.counts.hit_ratio() != it.counts.byte_hit_ratio())
    {
        parts.push("\nByte hit ratio:\n".to_owned());
        parts.push(ratios(job, results, |it| it.counts.byte_hit_ratio(), false));
    }
    parts.push(remarks(job, results));
    parts.concat()
}

fn heading(job: &Job) -> String {
    let requests = counted(job.traffic.len(), "request");
    match &job.traffic {
        Traffic::Drawn { workload, .. } => {
            let (objects, _) = job.traffic.footprint();
            let law = workload.keys.name().replace('_', "-");
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a number of objects"
            )]
            let objects = counted(objects as u64, "object");
            format!("{law}: {requests} for {objects}\n")
        }
        Traffic::Recorded(trace) => {
            let objects = counted(u64::from(trace.distinct()), "object");
            let name = job.trace.as_deref().unwrap_or_default();
            format!("{name}: {requests} for {objects}\n")
        }
    }
}

/// A line for each size and a column for each policy, or the other way round where that is narrower. With `theory`, beside a
/// policy what theory expects of it.
fn ratios(
    job: &Job,
    results: &[Measured],
    ratio: impl Fn(&Measured) -> f64,
    theory: bool,
) -> String {
    let mut lines = vec![(String::new(), Vec::new())];
    lines.extend(
        job.capacities
            .iter()
            .map(|it| (grouped(it.amount()), Vec::new())),
    );
    for measured in results.chunks(job.capacities.len()) {
        let name = measured[0].cell.policy.name();
        let ratios = measured.iter().map(|it| percent(ratio(it)));
        add(&mut lines, name, ratios);
        if theory && measured.iter().any(|it| it.theory.is_some()) {
            let expected = measured.iter().map(|it| it.theory.map(percent));
            add(&mut lines, "Che", expected.map(approximate));
        }
    }
    let unit = match job.capacities.first() {
        Some(Capacity::Bytes(_)) => "bytes",
        _ => "objects",
    };
    unit.clone_into(&mut lines[0].0);
    let columns = lines[0].1.len();
    let turned = columns > MOST_COLUMNS && lines.len() <= columns;
    aligned(&if turned { transposed(&lines) } else { lines })
}

/// The first cell of a line and the others.
type Line = (String, Vec<String>);

/// Puts a name and its numbers below each other at the ends of the lines.
fn add(lines: &mut [Line], name: &str, numbers: impl Iterator<Item = String>) {
    let cells = std::iter::once(name.to_owned()).chain(numbers);
    for (line, cell) in lines.iter_mut().zip(cells) {
        line.1.push(cell);
    }
}

fn approximate(expected: Option<String>) -> String {
    expected.map_or_else(|| "–".into(), |text| format!("≈{text}"))
}

/// Two decimals, below each other.
fn percent(share: f64) -> String {
    format!("{:.2}%", 100.0 * share)
}

fn transposed(lines: &[Line]) -> Vec<Line> {
    let first = lines.iter().map(|line| line.0.clone());
    let mut turned = vec![(lines[0].0.clone(), first.skip(1).collect())];
    turned.extend((0..lines[0].1.len()).map(|at| {
        let rest = lines[1..].iter().map(|line| line.1[at].clone());
        (lines[0].1[at].clone(), rest.collect())
    }));
    turned
}

fn aligned(lines: &[Line]) -> String {
    let cells = |line: &Line| [std::slice::from_ref(&line.0), &line.1].concat();
    let names = cells(&lines[0]);
    let header: Vec<_> = names
        .iter()
        .map(|name| (name.as_str(), Align::Right))
        .collect();
    let mut columns = Columns::new(&header);
    for line in &lines[1..] {
        columns.row(cells(line));
    }
    columns.text()
}

fn remarks(job: &Job, results: &[Measured]) -> String {
    let mut lines = Vec::new();
    if job.warm_up > 0 {
        lines.push(format!(
            "The first {} filled the caches and {} not counted.",
            counted(job.warm_up, "request"),
            if job.warm_up == 1 { "is" } else { "are" }
        ));
    }
    if let Some(sampling) = &job.sampling {
        let share = rounded_percent(sampling.rate());
        lines.push(format!("Estimated from {share} of the objects (SHARDS)."));
    }
    if let Some(expiry) = &job.expiry {
        let times = match &job.traffic {
            Traffic::Recorded(trace) if trace.times().is_some() => {
                "times are those of the trace".to_owned()
            }
            _ => format!("requests arrive at {} per second", number(job.rate)),
        };
        lines.push(format!(
            "Objects expire after {} s; {times}.",
            number(expiry.seconds)
        ));
    }
    if results.iter().any(|it| it.theory.is_some()) {
        lines.push("≈ marks what theory expects in the steady state;\na run that starts empty misses each object once more.".into());
    }
    match &job.traffic {
        Traffic::Drawn { .. } => lines.push(format!("Seed {}.", job.seed)),
        Traffic::Recorded(trace) if trace.malformed().count() > 0 => {
            let count = trace.malformed().count();
            let verb = if count == 1 { "was" } else { "were" };
            lines.push(format!(
                "{} {verb} left out.",
                counted(count, "malformed record")
            ));
        }
        Traffic::Recorded(_) => {}
    }
    if lines.is_empty() {
        return String::new();
    }
    format!("\n{}\n", lines.join("\n"))
}
