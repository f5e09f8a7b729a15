//! The machines of either side at some traffic: how many, how fast, what they cost, and how long they are gone.

use super::{CHECKS, Params, Policy, WORK, WRITES};
use crate::machines::PriceList;
use crate::math::root::bracketed_root;
use crate::theory::availability::{MONTH, fewer_than};
use crate::theory::detection::Death;
use crate::theory::{Mmc, Scalability};

/// The most small machines.
pub(super) const MOST_MACHINES: u32 = 256;
/// Dividing may land this far, as a share, above a utilization that is exactly the one aimed at.
const ROUNDING: f64 = 1e-9;
/// USD a month for a balancer: a machine of one core.
const BALANCER_PRICE: f64 = 35.0;

/// Which way to grow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// One machine, as large as needed.
    Up,
    /// Small machines, as many as needed.
    Out,
}

impl Way {
    pub(super) const BOTH: [Self; 2] = [Self::Up, Self::Out];

    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Up => "one big machine",
            Self::Out => "small machines",
        }
    }
}

/// What is rented for some traffic.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Fleet {
    pub(super) way: Way,
    /// Requests per second that it is for.
    pub(super) traffic: f64,
    pub(super) machines: u32,
    /// Cores of each machine.
    pub(super) cores: u32,
    /// Speed of a core, less what it costs cores and machines to work together.
    pub(super) speed: f64,
    /// Whether it keeps to the utilization aimed at; otherwise it is the most that can be had.
    pub(super) enough: bool,
}

impl Params {
    /// The smallest fleet that keeps to the utilization aimed at, or the strongest there is.
    pub(super) fn fleet(&self, way: Way, traffic: f64) -> Fleet {
        let all: Vec<Fleet> = match way {
            Way::Up => {
                let sizes = PriceList::default().sizes.into_iter();
                let one = |cores: u32| self.sized(way, traffic, 1, cores);
                sizes.map(|size| one(size.cores)).collect()
            }
            Way::Out => (1..=MOST_MACHINES)
                .map(|machines| self.sized(way, traffic, machines, self.cores_each))
                .collect(),
        };
        let enough = |fleet: &&Fleet| fleet.utilization() <= self.target * (1.0 + ROUNDING);
        if let Some(fleet) = all.iter().find(enough) {
            return Fleet {
                enough: true,
                ..*fleet
            };
        }
        let strongest = all.into_iter().reduce(|best, next| {
            if next.capacity() > best.capacity() {
                next
            } else {
                best
            }
        });
        strongest.unwrap_or_else(|| self.sized(way, traffic, 1, 1))
    }

    fn sized(&self, way: Way, traffic: f64, machines: u32, cores: u32) -> Fleet {
        let efficiency = |contention, coherency, n: u32| {
            Scalability::new(contention, coherency).map_or(1.0, |law| law.efficiency(f64::from(n)))
        };
        let within = efficiency(self.core_contention, 0.0, cores);
        Fleet {
            way,
            traffic,
            machines,
            cores,
            speed: within * efficiency(0.0, self.coordination, machines),
            enough: false,
        }
    }

    /// The traffic that the strongest fleet carries at the utilization aimed at, requests per second.
    pub(super) fn ceiling(&self, way: Way) -> f64 {
        // For more traffic than anything can carry, the strongest is what comes.
        self.target * self.fleet(way, 1e9).capacity()
    }

    /// USD a month.
    pub(super) fn cost(&self, fleet: &Fleet) -> f64 {
        match fleet.way {
            Way::Up => PriceList::default()
                .smallest_with(fleet.cores)
                .map_or(f64::INFINITY, |size| size.price_per_month),
            Way::Out => {
                let cores = f64::from(fleet.machines * fleet.cores);
                cores * self.small_price + f64::from(self.balancers) * BALANCER_PRICE
            }
        }
    }

    /// The share of time that a single machine is down.
    fn down(&self) -> f64 {
        let (up, down) = (self.mtbf_seconds(), self.mttr_seconds());
        down / (up + down)
    }

    /// The share of time that all balancers are down; one big machine has none.
    fn balancers_down(&self, way: Way) -> f64 {
        match way {
            Way::Up => 0.0,
            Way::Out => fewer_than(1, self.balancers, self.down()).unwrap_or(1.0),
        }
    }

    /// The share of time in which fewer machines are up than `suffices` asks for, or no balancer is.
    fn short(&self, fleet: &Fleet, suffices: impl Fn(&Fleet) -> bool) -> f64 {
        let with = |machines| Fleet { machines, ..*fleet };
        let needed = (1..=fleet.machines).find(|&up| suffices(&with(up)));
        let machines = needed.map_or(1.0, |needed| {
            fewer_than(needed, fleet.machines, self.down()).unwrap_or(1.0)
        });
        let balancers = self.balancers_down(fleet.way);
        machines + balancers - machines * balancers
    }

    /// The share of time in which what is up cannot carry the traffic.
    pub(super) fn unavailable(&self, fleet: &Fleet) -> f64 {
        self.short(fleet, |up| up.utilization() < 1.0)
    }

    /// Seconds a month in which more than one request in a hundred fails or takes longer than the objective allows, by the
    /// theory of random choice.
    pub(super) fn violated(&self, fleet: &Fleet) -> f64 {
        let limit = self.slo_ms / 1e3;
        let short = self.short(fleet, |up| self.p99(up).is_some_and(|p99| p99 <= limit));
        let unnoticed = match fleet.way {
            Way::Up => 0.0,
            Way::Out => f64::from(fleet.machines) * self.unnoticed(),
        };
        MONTH * (short + unnoticed).min(1.0)
    }

    /// The share of time that a machine is down and not yet known to be.
    fn unnoticed(&self) -> f64 {
        let cycle = self.mtbf_seconds() + self.mttr_seconds();
        CHECKS.mean(Death::Refusing).min(self.mttr_seconds()) / cycle
    }

    /// Requests a month that come to a machine that is down or dies with them. Where least connections chooses, at most:
    /// as if all requests went to the dead machine until that is noticed, which they do where no other is idle.
    pub(super) fn lost(&self, fleet: &Fleet) -> f64 {
        let cycle = self.mtbf_seconds() + self.mttr_seconds();
        let inside = fleet
            .queue()
            .map_or(0.0, |queue| queue.mean_in_system() * MONTH / cycle);
        let machines = f64::from(fleet.machines);
        let all_down = fewer_than(1, fleet.machines, self.down()).unwrap_or(1.0);
        let refused = match fleet.way {
            Way::Up => all_down,
            Way::Out => {
                let exposed = match self.policy {
                    Policy::Random => 1.0,
                    Policy::LeastConnections => machines,
                };
                // With one machine alone, noticing it changes nothing.
                let unnoticed = if fleet.machines == 1 {
                    0.0
                } else {
                    exposed * self.unnoticed()
                };
                self.balancers_down(fleet.way) + all_down + unnoticed
            }
        };
        let arrived = fleet.traffic * MONTH;
        (arrived * refused + machines * inside).min(arrived)
    }

    /// What a request takes beside its time at a machine: the hop, and for writes the lag; seconds.
    fn extra(&self, way: Way) -> (f64, f64) {
        match way {
            Way::Up => (0.0, 0.0),
            Way::Out => (self.hop_ms / 1e3, self.sync_ms / 1e3),
        }
    }

    /// Mean response time under random choice, seconds; `None` where there is no steady state.
    pub(super) fn mean(&self, fleet: &Fleet) -> Option<f64> {
        let (hop, lag) = self.extra(fleet.way);
        Some(fleet.queue()?.mean_response() + hop + WRITES * lag)
    }

    /// P99 of the response time under random choice, seconds; `None` where there is no steady state.
    pub(super) fn p99(&self, fleet: &Fleet) -> Option<f64> {
        let queue = fleet.queue()?;
        let (hop, lag) = self.extra(fleet.way);
        let alone = queue.response_quantile(0.99);
        if lag <= 0.0 {
            return Some(hop + alone);
        }
        let later = |t: f64| {
            let beyond = |t: f64| queue.response_ccdf(t.max(0.0));
            (1.0 - WRITES) * beyond(t) + WRITES * beyond(t - lag) - 0.01
        };
        Some(hop + bracketed_root(later, alone, alone + lag))
    }
}

impl Fleet {
    /// Requests per second that all its cores can do.
    pub(super) fn capacity(&self) -> f64 {
        f64::from(self.machines) * f64::from(self.cores) * self.speed / WORK
    }

    /// One machine as a queue, where it has a steady state: M/M/c. A random split of Poisson arrivals is Poisson again.
    pub(super) fn queue(&self) -> Option<Mmc> {
        let rate = self.traffic / f64::from(self.machines);
        Mmc::new(rate, self.speed / WORK, self.cores).ok()
    }

    /// The share of it that the traffic takes.
    pub(super) fn utilization(&self) -> f64 {
        self.traffic / self.capacity()
    }

    /// `4 machines of 2 cores`.
    pub(super) fn in_words(&self) -> String {
        let cores = |cores: u32| match cores {
            1 => "1 core".to_owned(),
            _ => format!("{cores} cores"),
        };
        match (self.way, self.machines) {
            (Way::Up, _) => format!("a machine of {}", cores(self.cores)),
            (Way::Out, 1) => format!("1 machine of {}", cores(self.cores)),
            (Way::Out, machines) => format!("{machines} machines of {}", cores(self.cores)),
        }
    }
}
