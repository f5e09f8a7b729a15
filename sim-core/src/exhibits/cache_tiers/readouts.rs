//! The three designs in four sentences: who is fast, who spares the database, who lies and for how long. As measured, where it is;
//! elsewhere as theory expects.

use super::model::{Known, Tier};
use super::{Design, LOCAL, News, Params, SHARED, Shown, own, stale};
use crate::exhibits::Readout;
use crate::exhibits::caches::{DATABASE, READ, cache, few_groups, place};
use crate::exhibits::parts::measured;
use crate::exhibits::sentence::Sentence;
use crate::figure::format::{number, value};
use crate::figure::{Role, Unit};
use crate::run::report::{Quantity, Report};

pub(super) fn readouts(params: &Params, reports: &[Option<Report>]) -> Vec<Readout> {
    let known = params.known(&few_groups(params.items, params.skew));
    let designs = Design::ALL.map(|design| own(reports, design));
    let all = Told {
        params,
        known: &known,
        designs,
    };
    vec![all.fastest(), all.spared(), all.finds(), all.lies()]
}

/// What is known of the three designs, in their order.
struct Told<'a> {
    params: &'a Params,
    known: &'a [Known; 3],
    designs: [Option<&'a Report>; 3],
}

fn name(design: Design) -> &'static str {
    match design {
        Design::Local => "local caches",
        Design::Shared => "a shared cache",
        Design::Tiered => "both",
    }
}

impl Told<'_> {
    /// What was measured of a design, or else what theory says.
    fn number(
        &self,
        at: usize,
        unit: Unit,
        of: impl Fn(&Report) -> Option<Quantity>,
        theory: Option<f64>,
    ) -> Option<String> {
        let found = self.designs[at].and_then(of);
        let found = found.and_then(|it| measured(it, unit));
        found.or_else(|| Some(format!("≈\u{a0}{}", value(theory?, unit))))
    }

    /// Who is fastest, first.
    fn fastest(&self) -> Readout {
        let shown = self.params.shown;
        let what = match shown {
            Shown::Mean => "On average a read takes ",
            Shown::P99 => "One read in a hundred takes more than ",
        };
        let theory = |at: usize| self.known[at].response(shown);
        let mut order = [0, 1, 2];
        let or_never = |at: usize| theory(at).unwrap_or(f64::INFINITY);
        order.sort_by(|a, b| or_never(*a).total_cmp(&or_never(*b)));
        let mut sentence = Sentence::new("");
        for (place, at) in order.into_iter().enumerate() {
            let design = Design::ALL[at];
            let joined = [what, ", ", ", and "][place];
            let time = theory(at).and_then(|theory| {
                let of = |it: &Report| shown.measured(it, READ);
                self.number(at, Unit::Seconds, of, Some(theory))
            });
            sentence = match time {
                Some(time) => sentence
                    .text(joined)
                    .number(time, design.role())
                    .text(&format!(" with {}", name(design))),
                None if place == 0 => sentence
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
    fn spared(&self) -> Readout {
        let load = |sentence: Sentence, at: usize| {
            let theory = self.known[at].utilization;
            let of = |it: &Report| Some(place(it, DATABASE)?.utilization);
            let text = self.number(at, Unit::Percent, of, Some(theory));
            sentence.number(text.unwrap_or_default(), load_role(theory, Design::ALL[at]))
        };
        let without = self.params.traffic / self.params.database_capacity();
        let sentence = Sentence::new("Local caches ask the database for ");
        let sentence = load(sentence, 0).text(" of what it can do, a shared one for ");
        let sentence = load(sentence, 1).text(", both for ");
        load(sentence, 2)
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
    fn finds(&self) -> Readout {
        let hits = |sentence: Sentence, at: usize, name: &str, tier: Option<Tier>| {
            let of = |it: &Report| Some(cache(it, name)?.hit_ratio);
            let text = self.number(at, Unit::Percent, of, tier.map(|it| it.hits));
            sentence.number(text.unwrap_or_default(), Design::ALL[at].role())
        };
        let sentence = Sentence::new("A server's own cache finds ");
        let sentence = hits(sentence, 0, LOCAL, self.known[0].local).text(
            " of what that server looks up; a shared one, which sees the reads of all servers, ",
        );
        hits(sentence, 1, SHARED, self.known[1].shared).end()
    }

    /// How often an old value is read, and for how long at most.
    fn lies(&self) -> Readout {
        let params = self.params;
        if params.updates <= 0.0 {
            return Sentence::new("Nothing changes, so nothing is ever out of date").end();
        }
        let share = |at: usize| self.number(at, Unit::Percent, stale, self.known[at].stale);
        let mut sentence = Sentence::new("Out of date are ")
            .number(share(0).unwrap_or_default(), Design::Local.role())
            .text(" of reads with local caches, ")
            .number(share(1).unwrap_or_default(), Design::Shared.role())
            .text(" with a shared one");
        if let Some(both) = share(2) {
            sentence = sentence
                .text(", ")
                .number(both, Design::Tiered.role())
                .text(" with both");
        }
        let an_hour = self.known[0].stale.unwrap_or(0.0) * params.reads_per_second() * 3_600.0;
        sentence = sentence
            .text("; with local caches that is ≈\u{a0}")
            .number(number(an_hour, 3), Role::Overload)
            .text(" reads an hour, of values that were updated up to ")
            .number(value(self.oldest(), Unit::Seconds), Role::Overload)
            .text(" before");
        let forgotten = params.updates_per_second() * params.forgotten;
        if params.news == News::Event && forgotten > 0.0 {
            sentence = sentence
                .text(". Nobody tells the caches of ")
                .number(value(forgotten, Unit::PerSecond), Role::Overload)
                .text(" updates: only the time to live ends those");
        }
        sentence.end()
    }

    /// How long an old value is read from a local cache, at most.
    fn oldest(&self) -> f64 {
        let params = self.params;
        match params.news {
            News::Event if params.forgotten <= 0.0 => (params.delay_ms / 1e3).min(params.ttl),
            _ => params.ttl,
        }
    }
}

fn load_role(utilization: f64, design: Design) -> Role {
    if utilization >= 1.0 {
        Role::Overload
    } else {
        design.role()
    }
}
