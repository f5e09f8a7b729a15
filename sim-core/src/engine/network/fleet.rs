//! A group of servers that serve one request each, first come, first served, without a calendar of events.
//!
//! Which server gets a request is known when it arrives, and with that when it will leave: after those before it (Lindley, one
//! server at a time). A policy that looks at queues needs to know who has left by then; nobody needs to be told when. The
//! sample path is that of the calendar, request by request; a test holds both to it.

use std::collections::VecDeque;
use std::sync::Arc;

use super::clients::Clientele;
use super::draws::Draw;
use super::group::{Answer, Group};
use super::parts::{PARTS, Parts};
use super::program::{ClassSpec, NO_REGISTER, Op};
use super::source::Source;
use super::tally::{ClassTally, Ended, Outcome, PlaceTally, Responses, Tally};
use super::{Program, Window};
use crate::engine::InstructionSet;
use crate::scenario::Discipline;

/// The most servers whose queues are looked at one by one for each request; beyond, the calendar is faster.
const MOST_WATCHED: usize = 32;

/// The last part of the window.
#[expect(clippy::cast_possible_truncation, reason = "there are eight")]
const LAST_PART: u8 = PARTS as u8 - 1;

/// A program of this kind, ready to run.
#[derive(Debug, Clone)]
pub struct Fleet {
    program: Arc<Program>,
    window: Window,
    source: Source,
    work: Draw,
    clients: Option<Clientele>,
    group: Group,
    servers: Vec<Server>,
    /// Whether the policy looks at queues.
    watches: bool,
    /// The next arrival, seconds.
    arrival: f64,
    /// When the last request came: of an arrival and a departure at one moment, what was settled first comes first.
    before: f64,
    /// When the request at the head of each server leaves; infinite where nobody is known to be.
    heads: Vec<f64>,
    /// Requests there, where the policy looks at queues: the only thing that may grow.
    present: u32,
    /// Time that requests spent here, from arrival to departure; and the same as waits and services: Little's law holds if they
    /// are one.
    spent: (f64, f64),
    tally: Tally,
    /// Of the only class there is.
    class: ClassTally,
    /// The middle of the window.
    middle: f64,
    /// Parts of the window in a second.
    pace: f64,
    parts: Parts,
    responses: Responses,
    waits: Responses,
    place_waits: Responses,
    done: bool,
}

/// One server and its queue.
#[derive(Debug, Clone)]
struct Server {
    slowness: f64,
    /// When it has served all who have come.
    free: f64,
    /// When services begin and end, of those who may still be there.
    services: VecDeque<(f64, f64)>,
    tally: PlaceTally,
}

impl Program {
    /// Whether this is a group of such servers and nothing else, under a policy that does not have to be told of departures.
    pub fn is_fleet(&self) -> bool {
        let [class] = self.classes.as_slice() else {
            return false;
        };
        let [
            Op::Balance { .. },
            Op::WorkAtChosen {
                times: NO_REGISTER, ..
            },
            Op::Return { .. },
            Op::End,
        ] = self.ops[..]
        else {
            return false;
        };
        let [group] = self.groups.as_slice() else {
            return false;
        };
        if !self.caches.is_empty() {
            return false;
        }
        let blind = !group.policy.sees().iter().any(|it| it.is_of_servers());
        let few = group.weights.len() <= MOST_WATCHED;
        let plain = self.stations.iter().all(|it| {
            it.servers == 1
                && it.discipline == Discipline::Fifo
                && it.room == super::program::NONE
                && it.patience == super::program::NONE
                && !it.is_mortal
        });
        plain
            && !class.closed
            && self.pools.is_empty()
            && self.stations.len() == group.weights.len()
            && self.series == 0
            && self.numbers == 0
            && self.within.is_empty()
            && !group.is_watched()
            && (blind || (group.policy.polls() && few))
    }
}

impl Fleet {
    /// Replication `replication` of a program on `seed`, empty at time zero.
    ///
    /// # Panics
    /// If the program is not [`Program::is_fleet`].
    pub fn new(program: &Arc<Program>, window: Window, seed: u64, replication: u64) -> Self {
        assert!(program.is_fleet(), "not a fleet");
        let class: &ClassSpec = &program.classes[0];
        let Op::WorkAtChosen { draw, .. } = program.ops[1] else {
            unreachable!("a fleet's second operation is work")
        };
        let demand = &program.draws[draw as usize];
        let mut source = Source::new(class, 0, seed, replication).expect("a fleet is open");
        let arrival = source.next(0.0);
        let server = |spec: &super::program::StationSpec| Server {
            slowness: spec.speed.recip(),
            free: 0.0,
            services: VecDeque::new(),
            tally: PlaceTally::default(),
        };
        Self {
            window,
            source,
            work: Draw::new(demand.law.clone(), seed, replication, demand.purpose),
            clients: Clientele::of(class, 0, seed, replication),
            group: Group::new(&program.groups[0], seed, replication),
            servers: program.stations.iter().map(server).collect(),
            watches: program.groups[0].policy.polls(),
            arrival,
            before: 0.0,
            heads: vec![f64::INFINITY; program.stations.len().next_multiple_of(8)],
            present: 0,
            spent: (0.0, 0.0),
            tally: Tally::default(),
            class: ClassTally {
                extremes: (f64::MAX, 0.0),
                ..ClassTally::default()
            },
            middle: f64::midpoint(window.start, window.stop),
            pace: PARTS as f64 / (window.stop - window.start),
            parts: Parts::new((window.stop - window.start) / PARTS as f64, 0.0),
            responses: Responses::new(program.layout.scale),
            waits: Responses::new(program.layout.scale),
            place_waits: Responses::new(program.layout.scale),
            done: false,
            program: Arc::clone(program),
        }
    }

    /// Handles about `requests` requests; true when the replication is over. Every instruction set gives the same bits.
    pub fn advance(&mut self, instructions: InstructionSet, requests: u64) -> bool {
        instructions.advance_fleet(self, requests)
    }

    /// The same, compiled where it is called.
    #[inline(always)]
    pub(in crate::engine) fn serve_some(&mut self, requests: u64) -> bool {
        for _ in 0..requests {
            if self.done {
                return true;
            }
            if self.arrival >= self.window.stop {
                self.finish();
                return true;
            }
            let now = self.arrival;
            self.arrival = self.source.next(now);
            for _ in 0..self.source.size() {
                self.serve(now);
            }
            self.before = now;
        }
        self.done
    }

    /// A request comes, and all that will happen to it follows.
    #[inline(always)]
    fn serve(&mut self, now: f64) {
        let choice = if self.watches {
            self.let_leave(now);
            self.group.poll(now)
        } else {
            let client = self.clients.as_mut().map_or(0, Clientele::next);
            self.group.choose(client, 0, now)
        };
        let Some(choice) = choice else {
            return;
        };
        // These policies do not ask what is under way.
        self.group.returned(choice, now, 0.0, Answer::Well);
        let work = self.work.next();
        let at = choice.server as usize;
        let server = &mut self.servers[at];
        let start = if now > server.free { now } else { server.free };
        let end = start + work * server.slowness;
        server.free = end;
        self.spent.0 += end - now;
        self.spent.1 += (start - now) + work * server.slowness;
        if self.watches {
            server.services.push_back((start, end));
            if end < self.heads[at] {
                self.heads[at] = end;
            }
            self.group.in_system[at] += 1;
            self.present += 1;
            if self.present > self.program.population {
                self.window.stop = now;
                self.tally.ended = Ended::Crowded;
            }
        }
        self.count(at, now, start, end);
    }

    /// Those whose service has ended leave.
    #[inline(always)]
    fn let_leave(&mut self, now: f64) {
        let mut due = due(&self.heads, now);
        while due != 0 {
            self.let_leave_from(due.trailing_zeros() as usize, now);
            due &= due - 1;
        }
    }

    #[inline]
    fn let_leave_from(&mut self, at: usize, now: f64) {
        let server = &mut self.servers[at];
        let mut left = 0;
        self.heads[at] = loop {
            let Some(&(start, end)) = server.services.front() else {
                break f64::INFINITY;
            };
            // An end at this very moment counts if it was settled before the arrival was.
            if end > now || (end == now && start >= self.before) {
                break end;
            }
            server.services.pop_front();
            left += 1;
        };
        self.group.in_system[at] -= left;
        self.present -= left;
    }

    /// Counts what falls into the window.
    #[inline(always)]
    fn count(&mut self, at: usize, now: f64, start: f64, end: f64) {
        let Window {
            start: open, stop, ..
        } = self.window;
        let server = &mut self.servers[at];
        let response = end - now;
        let wait = start - now;
        if now < open || end >= stop {
            return self.count_at_the_edge(at, (now, start, end), wait);
        }
        let tally = &mut server.tally;
        tally.busy += end - start;
        tally.present += response;
        tally.arrived += 1;
        tally.serve(wait, response);
        self.tally.present += response;
        self.place_waits.add(wait);
        self.count_request(now, end, wait);
        if now < self.middle && end >= self.middle {
            self.tally.population[1] += 1.0;
        }
    }

    /// Counts a request that came while the window was open.
    #[inline(always)]
    fn count_request(&mut self, now: f64, end: f64, wait: f64) {
        let response = end - now;
        self.class.arrived += 1;
        self.class.leave(Outcome::Served, response, wait);
        self.responses.add(response);
        self.waits.add(wait);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "casts saturate"
        )]
        let part = ((now - self.window.start) * self.pace) as u8;
        self.parts.serve(part.min(LAST_PART), response, wait);
        let left = end - self.window.start;
        if left > self.tally.last_left {
            self.tally.last_left = left;
        }
    }

    /// The same for a request that is not all the time inside the window.
    #[cold]
    fn count_at_the_edge(&mut self, at: usize, (now, start, end): (f64, f64, f64), wait: f64) {
        let Window {
            start: open, stop, ..
        } = self.window;
        if end < open {
            return;
        }
        let tally = &mut self.servers[at].tally;
        let response = end - now;
        let inside = |from: f64, to: f64| (to.min(stop) - from.max(open)).max(0.0);
        tally.busy += inside(start, end);
        tally.present += inside(now, end);
        self.tally.present += inside(now, end);
        let counts = if self.window.whole_visits {
            now >= open
        } else {
            end < stop
        };
        if counts {
            tally.serve(wait, response);
            self.place_waits.add(wait);
        }
        if now >= open {
            tally.arrived += 1;
            self.count_request(now, end, wait);
        }
        for (count, moment) in self
            .tally
            .population
            .iter_mut()
            .zip([open, self.middle, stop])
        {
            *count += f64::from(u8::from(now < moment && end >= moment));
        }
    }

    fn finish(&mut self) {
        self.done = true;
        self.class.calls = vec![self.class.arrived];
        self.parts.close_fleet();
        self.tally.drifts = self.parts.finish();
        self.tally.classes = vec![self.class.clone()];
        self.tally.window = (self.window.stop - self.window.start).max(f64::MIN_POSITIVE);
        let (present, passed) = self.spent;
        self.tally.little = (present - passed) / present.max(f64::MIN_POSITIVE);
        self.tally.places = self.servers.iter().map(|server| server.tally).collect();
    }

    /// The result, once [`Fleet::advance`] has returned true, with the histogram of response times.
    pub fn results(&self) -> super::Results<'_> {
        super::Results {
            tally: &self.tally,
            histograms: vec![&self.responses.counts],
            waits: vec![&self.waits.counts],
            place_waits: vec![&self.place_waits.counts],
            tails: Vec::new(),
            buckets: self.program.buckets(),
        }
    }
}

/// A bit for each time that has come; their number is a multiple of eight.
#[inline(always)]
fn due(times: &[f64], now: f64) -> u32 {
    let mut due = 0;
    for (number, some) in times.chunks_exact(8).enumerate() {
        let mut bits = 0;
        for (i, &time) in some.iter().enumerate() {
            bits |= u32::from(time <= now) << i;
        }
        due |= bits << (8 * number);
    }
    due
}
