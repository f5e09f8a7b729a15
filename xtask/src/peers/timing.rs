//! Runs of the programs, and what they tell.

use anyhow::{Context, Result, bail};

use super::models::{MODELS, Model};
use super::programs::Program;
use crate::process::step;

/// What one simulator showed: a result for each model, in their order.
#[derive(Debug)]
pub(super) struct Timing {
    /// The simulator's name and version.
    pub(super) title: String,
    /// For each of [`MODELS`], in their order.
    pub(super) results: Vec<Outcome>,
}

/// What one simulator showed on one model.
#[derive(Clone, Copy, Debug)]
pub(super) struct Outcome {
    /// Requests of one run.
    pub(super) requests: u64,
    /// Requests simulated in a second of the fastest run.
    pub(super) speed: f64,
    /// Mean response time in seconds, over all runs.
    pub(super) mean: f64,
}

/// One run of one model.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Run {
    requests: u64,
    seconds: f64,
    mean: f64,
}

/// Runs every program once in each round, so that all meet the same moods of the machine.
///
/// # Errors
/// If a program fails or prints something else than a line for each model.
pub(super) fn measure(programs: &[Program], rounds: u32) -> Result<Vec<Timing>> {
    let mut runs = vec![Vec::new(); programs.len()];
    for round in 1..=rounds {
        for (program, runs) in programs.iter().zip(&mut runs) {
            let what = format!("{}, round {round} of {rounds}", program.title);
            runs.push(step(&what, || parse(&program.run(round)?))?);
        }
    }
    let timings = programs.iter().zip(&runs);
    Ok(timings
        .map(|(program, runs)| Timing {
            title: program.title.clone(),
            results: (0..MODELS.len())
                .map(|model| outcome(runs.iter().map(|round| round[model])))
                .collect(),
        })
        .collect())
}

/// The fastest of several runs, and the mean of their means.
fn outcome(runs: impl Iterator<Item = Run> + Clone) -> Outcome {
    let count = runs.clone().count() as f64;
    Outcome {
        requests: runs.clone().map(|run| run.requests).min().unwrap_or(0),
        speed: runs
            .clone()
            .map(|run| run.requests as f64 / run.seconds)
            .fold(0.0, f64::max),
        mean: runs.map(|run| run.mean).sum::<f64>() / count,
    }
}

/// The lines that a program prints, in the order of the models.
fn parse(printed: &str) -> Result<Vec<Run>> {
    let lines = printed
        .lines()
        .map(|line| serde_json::from_str(line).with_context(|| format!("no JSON: {line}")))
        .collect::<Result<Vec<serde_json::Value>>>()?;
    MODELS.iter().map(|model| find(model, &lines)).collect()
}

fn find(model: &Model, lines: &[serde_json::Value]) -> Result<Run> {
    let line = lines.iter().find(|line| line["model"] == model.name);
    let line = line.with_context(|| format!("no line for {}", model.name))?;
    let run = (|| {
        Some(Run {
            requests: line["requests"].as_u64()?,
            seconds: line["seconds"].as_f64()?,
            mean: line["mean_response"].as_f64()?,
        })
    })();
    match run {
        Some(run) if run.requests > 0 && run.seconds > 0.0 => Ok(run),
        _ => bail!("no requests, seconds and mean_response in {line}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(seconds: f64) -> String {
        let line = |model: &Model| {
            let name = model.name;
            format!(
                r#"{{"model":"{name}","requests":100,"seconds":{seconds},"mean_response":1.5}}"#
            )
        };
        MODELS.iter().rev().map(line).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn lines_are_found_in_any_order() {
        let run = Run {
            requests: 100,
            seconds: 2.0,
            mean: 1.5,
        };
        assert_eq!(parse(&printed(2.0)).unwrap(), vec![run; MODELS.len()]);
    }

    #[test]
    fn what_is_missing_is_said() {
        let all = printed(2.0);
        let (_, but_the_last) = all.split_once('\n').unwrap();
        let error = parse(but_the_last).unwrap_err().to_string();
        assert_eq!(error, "no line for shortest queue");
        assert!(parse(&printed(0.0)).is_err());
        assert!(parse("Compiling").is_err());
    }

    #[test]
    fn the_fastest_run_counts_and_means_are_averaged() {
        let run = |seconds, mean| Run {
            requests: 100,
            seconds,
            mean,
        };
        let outcome = outcome([run(4.0, 1.0), run(2.0, 3.0)].into_iter());
        assert_eq!(
            (outcome.requests, outcome.speed, outcome.mean),
            (100, 50.0, 2.0)
        );
    }
}
