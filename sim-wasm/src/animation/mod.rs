//! The queue in slow motion: the simulated requests themselves, one dot each.

mod crowd;
mod film;
mod lane;
mod paint;

use sim_core::figure::Unit;
use sim_core::figure::format;
use wasm_bindgen::prelude::*;
use web_sys::HtmlCanvasElement;

use crate::failure::Failure;
use crate::sheet::{Sheet, View};
use crowd::Crowd;
use film::Film;
use lane::Lane;
use paint::Painter;

/// Longest time of the viewer that one frame may stand for, seconds: after a pause the film does not leap.
const LONGEST_FRAME: f64 = 0.1;

/// A station watched in slow motion on a canvas.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Animation {
    film: Film,
    crowd: Crowd,
    sheet: Sheet,
}

#[wasm_bindgen]
impl Animation {
    /// An empty station for a scenario packed by a session.
    ///
    /// # Errors
    /// What is wrong with the scenario or the canvas.
    #[wasm_bindgen(constructor)]
    pub fn new(
        canvas: HtmlCanvasElement,
        scenario: &[u8],
        seed: f64,
    ) -> Result<Animation, Failure> {
        let film = Film::new(&watched(scenario)?, crate::runner::whole("seed", seed)?)?;
        Ok(Self {
            film,
            crowd: Crowd::default(),
            sheet: Sheet::new(canvas)?,
        })
    }

    /// Goes on under another scenario; those inside stay.
    ///
    /// # Errors
    /// What is wrong with the scenario; nothing changes then.
    pub fn change(&mut self, scenario: &[u8]) -> Result<(), Failure> {
        Ok(self.film.change(&watched(scenario)?)?)
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
        let crowd = &mut self.crowd;
        self.film.play(seconds, |passage| crowd.leave(passage));
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
        self.crowd.scatter();
        self.paint(f64::INFINITY, &View::new(width, height, ratio, dark)?)
    }

    /// Lets the queue find its level without showing how.
    pub fn settle(&mut self) {
        self.film.settle();
    }

    /// Lets one mean service time pass at once.
    pub fn step(&mut self) {
        self.film.step();
    }

    /// Whether the station holds more than can be watched, and has been stopped.
    pub fn is_full(&self) -> bool {
        self.film.is_full()
    }

    /// Who is there, in words.
    pub fn census(&self) -> String {
        let (waiting, serving) = self.film.census();
        let count = |n: usize| format::value(n as f64, Unit::Count);
        let servers = count(self.film.scenario().station.servers as usize);
        let full = if self.is_full() {
            "; stopped, there is no end to it"
        } else {
            ""
        };
        format!(
            "{} waiting, {} of {servers} in service{full}",
            count(waiting),
            count(serving)
        )
    }

    /// How fast the film runs, in words.
    pub fn pace(&self) -> String {
        let pace = self.film.pace();
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
        let busy = self
            .film
            .inside()
            .iter()
            .filter(|passage| passage.start <= self.film.now());
        let last = busy.map(|passage| passage.server + 1).max().unwrap_or(1);
        // A server taken away is seen until it has finished.
        let servers = last.max(self.film.scenario().station.servers) as usize;
        let lane = Lane::new(view.width, view.height, servers);
        self.crowd.follow(&self.film, &lane, seconds);
        let context = self.sheet.clear(view)?;
        Painter {
            context,
            theme: view.theme(),
        }
        .paint(&self.film, &self.crowd, &lane)?;
        Ok(())
    }
}

/// The queue that a packed scenario is.
fn watched(scenario: &[u8]) -> Result<sim_core::scenario::Queue, Failure> {
    let scenario = crate::runner::unpack(scenario)?;
    scenario
        .queue()
        .ok_or_else(|| Failure("only a single station can be watched".into()))
}
