//! What a report says of classes, caches and stations by name, and of shares in two steps.

use super::DATABASE;
use crate::run::report::{CacheReport, ClassReport, PlaceReport, Quantity, Report};

/// A database that is busy for more of the time than this has no time left.
const ALWAYS: f64 = 0.995;

/// A quantity that cannot be negative, without an interval that is rounding alone.
pub(in crate::exhibits) fn plain(quantity: Quantity) -> Quantity {
    let rounding = 1e-9 * quantity.estimate.unwrap_or(0.0);
    let interval = quantity.low.zip(quantity.high);
    let interval = interval.filter(|(low, high)| high - low > rounding);
    Quantity {
        low: interval.map(|(low, _)| low.max(0.0)),
        high: interval.map(|(_, high)| high),
        ..quantity
    }
}

/// Whether the database kept up. A short run of few replications need not show that its queue grows, and answers hits alone: it is
/// then busy all the time.
pub(in crate::exhibits) fn kept_up(report: &Report) -> bool {
    let busy = place(report, DATABASE).and_then(|it| it.utilization.estimate);
    report.stable && busy.is_none_or(|busy| busy < ALWAYS)
}

/// A class of requests.
pub(super) fn class<'a>(report: &'a Report, name: &str) -> Option<&'a ClassReport> {
    let classes = &report.details.as_ref()?.classes;
    classes.iter().find(|it| it.name == name)
}

/// A cache.
pub(in crate::exhibits) fn cache<'a>(report: &'a Report, name: &str) -> Option<&'a CacheReport> {
    let caches = &report.details.as_ref()?.caches;
    caches.iter().find(|it| it.name == name)
}

/// A station.
pub(in crate::exhibits) fn place<'a>(report: &'a Report, name: &str) -> Option<&'a PlaceReport> {
    let places = &report.details.as_ref()?.places;
    places.iter().find(|it| it.name == name)
}

/// A share of requests of which all do it that are not among those of `without`, plus a share `of` those that are left: a + (1 − b)·c.
/// Its interval holds wherever all three lie in theirs.
pub(in crate::exhibits) fn in_two_steps(
    first: Quantity,
    without: Quantity,
    then: Quantity,
) -> Option<Quantity> {
    let at = |first: f64, without: f64, then: f64| first + (1.0 - without) * then;
    let estimate = at(first.estimate?, without.estimate?, then.estimate?);
    let or = |end: Option<f64>, of: Quantity| end.or(of.estimate);
    let low = at(
        or(first.low, first)?,
        or(without.high, without)?,
        or(then.low, then)?,
    );
    let high = at(
        or(first.high, first)?,
        or(without.low, without)?,
        or(then.high, then)?,
    );
    Some(plain(Quantity::new(estimate, Some((low, high)))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_steps_by_hand() {
        let quantity = |estimate, low, high| Quantity::new(estimate, Some((low, high)));
        let both = in_two_steps(
            quantity(0.1, 0.0, 0.2),
            quantity(0.5, 0.4, 0.6),
            quantity(0.2, 0.1, 0.3),
        );
        let both = both.unwrap();
        let ends = [both.estimate, both.low, both.high].map(Option::unwrap);
        for (found, expected) in ends.into_iter().zip([0.2, 0.04, 0.38]) {
            assert!((found - expected).abs() < 1e-12, "{found} {expected}");
        }
    }
}
