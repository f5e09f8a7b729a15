//! Hit ratios in batch: any replacement policies at any sizes, on one workload or recorded trace.
//! `cargo run --release -p sim-core --example cache -- --help` teaches the rest.

fn main() -> std::process::ExitCode {
    sim_cli::cache()
}
