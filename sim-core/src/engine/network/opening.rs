//! A start in the steady state, as far as that is known, instead of an empty one.
//!
//! In an open network of Poisson arrivals, delays and stations without a limit that are exponential or share their processor, the numbers at all places are
//! independent: Poisson at a delay, those of M/M/c at a station; and what is left of each duration has its residual law (Baskett,
//! Chandy, Muntz and Palacios, "Open, closed, and mixed networks of queues with different classes of customers", 1975). A station without
//! a line loses requests, and has a Poisson number given that it has room for it, whatever the law of its service (Erlang; Sevastyanov, 1957).
//! There replications start in their steady state. Elsewhere the same numbers are a good guess: what lasts long is there from the
//! start, and the warm-up has only the rest to forget.

use super::Network;
use super::parts::UNCOUNTED;
use super::program::{ClassSpec, Held, NO_REGISTER, NONE, Op, Program};
use super::token::State;
use crate::distribution::{Distribution, Residual};
use crate::engine::calendar::Ticket;
use crate::math;
use crate::random::{Purpose, Uniforms};
use crate::scenario::Discipline;
use crate::scenario::arrivals::Arrivals;
use crate::theory::erlang_c;

/// The most requests that a replication starts with, as a share of how many there may be.
const MOST: f64 = 0.5;

/// What a replication starts with.
#[derive(Debug, Clone, Default)]
pub struct Opening {
    sites: Vec<Site>,
    stations: Vec<Occupied>,
    /// Whether this is the steady state itself, and not only near it.
    is_exact: bool,
}

/// An operation at which requests stay, by class.
#[derive(Debug, Clone)]
struct Site {
    class: u16,
    pc: u32,
    /// Mean number there, all passages of loops included.
    mean: f64,
    /// Loops around it: register and limit.
    loops: Vec<(u16, u32)>,
    rest: Residual,
    law: Distribution,
    /// The station, or [`NONE`] for a delay.
    station: u32,
}

/// A station with requests at the start.
#[derive(Debug, Clone)]
struct Occupied {
    station: u32,
    /// Offered load, servers.
    offered: f64,
    kind: Kind,
}

/// What is known of the number at a station.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// M/M/c.
    Markov,
    /// Shared processor: the number of M/M/c, with any law.
    Shared,
    /// No line: a Poisson number given that there is room.
    Loss,
    /// A guess: servers in use as if nobody waited.
    Guess,
}

impl Opening {
    /// What replications of a program start with.
    pub(crate) fn of(program: &Program) -> Self {
        let mut walk = Walk {
            program,
            sites: Vec::new(),
            is_exact: program.caches.is_empty() && program.groups.is_empty(),
        };
        for (number, class) in (0..).zip(&program.classes) {
            walk.class(number, class);
        }
        let (sites, mut is_exact) = (walk.sites, walk.is_exact);
        let mut stations = Vec::new();
        for (number, spec) in (0..).zip(&program.stations) {
            let here: Vec<&Site> = sites.iter().filter(|it| it.station == number).collect();
            if here.is_empty() {
                continue;
            }
            let offered: f64 = here.iter().map(|it| it.mean).sum();
            let first = &here[0].law;
            let is_markov = here
                .iter()
                .all(|it| it.law.is_exponential() && it.law.mean() == first.mean());
            let has_patience = spec.patience != NONE;
            let servers = f64::from(spec.servers);
            let kind = if spec.room == spec.servers
                && spec.discipline != Discipline::ProcessorSharing
            {
                // Its output is not Poisson: only where nothing depends on that is the start exact.
                is_exact &=
                    !has_patience && sites.iter().all(|it| it.station == number) && here.len() == 1;
                Kind::Loss
            } else if spec.room != NONE || has_patience || offered >= servers {
                is_exact = false;
                Kind::Guess
            } else if spec.discipline == Discipline::ProcessorSharing {
                Kind::Shared
            } else if is_markov
                && matches!(
                    spec.discipline,
                    Discipline::Fifo | Discipline::Lifo | Discipline::RandomOrder
                )
            {
                // The last two keep the number, and with it everything but the order.
                is_exact &= spec.discipline == Discipline::Fifo;
                Kind::Markov
            } else {
                is_exact = false;
                Kind::Guess
            };
            stations.push(Occupied {
                station: number,
                offered,
                kind,
            });
        }
        let all: f64 = sites.iter().map(|it| it.mean).sum();
        if all > MOST * f64::from(program.population) {
            return Self::default();
        }
        Self {
            sites,
            stations,
            is_exact,
        }
    }

    /// Whether replications that start like this start in their steady state.
    pub fn is_exact(&self) -> bool {
        self.is_exact
    }
}

/// A walk over the operations of every class: how often a request comes by each.
struct Walk<'a> {
    program: &'a Program,
    sites: Vec<Site>,
    is_exact: bool,
}

impl Walk<'_> {
    fn class(&mut self, number: u16, class: &ClassSpec) {
        let Some(rate) = class.arrivals.rate() else {
            self.is_exact = false;
            return;
        };
        self.is_exact &= matches!(class.arrivals, Arrivals::Poisson(_));
        if class.key != NO_REGISTER {
            self.is_exact = false;
        }
        let end = self
            .program
            .classes
            .get(usize::from(number) + 1)
            .map_or(self.program.ops.len(), |next| next.entry as usize);
        let entry = class.entry as usize;
        let mut flow = vec![0.0; end - entry + 1];
        flow[0] = rate;
        for at in 0..end - entry {
            let here = flow[at];
            if here > 0.0 {
                self.pass(number, entry, at, here, &mut flow);
            }
        }
    }

    /// Sends what comes to an operation on to the ones that follow it.
    fn pass(&mut self, class: u16, entry: usize, at: usize, here: f64, flow: &mut [f64]) {
        let pc = entry + at;
        match self.program.ops[pc] {
            Op::Work {
                station,
                draw,
                times: NO_REGISTER,
            } => {
                self.stand(class, pc, draw, station, here);
                flow[at + 1] += here;
            }
            Op::Delay { draw } => {
                self.stand(class, pc, draw, NONE, here);
                flow[at + 1] += here;
            }
            Op::Load { .. }
            | Op::Loop { .. }
            | Op::Start { .. }
            | Op::Stop { .. }
            | Op::Priority { .. } => {
                flow[at + 1] += here;
            }
            Op::Jump { target } => {
                if let Some(there) = flow.get_mut((target as usize).wrapping_sub(entry)) {
                    *there += here;
                }
            }
            Op::Fork { table, .. } => {
                let table = &self.program.forks[table as usize];
                let mut before = 0.0;
                for &(sum, target) in &table.shares {
                    flow[target as usize - entry] += here * (sum - before);
                    before = sum;
                }
                flow[table.otherwise as usize - entry] += here * (1.0 - before).max(0.0);
            }
            Op::End | Op::EndChild => {}
            Op::Acquire { .. }
            | Op::Release { .. }
            | Op::Balance { .. }
            | Op::Return { .. }
            | Op::WorkAtChosen { .. } => {
                self.is_exact = false;
                flow[at + 1] += here;
            }
            Op::Attempt { after, .. } | Op::Parallel { after, .. } => {
                self.is_exact = false;
                flow[after as usize - entry] += here;
            }
            // What comes after depends on what is not known yet.
            Op::Work { .. } | Op::UnlessAbove { .. } | Op::Draw { .. } | Op::Caching(_) => {
                self.is_exact = false;
            }
        }
    }

    /// Requests stay at an operation that they come to at this rate.
    fn stand(&mut self, class: u16, pc: usize, draw: u32, station: u32, rate: f64) {
        let mut scope = self.program.scopes_of[pc];
        while scope != NONE {
            let it = self.program.scopes[scope as usize];
            if !matches!(it.held, Held::Pool(_)) {
                self.is_exact = false;
                return;
            }
            scope = it.outer;
        }
        let law = &self.program.draws[draw as usize].law;
        let slowness = match self.program.stations.get(station as usize) {
            Some(spec) if spec.is_mortal => {
                self.is_exact = false;
                return;
            }
            Some(spec) => spec.speed.recip(),
            None => 1.0,
        };
        let loops = self.loops_around(pc);
        let passages: f64 = loops.iter().map(|it| f64::from(it.1)).product();
        let Some(mean) = law.mean() else {
            self.is_exact = false;
            return;
        };
        self.sites.push(Site {
            class,
            pc: u32::try_from(pc).expect("a validated scenario is small"),
            mean: rate * passages * mean * slowness,
            loops,
            rest: Residual::of(law),
            law: law.clone(),
            station,
        });
    }

    /// The loops that an operation is part of.
    fn loops_around(&self, pc: usize) -> Vec<(u16, u32)> {
        let ops = self.program.ops.iter().enumerate().skip(pc);
        ops.filter_map(|(at, op)| match *op {
            Op::Loop {
                register,
                limit,
                target,
            } if (target as usize) <= pc && pc < at => Some((register, limit)),
            _ => None,
        })
        .collect()
    }
}

impl Network {
    /// Puts requests where they are in the steady state. Must come before the first event.
    pub fn populate(&mut self, opening: &Opening, seed: u64, replication: u64) {
        let mut stream = Uniforms::new(seed, replication, Purpose::Opening);
        for site in opening.sites.iter().filter(|it| it.station == NONE) {
            for _ in 0..poisson(site.mean, &mut stream) {
                self.put_in_delay(site, &mut stream);
            }
        }
        for occupied in &opening.stations {
            self.occupy(opening, occupied, &mut stream);
        }
        self.opening = self.population;
    }

    /// A request that stands at an operation, holding what it holds there; `None` where a pool has no place left for it.
    fn stand(&mut self, site: &Site, stream: &mut Uniforms<1>) -> Option<u32> {
        let pools = self.pools_held_at(site.pc);
        let is_free = |it: &u32| {
            let pool = &self.pools[*it as usize];
            pool.held < pool.size
        };
        if !pools.iter().all(is_free) {
            return None;
        }
        let number = self.create()?;
        for pool in pools {
            self.pools[pool as usize].held += 1;
        }
        self.enter(number, site.class);
        for &(register, limit) in &site.loops {
            *self.tokens.register(number, register) = u64::from(stream.below(limit.max(1)));
        }
        let token = &mut self.tokens[number];
        (token.pc, token.measured, token.part) = (site.pc + 1, false, UNCOUNTED);
        token.turn = Ticket::NONE;
        Some(number)
    }

    fn pools_held_at(&self, pc: u32) -> Vec<u32> {
        let mut pools = Vec::new();
        let mut scope = self.program.scopes_of[pc as usize];
        while scope != NONE {
            let it = self.program.scopes[scope as usize];
            if let Held::Pool(pool) = it.held {
                pools.push(pool);
            }
            scope = it.outer;
        }
        pools
    }

    fn put_in_delay(&mut self, site: &Site, stream: &mut Uniforms<1>) {
        let rest = site.rest.draw(stream);
        if let Some(number) = self.stand(site, stream) {
            let until = self.now + rest;
            let token = &mut self.tokens[number];
            (token.state, token.since) = (State::Delayed, until);
            token.timer = self.calendar.schedule(until, number);
        }
    }

    /// Fills a station.
    fn occupy(&mut self, opening: &Opening, occupied: &Occupied, stream: &mut Uniforms<1>) {
        let sites: Vec<&Site> = opening
            .sites
            .iter()
            .filter(|it| it.station == occupied.station)
            .collect();
        let servers = self.stations[occupied.station as usize].servers;
        let number = number_at(occupied, servers, stream);
        for _ in 0..number {
            // Of several classes and visits each comes in proportion to what it brings.
            let [u] = stream.next_uniform();
            let mut left = u * occupied.offered;
            let mut sites_left = sites.iter();
            let site = sites_left
                .find(|it| {
                    left -= it.mean;
                    left <= 0.0
                })
                .or(sites.last());
            let Some(site) = site else { return };
            let is_served = self.stations[occupied.station as usize].serving < servers
                || occupied.kind == Kind::Shared;
            let work = if is_served {
                site.rest.draw(stream)
            } else {
                site.law.draw(stream)
            };
            if let Some(number) = self.stand(site, stream) {
                self.join_quietly(number, occupied.station, work);
            }
        }
    }

    /// Is at a station from the start, uncounted.
    fn join_quietly(&mut self, number: u32, station: u32, work: f64) {
        if self.stations[station as usize].is_special {
            self.join_special(number, station, work);
        } else {
            self.join_plain(number, station, work);
        }
    }
}

/// How many requests are at a station.
fn number_at(occupied: &Occupied, servers: u32, stream: &mut Uniforms<1>) -> u32 {
    let (offered, c) = (occupied.offered, f64::from(servers));
    match occupied.kind {
        Kind::Guess => poisson(offered, stream).min(servers),
        Kind::Loss => poisson_below(offered, servers + 1, stream),
        Kind::Markov | Kind::Shared => {
            let [u] = stream.next_uniform();
            if u > erlang_c(servers, offered).unwrap_or(1.0) {
                return poisson_below(offered, servers, stream);
            }
            // Given that all servers are busy, the line is geometric with ratio ρ.
            let [v] = stream.next_uniform();
            let line = math::ln(v) / math::ln(offered / c);
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "casts saturate"
            )]
            let line = line as u32;
            servers.saturating_add(line)
        }
    }
}

/// A Poisson number of this mean: how many standard exponentials fit into it.
fn poisson(mean: f64, stream: &mut Uniforms<1>) -> u32 {
    let (mut sum, mut count) = (0.0, 0);
    loop {
        let [u] = stream.next_uniform();
        sum -= math::ln(u);
        if sum > mean {
            return count;
        }
        count += 1;
    }
}

/// A Poisson number of this mean, given that it is below a limit. By rejection where that is likely, else by inversion from the limit down.
fn poisson_below(mean: f64, limit: u32, stream: &mut Uniforms<1>) -> u32 {
    if mean <= f64::from(limit) {
        loop {
            let number = poisson(mean, stream);
            if number < limit {
                return number;
            }
        }
    }
    // Relative to the most likely number, the last one: p(n − 1) = p(n)·n/mean.
    let last = limit - 1;
    let terms = |start: u32| {
        std::iter::successors(Some((start, 1.0)), move |&(n, term): &(u32, f64)| {
            let next = term * f64::from(n) / mean;
            (n > 0 && next > 1e-18).then(|| (n - 1, next))
        })
    };
    let total: f64 = terms(last).map(|it| it.1).sum();
    let [u] = stream.next_uniform();
    let mut left = u * total;
    for (number, term) in terms(last) {
        left -= term;
        if left <= 0.0 {
            return number;
        }
    }
    0
}
