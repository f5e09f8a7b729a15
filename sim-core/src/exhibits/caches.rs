//! What exhibits about caches share: controls, the law of requests, keys in few groups, requests that ask the database now and then, and what a report says of
//! classes, caches and stations by name.

use serde::{Deserialize, Serialize};

use super::parts::number;
use super::{Control, ControlKind};
use crate::caching::{Capacity, Expiry, ExpiryRule, Policy};
use crate::distribution::Distribution;
use crate::figure::Scale;
use crate::math::root::bracketed_root;
use crate::run::report::{CacheReport, ClassReport, PlaceReport, Quantity, Report};
use crate::scenario::activity::Set;
use crate::scenario::{Activity, Cache, Lookup, Path, Station};
use crate::theory::{Che, Mmc};
use crate::workload::{Group, Keys, Workload};

/// Names of the two classes and of the database.
pub(super) const READ: &str = "read";
pub(super) const WRITE: &str = "write";
pub(super) const DATABASE: &str = "database";
/// The smallest cache that is drawn, as a share of the items.
pub(super) const SMALLEST: f64 = 1e-3;
/// How fine the popularity of items is told apart in pictures of theory.
const FINENESS: f64 = 64.0;
/// A group of ranks is at most this share as wide as its first rank is high.
const WIDTH: f64 = 1.0 / 8.0;

/// The control of a cache's size.
pub(super) const SIZE: Control = Control {
    key: "size",
    label: "Cache size",
    symbol: "C/N",
    kind: ControlKind::Number {
        min: SMALLEST,
        max: 1.0,
        step: 0.05,
        scale: Scale::Log,
        unit: "%",
        whole: false,
    },
    help: "Room in the cache, as a share of all items.",
    folded: false,
};

/// The control of the skew of popularity.
pub(super) const SKEW: Control = Control {
    key: "skew",
    label: "Skew",
    symbol: "α",
    kind: number(1.5, 0.05),
    help: "The item of rank r is asked for in proportion to 1/r^α. 0: all alike.",
    folded: false,
};

/// Objects in a cache of this share of the items.
pub(super) fn objects(share: f64, items: u32) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of a slider's range"
    )]
    let objects = (share * f64::from(items)).round() as u64;
    objects.max(1)
}

/// The law of requests for these keys, for pictures; none where they depend on each other.
pub(super) fn law(keys: &Keys) -> Option<Che> {
    let popularity = keys.popularity()?;
    let groups = popularity
        .groups
        .iter()
        .map(|it| (it.items, it.probability));
    let law = Che::new(groups, popularity.never_again).ok()?;
    Some(law.coarse(FINENESS))
}

/// What of response times is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Shown {
    /// The mean.
    Mean,
    /// The 99th percentile.
    P99,
}

impl Shown {
    /// Of a class of requests.
    pub(super) fn measured(self, report: &Report, name: &str) -> Option<Quantity> {
        let class = class(report, name)?;
        Some(plain(match self {
            Self::Mean => class.mean_response,
            Self::P99 => class.percentiles.p99,
        }))
    }

    /// Of requests that go these ways.
    pub(super) fn theory(self, ways: &[Way], database: &Mmc) -> f64 {
        match self {
            Self::Mean => mean(ways, database),
            Self::P99 => p99(ways, database),
        }
    }

    /// Its name in front of what it is of.
    pub(super) fn title(self, of: &str) -> String {
        match self {
            Self::Mean => format!("Mean response time of {of}"),
            Self::P99 => format!("P99 of the response time of {of}"),
        }
    }
}

/// Zipf's law in some dozens of groups of keys that are asked for about equally often: (how many, the probability of each). Sums of
/// smooth functions over them are right to about a thousandth of themselves.
pub(super) fn few_groups(items: u32, skew: f64) -> Vec<Group> {
    let Some(popularity) = Keys::zipf(items.into(), skew).popularity() else {
        return Vec::new();
    };
    let mut few: Vec<Group> = Vec::new();
    let (mut first, mut rank) = (1.0, 1.0);
    for group in popularity.groups {
        match few.last_mut() {
            Some(last) if rank + group.items - first <= f64::max(1.0, WIDTH * first) => {
                let all = last.items + group.items;
                let mass = last.items * last.probability + group.items * group.probability;
                (last.items, last.probability) = (all, mass / all);
            }
            _ => {
                first = rank;
                few.push(group);
            }
        }
        rank += group.items;
    }
    few
}

/// A request is about another key from here on.
pub(super) fn key(items: u32, skew: f64) -> Activity {
    let keys = Keys::zipf(items.into(), skew);
    Activity::Set(Set::Key(Workload::new(keys)))
}

/// A round trip.
pub(super) fn pause(seconds: f64) -> Activity {
    Activity::Delay(Distribution::deterministic(seconds))
}

/// A look-up, with what to do where the object is not there.
pub(super) fn look_up(at: &str, miss: Path) -> Activity {
    Activity::Cache(Lookup::new(at, miss))
}

/// A cache for so many objects that live for `ttl` seconds; the least recently used one leaves.
pub(super) fn expiring(objects: u32, ttl: f64) -> Cache {
    Cache {
        expiry: Some(Expiry {
            seconds: ttl,
            rule: ExpiryRule::OnWrite,
            jitter: 0.0,
        }),
        ..Cache::new(Policy::Lru, Capacity::Objects(objects.into()))
    }
}

/// The database: `servers` that each need `work` seconds on average, exponentially distributed.
pub(super) fn database(servers: u32, work: f64) -> Station {
    Station {
        service: Some(Distribution::exponential(work)),
        ..Station::new(servers)
    }
}

/// One way that a request can go.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Way {
    /// The share of requests that go it.
    pub(super) share: f64,
    /// What it takes in any case, seconds.
    pub(super) fixed: f64,
    /// Whether it leads to the database.
    pub(super) asks: bool,
}

/// Mean response time of requests that go these ways.
fn mean(ways: &[Way], database: &Mmc) -> f64 {
    let response = database.mean_response();
    let each = |way: &Way| way.share * (way.fixed + if way.asks { response } else { 0.0 });
    ways.iter().map(each).sum()
}

/// The response time that one in a hundred of them exceeds.
fn p99(ways: &[Way], database: &Mmc) -> f64 {
    let above = |time: f64| -> f64 {
        let each = ways.iter().map(|way| {
            let left = time - way.fixed;
            let longer = if left < 0.0 {
                1.0
            } else if way.asks {
                database.response_ccdf(left)
            } else {
                0.0
            };
            way.share * longer
        });
        each.sum::<f64>() - 0.01
    };
    let mut high = ways.iter().map(|way| way.fixed).fold(1e-6, f64::max);
    while above(high) > 0.0 {
        high *= 2.0;
    }
    bracketed_root(above, 0.0, high)
}

/// A quantity that cannot be negative, without an interval that is rounding alone.
pub(super) fn plain(quantity: Quantity) -> Quantity {
    let rounding = 1e-9 * quantity.estimate.unwrap_or(0.0);
    let interval = quantity.low.zip(quantity.high);
    let interval = interval.filter(|(low, high)| high - low > rounding);
    Quantity {
        low: interval.map(|(low, _)| low.max(0.0)),
        high: interval.map(|(_, high)| high),
        ..quantity
    }
}

/// A class of requests.
fn class<'a>(report: &'a Report, name: &str) -> Option<&'a ClassReport> {
    let classes = &report.details.as_ref()?.classes;
    classes.iter().find(|it| it.name == name)
}

/// A cache.
pub(super) fn cache<'a>(report: &'a Report, name: &str) -> Option<&'a CacheReport> {
    let caches = &report.details.as_ref()?.caches;
    caches.iter().find(|it| it.name == name)
}

/// A station.
pub(super) fn place<'a>(report: &'a Report, name: &str) -> Option<&'a PlaceReport> {
    let places = &report.details.as_ref()?.places;
    places.iter().find(|it| it.name == name)
}

/// A share of requests of which all do it that are not among those of `without`, plus a share `of` those that are left: a + (1 − b)·c.
/// Its interval holds wherever all three lie in theirs.
pub(super) fn in_two_steps(first: Quantity, without: Quantity, then: Quantity) -> Option<Quantity> {
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
    fn few_groups_hold_all_keys_and_all_requests() {
        for (items, skew) in [(1, 1.0), (10, 0.0), (1_000, 0.8), (50_000, 1.3)] {
            let groups = few_groups(items, skew);
            let keys: f64 = groups.iter().map(|it| it.items).sum();
            let total: f64 = groups.iter().map(|it| it.items * it.probability).sum();
            assert_eq!(keys, f64::from(items));
            assert!(
                (total - 1.0).abs() < 1e-9 && groups.len() < 100,
                "{}",
                groups.len()
            );
        }
    }

    #[test]
    fn ways_by_hand() {
        // M/M/1 at half its capacity: exponential with mean 20 ms.
        let database = Mmc::new(50.0, 100.0, 1).unwrap();
        let way = |share, fixed, asks| Way { share, fixed, asks };
        let ways = [way(0.8, 0.001, false), way(0.2, 0.002, true)];
        let expected = 0.8 * 0.001 + 0.2 * 0.022;
        assert!((mean(&ways, &database) - expected).abs() < 1e-12);
        // 0.2·e^−50t = 0.01.
        let expected = 0.002 + crate::math::ln(20.0) / 50.0;
        assert!((p99(&ways, &database) - expected).abs() < 1e-9);
        // Fewer than one in a hundred ask: the rest decides.
        let ways = [way(0.995, 0.001, false), way(0.005, 0.002, true)];
        assert!((p99(&ways, &database) - 0.001).abs() < 1e-9);
    }

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
