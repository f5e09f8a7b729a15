//! Whether all did the same work: every mean response time against theory, or where there is none against the first simulator's.

use super::models::{MODELS, Model};
use super::timing::{Outcome, Timing};

/// Takes out of `timings` those whose means are further off than chance allows, and returns what speaks against each.
pub(super) fn leave_out_other_work(timings: &mut Vec<Timing>) -> Vec<String> {
    let found: Vec<Vec<String>> = timings
        .iter()
        .map(|timing| objections(timing, &timings[0]))
        .collect();
    let mut honest = found.iter().map(Vec::is_empty);
    timings.retain(|_| honest.next().unwrap_or(true));
    found.concat()
}

fn objections(timing: &Timing, first: &Timing) -> Vec<String> {
    let results = MODELS.iter().zip(&timing.results).zip(&first.results);
    results
        .filter_map(|((model, found), reference)| objection(model, found, reference))
        .map(|what| format!("{}, {what}", timing.title))
        .collect()
}

fn objection(model: &Model, found: &Outcome, reference: &Outcome) -> Option<String> {
    let (expected, tolerance) = match model.theory {
        Some(exact) => (exact, model.tolerance_to_theory(found.requests)),
        None => (
            reference.mean,
            model.tolerance(found.requests, reference.requests),
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
        let mut timings = vec![timing("a", 1.91), timing("b", 1.93), timing("c", 2.1)];
        let objections = leave_out_other_work(&mut timings);
        assert_eq!(timings.len(), 2);
        assert_eq!(
            objections,
            ["c, shortest queue: a mean response of 2.100 s, not 1.910 s ± 0.124 s"]
        );
    }

    #[test]
    fn a_mean_that_is_no_number_agrees_with_nothing() {
        let mut timings = vec![timing("a", 1.91), timing("b", f64::NAN)];
        assert_eq!(leave_out_other_work(&mut timings).len(), 1);
        assert_eq!(timings.len(), 1);
    }
}
