//! Whether all did the same work: every mean response time against theory, or where there is none against the median of all.

use std::iter;

use super::models::{MODELS, Model};
use super::timing::{Outcome, Timing};

/// Takes out of `timings` those whose means are further off than chance allows, and returns what speaks against each.
pub(super) fn leave_out_other_work(timings: &mut Vec<Timing>) -> Vec<String> {
    let medians: Vec<_> = (0..MODELS.len())
        .map(|model| median(timings, model))
        .collect();
    let found: Vec<_> = timings
        .iter()
        .map(|timing| objections(timing, &medians))
        .collect();
    let honest = found.iter().map(Vec::is_empty);
    *timings = iter::zip(timings.drain(..), honest)
        .filter_map(|(timing, honest)| honest.then_some(timing))
        .collect();
    found.concat()
}

/// What the simulator found whose mean is in the middle: one that is wrong does not move it far.
fn median(timings: &[Timing], model: usize) -> Outcome {
    let mut results: Vec<_> = timings.iter().map(|timing| timing.results[model]).collect();
    results.sort_by(|a, b| a.mean.total_cmp(&b.mean));
    results[(results.len() - 1) / 2]
}

fn objections(timing: &Timing, medians: &[Outcome]) -> Vec<String> {
    iter::zip(&MODELS, iter::zip(&timing.results, medians))
        .filter_map(|(model, (found, median))| objection(model, found, median))
        .map(|what| format!("{}, {what}", timing.title))
        .collect()
}

fn objection(model: &Model, found: &Outcome, median: &Outcome) -> Option<String> {
    let (expected, tolerance) = match model.theory {
        Some(exact) => (exact, model.tolerance_to_theory(found.requests)),
        None => (
            median.mean,
            model.tolerance(found.requests, median.requests),
        ),
    };
    let Outcome { mean, .. } = found;
    let agrees = (mean - expected).abs() <= tolerance;
    (!agrees).then(|| {
        let name = model.name;
        format!("{name}: a mean response of {mean:.3} s, not {expected:.3} s ± {tolerance:.3} s")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn timing(title: &str, last: f64) -> Timing {
        let means = [10.0, 1.373, 5.66, 10.0, 2.98, last];
        let outcome = |mean| Outcome {
            requests: 1_000_000,
            speed: 1e6,
            mean,
        };
        Timing {
            title: title.to_owned(),
            results: means.map(outcome).into(),
        }
    }

    #[test]
    fn a_mean_that_is_off_takes_the_row_with_it() {
        let mut timings = vec![timing("a", 2.1), timing("b", 1.93), timing("c", 1.91)];
        let objections = leave_out_other_work(&mut timings);
        assert_eq!(timings.len(), 2);
        assert_eq!(
            objections,
            ["a, shortest queue: a mean response of 2.100 s, not 1.930 s ± 0.124 s"]
        );
    }

    #[test]
    fn a_mean_that_is_no_number_agrees_with_nothing() {
        let mut timings = vec![timing("a", 1.91), timing("b", f64::NAN)];
        assert_eq!(leave_out_other_work(&mut timings).len(), 1);
        assert_eq!(timings.len(), 1);
    }
}
