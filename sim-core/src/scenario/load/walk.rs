//! One walk along the path of a class: how often a single request visits each resource, how much work it brings, and how long it takes
//! without any waiting. What chance, waiting and failures leave open becomes a lower and an upper bound.

use std::collections::BTreeMap;

use super::amount::Amount;
use super::attributes::Attributes;
use super::capacity::Capacity;
use super::hit_ratio::KeyLoad;
use super::law::Law;
use super::passage::Passage;
use crate::distribution::Distribution;
use crate::scenario::activity::{Activity, Hold, Repeat, Set, Work};
use crate::scenario::{Path, Resource, Scenario, Station};

/// What one request asks of a resource.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Asked {
    /// How often it comes.
    pub(super) visits: Amount,
    /// The work that is done, or the time that a place is held, seconds.
    pub(super) work: Amount,
}

impl Asked {
    const NOTHING: Self = Self {
        visits: Amount::ZERO,
        work: Amount::ZERO,
    };
}

/// Somebody may stop what goes on here from outside.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stop {
    /// After so many seconds at the latest; infinite where nobody knows when.
    pub(super) after: f64,
    /// Whether it comes after those seconds and not earlier.
    pub(super) timed: bool,
    /// Whether no time can have passed yet since what may be stopped began.
    pub(super) fresh: bool,
}

/// A walk.
pub(super) struct Walk<'a> {
    pub(super) scenario: &'a Scenario,
    pub(super) capacities: &'a [Capacity],
    pub(super) class: &'a str,
    /// Requests of the class per second, roughly where it is not known.
    pub(super) rate: f64,
    /// What each resource is asked for.
    pub(super) asked: Vec<Asked>,
    /// How often a request comes to where the walk is.
    pub(super) reach: Amount,
    pub(super) stop: Option<Stop>,
    pub(super) keys: Option<KeyLoad<'a>>,
    pub(super) attributes: Attributes<'a>,
    /// How many balances there are over each group.
    pub(super) balances: BTreeMap<&'a str, u32>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(scenario: &'a Scenario, capacities: &'a [Capacity]) -> Self {
        Self {
            scenario,
            capacities,
            class: "",
            rate: 0.0,
            asked: vec![Asked::NOTHING; scenario.resources.len()],
            reach: Amount::ONE,
            stop: None,
            keys: None,
            attributes: Attributes::default(),
            balances: BTreeMap::new(),
        }
    }

    /// The path of a class from its beginning, `rate` requests of it a second.
    pub(super) fn class(&mut self, name: &'a str, path: &'a Path, rate: f64) -> Passage<'a> {
        self.asked.fill(Asked::NOTHING);
        (self.class, self.rate) = (name, rate);
        (self.reach, self.stop, self.keys) = (Amount::ONE, None, None);
        self.attributes = Attributes::default();
        self.path(path)
    }

    /// A path, as often as the walk is reached now.
    pub(super) fn path(&mut self, path: &'a Path) -> Passage<'a> {
        let reach = self.reach;
        let mut whole = Passage::nothing();
        for activity in path {
            let step = self.activity(activity);
            self.reach = self.reach.times(step.ends);
            if let Some(stop) = &mut self.stop {
                stop.fresh &= step.is_instant();
            }
            whole = whole.then(step);
        }
        self.reach = reach;
        whole
    }

    /// A path that is reached with this probability from here.
    pub(super) fn path_with(&mut self, chance: Amount, path: &'a Path) -> Passage<'a> {
        let reach = self.reach;
        self.reach = reach.times(chance);
        let passage = self.path(path);
        self.reach = reach;
        passage
    }

    /// A path that is stopped after some seconds; after infinitely many: at any time.
    pub(super) fn stoppable(&mut self, after: f64, path: &'a Path) -> Passage<'a> {
        let outer = self.stop;
        let timed = after.is_finite();
        self.stop = Some(match outer {
            // What is left of the outer time is less than the whole of it.
            Some(outer) => Stop {
                after: outer.after.min(after),
                timed: outer.timed && timed,
                fresh: outer.fresh,
            },
            None => Stop {
                after,
                timed,
                fresh: true,
            },
        });
        let passage = self.path(path);
        self.stop = outer;
        passage
    }

    /// A path that runs on when nobody waits for it any more: whoever may stop it now may not find it any more.
    pub(super) fn unstoppable(&mut self, path: &'a Path) -> Passage<'a> {
        let outer = self.stop;
        if let Some(stop) = &mut self.stop {
            (stop.after, stop.timed) = (f64::INFINITY, false);
        }
        let passage = self.path(path);
        self.stop = outer;
        passage
    }

    /// What a walk asks for, as often as `times` says, which is known only once the walk is over.
    pub(super) fn multiplied<T>(
        &mut self,
        walk: impl FnOnce(&mut Self) -> T,
        times: impl FnOnce(&T) -> Amount,
    ) -> T {
        let fresh = vec![Asked::NOTHING; self.asked.len()];
        let before = std::mem::replace(&mut self.asked, fresh);
        let found = walk(self);
        let mut times = times(&found);
        if self.stop.is_some() {
            // Only the first time is certain to begin before anybody stops it.
            times.low = times.low.min(1.0);
        }
        let within = std::mem::replace(&mut self.asked, before);
        for (all, it) in self.asked.iter_mut().zip(within) {
            all.visits = all.visits.plus(it.visits.times(times));
            all.work = all.work.plus(it.work.times(times));
        }
        found
    }

    fn activity(&mut self, activity: &'a Activity) -> Passage<'a> {
        match activity {
            Activity::Work(work) => self.work(work),
            Activity::Delay(law) => {
                Passage::taking(law.mean().unwrap_or(0.0), Law::drawn(law, 1.0))
            }
            Activity::Hold(hold) => self.hold(hold),
            Activity::Repeat(repeat) => self.repeat(repeat),
            Activity::Parallel(parallel) => self.parallel(parallel),
            Activity::Choose(branches) => self.choose(branches),
            Activity::Balance(balance) => {
                *self.balances.entry(&balance.over).or_default() += 1;
                let passage = self.path(&balance.path);
                if self.capacity(&balance.over).is_some_and(|it| it.may_refuse) {
                    passage.or_refused()
                } else {
                    passage
                }
            }
            Activity::Attempt(attempt) => self.attempt(attempt),
            Activity::Mark(mark) => self.path(&mark.path),
            Activity::Cache(lookup) => self.look_up(lookup),
            Activity::Write(write) => self.write(write),
            Activity::Set(set) => {
                match set {
                    Set::Key(workload) => self.keys = Some(KeyLoad::of(workload)),
                    Set::Attribute { name, to } => self.attributes.set(name, to),
                    Set::Priority(_) => {}
                }
                Passage::nothing()
            }
        }
    }

    fn repeat(&mut self, repeat: &'a Repeat) -> Passage<'a> {
        if repeat.times == 0 {
            return Passage::nothing();
        }
        let times = f64::from(repeat.times);
        // It goes on as long as it ends well.
        let rounds = |once: &Passage<'_>| once.ends.map(|ends| geometric(ends, times));
        let once = self.multiplied(|walk| walk.path(&repeat.path), rounds);
        let is_sure = once.is_sure();
        Passage {
            time: once.time.times(rounds(&once)),
            ends: once.ends.map(|ends| crate::math::pow(ends, times)),
            waits: once.waits,
            law: once
                .law
                .filter(|_| is_sure)
                .and_then(|law| law.repeated(repeat.times)),
        }
    }

    fn work(&mut self, work: &'a Work) -> Passage<'a> {
        let station: &Station = match self.scenario.resources.get(&work.at) {
            Some(Resource::Station(station)) => station,
            Some(Resource::Group(group)) => &group.station,
            _ => return Passage::nothing(),
        };
        let Some(capacity) = self.capacity(&work.at) else {
            return Passage::nothing();
        };
        let law = work.demand.as_ref().or(station.service.as_ref());
        let mean = law.and_then(Distribution::mean).unwrap_or(0.0);
        let factor = match &work.times {
            Some(attribute) => self.factor(attribute),
            None => Amount::ONE,
        };
        let demand = factor.scaled(mean);
        let passage = service(capacity, demand, law.filter(|_| work.times.is_none()));
        let done = match law {
            Some(law) => self.done(capacity, law, demand, work.times.is_some(), &passage),
            None => demand,
        };
        self.ask(&work.at, done);
        passage
    }

    /// The mean of an attribute that work is multiplied by. Those who came this far may be others than those who set out.
    fn factor(&self, attribute: &str) -> Amount {
        let mean = self.attributes.mean(attribute);
        if self.reach.is_exact() {
            mean
        } else {
            mean.or_less()
        }
    }

    /// The work that is done of a demand, where somebody may stop it.
    fn done(
        &self,
        capacity: &Capacity,
        law: &'a Distribution,
        demand: Amount,
        is_multiplied: bool,
        passage: &Passage<'a>,
    ) -> Amount {
        let Some(stop) = self.stop else {
            return demand;
        };
        // Not even the fastest server does more in the time that there is.
        let fastest = capacity.speeds.1;
        let most = match Law::drawn(law, 1.0) {
            Some(law) if stop.after.is_finite() && !is_multiplied => {
                law.mean_up_to(stop.after * fastest)
            }
            _ => demand.high.min(stop.after * fastest),
        };
        let at_once = stop.fresh && stop.timed && passage.exact_law().is_some();
        if at_once && capacity.speeds.0 == fastest {
            return Amount::exact(most);
        }
        Amount::at_most(demand.value.min(most), most)
    }

    fn hold(&mut self, hold: &'a Hold) -> Passage<'a> {
        let Some(capacity) = self.capacity(&hold.pool) else {
            return self.path(&hold.path);
        };
        let (may_refuse, never_waits) = (capacity.may_refuse, capacity.never_waits);
        let outer = self.stop;
        if let Some(stop) = &mut self.stop {
            stop.fresh &= never_waits;
        }
        let chance = if may_refuse {
            Amount::ONE.or_less()
        } else {
            Amount::ONE
        };
        let inside = self.path_with(chance, &hold.path);
        self.stop = outer;
        let held = match (self.stop, &inside.law) {
            (None, _) => inside.time,
            (Some(stop), Some(law)) => {
                let unhindered = law.mean_up_to(stop.after);
                if inside.waits {
                    Amount::at_most(unhindered, inside.time.high.min(stop.after))
                } else if stop.fresh && stop.timed && never_waits {
                    Amount::exact(unhindered)
                } else {
                    Amount::at_most(unhindered, unhindered)
                }
            }
            (Some(stop), None) => inside.time.capped(stop.after).or_less(),
        };
        self.ask(&hold.pool, held);
        let inside = if never_waits {
            inside
        } else {
            inside.after_waiting()
        };
        if may_refuse {
            inside.or_refused()
        } else {
            inside
        }
    }

    fn capacity(&self, name: &str) -> Option<&'a Capacity> {
        let capacities = self.capacities;
        capacities.get(self.scenario.resources.position(name)?)
    }

    /// A request comes to a resource and asks for so many seconds of it.
    fn ask(&mut self, name: &str, seconds: Amount) {
        let Some(at) = self.scenario.resources.position(name) else {
            return;
        };
        let stopped_before = self.stop.is_some_and(|stop| !stop.fresh);
        let visits = if stopped_before {
            self.reach.or_less()
        } else {
            self.reach
        };
        // What may be turned away or thrown away keeps nothing busy for certain.
        let may_lose = self.capacities[at].may_lose;
        let seconds = if may_lose { seconds.or_less() } else { seconds };
        let asked = &mut self.asked[at];
        asked.visits = asked.visits.plus(visits);
        asked.work = asked.work.plus(seconds.times(visits));
    }
}

/// How long a request is at a station or a server of a group, where it asks for `demand` seconds of work, by this law if by one alone.
fn service<'a>(capacity: &Capacity, demand: Amount, law: Option<&'a Distribution>) -> Passage<'a> {
    let (slowest, fastest) = capacity.speeds;
    let known = |mean: f64| -> f64 {
        let parts = capacity.shares.iter();
        parts.map(|(share, speed)| share * mean / speed).sum()
    };
    let time = if capacity.shares.is_empty() {
        Amount {
            value: demand.value / f64::midpoint(slowest, fastest),
            low: demand.low / fastest,
            high: demand.high / slowest,
        }
    } else {
        demand.map(known)
    };
    let law = law.and_then(|law| {
        let parts = capacity.shares.iter();
        let parts = parts.map(|&(share, speed)| Some((share, Law::drawn(law, speed.recip())?)));
        let mut parts: Vec<_> = parts.collect::<Option<_>>()?;
        match parts.len() {
            0 => None,
            1 => Some(parts.remove(0).1),
            _ => Law::mixed(parts),
        }
    });
    let passage = Passage {
        time,
        law,
        ..Passage::nothing()
    };
    let passage = if capacity.never_waits {
        passage
    } else {
        passage.after_waiting()
    };
    if capacity.may_refuse {
        passage.or_refused()
    } else {
        passage
    }
}

/// 1 + r + r² + …, `terms` of them.
pub(super) fn geometric(ratio: f64, terms: f64) -> f64 {
    if (1.0 - ratio).abs() < 1e-12 {
        return terms;
    }
    if ratio <= 0.0 {
        return terms.min(1.0);
    }
    // −ln r·n in one piece: r^n − 1 keeps its digits near 1.
    crate::math::exp_m1(terms * crate::math::ln(ratio)) / (ratio - 1.0)
}
