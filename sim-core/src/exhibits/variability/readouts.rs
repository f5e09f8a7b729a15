//! The price of variability in sentences, and the headroom that keeps a limit.

use super::headroom::{Load, by_simulation, by_theory};
use super::parts::{FIRST, SECOND, known, measured, written};
use super::{Found, Params, Shown};
use crate::exhibits::Readout;
use crate::exhibits::sentence::Sentence;
use crate::figure::format::value;
use crate::figure::{Role, Unit};

pub(super) fn readouts(params: &Params, found: &Found) -> Vec<Readout> {
    let sentences = [
        theory(params),
        Some(simulated(params, found)),
        bursts(params, found),
        Some(headroom(params, found)),
    ];
    sentences.into_iter().flatten().collect()
}

/// The wait, and what it would be with constant service.
fn theory(params: &Params) -> Option<Readout> {
    let wait = |params: &Params| known(&params.theory(params.utilization), |v| v.mean_wait);
    let here = wait(params)?;
    let sentence = Sentence::new("At ")
        .number(value(params.utilization, Unit::Percent), Role::Theory)
        .text(" a request of the steady stream waits ")
        .number(written(here, Unit::Seconds), Role::Theory)
        .text(" on average");
    if params.service_scv == 0.0 {
        return Some(sentence.text(", though all take equally long").end());
    }
    let constant = wait(&params.serving(0.0))?;
    Some(
        sentence
            .text("; if all took equally long it would wait ")
            .number(written(constant, Unit::Seconds), Role::Theory)
            .end(),
    )
}

fn simulated(params: &Params, found: &Found) -> Readout {
    let report = Found::at(&found.steady, params.utilization);
    let wait = report.and_then(|report| measured(report.mean_wait, Unit::Seconds));
    let tail = report.and_then(|report| measured(report.p99, Unit::Seconds));
    let (Some(wait), Some(tail), Some(report)) = (wait, tail, report) else {
        return Sentence::new("The simulation has no result yet").end();
    };
    let sentence = Sentence::new("Simulated: mean wait ")
        .number(wait, FIRST)
        .text(", P99 of the response ")
        .number(tail, Role::Tail);
    if report.converged {
        sentence.text("; in brackets, 95 % intervals").end()
    } else {
        sentence.text("; not yet converged").end()
    }
}

fn bursts(params: &Params, found: &Found) -> Option<Readout> {
    let report = Found::at(&found.bursty, params.utilization)?;
    let steady = Found::at(&found.steady, params.utilization)?;
    let ratio = report.mean_wait.estimate? / steady.mean_wait.estimate?;
    let sentence = Sentence::new("With bursts of the same mean rate a request waits ")
        .number(measured(report.mean_wait, Unit::Seconds)?, SECOND)
        .text(" and has a P99 of ")
        .number(measured(report.p99, Unit::Seconds)?, Role::Tail);
    // A ratio of next to nothing says nothing.
    let sentence = if ratio.is_finite() && ratio < 1e4 {
        sentence
            .text(": ")
            .number(crate::figure::format::number(ratio, 2), SECOND)
            .text(" times the mean wait")
    } else {
        sentence
    };
    Some(if report.converged {
        sentence.end()
    } else {
        sentence.text("; not yet converged").end()
    })
}

fn headroom(params: &Params, found: &Found) -> Readout {
    let what = match params.shown {
        Shown::Wait => "mean wait",
        Shown::P99 => "P99",
    };
    let servers = if params.servers == 1 {
        "the server"
    } else {
        "the servers"
    };
    let sentence = Sentence::new(&format!("To keep the {what} below "))
        .number(value(params.limit_ms / 1e3, Unit::Seconds), Role::Tail);
    let steady = by_theory(params).map(|(load, exact)| {
        let about = if exact { "" } else { "about " };
        (load, about, Role::Theory, "the steady stream")
    });
    let bursts = by_simulation(params, found).map(|load| (load, "about ", SECOND, "bursts"));
    let mut known = steady.into_iter().chain(bursts);
    let Some((load, about, role, who)) = known.next() else {
        return sentence.text(", no formula says how far one may go").end();
    };
    let first = sentence.text(&format!(", {who} may load {servers} "));
    let sentence = told(first, load, about, role);
    known
        .fold(sentence, |sentence, (load, about, role, who)| {
            told(sentence.text(&format!("; {who}, ")), load, about, role)
        })
        .end()
}

fn told(sentence: Sentence, load: Load, about: &str, role: Role) -> Sentence {
    let (words, utilization) = match load {
        Load::UpTo(utilization) => (format!("up to {about}"), utilization),
        Load::Beyond(utilization) => ("beyond ".to_owned(), utilization),
        Load::Below(utilization) => ("to less than ".to_owned(), utilization),
    };
    let percent = crate::figure::format::with_digits(utilization, Unit::Percent, 2);
    sentence.text(&words).number(percent, role)
}
