//! `cargo xtask`: every chore of the project. `cargo xtask help` lists them.

use std::net::IpAddr;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::suite::{self, Selection};
use xtask::{measure, peers, server, site, tidy};

/// Every chore of Headroom, in Rust.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Debug, Subcommand)]
enum Chore {
    /// Build the page and serve it on this machine.
    Serve {
        /// Port to listen on; 0 takes any free one.
        #[arg(long, default_value_t = 8080)]
        port: u16,
        /// Address to listen on; 0.0.0.0 lets other machines in.
        #[arg(long, default_value = "127.0.0.1")]
        host: IpAddr,
    },
    /// Build the page into dist/, a static site for any file server under any path.
    Build,
    /// Install what is missing, then run every check and test.
    Test {
        /// Run only the tests whose names contain this, and no other checks.
        filter: Option<String>,
        /// Leave out what needs a browser.
        #[arg(long)]
        no_browser: bool,
    },
    /// Run the benchmarks.
    Bench {
        /// Measure the page in a browser instead: bytes, long tasks, speed beside native speed.
        #[arg(long)]
        page: bool,
    },
    /// Count how often the 95 % intervals cover the truth. Takes some minutes.
    Verify {
        /// Run random scenarios instead, so many of them [default: 1000000].
        #[arg(long, value_name = "N", num_args = 0..=1, default_missing_value = "1000000")]
        fuzz: Option<u64>,
        /// Run the scenarios with known answers instead, each on 200 seeds; then the same carelessly, to see what the audit sees.
        #[arg(long, conflicts_with = "fuzz")]
        zoo: bool,
    },
    /// Install general discrete-event simulators and time the same models in them. Takes some minutes.
    Peers {
        /// How often each runs; its fastest run counts.
        #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
        rounds: u32,
        /// Time other caches instead, beside this project's.
        #[arg(long, conflicts_with = "rounds")]
        caches: bool,
    },
    /// Check what the compiler cannot: layers, purity, the registry, the page's policy.
    Tidy,
}

fn main() -> ExitCode {
    let done = match Cli::parse().chore {
        Chore::Serve { port, host } => server::serve(host, port),
        Chore::Build => site::build().map(drop),
        Chore::Test { filter, no_browser } => suite::run(&Selection { filter, no_browser }),
        Chore::Bench { page: false } => measure::simulator(),
        Chore::Bench { page: true } => measure::page(),
        Chore::Verify { zoo: true, .. } => measure::zoo(),
        Chore::Verify {
            fuzz: Some(count), ..
        } => measure::fuzz(count),
        Chore::Verify { .. } => measure::coverage(),
        Chore::Peers { caches: true, .. } => peers::compare_caches(),
        Chore::Peers { rounds, .. } => peers::compare(rounds),
        Chore::Tidy => tidy::check(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
