//! Requests come, leave, and come again.

use super::Network;
use super::log::Event;
use super::parts::UNCOUNTED;
use super::program::{NO_REGISTER, NONE};
use super::tally::{Ended, Outcome};
use super::token::State;
use super::window::Phase;

impl Network {
    /// A fresh token, unless there are too many: then the replication ends.
    #[inline(always)]
    pub(super) fn create(&mut self) -> Option<u32> {
        if self.tokens.population() >= self.program.population as usize {
            self.stop_early(Ended::Crowded);
            return None;
        }
        Some(self.tokens.create())
    }

    /// A token becomes a request of a class, at the start of its path.
    #[inline(always)]
    pub(super) fn enter(&mut self, number: u32, class: u16) {
        self.count_population(1.0);
        let part = self.part;
        let measured = part != UNCOUNTED;
        let spec = &self.program.classes[usize::from(class)];
        let token = &mut self.tokens[number];
        token.class = class;
        token.pc = spec.entry;
        token.priority = spec.priority;
        (token.measured, token.part) = (measured, part);
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
    pub(super) fn leave(&mut self, number: u32, outcome: Outcome) {
        self.count_population(-1.0);
        let token = &self.tokens[number];
        let class = usize::from(token.class);
        let response = self.now - token.arrival;
        self.residence += response;
        if token.measured {
            self.count_leaving(number, self.now, outcome, token.waited);
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

    /// A request of the window leaves at `time`.
    #[inline(always)]
    pub(super) fn count_leaving(&mut self, number: u32, time: f64, outcome: Outcome, waited: f64) {
        let token = &self.tokens[number];
        let (class, part, arrival) = (usize::from(token.class), token.part, token.arrival);
        let response = time - arrival;
        self.pending -= 1;
        if self.pending == 0 && self.phase == Phase::Closing {
            self.until = self.now;
        }
        self.tally.classes[class].leave(outcome, response, waited);
        let left = time - self.window.start;
        if left > self.tally.last_left {
            self.tally.last_left = left;
        }
        if let Some(parts) = &mut self.parts {
            parts.leave(part, outcome, response, waited);
        }
        if outcome == Outcome::Served {
            self.responses[class].add(response);
            self.waits[class].add(waited);
            let counts = self.tally.classes[class].within.iter_mut();
            for ([answered, begun], &limit) in counts.zip(&self.program.within) {
                *answered += u64::from(response <= limit);
                *begun += u64::from(waited <= limit);
            }
            if let Some(series) = &mut self.series {
                let stretch = series.respond(arrival, response);
                if let Some(tail) = self.tails.get_mut(stretch) {
                    tail.add(response);
                }
            }
        } else if let Some(series) = &mut self.series {
            series.lose(arrival);
        }
    }

    /// A user pauses before the next request.
    pub(super) fn think(&mut self, number: u32) {
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

    #[inline(always)]
    pub(super) fn count_population(&mut self, change: f64) {
        let passed = self.now - self.population_changed;
        self.presence += self.population * passed;
        if !self.numbers.is_empty() {
            let system = self.numbers.len() - 1;
            self.pass_number(system, self.population, passed);
        }
        self.population_changed = self.now;
        self.population += change;
    }
}
