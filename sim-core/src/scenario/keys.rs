//! Whether a request is about a key wherever its path looks one up or writes it, whichever way it goes.
//!
//! A key that is set inside a branch of a parallel path, inside a miss or inside the path of a write is forgotten at its end; a try
//! that ends well passes on what it set. Writes that wait in a cache go to the store in batches, which bring their own keys.

use std::collections::BTreeSet;

use super::activity::{Activity, Branch, Set, When};
use super::problems::Problems;
use super::{Path, Scenario, Write, WritePolicy};

/// Checks the paths of all classes.
pub(super) fn check(scenario: &Scenario, problems: &mut Problems<'_>) {
    let mut told = BTreeSet::new();
    for (name, class) in scenario.classes.iter() {
        let mut walk = Walk {
            class: name,
            is_batch: false,
            told: &mut told,
        };
        if let Some(path) = &class.path {
            let mut problems = problems.at("classes");
            walk.path(path, false, &mut problems.at(name).at("path"));
        } else {
            walk.path(&scenario.path, false, &mut problems.at("path"));
        }
    }
}

/// A walk along the path of one class.
struct Walk<'a> {
    class: &'a str,
    /// Whether this is the path of a batch of writes.
    is_batch: bool,
    /// Activities that something was said about: classes share paths.
    told: &'a mut BTreeSet<*const Activity>,
}

impl Walk<'_> {
    /// Whether there is a key for certain after a path that begins with one, or without.
    fn path(&mut self, path: &Path, before: bool, problems: &mut Problems<'_>) -> bool {
        let mut has_key = before;
        for (i, activity) in path.iter().enumerate() {
            let mut here = problems.at(&format!("[{i}]"));
            has_key = self.activity(activity, has_key, &mut here.at(activity.key()));
        }
        has_key
    }

    fn activity(&mut self, it: &Activity, before: bool, problems: &mut Problems<'_>) -> bool {
        match it {
            Activity::Set(Set::Key(_)) => self.set(it, problems),
            Activity::Cache(lookup) => {
                self.need(it, before, problems);
                self.path(&lookup.hit, true, &mut problems.at("hit"));
                self.path(&lookup.miss, true, &mut problems.at("miss"));
                before
            }
            Activity::Write(write) => {
                self.need(it, before, problems);
                self.write(write, problems);
                before
            }
            Activity::Choose(branches) => self.choose(branches, before, problems),
            Activity::Attempt(attempt) => {
                let after = self.path(&attempt.path, before, &mut problems.at("path"));
                let otherwise = attempt.otherwise.as_ref();
                let mut problems = problems.at("otherwise");
                after & otherwise.is_none_or(|path| self.path(path, before, &mut problems))
            }
            Activity::Repeat(repeat) => {
                let after = self.path(&repeat.path, before, &mut problems.at("path"));
                if repeat.times > 0 { after } else { before }
            }
            Activity::Parallel(_) => {
                for (name, path) in it.inner() {
                    self.path(path, before, &mut problems.at(&name));
                }
                before
            }
            _ => {
                let inner = it.inner().into_iter();
                inner.fold(before, |has_key, (name, path)| {
                    self.path(path, has_key, &mut problems.at(&name))
                })
            }
        }
    }

    fn set(&mut self, it: &Activity, problems: &mut Problems<'_>) -> bool {
        if self.is_batch && self.told.insert(it) {
            problems.refuse(
                "key",
                "a key inside a write that waits (`behind`)",
                "none there: each batch brings the keys that were written".into(),
            );
        }
        true
    }

    fn need(&mut self, it: &Activity, has_key: bool, problems: &mut Problems<'_>) {
        if !has_key && self.told.insert(it) {
            problems.missing("", "a key: `set` one first, on every way that leads here");
        }
    }

    fn write(&mut self, write: &Write, problems: &mut Problems<'_>) {
        let is_batch = matches!(write.how, WritePolicy::Behind(_));
        let outer = self.is_batch;
        self.is_batch |= is_batch;
        self.path(&write.path, true, &mut problems.at("path"));
        self.is_batch = outer;
    }

    /// A request has a key afterwards where every branch that it may take leaves it one.
    fn choose(&mut self, branches: &[Branch], before: bool, problems: &mut Problems<'_>) -> bool {
        let (mut after, mut left) = (true, 1.0);
        for (i, branch) in branches.iter().enumerate() {
            let is_open = match &branch.when {
                When::Class(name) => name == self.class,
                When::Share(_) | When::Above { .. } | When::Otherwise => true,
            };
            if !is_open {
                continue;
            }
            let mut here = problems.at(&format!("[{i}]"));
            after &= self.path(&branch.path, before, &mut here.at("path"));
            match branch.when {
                When::Share(share) => left -= share,
                When::Above { .. } => {}
                When::Class(_) | When::Otherwise => {
                    left = 0.0;
                    if !by_chance(branches) {
                        break;
                    }
                }
            }
        }
        after && (before || left < 1e-9)
    }
}

fn by_chance(branches: &[Branch]) -> bool {
    branches.iter().any(|it| matches!(it.when, When::Share(_)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::caching::{Capacity, Policy};
    use crate::distribution::Distribution;
    use crate::scenario::activity::{Attempt, Parallel};
    use crate::scenario::{Arrivals, Behind, Cache, Class, Lookup};
    use crate::workload::{Keys, Workload};

    fn key() -> Activity {
        Activity::Set(Set::Key(Workload::new(Keys::zipf(100, 1.0))))
    }

    fn look_up(miss: Path) -> Activity {
        Activity::Cache(Lookup::new("c", miss))
    }

    fn behind(path: Path) -> Activity {
        Activity::Write(Write {
            path,
            caches: vec!["c".into()],
            how: WritePolicy::Behind(Behind {
                interval: 1.0,
                batch: 10,
            }),
            event: None,
            forgotten: 0.0,
        })
    }

    fn branch(when: When, path: Path) -> Branch {
        Branch { when, path }
    }

    /// Fields of problems of two classes that take this path.
    fn problems(path: Path) -> Vec<String> {
        let cache = || Cache::new(Policy::Lru, Capacity::Objects(10));
        let scenario = Scenario::empty()
            .with_resource("c", cache())
            .with_resource("d", cache())
            .with_class("one", Class::new(Arrivals::poisson(1.0)))
            .with_class("two", Class::new(Arrivals::poisson(1.0)))
            .with_path(path);
        let problems = scenario.problems();
        problems.iter().map(|it| it.field().to_owned()).collect()
    }

    #[test]
    fn a_key_may_be_set_on_every_way_or_passed_on_by_a_try() {
        let chosen = Activity::Choose(vec![
            branch(When::Share(0.3), vec![key()]),
            branch(When::Otherwise, vec![key()]),
        ]);
        let by_class = Activity::Choose(vec![
            branch(When::Class("one".into()), vec![key()]),
            branch(When::Class("two".into()), vec![key()]),
        ]);
        let tried = Activity::attempt(None, 1, vec![key()]);
        for first in [key(), chosen, by_class, tried] {
            assert_eq!(problems(vec![first, look_up(vec![])]), [""; 0]);
        }
    }

    #[test]
    fn a_key_that_only_some_ways_set_is_refused_where_it_is_needed() {
        let chosen = Activity::Choose(vec![branch(When::Share(0.3), vec![key()])]);
        let by_class = Activity::Choose(vec![branch(When::Class("one".into()), vec![key()])]);
        let spread = Activity::Parallel(Parallel {
            paths: vec![vec![key()]],
            first: None,
            rest: crate::scenario::activity::Abandoned::Stops,
        });
        let never = Activity::repeat(0, vec![key()]);
        let pause = Activity::Delay(Distribution::exponential(1.0));
        let otherwise = Activity::Attempt(Attempt {
            otherwise: Some(vec![pause]),
            timeout: None,
            retries: 0,
            backoff: None,
            abandoned: crate::scenario::activity::Abandoned::Stops,
            path: vec![key()],
        });
        for first in [chosen, by_class, spread, never, otherwise] {
            assert_eq!(problems(vec![first, look_up(vec![])]), ["path[1].cache"]);
        }
    }

    #[test]
    fn a_batch_of_writes_has_keys_and_sets_none() {
        let inner = Activity::Cache(Lookup::new("d", vec![]));
        assert_eq!(problems(vec![key(), behind(vec![inner])]), [""; 0]);
        assert_eq!(
            problems(vec![key(), behind(vec![key()])]),
            ["path[1].write.path[0].set.key"]
        );
    }

    #[test]
    fn a_miss_may_be_about_other_keys_meanwhile() {
        let inner = Activity::Cache(Lookup::new("d", vec![]));
        let path = vec![key(), look_up(vec![key(), inner])];
        assert_eq!(problems(path), [""; 0]);
    }
}
