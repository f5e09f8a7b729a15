//! The chosen policy in sentences: what it costs readers, writers and the database beside the others, who reads old values, what a
//! crash takes. As measured, where it is; elsewhere as theory expects.

use super::model::Known;
use super::{CACHE, Found, Params, Policy, Shown};
use crate::exhibits::Readout;
use crate::exhibits::caches::{DATABASE, READ, WRITE, cache, place, plain};
use crate::exhibits::parts::{capital, measured};
use crate::exhibits::sentence::Sentence;
use crate::figure::format::{number, value};
use crate::figure::{Role, Unit};
use crate::run::report::{Quantity, Report};

pub(super) fn readouts(params: &Params, found: &Found) -> Vec<Readout> {
    let known = params.known(params.policy, &found.groups);
    vec![
        waits(params, found, &known),
        load(params, found),
        old(params, found, &known),
        crash(params, found),
    ]
}

/// What was measured of a policy, or else what theory says.
fn told(
    report: Option<&Report>,
    unit: Unit,
    of: impl Fn(&Report) -> Option<Quantity>,
    theory: f64,
) -> String {
    let found = report.and_then(of).and_then(|it| measured(it, unit));
    found.unwrap_or_else(|| format!("≈\u{a0}{}", value(theory, unit)))
}

/// What the chosen policy costs.
fn waits(params: &Params, found: &Found, known: &Known) -> Readout {
    let name = capital(params.policy.label());
    let Some(theory) = known.responses(params.shown) else {
        return Sentence::new(&name)
            .text(" asks the database for ")
            .number(value(known.utilization, Unit::Percent), Role::Overload)
            .text(" of what it can do: requests wait without end")
            .end();
    };
    let (what, role) = match params.shown {
        Shown::Mean => (": on average a read takes ", Role::Simulation),
        Shown::P99 => (": one read in a hundred takes more than ", Role::Tail),
    };
    let report = found.report(params.policy);
    let time = |class, theory| {
        let of = |it: &Report| params.shown.measured(it, class);
        told(report, Unit::Seconds, of, theory)
    };
    let hits = |it: &Report| Some(cache(it, CACHE)?.hit_ratio);
    Sentence::new(&name)
        .text(what)
        .number(time(READ, theory[0]), role)
        .text(", a write ")
        .number(time(WRITE, theory[1]), role)
        .text("; ")
        .number(
            told(report, Unit::Percent, hits, known.hits),
            Role::Simulation,
        )
        .text(" of reads find a copy")
        .end()
}

/// The database, the chosen policy first.
fn load(params: &Params, found: &Found) -> Readout {
    let mut sentence = Sentence::new("");
    for (at, policy) in params.order().into_iter().enumerate() {
        let theory = params.known(policy, &found.groups).utilization;
        let of = |it: &Report| Some(place(it, DATABASE)?.utilization);
        let text = told(found.report(policy), Unit::Percent, of, theory);
        let role = if theory >= 1.0 {
            Role::Overload
        } else {
            params.role(policy)
        };
        sentence = if at == 0 {
            sentence
                .text(&capital(policy.label()))
                .text(" asks the database for ")
                .number(text, role)
                .text(" of what it can do")
        } else {
            sentence
                .text(&format!(", {} for ", policy.label()))
                .number(text, role)
        };
    }
    let without = params.traffic / params.database_capacity();
    sentence
        .text("; without a cache it would be ")
        .number(value(without, Unit::Percent), Role::Theory)
        .end()
}

/// Who reads old values.
fn old(params: &Params, found: &Found, known: &Known) -> Readout {
    let report = found.report(params.policy);
    let of = |it: &Report| Some(plain(cache(it, CACHE)?.stale_share));
    let Some(stale) = known.stale else {
        return behind(params, report.and_then(of));
    };
    if stale <= 0.0 {
        return Sentence::new("Nobody reads an old value with ")
            .text(params.policy.label())
            .text(", as long as no code forgets the cache")
            .end();
    }
    let a_day = stale * params.reads_per_second() * 86_400.0;
    Sentence::new("")
        .number(told(report, Unit::Percent, of, stale), Role::Overload)
        .text(" of reads get an old value, ≈\u{a0}")
        .number(number(a_day, 3), Role::Overload)
        .text(" a day, for up to ")
        .number(value(params.ttl, Unit::Seconds), Role::Theory)
        .text(" after the write")
        .end()
}

/// Under write-behind old values are read where copies do not live as long as writes wait.
fn behind(params: &Params, stale: Option<Quantity>) -> Readout {
    if params.ttl > params.interval {
        return Sentence::new("Hardly a read gets an old value: copies live for ")
            .number(value(params.ttl, Unit::Seconds), Role::Theory)
            .text(", longer than the ")
            .number(value(params.interval, Unit::Seconds), Role::Theory)
            .text(" that writes wait")
            .end();
    }
    let sentence = match stale.and_then(|it| measured(it, Unit::Percent)) {
        Some(stale) => Sentence::new("")
            .number(stale, Role::Overload)
            .text(" of reads get an old value: copies live for "),
        None => Sentence::new("Some reads get an old value: copies live for "),
    };
    sentence
        .number(value(params.ttl, Unit::Seconds), Role::Theory)
        .text(", writes wait for up to ")
        .number(value(params.interval, Unit::Seconds), Role::Overload)
        .text(", and who reads in between gets what the database still has")
        .end()
}

/// What a crash takes with it.
fn crash(params: &Params, found: &Found) -> Readout {
    let lost = told(
        found.outage,
        Unit::Number,
        |it| params.lost_in(it),
        params.lost(params.interval),
    );
    let sentence = if params.policy == Policy::Behind {
        Sentence::new("A crash of the cache loses ")
    } else {
        Sentence::new("A crash of the cache loses nothing; under write-behind it would lose ")
    };
    sentence
        .number(lost, Role::Overload)
        .text(" writes on average, all of them answered")
        .end()
}
