//! Servers that stop, stand still, slow down, cannot be reached, and come back; and what becomes of the requests at them.
//!
//! A request that comes to a station that is down is refused at once, or, if nobody answers there, hangs at its door until its own
//! timeout, or until somebody answers again. What is sent to a station behind a broken network hangs too, and so do its answers.

use super::Network;
use super::log::{Change, Event};
use super::program::{NONE, StationSpec};
use super::tally::Outcome;
use super::token::State;
use crate::scenario::Discipline;

/// What may happen to a station besides requests. Kept only for stations to which it can.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a server can be any of these beside the others"
)]
pub(super) struct Life {
    /// Whether it runs.
    pub(super) is_up: bool,
    /// Whether nobody answers while it is down.
    pub(super) is_silent: bool,
    /// Whether it takes no new requests, and stops after the last.
    pub(super) is_draining: bool,
    /// Whether it is switched on, and paid for.
    pub(super) is_on: bool,
    /// Whether it is to be switched off once it has stopped.
    pub(super) is_leaving: bool,
    /// Whether its balancers were told to send nothing more.
    is_withdrawn: bool,
    /// Whether it is about to be up.
    pub(super) is_starting: bool,
    /// The agent that ends its starts, once there was one.
    pub(super) starter: u32,
    /// Whether it has no balancer who could keep requests away.
    is_alone: bool,
    /// Whether its requests stand still.
    pub(super) is_paused: bool,
    /// Whether the network leads there.
    pub(super) is_reachable: bool,
    /// Its usual speed, and how many times slower it is now.
    usual_speed: f64,
    slower: f64,
    /// When the outage began that requests were kept out by last.
    out_since: f64,
    /// Requests at the door: nobody answers.
    hanging: Vec<u32>,
    /// Requests whose answer cannot be heard.
    unheard: Vec<u32>,
    /// Integrals over the whole replication, of servers at work and of servers that could have been, seconds.
    pub(super) worked_ever: f64,
    pub(super) served_ever: f64,
    /// Time that the request at each server was worked on before its service was interrupted last, seconds.
    pub(super) worked: Vec<f64>,
}

impl Life {
    /// A station that is up, or absent until somebody starts it.
    pub(super) fn new(spec: &StationSpec) -> Self {
        let is_up = !spec.is_absent;
        Self {
            is_up,
            is_silent: false,
            is_draining: false,
            is_on: is_up,
            is_leaving: false,
            is_withdrawn: !is_up,
            is_starting: false,
            starter: NONE,
            is_alone: spec.group == NONE,
            is_paused: false,
            is_reachable: true,
            usual_speed: spec.speed,
            slower: 1.0,
            out_since: 0.0,
            hanging: Vec::new(),
            unheard: Vec::new(),
            worked_ever: 0.0,
            served_ever: 0.0,
            worked: vec![0.0; spec.servers as usize],
        }
    }

    /// Whether it is there or on its way, and is to stay.
    pub(super) fn is_to_stay(&self) -> bool {
        self.is_on && !self.is_leaving
    }

    /// Whether requests get in.
    pub(super) fn is_open(&self) -> bool {
        self.takes_requests() && self.is_reachable
    }

    fn takes_requests(&self) -> bool {
        self.is_up && !(self.is_draining && self.is_alone)
    }

    /// Whether it runs and does not stand still.
    pub(super) fn works(&self) -> bool {
        self.is_up && !self.is_paused
    }

    /// Whether it serves, as seen from outside.
    pub(super) fn serves(&self) -> bool {
        self.is_open() && !self.is_paused
    }

    /// Whether somebody refuses requests, rather than nobody answering.
    pub(super) fn refuses(&self) -> bool {
        self.is_reachable && !self.takes_requests() && !self.is_silent
    }

    /// Since when requests have not got in unexpectedly; `None` while they do, or where that is on purpose.
    pub(super) fn out_since(&self) -> Option<f64> {
        let on_purpose = self.is_withdrawn;
        (!self.serves() && !on_purpose).then_some(self.out_since)
    }

    /// It stops serving at `now`. Where it did not serve already, its outage goes on.
    fn goes_out(&mut self, now: f64) {
        if self.serves() {
            self.out_since = now;
        }
    }

    fn speed(&self) -> f64 {
        if self.is_paused {
            0.0
        } else {
            self.usual_speed / self.slower
        }
    }
}

/// By hand, at the moment that the network has come to: for those who watch.
impl Network {
    /// Whether a server is up and can be reached; `None` for one to which nothing can happen.
    pub fn is_up(&self, station: u32) -> Option<bool> {
        let life = self.stations.get(station as usize)?.life.as_deref()?;
        Some(life.is_up && life.is_reachable)
    }

    /// Stops a server, with all requests in it; nobody answers there from then on, or it refuses. Nothing where it is down.
    pub fn kill_now(&mut self, station: u32, silent: bool) {
        if self.is_up(station).is_some() {
            self.kill(station, silent);
        }
    }

    /// Lets a server start again, and the network lead there.
    pub fn revive_now(&mut self, station: u32) {
        if self.is_up(station).is_some() {
            self.heal(station);
            self.start(station);
        }
    }
}

impl Network {
    pub(super) fn life(&mut self, station: u32) -> Option<&mut Life> {
        self.stations[station as usize].life.as_deref_mut()
    }

    fn note_change(&mut self, station: u32, change: Change) {
        self.note(|_| Event::Changed { station, change });
    }

    /// A request comes to a station that is closed.
    pub(super) fn knock(&mut self, number: u32, station: u32, work: f64) {
        let it = &mut self.stations[station as usize];
        if it.life.as_ref().is_none_or(|life| life.refuses()) {
            it.tally.failed += 1;
            self.note(|it| Event::Refused {
                request: it.tokens[number].request,
                token: number,
                station,
            });
            return self.fail(number, Outcome::Failed);
        }
        let token = &mut self.tokens[number];
        token.place = station;
        token.joined = self.now;
        token.demand = work;
        token.state = State::Hanging;
        if let Some(life) = self.life(station) {
            life.hanging.push(number);
        }
        self.note(|it| Event::Hung {
            request: it.tokens[number].request,
            token: number,
            station,
        });
    }

    /// A service is over and the answer cannot be heard; true if so.
    pub(super) fn goes_unheard(&mut self, number: u32, station: u32) -> bool {
        let Some(life) = self.life(station).filter(|life| !life.is_reachable) else {
            return false;
        };
        life.unheard.push(number);
        self.tokens[number].state = State::Hanging;
        self.note(|it| Event::Hung {
            request: it.tokens[number].request,
            token: number,
            station,
        });
        true
    }

    /// Takes a token away that hangs.
    pub(super) fn stop_hanging(&mut self, number: u32) {
        let station = self.tokens[number].place;
        if let Some(life) = self.life(station) {
            life.hanging.retain(|&it| it != number);
            life.unheard.retain(|&it| it != number);
        }
        self.note(|it| Event::Withdrawn {
            request: it.tokens[number].request,
            token: number,
            station,
        });
    }

    /// A station stops; the requests in it fail.
    pub(super) fn kill(&mut self, station: u32, silent: bool) {
        let now = self.now;
        self.call_off_start(station);
        self.pass_station(station);
        let Some(life) = self.life(station).filter(|life| life.is_up) else {
            return;
        };
        life.goes_out(now);
        (life.is_up, life.is_silent) = (false, silent);
        life.is_on &= !life.is_leaving;
        (life.is_draining, life.is_paused) = (false, false);
        self.note_change(station, Change::Down);
        self.lose_caches_of(station);
        for number in self.tokens_at(station) {
            let token = &self.tokens[number];
            // One that failed may have stopped others.
            let is_there =
                token.place == station && matches!(token.state, State::Waiting | State::Serving);
            if is_there {
                self.withdraw(number);
                self.fail_visit(number, station);
                self.fail(number, Outcome::Failed);
            }
        }
        self.retime(station);
    }

    /// Everybody at a station, those who wait first: nobody must take the place of another who fails.
    fn tokens_at(&self, station: u32) -> Vec<u32> {
        let it = &self.stations[station as usize];
        let mut all = it.line.members(&self.tokens);
        all.extend(it.at_work.iter().filter(|&&token| token != NONE));
        all
    }

    /// A station takes no new requests, and stops after the last.
    pub(super) fn drain(&mut self, station: u32) {
        let Some(life) = self.life(station).filter(|life| life.is_up) else {
            return;
        };
        life.is_draining = true;
        life.is_withdrawn = true;
        self.note_change(station, Change::Draining);
        self.tell_balancers(station, false);
        self.stop_if_drained(station);
    }

    /// A station that was to stop after the last request has served it.
    pub(super) fn stop_if_drained(&mut self, station: u32) {
        let it = &self.stations[station as usize];
        if it.present() == 0 && it.life.as_ref().is_some_and(|life| life.is_draining) {
            self.kill(station, false);
        }
    }

    /// Requests at a station stand still.
    pub(super) fn pause(&mut self, station: u32) {
        let now = self.now;
        let Some(life) = self.life(station).filter(|life| life.is_up) else {
            return;
        };
        if !life.is_paused {
            life.goes_out(now);
            life.is_paused = true;
            self.note_change(station, Change::Paused);
            self.retime(station);
        }
    }

    /// A station starts again, or goes on; what hung at its door is refused: nobody there remembers it.
    pub(super) fn revive(&mut self, station: u32) {
        self.pass_station(station);
        let Some(life) = self.life(station) else {
            return;
        };
        let was_down = !std::mem::replace(&mut life.is_up, true);
        (life.is_paused, life.is_draining, life.slower) = (false, false, 1.0);
        (life.is_starting, life.is_silent, life.is_leaving) = (false, false, false);
        life.is_on = true;
        let was_withdrawn = std::mem::take(&mut life.is_withdrawn);
        let forgotten = if life.is_reachable && was_down {
            std::mem::take(&mut life.hanging)
        } else {
            Vec::new()
        };
        self.note_change(station, Change::Up);
        self.retime(station);
        if was_down {
            self.report_idle(station);
        }
        if was_withdrawn {
            self.tell_balancers(station, true);
        }
        self.give_up_on(forgotten, station);
    }

    /// A station works `slower` times slower than usual.
    pub(super) fn slow(&mut self, station: u32, slower: f64) {
        let Some(life) = self.life(station) else {
            return;
        };
        life.slower = slower;
        self.note_change(station, Change::Slower(slower));
        self.retime(station);
    }

    /// The network leads to a station no longer.
    pub(super) fn cut_off(&mut self, station: u32) {
        let now = self.now;
        if let Some(life) = self.life(station) {
            life.goes_out(now);
            life.is_reachable = false;
            self.note_change(station, Change::CutOff);
        }
    }

    /// The network leads to a station again: what was on its way arrives.
    pub(super) fn heal(&mut self, station: u32) {
        let Some(life) = self.life(station).filter(|life| !life.is_reachable) else {
            return;
        };
        life.is_reachable = true;
        let is_up = life.is_up;
        let unheard = std::mem::take(&mut life.unheard);
        let hanging = std::mem::take(&mut life.hanging);
        self.note_change(station, Change::Healed);
        if !is_up {
            return self.give_up_on(unheard.into_iter().chain(hanging), station);
        }
        for number in unheard {
            if self.tokens[number].state == State::Hanging {
                self.make_ready(number);
            }
        }
        for number in hanging {
            let token = &self.tokens[number];
            if token.state == State::Hanging && token.place == station {
                let work = token.demand;
                self.join_special(number, station, work);
            }
        }
    }

    /// Requests whose station has forgotten them fail.
    fn give_up_on(&mut self, numbers: impl IntoIterator<Item = u32>, station: u32) {
        for number in numbers {
            let token = &self.tokens[number];
            if token.state == State::Hanging && token.place == station {
                self.fail_visit(number, station);
                self.fail(number, Outcome::Failed);
            }
        }
    }

    /// A visit ends because its station is down.
    fn fail_visit(&mut self, number: u32, station: u32) {
        self.stations[station as usize].tally.failed += 1;
        let joined = self.tokens[number].joined;
        self.end_late(station as usize, joined, |it| it.failed += 1);
    }

    /// The speed of a station has changed: services end at another time, or stand still.
    fn retime(&mut self, station: u32) {
        self.pass_station(station);
        if self.stations[station as usize].discipline == Discipline::ProcessorSharing {
            return self.retime_shared(station);
        }
        let serving: Vec<u32> = self.stations[station as usize]
            .at_work
            .iter()
            .copied()
            .filter(|&token| token != NONE)
            .collect();
        for &number in &serving {
            let left = self.work_left(&self.stations[station as usize], number);
            self.call_off(number);
            let token = &mut self.tokens[number];
            let (server, passed) = (token.server, self.now - token.since);
            (token.work, token.since) = (left, self.now);
            if let Some(life) = self.life(station)
                && let Some(worked) = life.worked.get_mut(server as usize)
            {
                *worked += passed;
            }
        }
        self.take_speed(station);
        let it = &self.stations[station as usize];
        if it.speed > 0.0 {
            for &number in &serving {
                let it = &self.stations[station as usize];
                let until = self.now + self.tokens[number].work * it.slowness;
                self.tokens[number].timer = self.calendar.schedule(until, number);
            }
            self.fill_servers(station);
        }
    }

    /// A station works at the speed that its life allows.
    pub(super) fn take_speed(&mut self, station: u32) {
        let it = &mut self.stations[station as usize];
        if let Some(life) = &it.life {
            it.speed = life.speed();
            it.slowness = it.speed.recip();
        }
    }
}
