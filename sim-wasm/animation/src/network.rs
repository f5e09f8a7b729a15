//! A network of stations that plays: a change is shown at its new level.

use sim_core::figure::Unit;
use sim_core::figure::format;
use sim_core::scenario::{Resource, Scenario};
use sim_wasm_common::{Failure, watched_network, watched_station};

use super::cast::Cast;
use super::floor::Floor;
use super::reel::Reel;
use super::{Canvas, Scene, tell};

/// A network, those in it, and the floor at the width it was painted at last.
#[derive(Debug)]
pub(super) struct NetworkScene {
    reel: Box<Reel>,
    cast: Cast,
    floor: Option<Floor>,
    seed: u64,
}

impl NetworkScene {
    /// A network at its level.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn new(scenario: &Scenario, seed: u64, speed: f64) -> Result<Self, Failure> {
        Ok(Self {
            reel: Box::new(Reel::new(scenario, seed, speed)?),
            cast: Cast::default(),
            floor: None,
            seed,
        })
    }
}

impl Scene for NetworkScene {
    fn change(&mut self, packed: &[u8]) -> Result<bool, Failure> {
        if watched_station(packed)?.is_some() {
            return Ok(false);
        }
        let scenario = watched_network(packed)?;
        if self.reel.scenario == scenario {
            return Ok(true);
        }
        let fresh = Reel::new(&scenario, self.seed, self.reel.speed)?;
        if fresh.layout == self.reel.layout {
            self.cast.recast(&self.reel);
        } else {
            self.cast.scatter(&mut self.reel);
        }
        *self.reel = fresh;
        self.floor = None;
        Ok(true)
    }

    fn set_speed(&mut self, speed: f64) {
        self.reel.speed = speed;
    }

    fn height(&self, width: f64) -> f64 {
        Floor::new(&self.reel.scenario, &self.reel.layout, width).height
    }

    fn play(&mut self, seconds: f64) {
        self.reel.play(seconds);
    }

    fn still(&mut self) {
        self.cast.scatter(&mut self.reel);
    }

    fn settle(&mut self) {}

    fn step(&mut self) {
        self.reel.step();
    }

    fn is_full(&self) -> bool {
        self.reel.is_full()
    }

    fn census(&self) -> String {
        let mut text = String::new();
        self.reel.tell(&mut text);
        text
    }

    fn is_over(&self) -> bool {
        self.reel.house.present == 0
    }

    fn pace(&self) -> f64 {
        self.reel.pace()
    }

    fn paint(&mut self, seconds: f64, canvas: &Canvas<'_>) -> Result<(), Failure> {
        let reel = &mut self.reel;
        let floor = match &mut self.floor {
            Some(it) if it.width == canvas.width => it,
            floor => floor.insert(Floor::new(&reel.scenario, &reel.layout, canvas.width)),
        };
        self.cast.follow(reel, floor, seconds);
        canvas.painter().network(reel, &self.cast, floor)?;
        Ok(())
    }
}

impl Reel {
    /// Who is where, in words: each resource, and how many failed.
    pub(super) fn tell(&self, text: &mut String) {
        let alone = self.scenario.resources.len() == 1;
        for (name, resource) in self.scenario.resources.iter() {
            if !text.is_empty() {
                *text += "; ";
            }
            if !alone {
                *text += name;
                *text += ": ";
            }
            let (mut people, mut servers, mut shared) = ((0, 0), 0, false);
            for (place, room) in self.layout.places.iter().zip(&self.house.rooms) {
                if place.resource == name {
                    let (waiting, busy) = room.census();
                    people = (people.0 + waiting, people.1 + busy);
                    servers += room.servers;
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
    }
}
