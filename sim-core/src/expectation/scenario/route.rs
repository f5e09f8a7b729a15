//! Where requests of a class go, how often, and what they need there: what the formulas ask of a path.

use crate::balancing::Spread;
use crate::distribution::Distribution;
use crate::engine::network::layout::Layout;
use crate::scenario::activity::{Balance, Branch, Hold, Set, When, Work};
use crate::scenario::{
    Activity, Arrivals, Discipline, Group, Path, Pool, Resource, Scenario, Station,
};

/// A place at which requests may queue.
pub(super) struct Site<'a> {
    pub(super) servers: u32,
    pub(super) discipline: Discipline,
    /// K.
    pub(super) room: Option<u64>,
    pub(super) patience: Option<&'a Distribution>,
    /// Seconds for a second of work.
    pub(super) slowness: f64,
    pub(super) is_pool: bool,
    /// Whether it is there all the time, and its speed stays as it is.
    pub(super) is_plain: bool,
}

impl<'a> Site<'a> {
    /// All places, in the order of the layout.
    pub(super) fn all(scenario: &'a Scenario, layout: &Layout) -> Vec<Self> {
        let mut found = Vec::new();
        let mut pools = Vec::new();
        for (_, resource) in scenario.resources.iter() {
            match resource {
                Resource::Station(station) => found.push(Self::station(station, 1.0)),
                Resource::Group(group) => {
                    let one = |speed| Self::station(&group.station, speed * group.efficiency());
                    found.extend(group.servers().map(|it| one(it.speed)));
                }
                Resource::Pool(pool) => pools.push(Self::pool(pool)),
                Resource::Cache(_) => {}
            }
        }
        found.append(&mut pools);
        debug_assert_eq!(found.len(), layout.places.len());
        found
    }

    fn station(station: &'a Station, speed: f64) -> Self {
        Self {
            servers: station.servers,
            discipline: station.discipline,
            room: station.room.map(u64::from),
            patience: station.patience.as_ref(),
            slowness: (station.server_speed() * speed).recip(),
            is_pool: false,
            is_plain: station.failures.is_none(),
        }
    }

    fn pool(pool: &'a Pool) -> Self {
        let size = u64::from(pool.size);
        Self {
            servers: pool.size,
            discipline: Discipline::Fifo,
            room: pool.queue.map(|queue| size + u64::from(queue)),
            patience: pool.patience.as_ref(),
            slowness: 1.0,
            is_pool: true,
            is_plain: true,
        }
    }
}

/// How long a visit needs its server.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Service<'a> {
    /// Mean, seconds.
    pub(super) mean: f64,
    /// Its law over `slowness`, where it is a single one.
    pub(super) law: Option<&'a Distribution>,
    pub(super) slowness: f64,
}

impl Service<'_> {
    pub(super) fn is_exponential(&self) -> bool {
        self.law.is_some_and(Distribution::is_exponential)
    }

    /// E\[S²\], seconds squared; `None` where it is infinite or not known.
    pub(super) fn second_moment(&self) -> Option<f64> {
        Some(self.mean * self.mean * (1.0 + self.law?.scv()?))
    }
}

/// Visits of one kind to one place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Visit<'a> {
    /// The place's number.
    pub(super) site: usize,
    /// How many of them a request makes on average.
    pub(super) times: f64,
    pub(super) service: Service<'a>,
    /// Mean delays on the way there, seconds; meaningful where the way is certain.
    pub(super) before: f64,
}

/// The way of one class.
pub(super) struct Route<'a> {
    pub(super) arrivals: &'a Arrivals,
    pub(super) priority: u8,
    pub(super) visits: Vec<Visit<'a>>,
    /// The most visits to places at which requests queue that one request may make.
    pub(super) most_visits: u64,
    /// Mean of all delays, those in a pool not counted, seconds.
    pub(super) delay: f64,
    /// Whether all requests have the same way.
    pub(super) is_certain: bool,
    /// The law of the only delay, where there is nothing else.
    pub(super) sole_delay: Option<&'a Distribution>,
}

impl Route<'_> {
    /// Requests per second, where they come from outside and independently of each other.
    pub(super) fn poisson_rate(&self) -> Option<f64> {
        match self.arrivals {
            Arrivals::Poisson(law) => Some(law.rate),
            Arrivals::Renewal(law) if law.interarrival.is_exponential() => {
                law.interarrival.mean().map(f64::recip)
            }
            _ => None,
        }
    }

    /// Service that a request needs at a place in all its visits, seconds.
    pub(super) fn demand(&self, site: usize) -> f64 {
        let own = self.visits.iter().filter(|it| it.site == site);
        own.map(|it| it.times * it.service.mean).sum()
    }
}

/// The routes of all classes; `None` if one does what formulas do not cover.
pub(super) fn routes<'a>(
    scenario: &'a Scenario,
    layout: &Layout,
    sites: &[Site<'a>],
) -> Option<Vec<Route<'a>>> {
    let route = |(name, class): (&'a str, &'a crate::scenario::Class)| {
        let mut walk = Walk {
            scenario,
            layout,
            sites,
            class: name,
            group: None,
            visits: Vec::new(),
            delay: 0.0,
            is_certain: true,
            delays: Vec::new(),
        };
        let most_visits = walk.path(scenario.path_of(class), 1.0)?;
        let sole_delay = match walk.delays.as_slice() {
            [(law, 1.0)] if walk.visits.is_empty() && walk.is_certain => Some(*law),
            _ => None,
        };
        Some(Route {
            arrivals: &class.arrivals,
            priority: class.priority,
            visits: walk.visits,
            most_visits,
            delay: walk.delay,
            is_certain: walk.is_certain,
            sole_delay,
        })
    };
    scenario.classes.iter().map(route).collect()
}

struct Walk<'a, 'b> {
    scenario: &'a Scenario,
    layout: &'b Layout,
    sites: &'b [Site<'a>],
    class: &'a str,
    /// The group that a balancer has chosen a server of.
    group: Option<&'a str>,
    visits: Vec<Visit<'a>>,
    delay: f64,
    is_certain: bool,
    /// Each delay, and how often it is met on average.
    delays: Vec<(&'a Distribution, f64)>,
}

impl<'a> Walk<'a, '_> {
    /// Walks a path that a request takes so many times on average; returns the most visits it makes on it.
    fn path(&mut self, path: &'a Path, times: f64) -> Option<u64> {
        path.iter()
            .map(|activity| self.activity(activity, times))
            .sum()
    }

    fn activity(&mut self, activity: &'a Activity, times: f64) -> Option<u64> {
        match activity {
            Activity::Work(work) => self.work(work, times),
            Activity::Delay(law) => {
                self.delay += times * law.mean()?;
                self.delays.push((law, times));
                Some(0)
            }
            Activity::Hold(hold) => self.hold(hold, times),
            Activity::Repeat(it) if it.times == 0 => Some(0),
            Activity::Repeat(it) => {
                let most = self.path(&it.path, times * f64::from(it.times))?;
                Some(most * u64::from(it.times))
            }
            Activity::Choose(branches) => self.choose(branches, times),
            Activity::Balance(it) => self.balance(it, times),
            Activity::Mark(it) => self.path(&it.path, times),
            // Keys and attributes change nothing where nobody looks at them.
            Activity::Set(Set::Key(_) | Set::Attribute { .. }) => Some(0),
            Activity::Set(Set::Priority(_))
            | Activity::Parallel(_)
            | Activity::Attempt(_)
            | Activity::Cache(_)
            | Activity::Write(_) => None,
        }
    }

    fn work(&mut self, work: &'a Work, times: f64) -> Option<u64> {
        if work.times.is_some() {
            return None;
        }
        let at = work.at.as_str();
        let station = match self.scenario.resources.get(at)? {
            Resource::Station(station) => station,
            Resource::Group(group) if self.group == Some(at) => &group.station,
            _ => return None,
        };
        let law = work.demand.as_ref().or(station.service.as_ref())?;
        let places = self.layout.places.iter().enumerate();
        let own: Vec<usize> = places
            .filter(|(_, it)| it.resource == at)
            .map(|(i, _)| i)
            .collect();
        for &site in &own {
            let slowness = self.sites[site].slowness;
            self.visit(
                site,
                times / own.len() as f64,
                Service {
                    mean: law.mean()? * slowness,
                    law: Some(law),
                    slowness,
                },
            )?;
        }
        Some(1)
    }

    fn visit(&mut self, site: usize, times: f64, service: Service<'a>) -> Option<()> {
        let before = self.delay;
        // One that never happens asks nothing.
        if times > 0.0 {
            self.visits.push(Visit {
                site,
                times,
                service,
                before,
            });
        }
        self.sites[site].is_plain.then_some(())
    }

    /// A pool held around nothing but delays is a station whose service they are.
    fn hold(&mut self, hold: &'a Hold, times: f64) -> Option<u64> {
        let (delay, delays) = (self.delay, self.delays.len());
        if self.path(&hold.path, times)? > 0 {
            return None;
        }
        let held = self.delay - delay;
        let sole = match &self.delays[delays..] {
            [(law, often)] if *often == times => Some(*law),
            _ => None,
        };
        (self.delay, self.delays) = (delay, self.delays[..delays].to_vec());
        let site = self
            .layout
            .places
            .iter()
            .position(|it| it.name == hold.pool)?;
        self.visit(
            site,
            times,
            Service {
                mean: held / times,
                law: sole,
                slowness: 1.0,
            },
        )?;
        Some(1)
    }

    /// By shares, or by class.
    fn choose(&mut self, branches: &'a [Branch], times: f64) -> Option<u64> {
        let by_class = branches.iter().any(|it| matches!(it.when, When::Class(_)));
        let (mut left, mut most) = (1.0, 0);
        for branch in branches {
            let share = match &branch.when {
                When::Share(share) if !by_class => f64::min(*share, left),
                When::Class(name) if name == self.class => left,
                When::Class(_) => 0.0,
                When::Otherwise => left,
                When::Share(_) | When::Above { .. } => return None,
            };
            left = f64::max(left - share, 0.0);
            if share > 0.0 {
                self.is_certain &= share == 1.0;
                most = most.max(self.path(&branch.path, times * share)?);
            }
        }
        Some(most)
    }

    /// Random choice splits a Poisson stream into independent ones.
    fn balance(&mut self, balance: &'a Balance, times: f64) -> Option<u64> {
        let Resource::Group(group) = self.scenario.resources.get(&balance.over)? else {
            return None;
        };
        if self.group.is_some() || !is_split(group) {
            return None;
        }
        self.group = Some(&balance.over);
        let most = self.path(&balance.path, times);
        self.group = None;
        most
    }
}

/// Whether every server gets the same share, by chance alone.
fn is_split(group: &Group) -> bool {
    let single = group.servers().count() == 1;
    let by_chance = match group.policy.spread() {
        Spread::ByChance(share) => {
            let mut shares = group.servers().map(|it| share.of(it.weight));
            let first = shares.next();
            shares.all(|it| Some(it) == first)
        }
        Spread::InTurn(_) | Spread::ByClient | Spread::BestOf(_) | Spread::ByServers { .. } => {
            false
        }
    };
    (by_chance || single)
        && group.health.is_none()
        && group.autoscaler.is_none()
        && group.servers().all(|it| !it.backup)
}
