//! The bottom line of a fleet: what a million answered requests cost, how many are lost, and for how many minutes the objective is
//! missed. The same words and the same reckoning wherever machines are rented.
//!
//! Money is over requests *answered*: a fleet that answers few of them is not cheap for being small.

use super::parts::measured;
use super::sentence::Sentence;
use crate::figure::format::{self, number, value};
use crate::figure::{Role, Unit};
use crate::run::report::Quantity;

/// What it comes to.
pub(super) struct BottomLine<'a> {
    /// Whose it is: ` of the big machine`; may be empty.
    pub(super) whose: &'a str,
    /// In which time: `in a month`.
    pub(super) time: &'a str,
    /// USD in that time.
    pub(super) cost: f64,
    /// Requests that come in that time.
    pub(super) arrived: f64,
    /// Those of them that are answered.
    pub(super) answered: f64,
    /// Those that are lost.
    pub(super) lost: Quantity,
    /// What stands before their number: `at most `, where it is a bound.
    pub(super) bound: &'a str,
    /// Seconds in which the objective is missed, at least and at most; `None` where that is not known.
    pub(super) violated: Option<(f64, f64)>,
    /// Theory, or whose simulation.
    pub(super) role: Role,
}

impl BottomLine<'_> {
    /// It in words, without the full stop.
    pub(super) fn sentence(&self) -> Sentence {
        let sentence = Sentence::new(&format!("Bottom line{}: ", self.whose));
        let sentence = match self.per_million() {
            Some(price) => sentence
                .number(usd(price), self.role)
                .text(" per million requests answered; "),
            None => sentence
                .number(usd(self.cost), self.role)
                .text(" and no request answered; "),
        };
        let lost = measured(self.lost, Unit::Number).unwrap_or_else(|| "–".to_owned());
        let sentence = sentence
            .text(&format!("{}, {}", self.time, self.bound))
            .number(lost, self.role)
            .text(" requests lost");
        let sentence = match self.lost.estimate {
            Some(lost) if lost > 0.0 => {
                let share = value((lost / self.arrived).min(1.0), Unit::Percent);
                sentence.text(&format!(" ({share})"))
            }
            _ => sentence,
        };
        match self.violated {
            Some(seconds) => sentence
                .text(" and ")
                .number(minutes(seconds), self.role)
                .text(" outside the objective"),
            None => sentence,
        }
    }

    /// USD for a million requests answered.
    pub(super) fn per_million(&self) -> Option<f64> {
        (self.answered > 0.0).then(|| self.cost / self.answered * 1e6)
    }
}

fn usd(amount: f64) -> String {
    format!("{}\u{a0}USD", number(amount, 3))
}

/// Minutes; less than one of them in seconds.
fn minutes((least, most): (f64, f64)) -> String {
    let (unit, seconds) = if most < 60.0 {
        ("s", 1.0)
    } else {
        ("min", 60.0)
    };
    let (least, most) = (least / seconds, most / seconds);
    let number = if least < most {
        format::interval(least, most, Unit::Number)
    } else {
        number(most, 3)
    };
    format!("{number}\u{a0}{unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &BottomLine) -> String {
        line.sentence().end().text().replace('\u{a0}', " ")
    }

    fn line() -> BottomLine<'static> {
        BottomLine {
            whose: " of it",
            time: "in a month",
            cost: 140.0,
            arrived: 4.0e6,
            answered: 3.5e6,
            lost: Quantity::new(0.5e6, Some((0.4e6, 0.6e6))),
            bound: "",
            violated: Some((60.0, 90.0)),
            role: Role::Theory,
        }
    }

    #[test]
    fn by_hand() {
        assert_eq!(
            words(&line()),
            "Bottom line of it: 40 USD per million requests answered; in a month, 500 000 (400 000–600 000) requests lost (12.5 %) \
             and 1–1.5 min outside the objective."
        );
        let flawless = BottomLine {
            whose: "",
            lost: Quantity::new(0.0, None),
            violated: Some((0.0, 0.0)),
            ..line()
        };
        assert_eq!(
            words(&flawless),
            "Bottom line: 40 USD per million requests answered; in a month, 0 requests lost and 0 s outside the objective."
        );
    }

    #[test]
    fn nothing_answered_has_no_price_and_what_is_not_known_is_not_said() {
        let dead = BottomLine {
            answered: 0.0,
            lost: Quantity::new(4.0e6, None),
            bound: "at most ",
            violated: None,
            ..line()
        };
        assert_eq!(
            words(&dead),
            "Bottom line of it: 140 USD and no request answered; in a month, at most 4 000 000 requests lost (100 %)."
        );
    }
}
