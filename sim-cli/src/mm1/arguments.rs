//! The command line: its flags, their help, and which of them go together.

use std::path::PathBuf;

use clap::Parser;
use sim_core::scenario::MAX_SERVERS;

use crate::common::effort::EffortArguments;
use crate::common::numbers::{number, rate, whole};
use crate::common::output::Format;
use crate::mm1::loads::{MAX_POINTS, Utilizations};

/// How a station's response time grows with its load: theory beside simulation, or recorded traffic beside theory's
/// promise.
///
/// Requests arrive, wait first come first served for one of c servers, are served and leave. Without arguments: M/M/1 from
/// 10% to 95% utilization.
#[derive(Debug, Parser)]
#[command(name = "mm1", version, after_long_help = GUIDE, allow_negative_numbers = true, max_term_width = 100)]
pub(crate) struct Arguments {
    /// Utilization ρ = λ/(cμ): a value, a list 0.1,0.5,0.9 or a range 0.1..0.95 [default: 0.1 to 0.95]
    #[arg(
        short,
        long,
        value_name = "ρ",
        allow_hyphen_values = true,
        help_heading = "Load"
    )]
    pub(crate) utilization: Option<Utilizations>,

    /// Number of points of a range of utilizations [default: 18]
    #[arg(
        long, value_name = "N", requires = "utilization", help_heading = "Load",
        value_parser = |text: &str| whole(text, 2, MAX_POINTS as u64)
    )]
    pub(crate) points: Option<u64>,

    /// Arrival rate λ, requests per second, instead of a utilization
    #[arg(
        short, long, value_name = "λ", conflicts_with = "utilization", help_heading = "Load",
        value_parser = rate
    )]
    pub(crate) arrival_rate: Option<f64>,

    /// Law of the gaps between arrivals: see "Laws" in --help
    #[arg(
        long,
        value_name = "LAW",
        default_value = "exponential",
        allow_hyphen_values = true,
        help_heading = "Load"
    )]
    pub(crate) arrivals: String,

    /// Number of servers c
    #[arg(
        short = 'c', long, value_name = "c", default_value = "1", help_heading = "Station",
        value_parser = servers
    )]
    pub(crate) servers: u32,

    /// Service rate μ of one server, requests per second: the mean service time is 1/μ
    #[arg(
        short = 'm', long, value_name = "μ", default_value = "1", help_heading = "Station",
        value_parser = rate
    )]
    pub(crate) service_rate: f64,

    /// Law of the service times: see "Laws" in --help
    #[arg(
        long,
        value_name = "LAW",
        default_value = "exponential",
        allow_hyphen_values = true,
        help_heading = "Station"
    )]
    pub(crate) service: String,

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

    /// Also draw the curve, to a file ending in .svg or .png
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(crate) plot: Option<PathBuf>,

    /// Replay recorded traffic: a CSV file with a header, a line for each request, in order of time
    #[arg(
        long, value_name = "FILE", help_heading = "Recorded traffic",
        requires_all = ["time_column", "service_column"],
        conflicts_with_all = [
            "utilization", "arrival_rate", "arrivals", "service_rate", "service", "requests", "replications",
            "precision", "seed", "plot",
        ]
    )]
    pub(crate) trace: Option<PathBuf>,

    /// Column of the arrival times: seconds, or timestamps such as 2023-11-16 18:17:03.9799600
    #[arg(
        long,
        value_name = "NAME",
        requires = "trace",
        allow_hyphen_values = true,
        help_heading = "Recorded traffic"
    )]
    pub(crate) time_column: Option<String>,

    /// Column of the work each request brings
    #[arg(
        long,
        value_name = "NAME",
        requires = "trace",
        allow_hyphen_values = true,
        help_heading = "Recorded traffic"
    )]
    pub(crate) service_column: Option<String>,

    /// Seconds of service for each unit of that column
    #[arg(
        long, value_name = "X", default_value = "1", requires = "trace", help_heading = "Recorded traffic",
        value_parser = |text: &str| number(text, 1e-12, 1e12)
    )]
    pub(crate) service_scale: f64,

    /// Run the recorded time this many times as fast: 2 asks "what if traffic doubled?"
    #[arg(
        long, value_name = "S", default_value = "1", requires = "trace", help_heading = "Recorded traffic",
        value_parser = |text: &str| number(text, 1e-6, 1e6)
    )]
    pub(crate) speed: f64,
}

fn servers(text: &str) -> Result<u32, String> {
    let servers = whole(text, 1, u64::from(MAX_SERVERS))?;
    // The most servers are far fewer.
    Ok(u32::try_from(servers).unwrap_or(MAX_SERVERS))
}

/// What `--help` teaches after the flags.
const GUIDE: &str = "\
Examples:
  mm1                                         the classical curve: look beyond 80%
  mm1 -u 0.9                                  every number at one load
  mm1 -u 0.5..0.98 --points 20 --plot curve.svg
  mm1 -a 90 -m 25 -c 4                        90 requests/s, 4 servers that take 40 ms each
  mm1 -u 0.8 --service lognormal:4            80% load with uneven work
  mm1 -u 0.95 --precision 0.01 --format json  as long as ±1% takes
  mm1 -u 1.2 -n 1e6                           beyond capacity: how fast does the queue grow?
  mm1 --trace calls.csv --time-column at --service-column tokens --service-scale 0.02 -c 4
                                              your own traffic, and what M/M/4 would promise

Laws (SCV: squared coefficient of variation, variance over squared mean; exponential: 1):
  exponential           memoryless: independent requests, very uneven work
  deterministic         always the same: a clock, a fixed amount of work
  uniform[:spread]      evenly within ± spread of the mean (a share of it, 1 if left out)
  erlang:k              k exponential stages in a row, SCV 1/k: more even than exponential
  mixed-erlang:scv      any SCV from 0.001 to 1
  hyperexponential:scv  a few long among many short, any SCV from 1 on
  lognormal:scv         a moderate tail, as measured service times often have
  weibull:shape         shape below 1: a heavier tail than exponential; above: a lighter one
  pareto:shape          a power-law tail; up to shape 2 the variance is infinite
  bounded-pareto:shape:ratio
                        the same, cut off at ratio times the smallest value
  empirical:v1;v2;...   one of these values at random, scaled to the mean

What the output says:
  utilization ρ      share of the servers' time that is needed, λ/(cμ); from 1 on the queue grows
  mean_response W    seconds from arrival to departure
  mean_wait Wq       seconds before service begins
  mean_in_system L   requests in the system, waiting or being served
  mean_in_queue Lq   requests that wait
  p50 … p999         response time that 50%, 90%, 95%, 99%, 99.9% of requests do not exceed
  estimate, low, high
                     simulated value and its 95% interval, from independent replications
  theory             the exact formula, where one holds; ≈ in the table is an approximation
                     (`approximation` in JSON)
  converged          false while the interval of the mean or of P99 is wider than asked
  growth_rate        beyond capacity: by how many requests a second the queue grows; its theory
                     is λ − cμ

For recorded traffic the estimates say what these very requests would have experienced. The
intervals come from 20 consecutive sections of the record, taken as independent; they say how
much another such record might differ.";
