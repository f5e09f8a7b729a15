//! Networks that play: a change is shown at its new level.

use sim_core::exhibits;
use sim_core::figure::Unit;
use sim_core::figure::format;
use sim_core::scenario::Resource;
use sim_wasm_common::{Failure, watched_networks, watched_station};

use super::house::Room;
use super::lane::Point;
use super::reel::Reel;
use super::stage::Stage;
use super::stock::Stock;
use super::{Canvas, ENDLESS, Scene, tell};

/// One network or several on a stage.
#[derive(Debug)]
pub(super) struct NetworkScene {
    stage: Stage,
    seed: u64,
    speed: f64,
}

impl NetworkScene {
    /// Networks at their level.
    ///
    /// # Errors
    /// What is wrong with one of them.
    pub(super) fn new(
        scenes: Vec<exhibits::Scene>,
        seed: u64,
        speed: f64,
    ) -> Result<Self, Failure> {
        Ok(Self {
            stage: Stage::new(scenes, seed, speed)?,
            seed,
            speed,
        })
    }
}

impl Scene for NetworkScene {
    fn change(&mut self, packed: &[u8]) -> Result<bool, Failure> {
        if watched_station(packed)?.is_some() {
            return Ok(false);
        }
        let scenes = watched_networks(packed)?;
        self.stage.change(scenes, self.seed, self.speed)?;
        Ok(true)
    }

    fn set_speed(&mut self, speed: f64) {
        self.speed = speed;
        self.stage.set_speed(speed);
    }

    fn height(&self, width: f64) -> f64 {
        self.stage.height(width)
    }

    fn play(&mut self, seconds: f64) {
        self.stage.play(seconds);
    }

    fn still(&mut self) {
        self.stage.scatter();
    }

    fn settle(&mut self) {}

    fn step(&mut self) {
        self.stage.step();
    }

    fn is_full(&self) -> bool {
        self.stage.is_full()
    }

    fn census(&self) -> String {
        let mut text = String::new();
        self.stage.tell(&mut text);
        text
    }

    fn pace(&self) -> f64 {
        self.stage.pace()
    }

    fn deeds(&self) -> Vec<String> {
        self.stage.tell_deeds()
    }

    fn act(&mut self, number: usize) {
        self.stage.act(number);
    }

    fn deed_at(&self, at: Point, width: f64) -> Option<usize> {
        self.stage.deed_at(at, width)
    }

    fn paint(&mut self, seconds: f64, canvas: &Canvas<'_>) -> Result<(), Failure> {
        self.stage.paint(&canvas.painter(), canvas.width, seconds)?;
        Ok(())
    }
}

impl Reel {
    fn cache(&self, name: &str) -> Option<&Room> {
        let number = self.layout.caches.iter().position(|it| it == name)?;
        self.house.rooms.get(self.layout.places.len() + number)
    }

    /// What the cache of this name holds; `None` where there is no such cache.
    pub(super) fn stock(&self, name: &str) -> Option<&Stock> {
        self.cache(name)?.stock.as_ref()
    }

    fn waiting_at(&self, name: &str) -> Option<usize> {
        Some(self.cache(name)?.line.len())
    }

    /// Who is where, in words: each resource, how many failed, and whether it has come to an end.
    pub(super) fn tell(&self, text: &mut String) {
        let alone = self.scenario.resources.len() == 1;
        for (number, (name, resource)) in self.scenario.resources.iter().enumerate() {
            if number > 0 {
                *text += "; ";
            }
            if !alone {
                *text += name;
                *text += ": ";
            }
            if let Some((stock, waiting)) = self.stock(name).zip(self.waiting_at(name)) {
                stock.tell_level(text);
                stock.tell_latest(text);
                if waiting > 0 {
                    *text += ", ";
                    *text += &format::value(waiting as f64, Unit::Count);
                    *text += " waiting for what others fetch";
                }
                continue;
            }
            let (mut people, mut servers, mut shared) = ((0, 0), 0, false);
            for (place, room) in self.layout.places.iter().zip(&self.house.rooms) {
                if place.resource == name {
                    let (waiting, busy) = room.census();
                    people = (people.0 + waiting, people.1 + busy);
                    servers += if room.state.is_away { 0 } else { room.servers };
                    shared = room.shared;
                }
            }
            let what = match resource {
                Resource::Pool(_) => " places taken",
                _ => " in service",
            };
            if shared {
                *text += &format::value(people.1 as f64, Unit::Count);
                *text += " served at once";
            } else {
                tell(text, people, servers, what);
            }
        }
        if self.house.failed > 0 {
            *text += "; ";
            *text += &format::value(self.house.failed as f64, Unit::Count);
            *text += " failed";
        }
        let down = self.house.rooms.iter().filter(|it| it.state.is_down);
        let down = down.count();
        if down > 0 {
            *text += "; ";
            *text += &format::value(down as f64, Unit::Count);
            *text += " down";
        }
        if self.is_full() {
            *text += if self.house.present == 0 {
                "; that was all"
            } else {
                ENDLESS
            };
        }
    }
}
