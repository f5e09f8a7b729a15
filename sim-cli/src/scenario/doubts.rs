//! What a run does not trust of its own numbers, as lines for people.

use sim_core::Report;
use sim_core::run::report::Details;

/// A line for each doubt, and how often the run was made longer for them; nothing where there is nothing to say.
pub(crate) fn lines(report: &Report) -> Vec<String> {
    let mut lines: Vec<String> = report
        .doubts
        .iter()
        .map(|doubt| format!("Doubtful: {}: {}.", doubt.what, doubt.detail))
        .collect();
    if report.doubled > 0 {
        let times = match report.doubled {
            1 => "once".to_owned(),
            2 => "twice".to_owned(),
            more => format!("{more} times"),
        };
        let outcome = if lines.is_empty() {
            "Nothing is doubted any more."
        } else {
            "That did not settle it."
        };
        lines.push(format!(
            "Warm-up and window were doubled {times}, because a shorter run was doubted. {outcome}"
        ));
    }
    lines
}

/// Who waits for whom for ever, line by line.
pub(crate) fn deadlock(details: &Details) -> Option<String> {
    (!details.deadlock.is_empty()).then(|| {
        format!(
            "Deadlock: these wait for each other for ever:\n  {}",
            details.deadlock.join("\n  ")
        )
    })
}
