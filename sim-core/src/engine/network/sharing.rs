//! Servers shared by all who are there (egalitarian processor sharing).
//!
//! Everybody is worked on at the same pace, so the one with the least work left ends first, and whom that is does not change while
//! nobody comes or goes. A clock of shared work, which runs at that pace, gives each request a moment to end that never
//! moves; only the next end is in the calendar.

use super::Network;
use super::log::Event;
use super::program::NONE;
use super::station::Station;
use super::token::State;
use crate::engine::calendar::Ticket;

impl Network {
    /// A request joins those who share.
    pub(super) fn join_shared(&mut self, number: u32, station: u32) {
        self.share(station);
        let it = &mut self.stations[station as usize];
        let token = &mut self.tokens[number];
        token.state = State::Serving;
        token.since = self.now;
        token.server = NONE;
        token.order = self.calendar.next_ticket(number);
        token.turn = token.order;
        // The moment of its end on the clock of shared work.
        token.work += it.shared;
        it.line.push(token.order, token.work);
        it.serving += 1;
        self.note(|it| Event::Started {
            request: it.tokens[number].request,
            token: number,
            station,
            server: NONE,
            until: f64::INFINITY,
        });
        self.schedule_shared(station);
    }

    /// A request leaves those who share, done or not.
    pub(super) fn finish_shared(&mut self, number: u32, station: u32) {
        self.share(station);
        let it = &mut self.stations[station as usize];
        self.tokens[number].turn = Ticket::NONE;
        it.serving -= 1;
        if it.next == number {
            it.next = NONE;
        }
        if it.serving == 0 {
            // A fresh clock keeps its digits.
            it.shared = 0.0;
        }
        it.line.tidy(&self.tokens, it.serving);
        self.schedule_shared(station);
    }

    /// The speed has changed.
    pub(super) fn retime_shared(&mut self, station: u32) {
        self.share(station);
        self.take_speed(station);
        self.schedule_shared(station);
    }

    /// Moves the clock of shared work on. Must come before the number of those who share changes.
    fn share(&mut self, station: u32) {
        let it = &mut self.stations[station as usize];
        it.shared += (self.now - it.shared_at) * it.pace();
        it.shared_at = self.now;
    }

    /// Puts the next end into the calendar.
    fn schedule_shared(&mut self, station: u32) {
        let before = self.stations[station as usize].next;
        if before != NONE {
            self.call_off(before);
        }
        let it = &mut self.stations[station as usize];
        it.next = NONE;
        if it.speed <= 0.0 {
            return;
        }
        if let Some((end, next)) = it.line.peek(&self.tokens) {
            let time = self.now + ((end - it.shared) / it.pace()).max(0.0);
            it.next = next;
            self.tokens[next].timer = self.calendar.schedule(time, next);
        }
    }

    /// Work left of all who share, seconds at speed 1.
    pub(super) fn shared_work(&self, station: &Station) -> f64 {
        let shared = station.shared + (self.now - station.shared_at) * station.pace();
        let sharing = station.line.keys(&self.tokens);
        sharing.map(|end| (end - shared).max(0.0)).sum()
    }
}
