//! The rule of cooldowns: ⌈n·u/target⌉ servers at most `step` away from what there is, and no change for a while after the last one.
//!
//! Cooldowns are those of AWS Auto Scaling's simple policies ("Scaling cooldowns for Amazon EC2 Auto Scaling"); the wish is that of
//! Kubernetes without its memory. Servers on their way count as idle, lest more and more are ordered while the first ones start.

use super::controller::Seen;
use super::{Autoscaler, COOLDOWN_IN, COOLDOWN_OUT, whole_number};

/// Computing n·u/target may land this far, as a share, above a whole number that it is: it is not rounded up for that.
const ROUNDING: f64 = 1e-9;

/// The rule's memory.
#[derive(Debug, Clone)]
pub(super) struct Cooldown {
    last_out: f64,
    last_change: f64,
}

impl Cooldown {
    pub(super) fn new() -> Self {
        Self {
            last_out: f64::NEG_INFINITY,
            last_change: f64::NEG_INFINITY,
        }
    }

    pub(super) fn decide(&mut self, rule: &Autoscaler, now: f64, seen: &Seen) -> u32 {
        let present = seen.present;
        let wanted = stepped(rule, present, desired(rule, present, seen.mean));
        let (out, back) = (
            rule.cooldown_out.unwrap_or(COOLDOWN_OUT),
            rule.cooldown_in.unwrap_or(COOLDOWN_IN),
        );
        if wanted > present && now - self.last_out >= out {
            (self.last_out, self.last_change) = (now, now);
            wanted
        } else if wanted < present && now - self.last_change >= back {
            self.last_change = now;
            wanted
        } else {
            present
        }
    }
}

/// ⌈n·u/target⌉ within the bounds, or `present` within them if the utilization is near its target.
fn desired(rule: &Autoscaler, present: u32, utilization: f64) -> u32 {
    let ratio = utilization.clamp(0.0, 1e9) / rule.target;
    let is_near = utilization.is_nan() || (ratio - 1.0).abs() <= rule.tolerance;
    let desired = if is_near {
        f64::from(present)
    } else {
        (f64::from(present) * ratio * (1.0 - ROUNDING)).ceil()
    };
    whole_number(desired.clamp(f64::from(rule.min), f64::from(rule.max)))
}

/// Not further than a step away.
fn stepped(rule: &Autoscaler, present: u32, wanted: u32) -> u32 {
    let step = rule.step.unwrap_or(u32::MAX);
    wanted.clamp(present.saturating_sub(step), present.saturating_add(step))
}

#[cfg(test)]
mod tests {
    use super::super::{Controller, Rule};
    use super::*;

    /// Decisions as (time, present, utilization, wanted).
    fn play(rule: &Autoscaler, decisions: &[(f64, u32, f64, u32)]) {
        let mut controller = Controller::new(rule);
        for &(now, present, utilization, wanted) in decisions {
            let seen = Seen {
                present,
                mean: utilization,
                ..Seen::default()
            };
            let found = controller.decide(now, &seen);
            assert_eq!(
                found, wanted,
                "{present} servers at {utilization}, at {now}"
            );
        }
    }

    fn free() -> Autoscaler {
        Autoscaler {
            max: 100,
            rule: Rule::Cooldown,
            cooldown_out: Some(0.0),
            cooldown_in: Some(0.0),
            ..Autoscaler::default()
        }
    }

    #[test]
    fn the_published_formula() {
        // Kubernetes' own example: at twice the target twice the servers, at half of it half.
        play(
            &free(),
            &[
                (0.0, 4, 1.2, 8),
                (1.0, 8, 0.3, 4),
                (2.0, 3, 0.7, 4),   // 3.5
                (3.0, 10, 0.9, 15), // 15 and not 16, whatever 0.9/0.6 rounds to
                (4.0, 7, 0.0, 1),
                (5.0, 60, 1.2, 100),
            ],
        );
    }

    #[test]
    fn near_the_target_nothing_changes() {
        play(
            &free(),
            &[
                (0.0, 10, 0.65, 10),
                (1.0, 10, 0.55, 10),
                (2.0, 10, 0.67, 12), // 11.17
                (3.0, 10, 0.53, 9),  // 8.83
                (4.0, 10, f64::NAN, 10),
            ],
        );
    }

    #[test]
    fn bounds_hold_whatever_the_utilization() {
        let rule = Autoscaler {
            min: 3,
            max: 6,
            ..free()
        };
        play(
            &rule,
            &[
                (0.0, 1, 0.6, 3),
                (1.0, 9, 0.6, 6),
                (2.0, 4, 9.0, 6),
                (3.0, 4, 0.01, 3),
                (4.0, 4, f64::INFINITY, 6),
                (5.0, 0, f64::NAN, 3),
                (6.0, 0, f64::INFINITY, 3),
            ],
        );
    }

    #[test]
    fn a_step_limits_each_decision_either_way() {
        let rule = Autoscaler {
            step: Some(2),
            ..free()
        };
        play(
            &rule,
            &[
                (0.0, 4, 1.0, 6), // 6.67
                (15.0, 6, 1.0, 8),
                (30.0, 8, 0.1, 6),
                (45.0, 6, 0.45, 5), // 4.5
            ],
        );
    }

    #[test]
    fn cooldowns_hold_back_out_and_in() {
        let rule = Autoscaler {
            rule: Rule::Cooldown,
            max: 100,
            ..Autoscaler::default()
        };
        play(
            &rule,
            &[
                (0.0, 4, 0.9, 6),
                (15.0, 6, 0.9, 6),
                (45.0, 6, 0.9, 6),
                (60.0, 6, 0.9, 9),
                // In: 300 s after any change.
                (75.0, 9, 0.1, 9),
                (345.0, 9, 0.1, 9),
                (360.0, 9, 0.1, 2),
                // Scaling in holds back further scaling in, not out.
                (375.0, 2, 0.1, 2),
                (390.0, 2, 1.0, 4),
                (660.0, 4, 0.1, 4),
                (690.0, 4, 0.1, 1),
            ],
        );
    }
}
