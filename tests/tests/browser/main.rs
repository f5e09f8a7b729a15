//! The page in a real browser: what every exhibit of the registry must do, and what must hold when something fails.
//!
//! `cargo xtask test` builds the page and runs these; by themselves they are run with
//! `cargo test -p tests --test browser -- --ignored [FILTER]`.

#![allow(clippy::disallowed_methods, reason = "a browser is waited for")]

mod accessibility;
mod address;
mod command;
mod controls;
mod failures;
mod figures;
mod golden;
mod loading;
mod mortality;
mod motion;
mod sittings;
mod widths;

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Result;
use libtest_mimic::{Arguments, Failed, Trial};
use sim_core::exhibits::{Entry, registry};
use tests::world::World;

/// Trials under construction.
struct Trials {
    /// Absent when trials are only listed or passed over.
    world: Option<Arc<World>>,
    trials: Vec<Trial>,
}

impl Trials {
    /// Adds a trial of the page as a whole.
    fn add(
        &mut self,
        name: impl Into<String>,
        check: impl Fn(&Arc<World>) -> Result<()> + Send + 'static,
    ) {
        let world = self.world.clone();
        let runner = move || {
            let world = world.as_ref().ok_or("the surroundings were not started")?;
            check(world).map_err(|error| Failed::from(format!("{error:#}")))
        };
        self.trials
            .push(Trial::test(name, runner).with_ignored_flag(true));
    }

    /// Adds a trial of every exhibit.
    fn add_for_each(
        &mut self,
        name: &str,
        check: impl Fn(&Arc<World>, &'static dyn Entry) -> Result<()> + Copy + Send + 'static,
    ) {
        for &entry in registry() {
            let name = format!("{}::{name}", entry.card().id);
            self.add(name, move |world| check(world, entry));
        }
    }
}

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    let runs = !arguments.list && (arguments.ignored || arguments.include_ignored);
    // Each trial has a browser with workers of its own.
    arguments.test_threads = arguments.test_threads.or(Some(2));
    let world = match runs.then(World::start).transpose() {
        Ok(world) => world.map(Arc::new),
        Err(error) => {
            eprintln!("error: {error:#}");
            return ExitCode::FAILURE;
        }
    };
    let mut trials = Trials {
        world,
        trials: Vec::new(),
    };
    loading::add(&mut trials);
    figures::add(&mut trials);
    sittings::add(&mut trials, arguments.filter.as_deref());
    address::add(&mut trials);
    mortality::add(&mut trials);
    accessibility::add(&mut trials);
    failures::add(&mut trials);
    golden::add(&mut trials);
    let conclusion = libtest_mimic::run(&arguments, trials.trials);
    // The trials and with them the surroundings are gone; nothing is left behind by leaving now.
    conclusion.exit_code()
}
