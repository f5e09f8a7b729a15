//! Both plans in sentences: hours, money, minutes and losses.

use super::{DAY, Day, PRICE, Params, Plan};
use crate::exhibits::Readout;
use crate::exhibits::parts::measured;
use crate::exhibits::sentence::Sentence;
use crate::figure::format::{number, value};
use crate::figure::{Role, Unit};
use crate::run::report::Quantity;

pub(super) fn readouts(params: &Params, days: &[Day; 2]) -> Vec<Readout> {
    let mut sentences = vec![known(params)];
    sentences.extend(days.iter().filter_map(|day| bottom_line(params, day)));
    sentences.extend(saved(days));
    sentences
}

/// What needs no simulation.
fn known(params: &Params) -> Readout {
    let highest = Params::moments()
        .map(|it| params.needed(it))
        .fold(0.0, f64::max);
    let sentence = Sentence::new("The highest moment of the day needs ")
        .number(number(highest, 3), Role::Theory)
        .text(" servers");
    if highest > f64::from(params.max) {
        return sentence
            .text(&format!(
                ", more than the {} that the autoscaler may have",
                params.max
            ))
            .end();
    }
    sentence
        .text("; fixed means ")
        .number(
            value(f64::from(params.headroom()), Unit::Count),
            Role::Theory,
        )
        .text(" all day")
        .end()
}

fn bottom_line(params: &Params, day: &Day) -> Option<Readout> {
    let details = day.report?.details.as_ref()?;
    let served = details.classes.first()?.served_share;
    let lost = Quantity {
        estimate: served.estimate.map(|it| (1.0 - it).max(0.0)),
        low: served.high.map(|it| (1.0 - it).max(0.0)),
        high: served.low.map(|it| (1.0 - it).max(0.0)),
        theory: None,
    };
    let hours = day.server_hours()?;
    let role = day.plan.role();
    let start = match day.plan {
        Plan::Scaled => "Autoscaled: ",
        Plan::Fixed => "Fixed: ",
    };
    let per_million = {
        let requests = details.throughput.estimate? * DAY;
        (requests > 0.0).then(|| hours.estimate.map(|it| it * PRICE / requests * 1e6))?
    };
    Some(
        Sentence::new(start)
            .number(measured(hours, Unit::Number)?, role)
            .text(" server hours, ")
            .number(format!("{} USD", number(per_million?, 3)), role)
            .text(" per million requests answered; ")
            .number(measured(lost, Unit::Percent)?, role)
            .text(" of requests not answered in the day; ")
            .number(
                value(day.violated(params.slo_ms / 1e3)?, Unit::Seconds),
                role,
            )
            .text(" outside the objective")
            .end(),
    )
}

/// What the fixed number costs more.
fn saved(days: &[Day; 2]) -> Option<Readout> {
    let [scaled, fixed] = days
        .each_ref()
        .map(|day| day.server_hours().and_then(|it| it.estimate));
    let (scaled, fixed) = (scaled?, fixed?);
    (fixed > 0.0).then(|| {
        let (words, share) = if scaled <= fixed {
            ("The autoscaler saves ", 1.0 - scaled / fixed)
        } else {
            (
                "The autoscaler costs more than the fixed number, by ",
                scaled / fixed - 1.0,
            )
        };
        Sentence::new(words)
            .number(value(share, Unit::Percent), Role::Theory)
            .text(" of what the fixed number costs")
            .end()
    })
}
