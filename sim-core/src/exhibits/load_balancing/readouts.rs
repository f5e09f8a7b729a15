//! Both policies in sentences, and the difference between them.

use super::imbalance::at_the_end;
use super::{Params, SPAN, Side};
use crate::exhibits::Readout;
use crate::exhibits::parts::measured;
use crate::exhibits::sentence::Sentence;
use crate::figure::format::{self, value};
use crate::figure::{Role, Unit};
use crate::run::comparison::compare;
use crate::run::report::{Quantity, Report};

pub(super) fn readouts(params: &Params, sides: &[Side; 2]) -> Vec<Readout> {
    let mut sentences: Vec<Readout> = sides.iter().filter_map(own).collect();
    if sentences.is_empty() {
        sentences.push(waiting(params));
    }
    if let [Some(first), Some(second)] = sides.each_ref().map(Side::steady) {
        sentences.extend(differences(sides, first, second));
    }
    sentences.extend(apart(sides));
    sentences
}

/// How uneven the queues have become at the end of the span.
fn apart(sides: &[Side; 2]) -> Option<Readout> {
    let known = |side: &Side| measured(at_the_end(side)?, Unit::Number);
    let [first, second] = sides;
    let start = format!(
        "After {} from an empty start the fullest server has ",
        value(SPAN, Unit::Seconds)
    );
    let sentence = Sentence::new(&start)
        .number(known(first)?, first.role)
        .text(" requests more than the emptiest");
    if first.policy == second.policy {
        return Some(sentence.end());
    }
    let under = format!(" under {}, ", first.policy.name());
    Some(
        sentence
            .text(&under)
            .number(known(second)?, second.role)
            .text(&format!(" under {}", second.policy.name()))
            .end(),
    )
}

fn waiting(params: &Params) -> Readout {
    Sentence::new("")
        .number(value(params.arrival_rate(), Unit::PerSecond), Role::Theory)
        .text(" arrive at ")
        .number(value(f64::from(params.servers), Unit::Count), Role::Theory)
        .text(" servers; the simulation has no result yet")
        .end()
}

/// One policy by itself.
fn own(side: &Side) -> Option<Readout> {
    let report = side.report?;
    if !report.stable {
        return Some(growing(side, report));
    }
    let sentence = Sentence::new(&format!("Under {} a request takes ", side.policy.name()))
        .number(measured(report.mean_response, Unit::Seconds)?, side.role)
        .text(" on average and ")
        .number(measured(report.p99, Unit::Seconds)?, side.role)
        .text(" at P99");
    Some(if report.converged {
        sentence.end()
    } else {
        sentence.text("; not yet converged").end()
    })
}

fn growing(side: &Side, report: &Report) -> Readout {
    let sentence = Sentence::new(&format!(
        "Under {} some server gets more than it can do: no mean, no P99, but a queue that grows",
        side.policy.name()
    ));
    let growth = report.growth_rate.filter(|growth| growth.low > Some(0.0));
    match growth.and_then(|growth| measured(growth, Unit::PerSecond)) {
        Some(growth) => sentence
            .text(" by ")
            .number(growth, Role::Overload)
            .text(" for as long as one looks")
            .end(),
        None => sentence.end(),
    }
}

/// P99 and mean of the second policy against the first, paired.
fn differences(sides: &[Side; 2], first: &Report, second: &Report) -> Vec<Readout> {
    if sides[0].policy == sides[1].policy {
        return vec![Sentence::new("A and B are the same policy: there is no difference").end()];
    }
    let Ok(found) = compare(first, second) else {
        return Vec::new();
    };
    [("at P99", found.p99), ("on average", found.mean_response)]
        .into_iter()
        .filter_map(|(where_, difference)| difference_in(sides, where_, difference))
        .collect()
}

fn difference_in(sides: &[Side; 2], where_: &str, difference: Quantity) -> Option<Readout> {
    let (estimate, low, high) = (difference.estimate?, difference.low?, difference.high?);
    let [first, second] = sides.each_ref().map(|side| side.policy.name());
    if low <= 0.0 && high >= 0.0 {
        let most = value(high.max(-low), Unit::Seconds);
        let sentence = Sentence::new(&format!(
            "No difference between the two can be told {where_} yet: it is at most "
        ));
        return Some(sentence.number(most, Role::Theory).end());
    }
    let (faster, role) = if estimate < 0.0 {
        ("faster", sides[1].role)
    } else {
        ("slower", sides[1].role)
    };
    let (near, far) = if estimate < 0.0 {
        (-high, -low)
    } else {
        (low, high)
    };
    let sentence = Sentence::new(&format!("{} is ", sides[1].policy.title()))
        .number(format::with_digits(estimate.abs(), Unit::Seconds, 3), role)
        .text(&format!(" {faster} {where_} than {first} (95 % interval "))
        .number(format::interval(near, far, Unit::Seconds), role)
        .text("), on the same requests");
    debug_assert_ne!(first, second);
    Some(sentence.end())
}
