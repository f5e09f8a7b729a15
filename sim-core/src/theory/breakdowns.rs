//! One server that breaks down: M/G/1 whose server fails, is repaired, and goes on where it stopped (preemptive resume).
//!
//! While it is up the server fails at the rate ξ = 1/MTBF; a repair takes R, of mean MTTR and any law with a finite variance. From
//! the beginning of its service until its end a request takes the completion time C = S + R₁ + R₂ + …, one R for each failure in S:
//!
//! - E(C) = E(S)·(1 + ξE(R)) = E(S)/A with the availability A = MTBF/(MTBF + MTTR),
//! - E(C²) = E(S²)·(1 + ξE(R))² + ξ·E(S)·E(R²).
//!
//! *Failures only while working:* the queue is M/G/1 with C in place of S (Gaver, 1962; Avi-Itzhak and Naor, 1963, model A).
//!
//! *Failures also while idle:* a request may find the empty server in repair. The number in the system is that of the former
//! queue plus, independently, the number found by an arrival that finds nobody in service (Fuhrmann and Cooper's decomposition,
//! 1985): λξE(R²)/(2(1 + ξE(R))) on average. For exponential laws this is White and Christie's formula (1958):
//! L = (λ(ξ+η)² + λμξ)/((ξ+η)(μη − λ(ξ+η))), η = 1/MTTR (Mitrani and Avi-Itzhak, 1968, for one server).
//!
//! Both have a steady state if and only if λE(C) < 1, that is, λ < μA.

use crate::error::{InputError, in_range};
use crate::theory::rates::{check_rates, check_scv, check_stable};

/// When a server can fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failing {
    /// Only while it serves.
    WhileWorking,
    /// Whenever it is up, idle or not.
    AnyTime,
}

/// How a server fails and is repaired. Times between failures are exponential.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Failures {
    /// When it can fail.
    pub when: Failing,
    /// Mean time until it fails, of the time in which it can, seconds, in `1e-100..=1e100`.
    pub mtbf: f64,
    /// Mean time of a repair, seconds, in `1e-100..=1e100`.
    pub mttr: f64,
    /// Squared coefficient of variation of a repair's time, in `0..=1e100`; 1 if it is exponential.
    pub repair_scv: f64,
}

impl Failures {
    /// A, the share of the time in which it can fail that it works.
    pub fn availability(&self) -> f64 {
        self.mtbf / (self.mtbf + self.mttr)
    }

    /// ξE(R), seconds of repair for each second of work.
    fn burden(&self) -> f64 {
        self.mttr / self.mtbf
    }

    /// ξE(R²).
    fn burden_squared(&self) -> f64 {
        self.burden() * self.mttr * (1.0 + self.repair_scv)
    }

    fn validate(&self) -> Result<(), InputError> {
        in_range("mtbf", self.mtbf, 1e-100, 1e100)?;
        in_range("mttr", self.mttr, 1e-100, 1e100)?;
        check_scv("repair_scv", self.repair_scv)
    }
}

/// An M/G/1 queue with breakdowns in its steady state.
///
/// ```
/// use sim_core::theory::breakdowns::{Breakdowns, Failing, Failures};
/// let failures = Failures { when: Failing::AnyTime, mtbf: 1.0, mttr: 1.0, repair_scv: 1.0 };
/// let queue = Breakdowns::new(1.0, 4.0, 1.0, failures)?;
/// assert!((queue.mean_in_system() - 2.0).abs() < 1e-12);
/// # Ok::<(), sim_core::InputError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Breakdowns {
    arrival_rate: f64,
    service_rate: f64,
    service_scv: f64,
    failures: Failures,
}

impl Breakdowns {
    /// The queue with λ = `arrival_rate` and μ = `service_rate` of the server while it works, per second, and C²s =
    /// `service_scv` in `0..=1e100`.
    ///
    /// # Errors
    /// [`InputError::OutOfRange`] naming the parameter, [`InputError::Unstable`] if λ ≥ μA.
    pub fn new(
        arrival_rate: f64,
        service_rate: f64,
        service_scv: f64,
        failures: Failures,
    ) -> Result<Self, InputError> {
        check_rates(arrival_rate, service_rate)?;
        check_scv("service_scv", service_scv)?;
        failures.validate()?;
        check_stable(arrival_rate, service_rate * failures.availability())?;
        Ok(Self {
            arrival_rate,
            service_rate,
            service_scv,
            failures,
        })
    }

    /// E(C), seconds from the beginning of a service to its end.
    pub fn mean_completion(&self) -> f64 {
        (1.0 + self.failures.burden()) / self.service_rate
    }

    /// λE(C), the share of time in which a service has begun and not ended, repairs included.
    pub fn utilization(&self) -> f64 {
        self.arrival_rate * self.mean_completion()
    }

    /// The share of all time in which the server works or could.
    pub fn availability(&self) -> f64 {
        match self.failures.when {
            Failing::AnyTime => self.failures.availability(),
            // In repair for ξE[R] of the time in which it works, λ/μ.
            Failing::WhileWorking => {
                1.0 - self.arrival_rate / self.service_rate * self.failures.burden()
            }
        }
    }

    /// Rate of departures: all that arrive, per second.
    pub fn throughput(&self) -> f64 {
        self.arrival_rate
    }

    /// Seconds until the service begins.
    pub fn mean_wait(&self) -> f64 {
        let mean = self.mean_completion();
        let service = mean * mean * (1.0 + self.service_scv);
        let repairs = self.failures.burden_squared() / self.service_rate;
        let spare = 1.0 - self.utilization();
        let queued = self.arrival_rate * (service + repairs) / (2.0 * spare);
        let idle_failures = match self.failures.when {
            Failing::WhileWorking => 0.0,
            Failing::AnyTime => {
                self.failures.burden_squared() / (2.0 * (1.0 + self.failures.burden()))
            }
        };
        queued + idle_failures
    }

    /// W, seconds.
    pub fn mean_response(&self) -> f64 {
        self.mean_wait() + self.mean_completion()
    }

    /// Requests whose service has not begun.
    pub fn mean_in_queue(&self) -> f64 {
        self.arrival_rate * self.mean_wait()
    }

    /// L, requests.
    pub fn mean_in_system(&self) -> f64 {
        self.arrival_rate * self.mean_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::Mg1;
    use crate::theory::testing::assert_close;

    fn exponential(when: Failing, mtbf: f64, mttr: f64) -> Failures {
        Failures {
            when,
            mtbf,
            mttr,
            repair_scv: 1.0,
        }
    }

    /// L of the Markov chain of (up or down, requests), cut off far out, from the balance of flows alone.
    fn by_markov_chain(arrival: f64, service: f64, failures: Failures) -> f64 {
        const TOP: usize = 400;
        let (fail, repair) = (failures.mtbf.recip(), failures.mttr.recip());
        let fails_idle = failures.when == Failing::AnyTime;
        // Between n and n + 1 requests: λ(uₙ + dₙ) = μuₙ₊₁. In and out of down with n: (λ + η)dₙ = λdₙ₋₁ + ξuₙ. From u₀ = 1
        // forward that is a recurrence without a subtraction.
        let (mut up, mut down) = (vec![1.0], Vec::new());
        for n in 0..TOP {
            let failing = if n > 0 || fails_idle {
                fail * up[n]
            } else {
                0.0
            };
            let from_below = if n > 0 { arrival * down[n - 1] } else { 0.0 };
            down.push((from_below + failing) / (arrival + repair));
            up.push(arrival * (up[n] + down[n]) / service);
        }
        let total: f64 = up.iter().chain(&down).sum();
        let weighted =
            |states: &[f64]| -> f64 { states.iter().enumerate().map(|(n, p)| n as f64 * p).sum() };
        (weighted(&up) + weighted(&down)) / total
    }

    #[test]
    fn exponential_laws_agree_with_the_markov_chain() {
        for when in [Failing::WhileWorking, Failing::AnyTime] {
            for (arrival, service, mtbf, mttr) in [
                (1.0, 4.0, 1.0, 1.0),
                (0.5, 1.0, 20.0, 2.0),
                (3.0, 5.0, 0.1, 0.01),
                (0.05, 1.0, 10.0, 30.0),
            ] {
                let failures = exponential(when, mtbf, mttr);
                let queue = Breakdowns::new(arrival, service, 1.0, failures).unwrap();
                let expected = by_markov_chain(arrival, service, failures);
                assert_close(queue.mean_in_system(), expected, 1e-9);
            }
        }
    }

    #[test]
    fn exponential_laws_at_any_time_are_white_and_christie() {
        for (arrival, service, mtbf, mttr) in [
            (1.0, 4.0, 1.0, 1.0),
            (0.7, 1.0, 100.0, 5.0),
            (1.0, 2.0, 1e6, 1e3),
        ] {
            let (xi, eta) = (f64::recip(mtbf), f64::recip(mttr));
            let both = xi + eta;
            let expected = (arrival * both * both + arrival * service * xi)
                / (both * (service * eta - arrival * both));
            let queue = Breakdowns::new(
                arrival,
                service,
                1.0,
                exponential(Failing::AnyTime, mtbf, mttr),
            )
            .unwrap();
            assert_close(queue.mean_in_system(), expected, 1e-12);
        }
    }

    #[test]
    fn constant_service_while_working_is_mg1_with_completion_times() {
        // S = 1, R = 0.5 constant, a failure every 4 s: C = 1 + N/2 with N Poisson of mean 1/4, by summing its law.
        let failures = Failures {
            when: Failing::WhileWorking,
            mtbf: 4.0,
            mttr: 0.5,
            repair_scv: 0.0,
        };
        let (mut probability, mut first, mut second) = (crate::math::exp(-0.25), 0.0, 0.0);
        for n in 0..60_u32 {
            let completion = 1.0 + 0.5 * f64::from(n);
            first += probability * completion;
            second += probability * completion * completion;
            probability *= 0.25 / f64::from(n + 1);
        }
        let queue = Breakdowns::new(0.6, 1.0, 0.0, failures).unwrap();
        assert_close(queue.mean_completion(), first, 1e-14);
        let scv = second / (first * first) - 1.0;
        let plain = Mg1::new(0.6, first.recip(), scv).unwrap();
        assert_close(queue.mean_wait(), plain.mean_wait(), 1e-12);
    }

    #[test]
    fn without_failures_it_is_mg1() {
        for when in [Failing::WhileWorking, Failing::AnyTime] {
            let queue = Breakdowns::new(0.8, 1.0, 2.0, exponential(when, 1e90, 1e-10)).unwrap();
            let plain = Mg1::new(0.8, 1.0, 2.0).unwrap();
            assert_close(queue.mean_wait(), plain.mean_wait(), 1e-12);
            assert_close(queue.availability(), 1.0, 1e-15);
        }
    }

    #[test]
    fn long_repairs_hurt_more_than_short_ones_at_the_same_availability() {
        let response = |mttr: f64| {
            let failures = exponential(Failing::AnyTime, 99.0 * mttr, mttr);
            Breakdowns::new(0.5, 1.0, 1.0, failures)
                .unwrap()
                .mean_response()
        };
        let responses = [0.01, 1.0, 100.0, 10_000.0].map(response);
        assert!(responses.is_sorted(), "{responses:?}");
    }

    #[test]
    fn a_load_beyond_what_is_available_is_refused() {
        let failures = exponential(Failing::AnyTime, 9.0, 1.0);
        assert!(Breakdowns::new(0.899, 1.0, 1.0, failures).is_ok());
        assert!(matches!(
            Breakdowns::new(0.9001, 1.0, 1.0, failures),
            Err(InputError::Unstable { .. })
        ));
    }

    #[test]
    fn wrong_input_is_named() {
        let good = exponential(Failing::AnyTime, 9.0, 1.0);
        for (failures, field) in [
            (Failures { mtbf: 0.0, ..good }, "mtbf"),
            (
                Failures {
                    mttr: f64::NAN,
                    ..good
                },
                "mttr",
            ),
            (
                Failures {
                    repair_scv: -1.0,
                    ..good
                },
                "repair_scv",
            ),
        ] {
            let error = Breakdowns::new(0.5, 1.0, 1.0, failures).unwrap_err();
            assert_eq!(error.field(), field);
        }
        let error = Breakdowns::new(0.5, 1.0, -1.0, good).unwrap_err();
        assert_eq!(error.field(), "service_scv");
    }
}
