//! A single station that plays: it answers a change of its laws with those who are inside.

use sim_core::engine::live::LiveStation;
use sim_core::scenario::Queue;
use sim_wasm_common::{Failure, watched_station};

use super::crowd::Crowd;
use super::film::Film;
use super::lane::Lane;
use super::{Canvas, ENDLESS, Scene, tell};

/// A station and its requests.
#[derive(Debug)]
pub(super) struct StationScene {
    film: Film,
    crowd: Crowd,
}

impl StationScene {
    /// An empty station about to fill.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn new(queue: &Queue, live: LiveStation, speed: f64) -> Self {
        let mut film = Film::new(queue, live);
        film.set_speed(speed);
        Self {
            film,
            crowd: Crowd::default(),
        }
    }
}

impl Scene for StationScene {
    fn change(&mut self, packed: &[u8]) -> Result<bool, Failure> {
        let Some(queue) = watched_station(packed)? else {
            return Ok(false);
        };
        self.film.change(&queue)?;
        Ok(true)
    }

    fn set_speed(&mut self, speed: f64) {
        self.film.set_speed(speed);
    }

    fn height(&self, _width: f64) -> f64 {
        0.0
    }

    fn play(&mut self, seconds: f64) {
        self.film.play(seconds, |passage| self.crowd.leave(passage));
    }

    fn still(&mut self) {
        self.crowd.scatter();
    }

    fn settle(&mut self) {
        self.film.settle();
    }

    fn step(&mut self) {
        self.film.step();
    }

    fn is_full(&self) -> bool {
        self.film.is_full()
    }

    fn census(&self) -> String {
        let mut text = String::new();
        let servers = self.film.scenario().station.servers as usize;
        tell(&mut text, self.film.census(), servers, " in service");
        if self.film.is_full() {
            text += ENDLESS;
        }
        text
    }

    fn pace(&self) -> f64 {
        self.film.pace()
    }

    fn paint(&mut self, seconds: f64, canvas: &Canvas<'_>) -> Result<(), Failure> {
        let film = &self.film;
        let busy = film
            .inside()
            .iter()
            .filter(|passage| passage.start <= film.now());
        let last = busy.map(|passage| passage.server + 1).max().unwrap_or(1);
        // A server taken away is seen until it has finished.
        let servers = last.max(film.scenario().station.servers) as usize;
        let lane = Lane::new(canvas.width, canvas.height, servers);
        self.crowd.follow(film, &lane, seconds);
        canvas.painter().station(film, &self.crowd, &lane)?;
        Ok(())
    }
}
