//! What a cache holds, as far as it was seen: how full it is, and what the latest look-ups found.

use sim_core::caching::Capacity;
use sim_core::engine::network::log::Found;
use sim_core::figure::{Unit, format};
use sim_core::scenario::{Cache, Scenario};

use super::latest::Latest;

/// So full is taken to be full: what has room for every object that is asked for is never quite so.
const FULL: f64 = 0.95;

/// What there is in a cache; in those of the servers of a group together.
#[derive(Debug, Clone)]
pub(super) struct Stock {
    /// In how many servers there is one; `None` where all share one.
    servers: Option<u64>,
    /// Of each.
    capacity: Capacity,
    objects: u64,
    used: u64,
    /// When it was full first.
    filled: Option<f64>,
    latest: Latest,
}

impl Stock {
    /// An empty cache.
    pub(super) fn new(cache: &Cache, scenario: &Scenario) -> Self {
        Self {
            servers: cache.per.is_some().then(|| cache.count(scenario) as u64),
            capacity: cache.capacity,
            objects: 0,
            used: 0,
            filled: None,
            latest: Latest::default(),
        }
    }

    /// Whether it is one for all.
    pub(super) fn is_shared(&self) -> bool {
        self.servers.is_none()
    }

    /// It holds so many objects from now on, that take so much of its capacity.
    pub(super) fn holds(&mut self, objects: u64, used: u64, now: f64) {
        (self.objects, self.used) = (objects, used);
        if self.filled.is_none() && self.level() >= FULL {
            self.filled = Some(now);
        }
    }

    /// Somebody looked into it.
    pub(super) fn looked(&mut self, found: Found) {
        self.latest.add(found == Found::Hit);
    }

    /// What it holds, of what it has room for.
    pub(super) fn level(&self) -> f64 {
        let room = self.capacity.amount() * self.servers.unwrap_or(1);
        self.used as f64 / room as f64
    }

    /// How long it took to fill, or takes at least if it goes on as it did up to `now`.
    pub(super) fn filling_time(&self, now: f64) -> f64 {
        self.filled.unwrap_or_else(|| {
            let level = self.level();
            if level > 0.0 { now / level } else { 0.0 }
        })
    }

    /// How full it is: `98 of 110 objects`.
    pub(super) fn tell_level(&self, text: &mut String) {
        let servers = self.servers.unwrap_or(1);
        *text += &count(self.objects);
        match self.capacity {
            Capacity::Objects(each) => {
                *text += " of ";
                *text += &count(each * servers);
                *text += " objects";
            }
            Capacity::Bytes(_) => {
                *text += " objects, ";
                *text += &format::value(self.level(), Unit::Percent);
                *text += " full";
            }
        }
        if let Some(servers) = self.servers {
            *text += " in ";
            *text += &count(servers);
            *text += " servers";
        }
    }

    /// How many look-ups hit, in few words.
    pub(super) fn tell_hits(&self, text: &mut String) {
        if let Some(share) = self.latest.share() {
            *text += &format::value((share * 100.0).round() / 100.0, Unit::Percent);
            *text += " hits";
        }
    }

    /// How many look-ups hit, and of how many.
    pub(super) fn tell_latest(&self, text: &mut String) {
        let looked = self.latest.len();
        if looked > 0 {
            *text += ", ";
            self.tell_hits(text);
            *text += if looked == 1 {
                " of the first look-up"
            } else {
                " of the last "
            };
            if looked > 1 {
                *text += &count(looked as u64);
                *text += " look-ups";
            }
        }
    }
}

fn count(number: u64) -> String {
    format::value(number as f64, Unit::Count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sim_core::caching::Policy;

    fn told(stock: &Stock) -> String {
        let mut text = String::new();
        stock.tell_level(&mut text);
        stock.tell_latest(&mut text);
        text
    }

    #[test]
    fn a_stock_in_words() {
        let scenario = Scenario::empty();
        let cache = Cache::new(Policy::Lru, Capacity::Objects(1_000));
        let mut stock = Stock::new(&cache, &scenario);
        assert_eq!(told(&stock), "0 of 1\u{a0}000 objects");
        stock.looked(Found::Miss);
        stock.holds(1, 1, 2.0);
        assert_eq!(
            told(&stock),
            "1 of 1\u{a0}000 objects, 0\u{a0}% hits of the first look-up"
        );
        assert!((stock.filling_time(2.0) - 2_000.0).abs() < 1e-9);
        stock.holds(990, 990, 8.0);
        stock.holds(1_000, 1_000, 9.0);
        assert_eq!((stock.level(), stock.filling_time(100.0)), (1.0, 8.0));
        // Only the latest count.
        for _ in 0..75 {
            stock.looked(Found::OnItsWay);
        }
        for _ in 0..25 {
            stock.looked(Found::Hit);
        }
        assert_eq!(
            told(&stock),
            "1\u{a0}000 of 1\u{a0}000 objects, 25\u{a0}% hits of the last 100 look-ups"
        );
    }

    #[test]
    fn what_is_measured_in_bytes_is_full_to_a_share() {
        let cache = Cache::new(Policy::Lru, Capacity::Bytes(1_000));
        let mut stock = Stock::new(&cache, &Scenario::empty());
        stock.holds(7, 500, 1.0);
        assert_eq!(told(&stock), "7 objects, 50\u{a0}% full");
    }
}
