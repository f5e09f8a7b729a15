//! Requests come, leave, and come again.

use super::Network;
use super::log::Event;
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
    pub(super) fn leave(&mut self, number: u32, outcome: Outcome) {
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
            if outcome == Outcome::Served {
                self.responses[class].add(response);
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
        self.presence += self.population * (self.now - self.population_changed);
        self.population_changed = self.now;
        self.population += change;
    }
}
