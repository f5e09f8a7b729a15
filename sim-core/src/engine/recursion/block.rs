//! `L` replications in lockstep: draw gaps and services, run the recursion, count.

use super::ROWS;
use super::heap::Heap;
use super::initial;
use super::lindley::Lindley;
use super::sorted::Sorted;
use super::tally::{self, Section, Tally};
use crate::engine::InstructionSet;
use crate::random::{Purpose, Uniforms};
use crate::scenario::Queue;
use crate::stats::buckets::{BUCKETS, Buckets};

/// From this many servers on a heap beats a pass over sorted rows.
const HEAP_FROM: u32 = 200;

/// What part of a replication is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    /// Requests simulated and not counted at the start.
    pub warm_up: u64,
    /// Requests counted after that.
    pub requests: u64,
}

/// Everything that decides the sample path of a replication besides its number.
#[derive(Debug, Clone, Copy)]
pub struct Path<'a> {
    /// The scenario, validated.
    pub scenario: &'a Queue,
    /// The seed of the run.
    pub seed: u64,
    /// Whether to start in the stationary law (M/M/c only) instead of empty.
    pub stationary: bool,
}

/// The station's state in whichever form suits its number of servers.
#[derive(Debug, Clone)]
enum Servers<const L: usize> {
    One(Lindley<L>),
    Some(Sorted<L>),
    Many(Heap<L>),
}

/// `L` replications in lockstep.
#[derive(Debug, Clone)]
pub struct Block<const L: usize> {
    scenario: Queue,
    schedule: Schedule,
    arrivals: Uniforms<L>,
    services: Uniforms<L>,
    servers: Servers<L>,
    /// Gaps, then waits, of the current chunk.
    gaps: Box<[[f64; L]; ROWS]>,
    /// Services, then responses, of the current chunk.
    times: Box<[[f64; L]; ROWS]>,
    rows: usize,
    done: u64,
    tally: Tally<L>,
}

impl<const L: usize> Block<L> {
    /// The replications `first .. first + L` before their first request.
    #[inline(never)]
    pub fn new(path: Path<'_>, schedule: Schedule, first: u64) -> Self {
        let Path {
            scenario,
            seed,
            stationary,
        } = path;
        let free = initial::free_times(scenario, stationary, seed, first);
        let servers = match scenario.station.servers {
            1 => Servers::One(Lindley::new(free[0])),
            c if c < HEAP_FROM => Servers::Some(Sorted::new(free)),
            _ => Servers::Many(Heap::new(&free)),
        };
        Self {
            scenario: scenario.clone(),
            schedule,
            arrivals: Uniforms::new(seed, first, Purpose::Arrivals),
            services: Uniforms::new(seed, first, Purpose::Service),
            servers,
            gaps: Box::new([[0.0; L]; ROWS]),
            times: Box::new([[0.0; L]; ROWS]),
            rows: 0,
            done: 0,
            tally: Tally::new(buckets(scenario)),
        }
    }

    /// Advances by at most `chunks` chunks of up to 64 requests a lane; true when the schedule is done.
    pub fn advance(&mut self, instructions: InstructionSet, chunks: usize) -> bool {
        instructions.advance(self, chunks);
        self.next_rows() == 0
    }

    /// Response times of the chunk advanced last, row by row.
    pub fn responses(&self) -> &[[f64; L]] {
        &self.times[..self.rows]
    }

    /// Result and histogram of one lane, after the schedule is done.
    pub fn section(&self, lane: usize) -> (Section, &[u32; BUCKETS]) {
        self.tally.lane(lane, self.schedule.requests)
    }

    /// Requests of the next chunk: it never crosses the end of the warm-up, a mark or the end.
    fn next_rows(&self) -> usize {
        let Schedule { warm_up, requests } = self.schedule;
        let [eighth, half, rest] = tally::marks(requests);
        let boundary = [0, eighth, half, rest, requests]
            .into_iter()
            .map(|it| warm_up + it)
            .find(|&boundary| self.done < boundary)
            .unwrap_or(self.done);
        usize::try_from(boundary - self.done).map_or(ROWS, |left| left.min(ROWS))
    }

    /// Inlined into a function for each instruction set.
    #[inline(always)]
    pub(in crate::engine) fn advance_chunks(&mut self, chunks: usize) {
        for _ in 0..chunks {
            let rows = self.next_rows();
            if rows == 0 {
                break;
            }
            self.advance_rows(rows);
        }
    }

    #[inline(always)]
    fn advance_rows(&mut self, rows: usize) {
        let (gaps, times) = (&mut self.gaps[..rows], &mut self.times[..rows]);
        self.scenario
            .arrivals
            .interarrival
            .fill(&mut self.arrivals, gaps);
        self.scenario
            .station
            .service
            .fill(&mut self.services, times);
        let elapsed = match &mut self.servers {
            Servers::One(server) => server.advance(gaps, times),
            Servers::Some(servers) => servers.advance(gaps, times),
            Servers::Many(servers) => servers.advance(gaps, times),
        };
        if self.done >= self.schedule.warm_up {
            self.tally.count(gaps, times, elapsed);
        }
        self.rows = rows;
        self.done += rows as u64;
        let Schedule { warm_up, requests } = self.schedule;
        for (number, mark) in tally::marks(requests).into_iter().enumerate() {
            if self.done == warm_up + mark {
                self.tally.mark(number);
            }
        }
    }
}

/// The buckets for a scenario's response times.
pub(crate) fn buckets(scenario: &Queue) -> Buckets {
    Buckets::around(scenario.service_rate().recip())
}
