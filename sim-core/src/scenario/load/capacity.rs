//! What a resource can do, and how a balancer spreads requests over the servers of a group.
//!
//! Who gets a request is known in advance only under policies that do not look at the servers: all the same under random choice and
//! in turn, by weight under weighted turns. Under power of d choices all d lie among the m slowest of n servers with probability
//! C(m, d)/C(n, d), and these m must do at least that share of the work. Under the others all that is certain is that the busiest
//! server is as busy as they are on average, at least, and that no server gets more than everything.

use super::amount::Amount;
use crate::balancing::{Share, Spread};
use crate::scenario::script::{self, Incident};
use crate::scenario::{FailureKind, Failures, Group, Member, Pool, Resource, Scenario, Station};

/// What is known of a resource before anything runs.
#[derive(Debug, Clone)]
pub(super) struct Capacity {
    /// Seconds of work done in a second by all of it, or places.
    pub(super) total: Amount,
    /// Whether a request may fail here.
    pub(super) may_refuse: bool,
    /// Whether work that comes here may not be done here, so that nothing keeps it busy for certain.
    pub(super) may_lose: bool,
    /// Whether nobody ever waits here.
    pub(super) never_waits: bool,
    /// The parts of the work that go to servers of each speed: share and seconds of work in a second; where that is known.
    pub(super) shares: Vec<(f64, f64)>,
    /// The slowest and the fastest server.
    pub(super) speeds: (f64, f64),
    /// Servers that share a queue.
    cores: f64,
    /// How much busier the busiest server is than all together.
    pub(super) imbalance: Amount,
}

impl Capacity {
    pub(super) fn of(scenario: &Scenario, name: &str, resource: &Resource) -> Self {
        let mut found = match resource {
            Resource::Station(station) => Self::of_station(scenario, station),
            Resource::Group(group) => Self::of_group(scenario, group),
            Resource::Pool(pool) => Self::of_pool(scenario, pool),
            Resource::Cache(_) => Self {
                never_waits: true,
                ..Self::new(Amount::exact(f64::INFINITY))
            },
        };
        if !matches!(resource, Resource::Cache(_)) {
            found.heed_script(scenario, name);
        }
        found
    }

    /// What its slowest server can do, seconds of work in a second.
    pub(super) fn slowest(&self) -> f64 {
        self.cores * self.speeds.0
    }

    fn new(total: Amount) -> Self {
        Self {
            total,
            cores: 1.0,
            may_refuse: false,
            may_lose: false,
            never_waits: false,
            shares: vec![(1.0, 1.0)],
            speeds: (1.0, 1.0),
            imbalance: Amount::ONE,
        }
    }

    fn of_pool(scenario: &Scenario, pool: &Pool) -> Self {
        let may_refuse = pool.queue.is_some() || pool.patience.is_some();
        Self {
            may_refuse,
            may_lose: may_refuse,
            never_waits: pool.size >= scenario.limits.population || pool.queue == Some(0),
            ..Self::new(Amount::exact(f64::from(pool.size)))
        }
    }

    fn of_station(scenario: &Scenario, station: &Station) -> Self {
        let speed = station.server_speed();
        let all = f64::from(station.servers) * speed;
        let may_refuse = may_refuse(station);
        Self {
            may_refuse,
            may_lose: may_refuse,
            never_waits: never_waits(scenario, station),
            shares: vec![(1.0, speed)],
            speeds: (speed, speed),
            ..Self::new(up(station, all))
        }
    }

    fn of_group(scenario: &Scenario, group: &Group) -> Self {
        let station = &group.station;
        let speed = station.server_speed() * group.efficiency();
        let refuses = may_refuse(station) || group.health.is_some();
        let stand_in = refuses || scenario.tries_again();
        let mut servers: Vec<Member> = group.servers().copied().collect();
        let backups = servers.iter().any(|it| it.backup);
        // Backups get requests only where another server is down, or was tried.
        let mut usual: Vec<Member> = servers.iter().filter(|it| !it.backup).copied().collect();
        if usual.is_empty() {
            usual.clone_from(&servers);
        }
        if !stand_in {
            servers.clone_from(&usual);
        }
        let mut high = sum(&servers);
        let (mut value, mut low) = (sum(&usual), sum(&usual));
        if let Some(autoscaler) = &group.autoscaler {
            let first = |count: u32| &servers[..servers.len().min(count as usize)];
            low = sum(first(autoscaler.min));
            servers.sort_by(|a, b| b.speed.total_cmp(&a.speed));
            high = sum(&servers[..servers.len().min(autoscaler.max as usize)]);
            value = high;
        }
        let per_server = f64::from(station.servers) * speed;
        let of = |speeds: f64| up(station, speeds * per_server);
        let is_fixed = group.autoscaler.is_none() && !(stand_in && backups);
        let total = Amount {
            value: of(value).value,
            low: of(low).low,
            high: of(high).high,
        };
        let slowest = servers.iter().map(|it| it.speed).fold(f64::MAX, f64::min);
        let fastest = servers.iter().map(|it| it.speed).fold(0.0, f64::max);
        Self {
            may_refuse: refuses,
            may_lose: refuses,
            never_waits: never_waits(scenario, station),
            shares: shares(&usual, group.policy.spread())
                .filter(|_| is_fixed && !refuses)
                .unwrap_or_default()
                .into_iter()
                .map(|(share, its)| (share, its * speed))
                .collect(),
            speeds: (slowest * speed, fastest * speed),
            cores: f64::from(station.servers),
            imbalance: imbalance(&usual, group.policy.spread(), is_fixed && !refuses),
            ..Self::new(total)
        }
    }

    /// Where a script stops servers or changes their speed, nothing is certain.
    fn heed_script(&mut self, scenario: &Scenario, name: &str) {
        let here = |incident: &&Incident| {
            incident.cache().is_none()
                && script::find(scenario, incident.server()).is_some_and(|(it, _)| it == name)
        };
        for incident in scenario.script.iter().filter(here) {
            (self.may_refuse, self.may_lose, self.never_waits) = (true, true, false);
            self.total.low = 0.0;
            if let Incident::Slow(slow) = incident {
                self.total.high *= slow.factor.recip().max(1.0);
                self.speeds.1 *= slow.factor.recip().max(1.0);
            }
        }
    }
}

/// Whether a station may fail a request.
fn may_refuse(station: &Station) -> bool {
    let stops = |it: &Failures| it.kind != FailureKind::Pause;
    station.room.is_some()
        || station.patience.is_some()
        || station.failures.as_ref().is_some_and(stops)
}

/// Whether there is a server for everybody who may come in.
fn never_waits(scenario: &Scenario, station: &Station) -> bool {
    let most = station.room.unwrap_or(scenario.limits.population);
    station.failures.is_none() && station.servers >= most
}

/// What is left of a capacity for the time that its servers are up: a pause keeps all work for later, so that the share of time decides;
/// whoever stops throws work away.
fn up(station: &Station, all: f64) -> Amount {
    let Some(failures) = &station.failures else {
        return Amount::exact(all);
    };
    let up = all * failures.availability().unwrap_or(1.0);
    if failures.kind == FailureKind::Pause {
        return Amount::exact(up);
    }
    Amount {
        value: up,
        low: up,
        high: all,
    }
}

fn sum(servers: &[Member]) -> f64 {
    servers.iter().map(|it| it.speed).sum()
}

fn alike(servers: &[Member]) -> bool {
    servers
        .windows(2)
        .all(|pair| pair[0].speed == pair[1].speed)
}

/// The share of requests that each server gets, with its speed, where that does not depend on what happens; one entry for all that are
/// equally fast.
fn shares(servers: &[Member], spread: Spread) -> Option<Vec<(f64, f64)>> {
    if alike(servers) {
        return Some(vec![(1.0, servers[0].speed)]);
    }
    let share = known_share(spread)?;
    let weight = |it: &Member| share.of(it.weight);
    let all: f64 = servers.iter().map(weight).sum();
    let mut by_speed: Vec<Member> = servers.to_vec();
    by_speed.sort_by(|a, b| a.speed.total_cmp(&b.speed));
    let alike = by_speed.chunk_by(|a, b| a.speed == b.speed);
    let share = |alike: &[Member]| {
        let weights: f64 = alike.iter().map(weight).sum();
        (weights / all, alike[0].speed)
    };
    Some(alike.map(share).collect())
}

/// What a policy that looks neither at the servers nor at who asks goes by.
fn known_share(spread: Spread) -> Option<Share> {
    match spread {
        Spread::ByChance(share) | Spread::InTurn(share) => Some(share),
        Spread::ByClient | Spread::BestOf(_) | Spread::ByServers { .. } => None,
    }
}

/// How much busier the busiest server of a group is than its servers together.
fn imbalance(servers: &[Member], spread: Spread, is_fixed: bool) -> Amount {
    let speeds = sum(servers);
    let slowest = servers.iter().map(|it| it.speed).fold(f64::MAX, f64::min);
    let most = speeds / slowest;
    if let Some(share) = known_share(spread) {
        let weight = |it: &Member| share.of(it.weight);
        let all: f64 = servers.iter().map(weight).sum();
        let busiest = servers
            .iter()
            .map(|it| weight(it) / all * speeds / it.speed)
            .fold(0.0, f64::max);
        let known = Amount::exact(busiest);
        return if is_fixed {
            known
        } else {
            Amount {
                low: 0.0,
                high: most,
                ..known
            }
        };
    }
    // What is certain of the busiest server, and whether equal servers get equally much.
    let (least, fair) = match spread {
        Spread::BestOf(choices) => (among_the_slowest(servers, choices), true),
        Spread::ByServers { fair } => (1.0, fair),
        Spread::ByChance(_) | Spread::InTurn(_) | Spread::ByClient => (1.0, false),
    };
    if is_fixed && fair && alike(servers) {
        return Amount::ONE;
    }
    let least = if is_fixed { least } else { 1.0 };
    Amount {
        value: least,
        low: least,
        high: most,
    }
}

/// How much busier than all together the slowest servers are, at least, where `choices` different ones are looked at.
fn among_the_slowest(servers: &[Member], choices: u32) -> f64 {
    let mut speeds: Vec<f64> = servers.iter().map(|it| it.speed).collect();
    speeds.sort_by(f64::total_cmp);
    let (count, all) = (speeds.len(), speeds.iter().sum::<f64>());
    let drawn = count.min(choices as usize);
    let mut together = 0.0;
    let mut most: f64 = 1.0;
    for (m, speed) in (1..).zip(&speeds) {
        together += speed;
        if m >= drawn {
            let chance: f64 = (0..drawn)
                .map(|i| (m - i) as f64 / (count - i) as f64)
                .product();
            most = most.max(chance * all / together);
        }
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(of: &[(u32, f64)]) -> Vec<Member> {
        let member = |&(count, speed)| Member {
            count,
            speed,
            ..Member::default()
        };
        let all: Vec<Member> = of.iter().map(member).collect();
        all.iter()
            .flat_map(|it| std::iter::repeat_n(*it, it.count as usize))
            .collect()
    }

    #[test]
    fn equal_shares_fill_the_slow_server_first() {
        // Three servers of speed 1 and one of speed ½: each gets a quarter, of a capacity of 3.5.
        let servers = members(&[(3, 1.0), (1, 0.5)]);
        let found = imbalance(&servers, Spread::InTurn(Share::Equal), true);
        assert_eq!(found, Amount::exact(0.25 * 3.5 / 0.5));
        assert_eq!(
            shares(&servers, Spread::ByChance(Share::Equal)),
            Some(vec![(0.25, 0.5), (0.75, 1.0)])
        );
        let by_queues = Spread::ByServers { fair: true };
        assert_eq!(shares(&servers, by_queues), None);
    }

    #[test]
    fn two_choices_among_many_slow_servers() {
        // Eight slow servers of ten: both choices are slow with probability 8·7/(10·9), and those do 0.8 of a capacity of 20.8.
        let servers = members(&[(2, 10.0), (8, 0.1)]);
        let two = Spread::BestOf(2);
        let found = imbalance(&servers, two, true);
        assert!((found.low - 56.0 / 90.0 * 20.8 / 0.8).abs() < 1e-12);
        // With equal servers nothing is certain but the average, which is exact.
        assert_eq!(imbalance(&members(&[(10, 1.0)]), two, true), Amount::ONE);
    }
}
