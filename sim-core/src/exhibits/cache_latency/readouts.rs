//! From hits to load to latency, in sentences.

use super::model::Expected;
use super::timeline::around_flush;
use super::{DATABASE, Params, SMALLEST, SWEEP};
use crate::exhibits::Readout;
use crate::exhibits::caches::{kept_up, place};
use crate::exhibits::parts::measured;
use crate::exhibits::sentence::Sentence;
use crate::figure::format::value;
use crate::figure::{Role, Unit};
use crate::run::report::Report;

pub(super) fn readouts(params: &Params, reports: &[Option<Report>]) -> Vec<Readout> {
    let here = reports.first().and_then(Option::as_ref);
    let timeline = reports.get(SWEEP.len() + 1).and_then(Option::as_ref);
    let expected = Expected::of(params);
    let mut all = vec![
        here.and_then(found)
            .unwrap_or_else(|| awaited(params, &expected)),
    ];
    all.push(size(params, &expected));
    if expected.keeps_up(params) {
        all.extend(flush(params, timeline));
    }
    all
}

/// What was measured.
fn found(report: &Report) -> Option<Readout> {
    let hits = measured(
        report.details.as_deref()?.caches.first()?.hit_ratio,
        Unit::Percent,
    )?;
    let load = measured(place(report, DATABASE)?.utilization, Unit::Percent)?;
    let sentence = Sentence::new("")
        .number(hits, Role::Simulation)
        .text(" of the requests hit, the database is busy ")
        .number(load, Role::Simulation)
        .text(" of the time");
    if !kept_up(report) {
        return Some(
            sentence
                .text(", and cannot keep up: its queue grows without end")
                .end(),
        );
    }
    let response = measured(report.mean_response, Unit::Seconds)?;
    Some(
        sentence
            .text(", and a request takes ")
            .number(response, Role::Simulation)
            .text(" on average")
            .end(),
    )
}

/// What theory expects.
fn awaited(params: &Params, expected: &Expected) -> Readout {
    let hits = expected.hits.unwrap_or(0.0);
    let sentence = Sentence::new("Theory expects ")
        .number(
            format!("≈\u{a0}{}", value(hits, Unit::Percent)),
            Role::Theory,
        )
        .text(" hits, which ask the database for ")
        .number(value(params.utilization(hits), Unit::Percent), Role::Theory)
        .text(" of what it can do");
    match params.response(hits) {
        Some(response) => sentence
            .text(", and a mean response of ")
            .number(
                format!("≈\u{a0}{}", value(response, Unit::Seconds)),
                Role::Theory,
            )
            .end(),
        None => sentence.text(": too much").end(),
    }
}

/// How large the cache has to be.
fn size(params: &Params, expected: &Expected) -> Readout {
    let load = value(params.utilization(0.0), Unit::Percent);
    let without = |role| {
        Sentence::new("Without the cache the database would be asked for ")
            .number(load, role)
            .text(" of what it can do")
    };
    let Some(needed) = expected.needed else {
        return without(Role::Theory).text(", and would keep up").end();
    };
    let room = if needed > SMALLEST {
        "; it takes room for about "
    } else {
        "; it takes room for no more than "
    };
    without(Role::Overload)
        .text(room)
        .number(value(needed, Unit::Percent), Role::Theory)
        .text(" of the items to let it keep up")
        .end()
}

fn flush(params: &Params, timeline: Option<&Report>) -> Option<Readout> {
    let (before, worst) = around_flush(params, timeline)?;
    let sentence = Sentence::new("When the cache is emptied, the mean response goes from ")
        .number(value(before, Unit::Seconds), Role::Simulation)
        .text(" to ")
        .number(value(worst, Unit::Seconds), Role::Tail);
    Some(sentence.text(" at its worst").end())
}
