//! What the classes ask of the resources, by multiplying along the paths: an estimate before anything runs. Retries, losses
//! and timeouts are left out.

use super::activity::{Activity, Set, When};
use super::cache::{Lookup, Write, WritePolicy};
use super::hit_ratio::KeyLoad;
use super::resource::{Group, Resource, Station};
use super::{Arrivals, Class, Failures, Path, Scenario};
use crate::balancing::Policy;
use crate::distribution::Distribution;

/// The load of every resource.
#[derive(Debug, Clone, PartialEq)]
pub struct Load {
    /// In the order of the scenario's resources.
    pub resources: Vec<ResourceLoad>,
    /// Requests per second from outside; closed classes not counted.
    pub arrival_rate: f64,
    /// Mean time that a request takes without any waiting, over the classes by their rates, seconds.
    pub shortest_response: f64,
}

/// The load of one resource.
#[derive(Debug, Clone, PartialEq)]
pub struct ResourceLoad {
    /// Its name.
    pub name: String,
    /// Visits per second, by open classes.
    pub arrival_rate: f64,
    /// Work that open classes bring in a second, in servers kept busy (Erlangs).
    pub offered: f64,
    /// Work that a single request of each closed class brings, seconds of one server.
    pub closed_demand: Vec<f64>,
    /// Servers, or places, as fast as the first.
    pub capacity: f64,
    /// The share of the capacity that open classes keep busy; of a group, that of its busiest server.
    pub utilization: f64,
    /// Whether all that work comes for certain: nobody is lost or cut short on the way, and the room is infinite.
    pub certain: bool,
}

impl Load {
    /// A resource that certainly gets more than it can do, with its utilization.
    pub fn certain_overload(&self) -> Option<(&str, f64)> {
        let over = self
            .resources
            .iter()
            .find(|it| it.certain && it.utilization >= 1.0)?;
        Some((&over.name, over.utilization))
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

pub(super) fn load(scenario: &Scenario) -> Load {
    let mut walk = Walk {
        scenario,
        work: vec![0.0; scenario.resources.len()],
        visits: vec![0.0; scenario.resources.len()],
        certain: vec![true; scenario.resources.len()],
        time: 0.0,
        rate: 0.0,
        keys: None,
        class: "",
        sure: true,
    };
    let mut resources: Vec<ResourceLoad> = scenario
        .resources
        .iter()
        .map(|(name, it)| blank(name, it))
        .collect();
    let (mut arrival_rate, mut time) = (0.0, 0.0);
    for (name, class) in scenario.classes.iter() {
        walk.class(name, class);
        let rate = class.arrivals.rate();
        let closed = matches!(class.arrivals, Arrivals::Users(_));
        arrival_rate += rate.unwrap_or(0.0);
        time += rate.unwrap_or(1.0) * walk.time;
        for (i, resource) in resources.iter_mut().enumerate() {
            resource.arrival_rate += rate.unwrap_or(0.0) * walk.visits[i];
            resource.offered += rate.unwrap_or(0.0) * walk.work[i];
            resource
                .closed_demand
                .push(if closed { walk.work[i] } else { 0.0 });
        }
    }
    for (i, (_, resource)) in scenario.resources.iter().enumerate() {
        let found = &mut resources[i];
        found.certain = walk.certain[i] && !is_lossy(resource);
        found.utilization = found.offered / found.capacity * imbalance(resource);
    }
    let total = scenario
        .classes
        .iter()
        .map(|(_, class)| class.arrivals.rate().unwrap_or(1.0));
    Load {
        resources,
        arrival_rate,
        shortest_response: time / total.sum::<f64>(),
    }
}

fn blank(name: &str, resource: &Resource) -> ResourceLoad {
    ResourceLoad {
        name: name.into(),
        arrival_rate: 0.0,
        offered: 0.0,
        closed_demand: Vec::new(),
        capacity: match resource {
            Resource::Station(station) => {
                f64::from(station.servers) * station.server_speed() * availability(station)
            }
            Resource::Pool(pool) => f64::from(pool.size),
            Resource::Cache(_) => f64::INFINITY,
            Resource::Group(group) => {
                group.servers().map(|it| it.speed).sum::<f64>() * per_member(group)
            }
        },
        utilization: 0.0,
        certain: true,
    }
}

/// Servers of one member of a group.
fn per_member(group: &Group) -> f64 {
    let station = &group.station;
    f64::from(station.servers) * station.server_speed() * group.efficiency() * availability(station)
}

/// The share of time that a station is up.
fn availability(station: &Station) -> f64 {
    let failures = station.failures.as_ref();
    failures.and_then(Failures::availability).unwrap_or(1.0)
}

fn is_lossy(resource: &Resource) -> bool {
    let lossy = |station: &Station| {
        station.room.is_some() || station.patience.is_some() || station.failures.is_some()
    };
    match resource {
        Resource::Station(station) => lossy(station),
        Resource::Group(group) => {
            lossy(&group.station) || group.health.is_some() || group.autoscaler.is_some()
        }
        Resource::Pool(pool) => pool.queue.is_some() || pool.patience.is_some(),
        Resource::Cache(_) => false,
    }
}

/// How much busier the busiest server of a group is than its servers together, under policies that do not look at them.
fn imbalance(resource: &Resource) -> f64 {
    let Resource::Group(group) = resource else {
        return 1.0;
    };
    let by_weight = match group.policy {
        Policy::Random | Policy::RoundRobin => false,
        Policy::WeightedRoundRobin => true,
        _ => return 1.0,
    };
    let share = |weight: u32| if by_weight { f64::from(weight) } else { 1.0 };
    let shares: f64 = group.servers().map(|it| share(it.weight)).sum();
    let speeds: f64 = group.servers().map(|it| it.speed).sum();
    group
        .servers()
        .map(|it| share(it.weight) / shares * speeds / it.speed)
        .fold(0.0, f64::max)
}

/// One class after the other: what a single request of it asks for.
struct Walk<'a> {
    scenario: &'a Scenario,
    work: Vec<f64>,
    visits: Vec<f64>,
    certain: Vec<bool>,
    /// Time of the path without waiting.
    time: f64,
    /// Requests of the class per second; of a closed one, not known.
    rate: f64,
    /// The keys that they are about.
    keys: Option<KeyLoad<'a>>,
    class: &'a str,
    /// Whether nothing so far may have ended the request.
    sure: bool,
}

impl<'a> Walk<'a> {
    fn class(&mut self, name: &'a str, class: &'a Class) {
        self.work.fill(0.0);
        self.visits.fill(0.0);
        self.class = name;
        self.rate = class.arrivals.rate().unwrap_or(0.0);
        self.keys = None;
        self.sure = true;
        self.time = self.path(self.scenario.path_of(class), 1.0);
    }

    /// Walks a path taken `times` times a request; returns how long it takes once, without waiting.
    fn path(&mut self, path: &'a Path, times: f64) -> f64 {
        path.iter()
            .map(|activity| self.activity(activity, times))
            .sum()
    }

    fn activity(&mut self, activity: &'a Activity, times: f64) -> f64 {
        match activity {
            Activity::Work(work) => self.work(&work.at, work.demand.as_ref(), times),
            Activity::Delay(law) => law.mean().unwrap_or(0.0),
            Activity::Hold(hold) => {
                let time = self.path(&hold.path, times);
                self.ask(&hold.pool, times, time);
                time
            }
            Activity::Repeat(repeat) => {
                f64::from(repeat.times) * self.path(&repeat.path, times * f64::from(repeat.times))
            }
            Activity::Parallel(parallel) => {
                let sure = parallel.first.is_none();
                let longest = parallel
                    .paths
                    .iter()
                    .map(|path| self.path(path, times))
                    .fold(0.0, f64::max);
                self.sure &= sure;
                longest
            }
            Activity::Choose(branches) => {
                let mut left = 1.0;
                let mut time = 0.0;
                for branch in branches {
                    let share = match &branch.when {
                        When::Share(share) => *share,
                        When::Class(name) => f64::from(u8::from(name == self.class)),
                        // Who goes where depends on numbers not drawn yet.
                        When::Above { .. } => left / 2.0,
                        When::Otherwise => left,
                    };
                    let share = f64::min(share, left);
                    left -= share;
                    self.sure &= !matches!(branch.when, When::Above { .. });
                    time += share * self.path(&branch.path, times * share);
                }
                time
            }
            Activity::Balance(balance) => self.path(&balance.path, times),
            Activity::Attempt(attempt) => {
                self.sure &= attempt.timeout.is_none();
                self.path(&attempt.path, times)
            }
            Activity::Mark(mark) => self.path(&mark.path, times),
            Activity::Cache(lookup) => self.look_up(lookup, times),
            Activity::Write(write) => self.write(write, times),
            Activity::Set(Set::Key(workload)) => {
                self.keys = Some(KeyLoad::of(workload));
                0.0
            }
            Activity::Set(_) => 0.0,
        }
    }

    /// Which way a request goes is known only on average.
    fn look_up(&mut self, lookup: &'a Lookup, times: f64) -> f64 {
        let (Some(Resource::Cache(cache)), Some(keys)) =
            (self.scenario.resources.get(&lookup.at), self.keys.clone())
        else {
            return 0.0;
        };
        if lookup.hit.is_empty() && lookup.miss.is_empty() {
            return 0.0;
        }
        let shelves = cache.count(self.scenario).max(1) as f64;
        let (hits, inside) = keys.look_up(cache, self.rate * times / shelves);
        let sure = self.sure;
        self.sure = false;
        let hit = self.path(&lookup.hit, times * hits);
        self.keys = Some(inside);
        let misses = 1.0 - hits;
        let miss = self.path(&lookup.miss, times * misses);
        self.keys = Some(keys);
        self.sure = sure;
        hits * hit + misses * miss
    }

    /// Where writes wait in a cache, nobody waits for them, and many go to the store at once.
    fn write(&mut self, write: &'a Write, times: f64) -> f64 {
        let WritePolicy::Behind(behind) = write.how else {
            return self.path(&write.path, times);
        };
        let sure = std::mem::take(&mut self.sure);
        let waiting = (self.rate * times * behind.interval).clamp(1.0, f64::from(behind.batch));
        self.path(&write.path, times / waiting);
        self.sure = sure;
        0.0
    }

    fn work(&mut self, at: &str, demand: Option<&Distribution>, times: f64) -> f64 {
        let station = match self.scenario.resources.get(at) {
            Some(Resource::Station(station)) => station,
            Some(Resource::Group(group)) => &group.station,
            _ => return 0.0,
        };
        let demand = demand.or(station.service.as_ref());
        let mean = demand.and_then(Distribution::mean).unwrap_or(0.0);
        self.ask(at, times, mean);
        mean / station.server_speed()
    }

    fn ask(&mut self, name: &str, times: f64, seconds: f64) {
        let Some(at) = self.scenario.resources.position(name) else {
            return;
        };
        self.visits[at] += times;
        self.work[at] += times * seconds;
        self.certain[at] &= self.sure;
        if self.scenario.resources.get(name).is_some_and(is_lossy) {
            self.sure = false;
        }
    }
}
