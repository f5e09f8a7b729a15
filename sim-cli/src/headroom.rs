//! The program `headroom`: all commands, completions for shells and manual pages.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::builder::{Resettable, StyledStr};
use clap::{Args, CommandFactory, Parser, Subcommand};
use clap_complete::Shell;

use crate::common::failure::Failure;
use crate::common::output::print;
use crate::common::program::program_of;
use crate::scenario::RunArguments;
use crate::{cache, mm1, scenario};

/// An interactive queueing lab, on the command line: stations, whole systems, caches, and the page's exhibits.
#[derive(Debug, Parser)]
#[command(name = "headroom", version, max_term_width = 100, after_long_help = guide())]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Mm1(Box<mm1::Arguments>),
    Cache(Box<cache::Arguments>),
    #[command(flatten)]
    Scenario(scenario::Command),
    /// Simulate a scenario at several values of a field: PATH=from..to:points or PATH=a,b,c
    Sweep(Box<RunArguments>),
    /// Simulate two scenarios on the same random numbers, and say how much they differ
    Compare(Box<RunArguments>),
    /// Print completions for a shell
    Completions(CompletionsArguments),
    /// Write manual pages, one for each command
    Manual(ManualArguments),
}

#[derive(Debug, Args)]
struct CompletionsArguments {
    /// Which one
    shell: Shell,
}

#[derive(Debug, Args)]
struct ManualArguments {
    /// The folder that they go to, such as ~/.local/share/man/man1
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
}

/// What `--help` teaches after the commands.
const GUIDE: &str = "\
Examples:
  headroom mm1 -u 0.9                         every number of M/M/1 at one load
  headroom run web.toml                       a system that a file describes
  headroom sweep web.toml resources.db.servers=1..8:8
  headroom compare old.toml new.toml          is new faster, and by how much?
  headroom cache --policy lru,sieve --curve 20
  headroom exhibit latency-curve              what the page shows, with the same numbers
  headroom completions bash > ~/.local/share/bash-completion/completions/headroom

Exit code: 0 done; 1 a file cannot be read or written; 2 an argument or a scenario is wrong.";

fn guide() -> String {
    format!("{}\n\n{GUIDE}", scenario::EXAMPLE)
}

pub(crate) fn main() -> ExitCode {
    program_of(command(), run)
}

fn run(arguments: &Arguments) -> Result<(), Failure> {
    match &arguments.command {
        Command::Mm1(arguments) => mm1::run(arguments),
        Command::Cache(arguments) => cache::run(arguments),
        Command::Scenario(command) => scenario::run(command),
        Command::Sweep(arguments) | Command::Compare(arguments) => scenario::simulate(arguments),
        Command::Completions(arguments) => completions(arguments.shell),
        Command::Manual(arguments) => manual(arguments),
    }
}

/// The command line, with what the commands say of themselves in the words of this program. What a sweep and a comparison are about is
/// no flag of theirs, but comes after the scenario.
fn command() -> clap::Command {
    let after_the_file = |argument: clap::Arg| {
        argument
            .long(Resettable::Reset)
            .index(2)
            .required(true)
            .help_heading(Resettable::Reset)
    };
    in_our_words(Arguments::command())
        .mut_subcommand("sweep", |it| it.mut_arg("sweep", after_the_file))
        .mut_subcommand("compare", |it| it.mut_arg("compare", after_the_file))
}

/// Where a command has the name of an example, its texts call it by that.
fn in_our_words(command: clap::Command) -> clap::Command {
    let ours = |text: &StyledStr| {
        let text = text.to_string();
        text.replace("batch ", "headroom ")
            .replace("  mm1", "  headroom mm1")
            .replace("`mm1 ", "`headroom mm1 ")
            .replace("  cache --", "  headroom cache --")
    };
    let command = match command.get_after_long_help().map(ours) {
        Some(text) => command.after_long_help(text),
        None => command,
    };
    command
        .mut_args(|argument| {
            let short = argument.get_help().map(ours);
            let long = argument.get_long_help().map(ours);
            let argument = match short {
                Some(text) => argument.help(text),
                None => argument,
            };
            match long {
                Some(text) => argument.long_help(text),
                None => argument,
            }
        })
        .mut_subcommands(in_our_words)
}

fn completions(shell: Shell) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command(), "headroom", &mut script);
    print(&String::from_utf8_lossy(&script))
}

fn manual(arguments: &ManualArguments) -> Result<(), Failure> {
    let folder = &arguments.folder;
    std::fs::create_dir_all(folder)
        .and_then(|()| clap_mangen::generate_to(command(), folder))
        .map_err(|error| Failure::file("FOLDER", folder, &error))
}
