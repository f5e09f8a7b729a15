//! What is going on at the station at one moment, and how fast its time passes.
//!
//! The film runs slower (or faster) than life, so that one service can be seen; after a change it hurries through the time
//! the queue needs to find its new level, and eases back to its pace.

use std::collections::VecDeque;

use sim_core::InputError;
use sim_core::engine::live::{LiveStation, Passage};
use sim_core::math;
use sim_core::scenario::Queue;

/// Most requests inside at once; an overloaded station is stopped there.
pub(super) const FULL: usize = 20_000;
/// A request is shown on its way to the queue for this long, in seconds of the viewer.
pub(super) const APPROACH: f64 = 0.45;
/// Time constant of the hurry after a change, in seconds of the viewer.
const HURRY: f64 = 0.45;

/// A station seen in its own time.
#[derive(Debug)]
pub(super) struct Film {
    scenario: Queue,
    station: LiveStation,
    /// The station before it drew `next`, to draw it again when the laws change.
    rewound: LiveStation,
    next: Passage,
    /// Requests that are approaching, waiting or in service, by arrival.
    inside: VecDeque<Passage>,
    /// The station's clock, seconds.
    now: f64,
    /// Time of the station to hurry through, seconds.
    haste: f64,
    /// Time of the station per time of the viewer, in the last step.
    pace: f64,
    /// How much faster than usual the viewer wants it.
    speed: f64,
}

impl Film {
    /// An empty station about to fill.
    pub(super) fn new(scenario: &Queue, rewound: LiveStation) -> Self {
        let mut station = rewound.clone();
        let next = station.next_passage();
        Self {
            scenario: scenario.clone(),
            haste: settling_time(scenario),
            pace: steady_pace(scenario),
            speed: 1.0,
            inside: VecDeque::new(),
            now: 0.0,
            station,
            rewound,
            next,
        }
    }

    /// Goes on under other laws. Those inside stay; those waiting are served by the servers there are now.
    pub(super) fn change(&mut self, scenario: &Queue) -> Result<(), InputError> {
        if *scenario == self.scenario {
            return Ok(());
        }
        let mut station = self.rewound.clone();
        for moved in station.change(scenario, self.now)? {
            if let Ok(at) = self
                .inside
                .binary_search_by_key(&moved.id, |passage| passage.id)
            {
                self.inside[at] = moved;
            }
        }
        self.rewound = station.clone();
        self.next = station.next_passage();
        self.station = station;
        self.scenario = scenario.clone();
        self.haste = settling_time(scenario);
        Ok(())
    }

    /// Lets `seconds` of the viewer pass. Requests that left are handed to `left`, as far as they were seen.
    pub(super) fn play(&mut self, seconds: f64, left: impl FnMut(&Passage)) {
        let hurried = self.haste * (1.0 - math::exp(-seconds / HURRY));
        self.haste -= hurried;
        if self.haste < self.steady_pace() * 0.02 {
            self.haste = 0.0;
        }
        let passed = self.steady_pace() * seconds + hurried;
        if seconds > 0.0 {
            self.pace = passed / seconds;
        }
        self.pass(passed, left);
    }

    /// Lets one mean service time pass at once.
    pub(super) fn step(&mut self) {
        let passed = self.haste + mean_service(&self.scenario);
        self.haste = 0.0;
        self.pass(passed, |_| {});
    }

    /// Lets the queue find its level at once.
    pub(super) fn settle(&mut self) {
        let haste = std::mem::take(&mut self.haste);
        self.pass(haste, |_| {});
        self.pace = self.steady_pace();
    }

    fn pass(&mut self, time: f64, mut left: impl FnMut(&Passage)) {
        if self.is_full() {
            return;
        }
        self.now += time;
        let horizon = self.now + APPROACH * self.steady_pace();
        while self.next.arrival <= horizon && !self.is_full() {
            self.inside.push_back(self.next);
            self.rewound.clone_from(&self.station);
            self.next = self.station.next_passage();
        }
        let now = self.now;
        self.inside.retain(|passage| {
            let stays = passage.departure > now;
            if !stays {
                left(passage);
            }
            stays
        });
    }

    /// Whether the station holds as many requests as can be watched.
    pub(super) fn is_full(&self) -> bool {
        self.inside.len() >= FULL
    }

    pub(super) fn scenario(&self) -> &Queue {
        &self.scenario
    }

    pub(super) fn now(&self) -> f64 {
        self.now
    }

    /// Everyone approaching, waiting or in service, by arrival.
    pub(super) fn inside(&self) -> &VecDeque<Passage> {
        &self.inside
    }

    /// Requests waiting, and requests in service.
    pub(super) fn census(&self) -> (usize, usize) {
        let arrived = self
            .inside
            .iter()
            .filter(|passage| passage.arrival <= self.now);
        let (mut waiting, mut serving) = (0, 0);
        for passage in arrived {
            if passage.start > self.now {
                waiting += 1;
            } else {
                serving += 1;
            }
        }
        (waiting, serving)
    }

    /// Plays at this many times the usual pace.
    pub(super) fn set_speed(&mut self, speed: f64) {
        self.speed = speed;
        self.pace = self.steady_pace();
    }

    fn steady_pace(&self) -> f64 {
        steady_pace(&self.scenario) * self.speed
    }

    /// Time of the station per time of the viewer.
    pub(super) fn pace(&self) -> f64 {
        self.pace
    }
}

/// Mean service time, seconds.
pub(super) fn mean_service(scenario: &Queue) -> f64 {
    scenario.service_rate().recip()
}

/// Pace at which a service takes long enough to be seen, and many servers together do not flicker: a round number.
fn steady_pace(scenario: &Queue) -> f64 {
    let seen = 0.6 * math::pow(f64::from(scenario.station.servers), 0.6);
    round(mean_service(scenario) / seen)
}

/// Rounds to one digit, or one and a half.
pub(super) fn round(value: f64) -> f64 {
    let unit = math::pow(10.0, math::log10(value).floor());
    let steps = [1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0];
    let nearest = steps.into_iter().min_by(|a, b| {
        let distance = |step: &f64| math::ln(value / unit / step).abs();
        distance(a).total_cmp(&distance(b))
    });
    nearest.unwrap_or(1.0) * unit
}

/// Time in which the queue finds its level, roughly: the relaxation time in heavy traffic, within bounds of patience.
fn settling_time(scenario: &Queue) -> f64 {
    let servers = f64::from(scenario.station.servers);
    let scv = |law: &sim_core::distribution::Distribution| law.scv().unwrap_or(20.0).min(20.0);
    let variability = f64::midpoint(
        scv(&scenario.arrivals.interarrival),
        scv(&scenario.station.service),
    );
    let room = (1.0 - scenario.utilization()).abs().max(0.05);
    let services = (1.5 * variability.max(1.0) / (room * room) / servers).min(500.0 / servers);
    (3.0 + services) * mean_service(scenario)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sim_core::distribution::Distribution;

    fn station(utilization: f64, servers: u32) -> Queue {
        let gap = 0.01 / utilization / f64::from(servers);
        Queue::new(
            Distribution::exponential(gap),
            servers,
            Distribution::exponential(0.01),
        )
    }

    fn watch(film: &mut Film, frames: u32) {
        for _ in 0..frames {
            film.play(1.0 / 60.0, |_| {});
        }
    }

    fn film(scenario: &Queue, seed: u64) -> Film {
        Film::new(scenario, LiveStation::new(scenario, seed).unwrap())
    }

    #[test]
    fn a_busy_station_shows_a_queue_and_an_idle_one_none() {
        let longest = |utilization| {
            let mut film = film(&station(utilization, 1), 1);
            let mut longest = 0;
            for _ in 0..600 {
                film.play(1.0 / 30.0, |_| {});
                longest = longest.max(film.census().0);
            }
            longest
        };
        assert!(longest(0.1) <= 2);
        assert!(longest(0.95) >= 8);
    }

    #[test]
    fn everyone_who_came_is_inside_or_has_left_in_order() {
        let mut film = film(&station(0.9, 1), 5);
        let mut left = Vec::new();
        for _ in 0..600 {
            film.play(1.0 / 60.0, |passage| left.push(passage.id));
        }
        left.extend(film.inside().iter().map(|passage| passage.id));
        assert!(left.len() > 100);
        assert!(left.iter().copied().eq(0..left.len() as u64));
    }

    #[test]
    fn a_change_neither_loses_nor_floods() {
        let mut film = film(&station(0.01, 1), 3);
        watch(&mut film, 1200);
        film.change(&station(0.9, 1)).unwrap();
        watch(&mut film, 3);
        assert!(film.inside().len() < 30, "{}", film.inside().len());
        watch(&mut film, 600);
        assert!(film.census().0 + film.census().1 > 0);
    }

    #[test]
    fn new_servers_take_those_who_wait_first_come_first_served() {
        let mut film = film(&station(1.5, 1), 3);
        watch(&mut film, 480);
        let waiting = film.census().0;
        assert!(waiting > 10);
        let mut more = station(1.5, 1);
        more.station.servers = 8;
        film.change(&more).unwrap();
        assert_eq!(film.census().1, 8);
        assert_eq!(film.census().0, waiting - 7);
        let starts: Vec<f64> = film.inside().iter().map(|passage| passage.start).collect();
        assert!(starts.is_sorted());
    }

    #[test]
    fn the_pace_is_a_number_people_would_say() {
        for (value, said) in [(0.0183, 0.02), (93.0, 100.0), (1.4, 1.5), (0.0069, 0.006)] {
            assert!(
                (round(value) / said - 1.0).abs() < 1e-9
                    || (round(value) / said - 8.0 / 6.0).abs() < 1e-9,
                "{value}"
            );
        }
    }
}
