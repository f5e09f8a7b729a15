//! Both sides in sentences, and the bottom line of each.

use super::{Found, Params, Policy, Side, Way, role};
use crate::exhibits::Readout;
use crate::exhibits::bottom_line::BottomLine;
use crate::exhibits::parts::{capital, measured};
use crate::exhibits::sentence::Sentence;
use crate::figure::format::value;
use crate::figure::{Role, Unit};
use crate::run::report::Quantity;
use crate::theory::availability::MONTH;

pub(super) fn readouts(params: &Params, found: &Found) -> Vec<Readout> {
    let mut sentences: Vec<Readout> = found.here.iter().map(|side| own(params, side)).collect();
    sentences.extend(found.outage.iter().filter_map(outage));
    sentences.extend(found.here.iter().map(|side| bottom_line(params, side)));
    sentences
}

/// What is bought, and how fast it is.
fn own(params: &Params, side: &Side) -> Readout {
    let fleet = &side.fleet;
    let start = Sentence::new(&format!("{} at ", capital(&fleet.in_words())));
    let busy = start.number(value(fleet.utilization(), Unit::Percent), Role::Theory);
    let busy = busy.text(" utilization");
    if fleet.utilization() >= 1.0 {
        return busy
            .text(": the most there is, and not enough. The queue grows for as long as one looks")
            .end();
    }
    let busy = if fleet.enough {
        busy
    } else {
        busy.text(", the most there is,")
    };
    let theory = params
        .p99(fleet)
        .map_or_else(|| "–".to_owned(), |p99| value(p99, Unit::Seconds));
    let by = match (fleet.way, params.policy) {
        (Way::Out, Policy::LeastConnections) => " with random choice",
        _ => "",
    };
    let sentence = busy
        .text(" answers 99 % of requests within ")
        .number(theory, Role::Tail)
        .text(&format!("{by} by theory"));
    let simulated = side
        .steady()
        .and_then(|report| Some((measured(report.p99, Unit::Seconds)?, report.converged)));
    match simulated {
        Some((p99, converged)) => {
            let sentence = sentence.text(", simulated ").number(p99, role(fleet.way));
            if converged {
                sentence.end()
            } else {
                sentence.text("; not yet converged").end()
            }
        }
        None => sentence.end(),
    }
}

/// The share that was lost around the death of a machine, simulated.
fn outage(side: &Side) -> Option<Readout> {
    let report = side.report?;
    let details = report.details.as_ref()?;
    let served = details.classes.first()?.served_share;
    let lost = measured(served.rest(), Unit::Percent)?;
    let start = match side.fleet.way {
        Way::Up => "When the big machine dies for 20 s of 40 s, ",
        Way::Out => "When one small machine does, ",
    };
    Some(
        Sentence::new(start)
            .number(lost, role(side.fleet.way))
            .text(" of all requests are not served")
            .end(),
    )
}

/// Money, losses and minutes, by formula.
fn bottom_line(params: &Params, side: &Side) -> Readout {
    let fleet = &side.fleet;
    let (bound, random) = match (fleet.way, params.policy) {
        (Way::Out, Policy::LeastConnections) => ("at most ", ", reckoned for random choice"),
        _ => ("", ""),
    };
    let (lost, violated) = (params.lost(fleet), params.violated(fleet));
    let line = BottomLine {
        whose: match fleet.way {
            Way::Up => " of the big machine",
            Way::Out => " of the small machines",
        },
        time: "in a month",
        cost: params.cost(fleet),
        arrived: fleet.traffic * MONTH,
        answered: (fleet.traffic.min(fleet.capacity()) * MONTH - lost).max(0.0),
        lost: Quantity::new(lost, None),
        bound,
        violated: Some((violated, violated)),
        role: Role::Theory,
    };
    line.sentence().text(random).end()
}
