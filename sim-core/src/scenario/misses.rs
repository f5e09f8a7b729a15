//! Look-ups inside the misses of others: no request may come to wait for ever for what another fetches.
//!
//! Where requests wait for a fetch that is under way, a request that fetches for one cache and looks into another holds the one and waits
//! for the other. It waits for ever if it comes back to the first, or if others go through the two in the opposite order.

use std::collections::BTreeSet;

use super::Lookup;
use super::problems::Problems;

/// Which caches are missed on the way, and all that was seen of their order.
#[derive(Debug, Default)]
pub(super) struct Misses<'a> {
    /// The look-ups that missed, the innermost last.
    missed: Vec<&'a Lookup>,
    /// Pairs of caches of which somebody fetches for the first and waits for the second.
    waits: BTreeSet<(&'a str, &'a str)>,
}

impl<'a> Misses<'a> {
    /// The path of a miss begins.
    pub(super) fn enter(&mut self, lookup: &'a Lookup) {
        self.missed.push(lookup);
    }

    /// It ends.
    pub(super) fn leave(&mut self) {
        self.missed.pop();
    }

    /// A path begins whose token has missed nothing yet.
    pub(super) fn leave_all(&mut self) -> Vec<&'a Lookup> {
        std::mem::take(&mut self.missed)
    }

    /// It ends: these were missed before it.
    pub(super) fn enter_all(&mut self, missed: Vec<&'a Lookup>) {
        self.missed = missed;
    }

    /// Checks a look-up on the way.
    pub(super) fn look_up(&mut self, lookup: &'a Lookup, problems: &mut Problems<'_>) {
        let name = lookup.at.as_str();
        for outer in &self.missed {
            let (missed, is_held) = (outer.at.as_str(), outer.coalesce);
            if missed == name {
                let given = format!("`{name}` inside its own miss");
                let allowed = "caches that were not missed already";
                problems.refuse("at", given, allowed.into());
            } else if is_held
                && lookup.coalesce
                && self.waits.insert((missed, name))
                && leads(&self.waits, name, missed)
            {
                let given = format!(
                    "`{name}` inside a miss of `{missed}`, and elsewhere the other way round"
                );
                let allowed = "caches that coalesce, in the same order everywhere";
                problems.refuse("at", given, allowed.into());
            }
        }
    }
}

/// Whether waiting for the fetches of one cache can mean to wait for those of another.
fn leads(waits: &BTreeSet<(&str, &str)>, from: &str, to: &str) -> bool {
    let (mut open, mut known) = (vec![from], BTreeSet::from([from]));
    while let Some(name) = open.pop() {
        if name == to {
            return true;
        }
        let next = waits.range((name, "")..).take_while(|it| it.0 == name);
        let next = next.map(|it| it.1);
        open.extend(next.filter(|it| known.insert(it)));
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::caching::{Capacity, Policy};
    use crate::scenario::activity::Set;
    use crate::scenario::{Activity, Arrivals, Cache, Class, Path, Scenario};
    use crate::workload::{Keys, Workload};

    /// A look-up in the last of some caches inside misses of the others.
    fn nested(caches: &[&str], coalesce: bool) -> Path {
        let inner = match caches {
            [_, rest @ ..] if !rest.is_empty() => nested(rest, coalesce),
            _ => Path::new(),
        };
        let lookup = Lookup {
            coalesce,
            ..Lookup::new(caches[0], inner)
        };
        vec![Activity::Cache(lookup)]
    }

    /// A class of requests for each way through caches.
    fn problems(ways: &[&[&str]], coalesce: bool) -> Vec<String> {
        let mut scenario = Scenario::empty();
        for name in ["a", "b", "c"] {
            let cache = Cache::new(Policy::Lru, Capacity::Objects(10));
            scenario = scenario.with_resource(name, cache);
        }
        for (number, caches) in ways.iter().enumerate() {
            let key = Activity::Set(Set::Key(Workload::new(Keys::zipf(100, 1.0))));
            let path = [vec![key], nested(caches, coalesce)].concat();
            let class = Class {
                path: Some(path),
                ..Class::new(Arrivals::poisson(1.0))
            };
            scenario = scenario.with_class(&number.to_string(), class);
        }
        let problems = scenario.problems();
        problems.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn opposite_orders_are_refused_where_requests_wait_for_fetches() {
        assert_eq!(problems(&[&["a", "b"], &["a", "c", "b"]], true), [""; 0]);
        let ways: [&[&str]; 2] = [&["a", "b"], &["b", "a"]];
        assert_eq!(problems(&ways, false), [""; 0]);
        let found = problems(&ways, true);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(
            found[0].contains("classes.1.path[1].cache.miss[0].cache.at"),
            "{found:?}"
        );
        assert!(found[0].contains("`a` inside a miss of `b`"), "{found:?}");
    }

    #[test]
    fn a_circle_of_three_is_refused() {
        let found = problems(&[&["a", "b"], &["b", "c"], &["c", "a"]], true);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains("`a` inside a miss of `c`"), "{found:?}");
    }

    #[test]
    fn a_cache_inside_its_own_miss_is_refused() {
        for coalesce in [false, true] {
            let found = problems(&[&["a", "b", "a"]], coalesce);
            assert!(
                found
                    .iter()
                    .any(|it| it.contains("`a` inside its own miss")),
                "{found:?}"
            );
        }
    }
}
