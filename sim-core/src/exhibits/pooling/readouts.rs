//! The three arrangements in sentences.

use super::parts::{known, measured, written};
use super::{Arrangement, Params, Shown, operating};
use crate::exhibits::Readout;
use crate::exhibits::sentence::Sentence;
use crate::expectation::Values;
use crate::figure::format::value;
use crate::figure::{Role, Unit};
use crate::run::report::Report;

pub(super) fn readouts(params: &Params, reports: &[Option<Report>]) -> Vec<Readout> {
    let mean = compared(params, "a request takes on average", Role::Theory, |v| {
        v.mean_response
    });
    let tail = compared(
        params,
        "one request in a hundred takes more than",
        Role::Tail,
        |v| v.p99,
    );
    let sentences = [mean, tail, ratio(params), Some(simulated(params, reports))];
    sentences.into_iter().flatten().collect()
}

/// All three, best first.
fn compared(
    params: &Params,
    what: &str,
    role: Role,
    of: fn(&Values) -> Option<f64>,
) -> Option<Readout> {
    let get = |arrangement| {
        let found = known(&params.theory(arrangement, params.utilization), of)?;
        Some(written(found, Unit::Seconds))
    };
    let servers = params.servers;
    let start = Sentence::new("At ")
        .number(value(params.utilization, Unit::Percent), Role::Theory)
        .text(&format!(" {what} "))
        .number(get(Arrangement::Fast)?, role);
    Some(
        start
            .text(&format!(" at one server {servers} times as fast, "))
            .number(get(Arrangement::Shared)?, role)
            .text(&format!(" at {servers} servers with one queue, and "))
            .number(get(Arrangement::Separate)?, role)
            .text(" where each has its own")
            .end(),
    )
}

/// How much longer the wait is in separate queues than in a shared one.
fn ratio(params: &Params) -> Option<Readout> {
    let wait = |arrangement| {
        let theory = params.theory(arrangement, params.utilization);
        known(&theory, |v| v.mean_wait).filter(|wait| wait.value > 1e-4 * params.service())
    };
    let sentence = Sentence::new("With a queue each a request waits ").number(
        written(wait(Arrangement::Separate)?, Unit::Seconds),
        Role::Theory,
    );
    let Some(shared) = wait(Arrangement::Shared) else {
        return Some(sentence.text("; with one queue, next to nothing").end());
    };
    Some(
        sentence
            .text(", with one queue ")
            .number(written(shared, Unit::Seconds), Role::Theory)
            .text(", because there nobody waits while a server is idle")
            .end(),
    )
}

fn simulated(params: &Params, reports: &[Option<Report>]) -> Readout {
    let role = match params.shown {
        Shown::Mean => Role::Simulation,
        Shown::P99 => Role::Tail,
    };
    let found = Arrangement::ALL.map(|arrangement| {
        let report = operating(reports, arrangement)?;
        let text = measured(params.shown.measured(report), Unit::Seconds)?;
        Some((text, report.converged))
    });
    let [Some(separate), Some(shared), Some(fast)] = found else {
        return Sentence::new("The simulation has no result yet").end();
    };
    let what = match params.shown {
        Shown::Mean => "Simulated means: ",
        Shown::P99 => "Simulated P99s: ",
    };
    let converged = separate.1 && shared.1 && fast.1;
    let sentence = Sentence::new(what)
        .number(fast.0, role)
        .text(", ")
        .number(shared.0, role)
        .text(" and ")
        .number(separate.0, role);
    if converged {
        sentence.text("; in brackets, 95 % intervals").end()
    } else {
        sentence.text("; not yet converged").end()
    }
}
