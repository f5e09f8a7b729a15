//! `headroom --help` says what it does.

fn main() -> std::process::ExitCode {
    sim_cli::headroom()
}
