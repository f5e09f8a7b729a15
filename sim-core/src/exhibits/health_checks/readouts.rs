//! The death in sentences: when it is noticed, what it costs, and the bottom line.

use super::figures::{recovery, violated};
use super::{Checks, Params, Policy};
use crate::exhibits::Readout;
use crate::exhibits::bottom_line::BottomLine;
use crate::exhibits::parts::measured;
use crate::exhibits::sentence::Sentence;
use crate::figure::format::value;
use crate::figure::{Role, Unit};
use crate::run::report::{Quantity, Report};
use crate::theory::availability::MONTH;

/// The share of requests that may be lost.
const OBJECTIVE: f64 = 0.01;
/// USD a month for a server.
const PRICE: f64 = 35.0;

pub(super) fn readouts(params: &Params, report: Option<&Report>) -> Vec<Readout> {
    let sentences = [
        Some(detection(params, report)),
        exposure(params, report),
        hole(params, report),
        waiting(params, report),
        bottom_line(params, report),
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
    let sentence = if params.has_detection() {
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
pub(super) fn lost_in_a_run(report: &Report) -> Option<Quantity> {
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
        .and_then(lost_in_a_run)
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
    } else if params.has_formula() {
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
        let sentence = Sentence::new("In the simulation ")
            .number(simulated?, Role::Simulation)
            .text(" requests are lost");
        if params.is_calm() {
            sentence
        } else {
            sentence.text(", and not to the death alone: living servers are too slow for some")
        }
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

/// What it comes to, with the checks themselves.
fn bottom_line(params: &Params, report: Option<&Report>) -> Option<Readout> {
    let lost = params
        .lost_in_theory()
        .map(|lost| Quantity::new(lost, None));
    let role = if lost.is_some() {
        Role::Theory
    } else {
        Role::Simulation
    };
    let lost = lost.or_else(|| report.and_then(lost_in_a_run))?;
    let arrived = params.arrival_rate() * MONTH;
    let line = BottomLine {
        whose: "",
        time: "in a month with one such death",
        cost: f64::from(params.servers) * PRICE,
        arrived,
        answered: arrived - lost.estimate?,
        lost,
        bound: "",
        violated: report.and_then(|report| violated(params, report, OBJECTIVE)),
        role,
    };
    let sentence = line.sentence();
    let sentence = match line.violated {
        Some(_) => sentence.text(", which allows 1 % of requests to be lost"),
        None => sentence,
    };
    if !params.has_active() {
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

/// Where the server with the fewest requests gets the next one: what a dead one looks like then.
fn hole(params: &Params, report: Option<&Report>) -> Option<Readout> {
    if params.policy == Policy::Random {
        return None;
    }
    if params.has_passive() && !params.is_silent() {
        let text = "To least connections a server that refuses at once looks idle, and the next request goes there too: counting \
                    failures ends that with ";
        let failures = params.max_fails.to_string();
        let sentence = Sentence::new(text).number(failures, Role::Theory);
        return Some(sentence.text(" of them").end());
    }
    let sentence = Sentence::new(if params.is_silent() {
        "Requests that hang at the silent server are counted as its connections, so that least connections sends it few more"
    } else {
        "To least connections a server that refuses at once looks idle: a black hole"
    });
    let Some(share) = report.and_then(|report| swallowed(params, report)) else {
        return Some(sentence.end());
    };
    Some(
        sentence
            .text(". Until its death is noticed it gets ")
            .number(value(share, Unit::Percent), Role::Overload)
            .text(" of all requests in the simulation; by random choice it would get ")
            .number(
                value(f64::from(params.servers).recip(), Unit::Percent),
                Role::Theory,
            )
            .end(),
    )
}

/// The share of the requests between death and notice that are lost, where nobody tries again and active checks alone watch.
fn swallowed(params: &Params, report: &Report) -> Option<f64> {
    if params.has_passive() || params.retries > 0 || !params.is_calm() {
        return None;
    }
    let belief = params.belief();
    let seconds = belief.exposed(params.outage()) / belief.rate;
    let lost = lost_in_a_run(report)?.estimate?;
    Some((lost / (params.arrival_rate() * seconds)).min(1.0))
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
