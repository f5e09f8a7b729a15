//! The command line: its commands, their flags and their help.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use sim_core::run::{DOUBLINGS, EXHIBIT_REPLICATIONS, EXHIBIT_SEED, MAX_REPLICATIONS};
use sim_core::scenario::MAX_SECONDS;

use crate::common::effort::EffortArguments;
use crate::common::numbers::{number, whole};
use crate::common::output::Format;
use crate::scenario::changes::Change;
use crate::scenario::range::Sweep;
use crate::scenario::share::Share;

/// Any scenario in batch: a system of queues described in a file, or an exhibit of the page.
///
/// A scenario describes the requests (classes), what they queue for (resources) and what each request does (path). It is a
/// TOML or JSON file; sim-core/scenarios has some to start from.
#[derive(Debug, Parser)]
#[command(name = "batch", version, after_long_help = guide(), max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Simulate a scenario: once, along a sweep, beside another one, or a share of its replications
    Run(Box<RunArguments>),
    /// Put the shares of a run together: prints what a single run of that length would have printed, byte for byte
    Merge(MergeArguments),
    /// Say what is wrong with scenario files, or that they are fine
    Check(CheckArguments),
    /// Print the JSON Schema of scenarios, for editors and other programs
    Schema,
    /// List the page's exhibits with their controls
    List,
    /// Run an exhibit as the page does: the same scenarios, seed and replications, and what it shows
    Exhibit(ExhibitArguments),
}

/// Flags of `run`.
#[derive(Debug, Args)]
#[command(after_long_help = RUN_GUIDE, allow_negative_numbers = true)]
pub(crate) struct RunArguments {
    /// The scenario, a file ending in .toml or .json; - reads it from standard input
    #[arg(value_name = "FILE")]
    pub(crate) scenario: PathBuf,

    /// Change a field first, named by its path in the file: resources.db.servers=8
    #[arg(long = "set", value_name = "PATH=VALUE", help_heading = "Scenario")]
    pub(crate) changes: Vec<Change>,

    /// Also say how many requests are answered within this many seconds, and how many wait no longer; may be given several times
    ///
    /// It is added to what probes.within of the scenario asks for.
    #[arg(
        long, value_name = "SECONDS", value_delimiter = ',', help_heading = "Scenario",
        value_parser = |text: &str| number(text, 0.0, MAX_SECONDS)
    )]
    pub(crate) within: Vec<f64>,

    /// Run at several values of a field: PATH=from..to:points or PATH=a,b,c
    #[arg(long, value_name = "PATH=VALUES", help_heading = "Scenario")]
    pub(crate) sweep: Option<Sweep>,

    /// Run this scenario too, with the same --set and the same random numbers, and say how much it differs
    #[arg(
        long, value_name = "FILE", help_heading = "Scenario",
        conflicts_with_all = ["sweep", "precision", "plot"]
    )]
    pub(crate) compare: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) effort: EffortArguments,

    /// What to print
    #[arg(
        short,
        long,
        value_enum,
        default_value = "table",
        help_heading = "Output"
    )]
    pub(crate) format: Format,

    /// Also draw a picture, to a file ending in .svg or .png: response times over the values of a sweep, over time where
    /// probes.series is set, else how they are distributed
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(crate) plot: Option<PathBuf>,

    /// Run only the i-th of n equal shares of the replications, and write its partial results for `merge`
    #[arg(
        long, value_name = "i/n", help_heading = "Shards",
        conflicts_with_all = ["sweep", "compare", "plot", "format"]
    )]
    pub(crate) shard: Option<Share>,

    /// Double warm-up and window of the shares this often; a run without --shard does that by itself where it doubts its numbers
    ///
    /// `merge` says when it is needed.
    #[arg(
        long, value_name = "N", requires = "shard", default_value = "0", help_heading = "Shards",
        value_parser = |text: &str| whole(text, 0, u64::from(DOUBLINGS))
    )]
    pub(crate) doubled: u64,

    /// Where the partial results go [default: standard output]
    #[arg(long, value_name = "FILE", requires = "shard", help_heading = "Shards")]
    pub(crate) out: Option<PathBuf>,
}

/// Flags of `merge`.
#[derive(Debug, Args)]
pub(crate) struct MergeArguments {
    /// The partial results of all shards, in any order
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,

    /// What to print
    #[arg(short, long, value_enum, default_value = "table")]
    pub(crate) format: Format,
}

/// Flags of `check`.
#[derive(Debug, Args)]
pub(crate) struct CheckArguments {
    /// Scenario files
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
}

/// Flags of `exhibit`.
#[derive(Debug, Args)]
#[command(allow_negative_numbers = true)]
pub(crate) struct ExhibitArguments {
    /// Which one: see `batch list`
    #[arg(value_name = "ID")]
    pub(crate) id: String,

    /// Set a control, by its key and value as in the page's address: utilization=0.9
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub(crate) values: Vec<String>,

    /// Seed of the random numbers; the default is the page's
    #[arg(
        short, long, value_name = "S", default_value_t = EXHIBIT_SEED,
        value_parser = |text: &str| whole(text, 0, u64::MAX)
    )]
    pub(crate) seed: u64,

    /// Independent replications of each scenario; the default is the page's
    #[arg(
        short, long, value_name = "R", default_value_t = EXHIBIT_REPLICATIONS,
        value_parser = |text: &str| whole(text, 1, MAX_REPLICATIONS)
    )]
    pub(crate) replications: u64,

    /// Threads to use; the results do not depend on it [default: all cores]
    #[arg(
        short, long, value_name = "T",
        value_parser = |text: &str| whole(text, 1, 1024)
    )]
    pub(crate) threads: Option<u64>,

    /// What to print
    #[arg(short, long, value_enum, default_value = "table")]
    pub(crate) format: Format,

    /// Also draw the first figure, to a file ending in .svg or .png
    #[arg(long, value_name = "FILE")]
    pub(crate) plot: Option<PathBuf>,
}

/// What `--help` teaches after the commands.
pub(crate) const EXAMPLE: &str = "\
A scenario, web.toml:
  [classes.page.arrivals.poisson]
  rate = 80                                   # requests per second

  [resources.db]
  kind = \"station\"
  servers = 1

  [[path]]
  work = { at = \"db\", demand = { exponential = { mean = 0.010 } } }";

/// What `--help` teaches after it.
const GUIDE: &str = "\
Examples:
  batch run web.toml                          its latencies, utilizations and losses
  batch run web.toml --set resources.db.servers=2
  batch run web.toml --sweep classes.page.arrivals.poisson.rate=10..90:9 --plot curve.svg
  batch run web.toml --within 0.1,1           how many are answered within 100 ms, within 1 s?
  batch run old.toml --compare new.toml       is new faster, and by how much?
  batch check web.toml                        lists every problem, one a line
  batch run web.toml --shard 2/8 --out 2.json; batch merge *.json
  batch list; batch exhibit ID --set KEY=VALUE
                                              what the page shows, with the same numbers

`batch run --help` says what the output means. Exit code: 0 done; 1 a file cannot be read or
written; 2 an argument or a scenario is wrong.";

fn guide() -> String {
    format!("{EXAMPLE}\n\n{GUIDE}")
}

/// What `run --help` teaches after the flags.
const RUN_GUIDE: &str = "\
Fields are named as in messages about them: classes.page.arrivals.poisson.rate, path[0].work.demand.
A value is written as in TOML; anything else is taken as a text. To choose another law, policy or
horizon, set it as a whole: --set 'horizon={span={seconds=60}}'. Where a law is wanted, a plain number
is a constant, in seconds: --set resources.db.service=0.01.

What the output says:
  estimate [low, high]  simulated value and its 95% interval, from independent replications; `exact`
                        where nothing is random and every replication gives the same
  theory                for a single station: the exact formula, where one holds; ≈ is an approximation
  mean response W       time from arrival to departure, of requests that were served
  mean wait Wq          the part of it spent waiting in queues
  L, Lq                 requests in the system, and requests that wait
  P50 … P99.9           response time that 50% … 99.9% of requests do not exceed
  at least              only a bound is known: some requests were still inside when it was read
  waits                 the share that had to wait, percentiles of the wait, and with --within or
                        probes.within the shares done in time
  calls, tries          visits a request pays to a resource, and tries it begins at an attempt
  eight of ten          across replications, the 10th and 90th percentile of a mean: how much one
                        such day differs from the next
  utilization           share of servers, or of places of a pool, in use
  flow                  what became of the requests that arrived while it was measured
  doubtful              what the run doubts of its own numbers; it was repeated longer where that helps
  not converged         the interval of the mean or of P99 is wider than asked (±5%, or --precision),
                        or something is doubted
  unstable              more arrives than can be served: there is no steady state, only growth

In JSON a quantity is { estimate, low, high, theory }, null where not known; times are in seconds.";
