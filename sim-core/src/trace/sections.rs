//! Intervals from a single record: it is cut into 20 consecutive sections, and their scatter says how much another record
//! of the same traffic might differ.
//!
//! half width = t₁₉(0.975) · √(Σ (xₖ − x)² / (20 · 19)), xₖ the section's value, x that of the whole record.
//!
//! This takes the sections as independent. Traffic whose bursts last longer than a section is less certain than that.
//! Source: Asmussen and Glynn, *Stochastic Simulation*, section III.5 (sectioning).

use crate::run::report::Quantity;
use crate::stats::interval::{CONFIDENCE, half_width_factor};

/// Number of sections.
pub(super) const SECTIONS: usize = 20;
/// Requests that a section needs at least for its mean to count.
const FEWEST: usize = 5;

/// The mean of `values` with its interval; no interval for fewer than five values a section.
pub(super) fn mean(values: &[f64]) -> Quantity {
    of_requests(values, FEWEST, average)
}

/// The value that `permille` thousandths of `values` do not exceed, with its interval; no interval where a section is
/// too short to reach that far.
pub(super) fn quantile(values: &[f64], permille: usize) -> Quantity {
    let fewest = 1000_usize.div_ceil(1000 - permille).max(FEWEST);
    of_requests(values, fewest, |part| {
        let mut sorted = part.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        sorted[(sorted.len() * permille).div_ceil(1000) - 1]
    })
}

/// The time average, from 0 to `end`, of how many of the stays `(from, to)` are under way; the sections are equal
/// stretches of time. No interval for fewer than five stays a section.
pub(super) fn number_present(stays: impl Iterator<Item = (f64, f64)>, end: f64) -> Quantity {
    let length = end / SECTIONS as f64;
    let mut areas = [0.0; SECTIONS];
    let mut count = 0;
    for (from, to) in stays {
        count += 1;
        for (section, area) in areas.iter_mut().enumerate() {
            let start = section as f64 * length;
            *area += (to.min(start + length) - from.max(start)).max(0.0);
        }
    }
    let present = areas.map(|area| area / length);
    let estimate = average(&present);
    if count / SECTIONS < FEWEST {
        return Quantity::new(estimate, None);
    }
    around(estimate, &present)
}

fn of_requests(values: &[f64], fewest: usize, statistic: impl Fn(&[f64]) -> f64) -> Quantity {
    let estimate = statistic(values);
    if values.len() / SECTIONS < fewest {
        return Quantity::new(estimate, None);
    }
    let cut = |section: usize| section * values.len() / SECTIONS;
    let sections: Vec<f64> = (0..SECTIONS)
        .map(|section| statistic(&values[cut(section)..cut(section + 1)]))
        .collect();
    around(estimate, &sections)
}

/// Student's interval around `estimate`. Nothing measured here can be negative, so its lower end is not either.
fn around(estimate: f64, sections: &[f64]) -> Quantity {
    let squares: f64 = sections
        .iter()
        .map(|x| (x - estimate) * (x - estimate))
        .sum();
    let deviation = (squares / (sections.len() as f64 - 1.0)).sqrt();
    let factor = half_width_factor(sections.len() as u64, CONFIDENCE);
    let interval = factor.map(|factor| factor * deviation);
    Quantity::new(
        estimate,
        interval.map(|half| ((estimate - half).max(0.0), estimate + half)),
    )
}

/// The arithmetic mean.
pub(super) fn average(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// t₁₉(0.975), from tables.
    const T19: f64 = 2.093_024_054_408_263;

    #[test]
    fn the_interval_of_a_mean_by_hand() {
        // Ten sections of five ones, ten of five threes: mean 2, every deviation 1.
        let values: Vec<f64> = [1.0, 3.0].iter().flat_map(|&x| [x; 5]).collect();
        let quantity = mean(&values.repeat(10));
        let half = T19 * (20.0_f64 / (20.0 * 19.0)).sqrt();
        assert_eq!(quantity.estimate, Some(2.0));
        assert!((quantity.high.unwrap() - 2.0 - half).abs() < 1e-12);
        assert!((quantity.low.unwrap() - 2.0 + half).abs() < 1e-12);
    }

    #[test]
    fn a_quantile_is_a_value_of_the_record_that_enough_do_not_exceed() {
        let values: Vec<f64> = (1..=1000).rev().map(f64::from).collect();
        for (permille, expected) in [(500, 500.0), (990, 990.0), (999, 999.0)] {
            assert_eq!(quantile(&values, permille).estimate, Some(expected));
        }
        assert_eq!(quantile(&[7.0], 999).estimate, Some(7.0));
    }

    #[test]
    fn short_sections_give_no_interval() {
        let values = vec![1.0; 20 * 100];
        assert_eq!(quantile(&values, 990).high, Some(1.0));
        assert_eq!(quantile(&values, 999).high, None);
        assert_eq!(quantile(&values[1..], 990).high, None);
        assert_eq!(mean(&values[..99]).high, None);
    }

    #[test]
    fn presence_is_spread_over_the_time_it_lasts() {
        // Of 20 s, 50 stay the first half and 50 the last tenth: area 600.
        let stays = [(0.0, 10.0), (18.0, 20.0)];
        let quantity = number_present(stays.repeat(50).into_iter(), 20.0);
        assert!((quantity.estimate.unwrap() - 30.0).abs() < 1e-9);
        // Twelve sections are off by 20, eight by 30.
        let half = T19 * ((12.0 * 400.0 + 8.0 * 900.0_f64) / (20.0 * 19.0)).sqrt();
        assert!((quantity.high.unwrap() - 30.0 - half).abs() < 1e-9);
        let few = number_present(stays.into_iter(), 20.0);
        assert!((few.estimate.unwrap() - 0.6).abs() < 1e-12);
        assert_eq!(few.high, None);
    }
}
