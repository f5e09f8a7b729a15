//! What requests need: stations, pools, groups of servers behind balancers, caches.

use serde::{Deserialize, Serialize};

use super::Scenario;
use super::cache::Cache;
use super::failures::{self, Failures};
use super::problems::Problems;
use super::scaling_law::{ScalingLaw, efficiency};
use crate::autoscaling::Autoscaler;
use crate::balancing::Policy;
use crate::balancing::health::Health;
use crate::distribution::Distribution;

/// The most servers a station may have.
pub const MAX_SERVERS: u32 = 1_000_000;
/// The most places a pool may have.
pub const MAX_POOL: u32 = 1_000_000;
/// The most requests that may be in a finite room.
pub const MAX_ROOM: u32 = 10_000_000;
/// The most servers of a group.
pub const MAX_MEMBERS: u32 = 10_000;
/// The most balancers in front of a group.
pub const MAX_BALANCERS: u32 = 1_000;
/// Slowest and fastest server.
pub const SPEEDS: (f64, f64) = (1e-6, 1e6);

/// A resource. In a document its `kind` says which: `station`, `pool`, `group` or `cache`.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "a scenario has few of them")]
pub enum Resource {
    /// Servers behind one queue.
    Station(Station),
    /// Places that a request holds while it does more.
    Pool(Pool),
    /// Servers with a queue each, behind one balancer or several.
    Group(Group),
    /// Copies of objects; nobody queues for it.
    Cache(Cache),
}

/// `servers` equal servers behind one queue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Station {
    /// Number of servers c, `1..=1_000_000`.
    #[serde(default = "one")]
    pub servers: u32,
    /// The law of the work of a request that brings none of its own, seconds at speed 1.
    #[serde(default)]
    pub service: Option<Distribution>,
    /// How fast each server works, 1e-6 to 1e6: work of s seconds takes s/speed.
    #[serde(default = "unit")]
    pub speed: f64,
    /// Who is served next.
    #[serde(default)]
    pub discipline: Discipline,
    /// The most requests in it, those in service included (K); without it there is no limit. Who finds it full is rejected.
    #[serde(default)]
    pub room: Option<u32>,
    /// How long a request waits before it gives up, seconds; without it, for ever.
    #[serde(default)]
    pub patience: Option<Distribution>,
    /// How it fails by chance; without it, never.
    #[serde(default)]
    pub failures: Option<Failures>,
    /// How long it takes to start before it serves again, seconds.
    #[serde(default)]
    pub cold_start: f64,
    /// What it costs its servers, the cores of one machine, to work together; without it, nothing.
    #[serde(default)]
    pub scalability: Option<ScalingLaw>,
}

/// Who is served next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Discipline {
    /// First come, first served.
    #[default]
    Fifo,
    /// Last come, first served; who is in service stays.
    Lifo,
    /// Any of those who wait, with equal chances.
    RandomOrder,
    /// The highest priority, then first come; who is in service stays.
    Priority,
    /// The highest priority at once: who is in service yields and goes on later where it was.
    PreemptivePriority,
    /// The least work, then first come; who is in service stays.
    ShortestJob,
    /// The least work left at once: who is in service yields and goes on later where it was (SRPT).
    ShortestRemaining,
    /// All at once, sharing the servers equally; nobody gets more than one server.
    ProcessorSharing,
}

/// Places that requests hold while they do more, such as connections. Who finds none free waits, first come, first served.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Pool {
    /// Number of places, `1..=1_000_000`.
    pub size: u32,
    /// The most requests that wait for a place; without it there is no limit. Who finds it full is rejected.
    #[serde(default)]
    pub queue: Option<u32>,
    /// How long a request waits before it gives up, seconds; without it, for ever.
    #[serde(default)]
    pub patience: Option<Distribution>,
}

/// Servers with a queue each; a balancer sends every request to one of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// The servers; a line may stand for several alike.
    pub members: Vec<Member>,
    /// How the balancer chooses.
    pub policy: Policy,
    /// Balancers in front of them, each with its own view; requests come to them in turn. `1..=1_000`.
    #[serde(default = "one")]
    pub balancers: u32,
    /// How the balancers learn which servers may be sent requests; without it they send to all but those that drain.
    #[serde(default)]
    pub health: Option<Health>,
    /// How servers are added and removed with the load, of the members there are; without it all are there all the time.
    #[serde(default)]
    pub autoscaler: Option<Autoscaler>,
    /// What it costs the servers to work together: coordination between machines; without it, nothing.
    #[serde(default)]
    pub coordination: Option<ScalingLaw>,
    /// What each server is, apart from its speed.
    #[serde(default)]
    pub station: Station,
}

/// Servers of a group that are alike.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// How many of them, `1..=10_000`.
    #[serde(default = "one")]
    pub count: u32,
    /// Their speed beside that of the others, 1e-6 to 1e6.
    #[serde(default = "unit")]
    pub speed: f64,
    /// Their weight with policies that know weights, `1..=256`.
    #[serde(default = "one")]
    pub weight: u32,
    /// Whether they only stand in for others that are down.
    #[serde(default)]
    pub backup: bool,
}

const fn one() -> u32 {
    1
}

const fn unit() -> f64 {
    1.0
}

impl Default for Station {
    fn default() -> Self {
        Self {
            servers: 1,
            service: None,
            speed: 1.0,
            discipline: Discipline::Fifo,
            room: None,
            patience: None,
            failures: None,
            cold_start: 0.0,
            scalability: None,
        }
    }
}

impl Default for Member {
    fn default() -> Self {
        Self {
            count: 1,
            speed: 1.0,
            weight: 1,
            backup: false,
        }
    }
}

impl Station {
    /// First come, first served, with room for all.
    pub fn new(servers: u32) -> Self {
        Self {
            servers,
            ..Self::default()
        }
    }

    fn check(&self, problems: &mut Problems<'_>) {
        problems.count("servers", self.servers, 1, MAX_SERVERS);
        problems.range("speed", self.speed, SPEEDS.0, SPEEDS.1);
        if let Some(service) = &self.service {
            problems.law("service", service);
        }
        if let Some(room) = self.room {
            problems.count("room", room, self.servers.max(1), MAX_ROOM);
        }
        if let Some(patience) = &self.patience {
            problems.law("patience", patience);
        }
        if let Some(failures) = &self.failures {
            failures.check(&mut problems.at("failures"));
        }
        failures::check_start(self.cold_start, problems);
        if let Some(law) = &self.scalability {
            law.check(&mut problems.at("scalability"));
        }
    }

    /// How fast each of its servers works, seconds of work in a second.
    pub fn server_speed(&self) -> f64 {
        self.speed * efficiency(self.scalability.as_ref(), self.servers as usize)
    }
}

impl Pool {
    /// So many places, and a line for them without limit.
    pub fn new(size: u32) -> Self {
        Self {
            size,
            queue: None,
            patience: None,
        }
    }
}

impl Group {
    /// `count` equal servers of one core behind one balancer.
    pub fn new(count: u32, policy: Policy) -> Self {
        let member = Member {
            count,
            ..Member::default()
        };
        Self {
            members: vec![member],
            policy,
            balancers: 1,
            health: None,
            autoscaler: None,
            coordination: None,
            station: Station::default(),
        }
    }

    /// Every server by itself.
    pub fn servers(&self) -> impl Iterator<Item = &Member> {
        self.members
            .iter()
            .flat_map(|member| std::iter::repeat_n(member, member.count as usize))
    }

    /// How much of its speed each server keeps for all the coordination between them.
    pub fn efficiency(&self) -> f64 {
        efficiency(self.coordination.as_ref(), self.servers().count())
    }

    fn check(&self, problems: &mut Problems<'_>) {
        problems.length("members", self.members.len(), 1, MAX_MEMBERS as usize);
        for (i, member) in self.members.iter().enumerate() {
            let mut problems = problems.at(&format!("members[{i}]"));
            problems.count("count", member.count, 1, MAX_MEMBERS);
            problems.range("speed", member.speed, SPEEDS.0, SPEEDS.1);
            problems.count("weight", member.weight, 1, 256);
        }
        let all = self
            .members
            .iter()
            .map(|member| u64::from(member.count))
            .sum::<u64>();
        if all > u64::from(MAX_MEMBERS) {
            problems.refuse("members", all, format!("1..={MAX_MEMBERS} servers in all"));
        }
        problems.take("policy", self.policy.validate());
        problems.count("balancers", self.balancers, 1, MAX_BALANCERS);
        if let Some(health) = &self.health {
            problems.take("health", health.validate());
        }
        if let Some(autoscaler) = &self.autoscaler {
            problems.take("autoscaler", autoscaler.validate());
            if u64::from(autoscaler.max) > all {
                problems.refuse(
                    "autoscaler.max",
                    autoscaler.max,
                    format!("1..={all}, the members there are"),
                );
            }
        }
        if let Some(law) = &self.coordination {
            law.check(&mut problems.at("coordination"));
        }
        self.station.check(&mut problems.at("station"));
    }
}

impl Resource {
    /// The station, if it is one.
    pub fn as_station(&self) -> Option<&Station> {
        match self {
            Self::Station(station) => Some(station),
            _ => None,
        }
    }

    /// The station that it is, or that each server of the group is.
    pub fn server(&self) -> Option<&Station> {
        match self {
            Self::Station(station) => Some(station),
            Self::Group(group) => Some(&group.station),
            Self::Pool(_) | Self::Cache(_) => None,
        }
    }

    /// Whether nobody ever stands in a line here: who does not get in at once is turned away.
    pub fn has_no_line(&self) -> bool {
        let station = |it: &Station| {
            it.room == Some(it.servers)
                && it.failures.is_none()
                && !matches!(
                    it.discipline,
                    Discipline::ProcessorSharing
                        | Discipline::PreemptivePriority
                        | Discipline::ShortestRemaining
                )
        };
        match self {
            Self::Station(it) => station(it),
            Self::Group(it) => station(&it.station) && it.autoscaler.is_none(),
            Self::Pool(it) => it.queue == Some(0),
            Self::Cache(_) => true,
        }
    }

    /// Whether nobody is ever turned away for lack of room.
    pub fn has_room_for_all(&self) -> bool {
        match self {
            Self::Station(it) => it.room.is_none(),
            Self::Group(it) => it.station.room.is_none(),
            Self::Pool(it) => it.queue.is_none(),
            Self::Cache(_) => true,
        }
    }

    /// Whether nobody ever gives up waiting.
    pub fn is_patient(&self) -> bool {
        match self {
            Self::Station(it) => it.patience.is_none(),
            Self::Group(it) => it.station.patience.is_none(),
            Self::Pool(it) => it.patience.is_none(),
            Self::Cache(_) => true,
        }
    }

    pub(super) fn check(&self, scenario: &Scenario, problems: &mut Problems<'_>) {
        match self {
            Self::Cache(cache) => cache.check(scenario, problems),
            Self::Station(station) => station.check(problems),
            Self::Group(group) => group.check(problems),
            Self::Pool(pool) => {
                problems.count("size", pool.size, 1, MAX_POOL);
                if let Some(queue) = pool.queue {
                    problems.count("queue", queue, 0, MAX_ROOM);
                }
                if let Some(patience) = &pool.patience {
                    problems.law("patience", patience);
                }
            }
        }
    }
}

impl From<Station> for Resource {
    fn from(station: Station) -> Self {
        Self::Station(station)
    }
}

impl From<Pool> for Resource {
    fn from(pool: Pool) -> Self {
        Self::Pool(pool)
    }
}

impl From<Cache> for Resource {
    fn from(cache: Cache) -> Self {
        Self::Cache(cache)
    }
}

impl From<Group> for Resource {
    fn from(group: Group) -> Self {
        Self::Group(group)
    }
}
