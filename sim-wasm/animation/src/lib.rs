//! Requests in slow motion: those that are simulated, one dot each.
//!
//! | file | what |
//! |---|---|
//! | `station`, `film`, `crowd`, `lane` | a single station: what plays, its time, its requests, where they stand |
//! | `network`, `stage` | networks: what plays, one or several on one clock |
//! | `contents` | caches alone: what is in each, on the same requests |
//! | `abreast` | how several share the canvas |
//! | `reel`, `house`, `floor`, `cast` | one of them: the engine's events in time, who is where, where things stand, how dots move |
//! | `stock`, `vessel` | caches: what they hold, and how that is drawn |
//! | `latest` | how many of the latest look-ups were hits |
//! | `hand` | what whoever watches can do: kill and revive servers, empty caches |
//! | `paint` | all of it on a canvas |
//!
//! A single station answers a change of its laws with those who are inside; a network is run afresh to its level. A module of the
//! page that never makes a network does not carry one: it says with what it makes its scenes.

mod abreast;
#[cfg(test)]
mod cache_tests;
mod cast;
mod contents;
mod crowd;
mod film;
mod floor;
mod hand;
mod house;
mod lane;
mod latest;
mod network;
mod paint;
mod reel;
mod stage;
mod station;
mod stock;
mod vessel;

use sim_core::InputError;
use sim_core::engine::live::LiveStation;
use sim_core::figure::Unit;
use sim_core::figure::format;
use sim_core::plot::Theme;
use sim_core::scenario::Queue;
use sim_wasm_common::{Failure, Sheet, View, watched_networks, watched_station, whole};
use wasm_bindgen::prelude::*;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use contents::ContentsScene;
use lane::Point;
use network::NetworkScene;
use paint::Painter;
use station::StationScene;

/// Longest time of the viewer that one frame may stand for, seconds: after a pause the film does not leap.
const LONGEST_FRAME: f64 = 0.1;
/// What is said where there are ever more.
const ENDLESS: &str = "; stopped, there is no end to it";
/// How much slower and faster than usual it may be played.
const SPEEDS: (f64, f64) = (0.125, 16.0);

/// What is watched.
trait Scene {
    /// Goes on under another scenario, packed; false if it cannot and another scene must be made.
    fn change(&mut self, packed: &[u8]) -> Result<bool, Failure>;
    fn set_speed(&mut self, speed: f64);
    /// The height that shows everything at this width; 0 where any height will do.
    fn height(&self, width: f64) -> f64;
    fn play(&mut self, seconds: f64);
    /// Puts everyone in their place.
    fn still(&mut self);
    /// Lets the queue find its level without showing how.
    fn settle(&mut self);
    fn step(&mut self);
    /// How far a step goes, in words.
    fn stride(&self) -> &'static str {
        "Each step is one mean service time"
    }
    fn is_full(&self) -> bool;
    /// Who is there, in words: a line for each of several.
    fn census(&self) -> String;
    /// Time there per time of the viewer.
    fn pace(&self) -> f64;
    /// What can be done by hand, in words.
    fn deeds(&self) -> Vec<String> {
        Vec::new()
    }
    /// Does what has this number in that list.
    fn act(&mut self, _number: usize) {}
    /// The number of what can be done to what is drawn there.
    fn deed_at(&self, _at: Point, _width: f64) -> Option<usize> {
        None
    }
    fn paint(&mut self, seconds: f64, canvas: &Canvas<'_>) -> Result<(), Failure>;
}

/// An empty canvas to paint on.
struct Canvas<'a> {
    context: &'a CanvasRenderingContext2d,
    theme: Theme,
    width: f64,
    height: f64,
}

impl<'a> Canvas<'a> {
    fn painter(&self) -> Painter<'a> {
        Painter {
            context: self.context,
            theme: self.theme,
        }
    }
}

/// A scene of some kind, opaque to who asks for it.
pub struct AnyScene(Box<dyn Scene>);

/// Makes a scene of a scenario, packed, on a seed, at a speed.
pub type Maker = fn(&[u8], u64, f64) -> Result<AnyScene, Failure>;

/// Makes scenes of single stations alone, with the laws of the first exhibit.
///
/// # Errors
/// What is wrong with the scenario, or that it is no single station, or one of other laws.
pub fn station_of_stages(packed: &[u8], seed: u64, speed: f64) -> Result<AnyScene, Failure> {
    station(packed, speed, |queue| LiveStation::of_stages(queue, seed))
}

fn station(
    packed: &[u8],
    speed: f64,
    live: impl FnOnce(&Queue) -> Result<LiveStation, InputError>,
) -> Result<AnyScene, Failure> {
    let queue = watched_station(packed)?
        .ok_or_else(|| Failure("only single stations can be watched here".into()))?;
    let scene = StationScene::new(&queue, live(&queue)?, speed);
    Ok(AnyScene(Box::new(scene)))
}

/// Makes scenes of anything.
///
/// # Errors
/// What is wrong with the scenario.
pub fn any(packed: &[u8], seed: u64, speed: f64) -> Result<AnyScene, Failure> {
    if watched_station(packed)?.is_some() {
        return station(packed, speed, |queue| LiveStation::new(queue, seed));
    }
    let scenes = watched_networks(packed)?;
    if let Some(scene) = ContentsScene::new(&scenes, seed, speed)? {
        return Ok(AnyScene(Box::new(scene)));
    }
    let scene = NetworkScene::new(scenes, seed, speed)?;
    Ok(AnyScene(Box::new(scene)))
}

/// A scenario watched in slow motion on a canvas.
#[wasm_bindgen]
pub struct Animation {
    scene: Box<dyn Scene>,
    make: Maker,
    seed: u64,
    speed: f64,
    sheet: Sheet,
}

impl Animation {
    /// A scenario packed by a session.
    ///
    /// # Errors
    /// What is wrong with the scenario or the canvas.
    pub fn new(
        canvas: HtmlCanvasElement,
        scenario: &[u8],
        seed: f64,
        make: Maker,
    ) -> Result<Animation, Failure> {
        let seed = whole("seed", seed)?;
        Ok(Self {
            scene: make(scenario, seed, 1.0)?.0,
            make,
            seed,
            speed: 1.0,
            sheet: Sheet::new(canvas)?,
        })
    }
}

#[wasm_bindgen]
impl Animation {
    /// Goes on under another scenario. In a station those inside stay; a network is shown at its new level.
    ///
    /// # Errors
    /// What is wrong with the scenario; nothing changes then.
    pub fn change(&mut self, scenario: &[u8]) -> Result<(), Failure> {
        if !self.scene.change(scenario)? {
            self.scene = (self.make)(scenario, self.seed, self.speed)?.0;
        }
        Ok(())
    }

    /// Plays at this many times the usual pace, as far as that can be watched; returns what it became.
    pub fn set_speed(&mut self, speed: f64) -> f64 {
        if speed.is_finite() {
            self.speed = speed.clamp(SPEEDS.0, SPEEDS.1);
        }
        self.scene.set_speed(self.speed);
        self.speed
    }

    /// The height that shows everything at this width, CSS pixels; 0 where any height will do.
    pub fn height(&self, width: f64) -> f64 {
        self.scene.height(width)
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
        self.scene.play(seconds);
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
        self.scene.still();
        self.paint(f64::INFINITY, &View::new(width, height, ratio, dark)?)
    }

    /// Lets the queue find its level without showing how.
    pub fn settle(&mut self) {
        self.scene.settle();
    }

    /// Goes one step on at once.
    pub fn step(&mut self) {
        self.scene.step();
    }

    /// How far a step goes, in words.
    pub fn stride(&self) -> String {
        self.scene.stride().into()
    }

    /// Whether there is more than can be watched, and the film has been stopped.
    pub fn is_full(&self) -> bool {
        self.scene.is_full()
    }

    /// Who is there, in words: a line for each scene.
    pub fn census(&self) -> String {
        self.scene.census()
    }

    /// What can be done by hand, and of servers what they are: `Server 3: up. Kill it`, `Empty the cache`.
    pub fn deeds(&self) -> Vec<String> {
        self.scene.deeds()
    }

    /// Does what has this number in the list.
    pub fn act(&mut self, number: usize) {
        self.scene.act(number);
    }

    /// The number in the list of what can be done to what is drawn at a point of a canvas this wide, if anything can.
    pub fn deed_at(&self, x: f64, y: f64, width: f64) -> Option<usize> {
        self.scene.deed_at(Point { x, y }, width)
    }

    /// How fast the film runs, in words.
    pub fn pace(&self) -> String {
        let pace = self.scene.pace();
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

impl Animation {
    fn paint(&mut self, seconds: f64, view: &View) -> Result<(), Failure> {
        let canvas = Canvas {
            context: self.sheet.clear(view)?,
            theme: view.theme(),
            width: view.width,
            height: view.height,
        };
        self.scene.paint(seconds, &canvas)
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
