//! Detection: how long until a balancer notices that a server is dead, and how many requests go there meanwhile.
//!
//! *Active checks* begin every `interval`; a dead server fails a check at once if it refuses connections, after `timeout` if it is
//! silent. With the next check due u seconds after the death, the `fall`-th failed one ends at
//!
//! T = u + (fall − 1)·spacing + d,
//!
//! d the time a failed check takes and spacing = max(interval, d), for the next check does not begin before the last has ended. A
//! death at no particular time has u uniform in [0, interval): T is uniform between its extremes, (fall − 1)·spacing + d and
//! interval more, with their middle as its mean.
//!
//! *Passive checks* notice the `max_fails`-th failed request. If requests go to the server as a Poisson process of rate r, that is
//! the sum of `max_fails` exponential gaps, mean `max_fails`/r, plus the time a failed request takes.
//!
//! *Exposure* is the mean number of requests sent to the dead server before it is noticed, r·E(T). A server that comes back before
//! it was noticed exposes r·E(min(T, outage)).
//!
//! All of it takes a check or a request of a healthy server to take no time; the `rise` good checks of one that is back to take
//! none either. Elementary; the checks are HAProxy's and nginx's, whose manuals describe them under `inter`, `fall`, `rise` and
//! `max_fails`.

use crate::error::{InputError, in_range};

/// The shortest and the longest time, seconds, and the lowest and highest rate, per second.
const LOW: f64 = 1e-9;
const HIGH: f64 = 1e9;
const MAX_COUNT: u32 = 1_000_000;

/// How a dead server treats those who turn to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Death {
    /// It refuses them at once: the process is gone, the machine is there.
    Refusing,
    /// It does not answer: the machine or the network is gone.
    Silent,
}

/// Noticing by active checks.
///
/// ```
/// use sim_core::theory::detection::{ActiveDetection, Death};
/// // HAProxy's defaults.
/// let checks = ActiveDetection::new(2.0, 2.0, 3, 2)?;
/// assert_eq!(checks.mean(Death::Refusing), 5.0);
/// assert_eq!(checks.after(Death::Silent, 0.5), 6.5);
/// assert_eq!(checks.mean_exposure(Death::Refusing, 20.0, f64::INFINITY), 100.0);
/// # Ok::<(), sim_core::InputError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ActiveDetection {
    interval: f64,
    timeout: f64,
    fall: u32,
    rise: u32,
}

impl ActiveDetection {
    /// Checks every `interval` seconds that fail after `timeout` seconds, each in `1e-9..=1e9`; `fall` failed ones in a row take
    /// a server out and `rise` good ones bring it back, each in `1..=1000000`.
    ///
    /// # Errors
    /// [`InputError::OutOfRange`] naming the parameter.
    pub fn new(interval: f64, timeout: f64, fall: u32, rise: u32) -> Result<Self, InputError> {
        in_range("interval", interval, LOW, HIGH)?;
        in_range("timeout", timeout, LOW, HIGH)?;
        check_count("fall", fall)?;
        check_count("rise", rise)?;
        Ok(Self {
            interval,
            timeout,
            fall,
            rise,
        })
    }

    /// Seconds from the death until it is noticed, if the next check is due `until_next` seconds after the death.
    pub fn after(&self, death: Death, until_next: f64) -> f64 {
        until_next + self.least(death)
    }

    /// The same at best: a check begins just after the death.
    pub fn least(&self, death: Death) -> f64 {
        let failing = self.failing(death);
        f64::from(self.fall - 1) * self.interval.max(failing) + failing
    }

    /// The same at worst: a check began just before the death.
    pub fn most(&self, death: Death) -> f64 {
        self.interval + self.least(death)
    }

    /// The same on average, for a death at no particular time.
    pub fn mean(&self, death: Death) -> f64 {
        0.5 * self.interval + self.least(death)
    }

    /// The probability that a death at no particular time has been noticed after `t` seconds.
    pub fn cdf(&self, death: Death, t: f64) -> f64 {
        ((t - self.least(death)) / self.interval).clamp(0.0, 1.0)
    }

    /// Seconds from a server's return until it is used again, on average: good checks take no time, and the last failed one did
    /// not take longer than an interval.
    pub fn mean_recovery(&self) -> f64 {
        (f64::from(self.rise) - 0.5) * self.interval
    }

    /// Requests sent to the server from its death until that is noticed, on average over when it dies, if `rate` of them go
    /// there per second and it is dead for `outage` seconds (infinity: for good).
    pub fn mean_exposure(&self, death: Death, rate: f64, outage: f64) -> f64 {
        let (least, most) = (self.least(death), self.most(death));
        let exposed = if outage <= least {
            outage
        } else if outage >= most {
            self.mean(death)
        } else {
            // Noticed before the outage is over with probability (outage − least)/interval.
            let noticed = (outage - least) / self.interval;
            noticed * 0.5 * (least + outage) + (1.0 - noticed) * outage
        };
        rate * exposed
    }

    /// Seconds a check of a dead server takes.
    fn failing(&self, death: Death) -> f64 {
        match death {
            Death::Refusing => 0.0,
            Death::Silent => self.timeout,
        }
    }
}

/// Noticing by failed requests.
///
/// ```
/// use sim_core::theory::detection::{Death, PassiveDetection};
/// // One failure is enough; ten requests a second, given up after two seconds.
/// let passive = PassiveDetection::new(1, 10.0, 2.0)?;
/// assert_eq!(passive.mean(Death::Refusing), 0.1);
/// assert_eq!(passive.mean_exposure(Death::Refusing), 1.0);
/// assert_eq!(passive.mean_exposure(Death::Silent), 21.0);
/// # Ok::<(), sim_core::InputError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PassiveDetection {
    max_fails: u32,
    rate: f64,
    timeout: f64,
}

impl PassiveDetection {
    /// `max_fails` failed requests, in `1..=1000000`, of `rate` per second that this balancer sends to the server, in
    /// `1e-9..=1e9`; a silent server's are given up after `timeout` seconds, in `1e-9..=1e9`.
    ///
    /// # Errors
    /// [`InputError::OutOfRange`] naming the parameter.
    pub fn new(max_fails: u32, rate: f64, timeout: f64) -> Result<Self, InputError> {
        check_count("max_fails", max_fails)?;
        in_range("rate", rate, LOW, HIGH)?;
        in_range("timeout", timeout, LOW, HIGH)?;
        Ok(Self {
            max_fails,
            rate,
            timeout,
        })
    }

    /// Seconds from the death until it is noticed, on average.
    pub fn mean(&self, death: Death) -> f64 {
        f64::from(self.max_fails) / self.rate + self.failing(death)
    }

    /// Requests sent to the server until then, on average: those that give it away and, while they time out, others.
    pub fn mean_exposure(&self, death: Death) -> f64 {
        f64::from(self.max_fails) + self.rate * self.failing(death)
    }

    fn failing(&self, death: Death) -> f64 {
        match death {
            Death::Refusing => 0.0,
            Death::Silent => self.timeout,
        }
    }
}

fn check_count(field: &str, count: u32) -> Result<(), InputError> {
    if (1..=MAX_COUNT).contains(&count) {
        Ok(())
    } else {
        let allowed = format!("1..={MAX_COUNT}");
        Err(InputError::out_of_range(field, count, allowed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::testing::assert_close;

    /// When the `fall`-th check in a row has failed, by playing the checks one after the other; the server dies at 0.
    fn played(interval: f64, taking: f64, fall: u32, until_next: f64) -> f64 {
        let mut begins = until_next;
        let mut ends = 0.0;
        for _ in 0..fall {
            ends = begins + taking;
            begins = f64::max(begins + interval, ends);
        }
        ends
    }

    #[test]
    fn a_known_phase_agrees_with_checks_played_one_by_one() {
        for (interval, timeout, fall) in
            [(2.0, 2.0, 3), (2.0, 0.5, 3), (1.0, 3.0, 4), (30.0, 5.0, 1)]
        {
            let checks = ActiveDetection::new(interval, timeout, fall, 2).unwrap();
            for until_next in [0.0, 0.3, 0.9] {
                for (death, taking) in [(Death::Refusing, 0.0), (Death::Silent, timeout)] {
                    let expected = played(interval, taking, fall, until_next);
                    assert_close(checks.after(death, until_next), expected, 1e-14);
                }
            }
        }
    }

    #[test]
    fn a_uniform_phase_is_the_mean_over_phases() {
        let checks = ActiveDetection::new(2.0, 1.5, 3, 2).unwrap();
        let phases: Vec<f64> = (0..1000).map(|i| (f64::from(i) + 0.5) / 500.0).collect();
        for death in [Death::Refusing, Death::Silent] {
            let times: Vec<f64> = phases.iter().map(|&u| checks.after(death, u)).collect();
            let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
            assert_close(checks.mean(death), mean(&times), 1e-12);
            for outage in [1.0, 4.5, 5.7, 6.9, 100.0, f64::INFINITY] {
                let exposed: Vec<f64> = times.iter().map(|&t| 7.0 * t.min(outage)).collect();
                assert_close(
                    checks.mean_exposure(death, 7.0, outage),
                    mean(&exposed),
                    1e-6,
                );
            }
            for t in [1.0, 5.0, 6.0, 50.0] {
                let noticed = times.iter().filter(|&&time| time <= t).count();
                assert!((checks.cdf(death, t) - noticed as f64 / 1000.0).abs() < 2e-3);
            }
            assert_eq!(checks.most(death) - checks.least(death), 2.0);
        }
    }

    #[test]
    fn haproxy_and_caddy_by_hand() {
        // HAProxy: every 2 s, timeout the same, fall 3. Refused: the third check, 4 to 6 s. Silent: 2 s later.
        let haproxy = ActiveDetection::new(2.0, 2.0, 3, 2).unwrap();
        assert_eq!(
            (
                haproxy.least(Death::Refusing),
                haproxy.most(Death::Refusing)
            ),
            (4.0, 6.0)
        );
        assert_eq!(
            (haproxy.least(Death::Silent), haproxy.most(Death::Silent)),
            (6.0, 8.0)
        );
        // Back after the second good check, 2 to 4 s.
        assert_eq!(haproxy.mean_recovery(), 3.0);
        // Caddy: every 30 s, 5 s to answer, the first failure counts.
        let caddy = ActiveDetection::new(30.0, 5.0, 1, 1).unwrap();
        assert_eq!(caddy.mean(Death::Silent), 20.0);
    }

    #[test]
    fn more_failures_take_longer_to_notice_passively() {
        let mean = |max_fails, death| {
            PassiveDetection::new(max_fails, 4.0, 1.0)
                .unwrap()
                .mean(death)
        };
        assert_eq!(
            [1, 2, 8].map(|n| mean(n, Death::Refusing)),
            [0.25, 0.5, 2.0]
        );
        assert_eq!([1, 2, 8].map(|n| mean(n, Death::Silent)), [1.25, 1.5, 3.0]);
        // Little's law of it: what is sent is the rate times the time.
        let passive = PassiveDetection::new(3, 4.0, 1.0).unwrap();
        for death in [Death::Refusing, Death::Silent] {
            assert_close(
                passive.mean_exposure(death),
                4.0 * passive.mean(death),
                1e-15,
            );
        }
    }

    #[test]
    fn wrong_input_is_named() {
        let error = |interval, timeout, fall, rise| {
            let error = ActiveDetection::new(interval, timeout, fall, rise).unwrap_err();
            error.field().to_owned()
        };
        assert_eq!(error(0.0, 1.0, 1, 1), "interval");
        assert_eq!(error(1.0, f64::NAN, 1, 1), "timeout");
        assert_eq!(error(1.0, 1.0, 0, 1), "fall");
        assert_eq!(error(1.0, 1.0, 1, 0), "rise");
        let error = |fails, rate, timeout| {
            let error = PassiveDetection::new(fails, rate, timeout).unwrap_err();
            error.field().to_owned()
        };
        assert_eq!(error(0, 1.0, 1.0), "max_fails");
        assert_eq!(error(1, 0.0, 1.0), "rate");
        assert_eq!(error(1, 1.0, f64::INFINITY), "timeout");
    }
}
