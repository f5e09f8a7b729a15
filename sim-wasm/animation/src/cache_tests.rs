//! Caches as they are watched: who goes in, who leaves from there, what they hold.

use sim_core::caching::{Capacity, Policy};
use sim_core::distribution::Distribution;
use sim_core::exhibits::Scene;
use sim_core::scenario::activity::Set;
use sim_core::scenario::{
    Activity, Arrivals, Cache, Class, Group, Horizon, Lookup, Resource, Scenario, Station,
};
use sim_core::workload::{Keys, Workload};

use super::cast::Cast;
use super::floor::{Floor, Look};
use super::hand::can_fail;
use super::house::{Fate, Guest, Spot};
use super::lane::Point;
use super::reel::{Reel, play};
use super::stage::Stage;

const ROOM: u64 = 60;

/// A cache before a database that needs it, watched from its empty start.
fn cold(coalesce: bool) -> Scenario {
    let work = Activity::demand("database", Distribution::exponential(0.01));
    let look_up = Lookup {
        coalesce,
        ..Lookup::new("cache", vec![work])
    };
    let keys = Workload::new(Keys::zipf(300, 1.0));
    Scenario::empty()
        .with_resource("cache", Cache::new(Policy::Lru, Capacity::Objects(ROOM)))
        .with_resource("database", Station::new(2))
        .with_class("page", Class::new(Arrivals::poisson(300.0)))
        .with_path(vec![
            Activity::Set(Set::Key(keys)),
            Activity::Delay(Distribution::deterministic(0.002)),
            Activity::Cache(look_up),
        ])
        .with_horizon(Horizon::Span { seconds: 100.0 })
}

/// The same in the long run.
fn warm() -> Scenario {
    cold(false).with_horizon(Horizon::Steady { requests: None })
}

fn alone(scenario: &Scenario) -> [Reel; 1] {
    let reels = Reel::together(&[scenario], 1).unwrap();
    reels.try_into().unwrap()
}

/// Plays so many seconds of the viewer as on a canvas; hands every guest that went to `gone`.
fn watch(reels: &mut [Reel; 1], seconds: u32, mut gone: impl FnMut(&Guest, Fate)) {
    let floor = Floor::new(&reels[0].scenario, &reels[0].layout, 800.0);
    let mut cast = Cast::default();
    for _ in 0..20 * seconds {
        play(reels, 1.0 / 20.0);
        for (_, guest, fate) in &reels[0].house.gone {
            gone(guest, *fate);
        }
        cast.follow(&mut reels[0], &floor, 1.0 / 20.0);
    }
}

fn census(reel: &Reel) -> String {
    let mut text = String::new();
    reel.tell(&mut text);
    text
}

/// Objects in the cache, as the census has it.
fn objects(reel: &Reel) -> u64 {
    let text = census(reel);
    let number = text.strip_prefix("cache: ").unwrap().split(' ').next();
    number.unwrap().parse().unwrap()
}

#[test]
fn a_cold_cache_is_seen_to_fill_in_half_a_minute_or_so() {
    let mut reels = alone(&cold(false));
    assert!(census(&reels[0]).starts_with("cache: 0 of 60 objects; database: 0 waiting"));
    let mut seconds = 0;
    while objects(&reels[0]) < ROOM {
        watch(&mut reels, 1, |_, _| {});
        seconds += 1;
        assert!(seconds < 60);
    }
    assert!(seconds >= 10, "{seconds}");
    // Never more than there is room for.
    watch(&mut reels, 10, |_, _| {});
    assert_eq!(objects(&reels[0]), ROOM);
    assert!(census(&reels[0]).contains("% hits of the last "));
}

#[test]
fn hits_leave_from_the_cache_and_misses_from_the_database() {
    let mut reels = alone(&cold(false));
    let (mut hits, mut misses) = (0, 0);
    watch(&mut reels, 60, |guest, fate| {
        assert_eq!(fate, Fate::Done);
        match guest.spot {
            // The rooms: the database, the cache.
            Spot::Between(Some(1)) => hits += 1,
            Spot::Between(Some(0)) => misses += 1,
            other => panic!("{other:?}"),
        }
    });
    assert!(hits > 50 && misses > 50, "{hits} {misses}");
    assert_eq!(reels[0].house.failed, 0);
}

#[test]
fn a_hit_is_seen_even_if_it_comes_and_goes_at_one_moment() {
    let mut scenario = warm();
    scenario.path.remove(1);
    let mut reels = alone(&scenario);
    let before = reels[0].now;
    let mut hits = 0;
    watch(&mut reels, 20, |guest, _| {
        hits += u32::from(guest.spot == Spot::Between(Some(1)));
    });
    let passed = reels[0].now - before;
    // Most of 300 a second.
    assert!(f64::from(hits) > 100.0 * passed && hits > 10, "{hits}");
}

#[test]
fn who_waits_for_anothers_fetch_stands_before_the_cache() {
    let mut reels = alone(&cold(true));
    let mut most = 0;
    for _ in 0..600 {
        play(&mut reels, 1.0 / 20.0);
        let house = &mut reels[0].house;
        house.gone.clear();
        let line = house.rooms[1].line.len();
        let seen = house.guests.iter().filter(|it| it.spot == Spot::Line(1));
        assert_eq!(seen.count(), line);
        most = most.max(line);
        let told = census(&reels[0]).contains("waiting for what others fetch");
        assert_eq!(told, line > 0);
    }
    assert!(most > 0);
}

#[test]
fn what_is_watched_in_the_long_run_has_warm_caches() {
    let [reel] = alone(&warm());
    assert_eq!(objects(&reel), ROOM);
}

#[test]
fn a_cache_is_emptied_by_hand_and_by_a_click() {
    let stage = |scenario| Stage::new(vec![Scene::alone(scenario)], 1, 1.0).unwrap();
    let mut emptied = stage(warm());
    assert_eq!(emptied.tell_deeds(), ["Empty the cache"]);
    assert_eq!(objects(&emptied.reels[0]), ROOM);
    emptied.act(0);
    let mut least = ROOM;
    for _ in 0..40 {
        emptied.play(1.0 / 20.0);
        least = least.min(objects(&emptied.reels[0]));
    }
    assert!(least < ROOM / 4, "{least}");
    // A script about caches alone lets no server die.
    assert!(!can_fail(&cold(false)));
    for width in [354.0, 1100.0] {
        let plan = emptied.plan(width);
        let stand = plan.sets[0].floor.stands[1].as_ref().unwrap();
        assert_eq!(stand.look, Look::Vessel);
        let mouth = stand.vessel.as_ref().unwrap().mouth;
        let inside = Point {
            x: mouth.x + 20.0,
            ..mouth
        };
        assert_eq!(emptied.deed_at(inside, width), Some(0));
        // There is nothing to be done to the database.
        let server = plan.sets[0].floor.stands[0].as_ref().unwrap();
        assert_eq!(emptied.deed_at(server.lane.server(0), width), None);
    }
}

#[test]
fn a_cache_has_a_storey_above_what_it_spares() {
    for width in [354.0, 1100.0] {
        let [reel] = alone(&warm());
        let floor = Floor::new(&reel.scenario, &reel.layout, width);
        let frame = |place: usize| floor.stands[place].as_ref().unwrap().frame;
        let (database, cache) = (frame(0), frame(1));
        assert!(cache.top + cache.height < database.top);
        assert_eq!((cache.width, database.width), (width, width));
        assert!(database.top + database.height <= floor.height);
        assert_eq!(floor.entrances, [Some(1)]);
    }
}

#[test]
fn caches_in_servers_are_told_and_not_drawn() {
    let mut scenario = warm();
    if let Some(Resource::Cache(it)) = scenario.resources.get_mut("cache") {
        it.per = Some("web".into());
    }
    let inside = scenario.path.split_off(1);
    scenario.path.push(Activity::balance("web", inside));
    let policy = sim_core::balancing::Policy::RoundRobin;
    let scenario = scenario.with_resource("web", Group::new(3, policy));
    let mut reels = alone(&scenario);
    assert!(census(&reels[0]).starts_with("cache: 180 of 180 objects in 3 servers, "));
    let caches = reels[0].layout.places.len();
    let floor = Floor::new(&scenario, &reels[0].layout, 800.0);
    assert!(floor.stands[caches].is_none() && floor.entrances == [None]);
    watch(&mut reels, 10, |guest, _| {
        assert_ne!(guest.spot, Spot::Between(Some(caches)));
    });
}
