//! The death in sentences: when it is noticed, what it costs, and the bottom line.

use super::figures::{recovery, violated};
use super::{Checks, Params};
use crate::exhibits::Readout;
use crate::exhibits::parts::measured;
use crate::exhibits::sentence::Sentence;
use crate::figure::format::{self, value};
use crate::figure::{Role, Unit};
use crate::run::report::{Quantity, Report};

/// The share of requests that may be lost.
const OBJECTIVE: f64 = 0.01;
/// Seconds in a month of thirty days.
const MONTH: f64 = 30.0 * 86_400.0;

pub(super) fn readouts(params: &Params, report: Option<&Report>) -> Vec<Readout> {
    let sentences = [
        Some(detection(params, report)),
        exposure(params, report),
        waiting(params, report),
        violation(params, report),
        month(params, report),
        back(params),
        overload(params),
    ];
    sentences.into_iter().flatten().collect()
}

/// How long nobody knows.
fn detection(params: &Params, report: Option<&Report>) -> Readout {
    let belief = params.belief();
    if params.checks == Checks::None {
        return Sentence::new("Nobody checks: for all ")
            .number(value(params.outage(), Unit::Seconds), Role::Overload)
            .text(" requests are sent to the dead server as before")
            .end();
    }
    let chance = belief.noticed(params.outage());
    let Some(mean) = belief.mean_detection(params.outage()) else {
        return Sentence::new("The server is back after ")
            .number(value(params.outage(), Unit::Seconds), Role::Overload)
            .text(", before its death can be noticed: these checks are too slow for it")
            .end();
    };
    let simulated = report.and_then(|report| {
        let group = report.details.as_ref()?.groups.first()?;
        measured(group.time_to_detect, Unit::Seconds)
    });
    let sentence = Sentence::new("The death is noticed after ");
    let sentence = if params.is_calm() {
        let mark = if params.is_exact() { "" } else { "≈\u{a0}" };
        let sentence = sentence
            .number(
                format!("{mark}{}", value(mean, Unit::Seconds)),
                Role::Theory,
            )
            .text(" on average by formula");
        match simulated {
            Some(simulated) => sentence
                .text(", after ")
                .number(simulated, Role::Simulation)
                .text(" in the simulation"),
            None => sentence,
        }
    } else {
        match simulated {
            Some(simulated) => sentence
                .number(simulated, Role::Simulation)
                .text(" on average in the simulation"),
            None => return Sentence::new("No formula tells here when the death is noticed").end(),
        }
    };
    if chance < 0.9995 {
        return sentence
            .text(", but in only ")
            .number(value(chance, Unit::Percent), Role::Overload)
            .text(" of cases before the server is back")
            .end();
    }
    sentence.end()
}

/// Requests lost in one run: how many, and in which interval.
pub(super) fn lost(report: &Report) -> Option<Quantity> {
    let details = report.details.as_ref()?;
    let runs = report.replications as f64;
    let over = (details.flow.arrived - details.flow.in_flight) as f64 / runs;
    let served = details.classes.first()?.served_share;
    // One run after the other: those that were not served.
    let interval = served.low.zip(served.high);
    let interval = interval.map(|(low, high)| (((1.0 - high) * over).max(0.0), (1.0 - low) * over));
    Some(Quantity::new((1.0 - served.estimate?) * over, interval))
}

/// What that costs.
fn exposure(params: &Params, report: Option<&Report>) -> Option<Readout> {
    let belief = params.belief();
    let sent = belief.inside() + belief.exposed(params.outage());
    let simulated = report
        .and_then(lost)
        .and_then(|lost| measured(lost, Unit::Number));
    let mark = if params.is_exact() { "" } else { "≈\u{a0}" };
    let sent = format!("{mark}{}", value(sent, Unit::Number));
    let sentence = if let Some(in_theory) = params.lost_in_theory() {
        let start = Sentence::new("Meanwhile ")
            .number(value(belief.rate, Unit::PerSecond), Role::Theory)
            .text(" go there");
        // Sent while dead, and inside when it died.
        debug_assert!(in_theory > 0.0);
        let sentence = start.text(": by formula, ").number(sent, Role::Theory);
        let sentence = sentence.text(" requests are lost, ");
        match simulated {
            Some(simulated) => sentence
                .number(simulated, Role::Simulation)
                .text(" in the simulation"),
            None => sentence.text("with those inside when it dies"),
        }
    } else if params.is_calm() {
        let sentence = Sentence::new("By formula, ")
            .number(sent, Role::Theory)
            .text(" requests fail there at first and are tried again elsewhere, where they are answered: ")
            .number("0".to_owned(), Role::Theory)
            .text(" are lost");
        match simulated {
            Some(simulated) => sentence
                .text(", and ")
                .number(simulated, Role::Simulation)
                .text(" in the simulation"),
            None => sentence,
        }
    } else {
        Sentence::new("In the simulation ")
            .number(simulated?, Role::Simulation)
            .text(" requests are lost, and not to the death alone: living servers are too slow for some")
    };
    Some(sentence.end())
}

/// The tail of those that are answered.
fn waiting(params: &Params, report: Option<&Report>) -> Option<Readout> {
    let report = report?;
    let mean = measured(report.mean_response, Unit::Seconds)?;
    let tail = measured(report.p99, Unit::Seconds)?;
    let over = format!(
        "Over all {} of the run, a request that is answered takes ",
        value(params.span(), Unit::Seconds)
    );
    Some(
        Sentence::new(&over)
            .number(mean, Role::Simulation)
            .text(" on average, and one in a hundred takes more than ")
            .number(tail, Role::Tail)
            .end(),
    )
}

/// How long the objective is missed.
fn violation(params: &Params, report: Option<&Report>) -> Option<Readout> {
    let (surely, possibly) = violated(params, report?, OBJECTIVE)?;
    if possibly <= 0.0 {
        return Some(Sentence::new("At no time is more than 1 % of requests lost").end());
    }
    let seconds = if surely < possibly {
        format::interval(surely, possibly, Unit::Seconds)
    } else {
        value(surely, Unit::Seconds)
    };
    Some(
        Sentence::new("The objective that no more than 1 % of requests be lost is missed for ")
            .number(seconds, Role::Overload)
            .end(),
    )
}

/// What it comes to.
fn month(params: &Params, report: Option<&Report>) -> Option<Readout> {
    let lost = params.lost_in_theory().or_else(|| {
        report
            .and_then(lost)?
            .estimate
            .filter(|_| !params.is_calm())
    })?;
    let requests = params.arrival_rate() * MONTH;
    let share = 1.0 - lost / requests;
    let sentence = Sentence::new("One such death a month costs ")
        .number(value(lost, Unit::Number), Role::Overload)
        .text(" of ")
        .number(format::number(requests / 1e6, 3), Role::Theory)
        .text(" million requests: ")
        .number(format::with_digits(share, Unit::Percent, 8), Role::Healthy)
        .text(" are answered");
    if !matches!(params.checks, Checks::Active | Checks::Both) {
        return Some(sentence.end());
    }
    let checks = f64::from(params.servers) / params.interval;
    Some(
        sentence
            .text("; the checks themselves are ")
            .number(value(checks, Unit::PerSecond), Role::Theory)
            .end(),
    )
}

/// How the server comes back.
fn back(params: &Params) -> Option<Readout> {
    if let Some(mean) = recovery(params) {
        return Some(
            Sentence::new("Once back, it is used again after ")
                .number(value(mean, Unit::Seconds), Role::Theory)
                .text(" on average: good checks in a row take their time too")
                .end(),
        );
    }
    (params.checks == Checks::Passive).then(|| {
        Sentence::new("Until it is back, one request is risked every ")
            .number(value(params.fail_timeout, Unit::Seconds), Role::Theory)
            .text(" to find out")
            .end()
    })
}

/// Whether the others can do its work.
fn overload(params: &Params) -> Option<Readout> {
    let others = params.without_it();
    if others < 0.9 || params.checks == Checks::None && params.retries == 0 {
        return None;
    }
    let number = value(others, Unit::Percent);
    let left = match params.servers - 1 {
        1 => "the other server".to_owned(),
        left => format!("the other {left}"),
    };
    let sentence = Sentence::new(&format!("Without it {left} must do "))
        .number(number, Role::Overload)
        .text(" of what they can");
    Some(if others >= 1.0 {
        sentence
            .text(": noticing the death overloads them, and their queues grow until it is back")
            .end()
    } else {
        sentence.text(", and requests wait longer").end()
    })
}
