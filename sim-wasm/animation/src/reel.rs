//! A network of stations in its own time: the engine's own events, slowed down so that a service can be seen.
//!
//! The engine runs a little ahead, so that requests are seen coming. What is watched in the steady state has found its level before
//! anybody looks; what changes with time is watched from its start.

use std::collections::VecDeque;
use std::sync::Arc;

use sim_core::InputError;
use sim_core::engine::network::layout::Layout;
use sim_core::engine::network::log::Event;
use sim_core::engine::network::{Network, Program, Window};
use sim_core::math;
use sim_core::scenario::{Arrivals, Discipline, Horizon, Probes, Resource, Scenario};

use super::film::{FULL, round};
use super::hand::can_fail;
use super::house::{House, Room, State};
use super::stock::Stock;

/// A request is seen coming for this long, in seconds of the viewer.
pub(super) const AHEAD: f64 = 0.7;
/// Events that the engine may be asked for at once: a frame must not take long.
const MOST_EVENTS: usize = 20_000;
/// A cold cache is seen to fill in about this long, seconds of the viewer, if time need not pass so many times as fast as usual.
const FILLING: f64 = 20.0;
const MOST_HASTE: f64 = 4.0;
/// As long as a replication can be, seconds: an engine that gets there has nothing left to do.
const FOREVER: f64 = 1e12;
/// Most tokens at once, without users who think.
const MOST_TOKENS: u32 = 40_000;
/// Requests, for a network and for each of its places, after which it is taken to have found its level.
const SETTLED: (u64, u64) = (500, 60);

/// Where a request is first seen to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Goal {
    /// The end of a line.
    Line(usize),
    /// A server.
    Server(usize, usize),
    /// A place of a pool.
    Slot(usize),
    /// A cache.
    Cache(usize),
}

/// A request that is coming.
#[derive(Debug, Clone, Copy)]
pub(super) struct Coming {
    request: u64,
    pub(super) token: u32,
    pub(super) class: u16,
    pub(super) time: f64,
    /// The group and the balancer it comes through.
    pub(super) through: Option<(usize, usize)>,
    pub(super) goal: Option<Goal>,
}

/// A network seen in its own time.
#[derive(Debug)]
pub(super) struct Reel {
    pub(super) scenario: Scenario,
    pub(super) layout: Layout,
    pub(super) house: House,
    pub(super) network: Network,
    /// How many places are stations.
    pub(super) stations: usize,
    /// What has happened and was not seen yet.
    events: VecDeque<(f64, Event)>,
    pub(super) coming: VecDeque<Coming>,
    pub(super) now: f64,
    /// Time of the network per time of the viewer.
    pace: f64,
    pub(super) speed: f64,
    /// Mean length of a service, seconds.
    pub(super) service: f64,
    /// The engine has stopped.
    over: bool,
}

impl Reel {
    /// Networks that are watched together: all at their level, or, where one changes with time, all at their start.
    pub(super) fn together(scenarios: &[&Scenario], seed: u64) -> Result<Vec<Self>, InputError> {
        let places = |it: &&Scenario| Layout::count_places(it) as u64;
        let most = scenarios.iter().map(places).max().unwrap_or(0);
        let enough = SETTLED.0 + SETTLED.1 * most;
        let from_start = scenarios.iter().any(|it| changes_with_time(it));
        let reels = scenarios
            .iter()
            .map(|scenario| Self::new(scenario, seed, enough, from_start));
        let mut reels = reels.collect::<Result<Vec<_>, _>>()?;
        let latest = reels.iter().map(|it| it.now).fold(0.0, f64::max);
        reach(&mut reels, latest);
        agree(&mut reels);
        Ok(reels)
    }

    /// A network after `enough` requests, or at its start.
    fn new(
        scenario: &Scenario,
        seed: u64,
        enough: u64,
        from_start: bool,
    ) -> Result<Self, InputError> {
        let mut reel = Self::empty(scenario, seed)?;
        for _ in 0..MOST_EVENTS {
            reel.over = reel.over || reel.network.advance(1) || reel.network.now() > FOREVER / 16.0;
            if reel.over || reel.network.requests() >= enough {
                break;
            }
        }
        reel.fetch(0.0, 0);
        reel.watch_until(reel.network.now());
        reel.house.gone.clear();
        reel.find_pace();
        if from_start {
            reel.hasten_filling();
            let start = Self::empty(scenario, seed)?;
            let (pace, service) = (reel.pace, reel.service);
            reel = Self {
                pace,
                service,
                ..start
            };
        }
        Ok(reel)
    }

    fn empty(scenario: &Scenario, seed: u64) -> Result<Self, InputError> {
        // Watched without end, at any load, and no more than can be watched; users who think are not seen.
        let users: u32 = scenario
            .classes
            .iter()
            .map(|(_, class)| match &class.arrivals {
                Arrivals::Users(users) => users.count,
                _ => 0,
            })
            .sum();
        let mut watched = Scenario {
            horizon: Horizon::Transient { requests: 1 },
            probes: Probes::default(),
            ..scenario.clone()
        };
        let most = users.saturating_add(MOST_TOKENS);
        watched.limits.population = watched.limits.population.min(most);
        let mut program = Program::new(&watched)?;
        if program.needs_future() {
            let what = "a policy that need not know the future";
            return Err(InputError::malformed("policy", "belady", what));
        }
        if can_fail(scenario) {
            program = program.with_mortal_stations();
        }
        // Caches take longer to warm than anybody waits.
        let has_caches = Layout::count_caches(scenario) > 0;
        if has_caches && matches!(scenario.horizon, Horizon::Steady { .. }) {
            program = program.from_its_steady_state();
        }
        let program = Arc::new(program);
        let forever = Window {
            start: 0.0,
            stop: FOREVER,
            patience: 0.0,
            whole_visits: false,
        };
        let mut network = Network::new(&program, forever, seed, 0);
        network.watch();
        let layout = Layout::of(&watched);
        let kind = |name: &str| scenario.resources.get(name);
        let rooms = layout.places.iter().zip(0..).map(|(place, station)| Room {
            servers: place.servers as usize,
            state: {
                let is_off = network.is_up(station) == Some(false);
                let is_scaled = matches!(kind(&place.resource), Some(Resource::Group(it)) if it.autoscaler.is_some());
                State {
                    is_down: is_off && !is_scaled,
                    is_away: is_off && is_scaled,
                    ..State::default()
                }
            },
            shared: match kind(&place.resource) {
                Some(Resource::Station(it)) => it.discipline == Discipline::ProcessorSharing,
                Some(Resource::Group(it)) => it.station.discipline == Discipline::ProcessorSharing,
                _ => false,
            },
            ..Room::default()
        });
        let stocks = scenario.resources.iter().filter_map(|(_, it)| match it {
            Resource::Cache(cache) => Some(Room {
                stock: Some(Stock::new(cache, scenario)),
                ..Room::default()
            }),
            _ => None,
        });
        let is_pool = |name: &str| matches!(kind(name), Some(Resource::Pool(_)));
        let stations = layout
            .places
            .iter()
            .take_while(|place| !is_pool(&place.resource))
            .count();
        let first = |group: &String| {
            let mut places = layout.places.iter();
            places
                .position(|place| place.resource == *group)
                .unwrap_or(0)
        };
        let groups = layout.groups.iter().map(first).collect();
        Ok(Self {
            scenario: scenario.clone(),
            house: House::new(rooms.chain(stocks).collect(), stations, groups),
            service: layout.scale,
            layout,
            network,
            stations,
            events: VecDeque::new(),
            coming: VecDeque::new(),
            now: 0.0,
            pace: 1.0,
            speed: 1.0,
            over: false,
        })
    }

    /// Slow enough that a service can be seen, and that many together do not flicker.
    fn find_pace(&mut self) {
        let (count, length) = self.house.services;
        if count > 0 && length > 0.0 {
            self.service = length / count as f64;
        }
        let at_once = (length / self.now.max(f64::MIN_POSITIVE)).clamp(1.0, 1e6);
        self.pace = round(self.service / (0.6 * math::pow(at_once, 0.6)));
    }

    /// Where caches start cold, as quick as it takes to see them fill.
    fn hasten_filling(&mut self) {
        let stocks = self.house.rooms.iter().filter_map(|it| it.stock.as_ref());
        let longest = stocks
            .map(|it| it.filling_time(self.now))
            .fold(0.0, f64::max);
        let wanted = (longest / FILLING).min(self.pace * MOST_HASTE);
        if wanted > self.pace {
            self.pace = round(wanted);
        }
    }

    /// When the next event is; now, if none is in sight.
    fn next_event(&mut self) -> f64 {
        for _ in 0..1000 {
            if let Some(&(time, _)) = self.events.front() {
                return time;
            }
            if self.over {
                break;
            }
            self.fetch(self.network.now(), 1000);
        }
        self.now
    }

    /// Runs the engine on; returns until when everything is known.
    fn fetch(&mut self, until: f64, most: usize) -> f64 {
        let mut known = f64::INFINITY;
        let mut count = 0;
        while self.network.now() <= until {
            self.over = self.over || self.network.advance(1) || self.network.now() > FOREVER / 16.0;
            count += 1;
            if self.over || count >= most {
                known = self.network.now();
                break;
            }
        }
        for (time, event) in self.network.take_events() {
            self.foresee(time, &event);
            self.events.push_back((time, event));
        }
        known
    }

    /// Notes who comes, and where to.
    fn foresee(&mut self, time: f64, event: &Event) {
        if let Event::Arrived {
            request,
            token,
            class,
        } = *event
        {
            self.coming.push_back(Coming {
                request,
                token,
                class,
                time,
                through: None,
                goal: None,
            });
            return;
        }
        let (of, goal) = match *event {
            Event::Sent {
                request,
                group,
                balancer,
                ..
            } => {
                if let Some(it) = self.coming_now(request, time) {
                    it.through = Some((group as usize, balancer as usize));
                }
                return;
            }
            Event::Queued {
                request, station, ..
            }
            | Event::Refused {
                request, station, ..
            } => (request, Goal::Line(station as usize)),
            Event::Started {
                request,
                station,
                server,
                ..
            } => {
                let goal = if self.house.rooms[station as usize].shared {
                    Goal::Line(station as usize)
                } else {
                    Goal::Server(station as usize, server as usize)
                };
                (request, goal)
            }
            Event::Asked { request, pool, .. } => {
                (request, Goal::Line(self.stations + pool as usize))
            }
            Event::Held { request, pool, .. } => {
                (request, Goal::Slot(self.stations + pool as usize))
            }
            Event::Looked { request, cache, .. } => {
                let room = self.layout.places.len() + cache as usize;
                if !self.house.rooms[room].is_vessel() {
                    return;
                }
                (request, Goal::Cache(room))
            }
            _ => return,
        };
        if let Some(it) = self.coming_now(of, time) {
            it.goal = Some(goal);
        }
    }

    /// A request that comes at this moment and has found no place yet.
    fn coming_now(&mut self, request: u64, time: f64) -> Option<&mut Coming> {
        let at_once = self.coming.iter_mut().rev();
        at_once
            .take_while(|it| it.time == time)
            .find(|it| it.request == request && it.goal.is_none())
    }

    fn watch_until(&mut self, now: f64) {
        self.now = self.now.max(now);
        while let Some((time, event)) = self.events.pop_front_if(|(time, _)| *time <= now) {
            self.house.see(time, &event);
            if matches!(event, Event::Arrived { .. }) {
                self.coming.pop_front();
            }
        }
    }

    /// Time of the network per time of the viewer.
    pub(super) fn pace(&self) -> f64 {
        self.pace * self.speed
    }

    /// Whether there are more than can be watched.
    pub(super) fn is_full(&self) -> bool {
        self.house.present >= FULL || (self.over && self.events.is_empty())
    }
}

/// Lets `seconds` of the viewer pass for all.
pub(super) fn play(reels: &mut [Reel], seconds: f64) {
    if let [first, ..] = reels {
        let until = first.now + first.pace() * seconds;
        pass(reels, until);
    }
}

/// Lets one mean service time pass at once; where nobody comes or goes for longer, the time until somebody does.
pub(super) fn step(reels: &mut [Reel]) {
    let next = reels.iter_mut().map(Reel::next_event);
    let next = next.fold(f64::INFINITY, f64::min);
    if let [first, ..] = reels {
        let until = next.max(first.now + first.service);
        pass(reels, until);
    }
    for it in reels {
        it.house.gone.clear();
    }
}

fn pass(reels: &mut [Reel], until: f64) {
    if !reels.iter().any(Reel::is_full) {
        reach(reels, until);
    }
}

/// Brings all to one time: to `until`, or as far as it is known of each what happens.
fn reach(reels: &mut [Reel], until: f64) {
    let ahead = |it: &mut Reel| it.fetch(until + AHEAD * it.pace(), MOST_EVENTS);
    let now = reels.iter_mut().map(ahead).fold(until, f64::min);
    for it in reels {
        it.watch_until(now);
    }
}

/// Gives all one pace, between the one that suits the quickest and the one that suits the slowest, and one measure of waits.
fn agree(reels: &mut [Reel]) {
    let slowest = reels.iter().map(|it| it.pace).fold(f64::INFINITY, f64::min);
    let quickest = reels.iter().map(|it| it.pace).fold(0.0, f64::max);
    let service = reels.iter().map(|it| it.service).fold(0.0, f64::max);
    let pace = if slowest < quickest {
        round((slowest * quickest).sqrt())
    } else {
        quickest
    };
    for it in reels {
        (it.pace, it.service) = (pace, service);
    }
}

/// Whether its beginning is what one wants to see.
fn changes_with_time(scenario: &Scenario) -> bool {
    let mut classes = scenario.classes.iter();
    matches!(scenario.horizon, Horizon::Span { .. })
        || classes.any(|(_, class)| !class.arrivals.is_stationary())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::house::Spot;
    use sim_core::balancing::Policy;
    use sim_core::balancing::health::{ActiveChecks, Health};
    use sim_core::distribution::Distribution;
    use sim_core::scenario::activity::{Abandoned, Attempt, Hold, Parallel};
    use sim_core::scenario::arrivals::Recorded;
    use sim_core::scenario::{Activity, Class, Group, Pool, Station, Table};

    pub(crate) fn group(servers: u32, utilization: f64) -> Scenario {
        let work = Activity::demand("web", Distribution::exponential(0.01));
        let rate = f64::from(servers) * utilization / 0.01;
        Scenario::empty()
            .with_resource("web", Group::new(servers, Policy::RoundRobin))
            .with_class("page", Class::new(Arrivals::poisson(rate)))
            .with_path(vec![Activity::balance("web", vec![work])])
    }

    /// A front end, and a database behind a pool of connections.
    pub(crate) fn page() -> Scenario {
        let pool = Pool::new(4);
        let query = Activity::demand("database", Distribution::exponential(0.02));
        Scenario::empty()
            .with_resource("web", Station::new(2))
            .with_resource("connections", pool)
            .with_resource("database", Station::new(3))
            .with_class("page", Class::new(Arrivals::poisson(120.0)))
            .with_path(vec![
                Activity::demand("web", Distribution::exponential(0.01)),
                Activity::Hold(Hold {
                    pool: "connections".into(),
                    path: vec![query],
                }),
            ])
    }

    /// Everything that splits, fails, retries and runs on.
    fn trouble() -> Scenario {
        let work = |mean| Activity::demand("web", Distribution::exponential(mean));
        let station = Station {
            room: Some(8),
            patience: Some(Distribution::exponential(0.05)),
            ..Station::new(2)
        };
        let slow = Station {
            discipline: Discipline::ProcessorSharing,
            ..Station::new(1)
        };
        let attempt = |abandoned, path| {
            Activity::Attempt(Attempt {
                timeout: Some(0.03),
                retries: 2,
                backoff: None,
                abandoned,
                path,
                otherwise: None,
            })
        };
        let parallel = Activity::Parallel(Parallel {
            paths: vec![
                vec![work(0.01)],
                vec![Activity::demand("slow", Distribution::exponential(0.01))],
            ],
            first: Some(1),
            rest: Abandoned::Stops,
        });
        Scenario::empty()
            .with_resource("web", station)
            .with_resource("slow", slow)
            .with_class("open", Class::new(Arrivals::poisson(80.0)))
            .with_class("closed", Class::new(Arrivals::users(5, 0.1)))
            .with_path(vec![
                attempt(Abandoned::RunsOn, vec![work(0.01)]),
                attempt(Abandoned::Stops, vec![parallel]),
            ])
    }

    fn alone(scenario: &Scenario) -> [Reel; 1] {
        let reels = Reel::together(&[scenario], 1).unwrap();
        reels.try_into().unwrap()
    }

    fn check(reel: &Reel) {
        for (number, room) in reel.house.rooms.iter().enumerate() {
            let (waiting, busy) = room.census();
            let seen = |wanted: &dyn Fn(Spot) -> bool| {
                let guests = reel.house.guests.iter();
                guests.filter(|guest| wanted(guest.spot)).count()
            };
            let lined = seen(&|spot| spot == Spot::Line(number));
            let served = seen(&|spot| matches!(spot, Spot::Served(room, _) if room == number));
            assert_eq!(room.line.len(), lined);
            if room.slots.is_empty() && !room.shared {
                assert_eq!(busy, served);
            }
            assert!(
                busy <= room.servers || room.shared,
                "{busy} {}",
                room.servers
            );
            assert!(waiting == 0 || busy == room.servers, "{waiting} {busy}");
        }
    }

    #[test]
    fn who_is_seen_is_who_is_there_and_memory_stays_small() {
        for scenario in [group(10, 0.9), page(), trouble()] {
            let mut reels = alone(&scenario);
            for _ in 0..3000 {
                play(&mut reels, 1.0 / 20.0);
                check(&reels[0]);
                reels[0].house.gone.clear();
            }
            let [reel] = reels;
            assert!(reel.network.requests() > 600);
            assert!(
                reel.house.guests.len() < 1000,
                "{}",
                reel.house.guests.len()
            );
            assert!(reel.events.len() < 500 && reel.coming.len() < 100);
        }
    }

    #[test]
    fn everyone_who_comes_goes_again() {
        for mut scenario in [group(10, 0.9), page(), trouble()] {
            let name = scenario.classes.names().next().unwrap().to_owned();
            let times = (0..500).map(|i| f64::from(i) * 0.01).collect();
            let class = scenario.classes.get(&name).unwrap().clone();
            scenario.classes = Table::default();
            scenario = scenario.with_class(
                &name,
                Class {
                    arrivals: Arrivals::Recorded(Recorded { times }),
                    ..class
                },
            );
            let mut reels = alone(&scenario);
            let mut most = 0;
            while !reels[0].is_full() {
                play(&mut reels, 0.05);
                most = most.max(reels[0].house.present);
            }
            let [reel] = reels;
            assert_eq!(reel.network.requests(), 500);
            assert!(most > 0 && reel.house.present == 0 && reel.coming.is_empty());
            assert!(reel.house.guests.iter().all(|it| it.spot == Spot::Away));
            for room in &reel.house.rooms {
                assert_eq!((room.line.len(), room.busy), (0, 0));
            }
        }
    }

    #[test]
    fn overload_stops_at_a_limit() {
        let mut reels = alone(&group(2, 30.0));
        reels[0].speed = 64.0;
        for _ in 0..100_000 {
            play(&mut reels, 0.1);
            if reels[0].is_full() {
                break;
            }
        }
        assert!(reels[0].is_full());
        assert!(reels[0].house.present <= 3 * FULL);
        let now = reels[0].now;
        play(&mut reels, 1.0);
        assert_eq!(reels[0].now, now);
    }

    #[test]
    fn what_is_to_be_seen_from_its_start_starts_empty() {
        let span = group(10, 0.9).with_horizon(Horizon::Span { seconds: 10.0 });
        let [reel] = alone(&span);
        assert_eq!((reel.now, reel.house.present), (0.0, 0));
        assert!(reel.pace > 0.001 && reel.pace < 0.1);
        assert!(alone(&group(10, 0.9))[0].now > 1.0);
    }

    #[test]
    fn the_same_requests_come_to_all_at_the_same_moments() {
        let mut other = group(10, 0.9);
        if let Some(Resource::Group(it)) = other.resources.get_mut("web") {
            it.policy = Policy::ShortestQueue;
        }
        let mut reels = Reel::together(&[&group(10, 0.9), &other], 1).unwrap();
        let mut lines = [0, 0];
        for _ in 0..2000 {
            play(&mut reels, 1.0 / 20.0);
            let [a, b] = &reels[..] else { panic!() };
            assert_eq!(a.now, b.now);
            let coming = |reel: &Reel| {
                let near = reel
                    .coming
                    .iter()
                    .filter(|it| it.time < reel.now + reel.pace() / 2.0);
                near.map(|it| (it.request, it.time)).collect::<Vec<_>>()
            };
            assert_eq!(coming(a), coming(b));
            for (sum, reel) in lines.iter_mut().zip(&reels) {
                *sum += reel
                    .house
                    .rooms
                    .iter()
                    .map(|it| it.line.len())
                    .sum::<usize>();
            }
            for it in &mut reels {
                it.house.gone.clear();
            }
        }
        assert!(lines[1] < lines[0], "{lines:?}");
    }

    /// Servers that are checked every second.
    fn checked() -> Scenario {
        let mut scenario = group(4, 0.5);
        if let Some(Resource::Group(it)) = scenario.resources.get_mut("web") {
            it.health = Some(Health {
                active: Some(ActiveChecks {
                    interval: 0.1,
                    fall: 2,
                    ..ActiveChecks::default()
                }),
                ..Health::default()
            });
        }
        scenario
    }

    fn pass_until(reels: &mut [Reel], what: &str, holds: impl Fn(&House) -> bool) {
        for _ in 0..4000 {
            if holds(&reels[0].house) {
                return;
            }
            play(reels, 1.0 / 20.0);
            check(&reels[0]);
            reels[0].house.gone.clear();
        }
        panic!("never: {what}");
    }

    #[test]
    fn a_server_is_killed_and_revived_by_hand() {
        let mut reels = alone(&checked());
        assert_eq!(reels[0].mortals(), [0, 1, 2, 3]);
        let failed = reels[0].house.failed;
        reels[0].set_up(2, false);
        assert_eq!(reels[0].is_up(2), Some(false));
        let at_web = |house: &House, of: fn(&Room) -> bool| of(&house.rooms[2]);
        pass_until(&mut reels, "seen down", |it| {
            at_web(it, |room| room.state.is_down)
        });
        assert_eq!(reels[0].house.rooms[2].census(), (0, 0));
        pass_until(&mut reels, "noticed", |it| {
            at_web(it, |room| room.avoided_by == 1)
        });
        assert!(reels[0].house.failed > failed);
        // Nobody goes there any more.
        let failed = reels[0].house.failed;
        for _ in 0..100 {
            play(&mut reels, 1.0 / 20.0);
        }
        assert_eq!(reels[0].house.failed, failed);
        reels[0].set_up(2, true);
        pass_until(&mut reels, "used again", |it| {
            at_web(it, |room| {
                !room.state.is_down && room.avoided_by == 0 && room.busy == 1
            })
        });
        let others = reels[0].house.rooms.iter();
        assert!(others.filter(|it| it.state.is_down).count() == 0);
    }

    #[test]
    fn what_is_done_by_hand_at_the_same_moment_has_the_same_end() {
        let played = || {
            let mut reels = alone(&checked());
            for step in 0..400 {
                if step % 100 == 50 {
                    let up = reels[0].is_up(1) == Some(true);
                    reels[0].set_up(1, !up);
                }
                play(&mut reels, 1.0 / 20.0);
                reels[0].house.gone.clear();
            }
            let [reel] = reels;
            (reel.now, reel.house.failed, reel.network.requests())
        };
        assert_eq!(played(), played());
    }

    #[test]
    fn where_nothing_fails_nothing_can_be_killed() {
        let mut reels = alone(&group(4, 0.5));
        assert!(reels[0].mortals().is_empty());
        reels[0].set_up(0, false);
        for _ in 0..400 {
            play(&mut reels, 1.0 / 20.0);
            reels[0].house.gone.clear();
        }
        assert_eq!(reels[0].house.failed, 0);
    }

    #[test]
    fn different_arrangements_share_one_clock() {
        let fast = Scenario::empty()
            .with_resource("web", Station::new(1))
            .with_class("page", Class::new(Arrivals::poisson(900.0)))
            .with_path(vec![Activity::demand(
                "web",
                Distribution::exponential(0.001),
            )]);
        let mut reels = Reel::together(&[&group(10, 0.9), &fast], 1).unwrap();
        let [a, b] = &reels[..] else { panic!() };
        assert_eq!((a.now, a.pace, a.service), (b.now, b.pace, b.service));
        assert!(a.now > 1.0);
        step(&mut reels);
        assert_eq!(reels[0].now, reels[1].now);
    }
}
