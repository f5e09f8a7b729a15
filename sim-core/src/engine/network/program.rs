//! A scenario compiled: paths as flat operations, resources by number.

use std::ops::Range;

use super::layout::Layout;
use crate::autoscaling::Autoscaler;
use crate::balancing::Policy;
use crate::balancing::health::Health;
use crate::caching::{self, Capacity, Expiry};
use crate::distribution::Distribution;
use crate::random::Purpose;
use crate::scenario::activity::{Abandoned, Backoff};
use crate::scenario::arrivals::Arrivals;
use crate::scenario::{Clients, Discipline, Failures, WritePolicy};
use crate::stats::buckets::Buckets;
use crate::workload::Workload;

/// No register, no scope, nobody.
pub(crate) const NONE: u32 = u32::MAX;
/// No register.
pub(super) const NO_REGISTER: u16 = u16::MAX;

/// One operation of a path.
#[derive(Debug, Clone, Copy)]
pub(super) enum Op {
    /// Queue at a station; the work is a draw, times a register if there is one.
    Work { station: u32, draw: u32, times: u16 },
    /// Queue at the server of a group that a register names.
    WorkAtChosen {
        first: u32,
        register: u16,
        draw: u32,
        times: u16,
    },
    /// Let time pass.
    Delay { draw: u32 },
    /// Take a place of a pool, waiting for it if need be.
    Acquire { pool: u32 },
    /// Give it back.
    Release { pool: u32 },
    /// Set a register.
    Load { register: u16, value: u32 },
    /// Count a register up; jump while it is below the limit.
    Loop {
        register: u16,
        limit: u32,
        target: u32,
    },
    /// Go elsewhere.
    Jump { target: u32 },
    /// Jump to one of several targets, by chance.
    Fork { chance: u32, table: u32 },
    /// Jump unless a register is above a constant.
    UnlessAbove {
        register: u16,
        constant: u32,
        target: u32,
    },
    /// Have a balancer choose; the choice goes to a register, the moment to the next one.
    /// The servers that were tried before, one bit each, are in a third one if there is one.
    Balance {
        group: u32,
        register: u16,
        tried: u16,
    },
    /// The request comes back from the chosen server.
    Return { group: u32, register: u16 },
    /// Draw an attribute.
    Draw { register: u16, draw: u32 },
    /// Set the priority.
    Priority { priority: u8 },
    /// Remember the moment.
    Start { register: u16 },
    /// Count the time since then.
    Stop { register: u16, span: u32 },
    /// Run a path in a child against the clock.
    Attempt {
        attempt: u32,
        register: u16,
        after: u32,
    },
    /// Run several paths in children.
    Parallel { parallel: u32, after: u32 },
    /// Have to do with keys and caches.
    Caching(CachingOp),
    /// A child's path ends.
    EndChild,
    /// The request is done.
    End,
}

/// An operation that has to do with keys and caches.
#[derive(Debug, Clone, Copy)]
pub(super) enum CachingOp {
    /// Draw the key that the request is about from now on: the first register of its block of three.
    Key { register: u16, source: u32 },
    /// Copy a block of registers with a key elsewhere, before the key changes for a while.
    Keep { from: u16, to: u16 },
    /// Copy it back: the request is about its old key again, and carries what the store holds of it.
    Restore { from: u16, to: u16 },
    /// The next key of a batch of writes becomes the key that its token is about; after the last one the token goes on elsewhere.
    NextKey { turn: u32 },
    /// Look the key up in a cache: go on with a hit, elsewhere with a miss, or wait for somebody else's fetch.
    LookUp { lookup: u32 },
    /// What the request carries is what the store holds now.
    ReadStore { register: u16 },
    /// What a miss brought back goes into the cache.
    Fill { lookup: u32 },
    /// A write is done, but for the copies in caches.
    Commit { write: u32 },
    /// News of a write arrive.
    Hear { write: u32 },
    /// A batch of writes has arrived at the store.
    Flushed { write: u32 },
}

/// What a request holds while it is inside a part of its path.
#[derive(Debug, Clone, Copy)]
pub(super) enum Held {
    /// A place of a pool.
    Pool(u32),
    /// A connection to a server of a group, named by a register.
    Connection { group: u32, register: u16 },
    /// The task of fetching an object for all who wait for it.
    Fetch { lookup: u32 },
    /// Writes on their way to the store.
    Batch { write: u32 },
}

/// A part of a path that holds something.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scope {
    pub(super) held: Held,
    /// The scope around it within the same child, or [`NONE`].
    pub(super) outer: u32,
}

/// Where random numbers come from.
#[derive(Debug, Clone)]
pub(super) struct DrawSpec {
    pub(super) law: Distribution,
    pub(super) purpose: Purpose,
}

/// Targets of a choice by chance: cumulative shares, and where each leads.
#[derive(Debug, Clone)]
pub(super) struct ForkTable {
    pub(super) shares: Vec<(f64, u32)>,
    pub(super) otherwise: u32,
}

/// A try against the clock.
#[derive(Debug, Clone)]
pub(super) struct AttemptSpec {
    /// Its number in the layout.
    pub(super) number: u32,
    pub(super) timeout: Option<f64>,
    pub(super) retries: u32,
    pub(super) backoff: Option<Backoff>,
    /// Where the jitter comes from.
    pub(super) chance: u32,
    pub(super) abandoned: Abandoned,
    pub(super) entry: u32,
    /// Where a request goes on whose tries have all failed, or [`NONE`].
    pub(super) otherwise: u32,
    /// Registers with the servers that were tried: what a failed try tells the next one.
    pub(super) tried: Vec<u16>,
}

/// Several paths at once.
#[derive(Debug, Clone)]
pub(super) struct ParallelSpec {
    pub(super) entries: Vec<u32>,
    pub(super) needed: u32,
    pub(super) rest: Abandoned,
}

/// A station.
#[derive(Debug, Clone)]
pub(super) struct StationSpec {
    pub(super) servers: u32,
    pub(super) speed: f64,
    pub(super) discipline: Discipline,
    pub(super) room: u32,
    /// Where the patience is drawn, or [`NONE`].
    pub(super) patience: u32,
    /// Number of the resource that it is, or belongs to, among those that are visited.
    pub(super) resource: u32,
    /// The group it belongs to, or [`NONE`].
    pub(super) group: u32,
    /// Its number in the group.
    pub(super) member: u32,
    pub(super) failures: Option<Failures>,
    /// How long a start takes, seconds.
    pub(super) cold_start: f64,
    /// Whether it may stop, stand still or be cut off.
    pub(super) is_mortal: bool,
    /// Whether it is absent until somebody switches it on.
    pub(super) is_absent: bool,
}

/// A pool.
#[derive(Debug, Clone)]
pub(super) struct PoolSpec {
    /// Number of the resource among those that are visited.
    pub(super) resource: u32,
    pub(super) size: u32,
    pub(super) queue: u32,
    pub(super) patience: u32,
}

/// A group of stations.
#[derive(Debug, Clone)]
pub(super) struct GroupSpec {
    pub(super) first: u32,
    pub(super) weights: Vec<u32>,
    pub(super) policy: Policy,
    pub(super) balancers: u32,
    /// Which servers only stand in for others.
    pub(super) backups: Vec<bool>,
    pub(super) health: Option<Health>,
    pub(super) autoscaler: Option<Autoscaler>,
    /// Whether servers of it may stop or drain.
    pub(super) is_mortal: bool,
    /// Number of the resource in the scenario.
    pub(super) resource: u32,
}

/// A cache.
#[derive(Debug, Clone)]
pub(super) struct CacheSpec {
    pub(super) policy: caching::Policy,
    pub(super) capacity: Capacity,
    pub(super) expiry: Option<Expiry>,
    /// The group in each of whose servers there is one, or [`NONE`].
    pub(super) group: u32,
    /// How many there are.
    pub(super) count: u32,
    /// About how many objects each holds.
    pub(super) objects: u64,
}

impl CacheSpec {
    /// Whether it is in each server of a group.
    pub(super) fn is_per_server(&self) -> bool {
        self.group != NONE
    }
}

/// Keys to be asked for.
#[derive(Debug, Clone)]
pub(super) struct SourceSpec {
    pub(super) workload: Workload,
    /// Requests for them per second, roughly.
    pub(super) rate: f64,
}

/// A look-up in a cache.
#[derive(Debug, Clone, Copy)]
pub(super) struct LookupSpec {
    pub(super) cache: u32,
    /// Register with the server whose cache it is, or [`NO_REGISTER`].
    pub(super) chosen: u16,
    /// Register of the key; the next two have the version that the request carries, and where the key comes from.
    pub(super) key: u16,
    /// Register of the key during a fetch, where the path of the miss sets others meanwhile.
    pub(super) fetched: u16,
    /// Register with the moment at which a fetch began.
    pub(super) since: u16,
    /// Where keys come from that warm its cache.
    pub(super) source: u32,
    /// The look-up in whose miss it is, or [`NONE`].
    pub(super) outer: u32,
    /// Where a miss goes on.
    pub(super) miss: u32,
    /// Where a refresh in the background begins.
    pub(super) refresh: u32,
    pub(super) early: f64,
    /// Where the chance of an early refresh comes from.
    pub(super) chance: u32,
    pub(super) coalesce: bool,
    pub(super) absent: f64,
    pub(super) negative: Option<f64>,
}

/// A write.
#[derive(Debug, Clone)]
pub(super) struct WriteSpec {
    /// The caches that have to do with it; of each the register with the server, or [`NO_REGISTER`].
    pub(super) caches: Vec<(u32, u16)>,
    /// Register of the key.
    pub(super) key: u16,
    pub(super) class: u16,
    pub(super) how: WritePolicy,
    pub(super) forgotten: f64,
    pub(super) chance: u32,
    /// Where the news of it set out, or [`NONE`].
    pub(super) event: u32,
    /// How it goes to the store later.
    pub(super) flush: Option<Flush>,
}

/// How writes go to the store later.
#[derive(Debug, Clone, Copy)]
pub(super) struct Flush {
    pub(super) interval: f64,
    pub(super) batch: u32,
    /// Where a batch sets out.
    pub(super) entry: u32,
    /// Register with the number of the batch.
    pub(super) number: u16,
}

/// Something that is done for each key of a batch, one after the other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Turn {
    pub(super) write: u32,
    /// Register with the number of the batch.
    pub(super) batch: u16,
    /// Register with how many keys had their turn.
    pub(super) done: u16,
    /// Register of the key.
    pub(super) key: u16,
    /// Where the token goes on after the last key.
    pub(super) after: u32,
}

/// A class of requests.
#[derive(Debug, Clone)]
pub(super) struct ClassSpec {
    pub(super) arrivals: Arrivals,
    pub(super) priority: u8,
    pub(super) entry: u32,
    pub(super) clients: Clients,
    /// Register of the client's number, or [`NO_REGISTER`] where nobody asks.
    pub(super) client: u16,
    /// Register of the key that its requests are about, or [`NO_REGISTER`].
    pub(super) key: u16,
    /// Whether its users wait for each answer before they ask again.
    pub(super) closed: bool,
    /// Whether its path asks for attributes.
    pub(super) attributes: bool,
    /// Where think times are drawn, or [`NONE`].
    pub(super) think: u32,
}

/// Something that happens to servers at a given moment.
#[derive(Debug, Clone)]
pub(super) struct ScriptLine {
    pub(super) at: f64,
    pub(super) stations: Range<u32>,
    pub(super) act: Act,
}

/// What happens to a server.
#[derive(Debug, Clone, Copy)]
pub(super) enum Act {
    Kill { silent: bool },
    Drain,
    Pause,
    Revive,
    Slow(f64),
    CutOff,
    Heal,
    Empty { cache: u32, crash: bool },
}

impl Program {
    /// The same, where something may happen to every station: for those who kill and revive servers by hand.
    #[must_use]
    pub fn with_mortal_stations(mut self) -> Self {
        self.stations.iter_mut().for_each(|it| it.is_mortal = true);
        self.groups.iter_mut().for_each(|it| it.is_mortal = true);
        self
    }

    /// The same, where caches are as full and servers as often down at the start as in the long run.
    #[must_use]
    pub fn from_its_steady_state(mut self) -> Self {
        self.is_steady = true;
        self
    }

    /// The same with a time series of this many points.
    pub(crate) fn with_series(&self, points: u32) -> Self {
        Self {
            series: points,
            tail: false,
            ..self.clone()
        }
    }

    /// For each place the number of its resource among those that are visited.
    pub(crate) fn resources_of_places(&self) -> Vec<usize> {
        let places = self.layout.places.iter();
        places.map(|it| it.number as usize).collect()
    }

    /// The buckets of response times.
    pub(super) fn buckets(&self) -> Buckets {
        Buckets::around(self.layout.scale)
    }
}

/// A scenario ready to run.
#[derive(Debug, Clone)]
pub struct Program {
    pub(super) ops: Vec<Op>,
    /// The innermost scope of each operation, or [`NONE`].
    pub(super) scopes_of: Vec<u32>,
    /// Path in the document of the activity that each operation belongs to.
    pub(super) places: Vec<String>,
    pub(super) scopes: Vec<Scope>,
    pub(super) draws: Vec<DrawSpec>,
    pub(super) chances: Vec<Purpose>,
    pub(super) forks: Vec<ForkTable>,
    pub(super) constants: Vec<f64>,
    pub(super) attempts: Vec<AttemptSpec>,
    pub(super) parallels: Vec<ParallelSpec>,
    pub(super) stations: Vec<StationSpec>,
    pub(super) pools: Vec<PoolSpec>,
    pub(super) groups: Vec<GroupSpec>,
    pub(super) classes: Vec<ClassSpec>,
    pub(super) caches: Vec<CacheSpec>,
    pub(super) sources: Vec<SourceSpec>,
    pub(super) lookups: Vec<LookupSpec>,
    pub(super) writes: Vec<WriteSpec>,
    pub(super) turns: Vec<Turn>,
    /// What happens to servers, in the order of time.
    pub(super) script: Vec<ScriptLine>,
    /// Registers of each request.
    pub(super) registers: u16,
    pub(super) population: u32,
    pub(super) series: u32,
    /// Whether the series has histograms of response times.
    pub(super) tail: bool,
    /// Times that are asked for, seconds.
    pub(super) within: Vec<f64>,
    /// Numbers present whose share of time is asked for: those below, and none where it is 0.
    pub(super) numbers: u32,
    /// Whether there is nothing but look-ups in one cache.
    pub(super) is_cache_alone: bool,
    /// Whether failures and caches begin in their steady state.
    pub(super) is_steady: bool,
    pub(super) layout: Layout,
}
