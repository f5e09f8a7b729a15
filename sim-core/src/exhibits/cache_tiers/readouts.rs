//! The three designs in sentences: who is fast, who spares the database, who lies and for how long.

use super::model::Known;
use super::{Design, News, Params, Shown, own, stale};
use crate::exhibits::Readout;
use crate::exhibits::caches::{DATABASE, READ, few_groups, place};
use crate::exhibits::parts::measured;
use crate::exhibits::sentence::Sentence;
use crate::figure::format::{number, value};
use crate::figure::{Role, Unit};
use crate::run::report::{Quantity, Report};

pub(super) fn readouts(params: &Params, reports: &[Option<Report>]) -> Vec<Readout> {
    let known = params.known(&few_groups(params.items, params.skew));
    let sentences = [
        Some(fastest(params, &known)),
        Some(spared(params, &known)),
        alone(params, &known),
        Some(lies(params, &known)),
        safety(params),
        Some(simulated(params, reports)),
        busy(reports),
        old(reports),
    ];
    sentences.into_iter().flatten().collect()
}

fn name(design: Design) -> &'static str {
    match design {
        Design::Local => "local caches",
        Design::Shared => "a shared cache",
        Design::Tiered => "both",
    }
}

/// Who is fastest, first.
fn fastest(params: &Params, known: &[Known; 3]) -> Readout {
    let (what, role) = match params.shown {
        Shown::Mean => ("On average a read takes ", Role::Theory),
        Shown::P99 => ("One read in a hundred takes more than ", Role::Tail),
    };
    let mut order: Vec<(Design, Option<f64>)> = Design::ALL
        .into_iter()
        .zip(known)
        .map(|(design, known)| (design, known.response(params.shown)))
        .collect();
    let or_never = |time: Option<f64>| time.unwrap_or(f64::INFINITY);
    order.sort_by(|a, b| or_never(a.1).total_cmp(&or_never(b.1)));
    let mut sentence = Sentence::new("");
    for (at, (design, time)) in order.into_iter().enumerate() {
        let joined = match at {
            0 => what,
            1 => ", ",
            _ => ", and ",
        };
        sentence = match time {
            Some(time) => sentence
                .text(joined)
                .number(format!("≈\u{a0}{}", value(time, Unit::Seconds)), role)
                .text(&format!(" with {}", name(design))),
            None if at == 0 => sentence
                .text("The database is overloaded, and reads wait without end, with ")
                .text(name(design)),
            None => sentence.text(&format!(
                "{joined}without end with {}, which overloads the database",
                name(design)
            )),
        };
    }
    sentence.end()
}

/// What the database is asked for.
fn spared(params: &Params, known: &[Known; 3]) -> Readout {
    let number = |at: usize| value(known[at].utilization, Unit::Percent);
    let role = |at: usize| {
        if known[at].utilization >= 1.0 {
            Role::Overload
        } else {
            Role::Theory
        }
    };
    let without = params.traffic / params.database_capacity();
    Sentence::new("Local caches ask the database for ")
        .number(number(0), role(0))
        .text(" of what it can do, a shared one for ")
        .number(number(1), role(1))
        .text(", both for ")
        .number(number(2), role(2))
        .text("; without caches it would be ")
        .number(
            value(without, Unit::Percent),
            if without >= 1.0 {
                Role::Overload
            } else {
                Role::Theory
            },
        )
        .end()
}

/// What it costs that every server fetches for itself.
fn alone(params: &Params, known: &[Known; 3]) -> Option<Readout> {
    let (local, shared) = (known[0].local?, known[1].shared?);
    let each = params.reads_per_second() / f64::from(params.servers);
    Some(
        Sentence::new("Each of ")
            .number(params.servers.to_string(), Role::Theory)
            .text(" servers sees ")
            .number(value(each, Unit::PerSecond), Role::Theory)
            .text(" reads and its cache finds ")
            .number(value(local.hits, Unit::Percent), Design::Local.role())
            .text("; a shared one sees all of them and finds ")
            .number(value(shared.hits, Unit::Percent), Design::Shared.role())
            .end(),
    )
}

/// How often an old value is read, and for how long at most.
fn lies(params: &Params, known: &[Known; 3]) -> Readout {
    if params.updates <= 0.0 {
        return Sentence::new("Nothing changes, so nothing is ever out of date").end();
    }
    let [local, shared, both] = known
        .each_ref()
        .map(|it| it.stale.map(|stale| value(stale, Unit::Percent)));
    let an_hour = known[0].stale.unwrap_or(0.0) * params.reads_per_second() * 3_600.0;
    let mut sentence = Sentence::new("Out of date are ")
        .number(local.unwrap_or_default(), Design::Local.role())
        .text(" of reads with local caches, ")
        .number(shared.unwrap_or_default(), Design::Shared.role())
        .text(" with a shared one");
    if let Some(both) = both {
        sentence = sentence
            .text(", ")
            .number(both, Design::Tiered.role())
            .text(" with both");
    }
    sentence = sentence
        .text(". With local caches that is ")
        .number(number(an_hour, 3), Role::Overload)
        .text(" an hour, and the old value is read for up to ");
    let most = match params.news {
        News::Event if params.forgotten <= 0.0 => (params.delay_ms / 1e3).min(params.ttl),
        _ => params.ttl,
    };
    sentence
        .number(value(most, Unit::Seconds), Role::Overload)
        .text(" after its update")
        .end()
}

/// What the time to live is for where there are events.
fn safety(params: &Params) -> Option<Readout> {
    if params.news == News::Ttl || params.forgotten <= 0.0 || params.updates <= 0.0 {
        return None;
    }
    let forgotten = params.updates_per_second() * params.forgotten;
    Some(
        Sentence::new("Nobody tells the caches of ")
            .number(value(forgotten, Unit::PerSecond), Role::Overload)
            .text(" updates: only the time to live ends those")
            .end(),
    )
}

/// The same measured, design by design.
fn three(
    what: &str,
    reports: &[Option<Report>],
    unit: Unit,
    of: impl Fn(&Report) -> Option<Quantity>,
) -> Option<Sentence> {
    let mut sentence = Sentence::new(what);
    for (at, design) in Design::ALL.into_iter().enumerate() {
        let joined = ["", ", ", " and "][at];
        let text = measured(of(own(reports, design)?)?, unit)?;
        sentence = sentence
            .text(joined)
            .number(text, design.role())
            .text(&format!(" {}", design.label()));
    }
    Some(sentence)
}

fn simulated(params: &Params, reports: &[Option<Report>]) -> Readout {
    let what = match params.shown {
        Shown::Mean => "Simulated means: ",
        Shown::P99 => "Simulated P99s: ",
    };
    let all = three(what, reports, Unit::Seconds, |it| {
        params.shown.measured(it, READ)
    });
    let known = Design::ALL.iter().filter_map(|it| own(reports, *it));
    match all {
        Some(sentence) if known.clone().all(|it| it.converged) => {
            sentence.text("; in brackets, 95 % intervals").end()
        }
        Some(sentence) => sentence.text("; not yet converged").end(),
        None if reports.iter().take(3).flatten().any(|it| !it.stable) => {
            Sentence::new("In the simulation, too, the database of a design falls behind").end()
        }
        None => Sentence::new("The simulation has no result yet").end(),
    }
}

fn busy(reports: &[Option<Report>]) -> Option<Readout> {
    let of = |it: &Report| Some(place(it, DATABASE)?.utilization);
    let sentence = three(
        "Simulated, the database is busy ",
        reports,
        Unit::Percent,
        of,
    )?;
    Some(sentence.end())
}

fn old(reports: &[Option<Report>]) -> Option<Readout> {
    let found = three("Simulated, out of date: ", reports, Unit::Percent, stale)?;
    Some(found.end())
}
