//! Requests in slow motion: those that are simulated, one dot each.
//!
//! | file | what |
//! |---|---|
//! | `film`, `crowd`, `lane` | a single station: its time, its requests, where they stand |
//! | `reel`, `house`, `floor`, `cast` | a network: the engine's events in time, who is where, where things stand, how dots move |
//! | `stage` | one network or several on one clock |
//! | `paint` | all of it on a canvas |
//!
//! A single station answers a change of its laws with those who are inside; a network is run afresh to its level.

mod cast;
mod crowd;
mod film;
mod floor;
mod house;
mod lane;
mod paint;
mod reel;
mod stage;

use sim_core::exhibits::Scene;
use sim_core::figure::Unit;
use sim_core::figure::format;
use sim_core::scenario::{Queue, Resource};
use wasm_bindgen::prelude::*;
use web_sys::HtmlCanvasElement;

use crate::failure::Failure;
use crate::sheet::{Sheet, View};
use crowd::Crowd;
use film::Film;
use lane::Lane;
use paint::Painter;
use reel::Reel;
use stage::Stage;

/// Longest time of the viewer that one frame may stand for, seconds: after a pause the film does not leap.
const LONGEST_FRAME: f64 = 0.1;
/// What is said where there are ever more.
const ENDLESS: &str = "; stopped, there is no end to it";
/// How much slower and faster than usual it may be played.
const SPEEDS: (f64, f64) = (0.125, 16.0);

/// Scenarios watched in slow motion on a canvas.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Animation {
    watched: Watched,
    seed: u64,
    speed: f64,
    sheet: Sheet,
}

/// What is watched.
#[derive(Debug)]
enum Watched {
    /// A station by itself.
    Station(Box<Film>, Crowd),
    /// Anything else.
    Networks(Box<Stage>),
}

#[wasm_bindgen]
impl Animation {
    /// Scenes packed by a session.
    ///
    /// # Errors
    /// What is wrong with a scenario or the canvas.
    #[wasm_bindgen(constructor)]
    pub fn new(canvas: HtmlCanvasElement, scenes: &[u8], seed: f64) -> Result<Animation, Failure> {
        let seed = crate::runner::whole("seed", seed)?;
        Ok(Self {
            watched: Watched::new(crate::runner::unpack(scenes)?, seed, 1.0)?,
            seed,
            speed: 1.0,
            sheet: Sheet::new(canvas)?,
        })
    }

    /// Goes on with other scenes. In a station those inside stay; networks are shown at their new level.
    ///
    /// # Errors
    /// What is wrong with a scenario; nothing changes then.
    pub fn change(&mut self, scenes: &[u8]) -> Result<(), Failure> {
        let scenes: Vec<Scene> = crate::runner::unpack(scenes)?;
        match (&mut self.watched, queue(&scenes)) {
            (Watched::Station(film, _), Some(queue)) => film.change(&queue)?,
            (Watched::Networks(stage), None) => stage.change(scenes, self.seed, self.speed)?,
            (other, _) => *other = Watched::new(scenes, self.seed, self.speed)?,
        }
        Ok(())
    }

    /// Plays at this many times the usual pace, as far as that can be watched; returns what it became.
    pub fn set_speed(&mut self, speed: f64) -> f64 {
        if speed.is_finite() {
            self.speed = speed.clamp(SPEEDS.0, SPEEDS.1);
        }
        match &mut self.watched {
            Watched::Station(film, _) => film.set_speed(self.speed),
            Watched::Networks(stage) => stage.set_speed(self.speed),
        }
        self.speed
    }

    /// The height that shows everything at this width, CSS pixels; 0 where any height will do.
    pub fn height(&self, width: f64) -> f64 {
        match &self.watched {
            Watched::Station(..) => 0.0,
            Watched::Networks(stage) => stage.height(width),
        }
    }

    /// Lets `seconds` of the viewer pass and paints. Sizes in CSS pixels; `ratio` is device pixels in one.
    ///
    /// # Errors
    /// If the canvas cannot be painted on.
    pub fn play(
        &mut self,
        seconds: f64,
        width: f64,
        height: f64,
        ratio: f64,
        dark: bool,
    ) -> Result<(), Failure> {
        let seconds = if seconds > 0.0 {
            seconds.min(LONGEST_FRAME)
        } else {
            0.0
        };
        match &mut self.watched {
            Watched::Station(film, crowd) => film.play(seconds, |passage| crowd.leave(passage)),
            Watched::Networks(stage) => stage.play(seconds),
        }
        self.paint(seconds, &View::new(width, height, ratio, dark)?)
    }

    /// Paints the moment as it is, everyone in their place.
    ///
    /// # Errors
    /// If the canvas cannot be painted on.
    pub fn still(
        &mut self,
        width: f64,
        height: f64,
        ratio: f64,
        dark: bool,
    ) -> Result<(), Failure> {
        match &mut self.watched {
            Watched::Station(_, crowd) => crowd.scatter(),
            Watched::Networks(stage) => stage.scatter(),
        }
        self.paint(f64::INFINITY, &View::new(width, height, ratio, dark)?)
    }

    /// Lets the queue find its level without showing how.
    pub fn settle(&mut self) {
        if let Watched::Station(film, _) = &mut self.watched {
            film.settle();
        }
    }

    /// Lets one mean service time pass at once.
    pub fn step(&mut self) {
        match &mut self.watched {
            Watched::Station(film, _) => film.step(),
            Watched::Networks(stage) => stage.step(),
        }
    }

    /// Whether there is more than can be watched, and the film has been stopped.
    pub fn is_full(&self) -> bool {
        match &self.watched {
            Watched::Station(film, _) => film.is_full(),
            Watched::Networks(stage) => stage.is_full(),
        }
    }

    /// Who is there, in words: a line for each scene.
    pub fn census(&self) -> String {
        let mut text = String::new();
        match &self.watched {
            Watched::Station(film, _) => {
                let servers = film.scenario().station.servers as usize;
                tell(&mut text, film.census(), servers, " in service");
                if film.is_full() {
                    text += ENDLESS;
                }
            }
            Watched::Networks(stage) => stage.tell(&mut text),
        }
        text
    }

    /// How fast the film runs, in words.
    pub fn pace(&self) -> String {
        let pace = match &self.watched {
            Watched::Station(film, _) => film.pace(),
            Watched::Networks(stage) => stage.pace(),
        };
        let motion = if pace > 1.0 {
            "Time lapse"
        } else {
            "Slow motion"
        };
        format!(
            "{motion}: 1\u{a0}s here is {} there",
            format::with_digits(pace, Unit::Seconds, 2)
        )
    }
}

impl Watched {
    fn new(scenes: Vec<Scene>, seed: u64, speed: f64) -> Result<Self, Failure> {
        Ok(match queue(&scenes) {
            Some(queue) => {
                let mut film = Film::new(&queue, seed)?;
                film.set_speed(speed);
                Self::Station(Box::new(film), Crowd::default())
            }
            None => Self::Networks(Box::new(Stage::new(scenes, seed, speed)?)),
        })
    }
}

/// The station that is all there is to watch, if it is one.
fn queue(scenes: &[Scene]) -> Option<Queue> {
    match scenes {
        [alone] => alone.scenario.queue(),
        _ => None,
    }
}

impl Animation {
    fn paint(&mut self, seconds: f64, view: &View) -> Result<(), Failure> {
        let theme = view.theme();
        match &mut self.watched {
            Watched::Station(film, crowd) => {
                let busy = film
                    .inside()
                    .iter()
                    .filter(|passage| passage.start <= film.now());
                let last = busy.map(|passage| passage.server + 1).max().unwrap_or(1);
                // A server taken away is seen until it has finished.
                let servers = last.max(film.scenario().station.servers) as usize;
                let lane = Lane::new(view.width, view.height, servers);
                crowd.follow(film, &lane, seconds);
                let context = self.sheet.clear(view)?;
                Painter { context, theme }.station(film, crowd, &lane)?;
            }
            Watched::Networks(stage) => {
                let context = self.sheet.clear(view)?;
                stage.paint(&Painter { context, theme }, view.width, seconds)?;
            }
        }
        Ok(())
    }
}

/// Who waits and who is served, in words.
fn tell(text: &mut String, (waiting, busy): (usize, usize), servers: usize, what: &str) {
    let count = |n: usize| format::value(n as f64, Unit::Count);
    for part in [
        &count(waiting),
        " waiting, ",
        &count(busy),
        " of ",
        &count(servers),
        what,
    ] {
        *text += part;
    }
}

impl Reel {
    /// Who is where, in words: each resource, how many failed, and whether it has come to an end.
    fn tell(&self, text: &mut String) {
        let alone = self.scenario.resources.len() == 1;
        for (number, (name, resource)) in self.scenario.resources.iter().enumerate() {
            if number > 0 {
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
        if self.is_full() {
            *text += if self.house.present == 0 {
                "; that was all"
            } else {
                ENDLESS
            };
        }
    }
}
