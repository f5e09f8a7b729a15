//! The four policies in sentences: what they cost readers, writers and the database, who reads old values, what a crash takes.

use super::model::Known;
use super::{CACHE, Found, Params, Policy, Shown};
use crate::exhibits::Readout;
use crate::exhibits::caches::{DATABASE, cache, place, plain};
use crate::exhibits::parts::{capital, measured};
use crate::exhibits::sentence::Sentence;
use crate::figure::format::{number, value};
use crate::figure::{Role, Unit};
use crate::run::report::Report;

pub(super) fn readouts(params: &Params, found: &Found) -> Vec<Readout> {
    let known = Policy::ALL.map(|policy| (policy, params.known(policy, &found.groups)));
    let sentences = [
        Some(waits(params, &known)),
        extremes(params, &known),
        Some(load(params, &known)),
        Some(old(params, &known)),
        Some(crash(params, found)),
        Some(simulated(params, found)),
        busy(found),
    ];
    sentences.into_iter().flatten().collect()
}

fn own(params: &Params, known: &[(Policy, Known); 4]) -> Known {
    let chosen = known.iter().find(|it| it.0 == params.policy);
    chosen.unwrap_or(&known[0]).1.clone()
}

/// What the chosen policy costs.
fn waits(params: &Params, known: &[(Policy, Known); 4]) -> Readout {
    let it = own(params, known);
    let name = capital(params.policy.label());
    let Some([read, write]) = it.responses(params.shown) else {
        return Sentence::new(&name)
            .text(" asks the database for ")
            .number(value(it.utilization, Unit::Percent), Role::Overload)
            .text(" of what it can do: requests wait without end")
            .end();
    };
    let (what, role) = match params.shown {
        Shown::Mean => (": on average a read takes ", Role::Theory),
        Shown::P99 => (": one read in a hundred takes more than ", Role::Tail),
    };
    let time = |time| format!("≈\u{a0}{}", value(time, Unit::Seconds));
    Sentence::new(&name)
        .text(what)
        .number(time(read), role)
        .text(", a write ")
        .number(time(write), role)
        .text("; ")
        .number(value(it.hits, Unit::Percent), Role::Theory)
        .text(" of reads find a copy")
        .end()
}

/// Who is best for readers, and for writers.
fn extremes(params: &Params, known: &[(Policy, Known); 4]) -> Option<Readout> {
    let best = |at: usize| {
        let times = known
            .iter()
            .filter_map(|(policy, it)| Some((*policy, it.responses(params.shown)?[at])));
        times.min_by(|a, b| a.1.total_cmp(&b.1))
    };
    let (reader, writer) = (best(0)?, best(1)?);
    if reader.0 == writer.0 {
        let sentence = Sentence::new("Readers and writers wait least with ")
            .text(reader.0.label())
            .text(": ")
            .number(value(reader.1, Unit::Seconds), Role::Theory)
            .text(" and ");
        return Some(
            sentence
                .number(value(writer.1, Unit::Seconds), Role::Theory)
                .end(),
        );
    }
    Some(
        Sentence::new("Readers wait least with ")
            .text(reader.0.label())
            .text(", ")
            .number(value(reader.1, Unit::Seconds), Role::Theory)
            .text("; writers with ")
            .text(writer.0.label())
            .text(", ")
            .number(value(writer.1, Unit::Seconds), Role::Theory)
            .end(),
    )
}

/// The database, policy by policy.
fn load(params: &Params, known: &[(Policy, Known); 4]) -> Readout {
    let mut sentence = Sentence::new("Asked of the database: ");
    for (at, (policy, it)) in known.iter().enumerate() {
        let joined = if at == 0 { "" } else { ", " };
        let role = if it.utilization >= 1.0 {
            Role::Overload
        } else {
            Role::Theory
        };
        sentence = sentence
            .text(joined)
            .number(value(it.utilization, Unit::Percent), role)
            .text(&format!(" by {}", policy.label()));
    }
    let without = params.traffic / params.database_capacity();
    sentence
        .text("; without a cache ")
        .number(value(without, Unit::Percent), Role::Theory)
        .end()
}

/// Who reads old values.
fn old(params: &Params, known: &[(Policy, Known); 4]) -> Readout {
    let it = own(params, known);
    let Some(stale) = it.stale else {
        let sentence = Sentence::new(
            "A copy that expires before its write has gone to the database is fetched anew, and old",
        );
        return if params.ttl > params.interval {
            sentence
                .text("; here copies live longer than writes wait")
                .end()
        } else {
            sentence
                .text(": copies live for ")
                .number(value(params.ttl, Unit::Seconds), Role::Theory)
                .text(", writes wait for up to ")
                .number(value(params.interval, Unit::Seconds), Role::Overload)
                .end()
        };
    };
    if stale <= 0.0 {
        return Sentence::new("Nobody reads an old value with ")
            .text(params.policy.label())
            .text(", as long as no code forgets the cache")
            .end();
    }
    let a_day = stale * params.reads_per_second() * 86_400.0;
    Sentence::new("")
        .number(value(stale, Unit::Percent), Role::Overload)
        .text(" of reads get an old value, ")
        .number(number(a_day, 3), Role::Overload)
        .text(" a day, for up to ")
        .number(value(params.ttl, Unit::Seconds), Role::Theory)
        .text(" after the write")
        .end()
}

/// What a crash takes with it.
fn crash(params: &Params, found: &Found) -> Readout {
    let lost = params.lost(params.interval);
    let sentence = Sentence::new("Under write-behind a crash of the cache loses ")
        .number(value(lost, Unit::Number), Role::Overload)
        .text(" writes on average, all of them answered");
    let simulated = found
        .outage
        .and_then(|report| measured(params.lost_in(report)?, Unit::Number));
    match simulated {
        Some(simulated) => sentence
            .text("; simulated ")
            .number(simulated, Role::Simulation)
            .end(),
        None => sentence.text("; the other policies lose none").end(),
    }
}

fn chosen<'a>(params: &Params, found: &Found<'a>) -> Option<&'a Report> {
    found.policies.iter().find(|it| it.0 == params.policy)?.1
}

/// The chosen policy, measured.
fn simulated(params: &Params, found: &Found) -> Readout {
    let sentence = || {
        let report = chosen(params, found)?;
        let role = match params.shown {
            Shown::Mean => Role::Simulation,
            Shown::P99 => Role::Tail,
        };
        let times = super::measured(params.shown, report)?;
        let what = match params.shown {
            Shown::Mean => "Simulated means: reads ",
            Shown::P99 => "Simulated P99s: reads ",
        };
        let stale = plain(cache(report, CACHE)?.stale_share);
        let sentence = Sentence::new(what)
            .number(measured(times[0], Unit::Seconds)?, role)
            .text(", writes ")
            .number(measured(times[1], Unit::Seconds)?, role)
            .text("; old values ")
            .number(measured(stale, Unit::Percent)?, Role::Simulation);
        let more = if report.converged {
            "; in brackets, 95 % intervals"
        } else {
            "; not yet converged"
        };
        Some(sentence.text(more).end())
    };
    sentence().unwrap_or_else(|| {
        Sentence::new(if found.behind {
            "In the simulation, too, the database falls behind"
        } else {
            "The simulation has no result yet"
        })
        .end()
    })
}

/// The database of all four, measured.
fn busy(found: &Found) -> Option<Readout> {
    let mut sentence = Sentence::new("Simulated, the database is busy ");
    let mut first = true;
    for (policy, report) in &found.policies {
        let Some(text) =
            report.and_then(|it| measured(place(it, DATABASE)?.utilization, Unit::Percent))
        else {
            continue;
        };
        sentence = sentence
            .text(if first { "" } else { ", " })
            .number(text, Role::Simulation)
            .text(&format!(" with {}", policy.label()));
        first = false;
    }
    (!first).then(|| sentence.end())
}
