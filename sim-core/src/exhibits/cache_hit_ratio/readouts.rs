//! What the hit ratios mean, in sentences.

use super::{HEALTHY, Params, hit_ratio, of_policy};
use crate::exhibits::Readout;
use crate::exhibits::parts::{FIRST, SECOND, measured};
use crate::exhibits::sentence::Sentence;
use crate::figure::format::value;
use crate::figure::{Role, Unit};
use crate::run::report::{Quantity, Report};

pub(super) fn readouts(params: &Params, reports: &[Option<Report>]) -> Vec<Readout> {
    let here = |number| of_policy(reports, number).0.and_then(hit_ratio);
    let (first, second, best) = (here(0), here(1), here(2));
    let room = value(params.size, Unit::Percent);
    let Some((a, estimate)) = known(first) else {
        let said = match params.expected(params.size) {
            Some(ratio) => Sentence::new(&format!(
                "With room for {room} of the items, theory expects "
            ))
            .number(
                format!("≈\u{a0}{}", value(ratio, Unit::Percent)),
                Role::Theory,
            )
            .text(" hits"),
            None => Sentence::new(&format!("The cache has room for {room} of the items")),
        };
        return vec![said.end()];
    };
    let mut sentence = Sentence::new(&format!(
        "With room for {room} of the items, {} answers ",
        params.policy.name()
    ))
    .number(a, FIRST)
    .text(" of the requests");
    if let Some((b, _)) = known(second) {
        sentence = sentence
            .text(&format!(", {} ", params.other.name()))
            .number(b, SECOND);
    }
    if let Some((best, _)) = known(best) {
        sentence = sentence
            .text("; knowing the future, ")
            .number(best, Role::Median);
    }
    vec![sentence.end(), database(estimate), health(estimate)]
}

fn known(ratio: Option<Quantity>) -> Option<(String, f64)> {
    let ratio = ratio?;
    Some((measured(ratio, Unit::Percent)?, ratio.estimate?))
}

/// What is left for the database.
fn database(ratio: f64) -> Readout {
    let misses = 1.0 - ratio;
    let sentence =
        Sentence::new("The database sees ").number(value(misses, Unit::Percent), Role::Tail);
    if misses < 1e-3 {
        return sentence.text(" of the requests").end();
    }
    sentence
        .text(" of the requests, one in ")
        .number(value(1.0 / misses, Unit::Number), Role::Tail)
        .end()
}

fn health(ratio: f64) -> Readout {
    let words = if ratio < HEALTHY.0 {
        "Below 70 % a cache spares the database less than most do: more room, or another policy, may pay"
    } else if ratio <= HEALTHY.1 {
        "Between 70 and 95 % most caches live: it does its work"
    } else {
        "Above 95 % the database may no longer be able to serve all if the cache is ever empty"
    };
    Sentence::new(words).end()
}
