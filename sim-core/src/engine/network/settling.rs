//! Requests whose end is known before it comes: what was measured of them need not be waited for.
//!
//! After the window those who are still there are followed. A delay that is the last thing on a path, or a service that nothing can
//! interrupt, ends when it was scheduled to end, whatever else happens: such requests are counted at once. Without that, one
//! session of a week among millions would keep a replication going for that week.

use super::Network;
use super::agents::Agent;
use super::late::Served;
use super::program::{NONE, Op};
use super::tally::Outcome;
use super::token::State;
use crate::scenario::Discipline;

/// Operations of a path that are looked at to find its end.
const MOST: usize = 64;

impl Network {
    /// Counts the requests of the window whose end is known, unless their visits are waited for anyway.
    pub(super) fn settle_if_alone(&mut self) {
        if !self.window.whole_visits {
            self.settle();
        }
    }

    /// Counts the requests of the window whose end is known.
    pub(super) fn settle(&mut self) {
        for number in 0..self.tokens.count() {
            let token = &self.tokens[number];
            if !token.measured || token.is_child {
                continue;
            }
            if let Some(end) = self.end_of(number)
                && self.only_ends(number)
            {
                self.settle_one(number, end);
            }
        }
    }

    /// When what a token is doing ends, where nothing can change that; and what it has waited for it.
    fn end_of(&self, number: u32) -> Option<f64> {
        let token = &self.tokens[number];
        match token.state {
            State::Delayed => Some(token.since),
            State::Serving => {
                let station = &self.stations[token.place as usize];
                let is_certain = station.life.is_none()
                    && !station.is_preemptive()
                    && station.discipline != Discipline::ProcessorSharing;
                is_certain.then_some(token.since + token.work * station.slowness)
            }
            _ => None,
        }
    }

    /// Whether nothing is left of a token's path that takes time or may fail.
    fn only_ends(&self, number: u32) -> bool {
        let mut pc = self.tokens[number].pc as usize;
        for _ in 0..MOST {
            match self.ops[pc] {
                Op::End => return true,
                Op::Release { .. } | Op::Return { .. } | Op::Stop { .. } => pc += 1,
                Op::Jump { target } => pc = target as usize,
                _ => return false,
            }
        }
        false
    }

    /// Counts a request that will end then, and forgets that it counts.
    fn settle_one(&mut self, number: u32, end: f64) {
        let mut pc = self.tokens[number].pc as usize;
        loop {
            match self.ops[pc] {
                Op::Stop { register, span } => {
                    let passed = end - self.tokens.number(number, register);
                    self.tally.spans[span as usize].count += 1;
                    self.tally.spans[span as usize].sum += passed;
                    pc += 1;
                }
                Op::Jump { target } => pc = target as usize,
                Op::End => break,
                _ => pc += 1,
            }
        }
        let token = &self.tokens[number];
        let in_line = match token.state {
            State::Serving => token.since - token.joined,
            _ => 0.0,
        };
        let waited = token.waited + in_line;
        if token.state == State::Serving && self.is_late(token.joined) {
            let (place, joined) = (token.place as usize, token.joined);
            self.serve_late(Served {
                place,
                resource: self.stations[place].resource,
                wait: in_line,
                stay: end - joined,
            });
        }
        self.count_leaving(number, end, Outcome::Served, waited);
        self.tokens[number].measured = false;
    }

    /// Whether all who are followed stand before somebody who will never answer again.
    pub(super) fn leads_nowhere(&self) -> bool {
        let may_come_back = |agent: &Agent| match agent {
            Agent::Script(line) => *line < self.program.script.len(),
            Agent::Failing(_) | Agent::Scaling(_) | Agent::Starting(_) => true,
            Agent::Checking(_) | Agent::Flushing(_) => false,
        };
        !self.agents.iter().any(may_come_back)
            && (0..self.tokens.count())
                .filter(|&it| self.tokens[it].measured && !self.tokens[it].is_child)
                .all(|it| self.hangs_for_ever(it))
    }

    fn hangs_for_ever(&self, number: u32) -> bool {
        let token = &self.tokens[number];
        let has_no_clock = token.timer == crate::engine::calendar::Ticket::NONE;
        match token.state {
            State::Hanging => has_no_clock,
            State::Joined if has_no_clock => {
                let mut child = token.first_child;
                while child != NONE {
                    if !self.hangs_for_ever(child) {
                        return false;
                    }
                    child = self.tokens[child].next_sibling;
                }
                true
            }
            _ => false,
        }
    }
}
