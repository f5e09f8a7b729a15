//! Checks of an exhibit that share a page, as a reader tries one thing after another. Loading it takes longer than most of them.
//!
//! Before each of them the controls are reset. Where the trials are filtered by the name of a check, it has a page of its own.

use std::sync::Arc;

use anyhow::{Result, ensure};
use sim_core::exhibits::Entry;
use tests::browser::{Browser, Look};
use tests::exhibit::Exhibit;
use tests::world::World;

use crate::{Trials, accessibility, address, command, controls, figures, motion, widths};

/// Something that must hold of an exhibit, with its name.
type Check = (&'static str, fn(&Exhibit<'_>) -> Result<()>);

/// A page, and what must hold of the exhibit on it.
struct Sitting {
    name: &'static str,
    look: Look,
    /// Whether nothing is simulated, for what has nothing to do with that.
    quiet: bool,
    checks: &'static [Check],
}

const SITTINGS: [Sitting; 3] = [
    Sitting {
        name: "by_hand",
        look: Look::WIDE,
        quiet: true,
        checks: &[
            ("figures_follow_the_ground", figures::follow_the_ground),
            ("every_value_can_be_typed", controls::typed),
            ("what_cannot_be_is_refused_in_words", controls::refused),
            ("every_slider_works_by_keyboard", controls::by_keyboard),
            ("every_option_can_be_chosen", controls::chosen),
            ("every_preset_works_and_reset_goes_back", controls::presets),
            ("a_command_can_be_copied", command::copied),
            ("every_slider_works_by_touch", controls::by_touch),
            (
                "nonsense_in_the_address_is_said_and_put_right",
                address::nonsense,
            ),
            ("the_address_holds_the_state", address::holds),
        ],
    },
    Sitting {
        name: "on_a_laptop",
        look: Look::WIDE,
        quiet: false,
        checks: &[
            ("figures_are_drawn_at_device_resolution", figures::drawn),
            ("figures_have_words_and_numbers", figures::described),
            ("readouts_follow_the_values", figures::readouts),
            (
                "a_handle_moves_its_control_by_mouse",
                figures::handle_by_mouse,
            ),
            (
                "a_handle_moves_its_control_by_keyboard",
                figures::handle_by_keyboard,
            ),
            ("axe_finds_nothing", accessibility::axe),
            ("the_animation_moves_and_can_be_paused", motion::moves),
            ("reduced_motion_is_honoured", motion::still),
        ],
    },
    Sitting {
        name: "on_a_telephone",
        look: Look::NARROW,
        quiet: false,
        checks: &[
            (
                "figures_are_drawn_at_device_resolution_in_hand",
                figures::drawn,
            ),
            (
                "a_handle_moves_its_control_by_touch",
                figures::handle_by_touch,
            ),
            ("every_slider_works_by_mouse", controls::by_mouse),
            ("axe_finds_nothing_in_hand", accessibility::axe),
            ("nothing_scrolls_sideways", widths::fits),
        ],
    },
];

/// Adds the sittings of every exhibit; of those with a check whose name contains the filter, only such checks, each by itself.
pub(crate) fn add(trials: &mut Trials, filter: Option<&str>) {
    for sitting in &SITTINGS {
        let asked = |(name, _): &&Check| filter.is_some_and(|filter| name.contains(filter));
        let mut by_name = sitting.checks.iter().filter(asked).peekable();
        if by_name.peek().is_none() {
            trials.add_for_each(sitting.name, |world, entry| sitting.hold(world, entry));
        }
        for check in by_name {
            trials.add_for_each(check.0, |world, entry| {
                sitting.hold_for(std::slice::from_ref(check), world, entry)
            });
        }
    }
}

impl Sitting {
    /// All checks, whatever the others found; a page on which one failed is not used for the next.
    fn hold(&self, world: &Arc<World>, entry: &'static dyn Entry) -> Result<()> {
        let mut failures = Vec::new();
        let mut rest = self.checks;
        while !rest.is_empty() {
            let done = match self.hold_until_one_fails(rest, world, entry) {
                Ok(()) => rest.len(),
                Err((at, error)) => {
                    failures.push(format!("{}: {error:#}", rest[at].0));
                    at + 1
                }
            };
            rest = &rest[done..];
        }
        ensure!(failures.is_empty(), "{}", failures.join("\n"));
        Ok(())
    }

    fn hold_for(
        &self,
        checks: &[Check],
        world: &Arc<World>,
        entry: &'static dyn Entry,
    ) -> Result<()> {
        let held = self.hold_until_one_fails(checks, world, entry);
        held.map_err(|(_, error)| error)
    }

    /// Which check failed, and how.
    fn hold_until_one_fails(
        &self,
        checks: &[Check],
        world: &Arc<World>,
        entry: &'static dyn Entry,
    ) -> Result<(), (usize, anyhow::Error)> {
        let browser = Browser::open(world, &self.look).map_err(|error| (0, error))?;
        let exhibit = self
            .open(world, &browser, entry)
            .map_err(|error| (0, error))?;
        for (at, (_, check)) in checks.iter().enumerate() {
            let held = exhibit.reset().and_then(|()| check(&exhibit));
            held.map_err(|error| (at, error))?;
        }
        Ok(())
    }

    fn open<'a>(
        &self,
        world: &World,
        browser: &'a Browser,
        entry: &'static dyn Entry,
    ) -> Result<Exhibit<'a>> {
        let open = if self.quiet {
            Exhibit::open_quiet
        } else {
            Exhibit::open_alone
        };
        let exhibit = open(world, browser, entry, "")?;
        exhibit.unfold()?;
        Ok(exhibit)
    }
}
