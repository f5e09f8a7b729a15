//! How a request finds its station.

use crate::draws::Draws;

/// A rule of choice.
#[derive(Clone, Copy, Debug)]
pub enum Policy {
    /// There is one station.
    Only,
    /// The next one in turn.
    RoundRobin,
    /// Any, each as likely.
    Random,
    /// The one with fewer requests of two different ones, the first on a tie.
    TwoChoices,
    /// The one with fewest requests, the first on a tie.
    Shortest,
}

/// A rule at work.
#[derive(Debug)]
pub struct Router {
    policy: Policy,
    stations: usize,
    turn: usize,
}

impl Router {
    /// A router to `stations` stations.
    pub fn new(policy: Policy, stations: usize) -> Self {
        Self {
            policy,
            stations,
            turn: 0,
        }
    }

    /// The station of the next request; `length` says how many requests a station has, in service included.
    #[inline]
    pub fn choose(&mut self, draws: &mut Draws, length: impl Fn(usize) -> u32) -> usize {
        match self.policy {
            Policy::Only => 0,
            Policy::RoundRobin => self.next_in_turn(),
            Policy::Random => draws.below(self.stations),
            Policy::TwoChoices => {
                let first = draws.below(self.stations);
                let other = draws.below(self.stations - 1);
                let second = other + usize::from(other >= first);
                if length(second) < length(first) {
                    second
                } else {
                    first
                }
            }
            Policy::Shortest => self.shortest(length),
        }
    }

    fn next_in_turn(&mut self) -> usize {
        let station = self.turn;
        self.turn = if station + 1 == self.stations {
            0
        } else {
            station + 1
        };
        station
    }

    fn shortest(&self, length: impl Fn(usize) -> u32) -> usize {
        let mut best = 0;
        let mut fewest = length(0);
        for station in 1..self.stations {
            let here = length(station);
            if here < fewest {
                (best, fewest) = (station, here);
            }
        }
        best
    }
}
