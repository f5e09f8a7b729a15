//! The calendar of events: by time, then by sequence.
//!
//! Of two events at one moment the one that was scheduled first comes first. Each event carries a number that says whom it
//! concerns, at most 2²⁴; time, sequence and number together are one 128-bit key, so that comparing events is comparing integers
//! (the bits of positive floats are in the order of the floats).

use super::heap::Heap;

/// Bits of the number that an event carries.
const NUMBER_BITS: u32 = 24;

/// An event that has been scheduled: its sequence and whom it concerns. Zero is no event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Ticket(pub(super) u64);

impl Ticket {
    /// No event.
    pub(super) const NONE: Self = Self(0);

    /// Ticket `sequence` for `number`.
    #[inline]
    pub(super) fn new(sequence: u64, number: u32) -> Self {
        Self(sequence << NUMBER_BITS | u64::from(number))
    }

    /// Whether it was scheduled before another one.
    #[inline(always)]
    pub(super) fn is_before(self, other: Self) -> bool {
        self.0 >> NUMBER_BITS < other.0 >> NUMBER_BITS
    }

    /// Whom it concerns.
    #[inline(always)]
    pub(super) fn number(self) -> u32 {
        (self.0 & ((1 << NUMBER_BITS) - 1)) as u32
    }
}

/// Events to come. Events that are called off stay until their time, or until they are the majority.
///
/// The event that is being handled keeps its place until it has scheduled another one, which then takes it over: for a server
/// that goes on with the next request, one walk down the heap instead of two.
#[derive(Debug, Clone)]
pub(super) struct Calendar {
    heap: Heap,
    /// Whether the first event in the heap is the one being handled.
    handling: bool,
    sequence: u64,
    called_off: usize,
}

impl Calendar {
    pub(super) fn new() -> Self {
        Self {
            heap: Heap::default(),
            handling: false,
            sequence: 0,
            called_off: 0,
        }
    }

    /// A place in the sequence, taken once.
    #[inline(always)]
    pub(super) fn next_ticket(&mut self, number: u32) -> Ticket {
        self.sequence += 1;
        Ticket::new(self.sequence, number)
    }

    /// Schedules an event at `time`, a positive number or zero.
    #[inline(always)]
    pub(super) fn schedule(&mut self, time: f64, number: u32) -> Ticket {
        let ticket = self.next_ticket(number);
        let key = key(time, ticket);
        if self.handling {
            self.handling = false;
            self.heap.replace_first(key);
        } else {
            self.heap.push(key);
        }
        ticket
    }

    /// Ends the handling of the event taken last; then time and ticket of the next one.
    #[inline(always)]
    pub(super) fn peek(&mut self) -> Option<(f64, Ticket)> {
        self.close();
        self.heap.first().map(open)
    }

    /// Takes the next event to be handled. There must be one, and [`Calendar::peek`] must have seen it.
    #[inline(always)]
    pub(super) fn take(&mut self) {
        debug_assert!(!self.handling && self.heap.len() > 0);
        self.handling = true;
    }

    #[inline(always)]
    fn close(&mut self) {
        if self.handling {
            self.handling = false;
            self.heap.pop();
        }
    }

    /// Notes that an event was called off, and clears them out where they are the majority; `is_on` says which are not.
    #[inline]
    pub(super) fn call_off(&mut self, is_on: impl Fn(Ticket) -> bool) {
        self.called_off += 1;
        if self.called_off > 64 && 2 * self.called_off > self.heap.len() {
            self.close();
            self.heap.retain(|&key| is_on(open(key).1));
            self.called_off = 0;
        }
    }

    /// Notes that an event that had been called off came up.
    #[inline]
    pub(super) fn passed(&mut self) {
        self.called_off = self.called_off.saturating_sub(1);
    }

    /// Events kept, those called off included.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.heap.len()
    }
}

#[inline(always)]
fn key(time: f64, ticket: Ticket) -> u128 {
    // A negative zero would come last: adding zero makes it a positive one.
    u128::from((time + 0.0).to_bits()) << 64 | u128::from(ticket.0)
}

#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "two halves of 64 bits")]
fn open(key: u128) -> (f64, Ticket) {
    (f64::from_bits((key >> 64) as u64), Ticket(key as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pop(calendar: &mut Calendar) -> Option<Ticket> {
        let (_, ticket) = calendar.peek()?;
        calendar.take();
        Some(ticket)
    }

    #[test]
    fn by_time_then_by_sequence() {
        let mut calendar = Calendar::new();
        for (time, number) in [(2.0, 1), (1.0, 2), (2.0, 3), (0.0, 4), (-0.0, 5), (1.0, 6)] {
            calendar.schedule(time, number);
        }
        assert_eq!(calendar.peek().map(|(time, _)| time), Some(0.0));
        let order: Vec<u32> = std::iter::from_fn(|| pop(&mut calendar))
            .map(Ticket::number)
            .collect();
        assert_eq!(order, [4, 5, 2, 6, 1, 3]);
    }

    #[test]
    fn an_event_hands_its_place_on() {
        let mut calendar = Calendar::new();
        for number in 1..10 {
            calendar.schedule(f64::from(number), number);
        }
        let mut order = Vec::new();
        while let Some(ticket) = pop(&mut calendar) {
            order.push(ticket.number());
            if ticket.number() < 100 {
                let before = calendar.len();
                calendar.schedule(f64::from(ticket.number()) + 4.5, 100 + ticket.number());
                assert_eq!(calendar.len(), before);
            }
        }
        assert_eq!(order[..9], [1, 2, 3, 4, 5, 101, 6, 102, 7]);
        assert_eq!(order.len(), 18);
    }

    #[test]
    fn what_is_called_off_does_not_pile_up() {
        let mut calendar = Calendar::new();
        let kept = calendar.schedule(1e9, 7);
        for i in 0..100_000 {
            calendar.schedule(f64::from(i), 1);
            calendar.call_off(|ticket| ticket == kept);
        }
        assert!(calendar.len() < 200);
        let left: Vec<Ticket> = std::iter::from_fn(|| pop(&mut calendar)).collect();
        assert_eq!(left.last(), Some(&kept));
    }
}
