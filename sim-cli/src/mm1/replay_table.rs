//! A replay for people: what the recorded requests met, what M/M/c would have promised, and why the two differ.

use std::path::Path;

use sim_core::trace::{Bursts, ReplayReport, Trace};

use crate::common::cells::interval;
use crate::common::columns::{Align, Columns};
use crate::common::effort::PRECISION;
use crate::common::number_text::{TimeUnit, counted, duration, percent, ratio, rounded};
use crate::common::quantities::{Kind, WORDS, measured};
use crate::mm1::arguments::Arguments;
use crate::mm1::promise::promised;

/// The whole text.
pub(crate) fn replay(
    arguments: &Arguments,
    path: &Path,
    trace: &Trace,
    found: &ReplayReport,
) -> String {
    [
        heading(arguments, path, trace, found),
        comparison(found),
        ABOUT_INTERVALS.into(),
        convergence(found),
        why(found),
    ]
    .concat()
}

const ABOUT_INTERVALS: &str = "
Measured: what these very requests would have experienced. The intervals come from 20 consecutive sections of the
record, taken as independent; they say how much another such record might differ. A dash: the sections are too short.
";

fn heading(arguments: &Arguments, path: &Path, trace: &Trace, found: &ReplayReport) -> String {
    let report = &found.report;
    let (servers, speed) = (report.servers, arguments.speed);
    let faster = if speed == 1.0 {
        String::new()
    } else {
        format!(", {speed} times as fast")
    };
    let mut lines = vec![
        format!(
            "{}: {} in {}{faster}, replayed at {}",
            path.display(),
            counted(report.requests, "request"),
            duration(trace.span() / speed),
            counted(u64::from(servers), "server"),
        ),
        format!(
            "gaps:    {} requests/s, SCV {}  (Poisson arrivals: 1)",
            rounded(report.arrival_rate),
            rounded(found.arrival_scv),
        ),
        format!(
            "service: mean {}, SCV {}  (exponential: 1)",
            duration(report.service_rate.recip()),
            rounded(found.service_scv),
        ),
        format!("utilization {}", percent(report.utilization)),
    ];
    if !report.stable {
        lines.push(format!(
            "The load reaches capacity: {} requests/s arrive, {servers} × {} can be served. Had the traffic gone on like \
             this,\nthe queue would have grown without end; M/M/{servers} has no steady state to promise.",
            rounded(report.arrival_rate),
            rounded(report.service_rate),
        ));
    }
    lines.join("\n") + "\n\n"
}

/// A line for each quantity.
fn comparison(found: &ReplayReport) -> String {
    let servers = found.report.servers;
    let report = &found.report;
    // A median may be 0, a mean is not.
    let typical =
        [report.p50, report.mean_response].map(|quantity| quantity.estimate.unwrap_or(0.0));
    let shortest = typical.into_iter().find(|time| *time > 0.0);
    let unit = TimeUnit::for_times_from(shortest.unwrap_or(1.0));
    let mut columns = Columns::new(&[
        ("", Align::Left),
        ("measured", Align::Right),
        ("95% interval", Align::Left),
        (&format!("M/M/{servers} promises"), Align::Right),
        ("", Align::Left),
        ("measured / promised", Align::Right),
    ]);
    let promise = found.mmc.as_ref().map(promised);
    let rows = WORDS.iter().zip(measured(&found.report));
    for (place, (&(words, kind), (_, quantity))) in rows.enumerate() {
        let text = |value: f64| match kind {
            Kind::Time => unit.number(value),
            Kind::Requests => rounded(value),
        };
        let promised = promise.map(|values| values[place]);
        let off_by = quantity
            .estimate
            .zip(promised)
            .filter(|(_, promised)| *promised > 0.0)
            .map(|(estimate, promised)| ratio(estimate / promised));
        columns.row(vec![
            words.to_owned(),
            quantity.estimate.map(text).unwrap_or_default(),
            interval(&quantity, text),
            promised.map_or_else(|| "–".into(), text),
            if kind == Kind::Time { unit.name } else { "" }.to_owned(),
            off_by.unwrap_or_else(|| "–".into()),
        ]);
    }
    columns.text()
}

fn convergence(found: &ReplayReport) -> String {
    if found.report.converged {
        return String::new();
    }
    format!(
        "Not converged: the interval of the mean or of P99 is wider than ±{}.\n",
        percent(PRECISION)
    )
}

/// Where the traffic departs from what M/M/c supposes.
fn why(found: &ReplayReport) -> String {
    let servers = found.report.servers;
    let gaps = format!(
        "- the SCV of the gaps is {}, of Poisson arrivals 1; that of the service times is {}, of the exponential law 1.\n",
        rounded(found.arrival_scv),
        rounded(found.service_scv),
    );
    let correlation = found.bursts.gap_correlation.map(|correlation| {
        format!(
            "- one gap and the next are correlated by {correlation:.3} (independent: 0 ± {:.3}).\n",
            1.96 / (found.report.requests as f64).sqrt(),
        )
    });
    [
        format!("\nM/M/{servers} assumes independent exponential gaps and service times. Here:\n"),
        gaps,
        unevenness(&found.bursts, servers),
        correlation.unwrap_or_default(),
        approximation(found),
    ]
    .concat()
}

fn unevenness(bursts: &Bursts, servers: u32) -> String {
    let stretch = duration(bursts.stretch);
    format!(
        "- in stretches of {stretch}, the number of arrivals has {} times the variance of a Poisson stream. In the busiest one \
         the\n  arriving work needs {} servers of {servers}; in {} of them it is more than the servers can do, in {} nothing \
         arrives.\n",
        rounded(bursts.dispersion),
        rounded(bursts.busiest_load),
        percent(bursts.overloaded),
        percent(bursts.silent),
    )
}

fn approximation(found: &ReplayReport) -> String {
    found
        .mean_response_approximation
        .map(|mean| {
            format!(
                "- allowing for both SCVs, but not for the order of gaps, the Allen–Cunneen approximation expects a mean \
                 response\n  of {}.\n",
                duration(mean)
            )
        })
        .unwrap_or_default()
}
