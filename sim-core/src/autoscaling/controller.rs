//! The rule at work.

use super::Autoscaler;

/// Computing n·u/target may land this far, as a share, above a whole number that it is: it is not rounded up for that.
const ROUNDING: f64 = 1e-9;

/// An autoscaler with its memory of when it last acted.
///
/// ```
/// use sim_core::autoscaling::{Autoscaler, Controller};
/// let mut controller = Controller::new(&Autoscaler::default());
/// assert_eq!(controller.decide(0.0, 4, 0.9), 6);
/// assert_eq!(controller.decide(15.0, 6, 0.95), 6); // cooling down
/// assert_eq!(controller.decide(60.0, 6, 0.95), 10);
/// ```
#[derive(Debug, Clone)]
pub struct Controller {
    rule: Autoscaler,
    last_out: f64,
    last_change: f64,
}

impl Controller {
    /// A controller that follows `rule`, which is valid, and has done nothing yet.
    pub fn new(rule: &Autoscaler) -> Self {
        Self {
            rule: rule.clone(),
            last_out: f64::NEG_INFINITY,
            last_change: f64::NEG_INFINITY,
        }
    }

    /// The rule.
    pub fn rule(&self) -> &Autoscaler {
        &self.rule
    }

    /// How many servers there should be, when `present` are there or on their way and `utilization` is their mean, those on
    /// their way counted as idle. What differs from `present` counts as done at `now`. A utilization that is not a number,
    /// because nothing was measured, changes nothing.
    pub fn decide(&mut self, now: f64, present: u32, utilization: f64) -> u32 {
        let bounded = self.desired(present, utilization);
        let wanted = self.stepped(present, bounded);
        if wanted > present && now - self.last_out >= self.rule.cooldown_out {
            (self.last_out, self.last_change) = (now, now);
            wanted
        } else if wanted < present && now - self.last_change >= self.rule.cooldown_in {
            self.last_change = now;
            wanted
        } else {
            present
        }
    }

    /// ⌈n·u/target⌉ within the bounds, or `present` within them if the utilization is near its target.
    fn desired(&self, present: u32, utilization: f64) -> u32 {
        let ratio = utilization.clamp(0.0, 1e9) / self.rule.target;
        let is_near = utilization.is_nan() || (ratio - 1.0).abs() <= self.rule.tolerance;
        let desired = if is_near {
            f64::from(present)
        } else {
            (f64::from(present) * ratio * (1.0 - ROUNDING)).ceil()
        };
        let (min, max) = (f64::from(self.rule.min), f64::from(self.rule.max));
        whole(desired.clamp(min, max))
    }

    /// Not further than a step away.
    fn stepped(&self, present: u32, wanted: u32) -> u32 {
        let step = self.rule.step.unwrap_or(u32::MAX);
        wanted.clamp(present.saturating_sub(step), present.saturating_add(step))
    }
}

/// A whole number within the bounds of a rule.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it lies between two u32"
)]
fn whole(number: f64) -> u32 {
    number as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Decisions as (time, present, utilization, wanted).
    fn play(rule: &Autoscaler, decisions: &[(f64, u32, f64, u32)]) {
        let mut controller = Controller::new(rule);
        for &(now, present, utilization, wanted) in decisions {
            let found = controller.decide(now, present, utilization);
            assert_eq!(
                found, wanted,
                "{present} servers at {utilization}, at {now}"
            );
        }
    }

    fn free() -> Autoscaler {
        Autoscaler {
            max: 100,
            cooldown_out: 0.0,
            cooldown_in: 0.0,
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
