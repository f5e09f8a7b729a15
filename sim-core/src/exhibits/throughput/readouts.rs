//! The closed loop in sentences, and what it does not see.

use super::{Found, Params, in_words, requests};
use crate::exhibits::Readout;
use crate::exhibits::parts::{FIRST, SECOND, measured};
use crate::exhibits::sentence::Sentence;
use crate::figure::format::value;
use crate::figure::{Role, Unit};

pub(super) fn readouts(params: &Params, found: &Found) -> Vec<Readout> {
    [
        loop_of(params),
        knee(params),
        Some(pause(params, found)),
        omitted(params),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn seconds(time: f64) -> String {
    value(time, Unit::Seconds)
}

fn loop_of(params: &Params) -> Option<Readout> {
    let model = params.closed(params.users).ok()?;
    let sentence = Sentence::new("")
        .number(in_words(params.users), Role::Theory)
        .text(" with a think time of ")
        .number(seconds(params.think_ms / 1e3), Role::Theory)
        .text(" get ")
        .number(value(model.throughput(), Unit::PerSecond), Role::Theory)
        .text(" through and wait ")
        .number(seconds(model.mean_response()), Role::Theory)
        .text(" for each answer");
    let Ok(open) = params.open(model.throughput()) else {
        return Some(sentence.end());
    };
    Some(
        sentence
            .text("; open arrivals at that rate wait ")
            .number(seconds(open.mean_response()), Role::Theory)
            .end(),
    )
}

fn knee(params: &Params) -> Option<Readout> {
    let model = params.closed(params.users).ok()?;
    let knee = value(model.knee(), Unit::Number);
    Some(
        Sentence::new("No more than ")
            .number(value(params.capacity(), Unit::PerSecond), Role::Theory)
            .text(" can leave. The knee is at ")
            .number(knee, Role::Theory)
            .text(" users: far beyond it, each further user makes everybody wait ")
            .number(seconds(1.0 / params.capacity()), Role::Theory)
            .text(" longer and nothing else")
            .end(),
    )
}

fn pause(params: &Params, found: &Found) -> Readout {
    let tail = |report| measured(requests(report)?.percentiles.p99, Unit::Seconds);
    let known = found
        .closed_with_pauses
        .and_then(tail)
        .zip(found.open_with_pauses.and_then(tail));
    let sentence = Sentence::new("With a pause of ")
        .number(seconds(params.pause_ms / 1e3), Role::Overload)
        .text(" about every ")
        .number(seconds(params.pause_every_s), Role::Overload);
    let Some((closed, open)) = known else {
        return sentence.text(", the simulation has no result yet").end();
    };
    let sentence = sentence
        .text(" the closed test reports a P99 of ")
        .number(closed, FIRST)
        .text("; open arrivals at ")
        .number(value(params.open_rate(), Unit::PerSecond), Role::Theory)
        .text(" see ")
        .number(open, SECOND);
    let reports = [found.closed_with_pauses, found.open_with_pauses];
    if reports.iter().flatten().all(|report| report.converged) {
        sentence.end()
    } else {
        sentence.text("; not yet converged").end()
    }
}

/// Why: whom a pause holds up.
fn omitted(params: &Params) -> Option<Readout> {
    let coming = params.open_rate() * params.pause_ms / 1e3;
    (coming > f64::from(params.users)).then(|| {
        Sentence::new("While the servers stand still, the test has at most ")
            .number(value(f64::from(params.users), Unit::Count), FIRST)
            .text(" requests under way, one for each user; in the same time ")
            .number(value(coming, Unit::Number), SECOND)
            .text(" would have come")
            .end()
    })
}
