//! What the balancer believes of a server that has died, and what that costs: closed forms for Poisson traffic of rate r to it.
//!
//! K requests are in the server when it dies, P(K = k) = (1 − ρ)ρᵏ as in M/M/1, and fail. *Active checks* do not look at requests:
//! they have not noticed by t with probability A(t), see [`ActiveDetection`]. *Passive checks* need m failures, of which K have
//! happened: with i = max(m − K, 0) to go, the death is noticed at T = Γᵢ + d (at once if i = 0), Γᵢ the time of the i-th request
//! and d the time a failed request takes. From then on one request is risked after every F seconds without one: the k-th is the
//! first to come kF + (k − 1)d after T. Together, requests sent there are ∫ A(t) dE(t) with E those that passive checks alone let
//! through. Exact where failed requests take no time; where they do, those under way when the first one gives the server
//! away put the tests off a little.

use crate::math::special::gamma_lower;
use crate::theory::detection::{ActiveDetection, Death};

/// Steps in which the phase of active checks is averaged where both kinds watch.
const PHASES: u32 = 128;

/// Passive checks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Passive {
    /// Failures it takes.
    pub(super) max_fails: u32,
    /// Seconds until one request is risked again.
    pub(super) fail_timeout: f64,
}

/// A dead server, and those who watch it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Belief {
    pub(super) death: Death,
    pub(super) active: Option<ActiveDetection>,
    pub(super) passive: Option<Passive>,
    /// Requests a second that are sent to a server.
    pub(super) rate: f64,
    /// Utilization of a server.
    pub(super) utilization: f64,
    /// Seconds that a failed request takes.
    pub(super) failing: f64,
}

impl Belief {
    /// Requests in the server when it dies.
    pub(super) fn inside(&self) -> f64 {
        self.utilization / (1.0 - self.utilization)
    }

    /// Requests sent to it, on average, within `outage` seconds from its death.
    pub(super) fn exposed(&self, outage: f64) -> f64 {
        match (self.active, self.passive) {
            (None, None) => self.rate * outage,
            (Some(active), None) => active.mean_exposure(self.death, self.rate, outage),
            (None, Some(passive)) => self.let_through(passive, outage),
            (Some(active), Some(passive)) => {
                self.cut_short(active, outage, |t| self.let_through(passive, t))
            }
        }
    }

    /// Requests sent to it from one moment to another soon after it, seconds since its death.
    pub(super) fn sent_between(&self, from: f64, to: f64) -> f64 {
        let passive = |t| match self.passive {
            Some(passive) => self.let_through(passive, t),
            None => self.rate * t,
        };
        let middle = f64::midpoint(from, to);
        let unnoticed = self
            .active
            .map_or(1.0, |it| 1.0 - it.cdf(self.death, middle));
        unnoticed * (passive(to) - passive(from))
    }

    /// The probability that its death is noticed within `outage` seconds.
    pub(super) fn noticed(&self, outage: f64) -> f64 {
        1.0 - self.unnoticed(outage)
    }

    /// Mean seconds until its death is noticed, where that is within `outage` seconds; `None` if it never is.
    pub(super) fn mean_detection(&self, outage: f64) -> Option<f64> {
        let too_late = self.unnoticed(outage);
        if too_late >= 1.0 - 1e-9 {
            return None;
        }
        let waited = match (self.active, self.passive) {
            (None, None) => return None,
            (Some(active), None) => active.mean_exposure(self.death, 1.0, outage),
            (None, Some(passive)) => self.until_noticed(passive, outage),
            (Some(active), Some(passive)) => {
                self.cut_short(active, outage, |t| self.until_noticed(passive, t))
            }
        };
        Some((waited - outage * too_late) / (1.0 - too_late))
    }

    fn unnoticed(&self, t: f64) -> f64 {
        let passive = self.passive.map_or(1.0, |passive| {
            self.mixed(passive, |fails| match fails {
                0 => 0.0,
                _ => 1.0 - self.at_least(fails, t - self.failing),
            })
        });
        self.active.map_or(1.0, |it| 1.0 - it.cdf(self.death, t)) * passive
    }

    /// ∫₀ᵗ A dG for a growing function G of time that begins at 0: where active checks have noticed, it grows no more.
    fn cut_short(&self, active: ActiveDetection, outage: f64, growing: impl Fn(f64) -> f64) -> f64 {
        let (least, most) = (active.least(self.death), active.most(self.death));
        let each = (most - least) / f64::from(PHASES);
        let noticed = (0..PHASES).map(|phase| least + (f64::from(phase) + 0.5) * each);
        let sum: f64 = noticed.map(|at| growing(at.min(outage))).sum();
        sum / f64::from(PHASES)
    }

    /// Averages over how many failures are still to come once those inside have failed.
    fn mixed(&self, passive: Passive, of: impl Fn(u32) -> f64) -> f64 {
        let mut left = 1.0;
        let mut sum = 0.0;
        for fails in (1..=passive.max_fails).rev() {
            let weight = left * (1.0 - self.utilization);
            left -= weight;
            sum += weight * of(fails);
        }
        sum + left * of(0)
    }

    /// The probability that at least `count` requests come within `t` seconds.
    fn at_least(&self, count: u32, t: f64) -> f64 {
        if t > 0.0 {
            gamma_lower(f64::from(count), self.rate * t)
        } else {
            0.0
        }
    }

    /// Mean seconds until passive checks have noticed, `t` at most.
    fn until_noticed(&self, passive: Passive, t: f64) -> f64 {
        self.mixed(passive, |fails| self.first(fails, t)) / self.rate
    }

    /// Requests sent before the first notice if it takes `fails` more failures.
    fn first(&self, fails: u32, t: f64) -> f64 {
        if fails == 0 {
            return 0.0;
        }
        let late = t - self.failing;
        let giving_away: f64 = (1..=fails).map(|count| self.at_least(count, late)).sum();
        self.rate * self.failing.min(t) + giving_away
    }

    /// Seconds after the death in which no test can have been, for the `number`-th one.
    fn tested_after(&self, passive: Passive, fails: u32, number: u32) -> f64 {
        let failed = if fails > 0 { number } else { number - 1 };
        f64::from(number) * passive.fail_timeout + f64::from(failed) * self.failing
    }

    /// Requests that passive checks alone let through within `t` seconds.
    fn let_through(&self, passive: Passive, t: f64) -> f64 {
        self.mixed(passive, |fails| {
            let mut sum = self.first(fails, t);
            for number in 1.. {
                let rest = t - self.tested_after(passive, fails, number);
                if rest <= 0.0 {
                    break;
                }
                sum += self.at_least(fails + number, rest);
            }
            sum
        })
    }
}
