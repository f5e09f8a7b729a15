//! What light leaves of the budget, who is within it, and the bottom line.

use super::{Found, PRICE, Params};
use crate::exhibits::Readout;
use crate::exhibits::bottom_line::BottomLine;
use crate::exhibits::parts::measured;
use crate::exhibits::sentence::Sentence;
use crate::figure::format::value;
use crate::figure::{Role, Unit};
use crate::run::report::Quantity;
use crate::theory::availability::MONTH;

pub(super) fn readouts(params: &Params, found: &Found) -> Vec<Readout> {
    let mut sentences = Vec::new();
    if let Some(trouble) = trouble(found) {
        sentences.push(trouble);
    }
    sentences.extend(left_by_light(params, found));
    sentences.extend(means(found));
    sentences.extend(beyond(params, found));
    sentences.push(bottom_line(params, found));
    sentences
}

fn trouble(found: &Found) -> Option<Readout> {
    if found.world.centres.is_empty() {
        return Some(Sentence::new("The only region is lost, and all requests with it").end());
    }
    let centre = found.world.overloaded()?;
    Some(
        Sentence::new(&format!("{} gets ", centre.site.name))
            .number(value(centre.rate, Unit::PerSecond), Role::Overload)
            .text(&format!(
                " and its {} servers cannot keep up: its queue grows for as long as one looks",
                centre.servers
            ))
            .end(),
    )
}

/// For the city that is furthest away.
fn left_by_light(params: &Params, found: &Found) -> Option<Readout> {
    let cities = found
        .world
        .cities
        .iter()
        .filter(|city| !city.served.is_empty());
    let furthest = cities.reduce(|far, next| {
        if next.travel() > far.travel() {
            next
        } else {
            far
        }
    })?;
    let budget = params.budget_ms / 1e3;
    let left = budget - furthest.travel();
    let sentence = Sentence::new(&format!(
        "Of a budget of {}, the way takes ",
        value(budget, Unit::Seconds)
    ))
    .number(value(furthest.travel(), Unit::Seconds), Role::Theory)
    .text(&format!(" for users in {}", furthest.site.name));
    Some(if left > 0.0 {
        sentence
            .text(", and leave ")
            .number(value(left, Unit::Seconds), Role::Theory)
            .text(" for everything else")
            .end()
    } else {
        sentence
            .text(": it is spent before a server is reached")
            .end()
    })
}

fn means(found: &Found) -> Option<Readout> {
    let theory = found.world.overall()?;
    let sentence = Sentence::new("A request takes on average ")
        .number(value(theory, Unit::Seconds), Role::Theory);
    let simulated = found.steady().and_then(|report| {
        Some((
            measured(report.mean_response, Unit::Seconds)?,
            measured(report.p99, Unit::Seconds)?,
            report.converged,
        ))
    });
    let sentence = match simulated {
        Some((mean, p99, converged)) => {
            let sentence = sentence
                .text(" by theory, simulated ")
                .number(mean, Role::Simulation)
                .text(", P99 of all ")
                .number(p99, Role::Tail);
            if converged {
                sentence
            } else {
                sentence.text("; not yet converged")
            }
        }
        None => sentence.text(" by theory"),
    };
    Some(sentence.end())
}

/// Users for whom P99 is beyond the budget.
fn beyond(params: &Params, found: &Found) -> Option<Readout> {
    let sentence = Sentence::new("").number(
        value(found.world.beyond(params.budget_ms / 1e3), Unit::Percent),
        Role::Tail,
    );
    let sentence = sentence.text(" of users live where P99 is beyond the budget, by theory");
    let measured = || {
        let cities = found.world.cities.iter();
        let tails = cities.map(|city| found.class(city)?.percentiles.p99.estimate);
        let tails: Option<Vec<f64>> = tails.collect();
        share_above(&tails?, params.budget_ms / 1e3)
    };
    if found.world.centres.is_empty() {
        return None;
    }
    Some(match measured() {
        Some(share) => sentence
            .text(", ")
            .number(value(share, Unit::Percent), Role::Tail)
            .text(" simulated")
            .end(),
        None => sentence.end(),
    })
}

fn share_above(values: &[f64], limit: f64) -> Option<f64> {
    let above = values.iter().filter(|it| **it > limit).count();
    (!values.is_empty()).then(|| above as f64 / values.len() as f64)
}

/// Money, requests lost, and minutes: those of a month in which all stays as it is, for a user of the average city.
fn bottom_line(params: &Params, found: &Found) -> Readout {
    let arrived = params.traffic * MONTH;
    let lost = if found.world.centres.is_empty() {
        arrived
    } else {
        0.0
    };
    let violated = found.world.beyond(params.budget_ms / 1e3) * MONTH;
    let line = BottomLine {
        whose: "",
        time: "in a month like this",
        cost: f64::from(params.servers) * PRICE,
        arrived,
        answered: found.world.answered() * MONTH,
        lost: Quantity::new(lost, None),
        bound: "",
        violated: Some((violated, violated)),
        role: Role::Theory,
    };
    line.sentence().text(", for the average user").end()
}
