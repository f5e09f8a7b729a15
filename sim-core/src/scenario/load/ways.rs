//! Several ways at once, and one of several ways.

use super::amount::Amount;
use super::law::Law;
use super::passage::Passage;
use super::walk::Walk;
use crate::scenario::Path;
use crate::scenario::activity::{Abandoned, Activity, Branch, Parallel, When};

impl<'a> Walk<'a> {
    pub(super) fn parallel(&mut self, parallel: &'a Parallel) -> Passage<'a> {
        let count = parallel.paths.len();
        let first = parallel
            .first
            .map_or(count, |it| it as usize)
            .clamp(1, count);
        let is_stopped = first < count || parallel.paths.iter().any(|path| self.may_fail(path));
        let before = self.attributes.clone();
        let ways: Vec<Passage<'a>> = parallel
            .paths
            .iter()
            .map(|path| {
                // A branch knows what was set before, and what it sets goes with it.
                self.attributes = before.clone();
                match parallel.rest {
                    _ if !is_stopped => self.path(path),
                    Abandoned::Stops => self.stoppable(f64::INFINITY, path),
                    Abandoned::RunsOn => self.unstoppable(path),
                }
            })
            .collect();
        self.attributes = before;
        together(first, ways)
    }

    /// Whether a request may fail on a path.
    fn may_fail(&self, path: &Path) -> bool {
        path.iter().any(|activity| {
            let refuses = |name: &str| {
                let at = self.scenario.resources.position(name);
                at.is_some_and(|at| self.capacities[at].may_refuse)
            };
            let here = match activity {
                Activity::Work(work) => refuses(&work.at),
                Activity::Hold(hold) => refuses(&hold.pool),
                Activity::Balance(balance) => refuses(&balance.over),
                Activity::Attempt(attempt) => {
                    return match &attempt.otherwise {
                        Some(path) => self.may_fail(path),
                        None => attempt.timeout.is_some() || self.may_fail(&attempt.path),
                    };
                }
                _ => false,
            };
            here || activity.inner().iter().any(|(_, path)| self.may_fail(path))
        })
    }

    pub(super) fn choose(&mut self, branches: &'a [Branch]) -> Passage<'a> {
        let before = self.attributes.clone();
        let stop = self.stop;
        // What is left for the branches that follow, and what is known of those who come to them.
        let (mut left, mut others) = (Amount::ONE, before.clone());
        let mut chance_left: f64 = 1.0;
        let (mut ways, mut laws, mut known) = (Vec::new(), Some(Vec::new()), Vec::new());
        for branch in branches {
            self.attributes = others.clone();
            let share = match &branch.when {
                // A request takes one branch by one draw: shares are of all.
                When::Share(share) => {
                    let share = share.min(chance_left);
                    chance_left -= share;
                    Amount::exact(share)
                }
                When::Class(name) => left.scaled(f64::from(u8::from(name == self.class))),
                When::Above { attribute, value } => {
                    self.attributes.learn(attribute, *value, true);
                    laws = None;
                    left.times(others.chance_above(attribute, *value))
                }
                When::Otherwise => left.capped(chance_left),
            };
            let rest = left.value - share.value;
            left = if left.is_exact() && share.is_exact() {
                Amount::exact(rest.max(0.0))
            } else {
                Amount {
                    value: rest.max(0.0),
                    low: (left.low - share.high).max(0.0),
                    high: (left.high - share.low).max(0.0),
                }
            };
            let passage = self.path_with(share, &branch.path);
            self.stop = stop;
            if let When::Above { attribute, value } = &branch.when {
                others.learn(attribute, *value, false);
            }
            known.push((share, self.attributes.clone()));
            match (&mut laws, &passage.law) {
                (Some(laws), Some(law)) if share.is_exact() => {
                    laws.push((share.value, law.clone()));
                }
                _ => laws = None,
            }
            ways.push((share, passage));
        }
        known.push((left, others));
        self.attributes.merge(&known, &before);
        ways.push((left, Passage::nothing()));
        if let Some(laws) = laws.as_mut().filter(|_| left.value > 0.0) {
            laws.push((left.value, Law::Fixed(0.0)));
        }
        one_of(&ways, laws.and_then(mixture))
    }
}

/// The law of one of several times; of the only one that can be, itself.
fn mixture(mut laws: Vec<(f64, Law<'_>)>) -> Option<Law<'_>> {
    laws.retain(|(share, _)| *share > 0.0);
    if laws.len() == 1 {
        return laws.pop().map(|(_, law)| law);
    }
    Law::mixed(laws)
}

/// One of several ways, with a probability each that add up to one.
pub(super) fn one_of<'a>(ways: &[(Amount, Passage<'a>)], law: Option<Law<'a>>) -> Passage<'a> {
    let time = ways
        .iter()
        .map(|(share, way)| share.times(way.time))
        .fold(Amount::ZERO, Amount::plus);
    let possible = || ways.iter().filter(|(share, _)| share.high > 0.0);
    let are_sure = possible().all(|(_, way)| way.is_sure());
    let ends = if are_sure {
        Amount::ONE
    } else {
        ways.iter()
            .map(|(share, way)| share.times(way.ends))
            .fold(Amount::ZERO, Amount::plus)
            .capped(1.0)
    };
    Passage {
        time,
        waits: possible().any(|(_, way)| way.waits),
        law: law.filter(|_| are_sure),
        ends,
    }
}

/// Several at once, until `first` of them have ended.
fn together(first: usize, ways: Vec<Passage<'_>>) -> Passage<'_> {
    let count = ways.len();
    let waits = ways.iter().any(|way| way.waits);
    let sure = ways.iter().filter(|way| way.is_sure()).count();
    let mut highs: Vec<f64> = ways.iter().map(|way| way.time.high).collect();
    highs.sort_by(f64::total_cmp);
    let mut values: Vec<f64> = ways.iter().map(|way| way.time.value).collect();
    values.sort_by(f64::total_cmp);
    // The first k of all have ended once the k shortest on average have.
    let high: f64 = highs[..if sure == count { first } else { count }]
        .iter()
        .sum();
    let ends = if sure == count {
        Amount::ONE
    } else if first == count {
        let failing: f64 = ways.iter().map(|way| 1.0 - way.ends.low).sum();
        let least = ways.iter().map(|way| way.ends.high).fold(1.0, f64::min);
        Amount {
            value: ways.iter().map(|way| way.ends.value).product(),
            low: (1.0 - failing).max(0.0),
            high: least,
        }
    } else {
        Amount {
            value: 1.0,
            low: f64::from(u8::from(sure >= first)),
            high: 1.0,
        }
    };
    let low = if sure == count && first == count {
        ways.iter().map(|way| way.time.low).fold(0.0, f64::max)
    } else {
        0.0
    };
    let laws: Option<Vec<Law<'_>>> = ways.into_iter().map(|way| way.law).collect();
    let law = laws
        .filter(|_| sure == count)
        .and_then(|laws| Law::first(first, laws));
    let time = match &law {
        Some(law) => {
            let mean = law.mean();
            Amount {
                value: mean,
                low: mean,
                high: if waits { high.max(mean) } else { mean },
            }
        }
        None => Amount {
            value: values[first - 1],
            low,
            high,
        },
    };
    Passage {
        time,
        law,
        waits,
        ends,
    }
}
