//! Priorities: Poisson arrivals of several levels at one queue, the highest level first, within a level first come, first served.
//!
//! With σₖ the load of the levels 1 (highest) to k and Rₖ = Σ_{i≤k} λᵢ·E\[Sᵢ²\]/2, M/G/1:
//!
//! - who is in service stays (Cobham): Wqₖ = Rₙ/((1−σₖ₋₁)(1−σₖ)), with Rₙ of all levels;
//! - who is in service yields and goes on later: the visit takes S/(1−σₖ₋₁) + Rₖ/((1−σₖ₋₁)(1−σₖ)).
//!
//! With c servers and one exponential law for all:
//!
//! - who is in service stays: Wqₖ = C(c, a)/(cμ)/((1−σₖ₋₁)(1−σₖ)), with σ as shares of the capacity;
//! - who is in service yields: the levels 1 to k together are M/M/c by themselves, so Lₖ is a difference of two of these.
//!
//! Sources: A. Cobham, "Priority assignment in waiting line problems", Operations Research 2 (1954) 70–76; Gross et al.,
//! *Fundamentals of Queueing Theory*, 4th ed., section 3.4; H. Takagi, *Queueing Analysis*, volume 1 (1991), chapter 3.

use crate::error::InputError;
use crate::theory::rates::check_stable;
use crate::theory::{Mmc, erlang_c};

/// Requests of one level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Level {
    /// λ, per second.
    pub arrival_rate: f64,
    /// E\[S\], seconds.
    pub mean: f64,
    /// E\[S²\], seconds squared.
    pub second_moment: f64,
}

/// How long a visit takes: its service time `stretch` times, and `delay` seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Visit {
    /// By how much others make a service take longer.
    pub stretch: f64,
    /// Mean wait before it, seconds.
    pub delay: f64,
}

/// Mean visits at one server, the highest level first; `preemptive` if who is in service yields.
///
/// # Errors
/// [`InputError::Unstable`] if the load is 1 or more.
///
/// ```
/// use sim_core::theory::priorities::{Level, single};
/// let level = |arrival_rate| Level { arrival_rate, mean: 1.0, second_moment: 2.0 };
/// let visits = single(&[level(0.2), level(0.6)], false)?;
/// assert!((visits[0].delay - 1.0).abs() < 1e-12 && (visits[1].delay - 5.0).abs() < 1e-12);
/// # Ok::<(), sim_core::InputError>(())
/// ```
pub fn single(levels: &[Level], preemptive: bool) -> Result<Vec<Visit>, InputError> {
    let load = |levels: &[Level]| {
        levels
            .iter()
            .map(|it| it.arrival_rate * it.mean)
            .sum::<f64>()
    };
    check_stable(load(levels), 1.0)?;
    let residual = |levels: &[Level]| {
        let each = levels.iter().map(|it| it.arrival_rate * it.second_moment);
        each.sum::<f64>() / 2.0
    };
    let visit = |k: usize| {
        let (above, with) = (1.0 - load(&levels[..k]), 1.0 - load(&levels[..=k]));
        let disturbing = if preemptive { &levels[..=k] } else { levels };
        Visit {
            stretch: if preemptive { above.recip() } else { 1.0 },
            delay: residual(disturbing) / (above * with),
        }
    };
    Ok((0..levels.len()).map(visit).collect())
}

/// Mean waits, seconds, at `servers` servers whose service is exponential of rate `service_rate` for every level, from the levels'
/// arrival rates, the highest level first; `preemptive` if who is in service yields.
///
/// # Errors
/// [`InputError::Unstable`] if the load is 1 or more, [`InputError::OutOfRange`] for a rate out of range.
pub fn exponential(
    arrival_rates: &[f64],
    service_rate: f64,
    servers: u32,
    preemptive: bool,
) -> Result<Vec<f64>, InputError> {
    let capacity = f64::from(servers) * service_rate;
    let all: f64 = arrival_rates.iter().sum();
    let waits = erlang_c(servers, all / service_rate)?;
    let mut before = 0.0;
    let mut queued = 0.0;
    let mut found = Vec::new();
    for &rate in arrival_rates {
        let with = before + rate;
        if preemptive {
            let now = Mmc::new(with, service_rate, servers)?.mean_in_queue();
            found.push((now - queued) / rate);
            queued = now;
        } else {
            let (above, with) = (1.0 - before / capacity, 1.0 - with / capacity);
            found.push(waits / capacity / (above * with));
        }
        before = with;
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::testing::assert_close;
    use crate::theory::{Mg1, Mm1};

    fn level(arrival_rate: f64, mean: f64, scv: f64) -> Level {
        let second_moment = mean * mean * (1.0 + scv);
        Level {
            arrival_rate,
            mean,
            second_moment,
        }
    }

    /// Published: λ 0.2 and 0.6, μ 1: W 2.0 and 6.0.
    #[test]
    fn two_levels_of_mm1_are_as_published() {
        let visits = single(&[level(0.2, 1.0, 1.0), level(0.6, 1.0, 1.0)], false).unwrap();
        assert_close(visits[0].delay + 1.0, 2.0, 1e-12);
        assert_close(visits[1].delay + 1.0, 6.0, 1e-12);
    }

    /// The order does not change the work that is there: Σ ρₖ·Wqₖ is the same for any order that does not interrupt.
    #[test]
    fn work_is_conserved() {
        let levels = [
            level(0.1, 2.0, 3.0),
            level(0.3, 0.5, 0.0),
            level(0.2, 1.5, 1.0),
        ];
        let weighted = |levels: &[Level]| -> f64 {
            let visits = single(levels, false).unwrap();
            let pairs = levels.iter().zip(visits);
            pairs
                .map(|(it, visit)| it.arrival_rate * it.mean * visit.delay)
                .sum()
        };
        let [a, b, c] = levels;
        assert_close(weighted(&[a, b, c]), weighted(&[c, a, b]), 1e-12);
        let load = 0.65;
        let residual = (0.1 * 16.0 + 0.3 * 0.25 + 0.2 * 4.5) / 2.0;
        assert_close(weighted(&[a, b, c]), load * residual / (1.0 - load), 1e-12);
    }

    #[test]
    fn the_highest_does_not_see_the_others_where_they_yield() {
        let visits = single(&[level(0.5, 1.0, 4.0), level(0.3, 1.0, 9.0)], true).unwrap();
        let alone = Mg1::new(0.5, 1.0, 4.0).unwrap();
        assert_eq!(visits[0].stretch, 1.0);
        assert_close(visits[0].delay, alone.mean_wait(), 1e-12);
        // Exponential service: the total number is that of M/M/1.
        let visits = single(&[level(0.5, 1.0, 1.0), level(0.3, 1.0, 1.0)], true).unwrap();
        let inside = 0.5 * (visits[0].stretch + visits[0].delay)
            + 0.3 * (visits[1].stretch + visits[1].delay);
        assert_close(inside, Mm1::new(0.8, 1.0).unwrap().mean_in_system(), 1e-12);
    }

    #[test]
    fn exponential_servers_agree_with_the_single_one_and_with_mmc() {
        let rates = [0.2, 0.3, 0.25];
        let levels = rates.map(|rate| level(rate, 1.0, 1.0));
        for preemptive in [false, true] {
            let several = exponential(&rates, 1.0, 1, preemptive).unwrap();
            for (wait, visit) in several.iter().zip(single(&levels, preemptive).unwrap()) {
                assert_close(*wait, visit.delay + visit.stretch - 1.0, 1e-12);
            }
            let waits = exponential(&[1.0, 1.5, 2.0], 1.0, 5, preemptive).unwrap();
            let queued = waits[0] + 1.5 * waits[1] + 2.0 * waits[2];
            assert_close(
                queued,
                Mmc::new(4.5, 1.0, 5).unwrap().mean_in_queue(),
                1e-12,
            );
            assert!(waits[0] < waits[1] && waits[1] < waits[2]);
        }
    }

    #[test]
    fn overload_is_refused() {
        assert!(matches!(
            single(&[level(1.0, 1.0, 1.0)], false),
            Err(InputError::Unstable { .. })
        ));
        assert!(matches!(
            exponential(&[1.0, 1.0], 1.0, 2, true),
            Err(InputError::Unstable { .. })
        ));
    }
}
