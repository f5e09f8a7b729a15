//! Pools: places that requests hold while they do more.

use super::Network;
use super::late::Served;
use super::log::Event;
use super::program::NONE;
use super::tally::Outcome;
use super::token::State;
use crate::engine::calendar::Ticket;

impl Network {
    /// Brings the integrals of a pool up to now.
    #[inline(always)]
    pub(super) fn pass_pool(&mut self, pool: u32) {
        let place = self.place_of_pool(pool);
        let it = &mut self.pools[pool as usize];
        if let Some(series) = &mut self.series {
            let counts = (f64::from(it.waiting + it.held), f64::from(it.held));
            series.add(place, counts, it.changed, self.now);
        }
        let (resource, present) = (it.resource as usize, f64::from(it.waiting + it.held));
        let passed = self.now - it.changed;
        it.pass(self.now);
        if !self.numbers.is_empty() {
            self.pass_number(resource, present, passed);
        }
    }

    /// Takes a place for a token; false if it has to wait, or was turned away.
    pub(super) fn acquire(&mut self, number: u32, pool: u32) -> bool {
        self.pass_pool(pool);
        let it = &mut self.pools[pool as usize];
        it.tally.arrived += 1;
        let resource = it.resource;
        self.count_call(number, resource);
        let it = &mut self.pools[pool as usize];
        if it.held < it.size {
            it.held += 1;
            it.tally.served += 1;
            self.count_visit(resource, 0.0);
            self.note(|it| Event::Held {
                request: it.tokens[number].request,
                token: number,
                pool,
            });
            return true;
        }
        if it.waiting >= it.queue {
            it.tally.rejected += 1;
            self.fail(number, Outcome::Rejected);
            return false;
        }
        let ticket = self.calendar.next_ticket(number);
        let token = &mut self.tokens[number];
        token.state = State::Pooled;
        token.place = pool;
        token.joined = self.now;
        token.turn = ticket;
        it.line.push(ticket, 0.0);
        it.waiting += 1;
        if it.patience != NONE {
            let until = self.now + self.draws.draw(it.patience);
            token.timer = self.calendar.schedule(until, number);
        }
        self.note(|it| Event::Asked {
            request: it.tokens[number].request,
            token: number,
            pool,
        });
        false
    }

    /// Gives a place back; whoever waits longest gets it.
    pub(super) fn release(&mut self, number: u32, pool: u32) {
        self.pass_pool(pool);
        self.note(|it| Event::Freed {
            request: it.tokens[number].request,
            token: number,
            pool,
        });
        let it = &mut self.pools[pool as usize];
        let next = if it.waiting > 0 {
            it.line.pop(&self.tokens, &mut it.chance)
        } else {
            None
        };
        let Some(next) = next else {
            it.held -= 1;
            return;
        };
        it.waiting -= 1;
        let wait = self.now - self.tokens[next].joined;
        it.tally.serve(wait, wait);
        let (resource, joined) = (it.resource, self.tokens[next].joined);
        self.count_visit(resource, wait);
        if self.is_late(joined) {
            self.serve_late(Served {
                place: self.place_of_pool(pool),
                resource,
                wait,
                stay: wait,
            });
        }
        self.tokens[next].waited += wait;
        self.call_off(next);
        self.note(|it| Event::Held {
            request: it.tokens[next].request,
            token: next,
            pool,
        });
        self.make_ready(next);
    }

    /// Somebody has waited long enough for a place.
    pub(super) fn give_up_pool(&mut self, number: u32) {
        let pool = self.tokens[number].place;
        self.leave_line(number);
        self.pools[pool as usize].tally.gave_up += 1;
        let (place, joined) = (self.place_of_pool(pool), self.tokens[number].joined);
        self.end_late(place, joined, |it| it.gave_up += 1);
        self.fail(number, Outcome::GaveUp);
    }

    /// Takes a token out of the line for a pool.
    pub(super) fn leave_line(&mut self, number: u32) {
        let pool = self.tokens[number].place;
        self.pass_pool(pool);
        self.call_off(number);
        self.tokens[number].waited += self.waiting_so_far(number);
        self.tokens[number].turn = Ticket::NONE;
        let it = &mut self.pools[pool as usize];
        it.waiting -= 1;
        it.line.tidy(&self.tokens, it.waiting);
    }
}
