//! The operations of a path, one by one, until the request has to wait for something.

use super::Network;
use super::group::{Answer, Choice, tried_bit};
use super::log::Event;
use super::program::{Held, NO_REGISTER, NONE, Op};
use super::tally::{Ended, Outcome};
use super::token::State;

/// Operations at one moment, for each request that comes at it, from which on a livelock is looked for.
pub(super) const SUSPICIOUS: u64 = 2_000_000;
/// Operations then watched for a cycle.
const WATCHED: usize = 4096;

impl Network {
    /// Runs a token from where it is until it waits or ends.
    #[inline(never)]
    pub(super) fn run(&mut self, number: u32) {
        loop {
            self.operations += 1;
            if self.operations > SUSPICIOUS && self.is_livelock(number) {
                return;
            }
            let token = &mut self.tokens[number];
            let op = self.ops[token.pc as usize];
            token.pc += 1;
            match op {
                Op::Work {
                    station,
                    draw,
                    times,
                } => {
                    return self.work(number, station, draw, times);
                }
                Op::WorkAtChosen {
                    first,
                    register,
                    draw,
                    times,
                } => {
                    let choice = Choice::unpacked(*self.tokens.register(number, register));
                    return self.work(number, first + choice.server, draw, times);
                }
                Op::End => return self.leave(number, Outcome::Served),
                Op::Balance {
                    group,
                    register,
                    tried,
                } => {
                    if !self.balance(number, group, register, tried) {
                        return self.fail(number, Outcome::Rejected);
                    }
                }
                Op::Return { group, register } => {
                    self.send_back(number, group, register, Answer::Well);
                }
                Op::Delay { draw } => {
                    let until = self.now + self.draws.draw(draw);
                    self.tokens[number].state = State::Delayed;
                    self.tokens[number].since = until;
                    self.tokens[number].timer = self.calendar.schedule(until, number);
                    return;
                }
                Op::Acquire { pool } => {
                    if !self.acquire(number, pool) {
                        return;
                    }
                }
                Op::Release { pool } => self.release(number, pool),
                Op::Load { register, value } => {
                    *self.tokens.register(number, register) = u64::from(value);
                }
                Op::Loop {
                    register,
                    limit,
                    target,
                } => {
                    let count = self.tokens.register(number, register);
                    *count += 1;
                    if *count < u64::from(limit) {
                        self.tokens[number].pc = target;
                    }
                }
                Op::Jump { target } => self.tokens[number].pc = target,
                Op::Fork { chance, table } => {
                    let u = self.draws.chance(chance);
                    let table = &self.program.forks[table as usize];
                    let taken = table.shares.iter().find(|share| u <= share.0);
                    self.tokens[number].pc = taken.map_or(table.otherwise, |share| share.1);
                }
                Op::UnlessAbove {
                    register,
                    constant,
                    target,
                } => {
                    let limit = self.program.constants[constant as usize];
                    if self.tokens.number(number, register) <= limit {
                        self.tokens[number].pc = target;
                    }
                }
                Op::Draw { register, draw } => {
                    *self.tokens.register(number, register) = self.draws.draw(draw).to_bits();
                }
                Op::Priority { priority } => self.tokens[number].priority = priority,
                Op::Start { register } => {
                    *self.tokens.register(number, register) = self.now.to_bits();
                }
                Op::Stop { register, span } => self.count_span(number, register, span),
                Op::Attempt { attempt, .. } => return self.attempt(number, attempt),
                Op::Parallel { parallel, .. } => return self.spread(number, parallel),
                Op::Caching(op) => {
                    if !self.deal_with_caches(number, op) {
                        return;
                    }
                }
                Op::EndChild => return self.child_ended(number),
            }
        }
    }

    /// A marked stretch of a path is over.
    #[inline(always)]
    fn count_span(&mut self, number: u32, register: u16, span: u32) {
        let passed = self.now - self.tokens.number(number, register);
        if self.tokens[number].measured {
            let tally = &mut self.tally.spans[span as usize];
            tally.count += 1;
            tally.sum += passed;
        }
    }

    /// Work at a station: a draw, times an attribute if there is one.
    #[inline(always)]
    fn work(&mut self, number: u32, station: u32, draw: u32, times: u16) {
        let mut work = self.draws.draw(draw);
        if times != NO_REGISTER {
            work *= self.tokens.number(number, times);
        }
        self.join_station(number, station, work);
    }

    /// Has a balancer choose; false if there is nobody to choose.
    #[inline(always)]
    fn balance(&mut self, number: u32, group: u32, register: u16, tried: u16) -> bool {
        if self.groups[group as usize].needs_work_left {
            self.look_at_work_left(group);
        }
        let class = usize::from(self.tokens[number].class);
        let client = match self.program.classes[class].client {
            NO_REGISTER => 0,
            register => *self.tokens.register(number, register),
        };
        let before = match tried {
            NO_REGISTER => 0,
            tried => *self.tokens.register(number, tried),
        };
        #[expect(clippy::cast_possible_truncation, reason = "a client's number")]
        let choice = self.groups[group as usize].choose(client as u32, before, self.now);
        let Some(choice) = choice else {
            return false;
        };
        if tried != NO_REGISTER {
            *self.tokens.register(number, tried) |= tried_bit(choice.server);
        }
        *self.tokens.register(number, register) = choice.packed();
        *self.tokens.register(number, register + 1) = self.now.to_bits();
        self.note(|it| Event::Sent {
            request: it.tokens[number].request,
            token: number,
            group,
            balancer: choice.balancer,
            server: choice.server,
        });
        true
    }

    /// Tells the balancer that its request is back.
    #[inline(always)]
    fn send_back(&mut self, number: u32, group: u32, register: u16, answer: Answer) {
        let choice = Choice::unpacked(*self.tokens.register(number, register));
        let response = self.now - self.tokens.number(number, register + 1);
        self.answered(group, choice, response, answer);
    }

    /// A token cannot go on: it gives back what it holds, and whoever waits for it hears of it.
    pub(super) fn fail(&mut self, number: u32, outcome: Outcome) {
        self.let_go(number, Answer::Failed);
        if self.tokens[number].is_child {
            self.child_failed(number, outcome);
        } else {
            self.leave(number, outcome);
        }
    }

    /// Gives back all that a token holds, the innermost first.
    pub(super) fn let_go(&mut self, number: u32, answer: Answer) {
        // The operation that it stopped at has been passed already.
        let pc = self.tokens[number].pc.saturating_sub(1);
        let mut scope = self.program.scopes_of[pc as usize];
        while scope != NONE {
            let it = self.program.scopes[scope as usize];
            match it.held {
                Held::Pool(pool) => self.release(number, pool),
                Held::Fetch { lookup } => self.fetch_failed(number, lookup),
                Held::Batch { write } => self.flush_failed(number, write),
                Held::Connection { group, register } => {
                    self.send_back(number, group, register, answer);
                }
            }
            scope = it.outer;
        }
    }

    /// Whether so much happened at one moment that time stands still; ends the replication then.
    #[cold]
    fn is_livelock(&mut self, number: u32) -> bool {
        self.watched.push(self.tokens[number].pc);
        if self.watched.len() < WATCHED {
            return false;
        }
        let watched = std::mem::take(&mut self.watched);
        let mut cycle: Vec<String> = Vec::new();
        for pc in watched {
            let place = &self.program.places[pc as usize];
            if !cycle.contains(place) {
                cycle.push(place.clone());
            }
        }
        self.stop_early(Ended::Livelock(cycle));
        true
    }
}
