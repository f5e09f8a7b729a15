//! An object and its copy in a cache: how often readers find the copy, and how often it is out of date.
//!
//! Reads come as a Poisson stream at rate a, writes at rates of their own. A read that finds no copy fetches one, in no time. The
//! copy leaves T seconds after it was fetched, or with a write that takes it out (rate v): it is still there at age s with
//! probability S(s) = e^−vs, stays for D = ∫ S from 0 to T on average, and
//!
//! - a read finds it with probability aD/(1 + aD), as it is away for 1/a on average;
//! - it is still up to date at age s with probability e^−bs, for writes that it does not hear of at rate b: fresh copies stay for
//!   F = ∫ S(s)·e^−bs, and the share a(D − F)/(1 + aD) of all reads finds a stale one.
//!
//! News that take d seconds, of writes at rate m, count among v once they are there; until then the writes of the last
//! min(s, d) seconds are unheard of: F = ∫ S(s)·e^(−bs − m·min(s, d)). All this is exact. Writes that renew the copy instead of
//! taking it out have it there for as long as none of its lives of T passes without another, (e^vT − 1)/v.
//!
//! Under LRU an object leaves if nobody asks for it for t seconds, t the same for all: Che's approximation, see [`che`](super::che).
//! It takes up room with probability h = a/(a + v)·(1 − e^−(a + v)t), which without T is the hit ratio; what has expired does so, too,
//! until somebody asks for it or it leaves for others. With T, S is e^−vs up to t, before which nothing leaves, and from there on
//! falls at a rate that without T has the same h: an approximation.

use crate::math;
use crate::math::root::bracketed_root;

/// One object and what happens to its copy; rates per second, times in seconds, finite and not negative.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Copied {
    /// Reads, at this cache.
    pub reads: f64,
    /// Writes that take the copy out at once.
    pub removals: f64,
    /// Writes that take it out when the news arrive.
    pub news: f64,
    /// How long the news take.
    pub delay: f64,
    /// Writes that it never hears of.
    pub unheard: f64,
    /// How long a copy lives, at most.
    pub ttl: f64,
}

impl Copied {
    /// The probability that a read finds the copy, where it leaves if nobody asks for it for `stay` seconds; infinite where there is
    /// room for all.
    pub fn hit_ratio(&self, stay: f64) -> f64 {
        let asked = self.reads * self.stays(stay);
        asked / (1.0 + asked)
    }

    /// The share of reads that find a copy that is out of date.
    pub fn stale_share(&self, stay: f64) -> f64 {
        let (all, fresh) = (self.stays(stay), self.fresh(stay));
        (self.reads * (all - fresh) / (1.0 + self.reads * all)).max(0.0)
    }

    /// D: how long a copy stays on average.
    fn stays(&self, stay: f64) -> f64 {
        self.lives(stay, 0.0, 0.0)
    }

    /// F: how long it is up to date.
    fn fresh(&self, stay: f64) -> f64 {
        self.lives(stay, self.unheard, self.news)
    }

    /// ∫ S(s)·e^(−`always`·s − `at_first`·min(s, d)) from 0 to T, piece by piece between T, t and d.
    fn lives(&self, stay: f64, always: f64, at_first: f64) -> f64 {
        let (early, late) = (self.removals + self.news, self.leaving(stay));
        let (one, other) = (self.delay.min(self.ttl), stay.min(self.ttl));
        let (mut from, mut left, mut sum) = (0.0, 1.0, 0.0);
        for to in [one.min(other), one.max(other), self.ttl] {
            let rate = always
                + if from < self.delay { at_first } else { 0.0 }
                + if from < stay { early } else { late };
            sum += left * lived(rate, to - from);
            left *= math::exp(-rate * (to - from));
            from = to;
        }
        sum
    }

    /// How often it leaves after t.
    fn leaving(&self, stay: f64) -> f64 {
        let removed = self.removals + self.news;
        let all = self.reads + removed;
        if stay.is_infinite() || all <= 0.0 {
            return removed;
        }
        let gone = math::exp(-all * stay);
        let whole = (1.0 - gone) / (removed + self.reads * gone);
        let after = whole - lived(removed, stay);
        math::exp(-removed * stay) / after.max(SMALL * stay)
    }

    /// The share of time that a copy takes up room, expired or not.
    fn takes_room(&self, stay: f64) -> f64 {
        let all = self.reads + self.removals + self.news;
        if all <= 0.0 {
            return 0.0;
        }
        self.reads / all * -math::exp_m1(-all * stay)
    }

    /// The probability that a read finds the copy where removals renew it with what was written, and there is room for all.
    pub fn renewed_hit_ratio(&self) -> f64 {
        let loads = self.reads + self.removals;
        let expected = self.removals * self.ttl;
        let present = if expected < SMALL {
            self.ttl
        } else {
            math::exp_m1(expected) / self.removals
        };
        1.0 - 1.0 / (1.0 + loads * present)
    }

    /// The share of reads that find a stale copy there.
    pub fn renewed_stale_share(&self) -> f64 {
        let all = lived(self.removals, self.ttl);
        if all <= 0.0 {
            return 0.0;
        }
        let fresh = lived(self.removals + self.unheard, self.ttl);
        self.renewed_hit_ratio() * (1.0 - fresh / all).max(0.0)
    }
}

/// How long objects, (how many, what happens to each), stay in an LRU cache with room for `room` of them after they were last
/// asked for, seconds; infinite where all find room.
pub fn stay(objects: &[(f64, Copied)], room: f64) -> f64 {
    let there = |stay: f64| -> f64 {
        let each = objects.iter();
        each.map(|(items, it)| items * it.takes_room(stay)).sum()
    };
    if there(f64::INFINITY) <= room {
        return f64::INFINITY;
    }
    let reads: f64 = objects.iter().map(|(items, it)| items * it.reads).sum();
    // No more objects are there than were asked for meanwhile.
    let low = room / reads;
    let mut high = 2.0 * low;
    while there(high) < room && high < f64::MAX / 2.0 {
        high *= 2.0;
    }
    bracketed_root(|stay| there(stay) - room, low, high)
}

/// Below this, 1 − e^−x is x to all digits that count.
const SMALL: f64 = 1e-12;

/// (1 − e^−xT)/x: how long something lives that is stopped at a rate, or after a time.
fn lived(rate: f64, time: f64) -> f64 {
    if rate * time < SMALL {
        time
    } else {
        -math::exp_m1(-rate * time) / rate
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::Che;

    fn copied() -> Copied {
        Copied {
            reads: 10.0,
            ttl: 2.0,
            ..Copied::default()
        }
    }

    #[track_caller]
    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-9, "{found} {expected}");
    }

    #[test]
    fn a_time_to_live_alone_by_hand() {
        let it = Copied {
            unheard: 0.4,
            ..copied()
        };
        near(it.hit_ratio(f64::INFINITY), 20.0 / 21.0);
        let fresh = (1.0 - math::exp(-0.8)) / 0.4;
        near(it.stale_share(f64::INFINITY), 10.0 * (2.0 - fresh) / 21.0);
    }

    #[test]
    fn forgotten_writes_alone_are_a_chain_of_three_states() {
        let it = Copied {
            removals: 1.5,
            unheard: 0.5,
            ttl: 1e9,
            ..copied()
        };
        near(it.hit_ratio(f64::INFINITY), 10.0 / 11.5);
        near(it.stale_share(f64::INFINITY), 10.0 / 11.5 * 0.25);
    }

    /// ∫ by the trapezoid rule.
    fn integral(f: impl Fn(f64) -> f64, to: f64) -> f64 {
        let steps = 200_000;
        let step = to / f64::from(steps);
        let inner: f64 = (1..steps).map(|i| f(f64::from(i) * step)).sum();
        step * (0.5 * (f(0.0) + f(to)) + inner)
    }

    #[test]
    fn news_that_take_their_time_by_integration() {
        for delay in [0.0, 0.3, 5.0] {
            let it = Copied {
                removals: 0.2,
                news: 0.7,
                delay,
                unheard: 0.1,
                ..copied()
            };
            let fresh = integral(|s| math::exp(-s - 0.7 * s.min(delay)), 2.0);
            let all = integral(|s| math::exp(-0.9 * s), 2.0);
            let expected = 10.0 * (all - fresh) / (1.0 + 10.0 * all);
            let found = it.stale_share(f64::INFINITY);
            assert!((found - expected).abs() < 1e-7, "{found} {expected}");
        }
    }

    #[test]
    fn renewed_copies_by_hand() {
        // Without forgotten writes never stale; without writes as if they took it out.
        let it = Copied {
            removals: 0.5,
            ..copied()
        };
        near(it.renewed_stale_share(), 0.0);
        let present = (math::exp(1.0) - 1.0) / 0.5;
        near(it.renewed_hit_ratio(), present / (present + 1.0 / 10.5));
        let unheard = Copied {
            unheard: 0.4,
            ..copied()
        };
        let same = unheard.stale_share(f64::INFINITY);
        near(unheard.renewed_stale_share(), same);
        near(
            unheard.renewed_hit_ratio(),
            unheard.hit_ratio(f64::INFINITY),
        );
    }

    #[test]
    fn without_writes_and_ends_it_is_che() {
        let weights: Vec<f64> = (1..=1000).map(|r| math::pow(f64::from(r), -0.8)).collect();
        let total: f64 = weights.iter().sum();
        let shares: Vec<_> = weights.iter().map(|it| (1.0, it / total)).collect();
        let object = |&(items, reads): &(f64, f64)| {
            let it = Copied {
                reads,
                ttl: 1e9,
                ..Copied::default()
            };
            (items, it)
        };
        let objects: Vec<_> = shares.iter().map(object).collect();
        let che = Che::new(shares, 0.0).unwrap();
        for room in [10.0, 100.0, 900.0] {
            let stay = stay(&objects, room);
            let found: f64 = objects
                .iter()
                .map(|(_, it)| it.reads * it.hit_ratio(stay))
                .sum();
            let expected = che.lru(room).unwrap();
            assert!((found - expected).abs() < 1e-4, "{found} {expected}");
        }
        assert!(stay(&objects, 1000.0).is_infinite());
    }

    #[test]
    fn nobody_reads_and_nothing_breaks() {
        let it = Copied::default();
        near(it.hit_ratio(f64::INFINITY) + it.stale_share(1.0), 0.0);
        near(it.renewed_hit_ratio() + it.renewed_stale_share(), 0.0);
    }
}
