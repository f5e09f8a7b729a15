//! Caches for whoever watches: what look-ups find, what there is in a cache, and a hand that empties it. Costs one comparison an
//! operation where nobody watches.

use super::super::Network;
use super::super::log::{Event, Found};
use super::Cache;

/// What there is in a cache; in those of the servers of a group together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Stock {
    objects: u64,
    used: u64,
}

impl Cache {
    fn stock(&self) -> Stock {
        let each = self.shelves.iter().map(|it| &it.cache);
        each.fold(Stock::default(), |sum, it| Stock {
            objects: sum.objects + it.len(),
            used: sum.used + it.used(),
        })
    }
}

impl Network {
    /// Throws away what a cache holds, in all servers that have one; writes that wait in it are kept. Nothing where there is no such cache.
    pub fn empty_now(&mut self, cache: u32) {
        let caches = self.caching.as_ref().map_or(0, |it| it.caches.len());
        if (cache as usize) < caches {
            self.empty_cache(cache, false);
        }
    }

    pub(super) fn note_look(&mut self, number: u32, cache: u32, found: Found) {
        self.note(|it| Event::Looked {
            request: it.tokens[number].request,
            token: number,
            cache,
            found,
        });
    }

    /// Notes which caches hold more than they did, or less.
    pub(in crate::engine::network) fn note_stocks(&mut self) {
        let (Some(log), Some(caching)) = (&mut self.log, &mut self.caching) else {
            return;
        };
        for (number, cache) in (0..).zip(&mut caching.caches) {
            let stock = cache.stock();
            if stock != cache.noted {
                cache.noted = stock;
                let event = Event::Stocked {
                    cache: number,
                    objects: stock.objects,
                    used: stock.used,
                };
                log.add(self.now, event);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::caching::{Capacity, Policy};
    use crate::distribution::Distribution;
    use crate::engine::network::{Program, Window};
    use crate::scenario::activity::Set;
    use crate::scenario::{
        Activity, Arrivals, Cache, Class, Group, Horizon, Lookup, Resource, Scenario, Station,
    };
    use crate::workload::{Keys, Workload};

    const ROOM: u64 = 50;

    /// A cache before a database that keeps up without it.
    fn scenario(coalesce: bool) -> Scenario {
        let work = Activity::demand("database", Distribution::exponential(0.01));
        let look_up = Lookup {
            coalesce,
            ..Lookup::new("cache", vec![work])
        };
        let keys = Workload::new(Keys::zipf(200, 0.9));
        Scenario::empty()
            .with_resource("cache", Cache::new(Policy::Lru, Capacity::Objects(ROOM)))
            .with_resource("database", Station::new(8))
            .with_class("page", Class::new(Arrivals::poisson(100.0)))
            .with_path(vec![
                Activity::Set(Set::Key(keys)),
                Activity::Cache(look_up),
            ])
            .with_horizon(Horizon::Span { seconds: 1e4 })
    }

    fn watched(program: Program) -> Network {
        let forever = Window {
            start: 0.0,
            stop: 1e4,
            patience: 0.0,
            whole_visits: false,
        };
        let mut network = Network::new(&Arc::new(program), forever, 3, 0);
        network.watch();
        network
    }

    fn stocks(events: &[(f64, Event)]) -> Vec<u64> {
        let stock = |(_, event): &(f64, Event)| match *event {
            Event::Stocked { objects, .. } => Some(objects),
            _ => None,
        };
        events.iter().filter_map(stock).collect()
    }

    fn found(events: &[(f64, Event)], what: Found) -> u64 {
        let is = |event: &Event| matches!(event, Event::Looked { found, .. } if *found == what);
        events.iter().filter(|(_, event)| is(event)).count() as u64
    }

    #[test]
    fn what_is_seen_of_a_cache_is_what_is_counted() {
        for coalesce in [false, true] {
            let mut network = watched(Program::new(&scenario(coalesce)).unwrap());
            network.advance(20_000);
            let events = network.take_events();
            let tally = &network.caching().caches[0].tally;
            assert_eq!(found(&events, Found::Hit), tally.hits);
            assert_eq!(found(&events, Found::Miss), tally.misses);
            // All but a few have their object by now.
            let waited = found(&events, Found::OnItsWay);
            assert!(waited >= tally.shared && waited < tally.shared + 10);
            assert_eq!(waited > 0, coalesce);
            // From an empty cache up to the brim, one by one, and never down again.
            assert_eq!(stocks(&events), (1..=ROOM).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_hand_empties_a_cache_and_it_fills_again() {
        let mut network = watched(Program::new(&scenario(false)).unwrap());
        network.advance(20_000);
        network.take_events();
        let before = network.requests();
        network.empty_now(0);
        network.empty_now(1);
        network.advance(20_000);
        let events = network.take_events();
        assert_eq!(stocks(&events), (0..=ROOM).collect::<Vec<_>>());
        // The first look-up after it finds nothing.
        let first = events
            .iter()
            .find(|(_, event)| matches!(event, Event::Looked { .. }));
        assert!(matches!(
            first,
            Some((
                _,
                Event::Looked {
                    found: Found::Miss,
                    ..
                }
            ))
        ));
        assert!(network.requests() > before);
    }

    #[test]
    fn warm_caches_are_full_when_the_first_request_comes() {
        let program = Program::new(&scenario(false)).unwrap();
        let mut network = watched(program.from_its_steady_state());
        assert_eq!(stocks(&network.take_events()), [ROOM]);
    }

    #[test]
    fn caches_in_servers_are_seen_together_and_emptied_together() {
        let mut scenario = scenario(false);
        if let Some(Resource::Cache(it)) = scenario.resources.get_mut("cache") {
            it.per = Some("web".into());
        }
        let inside = scenario.path.split_off(1);
        scenario.path.push(Activity::balance("web", inside));
        let policy = crate::balancing::Policy::RoundRobin;
        let scenario = scenario.with_resource("web", Group::new(3, policy));
        let mut network = watched(Program::new(&scenario).unwrap());
        network.advance(40_000);
        assert_eq!(stocks(&network.take_events()).last(), Some(&(3 * ROOM)));
        network.empty_now(0);
        assert_eq!(stocks(&network.take_events()), [0]);
    }

    #[test]
    fn where_there_is_no_cache_there_is_nothing_to_empty() {
        let plain = Scenario::empty()
            .with_resource("web", Station::new(1))
            .with_class("page", Class::new(Arrivals::poisson(1.0)))
            .with_path(vec![Activity::demand(
                "web",
                Distribution::exponential(0.1),
            )]);
        let mut network = watched(Program::new(&plain).unwrap());
        network.empty_now(0);
        assert!(network.take_events().is_empty());
    }
}
