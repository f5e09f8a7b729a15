//! The command line: its flags, their help, and which of them go together.

use std::path::PathBuf;

use clap::{Args, Parser, ValueEnum};
use sim_core::caching::Policy;
use sim_core::trace::keys::Format as TraceFormat;
use sim_core::wording::nearest;

use crate::cache::amounts::{Amounts, WarmUp};
use crate::cache::guide::guide;
use crate::common::numbers::{number, rate, whole};
use crate::common::output::Format;
use crate::common::threads::MAX_THREADS;

/// Hit ratios of caches: replacement policies at several sizes, on the same requests.
///
/// Requests follow a workload or a recorded trace. Each asks for an object; the cache has it (hit) or not (miss), and after a
/// miss the policy decides what is evicted. Without arguments: LRU at ten sizes, a million objects, Zipf 0.9.
#[derive(Debug, Parser)]
#[command(name = "cache", version, after_long_help = guide(), allow_negative_numbers = true, max_term_width = 100)]
pub(crate) struct Arguments {
    /// Policies, as lru,sieve,s3-fifo; see "Policies" in --help
    #[arg(
        short, long, value_name = "NAMES", default_value = "lru", value_delimiter = ',',
        help_heading = "Caches", value_parser = policy
    )]
    pub(crate) policy: Vec<Policy>,

    /// Sizes, in objects or with --bytes in bytes; 10% is a share of all objects: 100,1e4,10%
    #[arg(
        short,
        long,
        value_name = "SIZES",
        allow_hyphen_values = true,
        help_heading = "Caches"
    )]
    pub(crate) capacity: Option<Amounts>,

    /// Number of sizes, from a thousandth of all objects to all of them, in equal ratios [default: 10]
    #[arg(
        long, value_name = "POINTS", conflicts_with = "capacity", help_heading = "Caches",
        value_parser = |text: &str| whole(text, 2, 1000)
    )]
    pub(crate) curve: Option<u64>,

    /// Sizes are in bytes, and each object takes as many as its size
    #[arg(long, help_heading = "Caches")]
    pub(crate) bytes: bool,

    /// Objects expire after this many seconds; requests without times arrive at --rate
    #[arg(
        long, value_name = "SECONDS", help_heading = "Caches",
        value_parser = |text: &str| number(text, 1e-9, 1e12)
    )]
    pub(crate) ttl: Option<f64>,

    /// When the time to live starts
    #[arg(
        long,
        value_enum,
        default_value = "write",
        requires = "ttl",
        help_heading = "Caches"
    )]
    pub(crate) ttl_from: TtlFrom,

    /// Share by which each object's time to live may be shorter or longer
    #[arg(
        long, value_name = "SHARE", default_value = "0", requires = "ttl", help_heading = "Caches",
        value_parser = |text: &str| number(text, 0.0, 1.0)
    )]
    pub(crate) ttl_jitter: f64,

    #[command(flatten)]
    pub(crate) traffic: TrafficArguments,

    #[command(flatten)]
    pub(crate) recorded: RecordedArguments,

    /// Requests at the start that are not counted, a number or a share such as 10%
    #[arg(
        long,
        visible_alias = "warm-up",
        value_name = "N",
        default_value = "0",
        help_heading = "Effort"
    )]
    pub(crate) warmup: WarmUp,

    /// Simulate smaller caches on this share of the objects (SHARDS): a faster estimate
    #[arg(
        long, value_name = "RATE", help_heading = "Effort",
        value_parser = |text: &str| number(text, 1e-6, 1.0)
    )]
    pub(crate) sample: Option<f64>,

    /// Seed of the random numbers: the same arguments with the same seed give the same output, byte for byte
    #[arg(
        short, long, value_name = "S", default_value = "1", help_heading = "Effort",
        value_parser = |text: &str| whole(text, 0, u64::MAX)
    )]
    pub(crate) seed: u64,

    /// Threads to use; the results do not depend on it [default: all cores]
    #[arg(
        short, long, value_name = "T", help_heading = "Effort",
        value_parser = |text: &str| whole(text, 1, MAX_THREADS)
    )]
    pub(crate) threads: Option<u64>,

    /// What to print
    #[arg(
        short,
        long,
        value_enum,
        default_value = "table",
        help_heading = "Output"
    )]
    pub(crate) format: Format,

    /// Also draw hit ratio over size, to a file ending in .svg or .png
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(crate) plot: Option<PathBuf>,
}

/// Flags of a workload.
#[derive(Debug, Args)]
pub(crate) struct TrafficArguments {
    /// Popularity by Zipf's law with this skew [default: 0.9]
    #[arg(
        long, value_name = "α", help_heading = "Workload", group = "pattern",
        value_parser = |text: &str| number(text, 0.0, 10.0)
    )]
    pub(crate) zipf: Option<f64>,

    /// All objects are equally popular
    #[arg(long, help_heading = "Workload", group = "pattern")]
    pub(crate) uniform: bool,

    /// A share of objects and the share of requests for them, such as 0.2:0.8
    #[arg(long, value_name = "OBJECTS:REQUESTS", help_heading = "Workload", group = "pattern", value_parser = hotspot)]
    pub(crate) hotspot: Option<(f64, f64)>,

    /// All objects in order, again and again
    #[arg(long = "loop", help_heading = "Workload", group = "pattern")]
    pub(crate) cycle: bool,

    /// Runs of --scan-length objects from random starts
    #[arg(long, help_heading = "Workload", group = "pattern")]
    pub(crate) scan: bool,

    /// A workload from a file ending in .toml or .json; see "Workload files" in --help
    #[arg(
        long, value_name = "FILE", help_heading = "Workload", group = "pattern",
        conflicts_with_all = ["items", "drift", "one_hits", "scans", "size"]
    )]
    pub(crate) workload: Option<PathBuf>,

    /// Number of objects [default: 1e6]
    #[arg(
        long, value_name = "N", help_heading = "Workload",
        value_parser = |text: &str| whole(text, 1, sim_core::workload::MAX_ITEMS)
    )]
    pub(crate) items: Option<u64>,

    /// Number of requests [default: 1e7]
    #[arg(
        short = 'n', long, value_name = "N", help_heading = "Workload",
        value_parser = |text: &str| whole(text, 1, 1_000_000_000_000)
    )]
    pub(crate) requests: Option<u64>,

    /// With --zipf: every N requests, popularity moves on by one object
    #[arg(
        long, value_name = "N", help_heading = "Workload",
        conflicts_with_all = ["uniform", "hotspot", "cycle", "scan"],
        value_parser = |text: &str| whole(text, 1, 1_000_000_000_000_000)
    )]
    pub(crate) drift: Option<u64>,

    /// Share of requests for objects that are never requested again
    #[arg(
        long, value_name = "SHARE", help_heading = "Workload",
        value_parser = |text: &str| number(text, 0.0, 0.999)
    )]
    pub(crate) one_hits: Option<f64>,

    /// Share of requests that belong to scans over the same objects
    #[arg(
        long, value_name = "SHARE", help_heading = "Workload",
        value_parser = |text: &str| number(text, 0.0, 0.999)
    )]
    pub(crate) scans: Option<f64>,

    /// Objects of one scan
    #[arg(
        long, value_name = "N", default_value = "100", help_heading = "Workload",
        value_parser = |text: &str| whole(text, 1, sim_core::workload::MAX_ITEMS)
    )]
    pub(crate) scan_length: u64,

    /// Size of the objects, bytes, as 4096, or its mean and law, as 4096:lognormal:4; laws as in `mm1 --help` [default: 1]
    #[arg(long, value_name = "BYTES[:LAW]", help_heading = "Workload")]
    pub(crate) size: Option<String>,

    /// Requests per second, for requests without times of their own
    #[arg(long, value_name = "λ", default_value = "1", help_heading = "Workload", value_parser = rate)]
    pub(crate) rate: f64,
}

/// Flags of a recorded trace.
#[derive(Debug, Args)]
pub(crate) struct RecordedArguments {
    /// Requests from a file, which may be compressed (.gz, .xz, .zst); - reads standard input
    #[arg(
        long, value_name = "FILE", help_heading = "Recorded trace",
        conflicts_with_all = ["pattern", "items", "requests", "drift", "one_hits", "scans", "size"]
    )]
    pub(crate) trace: Option<PathBuf>,

    /// Format of the trace: text, csv, u32le or oracle [default: by the file's name]
    #[arg(long, value_name = "FORMAT", requires = "trace", help_heading = "Recorded trace", value_parser = trace_format)]
    pub(crate) trace_format: Option<TraceFormat>,

    /// CSV: the column of the objects, by name or number
    #[arg(
        long,
        value_name = "COLUMN",
        requires = "trace",
        help_heading = "Recorded trace"
    )]
    pub(crate) key_column: Option<String>,

    /// CSV: the column of their sizes, bytes
    #[arg(
        long,
        value_name = "COLUMN",
        requires = "trace",
        help_heading = "Recorded trace"
    )]
    pub(crate) size_column: Option<String>,

    /// CSV: the column of times, seconds or timestamps such as 2023-11-16 18:17:03.9799600
    #[arg(
        long,
        value_name = "COLUMN",
        requires = "trace",
        help_heading = "Recorded trace"
    )]
    pub(crate) time_column: Option<String>,

    /// CSV: the first line is a header, although columns are given by number
    #[arg(long, requires = "trace", help_heading = "Recorded trace")]
    pub(crate) header: bool,
}

/// When the time to live of an object starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TtlFrom {
    /// When the object is put in
    Write,
    /// When the object was last requested
    Access,
}

fn policy(text: &str) -> Result<Policy, String> {
    let known = Policy::parse("", text.trim());
    known.map_err(|_| known_names(text, &Policy::NAMES.join(", ")))
}

fn known_names(text: &str, names: &str) -> String {
    let meant = nearest(text.trim(), names.split(", "));
    let meant = meant.map_or_else(String::new, |it| format!("did you mean `{it}`? "));
    format!("{meant}Known: {names}")
}

fn trace_format(text: &str) -> Result<TraceFormat, String> {
    TraceFormat::parse("", text).map_err(|_| known_names(text, TraceFormat::NAMES))
}

fn hotspot(text: &str) -> Result<(f64, f64), String> {
    let allowed = || "it must be two shares, such as 0.2:0.8".to_owned();
    let (objects, requests) = text.split_once(':').ok_or_else(allowed)?;
    Ok((
        number(objects, 1e-9, 1.0 - 1e-9)?,
        number(requests, 0.0, 1.0)?,
    ))
}
