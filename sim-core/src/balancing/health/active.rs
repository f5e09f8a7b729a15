//! Active checks, HAProxy's `check inter fall rise`: the balancer asks each server itself, at regular times.
//!
//! A server that is up goes down after `fall` failed checks in a row, one that is down comes up after `rise` good ones in a row.
//! HAProxy keeps both in one counter h: up while h ≥ rise. A failed check takes one from it, to 0 at once when that leads below
//! rise; a good check adds one, to its greatest value rise + fall − 1 at once when that leads to rise or above. It starts at
//! h = rise: believed up, but on the word of nobody, so the very first check may take the server down.
//! Source: HAProxy 2.4, `set_server_check_status` in `src/check.c`, and its configuration manual under `inter`, `fall`, `rise`
//! and `timeout check`.

use serde::{Deserialize, Serialize};

use super::super::policy::whole_in_range;
use super::{MAX_SECONDS, MIN_SECONDS};
use crate::error::{InputError, in_range};

/// The most checks in a row that can be asked for.
const MAX_IN_A_ROW: u32 = 1000;

/// Active checks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct ActiveChecks {
    /// Seconds from the beginning of one check to that of the next, `0.001..=1e9`.
    pub interval: f64,
    /// Seconds after which a check without an answer has failed, `0.001..=1e9`; the interval if not given.
    pub timeout: Option<f64>,
    /// Failed checks in a row that take a server down, `1..=1000`.
    pub fall: u32,
    /// Good checks in a row that bring it back, `1..=1000`.
    pub rise: u32,
    /// Seconds from the start until the first check of every server, `0..=1e9`; if not given, anywhere in the first interval, each
    /// server by itself.
    pub first: Option<f64>,
}

impl Default for ActiveChecks {
    fn default() -> Self {
        Self {
            interval: 2.0,
            timeout: None,
            fall: 3,
            rise: 2,
            first: None,
        }
    }
}

impl ActiveChecks {
    /// Checks the parameters.
    ///
    /// # Errors
    /// Names the parameter, its value and what is allowed.
    pub fn validate(&self) -> Result<(), InputError> {
        in_range("interval", self.interval, MIN_SECONDS, MAX_SECONDS)?;
        in_range("timeout", self.timeout(), MIN_SECONDS, MAX_SECONDS)?;
        whole_in_range("fall", self.fall, 1, MAX_IN_A_ROW)?;
        whole_in_range("rise", self.rise, 1, MAX_IN_A_ROW)?;
        in_range("first", self.first.unwrap_or(0.0), 0.0, MAX_SECONDS).map(|_| ())
    }

    /// Seconds after which a check without an answer has failed.
    pub fn timeout(&self) -> f64 {
        self.timeout.unwrap_or(self.interval)
    }
}

/// The counters of all servers.
#[derive(Debug, Clone)]
pub(super) struct Counters {
    fall: u32,
    rise: u32,
    health: Vec<u32>,
}

impl Counters {
    pub(super) fn new(checks: &ActiveChecks, servers: usize) -> Self {
        Self {
            fall: checks.fall,
            rise: checks.rise,
            health: vec![checks.rise; servers],
        }
    }

    /// A new server stands in this place.
    pub(super) fn reset(&mut self, server: usize) {
        self.health[server] = self.rise;
    }

    pub(super) fn is_up(&self, server: usize) -> bool {
        self.health[server] >= self.rise
    }

    /// A check ended.
    pub(super) fn checked(&mut self, server: usize, well: bool) {
        let (rise, best) = (self.rise, self.rise + self.fall - 1);
        let health = &mut self.health[server];
        *health = match well {
            true if *health + 1 >= rise => best,
            true => *health + 1,
            false if *health <= rise => 0,
            false => *health - 1,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The counter after each check, `+` for good and `-` for failed, and whether the server is then up.
    fn timeline(fall: u32, rise: u32, checks: &str) -> (Vec<u32>, String) {
        let rule = ActiveChecks {
            fall,
            rise,
            ..ActiveChecks::default()
        };
        let mut counters = Counters::new(&rule, 1);
        let (mut health, mut states) = (Vec::new(), String::new());
        for check in checks.chars() {
            counters.checked(0, check == '+');
            health.push(counters.health[0]);
            states.push(if counters.is_up(0) { 'U' } else { 'd' });
        }
        (health, states)
    }

    #[test]
    fn three_failures_take_it_down_and_two_good_checks_bring_it_back() {
        // Fall 3, rise 2: the counter goes from 0 to 4, up from 2.
        assert_eq!(
            timeline(3, 2, "++---++"),
            (vec![4, 4, 3, 2, 0, 1, 4], "UUUUddU".into())
        );
    }

    #[test]
    fn a_flapping_server_stays_as_it_is() {
        // One good check makes up for any failures before it, and one failure for any good checks.
        let (health, states) = timeline(3, 2, "+--+--+-+---+-+-++");
        assert_eq!(states, "UUUUUUUUUUUddddddU");
        assert_eq!(
            health,
            [4, 3, 2, 4, 3, 2, 4, 3, 4, 3, 2, 0, 1, 0, 1, 0, 1, 4]
        );
    }

    #[test]
    fn the_first_check_alone_may_take_it_down() {
        assert_eq!(timeline(3, 2, "-+-++-").1, "ddddUU");
        assert_eq!(timeline(3, 2, "+---").1, "UUUd");
    }

    #[test]
    fn fall_and_rise_of_one_follow_each_check() {
        assert_eq!(timeline(1, 1, "+-+--+").1, "UdUddU");
        assert_eq!(timeline(1, 3, "+-++-+++-").1, "UddddddUd");
    }
}
