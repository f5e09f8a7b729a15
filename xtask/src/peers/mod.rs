//! `cargo xtask peers`: how fast the same models run in general discrete-event simulators and in Headroom. No test: it installs
//! the others from their registries and takes some minutes.
//!
//! A simulator takes part as a program below `xtask/peers/`, written the way its own documentation teaches and as fast as that
//! allows. It gets a seed as its only argument and prints, for each model,
//!
//! ```json
//! {"model": "M/M/1", "requests": 1000000, "seconds": 2.5, "mean_response": 10.01}
//! ```
//!
//! with the seconds of the simulation alone and the mean response time of the requests after the first tenth. The programs take
//! turns, round by round, so that a busy moment of the machine harms none more than another; the fastest round counts.

mod caches;
mod models;
mod programs;
mod proof;
mod table;
mod timing;

use anyhow::{Result, bail};

/// Times every simulator in `rounds` rounds and prints a table in Markdown.
///
/// # Errors
/// If a peer cannot be installed or run. Once the table is printed: if Headroom's own program cannot be built, or a simulator
/// was left out because its means show that it did other work.
pub fn compare(rounds: u32) -> Result<()> {
    let ours = programs::ours();
    if let Err(error) = &ours {
        eprintln!("error: {error:#}\n       The table goes without Headroom.");
    }
    let mut programs: Vec<_> = ours.as_ref().ok().into_iter().flatten().cloned().collect();
    programs.extend(programs::rust()?);
    programs.extend(programs::python()?);
    let mut timings = timing::measure(&programs, rounds)?;
    let objections = proof::leave_out_other_work(&mut timings);
    println!("{}\n\n{}", table::markdown(&timings), caption(rounds)?);
    if !objections.is_empty() {
        bail!(
            "left out, for they did other work:\n{}",
            objections.join("\n")
        );
    }
    ours.map(drop)
}

/// Times other caches beside Headroom's and prints a table in Markdown.
///
/// # Errors
/// If a peer cannot be installed or run.
pub fn compare_caches() -> Result<()> {
    caches::compare()
}

/// What the cells say, and on what they depend.
fn caption(rounds: u32) -> Result<String> {
    let versions = programs::platforms()?.join(", ");
    Ok(format!(
        "Requests a second on one thread in the fastest run of {rounds}; how many times slower that is than Headroom; the mean \
         response time over all runs. {versions}. `cargo xtask peers` repeats it."
    ))
}
