//! The latency–utilization curve in batch: theory beside simulation at any load, or recorded traffic beside theory's
//! promise.
//! `cargo run --release -p sim-core --example mm1 -- --help` teaches the rest.

fn main() -> std::process::ExitCode {
    sim_cli::mm1()
}
