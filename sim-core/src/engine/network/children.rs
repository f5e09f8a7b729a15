//! Attempts and parallel paths: a token waits for its children.
//!
//! A try of an attempt is a child, and so is each branch of a parallel path. A child ends well, or it fails; whoever waits for it
//! decides what that means. Children that nobody waits for any more stop at once, or run on as orphans.

use super::Network;
use super::group::Answer;
use super::log::Event;
use super::parts::UNCOUNTED;
use super::program::{NO_REGISTER, NONE, Op};
use super::tally::Outcome;
use super::token::State;
use crate::engine::calendar::Ticket;
use crate::math;
use crate::scenario::activity::{Abandoned, Backoff};

impl Network {
    /// Begins an attempt.
    pub(super) fn attempt(&mut self, number: u32, attempt: u32) {
        let spec = &self.program.attempts[attempt as usize];
        let (timeout, entry) = (spec.timeout, spec.entry);
        let try_number = spec.number as usize;
        let Some(child) = self.spawn(number, entry) else {
            return;
        };
        let token = &mut self.tokens[number];
        if token.part != UNCOUNTED {
            self.tally.tries[try_number] += 1;
        }
        token.state = State::Joined;
        if let Some(timeout) = timeout {
            token.timer = self.calendar.schedule(self.now + timeout, number);
        }
        self.make_ready(child);
    }

    /// Begins all paths of a parallel activity.
    pub(super) fn spread(&mut self, number: u32, parallel: u32) {
        let spec = &self.program.parallels[parallel as usize];
        let count = spec.entries.len();
        self.tokens[number].state = State::Joined;
        self.tokens[number].needed = spec.needed;
        self.tokens[number].hopes = u32::try_from(count).expect("at most a thousand paths");
        for branch in 0..count {
            let entry = self.program.parallels[parallel as usize].entries[branch];
            let Some(child) = self.spawn(number, entry) else {
                return;
            };
            self.make_ready(child);
        }
    }

    /// A child that starts at `entry`, knowing what its parent knows.
    fn spawn(&mut self, parent: u32, entry: u32) -> Option<u32> {
        let child = self.copy_of(parent, entry)?;
        let sibling = std::mem::replace(&mut self.tokens[parent].first_child, child);
        if sibling != NONE {
            self.tokens[sibling].previous_sibling = child;
        }
        let (measured, part) = (self.tokens[parent].measured, self.tokens[parent].part);
        let token = &mut self.tokens[child];
        (token.parent, token.next_sibling) = (parent, sibling);
        (token.measured, token.part) = (measured, part);
        self.note(|it| Event::Split {
            request: it.tokens[child].request,
            token: child,
            parent,
        });
        Some(child)
    }

    /// Work in the background that a token begins, knowing what it knows.
    pub(super) fn spawn_background(&mut self, from: u32, entry: u32) -> Option<u32> {
        let child = self.copy_of(from, entry)?;
        self.orphans += 1.0;
        self.note(|it| Event::Began {
            request: it.tokens[child].request,
            token: child,
        });
        Some(child)
    }

    /// Work in the background that no request begins.
    pub(super) fn spawn_alone(&mut self, class: u16, entry: u32) -> Option<u32> {
        let child = self.create()?;
        self.tokens.reset_registers(child);
        let priority = self.program.classes[usize::from(class)].priority;
        let (now, request) = (self.now, self.requests);
        let token = &mut self.tokens[child];
        (token.class, token.priority) = (class, priority);
        (token.request, token.arrival) = (request, now);
        token.begin_alone(entry);
        self.orphans += 1.0;
        self.note(|_| Event::Began {
            request,
            token: child,
        });
        Some(child)
    }

    /// A token that starts at `entry`, knows what another knows, and belongs to nobody yet.
    fn copy_of(&mut self, from: u32, entry: u32) -> Option<u32> {
        let child = self.create()?;
        self.tokens.copy_registers(from, child);
        let it = &self.tokens[from];
        let (class, priority, request, arrival) = (it.class, it.priority, it.request, it.arrival);
        let token = &mut self.tokens[child];
        (token.class, token.priority) = (class, priority);
        (token.request, token.arrival) = (request, arrival);
        token.begin_alone(entry);
        Some(child)
    }

    /// Takes a child out of its parent's list and gives it back; returns the parent, or [`NONE`] for an orphan.
    fn detach(&mut self, child: u32, failed: Option<Outcome>) -> u32 {
        self.note(|it| Event::Ended {
            request: it.tokens[child].request,
            token: child,
            failed,
        });
        let it = &self.tokens[child];
        let (parent, next, previous) = (it.parent, it.next_sibling, it.previous_sibling);
        if parent == NONE {
            self.orphans -= 1.0;
        } else {
            match previous {
                NONE => self.tokens[parent].first_child = next,
                previous => self.tokens[previous].next_sibling = next,
            }
            if next != NONE {
                self.tokens[next].previous_sibling = previous;
            }
        }
        self.tokens.free(child);
        parent
    }

    /// A child's path has ended.
    pub(super) fn child_ended(&mut self, child: u32) {
        let waited = self.tokens[child].waited;
        let priority = self.tokens[child].priority;
        self.tell_parent_what_is_known(child);
        let parent = self.detach(child, None);
        if parent == NONE {
            return;
        }
        match self.waits_at(parent) {
            Op::Attempt { after, .. } => {
                self.tokens[parent].waited += waited;
                // What a try sets stays set.
                self.tokens[parent].priority = priority;
                self.call_off(parent);
                self.go_on(parent, after);
            }
            Op::Parallel { parallel, after } => {
                let token = &mut self.tokens[parent];
                token.needed -= 1;
                token.hopes -= 1;
                if token.needed == 0 {
                    // The one that was waited for last is the one that counts.
                    token.waited += waited;
                    self.abandon_children(
                        parent,
                        self.program.parallels[parallel as usize].rest,
                        Answer::NotAwaited,
                    );
                    self.go_on(parent, after);
                }
            }
            _ => unreachable!("only attempts and parallel paths have children"),
        }
    }

    /// A child has failed.
    pub(super) fn child_failed(&mut self, child: u32, outcome: Outcome) {
        let waited = self.tokens[child].waited;
        self.tell_parent_what_was_tried(child);
        let parent = self.detach(child, Some(outcome));
        if parent == NONE {
            return;
        }
        match self.waits_at(parent) {
            Op::Attempt { .. } => {
                self.tokens[parent].waited += waited;
                self.call_off(parent);
                self.try_failed(parent, outcome);
            }
            Op::Parallel { parallel, .. } => {
                let token = &mut self.tokens[parent];
                token.hopes -= 1;
                if token.hopes < token.needed {
                    token.waited += waited;
                    self.abandon_children(
                        parent,
                        self.program.parallels[parallel as usize].rest,
                        Answer::NotAwaited,
                    );
                    self.fail(parent, outcome);
                }
            }
            _ => unreachable!("only attempts and parallel paths have children"),
        }
    }

    /// The operation that a token with children waits at.
    fn waits_at(&self, number: u32) -> Op {
        self.program.ops[self.tokens[number].pc as usize - 1]
    }

    fn go_on(&mut self, number: u32, at: u32) {
        self.tokens[number].pc = at;
        self.make_ready(number);
    }

    /// What a try that ends well has set and read, its parent carries on; of a branch beside others, what it has read of the object.
    fn tell_parent_what_is_known(&mut self, child: u32) {
        let it = &self.tokens[child];
        let key = self.program.classes[usize::from(it.class)].key;
        let parent = it.parent;
        if parent == NONE {
            return;
        }
        if matches!(self.waits_at(parent), Op::Attempt { .. }) {
            self.tokens.copy_registers(child, parent);
        } else if key != NO_REGISTER
            && *self.tokens.register(parent, key) == *self.tokens.register(child, key)
        {
            *self.tokens.register(parent, key + 1) = *self.tokens.register(child, key + 1);
        }
    }

    /// Another try must know where this one went.
    fn tell_parent_what_was_tried(&mut self, child: u32) {
        let parent = self.tokens[child].parent;
        if parent == NONE {
            return;
        }
        if let Op::Attempt { attempt, .. } = self.waits_at(parent) {
            for &register in &self.program.attempts[attempt as usize].tried {
                let tried = *self.tokens.register(child, register);
                *self.tokens.register(parent, register) = tried;
            }
        }
    }

    /// A try took too long.
    pub(super) fn time_out(&mut self, number: u32) {
        if let Op::Attempt { attempt, .. } = self.waits_at(number) {
            let child = self.tokens[number].first_child;
            if child != NONE {
                self.tell_parent_what_was_tried(child);
            }
            let fate = self.program.attempts[attempt as usize].abandoned;
            self.tokens[number].waited += self.waited_below(number);
            self.abandon_children(number, fate, Answer::Failed);
            self.try_failed(number, Outcome::TimedOut);
        }
    }

    /// What the children of a token have waited so far, those they wait for included: of several at once the one that waited longest.
    fn waited_below(&self, number: u32) -> f64 {
        let mut longest = 0.0;
        let mut child = self.tokens[number].first_child;
        while child != NONE {
            let it = &self.tokens[child];
            let waited = it.waited + self.waiting_so_far(child) + self.waited_below(child);
            longest = f64::max(longest, waited);
            child = it.next_sibling;
        }
        longest
    }

    /// A try failed: another one follows, or the attempt fails.
    fn try_failed(&mut self, number: u32, outcome: Outcome) {
        let Op::Attempt {
            attempt, register, ..
        } = self.waits_at(number)
        else {
            return;
        };
        let spec = &self.program.attempts[attempt as usize];
        let (retries, backoff, chance) = (spec.retries, spec.backoff, spec.chance);
        let otherwise = spec.otherwise;
        let tries = self.tokens.register(number, register);
        *tries += 1;
        let tries = *tries;
        if tries > u64::from(retries) {
            return match otherwise {
                NONE => self.fail(number, outcome),
                otherwise => self.go_on(number, otherwise),
            };
        }
        let pause = match backoff {
            None => 0.0,
            Some(backoff) => pause(backoff, tries as f64, self.draws.chance(chance)),
        };
        // The operation runs again when the pause is over.
        self.tokens[number].pc -= 1;
        if pause > 0.0 {
            self.tokens[number].state = State::Pausing;
            self.tokens[number].timer = self.calendar.schedule(self.now + pause, number);
        } else {
            self.make_ready(number);
        }
    }

    /// Nobody waits for a token's children any more.
    fn abandon_children(&mut self, number: u32, fate: Abandoned, answer: Answer) {
        let mut child = std::mem::replace(&mut self.tokens[number].first_child, NONE);
        while child != NONE {
            let next = self.tokens[child].next_sibling;
            self.tokens[child].parent = NONE;
            self.note(|it| Event::Dropped {
                request: it.tokens[child].request,
                token: child,
                runs_on: fate == Abandoned::RunsOn,
            });
            match fate {
                Abandoned::Stops => self.stop(child, answer),
                Abandoned::RunsOn => {
                    self.orphans += 1.0;
                    self.tokens[child].measured = false;
                    self.tokens[child].next_sibling = NONE;
                    self.tokens[child].previous_sibling = NONE;
                }
            }
            child = next;
        }
    }

    /// Stops a token wherever it is, with its children, and gives back what it holds.
    fn stop(&mut self, number: u32, answer: Answer) {
        self.abandon_children(number, Abandoned::Stops, answer);
        match self.tokens[number].state {
            State::Waiting | State::Serving => self.withdraw(number),
            State::Hanging => self.stop_hanging(number),
            State::Pooled => self.leave_line(number),
            State::Sharing => self.stop_sharing(number),
            State::Ready => {
                self.tokens[number].turn = Ticket::NONE;
                // It has not begun the operation it stands before; what it holds is what it held before that.
                self.tokens[number].pc += 1;
            }
            State::Delayed
            | State::Pausing
            | State::Joined
            | State::Thinking
            | State::Acting
            | State::Free => {
                self.call_off(number);
            }
        }
        self.let_go(number, answer);
        self.tokens.free(number);
    }
}

/// How long to pause after `tries` failed tries; the uniform decides within the jitter.
fn pause(backoff: Backoff, tries: f64, u: f64) -> f64 {
    let grown = backoff.base * math::pow(backoff.factor, tries - 1.0);
    let whole = grown.min(backoff.most);
    whole * (1.0 - backoff.jitter * u)
}
