//! What the classes ask of the resources, before anything runs: the one place that knows it, and how far it is known.
//!
//! Visits and work of a request follow from its path by multiplying along it. Three things leave an amount open, and each becomes a lower
//! and an upper bound: chance that no formula knows (which way at a cache), what may fail or be stopped (a finite room, a timeout, the
//! slower of two copies), and waiting. A station's load does not depend on waiting; a pool's does, since its places are held while their
//! holders wait elsewhere. Without any waiting a pool is held for the shortest time, so that its load is known from below.
//!
//! The parts: [`amount`] an amount and its bounds; [`rate`] requests a second, of the span that is watched; [`capacity`] what a resource
//! can do and how balancers spread requests; [`walk`] the path, with [`tries`], [`ways`] and [`caches`] for its harder steps; [`law`] and
//! [`order`] the law of a time without waiting and which of several ends first; [`attributes`] what is known of a request's attributes;
//! [`hit_ratio`] how often caches hit, roughly.

mod amount;
mod attributes;
mod caches;
mod capacity;
mod hit_ratio;
mod law;
mod order;
mod passage;
mod rate;
#[cfg(test)]
mod tests;
mod tries;
mod walk;
mod ways;

pub use amount::Amount;

use super::{Arrivals, Class, Resource, Scenario};
use crate::balancing::Spread;
use crate::distribution::Distribution;
use capacity::Capacity;
use walk::Walk;

/// The load of every resource.
#[derive(Debug, Clone, PartialEq)]
pub struct Load {
    /// In the order of the scenario's resources.
    pub resources: Vec<ResourceLoad>,
    /// Whether a request of each class is served for certain: nothing on its path can turn it away, lose it or end badly.
    pub served: Vec<bool>,
    /// Requests per second from outside, over the span that is watched if it is one; closed classes not counted.
    pub arrival_rate: f64,
    /// Mean time that a request takes without any waiting, over the classes by their rates, seconds.
    pub shortest_response: f64,
}

/// The load of one resource.
#[derive(Debug, Clone, PartialEq)]
pub struct ResourceLoad {
    /// Its name.
    pub name: String,
    /// How often a request of each class comes here, further tries included.
    pub visits: Vec<Amount>,
    /// The work that a request of each class has done here, seconds of one server of speed 1; of a pool, the time that a place is held.
    pub work: Vec<Amount>,
    /// Visits per second, by open classes.
    pub arrival_rate: f64,
    /// Work that open classes bring in a second, in servers kept busy (Erlangs).
    pub offered: f64,
    /// Work that a single request of each closed class brings, seconds of one server.
    pub closed_demand: Vec<f64>,
    /// Servers, or places, as fast as the first.
    pub capacity: f64,
    /// The share of the capacity that open classes keep busy, or of a group that of its busiest server: the best guess, which is the
    /// value of [`ResourceLoad::busy`].
    pub utilization: f64,
    /// The same with its bounds. Closed classes count in the upper one: how often their requests come is not known.
    pub busy: Amount,
    /// Whether all that work comes for certain: nobody is lost or cut short on the way, and the room is infinite.
    pub certain: bool,
}

impl Load {
    /// A resource that certainly gets more than it can do, with the utilization that is certain.
    pub fn certain_overload(&self) -> Option<(&str, f64)> {
        let over = self.resources.iter().find(|it| it.busy.low >= 1.0)?;
        Some((&over.name, over.busy.low))
    }

    /// The resource with the highest utilization.
    pub fn bottleneck(&self) -> Option<&ResourceLoad> {
        self.resources.iter().reduce(|best, it| {
            if it.utilization > best.utilization {
                it
            } else {
                best
            }
        })
    }
}

impl ResourceLoad {
    fn new(name: &str, capacity: &Capacity) -> Self {
        Self {
            name: name.into(),
            visits: Vec::new(),
            work: Vec::new(),
            arrival_rate: 0.0,
            offered: 0.0,
            closed_demand: Vec::new(),
            capacity: capacity.total.value,
            utilization: 0.0,
            busy: Amount::ZERO,
            certain: true,
        }
    }
}

pub(super) fn load(scenario: &Scenario) -> Load {
    let resources = scenario.resources.iter();
    let capacities: Vec<Capacity> = resources
        .map(|(name, it)| Capacity::of(scenario, name, it))
        .collect();
    let names = scenario.resources.names().zip(&capacities);
    let mut resources: Vec<ResourceLoad> = names
        .map(|(name, it)| ResourceLoad::new(name, it))
        .collect();
    let mut offered = vec![Amount::ZERO; resources.len()];
    let mut walk = Walk::new(scenario, &capacities);
    let (mut arrival_rate, mut time, mut all) = (0.0, 0.0, 0.0);
    let mut served = Vec::new();
    for (name, class) in scenario.classes.iter() {
        let rate = rate::rate(scenario, class);
        let path = scenario.path_of(class);
        let mut passage = walk.class(name, path, rate.unwrap_or(0.0));
        let mut most = Amount::exact(rate.unwrap_or(0.0));
        if rate.is_none() {
            // Caches depend on a rate, which depends on them: once more with what it is roughly.
            let roughly = users_rate(class, passage.time.value);
            passage = walk.class(name, path, roughly);
            most = Amount {
                value: 0.0,
                low: 0.0,
                high: users_rate(class, passage.time.low),
            };
        }
        served.push(passage.is_sure());
        let weight = rate.unwrap_or(1.0);
        arrival_rate += rate.unwrap_or(0.0);
        all += weight;
        time += weight * passage.time.value;
        for ((resource, offered), asked) in resources.iter_mut().zip(&mut offered).zip(&walk.asked)
        {
            let closed = if rate.is_none() {
                asked.work.value
            } else {
                0.0
            };
            resource.closed_demand.push(closed);
            resource.arrival_rate += rate.unwrap_or(0.0) * asked.visits.value;
            resource.visits.push(asked.visits);
            resource.work.push(asked.work);
            *offered = offered.plus(asked.work.times(most));
        }
    }
    let balances = walk.balances;
    for (at, (name, resource)) in scenario.resources.iter().enumerate() {
        let alone = balances.get(name).copied().unwrap_or(0) <= 1;
        let in_step = alone && marks_are_random(scenario);
        resources[at].settle(resource, &capacities[at], offered[at], in_step);
    }
    Load {
        resources,
        served,
        arrival_rate,
        shortest_response: if all > 0.0 { time / all } else { 0.0 },
    }
}

impl ResourceLoad {
    /// What the offered work makes of it. `mixes` says whether requests come to a balancer in an order that has nothing to do with
    /// their work.
    fn settle(&mut self, resource: &Resource, capacity: &Capacity, offered: Amount, mixes: bool) {
        let total = capacity.total;
        let mut imbalance = capacity.imbalance;
        if let Resource::Group(group) = resource
            && (!offered.is_exact() || (goes_in_turn(group.policy.spread()) && !mixes))
        {
            // Whatever happens, the busiest is as busy as all together, and has no more than all.
            imbalance.low = imbalance.low.min(1.0);
            imbalance.high = imbalance.high.max(total.high / capacity.slowest());
        }
        let share = |offered: f64, capacity: f64, imbalance: f64| {
            if offered > 0.0 {
                offered / capacity * imbalance
            } else {
                0.0
            }
        };
        self.offered = offered.value;
        self.utilization = share(offered.value, total.value, imbalance.value);
        self.busy = Amount {
            value: self.utilization,
            low: share(offered.low, total.high, imbalance.low),
            high: share(offered.high, total.low, imbalance.high),
        };
        self.certain = self.busy.low >= self.busy.value;
    }
}

/// Whether it is the order of requests that decides who gets which.
fn goes_in_turn(spread: Spread) -> bool {
    match spread {
        Spread::InTurn(_) => true,
        Spread::ByChance(_) | Spread::ByClient | Spread::BestOf(_) | Spread::ByServers { .. } => {
            false
        }
    }
}

/// The most requests a second that users can make who get each answer after `response` seconds.
fn users_rate(class: &Class, response: f64) -> f64 {
    let Arrivals::Users(users) = &class.arrivals else {
        return 0.0;
    };
    let think = users.think.as_ref().and_then(Distribution::mean);
    let cycle = think.unwrap_or(0.0) + response;
    if cycle > 0.0 {
        f64::from(users.count) / cycle
    } else {
        f64::INFINITY
    }
}

/// Whether the class of a request says nothing about its place in the order of arrivals.
fn marks_are_random(scenario: &Scenario) -> bool {
    let of_chance = |class: &Class| {
        matches!(
            class.arrivals,
            Arrivals::Poisson(_) | Arrivals::Steps(_) | Arrivals::Sinusoidal(_)
        )
    };
    scenario.classes.len() == 1 || scenario.classes.iter().all(|(_, class)| of_chance(class))
}
