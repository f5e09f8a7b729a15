//! Who waits, and who is next. Those who give up leave a gap behind that is passed over when it comes up.

use std::collections::VecDeque;

use super::token::Tokens;
use crate::engine::calendar::Ticket;
use crate::engine::heap::Heap;
use crate::random::Uniforms;
use crate::scenario::Discipline;

/// A line in one of the orders.
#[derive(Debug, Clone)]
pub(super) enum Line {
    First(VecDeque<Ticket>),
    Last(Vec<Ticket>),
    Any(Vec<Ticket>),
    Least(Heap),
}

impl Line {
    pub(super) fn new(discipline: Discipline) -> Self {
        match discipline {
            Discipline::Fifo => Self::First(VecDeque::new()),
            Discipline::Lifo => Self::Last(Vec::new()),
            Discipline::RandomOrder => Self::Any(Vec::new()),
            Discipline::Priority
            | Discipline::PreemptivePriority
            | Discipline::ShortestJob
            | Discipline::ShortestRemaining
            | Discipline::ProcessorSharing => Self::Least(Heap::default()),
        }
    }

    /// Puts somebody into the line. `key`, a positive number, decides where it is the least that counts; then the ticket.
    #[inline(always)]
    pub(super) fn push(&mut self, ticket: Ticket, key: f64) {
        match self {
            Self::First(line) => line.push_back(ticket),
            Self::Last(line) | Self::Any(line) => line.push(ticket),
            Self::Least(heap) => heap.push(u128::from(key.to_bits()) << 64 | u128::from(ticket.0)),
        }
    }

    /// Takes the next one out who is still there.
    #[inline(always)]
    pub(super) fn pop(&mut self, tokens: &Tokens, chance: &mut Uniforms<1>) -> Option<u32> {
        loop {
            let ticket = match self {
                Self::First(line) => line.pop_front()?,
                Self::Last(line) => line.pop()?,
                Self::Any(line) => {
                    let count = u32::try_from(line.len()).ok().filter(|&count| count > 0)?;
                    line.swap_remove(chance.below(count) as usize)
                }
                Self::Least(heap) => ticket_of(heap.pop()?),
            };
            if is_there(tokens, ticket) {
                return Some(ticket.number());
            }
        }
    }

    /// The next one with the key, left in place; only where the least key counts.
    pub(super) fn peek(&mut self, tokens: &Tokens) -> Option<(f64, u32)> {
        let Self::Least(heap) = self else {
            return None;
        };
        while let Some(key) = heap.first() {
            let ticket = ticket_of(key);
            if is_there(tokens, ticket) {
                return Some((key_of(key), ticket.number()));
            }
            heap.pop();
        }
        None
    }

    /// The keys of all who are there; only where the least key counts.
    pub(super) fn keys<'a>(&'a self, tokens: &'a Tokens) -> impl Iterator<Item = f64> + 'a {
        let keys = match self {
            Self::Least(heap) => heap.keys(),
            _ => &[],
        };
        let there = keys.iter().filter(|&&key| is_there(tokens, ticket_of(key)));
        there.map(|&key| key_of(key))
    }

    /// Everybody who is there, in no particular order but always the same.
    pub(super) fn members(&self, tokens: &Tokens) -> Vec<u32> {
        let there = |ticket: Ticket| is_there(tokens, ticket).then(|| ticket.number());
        match self {
            Self::First(line) => line.iter().copied().filter_map(there).collect(),
            Self::Last(line) | Self::Any(line) => line.iter().copied().filter_map(there).collect(),
            Self::Least(heap) => heap
                .keys()
                .iter()
                .copied()
                .map(ticket_of)
                .filter_map(there)
                .collect(),
        }
    }

    /// Closes the gaps once they are the majority; `waiting` is how many are there.
    pub(super) fn tidy(&mut self, tokens: &Tokens, waiting: u32) {
        let most = 2 * waiting as usize + 64;
        match self {
            Self::First(line) if line.len() > most => line.retain(|&it| is_there(tokens, it)),
            Self::Last(line) | Self::Any(line) if line.len() > most => {
                line.retain(|&it| is_there(tokens, it));
            }
            Self::Least(heap) if heap.len() > most => {
                heap.retain(|&it| is_there(tokens, ticket_of(it)));
            }
            _ => {}
        }
    }
}

#[inline(always)]
fn is_there(tokens: &Tokens, ticket: Ticket) -> bool {
    tokens[ticket.number()].turn == ticket
}

#[inline]
#[expect(clippy::cast_possible_truncation, reason = "the lower half")]
fn ticket_of(key: u128) -> Ticket {
    Ticket(key as u64)
}

#[inline]
fn key_of(key: u128) -> f64 {
    f64::from_bits((key >> 64) as u64)
}
