//! The results as a table for people: a line for each size, a column for each policy.

use sim_core::caching::{Capacity, Policy};

use crate::columns::{Align, Columns};
use crate::job::Job;
use crate::number_text::{grouped, percent};
use crate::requests::Traffic;
use crate::run::Measured;

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
    let requests = grouped(job.traffic.len());
    match &job.traffic {
        Traffic::Drawn { workload, .. } => {
            let (objects, _) = job.traffic.footprint();
            let law = workload.keys.name().replace('_', "-");
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a number of objects"
            )]
            let objects = grouped(objects as u64);
            format!("{law}: {requests} requests for {objects} objects\n")
        }
        Traffic::Recorded(trace) => {
            let objects = grouped(u64::from(trace.distinct()));
            let name = job.trace.as_deref().unwrap_or_default();
            format!("{name}: {requests} requests for {objects} objects\n")
        }
    }
}

/// A line for each size. With `theory`, beside a policy what theory expects of it.
fn ratios(
    job: &Job,
    results: &[Measured],
    ratio: impl Fn(&Measured) -> f64,
    theory: bool,
) -> String {
    let of = |policy: Policy| results.iter().filter(move |it| it.cell.policy == policy);
    let has_theory = |policy| theory && of(policy).any(|it| it.theory.is_some());
    let unit = match job.capacities.first() {
        Some(Capacity::Bytes(_)) => "bytes",
        _ => "objects",
    };
    let mut header = vec![(unit, Align::Right)];
    for &policy in &job.policies {
        header.push((policy.name(), Align::Right));
        if has_theory(policy) {
            header.push(("Che", Align::Right));
        }
    }
    let mut columns = Columns::new(&header);
    for (at, capacity) in job.capacities.iter().enumerate() {
        let mut row = vec![grouped(capacity.amount())];
        for &policy in &job.policies {
            let Some(measured) = of(policy).nth(at) else {
                continue;
            };
            row.push(percent(ratio(measured)));
            if has_theory(policy) {
                let expected = measured.theory.map(percent);
                row.push(expected.map_or_else(|| "–".into(), |text| format!("≈{text}")));
            }
        }
        columns.row(row);
    }
    columns.text()
}

fn remarks(job: &Job, results: &[Measured]) -> String {
    let mut lines = Vec::new();
    if job.warm_up > 0 {
        lines.push(format!(
            "The first {} requests filled the caches and are not counted.",
            grouped(job.warm_up)
        ));
    }
    if let Some(sampling) = &job.sampling {
        let share = percent(sampling.rate());
        lines.push(format!("Estimated from {share} of the objects (SHARDS)."));
    }
    if let Some(expiry) = &job.expiry {
        let times = match &job.traffic {
            Traffic::Recorded(trace) if trace.times().is_some() => "times of the trace".to_owned(),
            _ => format!("{} requests per second", job.rate),
        };
        lines.push(format!(
            "Objects expire after {} s; {times}.",
            expiry.seconds
        ));
    }
    if results.iter().any(|it| it.theory.is_some()) {
        lines.push("≈: what theory expects in steady state; a run that starts empty misses each object once more.".into());
    }
    match &job.traffic {
        Traffic::Drawn { .. } => lines.push(format!("Seed {}.", job.seed)),
        Traffic::Recorded(trace) if trace.malformed().count() > 0 => {
            let count = grouped(trace.malformed().count());
            lines.push(format!("{count} malformed records were left out."));
        }
        Traffic::Recorded(_) => {}
    }
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    if text.is_empty() {
        text
    } else {
        format!("\n{text}")
    }
}
