//! What light leaves of the budget, who is within it, and the bottom line.

use super::{Found, PRICE, Params};
use crate::exhibits::Readout;
use crate::exhibits::parts::measured;
use crate::exhibits::sentence::Sentence;
use crate::figure::format::{number, value};
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
    sentences.extend(bottom_line(params, found));
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

/// Money, the share of users beyond the budget, and requests lost.
fn bottom_line(params: &Params, found: &Found) -> Option<Readout> {
    let all = found.world.cities.len() as f64;
    let per_million = f64::from(params.servers) * PRICE / (params.traffic * MONTH / 1e6);
    let sentence = Sentence::new("Bottom line: ")
        .number(format!("{} USD", number(per_million, 3)), Role::Theory)
        .text(" per million requests; ");
    if found.world.centres.is_empty() {
        let flow = found
            .report
            .and_then(|report| Some(report.details.as_ref()?.flow));
        let lost = flow
            .filter(|flow| flow.arrived > 0)
            .map(|flow| flow.lost() as f64 / flow.arrived as f64);
        let sentence = match lost {
            Some(lost) => sentence
                .number(value(lost, Unit::Percent), Role::Tail)
                .text(" of requests lost, simulated"),
            None => sentence.text("every request is lost"),
        };
        return Some(sentence.text(", every minute outside the objective").end());
    }
    if found.world.overloaded().is_some() {
        return Some(sentence.text("no steady response time").end());
    }
    let limit = params.budget_ms / 1e3;
    let beyond = |of: &dyn Fn(&super::City) -> Option<f64>| {
        let known: Option<Vec<f64>> = found.world.cities.iter().map(of).collect();
        Some(known?.iter().filter(|p99| **p99 > limit).count() as f64 / all)
    };
    let theory = beyond(&|city| found.world.p99(city))?;
    let sentence = sentence
        .number(value(theory, Unit::Percent), Role::Tail)
        .text(" of users live where P99 is beyond the budget, by theory");
    let estimate = |quantity: Quantity| quantity.estimate;
    let simulated = beyond(&|city| estimate(found.class(city)?.percentiles.p99));
    Some(match simulated {
        Some(share) => sentence
            .text(", ")
            .number(value(share, Unit::Percent), Role::Tail)
            .text(" simulated; no request is lost")
            .end(),
        None => sentence.text("; no request is lost").end(),
    })
}
