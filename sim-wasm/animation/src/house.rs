//! Who is where in a network of stations, told by the engine's events.
//!
//! Everything that moves is a guest: a request, or a branch or try of it, under the number of its token. While a request waits
//! for its children it has no body of its own.

use std::collections::VecDeque;

use sim_core::engine::network::log::{Change, Event, Found};
use sim_core::engine::network::tally::Outcome;

use super::lane::Point;
use super::stock::Stock;

/// No token.
const NOBODY: u32 = u32::MAX;

/// Where a guest is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Spot {
    /// Not in the house.
    #[default]
    Away,
    /// Between two rooms; the room it was in last.
    Between(Option<usize>),
    /// Waiting for a room.
    Line(usize),
    /// At a server of a room.
    Served(usize, usize),
    /// At a place of a pool.
    Slot(usize, usize),
}

/// Where a guest is seen first.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) enum Start {
    /// Where it belongs: it was seen coming.
    #[default]
    There,
    /// At the door.
    Door,
    /// Where it looked into a cache.
    Mouth(usize),
    /// Where its parent was.
    At(Point),
}

/// One guest.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Guest {
    pub(super) spot: Spot,
    pub(super) start: Start,
    pub(super) class: u16,
    /// When it came to where it is.
    pub(super) since: f64,
    /// When its service is to end, if its server goes on as it does.
    until: f64,
    /// The share of its service that was done when its server came to a standstill; `None` while it is worked on.
    stopped_at: Option<f64>,
    /// Time it has waited in lines it has left, seconds.
    waited: f64,
    parent: u32,
    /// Its children stand for it.
    pub(super) hidden: bool,
    /// It has had children.
    split: bool,
    /// Nobody waits for it any more.
    pub(super) lost: bool,
    /// Its place in the line.
    pub(super) rank: usize,
    /// How it is drawn.
    pub(super) body: Option<Body>,
}

/// How a guest is drawn.
#[derive(Debug, Clone, Copy)]
pub(super) struct Body {
    pub(super) at: Point,
    /// Distance from where it belongs, on the way to nothing.
    pub(super) off: Point,
    /// Distance from the head of the line.
    pub(super) along: f64,
    /// Where it belongs.
    pub(super) spot: Spot,
}

impl Guest {
    /// Time it has waited so far, seconds.
    pub(super) fn waited(&self, now: f64) -> f64 {
        match self.spot {
            Spot::Line(_) => self.waited + now - self.since,
            _ => self.waited,
        }
    }

    /// The share of its service that is done.
    pub(super) fn done(&self, now: f64) -> f64 {
        let done = || {
            if self.until > self.since {
                (now - self.since) / (self.until - self.since)
            } else {
                1.0
            }
        };
        self.stopped_at.unwrap_or_else(done)
    }

    /// Its server is now `faster` times as fast, or stands still and will be.
    fn go_on(&mut self, faster: f64, stands_still: bool, now: f64) {
        let done = self.done(now);
        let length = (self.until - self.since) / faster;
        self.since = now - done * length;
        self.until = self.since + length;
        self.stopped_at = stands_still.then_some(done);
    }
}

/// How a guest went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// Its path ended well.
    Done,
    /// It was refused, gave up or ran out of time.
    Failed,
    /// It is one with its parent again, or is not needed any more.
    Merged,
}

/// What has happened to a station.
#[derive(Debug, Clone, Copy, PartialEq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a station can be any of these beside the others"
)]
pub(super) struct State {
    pub(super) is_down: bool,
    /// Switched off, and missed by nobody.
    pub(super) is_away: bool,
    pub(super) is_draining: bool,
    pub(super) is_paused: bool,
    pub(super) is_cut_off: bool,
    /// How many times slower than usual it works.
    pub(super) slower: f64,
}

impl Default for State {
    fn default() -> Self {
        Self {
            is_down: false,
            is_away: false,
            is_draining: false,
            is_paused: false,
            is_cut_off: false,
            slower: 1.0,
        }
    }
}

impl State {
    fn change(&mut self, change: Change) {
        match change {
            Change::Down => {
                // Who stops after the last request was sent away.
                self.is_away = self.is_draining;
                self.is_down = !self.is_draining;
                (self.is_draining, self.is_paused) = (false, false);
            }
            Change::Up => {
                *self = Self {
                    is_cut_off: self.is_cut_off,
                    ..Self::default()
                }
            }
            Change::Draining => self.is_draining = true,
            Change::Paused => self.is_paused = true,
            Change::Slower(slower) => self.slower = slower,
            Change::CutOff => self.is_cut_off = true,
            Change::Healed => self.is_cut_off = false,
        }
    }
}

/// A station, a pool or a cache.
#[derive(Debug, Clone, Default)]
pub(super) struct Room {
    pub(super) servers: usize,
    /// Whether all who are there share the servers: nobody waits.
    pub(super) shared: bool,
    /// Those who wait, or share, in the order in which they came.
    pub(super) line: VecDeque<u32>,
    /// Servers at work, or places taken.
    pub(super) busy: usize,
    /// Who has which place of a pool.
    pub(super) slots: Vec<u32>,
    /// What has happened to it.
    pub(super) state: State,
    /// How many balancers send nothing there.
    pub(super) avoided_by: usize,
    /// What it holds, if it is a cache.
    pub(super) stock: Option<Stock>,
}

impl Room {
    /// Whether it is a cache that all share, to which requests are seen to go.
    pub(super) fn is_vessel(&self) -> bool {
        self.stock.as_ref().is_some_and(Stock::is_shared)
    }

    /// Requests that wait, and that are served.
    pub(super) fn census(&self) -> (usize, usize) {
        if self.shared {
            (0, self.line.len())
        } else {
            (self.line.len(), self.busy)
        }
    }
}

/// Everyone in the network.
#[derive(Debug, Clone, Default)]
pub(super) struct House {
    /// By token.
    pub(super) guests: Vec<Guest>,
    /// Stations, then pools, then caches.
    pub(super) rooms: Vec<Room>,
    /// How many rooms are stations, and how many stations and pools.
    stations: usize,
    places: usize,
    /// The first room of each group.
    groups: Vec<usize>,
    /// Those who went since somebody looked, as they were, with their numbers.
    pub(super) gone: Vec<(u32, Guest, Fate)>,
    /// Requests there, branches and tries not counted.
    pub(super) present: usize,
    /// Requests that failed.
    pub(super) failed: u64,
    /// Services that ended, and how long they took, seconds.
    pub(super) services: (u64, f64),
}

impl House {
    /// An empty house.
    pub(super) fn new(rooms: Vec<Room>, stations: usize, groups: Vec<usize>) -> Self {
        Self {
            places: rooms.iter().take_while(|it| it.stock.is_none()).count(),
            rooms,
            stations,
            groups,
            ..Self::default()
        }
    }

    /// Takes notice of an event.
    pub(super) fn see(&mut self, now: f64, event: &Event) {
        match *event {
            Event::Arrived { token, class, .. } => {
                self.enter(token, NOBODY, now).class = class;
                self.present += 1;
            }
            Event::Split { token, parent, .. } => self.split(token, parent, now),
            Event::Began { token, .. } => self.enter(token, NOBODY, now).lost = true,
            Event::Sent { .. } | Event::Refused { .. } => {}
            Event::Believed {
                group, server, up, ..
            } => {
                let room = self.groups[group as usize] + server as usize;
                let avoided_by = &mut self.rooms[room].avoided_by;
                *avoided_by = if up {
                    avoided_by.saturating_sub(1)
                } else {
                    *avoided_by + 1
                };
            }
            Event::Changed { station, change } => self.change(station as usize, change, now),
            Event::Queued { token, station, .. } | Event::Hung { token, station, .. } => {
                self.wait(token, station as usize, now);
            }
            Event::Asked { token, pool, .. } => {
                self.wait(token, self.stations + pool as usize, now);
            }
            Event::Started {
                token,
                station,
                server,
                until,
                ..
            } => {
                self.vacate(token, now);
                let room = station as usize;
                let guest = &mut self.guests[token as usize];
                (guest.since, guest.until, guest.stopped_at) = (now, until, None);
                if self.rooms[room].shared {
                    guest.spot = Spot::Line(room);
                    self.rooms[room].line.push_back(token);
                } else {
                    guest.spot = Spot::Served(room, server as usize);
                    self.rooms[room].busy += 1;
                }
            }
            Event::Finished { token, .. } => {
                self.services.0 += 1;
                self.services.1 += now - self.guests[token as usize].since;
                self.vacate(token, now);
            }
            // One that was dropped is gone already.
            Event::Withdrawn { token, .. } => self.vacate(token, now),
            Event::Held { token, pool, .. } => self.hold(token, self.stations + pool as usize, now),
            Event::Freed { token, pool, .. } => self.free(token, self.stations + pool as usize),
            Event::Looked {
                token,
                cache,
                found,
                ..
            } => self.look(token, self.places + cache as usize, found, now),
            Event::Stocked {
                cache,
                objects,
                used,
            } => {
                let stock = &mut self.rooms[self.places + cache as usize].stock;
                if let Some(stock) = stock {
                    stock.holds(objects, used, now);
                }
            }
            Event::Ended { token, failed, .. } => self.end(token, failed, now),
            Event::Dropped { token, runs_on, .. } => self.drop(token, runs_on, now),
            Event::Left { token, outcome, .. } => {
                self.present -= 1;
                self.failed += u64::from(outcome != Outcome::Served);
                let fate = if outcome == Outcome::Served {
                    Fate::Done
                } else {
                    Fate::Failed
                };
                self.leave(token, fate, now);
            }
        }
    }

    /// Something happens to a room, and to those who are served there.
    fn change(&mut self, room: usize, change: Change, now: f64) {
        let state = &mut self.rooms[room].state;
        let before = state.slower;
        state.change(change);
        let (faster, stands_still) = (before / state.slower, state.is_paused);
        for guest in &mut self.guests {
            if matches!(guest.spot, Spot::Served(at, _) if at == room) {
                guest.go_on(faster, stands_still, now);
            }
        }
    }

    fn enter(&mut self, token: u32, parent: u32, now: f64) -> &mut Guest {
        let at = token as usize;
        if self.guests.len() <= at {
            self.guests.resize(at + 1, Guest::default());
        }
        self.guests[at] = Guest {
            spot: Spot::Between(None),
            since: now,
            parent,
            ..Guest::default()
        };
        &mut self.guests[at]
    }

    fn split(&mut self, token: u32, parent: u32, now: f64) {
        let mother = &mut self.guests[parent as usize];
        (mother.hidden, mother.waited) = (true, mother.waited(now));
        let again = std::mem::replace(&mut mother.split, true);
        let mother = *mother;
        let child = self.enter(token, parent, now);
        child.start = match mother.body {
            Some(body) => Start::At(body.at),
            None if again => Start::Door,
            None => mother.start,
        };
        child.class = mother.class;
        child.waited = mother.waited;
        child.lost = mother.lost;
        if let Spot::Between(room) = mother.spot {
            child.spot = Spot::Between(room);
        }
    }

    /// A guest looks into a cache. Those in servers are not drawn: nobody goes there.
    fn look(&mut self, token: u32, room: usize, found: Found, now: f64) {
        if let Some(stock) = &mut self.rooms[room].stock {
            stock.looked(found);
        }
        if !self.rooms[room].is_vessel() {
            return;
        }
        if found == Found::OnItsWay {
            self.wait(token, room, now);
        } else {
            self.vacate(token, now);
            self.guests[token as usize].spot = Spot::Between(Some(room));
        }
        let guest = &mut self.guests[token as usize];
        if guest.body.is_none() {
            guest.start = Start::Mouth(room);
        }
    }

    fn wait(&mut self, token: u32, room: usize, now: f64) {
        self.vacate(token, now);
        let guest = &mut self.guests[token as usize];
        (guest.spot, guest.since) = (Spot::Line(room), now);
        self.rooms[room].line.push_back(token);
    }

    fn hold(&mut self, token: u32, room: usize, now: f64) {
        self.vacate(token, now);
        let it = &mut self.rooms[room];
        let slot = it.slots.iter().position(|&holder| holder == NOBODY);
        let slot = slot.unwrap_or_else(|| {
            it.slots.push(NOBODY);
            it.slots.len() - 1
        });
        it.slots[slot] = token;
        it.busy += 1;
        self.guests[token as usize].spot = Spot::Slot(room, slot);
    }

    fn free(&mut self, token: u32, room: usize) {
        let it = &mut self.rooms[room];
        if let Some(slot) = it.slots.iter().position(|&holder| holder == token) {
            it.slots[slot] = NOBODY;
            it.busy -= 1;
        }
    }

    /// A child's path is over.
    fn end(&mut self, token: u32, failed: Option<Outcome>, now: f64) {
        let child = self.guests[token as usize];
        let mother = self.guests.get_mut(child.parent as usize);
        // Of one that was lost nobody knows the parent.
        if let Some(mother) = mother.filter(|_| !child.lost && failed.is_none())
            && mother.hidden
        {
            mother.hidden = false;
            mother.body = child.body;
            mother.start = child.start;
            mother.waited = child.waited(now);
            if !matches!(mother.spot, Spot::Slot(..)) {
                mother.spot = child.spot;
            }
        }
        let fate = match failed {
            Some(_) if !child.lost => Fate::Failed,
            _ => Fate::Merged,
        };
        self.leave(token, fate, now);
    }

    /// Nobody waits for a child any more.
    fn drop(&mut self, token: u32, runs_on: bool, now: f64) {
        if runs_on {
            self.guests[token as usize].lost = true;
            return;
        }
        let parent = self.guests[token as usize].parent as usize;
        let waited_for = self.guests.get(parent).is_some_and(|it| it.hidden);
        let fate = if waited_for {
            Fate::Failed
        } else {
            Fate::Merged
        };
        self.leave(token, fate, now);
    }

    /// Takes a guest out of where it is.
    fn vacate(&mut self, token: u32, now: f64) {
        let guest = &mut self.guests[token as usize];
        guest.waited = guest.waited(now);
        let room = match guest.spot {
            Spot::Away => return,
            Spot::Between(room) => room,
            Spot::Line(room) => {
                let line = &mut self.rooms[room].line;
                if let Some(at) = line.iter().position(|&waiting| waiting == token) {
                    line.remove(at);
                }
                Some(room)
            }
            Spot::Served(room, _) => {
                self.rooms[room].busy -= 1;
                Some(room)
            }
            Spot::Slot(room, _) => Some(room),
        };
        guest.spot = Spot::Between(room);
    }

    fn leave(&mut self, token: u32, fate: Fate, now: f64) {
        self.vacate(token, now);
        let guest = &mut self.guests[token as usize];
        let is_seen = guest.body.is_some() || matches!(guest.start, Start::Mouth(_));
        if is_seen && !guest.hidden {
            self.gone.push((token, *guest, fate));
        }
        *guest = Guest::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A service of ten seconds whose server works for two, stands still for five, works for two, and then half as fast.
    #[test]
    fn a_service_is_done_as_far_as_its_server_has_come() {
        let mut house = House::new(vec![Room::default()], 1, Vec::new());
        let (request, token, station, server) = (0, 0, 0, 0);
        let class = 0;
        let arrived = Event::Arrived {
            request,
            token,
            class,
        };
        house.see(0.0, &arrived);
        let started = Event::Started {
            request,
            token,
            station,
            server,
            until: 10.0,
        };
        house.see(0.0, &started);
        let mut changed = |now, change| house.see(now, &Event::Changed { station, change });
        changed(2.0, Change::Paused);
        changed(7.0, Change::Up);
        changed(9.0, Change::Slower(2.0));
        let guest = house.guests[0];
        for (now, done) in [(9.0, 0.4), (15.0, 0.7), (21.0, 1.0)] {
            assert!((guest.done(now) - done).abs() < 1e-12, "{now}");
        }
        house.see(
            15.0,
            &Event::Changed {
                station,
                change: Change::Paused,
            },
        );
        for now in [15.0, 16.0, 100.0] {
            assert!((house.guests[0].done(now) - 0.7).abs() < 1e-12, "{now}");
        }
        // A revival brings the usual speed back: three seconds of work are left.
        house.see(
            40.0,
            &Event::Changed {
                station,
                change: Change::Up,
            },
        );
        assert!((house.guests[0].done(43.0) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_server_that_was_drained_is_away_and_one_that_was_killed_is_down() {
        let mut state = State::default();
        state.change(Change::Draining);
        state.change(Change::Down);
        assert!(state.is_away && !state.is_down && !state.is_draining);
        state.change(Change::Up);
        assert_eq!(state, State::default());
        state.change(Change::Down);
        assert!(state.is_down && !state.is_away);
    }

    #[test]
    fn a_try_that_fails_falls_and_the_next_one_comes_from_the_door() {
        let mut house = House::new(vec![Room::default()], 1, Vec::new());
        let (request, token) = (0, 0);
        let split = Event::Split {
            request,
            token: 1,
            parent: 0,
        };
        let refused = Event::Ended {
            request,
            token: 1,
            failed: Some(Outcome::Rejected),
        };
        house.see(
            0.0,
            &Event::Arrived {
                request,
                token,
                class: 0,
            },
        );
        house.see(0.0, &split);
        assert_eq!(house.guests[1].start, Start::There);
        assert!(house.guests[0].hidden);
        house.see(0.0, &refused);
        assert_eq!(house.guests[1].spot, Spot::Away);
        house.see(1.0, &split);
        assert_eq!(house.guests[1].start, Start::Door);
        house.see(2.0, &refused);
        let outcome = Outcome::Rejected;
        house.see(
            2.0,
            &Event::Left {
                request,
                token,
                outcome,
            },
        );
        assert_eq!((house.present, house.failed), (0, 1));
    }
}
