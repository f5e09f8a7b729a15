//! What is certain about a scenario before anything runs: whether chance has a part in it, and whether anybody can wait.

use super::activity::{Activity, Set, When};
use super::{Arrivals, Path, Resource, Scenario, Station};
use crate::balancing::{Policy, Sight};
use crate::distribution::Distribution;
use crate::scenario::Discipline;

impl Scenario {
    /// Whether nothing in it is left to chance: every replication is the same, and one of them tells all. Where that is hard to see,
    /// it is taken to be left to chance.
    pub fn is_deterministic(&self) -> bool {
        let classes = self.classes.iter().all(|(_, class)| {
            arrives_for_certain(&class.arrivals) && self.goes_for_certain(self.path_of(class))
        });
        let resources = self.resources.iter().all(|(_, it)| match it {
            Resource::Station(station) => works_for_certain(station),
            Resource::Group(group) => {
                works_for_certain(&group.station)
                    && group.health.is_none()
                    && is_certain(&group.policy)
            }
            Resource::Pool(pool) => pool.patience.as_ref().is_none_or(is_constant),
            Resource::Cache(_) => false,
        });
        classes && resources
    }

    fn goes_for_certain(&self, path: &Path) -> bool {
        path.iter().all(|activity| {
            let itself = match activity {
                Activity::Work(work) => {
                    let station = self.resources.get(&work.at).and_then(Resource::server);
                    let own = station.and_then(|it| it.service.as_ref());
                    work.demand.as_ref().or(own).is_some_and(is_constant)
                }
                Activity::Delay(law) | Activity::Set(Set::Attribute { to: law, .. }) => {
                    is_constant(law)
                }
                Activity::Choose(branches) => branches
                    .iter()
                    .all(|branch| !matches!(branch.when, When::Share(_))),
                Activity::Attempt(attempt) => {
                    attempt.backoff.is_none_or(|backoff| backoff.jitter == 0.0)
                }
                Activity::Cache(_) | Activity::Write(_) | Activity::Set(Set::Key(_)) => false,
                _ => true,
            };
            let within = activity.inner();
            itself && within.iter().all(|(_, path)| self.goes_for_certain(path))
        })
    }

    /// Whether no request can ever stand in a line: there is none.
    pub fn never_waits(&self) -> bool {
        let no_line = self.resources.iter().all(|(_, it)| it.has_no_line());
        no_line && self.never_shares()
    }

    /// Whether nobody waits for what another fetches into a cache.
    pub(crate) fn never_shares(&self) -> bool {
        !self.any_activity(&|it| matches!(it, Activity::Cache(lookup) if lookup.coalesce))
    }

    /// Whether nobody writes, so that nothing in a cache is ever stale.
    pub(crate) fn never_writes(&self) -> bool {
        !self.any_activity(&|it| matches!(it, Activity::Write(_)))
    }

    /// Whether one of the activities on any path is such a one.
    pub(super) fn any_activity(&self, is_one: &impl Fn(&Activity) -> bool) -> bool {
        fn any(path: &Path, is_one: &impl Fn(&Activity) -> bool) -> bool {
            let within = |it: &Activity| it.inner().iter().any(|(_, path)| any(path, is_one));
            path.iter().any(|it| is_one(it) || within(it))
        }
        self.paths().any(|path| any(path, is_one))
    }
}

/// Whether a policy leaves nothing to chance. Who asks is drawn.
fn is_certain(policy: &Policy) -> bool {
    !policy.draws() && !policy.looks_at(Sight::Client)
}

fn is_constant(law: &Distribution) -> bool {
    law.scv() == Some(0.0)
}

fn arrives_for_certain(arrivals: &Arrivals) -> bool {
    match arrivals {
        Arrivals::Renewal(law) => is_constant(&law.interarrival),
        Arrivals::Recorded(_) => true,
        Arrivals::Users(users) => users.think.as_ref().is_none_or(is_constant),
        _ => false,
    }
}

fn works_for_certain(station: &Station) -> bool {
    station.failures.is_none()
        && station.discipline != Discipline::RandomOrder
        && station.patience.as_ref().is_none_or(is_constant)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::arrivals::Renewal;
    use crate::scenario::{Class, Group, Pool};

    fn regular() -> Arrivals {
        Arrivals::Renewal(Renewal {
            interarrival: Distribution::deterministic(2.0),
        })
    }

    fn clockwork() -> Scenario {
        Scenario::empty()
            .with_class("tick", Class::new(regular()))
            .with_resource("server", Station::new(1))
            .with_path(vec![Activity::demand(
                "server",
                Distribution::deterministic(1.0),
            )])
    }

    #[test]
    fn clockwork_is_certain_and_any_chance_ends_that() {
        assert!(clockwork().is_deterministic());
        let work = |law| vec![Activity::demand("server", law)];
        let random = clockwork().with_path(work(Distribution::exponential(1.0)));
        assert!(!random.is_deterministic());
        let arrivals = clockwork().with_class("more", Class::new(Arrivals::poisson(0.1)));
        assert!(!arrivals.is_deterministic());
    }

    #[test]
    fn turns_are_certain_and_ties_that_are_drawn_are_not() {
        let behind = |policy| {
            clockwork()
                .with_resource("server", Group::new(2, policy))
                .with_path(vec![Activity::balance(
                    "server",
                    vec![Activity::demand("server", Distribution::deterministic(1.0))],
                )])
        };
        assert!(behind(Policy::RoundRobin).is_deterministic());
        assert!(behind(Policy::WeightedRoundRobin).is_deterministic());
        assert!(behind(Policy::LeastConnections).is_deterministic());
        // Both servers are idle when a request comes.
        assert!(!behind(Policy::ShortestQueue).is_deterministic());
        // Who asks is drawn.
        assert!(!behind(Policy::Rendezvous).is_deterministic());
    }

    #[test]
    fn nobody_waits_where_there_is_no_line() {
        let lossy = Station {
            room: Some(3),
            ..Station::new(3)
        };
        let full = clockwork().with_resource("server", lossy);
        assert!(full.never_waits() && !clockwork().never_waits());
        let pool = Pool::new(1);
        assert!(!full.with_resource("pool", pool).never_waits());
    }
}
