//! Any scenario in batch: from a file or an exhibit, once or along a sweep, beside another one, on one machine or many.
//! `cargo run --release -p sim-core --example batch -- --help` teaches the rest.

fn main() -> std::process::ExitCode {
    sim_cli::batch()
}
