//! Attempts: how many tries there are, how long they take, and whether one of them ends well.
//!
//! A try fails with probability f: it takes longer than the timeout, or fails by itself. Where tries are independent, n of them at most
//! are (1 − fⁿ)/(1 − f) on average, and all fail with probability fⁿ. With waiting a try takes longer than its law says, so that f is
//! at least P(T > timeout), given whatever happened before: both formulas are then lower bounds.

use super::amount::Amount;
use super::passage::Passage;
use super::walk::{Walk, geometric};
use crate::math;
use crate::scenario::activity::{Abandoned, Attempt, Backoff};

/// What is known of the tries of an attempt.
struct Tries<'a> {
    /// One try, as if it had all the time.
    once: Passage<'a>,
    /// The probability that a try fails.
    fails: Amount,
    /// The most tries.
    most: f64,
}

impl<'a> Walk<'a> {
    pub(super) fn attempt(&mut self, attempt: &'a Attempt) -> Passage<'a> {
        let before = self.attributes.clone();
        let tries = self.multiplied(
            |walk| walk.tries(attempt),
            |tries| tries.fails.map(|fails| geometric(fails, tries.most)),
        );
        // What a try sets is forgotten with it.
        self.attributes = before;
        let failed = tries.fails.map(|it| math::pow(it, tries.most));
        let instead = match &attempt.otherwise {
            Some(path) => self.path_with(failed, path),
            None => Passage {
                ends: Amount::ZERO,
                ..Passage::nothing()
            },
        };
        let pauses = attempt.backoff.map_or(Amount::ZERO, |backoff| {
            tries.fails.map(|it| paused(backoff, it, tries.most))
        });
        let count = tries.fails.map(|it| geometric(it, tries.most));
        let time = tries.time_of_one(attempt.timeout).times(count);
        let ends = failed.times(instead.ends.rest()).rest();
        Passage {
            time: time.plus(pauses).plus(failed.times(instead.time)),
            waits: tries.once.waits || instead.waits,
            law: tries.law(attempt).filter(|_| ends.low >= 1.0),
            ends,
        }
    }

    fn tries(&mut self, attempt: &'a Attempt) -> Tries<'a> {
        let once = match (attempt.timeout, attempt.abandoned) {
            (None, _) => self.path(&attempt.path),
            (Some(timeout), Abandoned::Stops) => self.stoppable(timeout, &attempt.path),
            (Some(_), Abandoned::RunsOn) => self.unstoppable(&attempt.path),
        };
        Tries {
            fails: failing(&once, attempt.timeout),
            most: f64::from(attempt.retries) + 1.0,
            once,
        }
    }
}

/// The probability that a try fails.
fn failing(once: &Passage<'_>, timeout: Option<f64>) -> Amount {
    let Some(timeout) = timeout else {
        return once.ends.rest();
    };
    let Some(law) = &once.law else {
        let late = f64::from(u8::from(once.time.value > timeout));
        let fails = late.max(1.0 - once.ends.value);
        return Amount {
            value: fails,
            low: 1.0 - once.ends.high,
            high: if once.time.high <= 0.0 {
                1.0 - once.ends.low
            } else {
                1.0
            },
        };
    };
    // A time and a timeout that are equal: the timeout was in the calendar first, and wins.
    let late = law.survival(timeout.next_down());
    if once.exact_law().is_some() {
        Amount::exact(late)
    } else {
        Amount {
            value: late,
            low: late,
            high: 1.0,
        }
    }
}

impl<'a> Tries<'a> {
    /// Mean time of one try, until it ends or takes too long.
    fn time_of_one(&self, timeout: Option<f64>) -> Amount {
        let Some(timeout) = timeout else {
            return self.once.time;
        };
        match &self.once.law {
            Some(law) => {
                let mean = law.mean_up_to(timeout);
                let waits = self.once.waits;
                Amount {
                    value: mean,
                    low: mean,
                    high: if waits { timeout } else { mean },
                }
            }
            // The mean of the shorter of two times is no more than either mean; from below nothing is known.
            None => self.once.time.capped(timeout).or_less(),
        }
    }

    /// The law of the whole attempt, where there is one try and nothing to do instead, or where no try fails.
    fn law(&self, attempt: &Attempt) -> Option<super::law::Law<'a>> {
        let law = self.once.law.clone()?;
        if self.fails.high <= 0.0 {
            return Some(law);
        }
        let alone = attempt.retries == 0 && attempt.otherwise.as_ref()?.is_empty();
        Some(law.cut(attempt.timeout?)).filter(|_| alone)
    }
}

/// Mean time of all pauses, where each of `most` tries fails with probability `fails`: Σⱼ fʲ·pauseⱼ over the pauses j = 1 … most − 1.
fn paused(backoff: Backoff, fails: f64, most: f64) -> f64 {
    let pauses = most - 1.0;
    if pauses <= 0.0 || fails <= 0.0 {
        return 0.0;
    }
    // As many pauses as grow before the longest is reached.
    let growing = if backoff.base >= backoff.most {
        0.0
    } else if backoff.factor <= 1.0 {
        pauses
    } else {
        (math::ln(backoff.most / backoff.base) / math::ln(backoff.factor))
            .ceil()
            .min(pauses)
    };
    let grown = fails * backoff.base * geometric(fails * backoff.factor, growing);
    let longest = math::pow(fails, growing + 1.0)
        * backoff.most
        * geometric(fails, (pauses - growing).max(0.0));
    (1.0 - backoff.jitter / 2.0) * (grown + longest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_by_hand() {
        let backoff = |factor, most, jitter| Backoff {
            base: 1.0,
            factor,
            most,
            jitter,
        };
        // Certain failures: 1 + 2 + 4, then 5 twice.
        assert!((paused(backoff(2.0, 5.0, 0.0), 1.0, 6.0) - 17.0).abs() < 1e-9);
        // Each is as likely as all tries before it fail: ½·1 + ¼·2 + ⅛·4; half of it is left to chance.
        assert!((paused(backoff(2.0, 60.0, 1.0), 0.5, 4.0) - 0.75).abs() < 1e-9);
        assert!((paused(backoff(1.0, 60.0, 0.0), 1.0, 4.0) - 3.0).abs() < 1e-9);
        assert_eq!(paused(backoff(2.0, 0.5, 0.0), 1.0, 3.0), 1.0);
        assert_eq!(paused(backoff(2.0, 5.0, 0.0), 1.0, 1.0), 0.0);
    }
}
