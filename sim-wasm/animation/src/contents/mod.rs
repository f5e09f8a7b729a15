//! What is in a cache, moving: one cache or several on the same requests, queue by queue.
//!
//! Nothing but look-ups happens, and requests come at equal distances, so that each can be seen: one is found in a cache, or
//! goes on to the database, from where its object comes to its place while another falls out.

mod paint;
mod rows;
mod shelf;
mod tiles;

use std::collections::VecDeque;

use sim_core::caching::Policy;
use sim_core::exhibits;
use sim_core::scenario::CacheAlone;
use sim_core::workload::Requests;
use sim_wasm_common::{Failure, watched_networks, watched_station};

use super::abreast::{BEYOND, Columns};
use super::lane::Frame;
use super::{Canvas, Scene};
use rows::Rows;
use shelf::Shelf;

/// Seconds of the viewer from one request to the next.
const INTERVAL: f64 = 0.7;
/// Requests that are seen coming, at most.
const COMING: usize = 24;
/// Requests for each item before anybody looks, and at most in all: the caches are warm then.
const WARM: (u64, u64) = (20, 4_000);

/// Caches and their requests.
#[derive(Debug)]
pub(super) struct ContentsScene {
    scenes: Vec<exhibits::Scene>,
    /// By scene.
    shelves: Vec<Shelf>,
    asked: Asked,
    seed: u64,
    speed: f64,
}

/// The requests that all caches see.
#[derive(Debug)]
pub(super) struct Asked {
    requests: Requests,
    /// The next one first.
    coming: VecDeque<u64>,
    /// How many there were.
    count: u64,
    /// Seconds there from one to the next.
    gap: f64,
    /// The part of the way to the next one that is behind us.
    phase: f64,
    /// Items with a number; others are asked for once.
    items: u64,
}

impl Asked {
    fn new(of: &CacheAlone, seed: u64) -> Result<Self, Failure> {
        let mut asked = Self {
            requests: of.workload.requests(seed, 0, 0)?,
            coming: VecDeque::new(),
            count: 0,
            gap: of.rate.unwrap_or(1.0).recip(),
            phase: 0.0,
            items: of.workload.dense(0).unwrap_or(0),
        };
        asked.look_ahead();
        Ok(asked)
    }

    fn look_ahead(&mut self) {
        let mut keys = [0; COMING];
        let missing = &mut keys[self.coming.len()..];
        self.requests.fill(missing);
        self.coming.extend(missing.iter());
    }

    /// The next request: its key, its size and its time there, seconds.
    fn next(&mut self) -> (u64, u32, f64) {
        let key = self.coming.pop_front().unwrap_or(0);
        self.look_ahead();
        self.count += 1;
        (key, self.requests.size(key), self.count as f64 * self.gap)
    }
}

/// Whether a policy can be watched without end: the optimum has to know how long somebody will, and what forgets nothing fills the
/// memory.
fn is_endless(policy: Policy) -> bool {
    policy.is_real()
}

/// The cache of each scene, where all are nothing but a cache, on the same requests.
fn caches(scenes: &[exhibits::Scene]) -> Option<Vec<CacheAlone<'_>>> {
    let caches = scenes.iter().map(|it| it.scenario.cache_alone());
    let caches: Vec<_> = caches.collect::<Option<_>>()?;
    let first = caches.first()?;
    let alike = caches
        .iter()
        .all(|it| it.workload == first.workload && it.rate == first.rate);
    let can_play = caches.iter().all(|it| is_endless(it.cache.policy));
    (alike && can_play).then_some(caches)
}

impl ContentsScene {
    /// Warm caches; `None` where it is not caches alone that are watched.
    ///
    /// # Errors
    /// What is wrong with one of them.
    pub(super) fn new(
        scenes: &[exhibits::Scene],
        seed: u64,
        speed: f64,
    ) -> Result<Option<Self>, Failure> {
        let Some(caches) = caches(scenes) else {
            return Ok(None);
        };
        let mut asked = Asked::new(&caches[0], seed)?;
        let shelves = caches
            .iter()
            .map(|it| Shelf::new(it.cache, seed).map_err(Failure::from));
        let mut shelves: Vec<Shelf> = shelves.collect::<Result<_, _>>()?;
        for _ in 0..(WARM.0 * asked.items).min(WARM.1) {
            let (key, size, now) = asked.next();
            for shelf in &mut shelves {
                shelf.ask(key, size, now);
            }
        }
        shelves.iter_mut().for_each(Shelf::find_places);
        Ok(Some(Self {
            scenes: scenes.to_vec(),
            shelves,
            asked,
            seed,
            speed,
        }))
    }

    /// The next request is there.
    fn ask(&mut self) {
        let (key, size, now) = self.asked.next();
        for shelf in &mut self.shelves {
            shelf.ask(key, size, now);
            shelf.find_places();
        }
    }

    /// Where each cache stands, and the height of all.
    fn plan(&self, width: f64) -> (Vec<(Frame, Rows)>, f64) {
        let columns = Columns::new(width, self.shelves.len());
        let rows = |it: &Shelf| Rows::new(it.policy(), it.capacity(), columns.width);
        let rows: Vec<Rows> = self.shelves.iter().map(rows).collect();
        let heights: Vec<f64> = rows.iter().map(|it| it.height).collect();
        let (frames, height) = columns.arrange(&heights);
        (frames.into_iter().zip(rows).collect(), height)
    }
}

impl Scene for ContentsScene {
    fn change(&mut self, packed: &[u8]) -> Result<bool, Failure> {
        if watched_station(packed)?.is_some() {
            return Ok(false);
        }
        let scenes = watched_networks(packed)?;
        if scenes == self.scenes {
            return Ok(true);
        }
        let Some(fresh) = Self::new(&scenes, self.seed, self.speed)? else {
            return Ok(false);
        };
        let old = std::mem::replace(self, fresh);
        // What stays comes from where it was.
        for (shelf, old) in self.shelves.iter_mut().zip(&old.shelves) {
            shelf.take_over(old);
        }
        self.asked.phase = old.asked.phase;
        Ok(true)
    }

    fn set_speed(&mut self, speed: f64) {
        self.speed = speed;
    }

    fn height(&self, width: f64) -> f64 {
        self.plan(width).1
    }

    fn play(&mut self, seconds: f64) {
        self.asked.phase += seconds * self.speed / INTERVAL;
        while self.asked.phase >= 1.0 {
            self.asked.phase -= 1.0;
            self.ask();
        }
    }

    fn still(&mut self) {}

    fn settle(&mut self) {}

    fn step(&mut self) {
        self.asked.phase = 0.0;
        self.ask();
    }

    fn stride(&self) -> &'static str {
        "Each step is one request"
    }

    fn is_full(&self) -> bool {
        false
    }

    fn census(&self) -> String {
        let lines = self.scenes.iter().zip(&self.shelves);
        let lines = lines.map(|(scene, shelf)| {
            let letter = &scene.letter;
            let apart = if letter.is_empty() { "" } else { ": " };
            [letter, apart, &shelf.tell(self.asked.items)].concat()
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    fn pace(&self) -> f64 {
        self.speed * self.asked.gap / INTERVAL
    }

    fn paint(&mut self, seconds: f64, canvas: &Canvas<'_>) -> Result<(), Failure> {
        let painter = canvas.painter();
        let (plan, _) = self.plan(canvas.width);
        let shelves = self.shelves.iter_mut().zip(&self.scenes);
        for ((frame, rows), (shelf, scene)) in plan.iter().zip(shelves) {
            shelf.follow(rows, seconds);
            painter.within(*frame, BEYOND, || {
                painter.shelf(scene, shelf.picture(), rows, &self.asked)
            })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use sim_core::caching::{Capacity, Expiry, ExpiryRule};
    use sim_core::figure::Role;
    use sim_core::scenario::activity::Set;
    use sim_core::scenario::{Activity, Arrivals, Cache, Class, Lookup, Path, Scenario};
    use sim_core::workload::{Keys, OneHit, Part, Workload};
    use sim_wasm_common::pack_watched;

    use super::*;

    fn watched(cache: Cache) -> exhibits::Scene {
        let popular = Part {
            weight: 0.8,
            keys: Keys::zipf(100, 0.9),
            shared: true,
        };
        let strangers = Part {
            weight: 0.2,
            keys: Keys::OneHit(OneHit {}),
            shared: false,
        };
        let keys = Keys::Mixture(vec![popular, strangers]);
        let scenario = Scenario::empty()
            .with_resource("cache", cache)
            .with_class("request", Class::new(Arrivals::poisson(10.0)))
            .with_path(vec![
                Activity::Set(Set::Key(Workload::new(keys))),
                Activity::Cache(Lookup::new("cache", Path::new())),
            ]);
        exhibits::Scene {
            letter: "A".into(),
            name: "A".into(),
            role: Role::Simulation,
            scenario,
        }
    }

    fn plain(policy: Policy, objects: u64) -> Cache {
        Cache::new(policy, Capacity::Objects(objects))
    }

    fn both(policies: [Policy; 2]) -> Vec<exhibits::Scene> {
        policies.map(|it| watched(plain(it, 24))).into()
    }

    fn film(scenes: &[exhibits::Scene]) -> ContentsScene {
        ContentsScene::new(scenes, 1, 1.0).unwrap().unwrap()
    }

    #[test]
    fn all_see_the_same_requests_and_a_step_is_one() {
        let mut film = film(&both([Policy::Fifo; 2]));
        for _ in 0..50 {
            let (count, next) = (film.asked.count, film.asked.coming[0]);
            film.step();
            assert_eq!(film.asked.count, count + 1);
            let asked: Vec<_> = film.shelves.iter().map(|it| it.picture().last).collect();
            assert_eq!(asked[0].unwrap().0, next);
            assert_eq!(asked[0], asked[1]);
            assert_eq!(film.shelves[0].tell(1), film.shelves[1].tell(1));
        }
    }

    #[test]
    fn a_second_of_the_viewer_brings_as_many_requests_as_the_pace_says() {
        let mut film = film(&both([Policy::Lru, Policy::Arc]));
        film.set_speed(4.0);
        let before = film.asked.count;
        for _ in 0..700 {
            film.play(0.01);
        }
        let came = (film.asked.count - before) as f64;
        assert!(came > 10.0);
        assert!((came * film.asked.gap - 7.0 * film.pace()).abs() <= film.asked.gap);
    }

    #[test]
    fn every_object_has_a_tile_of_its_own() {
        let lives = Expiry {
            seconds: 5.0,
            rule: ExpiryRule::OnWrite,
            jitter: 0.0,
        };
        for policy in Policy::ALL.into_iter().filter(|it| is_endless(*it)) {
            for objects in [1, 4, 24, 60] {
                for expiry in [None, Some(lives)] {
                    let cache = Cache {
                        expiry,
                        ..plain(policy, objects)
                    };
                    let mut film = film(&[watched(cache)]);
                    for width in [354.0, 1100.0] {
                        let plan = film.plan(width).0;
                        assert!(film.height(width) > 100.0);
                        film.play(5.0 * INTERVAL);
                        film.shelves[0].follow(&plan[0].1, f64::INFINITY);
                        film.shelves[0].check(&plan[0].1);
                    }
                }
            }
        }
    }

    #[test]
    fn what_stays_keeps_its_place_when_the_policy_changes() {
        let mut film = film(&both([Policy::Lru, Policy::Lfu]));
        let rows = film.plan(1100.0).0.remove(0).1;
        film.shelves[0].follow(&rows, f64::INFINITY);
        let before = film.shelves[0].picture().clone();
        let packed = pack_watched(&both([Policy::Lfu, Policy::Lru])).unwrap();
        assert!(film.change(&packed).unwrap());
        assert!(film.shelves[0].shares_places_with(&before) > 0);
        film.shelves[0].follow(&rows, f64::INFINITY);
        film.shelves[0].check(&rows);
    }

    #[test]
    fn only_caches_alone_on_one_stream_of_requests_are_watched_this_way() {
        let is_watched = |scenes: &[exhibits::Scene]| {
            let film = ContentsScene::new(scenes, 1, 1.0).unwrap();
            film.is_some()
        };
        assert!(is_watched(&both([Policy::Lru, Policy::Fifo])));
        assert!(!is_watched(&both([Policy::Lru, Policy::Belady])));
        let mut apart = both([Policy::Lru, Policy::Fifo]);
        apart[1].scenario = apart[1]
            .scenario
            .clone()
            .with_class("request", Class::new(Arrivals::poisson(11.0)));
        assert!(!is_watched(&apart));
        assert!(!is_watched(&[]));
    }
}
