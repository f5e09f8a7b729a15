//! Those who do something to servers or look at them, each in its own time: chance, a script, a start, a health check, an autoscaler.
//! An agent is a token that is no request; its events are in the calendar with all others.

use std::ops::Add;

use super::Network;
use super::draws::Draw;
use super::path::SUSPICIOUS;
use super::program::{Act, NONE, Program};
use super::tally::Ended;
use super::token::State;
use crate::distribution::Distribution;
use crate::random::{Purpose, Uniforms};
use crate::scenario::FailureKind;

/// An agent.
#[derive(Debug, Clone)]
pub(super) enum Agent {
    /// Lets a script happen, from this line on.
    Script(usize),
    /// Lets a station fail and has it repaired.
    Failing(Box<Failing>),
    /// Ends the start of a station.
    Starting(u32),
    /// Checks a server for a balancer.
    Checking(Checking),
    /// Adds and removes servers of a group.
    Scaling(u32),
    /// Sends writes that wait in a cache to the store.
    Flushing(u32),
}

impl Agent {
    /// What it is, for messages.
    fn name(&self) -> &'static str {
        match self {
            Self::Script(_) => "the script",
            Self::Failing(_) => "failures and repairs",
            Self::Starting(_) => "starts of servers",
            Self::Checking(_) => "health checks",
            Self::Scaling(_) => "an autoscaler",
            Self::Flushing(_) => "a write that waits",
        }
    }
}

/// Failures of one station by chance.
#[derive(Debug, Clone)]
pub(super) struct Failing {
    station: u32,
    kind: FailureKind,
    silent: bool,
    time_to_failure: Draw,
    time_to_repair: Draw,
    /// Whether this agent has taken the station down.
    took_it_down: bool,
}

/// Checks of one server by one balancer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Checking {
    pub(super) group: u32,
    pub(super) balancer: u32,
    pub(super) server: u32,
    pub(super) interval: f64,
    pub(super) timeout: f64,
    /// When the check began that is waiting for an answer.
    pub(super) began: Option<f64>,
}

impl Program {
    /// What all agents do in a second together, whatever requests do: each in its own time, for as long as a run lasts.
    pub fn acts_per_second(&self) -> f64 {
        let failures = self
            .stations
            .iter()
            .filter_map(|it| it.failures.as_ref())
            .map(|it| {
                let mean = |law: &Distribution| law.mean().unwrap_or(f64::INFINITY);
                2.0 / (mean(&it.time_to_failure) + mean(&it.time_to_repair))
            });
        let groups = self.groups.iter().map(|it| {
            let checks = it.health.as_ref().and_then(|it| it.active.as_ref());
            let servers = f64::from(it.balancers) * it.weights.len() as f64;
            let scaling = it.autoscaler.as_ref();
            checks.map_or(0.0, |it| 2.0 * servers / it.interval)
                + scaling.map_or(0.0, |it| it.interval.recip())
        });
        let flushes = self.writes.iter().filter_map(|it| it.flush.as_ref());
        let flushes = flushes.map(|it| it.interval.recip());
        // The sum of none would be −0.
        failures.chain(groups).chain(flushes).fold(0.0, f64::add)
    }
}

impl Network {
    /// Puts an agent to work at `time`.
    fn engage(&mut self, agent: Agent, time: f64) -> Option<u32> {
        let number = self.create()?;
        let token = &mut self.tokens[number];
        token.state = State::Acting;
        token.parent = NONE;
        token.is_child = false;
        token.measured = false;
        token.place = u32::try_from(self.agents.len()).expect("fewer agents than tokens");
        self.agents.push(agent);
        self.wake(number, time);
        Some(number)
    }

    fn wake(&mut self, number: u32, time: f64) {
        self.tokens[number].state = State::Acting;
        self.tokens[number].timer = self.calendar.schedule(time, number);
    }

    /// Everybody who has something to do from the start.
    pub(super) fn engage_all(&mut self, seed: u64, replication: u64) {
        if let Some(first) = self.program.script.first() {
            let at = first.at;
            self.engage(Agent::Script(0), at);
        }
        for number in 0..self.stations.len() {
            self.engage_failures(number, seed, replication);
        }
        for group in 0..self.groups.len() {
            self.engage_checks(group, seed, replication);
            if let Some(autoscaler) = &self.program.groups[group].autoscaler {
                let interval = autoscaler.interval;
                let group = u32::try_from(group).expect("a validated scenario is small");
                self.engage(Agent::Scaling(group), interval);
            }
        }
        for write in 0..self.program.writes.len() {
            if let Some(flush) = self.program.writes[write].flush {
                let write = u32::try_from(write).expect("a validated scenario is small");
                self.engage(Agent::Flushing(write), flush.interval);
            }
        }
    }

    fn engage_failures(&mut self, number: usize, seed: u64, replication: u64) {
        let Some(failures) = &self.program.stations[number].failures else {
            return;
        };
        let station = u32::try_from(number).expect("a validated scenario is small");
        let draw = |law: &Distribution, purpose| Draw::new(law.clone(), seed, replication, purpose);
        let mut failing = Failing {
            station,
            kind: failures.kind,
            silent: failures.silent,
            time_to_failure: draw(&failures.time_to_failure, Purpose::Failure(station)),
            time_to_repair: draw(&failures.time_to_repair, Purpose::Repair(station)),
            took_it_down: false,
        };
        // In the steady state it is down for its share of the time; how long it will be, is drawn afresh, which is exact for
        // exponential laws.
        let [chance] = Uniforms::<1>::new(seed, replication, Purpose::Up(station)).next_uniform();
        let availability = failures.availability().unwrap_or(1.0);
        let is_down = self.program.is_steady && chance > availability;
        failing.took_it_down = is_down;
        let first = if is_down {
            failing.time_to_repair.next()
        } else {
            failing.time_to_failure.next()
        };
        let (kind, silent) = (failing.kind, failing.silent);
        self.engage(Agent::Failing(Box::new(failing)), first);
        if is_down {
            self.strike(station, kind, silent);
        }
    }

    fn strike(&mut self, station: u32, kind: FailureKind, silent: bool) {
        match kind {
            FailureKind::Crash => self.kill(station, silent),
            FailureKind::Drain => self.drain(station),
            FailureKind::Pause => self.pause(station),
        }
    }

    /// Checks begin when they are told to, or anywhere in their interval, each by itself.
    fn engage_checks(&mut self, group: usize, seed: u64, replication: u64) {
        let spec = &self.program.groups[group];
        let Some(checks) = spec.health.as_ref().and_then(|it| it.active.clone()) else {
            return;
        };
        let (balancers, servers, resource) = (spec.balancers, spec.weights.len(), spec.resource);
        let purpose =
            Purpose::Check(u16::try_from(resource).expect("at most a thousand resources"));
        let mut phases = Uniforms::<1>::new(seed, replication, purpose);
        let group = u32::try_from(group).expect("a validated scenario is small");
        for balancer in 0..balancers {
            for (server, _) in (0..).zip(0..servers) {
                let [phase] = phases.next_uniform();
                let checking = Checking {
                    group,
                    balancer,
                    server,
                    interval: checks.interval,
                    timeout: checks.timeout(),
                    began: None,
                };
                let first = checks.first.unwrap_or(phase * checks.interval);
                self.engage(Agent::Checking(checking), first);
            }
        }
    }

    /// An agent's time has come.
    pub(super) fn act(&mut self, number: u32) {
        self.operations += 1;
        if self.operations > SUSPICIOUS {
            // Pauses so short that they do not move the clock any more.
            let what = self.agents[self.tokens[number].place as usize].name();
            return self.stop_early(Ended::Livelock(vec![what.into()]));
        }
        let at = self.tokens[number].place as usize;
        match &mut self.agents[at] {
            Agent::Script(_) => self.follow_script(number, at),
            Agent::Failing(_) => self.fail_or_repair(number, at),
            Agent::Starting(station) => {
                let station = *station;
                self.revive(station);
            }
            Agent::Checking(checking) => {
                let checking = *checking;
                self.check(number, at, checking);
            }
            Agent::Scaling(group) => {
                let group = *group;
                let again = self.scale(group);
                self.wake(number, self.now + again);
            }
            Agent::Flushing(write) => {
                let write = *write;
                let again = self.flush(write);
                self.wake(number, self.now + again);
            }
        }
    }

    fn follow_script(&mut self, number: u32, at: usize) {
        let Agent::Script(line) = &mut self.agents[at] else {
            return;
        };
        let incident = self.program.script[*line].clone();
        *line += 1;
        let next = self.program.script.get(*line).map(|next| next.at);
        if let Act::Empty { cache, crash } = incident.act {
            self.empty_cache(cache, crash);
        }
        for station in incident.stations {
            match incident.act {
                Act::Kill { silent } => self.kill(station, silent),
                Act::Drain => self.drain(station),
                Act::Pause => self.pause(station),
                Act::Revive => self.start(station),
                Act::Slow(factor) => self.slow(station, factor),
                Act::CutOff => self.cut_off(station),
                Act::Heal => self.heal(station),
                Act::Empty { .. } => {}
            }
        }
        match next {
            Some(next) => self.wake(number, next),
            None => self.tokens.free(number),
        }
    }

    fn fail_or_repair(&mut self, number: u32, at: usize) {
        let Agent::Failing(it) = &mut self.agents[at] else {
            return;
        };
        let (station, kind, silent) = (it.station, it.kind, it.silent);
        if std::mem::take(&mut it.took_it_down) {
            let next = self.now + it.time_to_failure.next();
            self.revive(station);
            self.wake(number, next);
            return;
        }
        let is_there = self.stations[station as usize]
            .life
            .as_ref()
            .is_some_and(|life| life.is_up && !life.is_paused && !life.is_draining);
        if !is_there {
            // It is down already: not this time.
            let next = self.now + it.time_to_failure.next();
            self.wake(number, next);
            return;
        }
        it.took_it_down = true;
        let next = self.now + it.time_to_repair.next();
        self.strike(station, kind, silent);
        self.wake(number, next);
    }

    /// A station is switched on; it serves once it has started.
    pub(super) fn start(&mut self, station: u32) {
        let cold_start = self.program.stations[station as usize].cold_start;
        self.start_in(station, cold_start);
    }

    /// The same, where it takes `seconds` until it serves. One that is up goes on at once.
    pub(super) fn start_in(&mut self, station: u32, seconds: f64) {
        let Some(life) = self.life(station) else {
            return;
        };
        if life.is_up || seconds <= 0.0 {
            return self.revive(station);
        }
        (life.is_on, life.is_leaving) = (true, false);
        if std::mem::replace(&mut life.is_starting, true) {
            return;
        }
        let (starter, time) = (life.starter, self.now + seconds);
        if starter != NONE {
            return self.wake(starter, time);
        }
        let starter = self.engage(Agent::Starting(station), time);
        if let (Some(life), Some(starter)) = (self.life(station), starter) {
            life.starter = starter;
        }
    }

    /// A start that has not ended yet does not.
    pub(super) fn call_off_start(&mut self, station: u32) {
        let Some(life) = self.life(station) else {
            return;
        };
        if std::mem::take(&mut life.is_starting) {
            let starter = life.starter;
            self.call_off(starter);
        }
    }

    /// One check of a server: it is answered or refused at once, or takes its timeout.
    fn check(&mut self, number: u32, at: usize, mut checking: Checking) {
        let station = self.groups[checking.group as usize].first + checking.server;
        let life = self.stations[station as usize].life.as_deref();
        let verdict = match (checking.began, life) {
            (Some(_), _) => Some(false),
            (None, None) => Some(true),
            (None, Some(life)) if life.serves() => Some(true),
            (None, Some(life)) if life.refuses() => Some(false),
            (None, Some(_)) => None,
        };
        let began = checking.began.take().unwrap_or(self.now);
        let Some(well) = verdict else {
            checking.began = Some(began);
            self.agents[at] = Agent::Checking(checking);
            self.wake(number, self.now + checking.timeout);
            return;
        };
        self.agents[at] = Agent::Checking(checking);
        self.believe(
            checking.group,
            checking.balancer,
            checking.server,
            |watch, now| {
                watch.checked(checking.server, now, well);
            },
        );
        // The next check does not begin before this one has ended.
        let next = began + checking.interval;
        self.wake(number, if next > self.now { next } else { self.now });
    }
}
