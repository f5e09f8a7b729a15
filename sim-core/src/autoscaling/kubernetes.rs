//! The rule of Kubernetes' horizontal pod autoscaler (`autoscaling/v2`).
//!
//! 1. *How many are wanted.* With u the mean utilization of the servers that were measured, n = ⌈u/target·measured⌉, unless u/target is
//!    within the tolerance of 1. Servers that are not ready yet, or have not been measured for a whole interval, count as idle where more
//!    are wanted and not at all where fewer are. Servers of which nothing is known count as fully used where fewer are wanted, and as
//!    idle where more are. If that turns the wish around, or brings it within the tolerance, nothing changes.
//! 2. *Stabilization.* Upwards the lowest wish of its window counts, downwards the highest of its window: a short dip changes nothing.
//! 3. *Policies* limit how far it goes, then `min` and `max`.
//!
//! Sources: Kubernetes, "Horizontal Pod Autoscaling", algorithm details and configurable scaling behavior;
//! `pkg/controller/podautoscaler/replica_calculator.go` (`GetResourceReplicas`) and `horizontal.go`
//! (`stabilizeRecommendationWithBehaviors`, `convertDesiredReplicasWithBehaviorRate`). Utilization is not cut to whole percent here.

use super::controller::Seen;
use super::scaling::{Changes, Scaling, ScalingPolicy, Select};
use super::{Autoscaler, whole_number};

/// Seconds that it looks back before it takes servers away.
const STABILIZATION: f64 = 300.0;
/// Doubled in 15 s, or four more.
const UP: [ScalingPolicy; 2] = [
    ScalingPolicy::percent(100.0, 15.0),
    ScalingPolicy::servers(4, 15.0),
];
/// All at once.
const DOWN: [ScalingPolicy; 1] = [ScalingPolicy::percent(100.0, 15.0)];
/// Computing n·u/target may land this far, as a share, above a whole number that it is, or off the edge of the tolerance.
const ROUNDING: f64 = 1e-9;

/// The rule's memory.
#[derive(Debug, Clone)]
pub(super) struct Kubernetes {
    up: Direction,
    down: Direction,
    /// What was wanted, and when.
    wishes: Vec<(f64, f64)>,
    changes: Changes,
}

/// Changes in one direction, with all values filled in.
#[derive(Debug, Clone)]
struct Direction {
    stabilization: f64,
    policies: Vec<ScalingPolicy>,
    select: Select,
}

impl Direction {
    fn new(given: Option<&Scaling>, stabilization: f64, policies: &[ScalingPolicy]) -> Self {
        let given = given.cloned().unwrap_or_default();
        Self {
            stabilization: given.stabilization.unwrap_or(stabilization),
            policies: given.policies.unwrap_or_else(|| policies.to_vec()),
            select: given.select,
        }
    }

    fn longest_period(&self) -> f64 {
        self.policies.iter().map(|it| it.period).fold(0.0, f64::max)
    }
}

impl Kubernetes {
    pub(super) fn new(rule: &Autoscaler) -> Self {
        Self {
            up: Direction::new(rule.scale_up.as_ref(), 0.0, &UP),
            down: Direction::new(rule.scale_down.as_ref(), STABILIZATION, &DOWN),
            wishes: Vec::new(),
            changes: Changes::default(),
        }
    }

    pub(super) fn decide(&mut self, rule: &Autoscaler, now: f64, seen: &Seen) -> u32 {
        let present = f64::from(seen.present);
        let (min, max) = (f64::from(rule.min), f64::from(rule.max));
        // Out of its bounds it is brought back at once.
        let decided = if present < min || present > max {
            present.clamp(min, max)
        } else {
            let wanted = wanted(rule, seen);
            let stable = self.stabilized(now, present, wanted);
            self.limited(now, present, stable).clamp(min, max)
        };
        if decided != present {
            let memory = self.up.longest_period().max(self.down.longest_period());
            self.changes.note(now, present, decided, memory);
        }
        whole_number(decided)
    }

    /// The wish, held back by those of the windows.
    fn stabilized(&mut self, now: f64, present: f64, wanted: f64) -> f64 {
        let (up, down) = (now - self.up.stabilization, now - self.down.stabilization);
        self.wishes.retain(|&(time, _)| time > up.min(down));
        let within = |from: f64| {
            let recent = self.wishes.iter().filter(move |it| it.0 > from);
            recent.map(|it| it.1)
        };
        let lowest = within(up).fold(wanted, f64::min);
        let highest = within(down).fold(wanted, f64::max);
        self.wishes.push((now, wanted));
        present.max(lowest).min(highest)
    }

    /// No further than the policies allow.
    fn limited(&self, now: f64, present: f64, wanted: f64) -> f64 {
        let (up, down) = (&self.up, &self.down);
        if wanted > present {
            wanted.min(self.changes.most(now, present, &up.policies, up.select))
        } else if wanted < present {
            wanted.max(
                self.changes
                    .least(now, present, &down.policies, down.select),
            )
        } else {
            wanted
        }
    }
}

/// How many servers are wanted, whatever was before.
fn wanted(rule: &Autoscaler, seen: &Seen) -> f64 {
    let present = f64::from(seen.present);
    if seen.measured == 0 {
        return present;
    }
    let measured = f64::from(seen.measured);
    let (unready, missing) = (f64::from(seen.unready), f64::from(seen.missing));
    let ratio = seen.usage / measured / rule.target;
    let is_near = |ratio: f64| (ratio - 1.0).abs() <= rule.tolerance + ROUNDING;
    let with_unready = unready > 0.0 && ratio > 1.0;
    if !with_unready && missing == 0.0 {
        return if is_near(ratio) {
            present
        } else {
            rounded_up(ratio * measured)
        };
    }
    let (mut usage, mut counted) = (seen.usage, measured);
    if ratio < 1.0 {
        usage += missing;
        counted += missing;
    } else if ratio > 1.0 {
        counted += missing;
    }
    if with_unready {
        counted += unready;
    }
    let corrected = usage / counted / rule.target;
    let is_turned = (ratio < 1.0 && corrected > 1.0) || (ratio > 1.0 && corrected < 1.0);
    if is_near(corrected) || is_turned {
        return present;
    }
    let wanted = rounded_up(corrected * counted);
    if (corrected < 1.0 && wanted > present) || (corrected > 1.0 && wanted < present) {
        present
    } else {
        wanted
    }
}

fn rounded_up(number: f64) -> f64 {
    (number * (1.0 - ROUNDING)).ceil()
}

#[cfg(test)]
mod tests {
    use super::super::{Controller, Rule};
    use super::*;

    fn rule() -> Autoscaler {
        Autoscaler {
            max: 100,
            ..Autoscaler::default()
        }
    }

    /// So many measured servers with this utilization on average, and nothing else.
    fn busy(servers: u32, utilization: f64) -> Seen {
        Seen {
            present: servers,
            measured: servers,
            usage: f64::from(servers) * utilization,
            ..Seen::default()
        }
    }

    /// Decisions as (time, what is seen, how many there should be).
    #[track_caller]
    fn play(rule: &Autoscaler, decisions: &[(f64, Seen, u32)]) {
        assert_eq!(rule.rule, Rule::Kubernetes);
        rule.validate().unwrap();
        let mut controller = Controller::new(rule);
        for (now, seen, expected) in decisions {
            assert_eq!(
                controller.decide(*now, seen),
                *expected,
                "{seen:?} at {now}"
            );
        }
    }

    /// The example of its documentation: at twice the target twice the servers; and never fewer within its window.
    #[test]
    fn the_published_formula_and_its_tolerance() {
        play(
            &rule(),
            &[
                (0.0, busy(4, 1.2), 8),
                // 8.67 and 7.33 of eight are near enough.
                (15.0, busy(8, 0.65), 8),
                (30.0, busy(8, 0.55), 8),
                // 8·0.67/0.6 = 8.93.
                (45.0, busy(8, 0.67), 9),
                // 15 and not 16, whatever 0.9/0.6 rounds to.
                (60.0, busy(10, 0.9), 15),
            ],
        );
    }

    /// A dip of 45 s: three looks that want one server. The last look that wanted ten lies 45 s back, in a window of 300 s.
    #[test]
    fn a_short_dip_changes_nothing() {
        let mut decisions: Vec<(f64, Seen, u32)> = (0..60)
            .map(|look| (f64::from(look) * 15.0, busy(10, 0.6), 10))
            .collect();
        for look in 60..63 {
            decisions.push((f64::from(look) * 15.0, busy(10, 0.05), 10));
        }
        for look in 63..90 {
            decisions.push((f64::from(look) * 15.0, busy(10, 0.6), 10));
        }
        play(&rule(), &decisions);
        // With a window of 30 s the third look of the dip sees nothing but the dip: 10·0.05/0.6 = 0.83.
        let nervous = Autoscaler {
            scale_down: Some(Scaling {
                stabilization: Some(30.0),
                ..Scaling::default()
            }),
            ..rule()
        };
        play(
            &nervous,
            &[
                (0.0, busy(10, 0.6), 10),
                (15.0, busy(10, 0.05), 10),
                (30.0, busy(10, 0.05), 1),
            ],
        );
    }

    /// The recommendations of KEP-853, "stabilization before scaling down": a window of ten looks, the largest counts.
    #[test]
    fn the_highest_wish_of_the_window_counts() {
        let rule = Autoscaler {
            interval: 60.0,
            scale_down: Some(Scaling {
                stabilization: Some(600.0),
                ..Scaling::default()
            }),
            ..rule()
        };
        let wishes = [10, 9, 8, 9, 9, 8, 9, 8, 9, 8, 7];
        let mut controller = Controller::new(&rule);
        for (look, wish) in (0..).zip(wishes) {
            // Ten are there; as busy as it takes to want that many, ten being the tolerance's.
            let seen = busy(10, 0.6 * f64::from(wish) / 10.0);
            let decided = controller.decide(60.0 * f64::from(look), &seen);
            // 9/10 is within the tolerance, which wants what there is; ten stay until all of those have left the window.
            assert_eq!(decided, 10, "{look}");
        }
        let strict = Autoscaler {
            tolerance: 0.0,
            ..rule
        };
        let mut controller = Controller::new(&strict);
        let decided: Vec<u32> = (0..)
            .zip(wishes)
            .map(|(look, wish)| {
                let seen = busy(10, 0.6 * f64::from(wish) / 10.0);
                controller.decide(60.0 * f64::from(look), &seen)
            })
            .collect();
        // The ten of the first look counts for ten looks; on the eleventh the highest is nine.
        assert_eq!(decided[..10], [10; 10]);
        assert_eq!(decided[10], 9);
    }

    #[test]
    fn upwards_it_at_most_doubles_or_adds_four() {
        play(
            &rule(),
            &[
                // 2·1/0.6 = 3.3 is allowed, 6·1/0.6 = 10 too, 10·6/0.6 = 100 is not: twenty.
                (0.0, busy(2, 1.0), 4),
                (15.0, busy(4, 1.0), 7),
                (30.0, busy(10, 6.0), 20),
            ],
        );
        // Five looks in one period of a minute add no more than four in all.
        let slow = Autoscaler {
            scale_up: Some(Scaling {
                policies: Some(vec![ScalingPolicy::servers(4, 60.0)]),
                ..Scaling::default()
            }),
            ..rule()
        };
        play(
            &slow,
            &[
                (0.0, busy(6, 0.8), 8),
                (15.0, busy(8, 1.0), 10),
                (30.0, busy(10, 1.0), 10),
                (60.0, busy(10, 1.0), 12),
                // What was added at 15 s is over a minute ago, the two of a moment ago are not.
                (75.0, busy(12, 1.0), 14),
            ],
        );
    }

    #[test]
    fn upwards_the_lowest_wish_of_a_window_counts() {
        let calm = Autoscaler {
            scale_up: Some(Scaling {
                stabilization: Some(60.0),
                ..Scaling::default()
            }),
            ..rule()
        };
        play(
            &calm,
            &[
                (0.0, busy(4, 0.6), 4),
                (15.0, busy(4, 1.2), 4),
                (30.0, busy(4, 0.9), 4),
                (45.0, busy(4, 1.2), 4),
                // Now the four of the beginning has left the window: six is the lowest.
                (60.0, busy(4, 1.2), 6),
            ],
        );
    }

    /// Servers on their way: they count as idle where more are wanted, so that not more and more are ordered.
    #[test]
    fn servers_that_are_not_ready_count_as_idle_upwards() {
        let starting = |measured: u32, utilization: f64, unready: u32| Seen {
            present: measured + unready,
            measured,
            usage: f64::from(measured) * utilization,
            unready,
            ..Seen::default()
        };
        play(
            &rule(),
            &[
                // Four at 120 %, four on their way: 4.8 of 8 is the target exactly.
                (0.0, starting(4, 1.2, 4), 8),
                // 6 of 8 at 0.6: ten.
                (15.0, starting(4, 1.5, 4), 10),
                // Below the target with them, above it without them: nothing changes.
                (30.0, starting(4, 0.7, 4), 8),
            ],
        );
        // Downwards they do not count: 4·0.3/0.6 = 2 of those that are ready, once the window is over.
        let at_once = Autoscaler {
            scale_down: Some(Scaling {
                stabilization: Some(0.0),
                ..Scaling::default()
            }),
            ..rule()
        };
        play(&at_once, &[(0.0, starting(4, 0.3, 4), 2)]);
        // Nothing is measured yet: nothing is known.
        play(&at_once, &[(0.0, starting(0, 0.0, 4), 4)]);
    }

    #[test]
    fn servers_of_which_nothing_is_known_are_counted_with_caution() {
        let silent = |measured: u32, utilization: f64, missing: u32| Seen {
            present: measured + missing,
            measured,
            usage: f64::from(measured) * utilization,
            missing,
            ..Seen::default()
        };
        let at_once = Autoscaler {
            scale_down: Some(Scaling {
                stabilization: Some(0.0),
                ..Scaling::default()
            }),
            ..rule()
        };
        play(
            &at_once,
            &[
                // Fewer are wanted: the silent one counts as full, (8·0.2 + 1)/9/0.6 = 0.48, 4.33 of nine.
                (0.0, silent(8, 0.2, 1), 5),
                // Fewer without it, more with it: (2·0.5 + 2)/4 = 0.75. Nothing changes.
                (100.0, silent(2, 0.5, 2), 4),
                // More are wanted: the silent one counts as idle, 8·0.9/9/0.6 = 1.33, twelve.
                (200.0, silent(8, 0.9, 1), 12),
            ],
        );
    }

    #[test]
    fn bounds_hold_and_are_gone_back_to_at_once() {
        let rule = Autoscaler {
            min: 3,
            max: 6,
            ..rule()
        };
        play(
            &rule,
            &[
                (0.0, busy(1, 0.6), 3),
                (15.0, busy(9, 0.6), 6),
                (30.0, busy(4, 9.0), 6),
            ],
        );
        let stuck = Autoscaler {
            scale_down: Some(Scaling {
                select: Select::Disabled,
                ..Scaling::default()
            }),
            ..rule
        };
        play(&stuck, &[(0.0, busy(6, 0.0), 6), (900.0, busy(6, 0.0), 6)]);
    }
}
