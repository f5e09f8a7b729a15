//! Paints the crowd and the servers on a canvas.

use std::f64::consts::{FRAC_PI_2, TAU};

use sim_core::figure::Role;
use sim_core::figure::format;
use sim_core::plot::{Rgb, Theme};
use wasm_bindgen::JsValue;
use web_sys::CanvasRenderingContext2d;

use super::crowd::{Crowd, Dot};
use super::film::Film;
use super::lane::{Lane, Point};

/// Radius of a request.
const DOT: f64 = 4.75;
/// Shades between a request that has just come and one that has waited long.
const SHADES: usize = 16;
/// Waiting time, in mean service times, at which a request is half warmed.
const LUKEWARM: f64 = 5.0;

/// One canvas with its colours.
pub(super) struct Painter<'a> {
    pub(super) context: &'a CanvasRenderingContext2d,
    pub(super) theme: Theme,
}

impl Painter<'_> {
    /// The whole picture.
    pub(super) fn paint(&self, film: &Film, crowd: &Crowd, lane: &Lane) -> Result<(), JsValue> {
        self.servers(film, lane)?;
        self.leaving(crowd)?;
        self.dots(crowd)?;
        if crowd.unseen > 0 {
            self.unseen(crowd.unseen, lane)?;
        }
        Ok(())
    }

    fn servers(&self, film: &Film, lane: &Lane) -> Result<(), JsValue> {
        self.context
            .set_line_width(if lane.drawn_singly() { 3.0 } else { 1.0 });
        self.context.set_stroke_style_str(&self.theme.axis.hex());
        for mark in 0..lane.marks() {
            self.context.begin_path();
            let Point { x, y } = lane.server(mark * lane.per_mark);
            self.context.arc(x, y, lane.radius, 0.0, TAU)?;
            self.context.stroke();
        }
        if !lane.drawn_singly() {
            return Ok(());
        }
        self.context.set_stroke_style_str(&self.theme.ink.hex());
        self.context.set_line_cap("round");
        let now = film.now();
        for passage in film.inside().iter().filter(|passage| passage.start <= now) {
            let length = passage.departure - passage.start;
            let done = if length > 0.0 {
                (now - passage.start) / length
            } else {
                1.0
            };
            let Point { x, y } = lane.server(passage.server as usize);
            self.context.begin_path();
            self.context.arc(
                x,
                y,
                lane.radius,
                -FRAC_PI_2,
                TAU * done.clamp(0.0, 1.0) - FRAC_PI_2,
            )?;
            self.context.stroke();
        }
        Ok(())
    }

    fn leaving(&self, crowd: &Crowd) -> Result<(), JsValue> {
        for gone in crowd.leaving() {
            self.context
                .set_global_alpha(gone.presence().clamp(0.0, 1.0));
            self.context
                .set_fill_style_str(&self.shade(shade_number(gone.dot.waited)).hex());
            self.context.begin_path();
            self.circle(gone.dot.at)?;
            self.context.fill();
        }
        self.context.set_global_alpha(1.0);
        Ok(())
    }

    /// Everyone inside, one path for each shade.
    fn dots(&self, crowd: &Crowd) -> Result<(), JsValue> {
        let mut shaded: [Vec<Dot>; SHADES] = Default::default();
        for dot in crowd.dots() {
            shaded[shade_number(dot.waited)].push(dot);
        }
        for (number, dots) in shaded
            .iter()
            .enumerate()
            .filter(|(_, dots)| !dots.is_empty())
        {
            self.context.set_fill_style_str(&self.shade(number).hex());
            self.context.begin_path();
            for dot in dots {
                self.circle(dot.at)?;
            }
            self.context.fill();
        }
        Ok(())
    }

    fn circle(&self, at: Point) -> Result<(), JsValue> {
        self.context.move_to(at.x + DOT, at.y);
        self.context.arc(at.x, at.y, DOT, 0.0, TAU)
    }

    fn unseen(&self, unseen: usize, lane: &Lane) -> Result<(), JsValue> {
        let text = format!("… and {} more behind", format::number(unseen as f64, 9));
        let at = lane.overflow();
        self.context
            .set_font(&format!("600 13px {}", self.theme.font));
        self.context
            .set_fill_style_str(&self.theme.text(Role::Overload).hex());
        self.context.fill_text(&text, at.x, at.y)
    }

    /// From the colour of the simulation over P95's to the tail's.
    fn shade(&self, number: usize) -> Rgb {
        let stops =
            [Role::Simulation, Role::HighPercentile, Role::Tail].map(|role| self.theme.mark(role));
        let way = number as f64 / (SHADES - 1) as f64 * 2.0;
        if way <= 1.0 {
            mix(stops[0], stops[1], way)
        } else {
            mix(stops[1], stops[2], way - 1.0)
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "casts saturate"
)]
fn shade_number(waited: f64) -> usize {
    let warmth = waited / (waited + LUKEWARM);
    ((warmth * SHADES as f64) as usize).min(SHADES - 1)
}

/// Mixes in squares of the channels, nearly as light mixes: no muddy middle.
fn mix(a: Rgb, b: Rgb, way: f64) -> Rgb {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between two bytes"
    )]
    let channel = |a: u8, b: u8| {
        let square = |c: u8| f64::from(c) * f64::from(c);
        (square(a) * (1.0 - way) + square(b) * way).sqrt().round() as u8
    };
    Rgb(channel(a.0, b.0), channel(a.1, b.1), channel(a.2, b.2))
}
