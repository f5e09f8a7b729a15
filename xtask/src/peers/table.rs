//! The table in Markdown: a row for each simulator, a column for each model.

use super::models::MODELS;
use super::programs::OURS;
use super::timing::{Outcome, Timing};

/// Speed, distance from Headroom where its row is there, and mean response of each.
pub(super) fn markdown(timings: &[Timing]) -> String {
    let ours = timings.iter().find(|timing| timing.title == OURS);
    let mut rows = vec![
        row("", MODELS.iter().map(|model| model.name.to_owned())),
        row("---", MODELS.iter().map(|_| "---".to_owned())),
    ];
    rows.extend(timings.iter().map(|timing| {
        let cells = timing.results.iter().enumerate().map(|(model, found)| {
            let ours = ours.map(|ours| &ours.results[model]);
            cell(found, ours.filter(|ours| !std::ptr::eq(*ours, found)))
        });
        row(&timing.title, cells)
    }));
    let theory = MODELS.iter().map(|model| match model.theory {
        Some(mean) => format!("{mean:.3} s"),
        None => "–".to_owned(),
    });
    rows.push(row("theory", theory));
    rows.join("\n")
}

fn row(head: &str, cells: impl Iterator<Item = String>) -> String {
    let cells: Vec<_> = cells.collect();
    format!("| {head} | {} |", cells.join(" | "))
}

fn cell(found: &Outcome, ours: Option<&Outcome>) -> String {
    let speed = with_unit(found.speed);
    let mean = found.mean;
    match ours {
        Some(ours) => {
            let times = three_digits(ours.speed / found.speed);
            format!("{speed}/s, {times}×, {mean:.3} s")
        }
        None => format!("{speed}/s, {mean:.3} s"),
    }
}

/// A number of requests in thousands or millions.
fn with_unit(requests: f64) -> String {
    if requests >= 999_500.0 {
        format!("{} M", three_digits(requests / 1e6))
    } else {
        format!("{} k", three_digits(requests / 1e3))
    }
}

/// A positive number with three digits, or all before its point if they are more.
fn three_digits(number: f64) -> String {
    let decimals = match number {
        ..9.995 => 2,
        ..99.95 => 1,
        _ => 0,
    };
    format!("{number:.decimals$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn timing(title: &str, speed: f64) -> Timing {
        let outcome = |_| Outcome {
            requests: 1,
            speed,
            mean: 1.25,
        };
        Timing {
            title: title.to_owned(),
            results: MODELS.iter().map(outcome).collect(),
        }
    }

    #[test]
    fn ours_has_no_distance_from_itself() {
        let table = markdown(&[timing(OURS, 1e8), timing("b 1.0", 81_234.0)]);
        let lines: Vec<_> = table.lines().collect();
        assert!(
            lines[2].starts_with("| Headroom | 100 M/s, 1.250 s |"),
            "{table}"
        );
        assert!(
            lines[3].starts_with("| b 1.0 | 81.2 k/s, 1231×, 1.250 s |"),
            "{table}"
        );
        assert!(
            lines[4].starts_with("| theory | 10.000 s | 1.370 s |"),
            "{table}"
        );
    }

    #[test]
    fn without_ours_there_is_no_distance() {
        assert!(markdown(&[timing("b 1.0", 2e6)]).contains("| b 1.0 | 2.00 M/s, 1.250 s |"));
    }

    #[test]
    fn units_change_where_digits_do() {
        assert_eq!(with_unit(999_499.0), "999 k");
        assert_eq!(with_unit(999_600.0), "1.00 M");
        assert_eq!(three_digits(9.996), "10.0");
    }
}
