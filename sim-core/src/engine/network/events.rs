//! What happens next: the calendar's events, arrivals, and those about to run.

use super::Network;
use super::token::State;
use crate::engine::calendar::Ticket;

impl Network {
    /// The next event, or the end of a phase if that comes first.
    #[inline(always)]
    pub(super) fn step(&mut self) {
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
    pub(super) fn run_ready(&mut self) {
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
    pub(super) fn arrive(&mut self) {
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
            // However many come at once, each may do as much.
            self.operations = 0;
            self.run(token);
        }
    }

    pub(super) fn find_next_stream(&mut self) {
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

    /// An event of the calendar.
    #[inline(always)]
    pub(super) fn happen(&mut self, ticket: Ticket) {
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
            State::Acting => self.act(number),
            State::Free | State::Ready | State::Sharing | State::Hanging => {}
        }
    }

    /// Puts a token among those about to run.
    pub(super) fn make_ready(&mut self, number: u32) {
        let ticket = self.calendar.next_ticket(number);
        self.tokens[number].state = State::Ready;
        self.tokens[number].turn = ticket;
        self.ready.push_back(ticket);
    }

    /// Calls a token's event off.
    #[inline(always)]
    pub(super) fn call_off(&mut self, number: u32) {
        if self.tokens[number].timer != Ticket::NONE {
            self.call_off_timer(number);
        }
    }

    #[inline(never)]
    pub(super) fn call_off_timer(&mut self, number: u32) {
        self.tokens[number].timer = Ticket::NONE;
        let tokens = &self.tokens;
        self.calendar
            .call_off(|ticket| tokens[ticket.number()].timer == ticket);
    }
}
