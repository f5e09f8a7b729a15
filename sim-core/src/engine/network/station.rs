//! The state of a station, and how requests queue for it and are served.

use super::life::Life;
use super::line::Line;
use super::program::{NONE, StationSpec};
use super::tally::PlaceTally;
use super::token::{State, Token};
use crate::engine::calendar::{Calendar, Ticket};
use crate::random::{Purpose, Uniforms};
use crate::scenario::Discipline;

/// A station.
#[derive(Debug, Clone)]
pub(super) struct Station {
    pub(super) servers: u32,
    pub(super) speed: f64,
    /// Seconds that a second of work takes.
    pub(super) slowness: f64,
    /// Whether more may happen than waiting in line and being served.
    pub(super) is_special: bool,
    pub(super) room: u32,
    pub(super) patience: u32,
    /// Number of the resource that it is, or belongs to.
    pub(super) resource: u32,
    pub(super) group: u32,
    pub(super) member: u32,
    pub(super) discipline: Discipline,
    pub(super) line: Line,
    pub(super) chance: Uniforms<1>,
    /// Requests that wait.
    pub(super) waiting: u32,
    /// Requests in service; with a shared processor all of them.
    pub(super) serving: u32,
    pub(super) idle: IdleServers,
    /// Who is in service at each server, where somebody may have to yield or is asked how much is left.
    pub(super) at_work: Vec<u32>,
    /// Work of those who wait, seconds at speed 1; kept where it is asked for.
    pub(super) waiting_work: f64,
    /// With a shared processor: the work that each request there since the start would have got.
    pub(super) shared: f64,
    /// When that was brought up to date.
    pub(super) shared_at: f64,
    /// With a shared processor: who ends next.
    pub(super) next: u32,
    /// What else may happen to it.
    pub(super) life: Option<Box<Life>>,
    /// When the counts changed last.
    pub(super) changed: f64,
    pub(super) tally: PlaceTally,
}

impl Station {
    pub(super) fn new(
        spec: &StationSpec,
        number: u32,
        seed: u64,
        replication: u64,
        is_asked: bool,
    ) -> Self {
        let keeps = is_asked
            || spec.is_mortal
            || matches!(
                spec.discipline,
                Discipline::PreemptivePriority | Discipline::ShortestRemaining
            );
        Self {
            servers: spec.servers,
            speed: spec.speed,
            slowness: spec.speed.recip(),
            is_special: is_asked
                || spec.is_mortal
                || spec.room != NONE
                || spec.patience != NONE
                || !matches!(
                    spec.discipline,
                    Discipline::Fifo | Discipline::Lifo | Discipline::RandomOrder
                ),
            room: spec.room,
            patience: spec.patience,
            resource: spec.resource,
            group: spec.group,
            member: spec.member,
            discipline: spec.discipline,
            line: Line::new(spec.discipline),
            chance: Uniforms::new(seed, replication, Purpose::Order(number)),
            waiting: 0,
            serving: 0,
            idle: IdleServers::new(spec.servers),
            at_work: if keeps {
                vec![NONE; spec.servers as usize]
            } else {
                Vec::new()
            },
            waiting_work: 0.0,
            shared: 0.0,
            shared_at: 0.0,
            next: NONE,
            life: spec.is_mortal.then(|| Box::new(Life::new(spec))),
            changed: 0.0,
            tally: PlaceTally::default(),
        }
    }

    /// Whether requests get in.
    #[inline(always)]
    pub(super) fn is_open(&self) -> bool {
        self.life.as_ref().is_none_or(|life| life.is_open())
    }

    /// How long a token that leaves its server has been worked on, seconds.
    pub(super) fn time_worked(&mut self, server: u32, since: f64, now: f64) -> Option<f64> {
        let life = self.life.as_mut()?;
        let before = life.worked.get_mut(server as usize)?;
        Some(std::mem::take(before) + now - since)
    }

    /// How long a token whose service ends now has waited here, seconds.
    #[inline(always)]
    pub(super) fn wait_of(&mut self, token: &Token, now: f64) -> f64 {
        // Served without a break: what it waited is known to the last bit, and is nothing where it was served at once.
        let unbroken = token.since - token.joined;
        if !self.is_special {
            return unbroken;
        }
        self.broken_wait(token, now).unwrap_or(unbroken)
    }

    /// The same where the service may have been interrupted, slowed down or shared; `None` if it was not.
    #[inline(never)]
    fn broken_wait(&mut self, token: &Token, now: f64) -> Option<f64> {
        let stay = now - token.joined;
        let worked = if self.discipline == Discipline::ProcessorSharing {
            token.demand * self.slowness
        } else if self.is_preemptive() {
            // What is left of its work changes when it has to yield.
            (token.work != token.demand).then_some(token.demand * self.slowness)?
        } else {
            let before = self.time_worked(token.server, token.since, now)?;
            (before > now - token.since).then_some(before)?
        };
        // Nothing but rounding is nothing.
        let wait = stay - worked;
        Some(if wait > 1e-12 * stay { wait } else { 0.0 })
    }

    /// Requests there.
    #[inline(always)]
    pub(super) fn present(&self) -> u32 {
        self.waiting + self.serving
    }

    /// Servers that work.
    #[inline(always)]
    pub(super) fn busy(&self) -> u32 {
        self.serving.min(self.servers)
    }

    /// Adds the time since the last change to the integrals.
    #[inline(always)]
    pub(super) fn pass(&mut self, now: f64) {
        let passed = now - self.changed;
        let worked = f64::from(self.busy()) * passed;
        self.tally.present += f64::from(self.present()) * passed;
        self.tally.busy += worked;
        if let Some(life) = &mut self.life {
            let up = if life.works() { passed } else { 0.0 };
            self.tally.up += up;
            self.tally.on += if life.is_on { passed } else { 0.0 };
            life.worked_ever += worked;
            life.served_ever += up * f64::from(self.servers);
        }
        self.changed = now;
    }

    /// Whether somebody in service may have to yield.
    pub(super) fn is_preemptive(&self) -> bool {
        matches!(
            self.discipline,
            Discipline::PreemptivePriority | Discipline::ShortestRemaining
        )
    }

    /// What puts tokens in order, the least first.
    #[inline(always)]
    pub(super) fn key(&self, token: &Token) -> f64 {
        match self.discipline {
            Discipline::Priority | Discipline::PreemptivePriority => {
                f64::from(u8::MAX - token.priority)
            }
            Discipline::ShortestJob | Discipline::ShortestRemaining => token.work,
            _ => 0.0,
        }
    }

    /// Puts a token that has its place in the order into the line.
    #[inline(always)]
    pub(super) fn line_up(&mut self, token: &mut Token) {
        token.state = State::Waiting;
        token.turn = token.order;
        let key = self.key(token);
        self.line.push(token.order, key);
        self.waiting += 1;
    }

    /// Gives a token a server. There must be an idle one.
    #[inline(always)]
    pub(super) fn begin(
        &mut self,
        token: &mut Token,
        number: u32,
        calendar: &mut Calendar,
        now: f64,
    ) {
        self.serving += 1;
        let server = if self.servers == 1 {
            0
        } else {
            self.idle.take()
        };
        token.server = server;
        token.state = State::Serving;
        token.turn = Ticket::NONE;
        token.since = now;
        if let Some(at_work) = self.at_work.get_mut(server as usize) {
            *at_work = number;
        }
        token.timer = calendar.schedule(now + token.work * self.slowness, number);
    }

    /// Takes its server from a token.
    #[inline(always)]
    pub(super) fn end(&mut self, token: &Token) {
        self.serving -= 1;
        if self.servers > 1 {
            self.idle.free(token.server);
        }
        if let Some(at_work) = self.at_work.get_mut(token.server as usize) {
            *at_work = NONE;
        }
    }

    /// With a shared processor: how fast each request is worked on.
    #[inline(always)]
    pub(super) fn pace(&self) -> f64 {
        if self.serving > self.servers {
            self.speed * f64::from(self.servers) / f64::from(self.serving)
        } else {
            self.speed
        }
    }
}

/// Which servers are idle; the lowest number is taken first.
#[derive(Debug, Clone)]
pub(super) struct IdleServers {
    words: Vec<u64>,
    /// No word before this one has an idle server.
    first: usize,
}

impl IdleServers {
    fn new(servers: u32) -> Self {
        let full = servers as usize / 64;
        let mut words = vec![u64::MAX; full];
        if !servers.is_multiple_of(64) {
            words.push((1 << (servers % 64)) - 1);
        }
        Self { words, first: 0 }
    }

    /// Takes the first idle server. There must be one.
    #[inline(always)]
    pub(super) fn take(&mut self) -> u32 {
        while self.words[self.first] == 0 {
            self.first += 1;
        }
        let word = &mut self.words[self.first];
        let bit = word.trailing_zeros();
        *word &= *word - 1;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a scenario's servers fit 32 bits"
        )]
        let base = self.first as u32 * 64;
        base + bit
    }

    /// Gives a server back.
    #[inline(always)]
    pub(super) fn free(&mut self, server: u32) {
        let word = server as usize / 64;
        self.words[word] |= 1 << (server % 64);
        self.first = self.first.min(word);
    }
}

/// A pool.
#[derive(Debug, Clone)]
pub(super) struct Pool {
    /// Number of the resource.
    pub(super) resource: u32,
    pub(super) size: u32,
    pub(super) queue: u32,
    pub(super) patience: u32,
    pub(super) line: Line,
    pub(super) chance: Uniforms<1>,
    pub(super) waiting: u32,
    pub(super) held: u32,
    pub(super) changed: f64,
    pub(super) tally: PlaceTally,
}

impl Pool {
    #[inline(always)]
    pub(super) fn pass(&mut self, now: f64) {
        let passed = now - self.changed;
        self.tally.present += f64::from(self.waiting + self.held) * passed;
        self.tally.busy += f64::from(self.held) * passed;
        self.changed = now;
    }
}
