//! `--shard` and `merge`: a run shared out among machines, and put together again to the same bytes.

use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sim_core::document::{Document, Node, Style};
use sim_core::run::report::Stopped;
use sim_core::run::{Cancel, DOUBLINGS, MAX_REPLICATIONS, Partial, Plan, run_range};
use sim_core::{Report, Scenario};

use super::{document, table};
use crate::common::described;
use crate::common::effort::PRECISION;
use crate::common::failure::{Failure, say};
use crate::common::number_text::counted;
use crate::common::output::{Format, print};
use crate::common::progress::Progress;
use crate::scenario::arguments::{MergeArguments, RunArguments};
use crate::scenario::point::{Point, prepared};
use crate::scenario::share::Share;
use crate::scenario::source::Named;

/// The partial results of a share, as they are in its file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Shard {
    /// The name of the scenario's file.
    name: String,
    /// Which share it is, from 1.
    share: u64,
    /// Of how many.
    of: u64,
    /// Replications of all shares together.
    replications: u64,
    /// How often warm-up and window were doubled.
    doubled: u64,
    partial: Partial,
    /// Of everything above.
    digest: String,
}

impl Shard {
    /// FNV-1a, 64 bits, of what was simulated and found: tells a file that was damaged on its way, not one that was forged.
    fn digest(&self) -> String {
        let parts = (
            &self.name,
            self.share,
            self.of,
            self.replications,
            self.doubled,
            &self.partial,
        );
        // Whole numbers and finite ones: all of it has JSON.
        let text = serde_json::to_vec(&parts).expect("a document");
        let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3);
        format!("{:016x}", text.iter().fold(0xcbf2_9ce4_8422_2325, step))
    }
}

/// Runs one share.
pub(crate) fn run(arguments: &RunArguments, share: Share, named: &Named) -> Result<(), Failure> {
    let effort = &arguments.effort;
    let refused = |problem: String| Failure::Input(format!("--shard {share}: {problem}"));
    if let Some(precision) = effort.precision {
        return Err(refused(format!(
            "cannot be used with --precision {precision}, since no share knows how precise all of them are together; set the \
             number of replications with --replications"
        )));
    }
    let replications = effort.stopping().replications;
    if share.of > replications {
        return Err(refused(format!(
            "there can be no more shares than replications; there are {}",
            counted(replications, "replication")
        )));
    }
    let scenario = prepared(named, effort)?;
    let name = named.name.as_str();
    if let Some(path) = &arguments.out {
        let tried = fs::OpenOptions::new().create(true).append(true).open(path);
        tried.map_err(|error| Failure::file("--out", path, &error))?;
    }
    let plan = plan(&scenario, effort.seed, arguments.doubled)?;
    let range = share.range(replications);
    let most = plan
        .requests_per_replication()
        .saturating_mul(range.end - range.start);
    let progress = Progress::new(1);
    let point = progress.point(0, format!("{name}, {share}"));
    let tell = |requests| point.done(requests, most);
    let partial = run_range(&plan, range, effort.threads(), &Cancel::default(), &tell);
    drop(progress);
    let mut shard = Shard {
        name: name.to_owned(),
        share: share.number,
        of: share.of,
        replications,
        doubled: arguments.doubled,
        partial,
        digest: String::new(),
    };
    shard.digest = shard.digest();
    write(&shard, arguments.out.as_deref())
}

/// How each share runs the scenario.
fn plan(scenario: &Scenario, seed: u64, doubled: u64) -> Result<Plan, Failure> {
    let mut plan = Plan::new(scenario, seed)?;
    for _ in 0..doubled {
        let longer = plan.doubled();
        plan = longer.ok_or_else(|| {
            Failure::Input("--doubled: this run cannot be made longer; leave it out".into())
        })?;
    }
    Ok(plan)
}

fn write(shard: &Shard, out: Option<&Path>) -> Result<(), Failure> {
    // Whole numbers and finite ones: all of it has JSON.
    let text = serde_json::to_string(shard).expect("a document") + "\n";
    match out {
        None => print(&text),
        Some(path) => fs::write(path, text).map_err(|error| Failure::file("--out", path, &error)),
    }
}

/// Prints what one run of all shares would have printed.
pub(crate) fn merge(arguments: &MergeArguments) -> Result<(), Failure> {
    let mut shards: Vec<(String, Shard)> = Vec::new();
    for path in &arguments.files {
        let name = path.display().to_string();
        let shard = read(path)?;
        if let Some(problem) = shards
            .iter()
            .find_map(|other| misfit(&shard, &other.0, &other.1))
        {
            return Err(Failure::Input(format!("{name}: {problem}")));
        }
        shards.push((name, shard));
    }
    let Some((_, first)) = shards.first() else {
        return Err(Failure::Input("there is no file to merge".into()));
    };
    let there = |share: &u64| shards.iter().any(|(_, it)| it.share == *share);
    let missing: Vec<_> = (1..=first.of).filter(|share| !there(share)).collect();
    if !missing.is_empty() {
        let missing: Vec<_> = missing
            .iter()
            .take(20)
            .map(|it| format!("{it}/{}", first.of))
            .collect();
        return Err(Failure::Input(format!(
            "{} missing",
            match missing.as_slice() {
                [one] => format!("share {one} is"),
                several => format!("shares {} are", several.join(", ")),
            }
        )));
    }
    let seed = first.partial.seed();
    // What the shares started from, worked out once more: none of them is taken at its word.
    let plan = plan(first.partial.scenario(), seed, first.doubled)?;
    let mut all = Partial::empty(&plan);
    for (name, shard) in &shards {
        let wrong = |error| Failure::Input(format!("{name}: {error}"));
        all.merge(&shard.partial).map_err(wrong)?;
    }
    let report = all.report(PRECISION, Stopped::Budget);
    advise(&plan, first.doubled, &report);
    let point = Point::new(plan.scenario().clone(), report);
    print(&match arguments.format {
        Format::Table => table::single(&first.name, seed, PRECISION, &point),
        Format::Csv => document::csv(None, [(&Node::Null, &point)]),
        Format::Json => document::single(seed, &point),
    })
}

/// Says when a single run would have gone on.
fn advise(plan: &Plan, doubled: u64, report: &Report) {
    if report.may_settle() && doubled < u64::from(DOUBLINGS) && plan.doubled().is_some() {
        say(&format!(
            "note: these numbers are doubted, and longer shares may settle that: run all of them with --doubled {}",
            doubled + 1
        ));
    }
}

/// A share's file, checked by itself.
fn read(path: &Path) -> Result<Shard, Failure> {
    let text = described::text(path)?;
    let wrong = |problem: String| Failure::Input(format!("{}: {problem}", path.display()));
    let shard: Shard = serde_json::from_str(&text).map_err(|_| wrong(damage(&text)))?;
    let counts = (1..=shard.of).contains(&shard.share)
        && shard.of <= shard.replications
        && shard.replications <= MAX_REPLICATIONS
        && shard.doubled <= u64::from(DOUBLINGS);
    let share = Share {
        number: shard.share,
        of: shard.of,
    };
    if !counts || shard.partial.range() != Some(share.range(shard.replications)) {
        return Err(wrong(format!(
            "damaged: its replications are not those of share {share} of {} replications",
            shard.replications
        )));
    }
    shard
        .partial
        .check()
        .map_err(|error| wrong(format!("damaged: {error}")))?;
    if shard.digest != shard.digest() {
        return Err(wrong(
            "damaged: its content does not match its digest".into(),
        ));
    }
    Ok(shard)
}

/// What is wrong with a text that is no share, in words: read once more, by the reader that has them.
fn damage(text: &str) -> String {
    let read = Document::parse(Style::Json, text).and_then(|it| it.read::<Shard>());
    let why = read.map_or_else(|problem| format!(": {problem}"), |_| String::new());
    format!("this is not the complete output of `run --shard`{why}")
}

/// Why a share does not go with another one.
fn misfit(shard: &Shard, other_name: &str, other: &Shard) -> Option<String> {
    if shard.doubled != other.doubled {
        return Some(format!(
            "run with --doubled {}; {other_name} with --doubled {}",
            shard.doubled, other.doubled
        ));
    }
    let same_run = (shard.of, shard.replications) == (other.of, other.replications);
    if !same_run {
        return Some(format!(
            "one of {} shares of {} replications; {other_name} is one of {} shares of {}",
            shard.of, shard.replications, other.of, other.replications
        ));
    }
    if shard.partial.scenario() != other.partial.scenario() {
        return Some(format!("its scenario is not the one of {other_name}"));
    }
    if shard.partial.seed() != other.partial.seed() {
        return Some(format!(
            "its seed is {}; that of {other_name} is {}",
            shard.partial.seed(),
            other.partial.seed()
        ));
    }
    (shard.share == other.share).then(|| {
        format!(
            "share {}/{} is given already, as {other_name}",
            shard.share, shard.of
        )
    })
}
