//! Both plans in sentences: hours, money, minutes and losses.

use super::{Day, PRICE, Params, Plan};
use crate::exhibits::Readout;
use crate::exhibits::bottom_line::BottomLine;
use crate::exhibits::parts::measured;
use crate::exhibits::sentence::Sentence;
use crate::figure::format::{number, value};
use crate::figure::{Role, Unit};
use crate::run::report::Quantity;

/// Requests answered that differ by a smaller share are as many.
const SAME: f64 = 5e-4;

pub(super) fn readouts(params: &Params, days: &[Day; 2]) -> Vec<Readout> {
    let mut sentences = vec![known(params)];
    sentences.extend(days.iter().filter_map(|day| bottom_line(params, day)));
    sentences.extend(compared(params, days));
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

/// Hours of servers, money, losses and minutes.
fn bottom_line(params: &Params, day: &Day) -> Option<Readout> {
    let hours = day.server_hours()?;
    let line = day.bottom_line(params)?;
    Some(
        line.sentence()
            .text("; ")
            .number(measured(hours, Unit::Number)?, day.plan.role())
            .text(" server hours")
            .end(),
    )
}

impl Day<'_> {
    pub(super) fn bottom_line(&self, params: &Params) -> Option<BottomLine<'static>> {
        let report = self.report?;
        let details = report.details.as_ref()?;
        let a_day = |requests: u64| requests as f64 / report.replications as f64;
        let arrived = a_day(details.flow.arrived);
        let lost = details.classes.first()?.served_share.rest();
        let violated = self.violated(params.slo_ms / 1e3)?;
        Some(BottomLine {
            whose: match self.plan {
                Plan::Scaled => ", autoscaled",
                Plan::Fixed => ", fixed",
            },
            time: "in the short day",
            cost: self.server_hours()?.estimate? * PRICE,
            arrived,
            answered: a_day(details.flow.served),
            lost: Quantity {
                estimate: lost.estimate.map(|it| it * arrived),
                low: lost.low.map(|it| it * arrived),
                high: lost.high.map(|it| it * arrived),
                theory: None,
            },
            bound: "",
            violated: Some((violated, violated)),
            role: self.plan.role(),
        })
    }
}

/// Both bottom lines beside each other: what is spent less, and what is got less for it.
fn compared(params: &Params, days: &[Day; 2]) -> Option<Readout> {
    let [scaled, fixed] = days.each_ref().map(|day| day.bottom_line(params));
    let (scaled, fixed) = (scaled?, fixed?);
    let (price, before) = (scaled.per_million()?, fixed.per_million()?);
    let sentence = Sentence::new("The autoscaler spends ")
        .number(change(fixed.cost, scaled.cost, "less"), Role::Theory)
        .text(" than the fixed number");
    let sentence = if (scaled.answered / fixed.answered - 1.0).abs() < SAME {
        sentence.text(", and answers as many requests")
    } else {
        sentence
            .text(" and answers ")
            .number(change(fixed.answered, scaled.answered, "fewer"), Role::Tail)
            .text(" requests: one answered costs ")
            .number(change(before, price, "less"), Role::Theory)
    };
    let later = scaled.violated?.0 - fixed.violated?.0;
    Some(if later > 0.0 {
        sentence
            .text("; it misses the objective for ")
            .number(value(later, Unit::Seconds), Role::Tail)
            .text(" longer")
            .end()
    } else {
        sentence.end()
    })
}

/// `12 % less`, or `12 % more`.
fn change(from: f64, to: f64, less: &str) -> String {
    let share = value((to / from - 1.0).abs(), Unit::Percent);
    format!("{share} {}", if to <= from { less } else { "more" })
}
