//! Passive checks, nginx's `max_fails` and `fail_timeout`: a server is judged by what became of the requests sent to it.
//!
//! Each server has fails, accessed and checked. A failed request adds one to fails and sets accessed = checked = now. A server is
//! left out while fails ≥ `max_fails` and now − checked ≤ `fail_timeout`. When a server is chosen more than `fail_timeout` after
//! checked, checked = now: that request is the test, and until it has gone well, no second one is risked for another
//! `fail_timeout`. A request that goes well sets fails = 0 if accessed < checked, that is, if the server was tested since it last
//! failed; until then, one success does not make up for a failure.
//!
//! `max_fails` 0 never leaves a server out. A group of a single server never does either, and counts nothing. Every balancer
//! counts for itself. Source: nginx, `ngx_http_upstream_get_peer` and `ngx_http_upstream_free_round_robin_peer`.
//!
//! nginx reads a clock of whole seconds; here time flows. Older versions of nginx forgot all failures when nobody was left;
//! like the newer ones, this does not.

use serde::{Deserialize, Serialize};

use super::super::policy::whole_in_range;
use super::MAX_SECONDS;
use crate::error::{InputError, in_range};

/// The most failures that can be put up with.
const MAX_FAILS: u32 = 1_000_000;

/// Passive checks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct MaxFails {
    /// Failed requests that make a server be left out, `0..=1000000`; 0 means never.
    pub max_fails: u32,
    /// Seconds within which they count and for which it is left out, `0..=1e9`.
    pub fail_timeout: f64,
}

impl Default for MaxFails {
    fn default() -> Self {
        Self {
            max_fails: 1,
            fail_timeout: 10.0,
        }
    }
}

impl MaxFails {
    /// Checks the parameters.
    ///
    /// # Errors
    /// Names the parameter, its value and what is allowed.
    pub fn validate(&self) -> Result<(), InputError> {
        whole_in_range("max_fails", self.max_fails, 0, MAX_FAILS)?;
        in_range("fail_timeout", self.fail_timeout, 0.0, MAX_SECONDS).map(|_| ())
    }
}

/// What is known of one server.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Account {
    fails: u32,
    accessed: f64,
    checked: f64,
}

impl Account {
    const NEW: Self = Self {
        fails: 0,
        accessed: f64::NEG_INFINITY,
        checked: f64::NEG_INFINITY,
    };
}

/// The accounts of all servers.
#[derive(Debug, Clone)]
pub(super) struct Accounts {
    rule: MaxFails,
    servers: Vec<Account>,
}

impl Accounts {
    pub(super) fn new(rule: &MaxFails, servers: usize) -> Self {
        Self {
            rule: rule.clone(),
            servers: vec![Account::NEW; servers],
        }
    }

    /// A new server stands in this place.
    pub(super) fn reset(&mut self, server: usize) {
        self.servers[server] = Account::NEW;
    }

    /// Whether `server` may be chosen.
    pub(super) fn is_up(&self, server: usize, now: f64) -> bool {
        let account = self.servers[server];
        let failed = self.rule.max_fails > 0 && account.fails >= self.rule.max_fails;
        !failed || now - account.checked > self.rule.fail_timeout
    }

    /// When a server that may not be chosen may be again, if nothing happens until then.
    pub(super) fn returns_at(&self, server: usize) -> f64 {
        self.servers[server].checked + self.rule.fail_timeout
    }

    /// `server` was chosen. Tells whether it may be chosen no more.
    pub(super) fn chosen(&mut self, server: usize, now: f64) -> bool {
        let account = &mut self.servers[server];
        if now - account.checked > self.rule.fail_timeout {
            account.checked = now;
        }
        !self.is_up(server, now)
    }

    /// A request to `server` ended. Tells whether its failures changed.
    pub(super) fn answered(&mut self, server: usize, now: f64, well: bool) -> bool {
        let account = &mut self.servers[server];
        let before = account.fails;
        if !well {
            *account = Account {
                fails: before.saturating_add(1),
                accessed: now,
                checked: now,
            };
            return true;
        }
        if account.accessed < account.checked {
            account.fails = 0;
        }
        account.fails != before
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What happens to the only account, and what is then known.
    #[derive(Clone, Copy)]
    enum Event {
        Chosen,
        Well,
        Failed,
    }
    use Event::{Chosen, Failed, Well};

    /// Plays (time, event, expected fails, accessed, checked, whether it may be chosen just then).
    fn play(max_fails: u32, events: &[(f64, Event, u32, f64, f64, bool)]) {
        let rule = MaxFails {
            max_fails,
            ..MaxFails::default()
        };
        let mut accounts = Accounts::new(&rule, 1);
        for &(now, event, fails, accessed, checked, up) in events {
            match event {
                Chosen => _ = accounts.chosen(0, now),
                Well => _ = accounts.answered(0, now, true),
                Failed => _ = accounts.answered(0, now, false),
            }
            let expected = Account {
                fails,
                accessed,
                checked,
            };
            assert_eq!(accounts.servers[0], expected, "at {now}");
            assert_eq!(accounts.is_up(0, now), up, "at {now}");
        }
    }

    const NEVER: f64 = f64::NEG_INFINITY;

    #[test]
    fn one_failure_leaves_it_out_until_a_test_goes_well() {
        play(
            1,
            &[
                (0.0, Chosen, 0, NEVER, 0.0, true),
                (1.0, Failed, 1, 1.0, 1.0, false),
                // 10 s after the failure it is still out, then one test is risked.
                (11.0, Well, 1, 1.0, 1.0, false),
                (11.5, Chosen, 1, 1.0, 11.5, false),
                (12.0, Well, 0, 1.0, 11.5, true),
                (30.0, Chosen, 0, 1.0, 30.0, true),
            ],
        );
    }

    #[test]
    fn a_test_that_fails_or_hangs_keeps_it_out() {
        play(
            1,
            &[
                (0.0, Failed, 1, 0.0, 0.0, false),
                (11.0, Chosen, 1, 0.0, 11.0, false),
                (15.0, Failed, 2, 15.0, 15.0, false),
                // The next test hangs: another is risked when `fail_timeout` is over.
                (26.0, Chosen, 2, 15.0, 26.0, false),
                (37.0, Chosen, 2, 15.0, 37.0, false),
                (38.0, Well, 0, 15.0, 37.0, true),
            ],
        );
    }

    #[test]
    fn three_failures_add_up_over_successes_until_a_test() {
        play(
            3,
            &[
                (0.0, Chosen, 0, NEVER, 0.0, true),
                (1.0, Failed, 1, 1.0, 1.0, true),
                // Chosen within 10 s of checked: no test, so the success does not count.
                (2.0, Chosen, 1, 1.0, 1.0, true),
                (3.0, Well, 1, 1.0, 1.0, true),
                (9.0, Failed, 2, 9.0, 9.0, true),
                (18.0, Failed, 3, 18.0, 18.0, false),
                (29.0, Chosen, 3, 18.0, 29.0, false),
                (29.5, Well, 0, 18.0, 29.0, true),
                // Two failures more than 10 s apart, with a success after a test between them, never add up.
                (31.0, Failed, 1, 31.0, 31.0, true),
                (42.0, Chosen, 1, 31.0, 42.0, true),
                (43.0, Well, 0, 31.0, 42.0, true),
                (44.0, Failed, 1, 44.0, 44.0, true),
            ],
        );
    }

    #[test]
    fn max_fails_of_zero_never_leaves_it_out() {
        play(
            0,
            &[
                (0.0, Failed, 1, 0.0, 0.0, true),
                (0.0, Failed, 2, 0.0, 0.0, true),
            ],
        );
    }
}
