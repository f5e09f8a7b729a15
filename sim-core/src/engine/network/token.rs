//! Requests in flight: small values in a slab. A request is a token; each branch of a parallel path and each try of an attempt
//! is a token of its own, the child of the one that waits for it.

use super::parts::UNCOUNTED;
use super::program::NONE;
use crate::engine::calendar::Ticket;

/// What a token is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Not in use.
    Free,
    /// About to run.
    Ready,
    /// Waiting for a server.
    Waiting,
    /// In service.
    Serving,
    /// Waiting for a place of a pool.
    Pooled,
    /// Waiting for what somebody else fetches.
    Sharing,
    /// Letting time pass.
    Delayed,
    /// Pausing before another try.
    Pausing,
    /// Waiting for its children.
    Joined,
    /// A user between two requests.
    Thinking,
    /// Waiting for somebody to answer.
    Hanging,
    /// No request but an agent, with something to do later.
    Acting,
}

/// One token.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) pc: u32,
    pub(super) class: u16,
    pub(super) priority: u8,
    pub(super) state: State,
    /// Whether the request counts in the results.
    pub(super) measured: bool,
    /// The part of the window in which the request came, or [`UNCOUNTED`]; children keep it also when nobody waits for them any
    /// more.
    pub(super) part: u8,
    /// Whether it is a branch or a try, and not a request by itself.
    pub(super) is_child: bool,
    /// The station or pool it is at.
    pub(super) place: u32,
    /// The server that serves it.
    pub(super) server: u32,
    /// Its event to come.
    pub(super) timer: Ticket,
    /// Its place in a line or among those who are ready.
    pub(super) turn: Ticket,
    /// Its place in the order of arrival at the station.
    pub(super) order: Ticket,
    /// Number of the request.
    pub(super) request: u64,
    /// When the request came.
    pub(super) arrival: f64,
    /// When it came to the station or the pool.
    pub(super) joined: f64,
    /// When its service began or went on; of a delay, when it ends.
    pub(super) since: f64,
    /// The work it brought to this station, seconds at speed 1.
    pub(super) demand: f64,
    /// What was left of that when its service began or went on; with a shared processor, the end on the shared clock.
    pub(super) work: f64,
    /// Time spent waiting so far, seconds.
    pub(super) waited: f64,
    pub(super) parent: u32,
    pub(super) first_child: u32,
    pub(super) next_sibling: u32,
    pub(super) previous_sibling: u32,
    /// Children that have to end yet.
    pub(super) needed: u32,
    /// Children that may yet end well.
    pub(super) hopes: u32,
}

impl Token {
    const FREE: Self = Self {
        pc: 0,
        class: 0,
        priority: 0,
        state: State::Free,
        measured: false,
        part: UNCOUNTED,
        is_child: false,
        place: NONE,
        server: NONE,
        timer: Ticket::NONE,
        turn: Ticket::NONE,
        order: Ticket::NONE,
        request: 0,
        arrival: 0.0,
        joined: 0.0,
        since: 0.0,
        demand: 0.0,
        work: 0.0,
        waited: 0.0,
        parent: NONE,
        first_child: NONE,
        next_sibling: NONE,
        previous_sibling: NONE,
        needed: 0,
        hopes: 0,
    };
}

impl Token {
    /// Begins as a child that nobody waits for and that has no children.
    pub(super) fn begin_alone(&mut self, entry: u32) {
        self.pc = entry;
        self.waited = 0.0;
        (self.measured, self.part, self.is_child) = (false, UNCOUNTED, true);
        (self.parent, self.first_child) = (NONE, NONE);
        (self.next_sibling, self.previous_sibling) = (NONE, NONE);
    }
}

/// All tokens, with their registers.
#[derive(Debug, Clone)]
pub(super) struct Tokens {
    all: Vec<Token>,
    /// Numbers, or the bits of numbers.
    registers: Vec<u64>,
    stride: usize,
    free: Vec<u32>,
}

impl Tokens {
    pub(super) fn new(registers: u16) -> Self {
        Self {
            all: Vec::new(),
            registers: Vec::new(),
            stride: registers as usize,
            free: Vec::new(),
        }
    }

    /// Tokens in use.
    pub(super) fn population(&self) -> usize {
        self.all.len() - self.free.len()
    }

    /// How many there are, also those not in use: their numbers are those below.
    pub(super) fn count(&self) -> u32 {
        u32::try_from(self.all.len()).expect("the population is limited")
    }

    /// A fresh token.
    #[inline(always)]
    pub(super) fn create(&mut self) -> u32 {
        if let Some(at) = self.free.pop() {
            return at;
        }
        self.grow()
    }

    #[cold]
    fn grow(&mut self) -> u32 {
        self.all.push(Token::FREE);
        self.registers.resize(self.all.len() * self.stride, 0);
        u32::try_from(self.all.len() - 1).expect("the population is limited")
    }

    /// Gives a token back.
    #[inline(always)]
    pub(super) fn free(&mut self, at: u32) {
        let token = &mut self.all[at as usize];
        token.state = State::Free;
        token.timer = Ticket::NONE;
        token.turn = Ticket::NONE;
        self.free.push(at);
    }

    #[inline(always)]
    pub(super) fn register(&mut self, token: u32, register: u16) -> &mut u64 {
        &mut self.registers[token as usize * self.stride + register as usize]
    }

    /// The number whose bits a register holds.
    #[inline(always)]
    pub(super) fn number(&self, token: u32, register: u16) -> f64 {
        f64::from_bits(self.registers[token as usize * self.stride + register as usize])
    }

    /// Sets all registers of a token to one: an attribute that was never set leaves work as it is.
    #[inline(always)]
    pub(super) fn reset_registers(&mut self, token: u32) {
        let at = token as usize * self.stride;
        self.registers[at..at + self.stride].fill(1.0_f64.to_bits());
    }

    /// All of them, also those not in use.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Token> {
        self.all.iter()
    }

    /// Copies all registers of one token to another.
    pub(super) fn copy_registers(&mut self, from: u32, to: u32) {
        let (from, to) = (from as usize * self.stride, to as usize * self.stride);
        self.registers.copy_within(from..from + self.stride, to);
    }
}

impl std::ops::Index<u32> for Tokens {
    type Output = Token;

    #[inline(always)]
    fn index(&self, at: u32) -> &Token {
        &self.all[at as usize]
    }
}

impl std::ops::IndexMut<u32> for Tokens {
    #[inline(always)]
    fn index_mut(&mut self, at: u32) -> &mut Token {
        &mut self.all[at as usize]
    }
}
