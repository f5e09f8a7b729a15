//! The general engine: a calendar of events, and requests that walk a compiled path.
//!
//! | file | what |
//! |---|---|
//! | `program`, `compile` | a scenario as flat operations |
//! | `token`, `draws`, `line` | requests in flight, random numbers, waiting lines |
//! | `source`, `clients` | arrivals; who sends them |
//! | `events`, `requests` | what happens next; requests come and leave |
//! | `window`, `parts` | when a replication counts, and its books; what drifts from part to part |
//! | `opening` | a start in the steady state, as far as it is known |
//! | `settling`, `deadlock` | requests whose end is known; requests that wait for each other for ever |
//! | `path` | the operations, one by one |
//! | `station`, `service`, `sharing` | stations: their state, servers one request each, shared servers |
//! | `holding`, `group` | pools; balancers |
//! | `children` | attempts, parallel paths, work in the background |
//! | `caching` | look-ups and writes; what caches hold of what the store holds |
//! | `life`, `agents` | servers that stop and come back; chance, scripts and checks, each in its own time |
//! | `watching`, `scaling` | what balancers believe of servers; servers added and removed with the load |
//! | `tally`, `series` | what is counted, in all and over time |
//! | `fleet` | a group of plain servers, without the calendar |
//! | `replay` | a cache alone, without the calendar |
//! | `log` | what happened, for watching |
//!
//! Of several things at one moment the one that was scheduled first happens first; what follows at once from an event
//! happens before the next event, in the order in which it was caused.

mod agents;
mod caching;
mod children;
mod clients;
mod compile;
mod deadlock;
mod draws;
mod events;
mod fleet;
mod group;
mod holding;
mod late;
pub mod layout;
mod life;
mod line;
pub mod log;
mod opening;
pub mod parts;
mod path;
mod program;
mod replay;
mod requests;
mod scaling;
pub mod series;
mod service;
mod settling;
mod sharing;
mod source;
mod station;
pub mod tally;
#[cfg(test)]
mod tests;
mod token;
mod watching;
mod window;

use std::collections::VecDeque;
use std::sync::Arc;

pub use fleet::Fleet;
pub use opening::Opening;
pub use program::Program;
pub use replay::Replay;
pub use window::Window;

use self::agents::Agent;
use self::caching::Caching;
use self::clients::Clientele;
use self::draws::{Draw, Draws};
use self::group::Group;
use self::life::Life;
use self::line::Line;
use self::log::{Event, Log};
use self::parts::{Parts, UNCOUNTED};
use self::program::Op;
use self::scaling::Scaler;
use self::series::SeriesMaker;
use self::source::Source;
use self::station::{Pool, Station};
use self::tally::{Responses, Tally};
use self::token::Tokens;
use self::window::Phase;
use super::calendar::{Calendar, Ticket};
use crate::random::{Purpose, Uniforms};
use crate::scenario::Discipline;
use crate::scenario::arrivals::Arrivals;
use crate::stats::buckets::{BUCKETS, Buckets};

/// Arrivals of one class to come.
#[derive(Debug, Clone)]
struct Stream {
    source: Source,
    class: u16,
    time: f64,
    ticket: Ticket,
}

/// One replication of a program.
#[derive(Debug)]
pub struct Network {
    program: Arc<Program>,
    /// The program's operations, one step nearer.
    ops: Box<[Op]>,
    window: Window,
    phase: Phase,
    /// The part of the window, or [`UNCOUNTED`].
    part: u8,
    /// When the phase ends, or the part.
    until: f64,
    now: f64,
    calendar: Calendar,
    tokens: Tokens,
    draws: Draws,
    thinking: Vec<Option<Draw>>,
    clients: Vec<Option<Clientele>>,
    streams: Vec<Stream>,
    /// The stream whose arrival comes first, and when it comes.
    next_stream: usize,
    next_arrival: (f64, Ticket),
    stations: Vec<Station>,
    pools: Vec<Pool>,
    groups: Vec<Group>,
    /// The autoscalers of groups that have one.
    scalers: Vec<Option<Scaler>>,
    agents: Vec<Agent>,
    /// Caches and keys, where there are any.
    caching: Option<Box<Caching>>,
    /// Tokens about to run, in order.
    ready: VecDeque<Ticket>,
    requests: u64,
    /// Operations since time passed last.
    operations: u64,
    /// Operations seen once that became suspicious.
    watched: Vec<u32>,
    /// Requests in system; with their integral over time, and the times that those who left had spent.
    population: f64,
    population_changed: f64,
    presence: f64,
    residence: f64,
    /// Requests in system at time zero.
    opening: f64,
    /// Abandoned tries and branches that run on.
    orphans: f64,
    /// Requests of the window still in flight.
    pending: u64,
    tally: Tally,
    parts: Option<Box<Parts>>,
    /// Response times by class.
    responses: Vec<Responses>,
    /// Waits by class.
    waits: Vec<Responses>,
    /// Waits of visits by resource: so far, and at the end of the window.
    place_waits: Vec<Responses>,
    final_waits: Vec<Responses>,
    /// By resource and given time: visits that waited no longer. Empty but in the window.
    within: Vec<Vec<u64>>,
    /// Time with each number present, by resource and in the system. Empty but in the window, and where nobody asks.
    numbers: Vec<Vec<f64>>,
    series: Option<Box<SeriesMaker>>,
    /// Response times by the stretch of the series in which requests arrive, where asked for.
    tails: Vec<Responses>,
    log: Option<Box<Log>>,
}

impl Network {
    /// Replication `replication` of a program on `seed`, empty at time zero.
    pub fn new(program: &Arc<Program>, window: Window, seed: u64, replication: u64) -> Self {
        let it = &**program;
        let groups: Vec<Group> = it
            .groups
            .iter()
            .map(|spec| Group::new(spec, seed, replication))
            .collect();
        let station = |(number, spec): (u32, &program::StationSpec)| {
            let asked = groups
                .get(spec.group as usize)
                .is_some_and(|group| group.needs_work_left);
            Station::new(spec, number, seed, replication, asked)
        };
        let pool = |(number, spec): (u32, &program::PoolSpec)| Pool {
            resource: spec.resource,
            size: spec.size,
            queue: spec.queue,
            patience: spec.patience,
            line: Line::new(Discipline::Fifo),
            chance: Uniforms::new(seed, replication, Purpose::Order(number)),
            waiting: 0,
            held: 0,
            changed: 0.0,
            tally: tally::PlaceTally::default(),
        };
        let thinking = |(class, spec): (u8, &program::ClassSpec)| {
            let law = it.draws.get(spec.think as usize)?.law.clone();
            Some(Draw::new(law, seed, replication, Purpose::Think(class)))
        };
        let clients = |(class, spec): (u8, &program::ClassSpec)| {
            Clientele::of(spec, class, seed, replication)
        };
        let mut network = Self {
            window,
            phase: Phase::Warming,
            part: UNCOUNTED,
            until: window.start,
            now: 0.0,
            calendar: Calendar::new(),
            tokens: Tokens::new(it.registers),
            draws: Draws::new(it, seed, replication),
            thinking: (0..).zip(&it.classes).map(thinking).collect(),
            clients: (0..).zip(&it.classes).map(clients).collect(),
            streams: Vec::new(),
            next_stream: 0,
            next_arrival: (f64::INFINITY, Ticket::NONE),
            stations: (0..).zip(&it.stations).map(station).collect(),
            pools: (0..).zip(&it.pools).map(pool).collect(),
            groups,
            scalers: it.groups.iter().map(Scaler::of).collect(),
            agents: Vec::new(),
            caching: Caching::of(it, seed, replication),
            ready: VecDeque::new(),
            requests: 0,
            operations: 0,
            watched: Vec::new(),
            population: 0.0,
            population_changed: 0.0,
            presence: 0.0,
            residence: 0.0,
            opening: 0.0,
            orphans: 0.0,
            pending: 0,
            tally: Tally::default(),
            parts: None,
            responses: vec![Responses::new(it.layout.scale); it.classes.len()],
            waits: vec![Responses::new(it.layout.scale); it.classes.len()],
            place_waits: vec![Responses::new(it.layout.scale); it.layout.resources.len()],
            final_waits: Vec::new(),
            within: Vec::new(),
            numbers: Vec::new(),
            series: None,
            tails: Vec::new(),
            log: None,
            ops: it.ops.clone().into_boxed_slice(),
            program: Arc::clone(program),
        };
        network.open(seed, replication);
        network
    }

    /// Opens the doors: first arrivals, users, idle servers.
    fn open(&mut self, seed: u64, replication: u64) {
        let program = Arc::clone(&self.program);
        for (number, class) in (0_u8..).zip(&program.classes) {
            if let Some(mut source) = Source::new(class, number, seed, replication) {
                let time = source.next(0.0);
                let ticket = self.calendar.next_ticket(0);
                self.streams.push(Stream {
                    source,
                    class: number.into(),
                    time,
                    ticket,
                });
            }
        }
        self.find_next_stream();
        for (number, class) in (0..).zip(&program.classes) {
            if let Arrivals::Users(users) = &class.arrivals {
                for _ in 0..users.count {
                    let Some(user) = self.create() else { return };
                    self.tokens[user].class = number;
                    self.think(user);
                }
            }
        }
        self.engage_all(seed, replication);
        for (number, _) in (0..).zip(&program.stations) {
            let absent = |life: &Life| !life.is_up;
            if self.stations[number as usize]
                .life
                .as_deref()
                .is_some_and(absent)
            {
                self.tell_balancers(number, false);
            }
        }
        for (spec, group) in program.groups.iter().zip(&mut self.groups) {
            if group.wants_idle_reports {
                for (server, _) in (0..).zip(&spec.weights) {
                    group.became_idle(server);
                }
            }
        }
    }

    /// Keeps a record of what happens from now on.
    pub fn watch(&mut self) {
        self.log = Some(Box::default());
        self.note_stocks();
    }

    /// What happened since the last call, where it is watched.
    pub fn take_events(&mut self) -> Vec<(f64, Event)> {
        self.log.as_mut().map(|log| log.take()).unwrap_or_default()
    }

    /// Simulated time, seconds.
    pub fn now(&self) -> f64 {
        self.now
    }

    /// Requests that have come so far.
    pub fn requests(&self) -> u64 {
        self.requests
    }

    /// Handles about `events` events; true when the replication is over.
    #[inline]
    pub fn advance(&mut self, events: u64) -> bool {
        for _ in 0..events {
            if self.phase == Phase::Done {
                return true;
            }
            self.step();
        }
        self.phase == Phase::Done
    }

    /// Records what happens where somebody watches.
    #[inline(always)]
    fn note(&mut self, event: impl FnOnce(&Self) -> Event) {
        if self.log.is_some() {
            let event = event(self);
            if let Some(log) = &mut self.log {
                log.add(self.now, event);
            }
        }
    }

    /// What was counted so far.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// The result, once [`Network::advance`] has returned true.
    pub fn results(&self) -> Results<'_> {
        Results {
            tally: &self.tally,
            histograms: self.responses.iter().map(|it| &*it.counts).collect(),
            waits: self.waits.iter().map(|it| &*it.counts).collect(),
            place_waits: self.final_waits.iter().map(|it| &*it.counts).collect(),
            tails: self.tails.iter().map(|it| &*it.counts).collect(),
            buckets: self.program.buckets(),
        }
    }
}

/// What one replication found.
#[derive(Debug, Clone)]
pub struct Results<'a> {
    /// Counts and sums.
    pub tally: &'a Tally,
    /// Histograms of response times, by class.
    pub histograms: Vec<&'a [u32; BUCKETS]>,
    /// Histograms of waits, by class.
    pub waits: Vec<&'a [u32; BUCKETS]>,
    /// Histograms of the waits of visits, by resource.
    pub place_waits: Vec<&'a [u32; BUCKETS]>,
    /// Histograms of response times by the stretch of the series in which requests arrive, where asked for.
    pub tails: Vec<&'a [u32; BUCKETS]>,
    /// Their buckets.
    pub buckets: Buckets,
}
