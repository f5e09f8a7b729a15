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
//! | `fleet` | a group of plain servers, without the calendar |
//! | `log` | what happened, for watching |
//!
//! Of several things at one moment the one that was scheduled first happens first; what follows at once from an event
//! happens before the next event, in the order in which it was caused.

mod children;
mod compile;
mod draws;
mod fleet;
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

pub use fleet::Fleet;
pub use program::Program;

use self::draws::{Draw, Draws};
use self::group::Group;
use self::line::Line;
use self::log::{Event, Log};
use self::program::{NO_REGISTER, NONE, Op};
use self::source::Source;
use self::station::{Pool, Station};
use self::tally::{ClassTally, Ended, Responses, SeriesMaker, SpanTally, Tally};
use self::token::{State, Tokens};
use super::calendar::{Calendar, Ticket};
use crate::random::{Purpose, Uniforms};
use crate::scenario::Discipline;
use crate::scenario::arrivals::Arrivals;
use crate::stats::buckets::{BUCKETS, Buckets};

/// Operations at one moment from which on a livelock is looked for.
const SUSPICIOUS: u64 = 2_000_000;
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
    /// The program's operations, one step nearer.
    ops: Box<[Op]>,
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
    /// The stream whose arrival comes first, and when it comes.
    next_stream: usize,
    next_arrival: (f64, Ticket),
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
    population: f64,
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
    /// The clients of a class, where somebody asks for them.
    fn of(class: &program::ClassSpec, number: u8, seed: u64, replication: u64) -> Option<Self> {
        (class.client != NO_REGISTER).then(|| Self {
            cumulative: zipf(class.clients.count, class.clients.skew),
            stream: Uniforms::new(seed, replication, Purpose::Client(number)),
        })
    }

    fn next(&mut self) -> u32 {
        let [u] = self.stream.next_uniform();
        let total = self.cumulative[self.cumulative.len() - 1];
        let at = self.cumulative.partition_point(|&sum| sum < u * total);
        u32::try_from(at.min(self.cumulative.len() - 1)).unwrap_or(0)
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
        let station = |(number, spec): (u32, &program::StationSpec)| {
            let asked = groups
                .get(spec.group as usize)
                .is_some_and(|group| group.needs_work_left);
            Station::new(spec, number, seed, replication, asked)
        };
        let pool = |(number, spec): (u32, &program::PoolSpec)| Pool {
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
            ready: VecDeque::new(),
            requests: 0,
            operations: 0,
            watched: Vec::new(),
            population: 0.0,
            population_changed: 0.0,
            presence: 0.0,
            residence: 0.0,
            pending: 0,
            tally: Tally::default(),
            responses: it
                .classes
                .iter()
                .map(|_| Responses::new(it.layout.scale))
                .collect(),
            series: None,
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
    #[inline(always)]
    fn step(&mut self) {
        if !self.ready.is_empty() {
            self.run_ready();
        }
        let (arrival, arriving) = self.next_arrival;
        let (time, ticket) = self
            .calendar
            .peek()
            .unwrap_or((f64::INFINITY, Ticket::NONE));
        // Sequence numbers tell which of two events at one moment was scheduled first.
        let arrives = arrival < time || (arrival == time && arriving.is_before(ticket));
        let next = if arrives { arrival } else { time };
        if next >= self.until {
            self.end_phase();
            return;
        }
        if next > self.now {
            self.now = next;
            self.operations = 0;
        }
        if arrives {
            self.arrive();
        } else {
            self.calendar.take();
            self.happen(ticket);
        }
    }

    /// Runs those who are ready, and those whom they make ready.
    fn run_ready(&mut self) {
        while let Some(ticket) = self.ready.pop_front() {
            let token = ticket.number();
            if self.tokens[token].turn == ticket {
                self.tokens[token].turn = Ticket::NONE;
                self.run(token);
            }
        }
    }

    /// Requests of the next stream come.
    #[inline(always)]
    fn arrive(&mut self) {
        let ticket = self.calendar.next_ticket(0);
        let stream = &mut self.streams[self.next_stream];
        let class = stream.class;
        let count = stream.source.size();
        stream.time = stream.source.next(self.now);
        stream.ticket = ticket;
        self.next_arrival = (stream.time, ticket);
        if self.streams.len() > 1 {
            self.find_next_stream();
        }
        for _ in 0..count {
            let Some(token) = self.create() else { return };
            self.enter(token, class);
            self.run(token);
        }
    }

    fn find_next_stream(&mut self) {
        let Some(first) = self.streams.first() else {
            return;
        };
        self.next_stream = 0;
        self.next_arrival = (first.time, first.ticket);
        for (number, stream) in self.streams.iter().enumerate().skip(1) {
            let (time, ticket) = self.next_arrival;
            if stream.time < time || (stream.time == time && stream.ticket.is_before(ticket)) {
                self.next_stream = number;
                self.next_arrival = (stream.time, stream.ticket);
            }
        }
    }

    /// A fresh token, unless there are too many: then the replication ends.
    #[inline(always)]
    fn create(&mut self) -> Option<u32> {
        if self.tokens.population() >= self.program.population as usize {
            self.stop_early(Ended::Crowded);
            return None;
        }
        Some(self.tokens.create())
    }

    /// A token becomes a request of a class, at the start of its path.
    #[inline(always)]
    fn enter(&mut self, number: u32, class: u16) {
        self.count_population(1.0);
        let measured = matches!(self.phase, Phase::First | Phase::Second);
        let spec = &self.program.classes[usize::from(class)];
        let token = &mut self.tokens[number];
        token.class = class;
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
            self.tally.classes[usize::from(class)].arrived += 1;
        }
        if spec.attributes {
            self.tokens.reset_registers(number);
        }
        if spec.client != NO_REGISTER {
            let client = spec.client;
            if let Some(clients) = &mut self.clients[usize::from(class)] {
                *self.tokens.register(number, client) = u64::from(clients.next());
            }
        }
        self.note(|it| Event::Arrived {
            request: it.tokens[number].request,
            token: number,
            class,
        });
    }

    /// A request leaves, one way or another.
    #[inline(always)]
    fn leave(&mut self, number: u32, outcome: tally::Outcome) {
        self.count_population(-1.0);
        let token = &self.tokens[number];
        let class = usize::from(token.class);
        let response = self.now - token.arrival;
        self.residence += response;
        if token.measured {
            self.pending -= 1;
            if self.pending == 0 && self.phase == Phase::Closing {
                self.until = self.now;
            }
            let (arrival, waited) = (token.arrival, token.waited);
            self.tally.classes[class].leave(outcome, response, waited);
            if outcome == tally::Outcome::Served {
                self.responses[class].add(response);
                if let Some(series) = &mut self.series {
                    series.respond(arrival, response);
                }
            }
        }
        self.note(|it| Event::Left {
            request: it.tokens[number].request,
            token: number,
            outcome,
        });
        if self.program.classes[class].closed {
            self.think(number);
        } else {
            self.tokens.free(number);
        }
    }

    /// A user pauses before the next request.
    fn think(&mut self, number: u32) {
        let class = usize::from(self.tokens[number].class);
        if let Some(pause) = &mut self.thinking[class] {
            let until = self.now + pause.next();
            self.tokens[number].state = State::Thinking;
            self.tokens[number].timer = self.calendar.schedule(until, number);
        } else {
            self.enter(number, self.tokens[number].class);
            self.make_ready(number);
        }
    }

    /// An event of the calendar.
    #[inline(always)]
    fn happen(&mut self, ticket: Ticket) {
        let number = ticket.number();
        if self.tokens[number].timer != ticket {
            self.calendar.passed();
            return;
        }
        self.tokens[number].timer = Ticket::NONE;
        match self.tokens[number].state {
            State::Serving => self.finish_service(number),
            // After a pause the attempt's operation runs again.
            State::Delayed | State::Pausing => self.run(number),
            State::Waiting => self.give_up_waiting(number),
            State::Pooled => self.give_up_pool(number),
            State::Joined => self.time_out(number),
            State::Thinking => {
                self.enter(number, self.tokens[number].class);
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
    #[inline(always)]
    fn call_off(&mut self, number: u32) {
        if self.tokens[number].timer != Ticket::NONE {
            self.call_off_timer(number);
        }
    }

    #[inline(never)]
    fn call_off_timer(&mut self, number: u32) {
        self.tokens[number].timer = Ticket::NONE;
        let tokens = &self.tokens;
        self.calendar
            .call_off(|ticket| tokens[ticket.number()].timer == ticket);
    }

    #[inline(always)]
    fn count_population(&mut self, change: f64) {
        self.presence += self.population * (self.now - self.population_changed);
        self.population_changed = self.now;
        self.population += change;
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
        self.tally.spans = vec![SpanTally::default(); self.program.layout.spans.len()];
        self.count_population(0.0);
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
        self.count_population(0.0);
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
        for (number, _) in (0..).zip(0..self.stations.len()) {
            self.pass_station(number);
        }
        for (number, _) in (0..).zip(0..self.pools.len()) {
            self.pass_pool(number);
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
        self.count_population(0.0);
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

    /// What was counted so far.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// The result, once [`Network::advance`] has returned true.
    pub fn results(&self) -> Results<'_> {
        Results {
            tally: &self.tally,
            histograms: self.responses.iter().map(|it| &*it.counts).collect(),
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
    /// Their buckets.
    pub buckets: Buckets,
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
