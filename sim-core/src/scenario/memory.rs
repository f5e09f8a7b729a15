//! How much memory one replication takes at most, by what a scenario asks for: a run must not be ended by the system for want of it.
//!
//! The estimate is rough, within a factor of two or so, and rather too high: what a request in flight, a server or an object takes is
//! counted in bytes of the engine's own structures, with the room that vectors keep for growth. A replication has [`LIMIT`]; as many
//! of them run at once as there are threads.

use super::activity::{Activity, Set};
use super::problems::Problems;
use super::{Arrivals, Cache, Class, Group, Horizon, Path, Resource, Scenario, Station};
use crate::caching::Capacity;
use crate::distribution::Distribution;
use crate::workload::Workload;

/// The most that one replication may take, bytes: a gigabyte.
pub const LIMIT: f64 = 1e9;

/// A request in flight: its state, its registers, its events, its places in lines.
const REQUEST: f64 = 256.0;
/// A station, apart from its servers; and each server.
const STATION: f64 = 512.0;
const SERVER: f64 = 8.0;
/// What a balancer remembers of a server, whatever its policy; and more where it watches whether it is up.
const VIEW: f64 = 24.0;
const WATCH: f64 = 200.0;
/// An object in a cache, with its index and what is known of it; a place kept for one from the start.
const OBJECT: f64 = 96.0;
const PLACE: f64 = 40.0;
/// A cache without objects; places kept from the start, at most.
const CACHE: f64 = 1024.0;
const MOST_PLACES: f64 = 65_536.0;
/// The versions of a key that is written.
const VERSION: f64 = 64.0;
/// A value of a series, while it is made and as it is kept over all replications.
const VALUE: f64 = 40.0;
/// A histogram of response times, likewise.
const HISTOGRAM: f64 = 100_000.0;
/// Recorded arrivals, changes of a rate, clients: in the scenario, and in the replication.
const NUMBER: f64 = 32.0;

/// What takes memory.
struct Item<'a> {
    /// The field that says how much of it there is.
    field: String,
    /// How much that is.
    count: f64,
    /// What so much of it takes, bytes.
    bytes: Box<dyn Fn(f64) -> f64 + 'a>,
}

impl<'a> Item<'a> {
    fn new(field: &str, count: f64, bytes: impl Fn(f64) -> f64 + 'a) -> Self {
        Self {
            field: field.into(),
            count,
            bytes: Box::new(bytes),
        }
    }

    fn takes(&self) -> f64 {
        (self.bytes)(self.count)
    }

    /// How much of it there may be where so many bytes are left, at least one.
    fn most(&self, bytes: f64) -> f64 {
        let (mut fits, mut exceeds) = (1.0, self.count);
        while exceeds - fits > 1.0 && exceeds > fits * 1.001 {
            let middle = f64::midpoint(fits, exceeds).floor();
            if (self.bytes)(middle) <= bytes {
                fits = middle;
            } else {
                exceeds = middle;
            }
        }
        fits
    }
}

/// Refuses what takes too much, by the field that takes most of it.
pub(super) fn check(scenario: &Scenario, problems: &mut Problems<'_>) {
    let items = items(scenario);
    let all: f64 = items.iter().map(Item::takes).sum();
    let largest = items.iter().max_by(|a, b| a.takes().total_cmp(&b.takes()));
    let (Some(largest), false) = (largest, all <= LIMIT) else {
        return;
    };
    let left = LIMIT - (all - largest.takes());
    let allowed = format!(
        "1..={}, for which a gigabyte of memory will do; this takes about {:.1} GB in each replication",
        largest.most(left),
        all / 1e9,
    );
    problems.refuse(&largest.field, largest.count, allowed);
}

fn items(scenario: &Scenario) -> Vec<Item<'_>> {
    let population = f64::from(scenario.limits.population);
    let mut items = vec![item("limits.population", population, REQUEST)];
    let workloads = workloads(scenario);
    for (name, resource) in scenario.resources.iter() {
        let field = |rest: &str| format!("resources.{name}.{rest}");
        match resource {
            Resource::Station(it) => {
                items.push(item(&field("servers"), f64::from(it.servers), SERVER));
            }
            Resource::Group(it) => items.extend(of_group(it, &field)),
            Resource::Cache(it) => items.push(of_cache(scenario, it, &workloads, &field)),
            // A number, and a line in which requests stand that were counted.
            Resource::Pool(_) => {}
        }
    }
    for (name, class) in scenario.classes.iter() {
        let field = |rest: &str| format!("classes.{name}.{rest}");
        let clients = f64::from(class.clients.count);
        items.push(item(&field("clients.count"), clients, NUMBER));
        let entries = match &class.arrivals {
            Arrivals::Recorded(it) => Some(("arrivals.recorded.times", it.times.len())),
            Arrivals::Steps(it) => Some(("arrivals.steps.steps", it.steps.len())),
            _ => None,
        };
        items.extend(entries.map(|(name, count)| item(&field(name), count as f64, NUMBER)));
    }
    items.extend(of_series(scenario));
    items
}

fn item(field: &str, count: f64, each: f64) -> Item<'static> {
    Item::new(field, count, move |count| count * each)
}

/// Servers, and what each balancer keeps of them.
fn of_group(group: &Group, field: &impl Fn(&str) -> String) -> [Item<'static>; 2] {
    let servers = group.servers().count() as f64;
    let station: &Station = &group.station;
    let weights: f64 = group.servers().map(|it| f64::from(it.weight)).sum();
    let table = group.policy.table(weights);
    let is_watched = group.health.is_some()
        || group.autoscaler.is_some()
        || station.failures.is_some()
        || group.servers().any(|it| it.backup);
    let watch = if is_watched { WATCH } else { 0.0 };
    // Active checks of each server by each balancer are events to come.
    let checks = group.health.as_ref().is_some_and(|it| it.active.is_some());
    let check = if checks { REQUEST } else { 0.0 };
    let balancer = table + servers * (VIEW + watch + check);
    [
        item(
            &field("members"),
            servers,
            STATION + f64::from(station.servers) * SERVER,
        ),
        item(&field("balancers"), f64::from(group.balancers), balancer),
    ]
}

/// Objects as far as there is room for them, and as there are keys.
fn of_cache(
    scenario: &Scenario,
    cache: &Cache,
    workloads: &[&Workload],
    field: &impl Fn(&str) -> String,
) -> Item<'static> {
    let keys = keys(scenario, workloads);
    let (name, amount, size) = match cache.capacity {
        Capacity::Objects(objects) => ("capacity.objects", objects, 1.0),
        Capacity::Bytes(bytes) => {
            let sizes = workloads.iter().filter_map(|it| it.sizes.mean());
            let smallest = sizes.fold(f64::INFINITY, f64::min).clamp(1.0, 1e18);
            ("capacity.bytes", bytes, smallest)
        }
    };
    let caches = cache.count(scenario) as f64;
    let versions = written(scenario, keys) * VERSION;
    let keeps_everything = cache.policy.keeps_everything();
    Item::new(&field(name), amount as f64, move |amount| {
        let room = amount / size;
        let objects = if keeps_everything {
            keys
        } else {
            room.min(keys)
        };
        caches * (CACHE + room.min(MOST_PLACES) * PLACE + objects * OBJECT) + versions
    })
}

/// Versions are kept of keys that are written.
fn written(scenario: &Scenario, keys: f64) -> f64 {
    if scenario.any_activity(&|it| matches!(it, Activity::Write(_))) {
        keys.min(requests(scenario))
    } else {
        0.0
    }
}

/// Different keys that requests ask for in a replication, at most.
fn keys(scenario: &Scenario, workloads: &[&Workload]) -> f64 {
    // `dense` tells how many there are in all after some requests, which may bring new ones.
    let is_endless = |it: &&&Workload| it.dense(0) != it.dense(1);
    let new = workloads.iter().filter(is_endless).count() as f64 * requests(scenario);
    let known = workloads.iter().filter_map(|it| it.keys.items());
    known.map(|items| items as f64).fold(0.0, f64::max) + new
}

/// Requests of a replication, about as many.
fn requests(scenario: &Scenario) -> f64 {
    // What a steady state takes is chosen later; replications of that kind are short.
    const CHOSEN: f64 = 1e6;
    // Users ask no more often than they would if answers took no time.
    let rate = |class: &Class| match &class.arrivals {
        Arrivals::Users(users) => {
            let think = users.think.as_ref().and_then(Distribution::mean);
            think.map(|mean| f64::from(users.count) / mean)
        }
        Arrivals::Recorded(_) => Some(0.0),
        open => open.rate(),
    };
    let recorded = |class: &Class| match &class.arrivals {
        Arrivals::Recorded(it) => it.times.len() as f64,
        _ => 0.0,
    };
    let of_class = |class: &Class, seconds: f64| {
        recorded(class) + rate(class).map_or(CHOSEN, |it| it * seconds)
    };
    match scenario.horizon {
        Horizon::Steady { requests } => requests.map_or(CHOSEN, |it| it as f64),
        Horizon::Transient { requests } => requests as f64,
        Horizon::Span { seconds } => scenario
            .classes
            .iter()
            .map(|it| of_class(it.1, seconds))
            .sum(),
    }
}

/// Values for each place, group and cache, point by point; and histograms.
fn of_series(scenario: &Scenario) -> Option<Item<'static>> {
    let points = f64::from(scenario.probes.series);
    let lines = scenario.resources.iter().map(|(_, it)| match it {
        Resource::Station(_) | Resource::Pool(_) => 3.0,
        Resource::Group(group) => 3.0 * group.servers().count() as f64 + 1.0,
        Resource::Cache(_) => 2.0,
    });
    let values = (4.0 + lines.sum::<f64>()) * VALUE;
    let tails = if scenario.probes.tail { HISTOGRAM } else { 0.0 };
    (points > 0.0).then(|| item("probes.series", points, values + tails))
}

fn workloads(scenario: &Scenario) -> Vec<&Workload> {
    fn collect<'a>(path: &'a Path, found: &mut Vec<&'a Workload>) {
        for activity in path {
            if let Activity::Set(Set::Key(workload)) = activity {
                found.push(workload);
            }
            for (_, inner) in activity.inner() {
                collect(inner, found);
            }
        }
    }
    let mut found = Vec::new();
    for path in scenario.paths() {
        collect(path, &mut found);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::balancing::{Maglev, Policy};
    use crate::caching::Policy as Replacement;
    use crate::scenario::{Behind, Lookup, Write, WritePolicy};
    use crate::workload::Keys;

    fn scenario() -> Scenario {
        let work = Activity::demand("g", Distribution::exponential(0.01));
        Scenario::empty()
            .with_class("a", Class::new(Arrivals::poisson(1_000.0)))
            .with_path(vec![Activity::balance("g", vec![work])])
            .with_resource("g", Group::new(10_000, Policy::Random))
            .with_horizon(Horizon::Span { seconds: 1.0 })
    }

    /// The fields of what takes too much.
    fn refused(scenario: &Scenario) -> Vec<String> {
        let problems = scenario.problems();
        let memory = |it: &&crate::InputError| it.to_string().contains("memory");
        assert_eq!(problems.len(), problems.iter().filter(memory).count());
        problems.iter().map(|it| it.field().to_owned()).collect()
    }

    #[test]
    fn what_is_said_to_fit_fits() {
        let mut large = scenario();
        large.limits.population = 10_000_000;
        let items = items(&large);
        let most = items[0].most(LIMIT / 2.0);
        let bytes = items[0].bytes.as_ref();
        assert!(bytes(most) <= LIMIT / 2.0 && bytes(1.01 * most) > LIMIT / 2.0);
    }

    #[test]
    fn what_takes_too_much_is_refused_by_its_field() {
        assert_eq!(refused(&scenario()), [""; 0]);
        let mut large = scenario();
        large.limits.population = 10_000_000;
        assert_eq!(refused(&large), ["limits.population"]);
        let mut large = scenario();
        large.probes.series = 10_000;
        assert_eq!(refused(&large), ["probes.series"]);
        let table_size = 5_000_011;
        let mut large = scenario();
        large.resources.insert(
            "g",
            Group {
                balancers: 1_000,
                ..Group::new(100, Policy::Maglev(Maglev { table_size }))
            }
            .into(),
        );
        assert_eq!(refused(&large), ["resources.g.balancers"]);
    }

    #[test]
    fn a_cache_takes_what_there_are_keys_for() {
        let with = |capacity: u64, items: u64, per: bool| {
            let key = Activity::Set(Set::Key(Workload::new(Keys::zipf(items, 0.9))));
            let look_up = Activity::Cache(Lookup::new("c", vec![]));
            let mut scenario = scenario();
            scenario.path = vec![key, Activity::balance("g", vec![look_up])];
            let cache = Cache::new(Replacement::WTinyLfu, Capacity::Objects(capacity));
            let per = per.then(|| "g".into());
            scenario.with_resource("c", Cache { per, ..cache })
        };
        let field = "resources.c.capacity.objects";
        assert_eq!(refused(&with(1_000_000_000_000, 1_000, false)), [""; 0]);
        assert_eq!(refused(&with(1_000_000_000_000, 1_000, true)), [field]);
        assert_eq!(refused(&with(100, 1_000, true)), [""; 0]);
        assert_eq!(refused(&with(100_000_000, 1_000_000_000, false)), [field]);
    }

    #[test]
    fn versions_of_keys_that_are_written_are_counted() {
        let write = Write {
            path: vec![],
            caches: vec!["c".into()],
            how: WritePolicy::Behind(Behind {
                interval: 1.0,
                batch: 1,
            }),
            event: None,
            forgotten: 0.0,
        };
        let key = Activity::Set(Set::Key(Workload::new(Keys::zipf(1_000_000, 0.9))));
        let cache = Cache::new(Replacement::Lru, Capacity::Objects(10));
        let mut scenario = scenario().with_resource("c", cache);
        let bytes = |scenario: &Scenario| items(scenario).iter().map(Item::takes).sum::<f64>();
        let before = bytes(&scenario);
        scenario.path = vec![key, Activity::Write(write)];
        // Of a million keys, those that a thousand requests can write; or all.
        assert!(bytes(&scenario) - before < 1e6);
        scenario.horizon = Horizon::Span { seconds: 1e6 };
        assert!(bytes(&scenario) - before >= 6e7);
    }
}
