//! The general engine: a calendar of events, and requests that walk a compiled path.
//!
//! | file | what |
//! |---|---|
//! | `program`, `compile` | a scenario as flat operations |
//! | `token`, `draws`, `line` | requests in flight, random numbers, waiting lines |
//! | `source` | arrivals |
//! | `path` | the operations, one by one |
//! | `station`, `service`, `sharing` | stations: their state, servers one request each, shared servers |
//! | `holding`, `group` | pools; balancers |
//! | `children` | attempts and parallel paths |
//! | `tally` | what is counted |
//! | `log` | what happened, for watching |
//!
//! Of several things at one moment the one that was scheduled first happens first; what follows at once from an event
//! happens before the next event, in the order in which it was caused.

mod children;
mod compile;
mod draws;
mod group;
mod holding;
pub mod layout;
mod line;
pub mod log;
mod path;
mod program;
mod service;
mod sharing;
mod source;
mod station;
pub mod tally;
#[cfg(test)]
mod tests;
mod token;

use std::collections::VecDeque;
use std::sync::Arc;

pub use program::Program;

use self::draws::{Draw, Draws};
use self::group::Group;
use self::line::Line;
use self::log::{Event, Log};
use self::program::NONE;
use self::source::Source;
use self::station::{Pool, Station};
use self::tally::{ClassTally, Ended, Responses, SeriesMaker, SpanTally, Tally};
use self::token::{State, Tokens};
use super::calendar::{Calendar, NUMBER_BITS, Ticket};
use crate::balancing::Policy;
use crate::random::{Purpose, Uniforms};
use crate::scenario::Discipline;
use crate::scenario::arrivals::Arrivals;
use crate::stats::buckets::{BUCKETS, Buckets};

/// Operations at one moment from which on a livelock is looked for.
const SUSPICIOUS: u64 = 10_000_000;
/// Operations then watched for a cycle.
const WATCHED: usize = 4096;

/// When a replication counts, in simulated seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    /// Requests that arrive from then on count.
    pub start: f64,
    /// Until then.
    pub stop: f64,
    /// How long after that those in flight are waited for.
    pub patience: f64,
}

/// Where a replication is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Warming,
    /// Measuring, before the middle of the window.
    First,
    /// Measuring, after it.
    Second,
    /// Waiting for those who are still there.
    Closing,
    Done,
}

/// Arrivals of one class to come.
#[derive(Debug, Clone)]
struct Stream {
    source: Source,
    class: u16,
    time: f64,
    ticket: Ticket,
}

/// One replication of a program.
#[derive(Debug, Clone)]
pub struct Network {
    program: Arc<Program>,
    window: Window,
    phase: Phase,
    /// When the phase ends.
    until: f64,
    now: f64,
    calendar: Calendar,
    tokens: Tokens,
    draws: Draws,
    thinking: Vec<Option<Draw>>,
    clients: Vec<Option<Clientele>>,
    streams: Vec<Stream>,
    /// The stream whose arrival comes first.
    next_stream: usize,
    stations: Vec<Station>,
    pools: Vec<Pool>,
    groups: Vec<Group>,
    /// Tokens about to run, in order.
    ready: VecDeque<Ticket>,
    requests: u64,
    /// Operations since time passed last.
    operations: u64,
    /// Operations seen once that became suspicious.
    watched: Vec<u32>,
    /// Requests in system; with their integral over time, and the times that those who left had spent.
    population: u64,
    population_changed: f64,
    presence: f64,
    residence: f64,
    /// Requests of the window still in flight.
    pending: u64,
    tally: Tally,
    responses: Vec<Responses>,
    series: Option<Box<SeriesMaker>>,
    log: Option<Box<Log>>,
}

/// Which client sends the next request: the i-th in proportion to 1/i^skew.
#[derive(Debug, Clone)]
struct Clientele {
    cumulative: Vec<f64>,
    stream: Uniforms<1>,
}

impl Clientele {
    fn next(&mut self) -> f64 {
        let [u] = self.stream.next_uniform();
        let total = self.cumulative[self.cumulative.len() - 1];
        let at = self.cumulative.partition_point(|&sum| sum < u * total);
        at.min(self.cumulative.len() - 1) as f64
    }
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
        let station = |(number, spec): (usize, &program::StationSpec)| {
            let asked = groups
                .get(spec.group as usize)
                .is_some_and(|group| group.needs_work_left);
            Station::new(spec, number as u32, seed, replication, asked)
        };
        let pool = |(number, spec): (usize, &program::PoolSpec)| Pool {
            size: spec.size,
            queue: spec.queue,
            patience: spec.patience,
            line: Line::new(Discipline::Fifo),
            chance: Uniforms::new(seed, replication, Purpose::Order(number as u32)),
            waiting: 0,
            held: 0,
            changed: 0.0,
            tally: tally::PlaceTally::default(),
        };
        let thinking = |(class, spec): (usize, &program::ClassSpec)| {
            let law = it.draws.get(spec.think as usize)?.law.clone();
            Some(Draw::new(
                law,
                seed,
                replication,
                Purpose::Think(class as u8),
            ))
        };
        let clients = |(class, spec): (usize, &program::ClassSpec)| {
            (spec.client != NONE).then(|| Clientele {
                cumulative: zipf(spec.clients.count, spec.clients.skew),
                stream: Uniforms::new(seed, replication, Purpose::Client(class as u8)),
            })
        };
        let mut network = Self {
            window,
            phase: Phase::Warming,
            until: window.start,
            now: 0.0,
            calendar: Calendar::new(),
            tokens: Tokens::new(it.registers),
            draws: Draws::new(it, seed, replication),
            thinking: it.classes.iter().enumerate().map(thinking).collect(),
            clients: it.classes.iter().enumerate().map(clients).collect(),
            streams: Vec::new(),
            next_stream: 0,
            stations: it.stations.iter().enumerate().map(station).collect(),
            pools: it.pools.iter().enumerate().map(pool).collect(),
            groups,
            ready: VecDeque::new(),
            requests: 0,
            operations: 0,
            watched: Vec::new(),
            population: 0,
            population_changed: 0.0,
            presence: 0.0,
            residence: 0.0,
            pending: 0,
            tally: Tally::default(),
            responses: it
                .classes
                .iter()
                .map(|_| Responses::new(it.scale))
                .collect(),
            series: None,
            log: None,
            program: Arc::clone(program),
        };
        network.open(seed, replication);
        network
    }

    /// Opens the doors: first arrivals, users, idle servers.
    fn open(&mut self, seed: u64, replication: u64) {
        let program = Arc::clone(&self.program);
        for (number, class) in program.classes.iter().enumerate() {
            let number = number as u16;
            if let Some(mut source) = Source::new(class, number as u8, seed, replication) {
                let time = source.next(0.0);
                let ticket = self.calendar.next_ticket(0);
                self.streams.push(Stream {
                    source,
                    class: number,
                    time,
                    ticket,
                });
            }
        }
        self.find_next_stream();
        for (number, class) in program.classes.iter().enumerate() {
            if let Arrivals::Users(users) = &class.arrivals {
                for _ in 0..users.count {
                    let Some(user) = self.create() else { return };
                    self.tokens[user].class = number as u16;
                    self.think(user);
                }
            }
        }
        for (spec, group) in program.groups.iter().zip(&mut self.groups) {
            if matches!(spec.policy, Policy::IdleQueue) {
                (0..spec.weights.len()).for_each(|server| group.became_idle(server as u32));
            }
        }
    }

    /// Keeps a record of what happens from now on.
    pub fn watch(&mut self) {
        self.log = Some(Box::default());
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

    /// The next event, or the end of a phase if that comes first.
    #[inline]
    fn step(&mut self) {
        let coming = self
            .streams
            .get(self.next_stream)
            .map(|it| (it.time, it.ticket));
        let (arrives, time) = match (coming, self.calendar.peek()) {
            (Some((arrival, ticket)), Some((time, other))) => {
                // Sequence numbers tell which of two events at one moment was scheduled first.
                let first = arrival < time
                    || (arrival == time && ticket.0 >> NUMBER_BITS < other.0 >> NUMBER_BITS);
                if first {
                    (true, arrival)
                } else {
                    (false, time)
                }
            }
            (Some((arrival, _)), None) => (true, arrival),
            (None, Some((time, _))) => (false, time),
            (None, None) => (false, f64::INFINITY),
        };
        if time >= self.until {
            self.end_phase();
            return;
        }
        if time > self.now {
            self.now = time;
            self.operations = 0;
        }
        if arrives {
            self.arrive();
        } else {
            self.happen();
        }
        while let Some(ticket) = self.ready.pop_front() {
            let token = ticket.number();
            if self.tokens[token].turn == ticket {
                self.tokens[token].turn = Ticket::NONE;
                self.run(token);
            }
        }
    }

    /// Requests of the next stream come.
    #[inline]
    fn arrive(&mut self) {
        let stream = &mut self.streams[self.next_stream];
        let class = stream.class;
        let count = stream.source.size();
        stream.time = stream.source.next(self.now);
        stream.ticket = self.calendar.next_ticket(0);
        if self.streams.len() > 1 {
            self.find_next_stream();
        }
        for _ in 0..count {
            let Some(token) = self.create() else { return };
            self.tokens[token].class = class;
            self.enter(token);
            self.run(token);
        }
    }

    fn find_next_stream(&mut self) {
        let before = |a: &Stream, b: &Stream| {
            a.time < b.time || (a.time == b.time && a.ticket.0 < b.ticket.0)
        };
        let all = &self.streams;
        self.next_stream =
            (1..all.len()).fold(
                0,
                |best, i| if before(&all[i], &all[best]) { i } else { best },
            );
    }

    /// A fresh token, unless there are too many: then the replication ends.
    #[inline]
    fn create(&mut self) -> Option<u32> {
        if self.tokens.population() >= self.program.population as usize {
            self.stop_early(Ended::Crowded);
            return None;
        }
        Some(self.tokens.create())
    }

    /// A token of a known class becomes a request at the start of its path.
    #[inline]
    fn enter(&mut self, number: u32) {
        self.count_population(1);
        let measured = matches!(self.phase, Phase::First | Phase::Second);
        let token = &mut self.tokens[number];
        let class = usize::from(token.class);
        let spec = &self.program.classes[class];
        token.pc = spec.entry;
        token.priority = spec.priority;
        token.measured = measured;
        token.request = self.requests;
        token.arrival = self.now;
        token.waited = 0.0;
        token.parent = NONE;
        token.is_child = false;
        token.state = State::Ready;
        self.requests += 1;
        if measured {
            self.pending += 1;
            self.tally.classes[class].arrived += 1;
        }
        if self.program.registers > 0 {
            self.tokens.reset_registers(number);
            let client = self.program.classes[class].client;
            if let Some(clients) = &mut self.clients[class] {
                *self.tokens.register(number, client) = clients.next();
            }
        }
        self.note(|it| Event::Arrived {
            request: it.tokens[number].request,
            token: number,
            class: it.tokens[number].class,
        });
    }

    /// A request leaves, one way or another.
    fn leave(&mut self, number: u32, outcome: tally::Outcome) {
        self.count_population(-1);
        let token = &self.tokens[number];
        let class = usize::from(token.class);
        let response = self.now - token.arrival;
        self.residence += response;
        if token.measured {
            self.pending -= 1;
            if self.pending == 0 && self.phase == Phase::Closing {
                self.until = self.now;
            }
            let tally = &mut self.tally.classes[class];
            tally.left[outcome as usize] += 1;
            if outcome == tally::Outcome::Served {
                tally.responses += response;
                tally.waits += token.waited;
                let (shortest, longest) = tally.extremes;
                tally.extremes = (shortest.min(response), longest.max(response));
                self.responses[class].add(response);
                if let Some(series) = &mut self.series {
                    series.respond(token.arrival, response);
                }
            }
        }
        self.note(|it| Event::Left {
            request: it.tokens[number].request,
            token: number,
            outcome,
        });
        if self.program.classes[class].is_closed() {
            self.think(number);
        } else {
            self.tokens.free(number);
        }
    }

    /// A user pauses before the next request.
    fn think(&mut self, number: u32) {
        let class = usize::from(self.tokens[number].class);
        match &mut self.thinking[class] {
            Some(pause) => {
                let until = self.now + pause.next();
                self.tokens[number].state = State::Thinking;
                self.tokens[number].timer = self.calendar.schedule(until, number);
            }
            None => {
                self.enter(number);
                self.make_ready(number);
            }
        }
    }

    /// An event of the calendar.
    #[inline]
    fn happen(&mut self) {
        let Some((_, ticket)) = self.calendar.pop() else {
            return;
        };
        let number = ticket.number();
        if self.tokens[number].timer != ticket {
            self.calendar.passed();
            return;
        }
        self.tokens[number].timer = Ticket::NONE;
        match self.tokens[number].state {
            State::Serving => self.finish_service(number),
            State::Delayed => self.run(number),
            State::Waiting => self.give_up_waiting(number),
            State::Pooled => self.give_up_pool(number),
            State::Joined => self.time_out(number),
            State::Pausing => self.try_again(number),
            State::Thinking => {
                self.enter(number);
                self.run(number);
            }
            State::Free | State::Ready => {}
        }
    }

    /// Puts a token among those about to run.
    fn make_ready(&mut self, number: u32) {
        let ticket = self.calendar.next_ticket(number);
        self.tokens[number].state = State::Ready;
        self.tokens[number].turn = ticket;
        self.ready.push_back(ticket);
    }

    /// Calls a token's event off.
    fn call_off(&mut self, number: u32) {
        if self.tokens[number].timer == Ticket::NONE {
            return;
        }
        self.tokens[number].timer = Ticket::NONE;
        let tokens = &self.tokens;
        self.calendar
            .call_off(|ticket| tokens[ticket.number()].timer == ticket);
    }

    #[inline]
    fn count_population(&mut self, change: i64) {
        self.presence += self.population as f64 * (self.now - self.population_changed);
        self.population_changed = self.now;
        self.population = self.population.wrapping_add_signed(change);
    }

    /// Records what happens where somebody watches.
    #[inline]
    fn note(&mut self, event: impl FnOnce(&Self) -> Event) {
        if self.log.is_some() {
            let event = event(self);
            if let Some(log) = &mut self.log {
                log.add(self.now, event);
            }
        }
    }

    #[cold]
    fn end_phase(&mut self) {
        let Window {
            start,
            stop,
            patience,
        } = self.window;
        if self.phase != Phase::Closing {
            self.now = self.until;
            self.operations = 0;
        }
        match self.phase {
            Phase::Warming => {
                self.start_counting();
                (self.phase, self.until) = (Phase::First, f64::midpoint(start, stop));
            }
            Phase::First => {
                self.tally.population.0 = self.population;
                (self.phase, self.until) = (Phase::Second, stop);
            }
            Phase::Second => {
                self.stop_counting();
                (self.phase, self.until) = (Phase::Closing, stop + patience);
            }
            Phase::Closing | Phase::Done => self.phase = Phase::Done,
        }
        if self.phase == Phase::Closing && (self.pending == 0 || patience <= 0.0) {
            self.phase = Phase::Done;
        }
        if self.phase == Phase::Done {
            self.close_books();
        }
    }

    /// The window opens: what was counted while warming up is forgotten.
    fn start_counting(&mut self) {
        let empty = ClassTally {
            extremes: (f64::MAX, 0.0),
            ..ClassTally::default()
        };
        let places = self.stations.len() + self.pools.len();
        self.pass_all();
        self.stations
            .iter_mut()
            .for_each(|it| it.tally = tally::PlaceTally::default());
        self.pools
            .iter_mut()
            .for_each(|it| it.tally = tally::PlaceTally::default());
        self.tally.classes = vec![empty; self.program.classes.len()];
        self.tally.spans = vec![SpanTally::default(); self.program.spans.len()];
        self.count_population(0);
        self.tally.present = -self.presence;
        if self.program.series > 0 {
            let (start, stop) = (self.window.start, self.window.stop);
            self.series = Some(Box::new(SeriesMaker::new(
                self.program.series as usize,
                places,
                start,
                stop,
            )));
        }
    }

    /// The window closes: averages over time end here.
    fn stop_counting(&mut self) {
        self.pass_all();
        self.count_population(0);
        self.tally.present += self.presence;
        self.tally.population.1 = self.population;
        self.tally.window = self.now - self.window.start;
        let stations = self.stations.iter().map(|it| it.tally);
        self.tally.places = stations
            .chain(self.pools.iter().map(|it| it.tally))
            .collect();
    }

    /// Brings the integrals of all places up to now.
    fn pass_all(&mut self) {
        for number in 0..self.stations.len() {
            self.pass_station(number as u32);
        }
        for number in 0..self.pools.len() {
            self.pass_pool(number as u32);
        }
    }

    /// The replication ends before its time, with what was measured so far.
    #[cold]
    fn stop_early(&mut self, ended: Ended) {
        if self.phase == Phase::Done {
            return;
        }
        if self.phase == Phase::Warming {
            self.start_counting();
            self.window.start = self.now;
        }
        if self.phase != Phase::Closing {
            self.stop_counting();
        }
        self.tally.ended = ended;
        self.phase = Phase::Done;
        self.ready.clear();
        self.close_books();
    }

    /// Little's law over the whole replication: the integral of the number in system against the times spent there.
    fn close_books(&mut self) {
        self.count_population(0);
        let mut spent = self.residence;
        for token in self.tokens.iter() {
            let is_request =
                !token.is_child && !matches!(token.state, State::Free | State::Thinking);
            if is_request {
                spent += self.now - token.arrival;
            }
        }
        self.tally.little = (self.presence - spent) / self.presence.max(f64::MIN_POSITIVE);
        self.tally.series = self.series.take().map(|series| series.finish());
    }

    /// The result, once [`Network::advance`] has returned true.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// The buckets of the histograms.
    pub fn buckets(&self) -> Buckets {
        Buckets::around(self.program.scale)
    }

    /// Histogram of the response times of a class.
    pub fn histogram(&self, class: usize) -> &[u32; BUCKETS] {
        &self.responses[class].counts
    }
}

/// Cumulative shares of 1/i^skew.
fn zipf(count: u32, skew: f64) -> Vec<f64> {
    let mut sum = 0.0;
    (1..=count)
        .map(|i| {
            sum += crate::math::pow(f64::from(i), -skew);
            sum
        })
        .collect()
}
