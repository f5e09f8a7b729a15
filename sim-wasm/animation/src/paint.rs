//! Paints the crowd and the servers on a canvas.

use std::f64::consts::{FRAC_PI_2, TAU};

use sim_core::figure::Role;
use sim_core::figure::format;
use sim_core::plot::{Rgb, Theme};
use wasm_bindgen::JsValue;
use web_sys::CanvasRenderingContext2d;

use super::cast::Cast;
use super::crowd::{Crowd, Dot};
use super::film::Film;
use super::floor::{Floor, Gate, Look, Stand};
use super::house::{Fate, Room, Spot};
use super::lane::{Frame, Lane, Point};
use super::reel::Reel;

/// Radius of a request.
const DOT: f64 = 4.75;
/// Length of a request in a bar, on a narrow and on a wide canvas.
const BAR: (f64, f64) = (4.0, 8.0);
/// Shades between a request that has just come and one that has waited long.
const SHADES: usize = 16;
/// Pieces of a broken ring.
const PIECES: u32 = 8;
/// Waiting time, in mean service times, at which a request is half warmed.
const LUKEWARM: f64 = 5.0;

/// One canvas with its colours.
pub(super) struct Painter<'a> {
    pub(super) context: &'a CanvasRenderingContext2d,
    pub(super) theme: Theme,
}

impl Painter<'_> {
    /// A station.
    pub(super) fn station(&self, film: &Film, crowd: &Crowd, lane: &Lane) -> Result<(), JsValue> {
        self.rings(lane)?;
        if lane.drawn_singly() {
            let now = film.now();
            for passage in film.inside().iter().filter(|passage| passage.start <= now) {
                let length = passage.departure - passage.start;
                let done = if length > 0.0 {
                    (now - passage.start) / length
                } else {
                    1.0
                };
                self.progress(lane, passage.server as usize, done)?;
            }
        }
        for gone in crowd.leaving() {
            self.fading(gone.dot, self.warmth(&gone.dot), gone.presence())?;
        }
        self.dots(&mut crowd.dots())?;
        if crowd.unseen > 0 {
            self.unseen("… and ", crowd.unseen, " more behind", lane.overflow())?;
        }
        Ok(())
    }

    /// A network.
    pub(super) fn network(&self, reel: &Reel, cast: &Cast, floor: &Floor) -> Result<(), JsValue> {
        floor.gates.iter().for_each(|it| self.gate(it));
        let rooms = floor.stands.iter().zip(&reel.house.rooms);
        for ((stand, room), level) in rooms.zip(&cast.levels) {
            let Some(stand) = stand else { continue };
            match &stand.vessel {
                Some(vessel) => self.vessel(vessel, room, *level, stand.frame.left + 4.0)?,
                None => self.stand(stand, room)?,
            }
        }
        for guest in &reel.house.guests {
            if let Spot::Served(room, server) = guest.spot
                && let Some(stand) = &floor.stands[room]
                && stand.look == Look::Servers
                && stand.lane.drawn_singly()
            {
                self.progress(&stand.lane, server, guest.done(reel.now))?;
            }
        }
        for it in &cast.going {
            let colour = match it.fate {
                Fate::Failed => self.theme.mark(Role::Overload),
                Fate::Done | Fate::Merged => self.warmth(&it.dot),
            };
            self.fading(it.dot, colour, it.presence())?;
        }
        self.dots(&mut cast.dots.iter().copied())?;
        self.stroke(self.theme.mark(Role::Overload), 1.5);
        for dot in &cast.lost {
            self.context.begin_path();
            self.context.arc(dot.at.x, dot.at.y, DOT - 1.0, 0.0, TAU)?;
            self.context.stroke();
        }
        let resources: Vec<&str> = reel.scenario.resources.names().collect();
        for &(resource, at, hidden) in &floor.labels {
            let mut text = resources[resource].to_owned();
            if let Some(stock) = reel.stock(resources[resource]) {
                text += ": ";
                stock.tell_level(&mut text);
            }
            self.write("13px", &text, self.theme.muted, at)?;
            if hidden > 0 {
                let at = Point {
                    x: at.x + 120.0,
                    ..at
                };
                self.unseen("and ", hidden, " servers more", at)?;
            }
        }
        Ok(())
    }

    /// Paints into a part of the canvas, with `beyond` of its surroundings to either side.
    pub(super) fn within(
        &self,
        frame: Frame,
        beyond: f64,
        paint: impl FnOnce() -> Result<(), JsValue>,
    ) -> Result<(), JsValue> {
        self.context.save();
        self.context.begin_path();
        let (left, width) = (frame.left - beyond, frame.width + 2.0 * beyond);
        self.context.rect(left, frame.top, width, frame.height);
        self.context.clip();
        self.context.translate(frame.left, frame.top)?;
        let painted = paint();
        self.context.restore();
        painted
    }

    /// The name of one of several that are watched.
    pub(super) fn name(&self, name: &str, role: Role, at: Point) -> Result<(), JsValue> {
        self.write("600 15px", name, self.theme.text(role), at)
    }

    /// Balancers, and the ways from them.
    fn gate(&self, gate: &Gate) {
        let (x, high, low) = gate.rail;
        for it in &gate.balancers {
            self.line(*it, Point { x, y: it.y });
        }
        self.line(Point { x, y: high }, Point { x, y: low });
        self.context.set_fill_style_str(&self.theme.muted.hex());
        for it in &gate.balancers {
            self.context.begin_path();
            for (dx, dy) in [(0.0, -7.0), (7.0, 0.0), (0.0, 7.0), (-7.0, 0.0)] {
                self.context.line_to(it.x + dx, it.y + dy);
            }
            self.context.fill();
        }
    }

    /// A place with its line, but for those who are there.
    fn stand(&self, stand: &Stand, room: &Room) -> Result<(), JsValue> {
        let lane = &stand.lane;
        let (waiting, _) = room.census();
        let head = lane.server(0);
        let tail = stand.frame.left + if stand.look == Look::Bar { 0.0 } else { 4.0 };
        if room.avoided_by > 0 {
            self.closed(stand);
        }
        match stand.look {
            Look::Vessel => return Ok(()),
            Look::Bar => {
                let each = (stand.frame.width / 120.0).clamp(BAR.0, BAR.1);
                let long = (waiting as f64 * each).min(head.x - 10.0 - tail);
                if room.state.is_away {
                    self.context.set_fill_style_str(&self.theme.grid.hex());
                    self.context.fill_rect(head.x - 1.0, head.y - 1.0, 2.0, 2.0);
                    return Ok(());
                }
                let colour = self.shade(shade_number(waiting as f64 / room.servers as f64));
                self.context.set_fill_style_str(&colour.hex());
                self.context
                    .fill_rect(head.x - 8.0 - long, head.y - 1.75, long, 3.5);
                let busy = if room.busy > 0 {
                    self.theme.ink
                } else {
                    self.theme.grid
                };
                self.context.set_fill_style_str(&busy.hex());
                if room.state.is_down {
                    self.stroke(self.theme.mark(Role::Overload), 2.0);
                    self.cross(head, 3.0);
                    return Ok(());
                }
                self.context
                    .fill_rect(head.x - 5.0, head.y - 1.75, 10.0, 3.5);
                return Ok(());
            }
            Look::Pool => {
                self.line(
                    Point {
                        x: tail,
                        y: lane.point(0.0, 1.0).y,
                    },
                    lane.point(0.0, 1.0),
                );
                self.places(lane, room);
            }
            Look::Servers => {
                self.line(
                    Point {
                        x: tail,
                        y: lane.point(0.0, 1.0).y,
                    },
                    lane.point(0.0, 1.0),
                );
                self.servers(lane, room)?;
            }
            Look::Shared => {
                if let Some(last) = room.line.len().checked_sub(1) {
                    // One band around all who share.
                    self.stroke(self.theme.grid, 17.0);
                    self.context.set_line_cap("round");
                    self.context.begin_path();
                    self.context
                        .move_to(head.x - lane.radius, lane.point(0.0, 1.0).y);
                    let rows = lane.rows(room.line.len());
                    for at in 0..=last.min(lane.places() - 1) {
                        let Point { x, y } = lane.point(Lane::place(at), rows);
                        self.context.line_to(x, y);
                    }
                    self.context.stroke();
                    self.context.set_line_cap("butt");
                }
                self.servers(lane, room)?;
                if !room.line.is_empty() && lane.drawn_singly() {
                    for server in 0..room.line.len().min(room.servers) {
                        self.progress(lane, server, 1.0)?;
                    }
                }
            }
        }
        self.condition(lane, room)?;
        let unseen = room.line.len().saturating_sub(lane.places());
        if unseen > 0 {
            let at = Point {
                x: stand.frame.left + 2.0,
                y: stand.frame.top + stand.frame.height - 3.0,
            };
            self.unseen("+", unseen, "", at)?;
        }
        Ok(())
    }

    /// The places of a pool, and which are taken.
    fn places(&self, lane: &Lane, room: &Room) {
        let side = lane.radius - 0.5;
        self.stroke(self.theme.axis, 1.5);
        let colour = self.theme.mark(Role::Simulation).hex();
        self.context.set_fill_style_str(&colour);
        let taken: Vec<bool> = room.slots.iter().map(|&it| it != u32::MAX).collect();
        for mark in 0..lane.marks() {
            let Point { x, y } = lane.server(mark * lane.per_mark);
            let first = (mark * lane.per_mark).min(taken.len());
            let last = ((mark + 1) * lane.per_mark).min(taken.len());
            if taken[first..last].contains(&true) {
                self.context.set_global_alpha(0.28);
                self.context
                    .fill_rect(x - side, y - side, 2.0 * side, 2.0 * side);
                self.context.set_global_alpha(1.0);
            }
            self.context
                .stroke_rect(x - side, y - side, 2.0 * side, 2.0 * side);
        }
    }

    pub(super) fn stroke(&self, colour: Rgb, width: f64) {
        self.context.set_stroke_style_str(&colour.hex());
        self.context.set_line_width(width);
    }

    pub(super) fn line(&self, from: Point, to: Point) {
        self.stroke(self.theme.grid, 1.5);
        self.context.begin_path();
        self.context.move_to(from.x, from.y);
        self.context.line_to(to.x, to.y);
        self.context.stroke();
    }

    /// The servers of a lane.
    fn rings(&self, lane: &Lane) -> Result<(), JsValue> {
        self.stroke(self.theme.axis, if lane.drawn_singly() { 3.0 } else { 1.0 });
        for mark in 0..lane.marks() {
            self.context.begin_path();
            let Point { x, y } = lane.server(mark * lane.per_mark);
            self.context.arc(x, y, lane.radius, 0.0, TAU)?;
            self.context.stroke();
        }
        Ok(())
    }

    /// The servers of a room: those there are, those that are down, or where they would be.
    fn servers(&self, lane: &Lane, room: &Room) -> Result<(), JsValue> {
        if room.state.is_down {
            return self.ruins(lane);
        }
        if !room.state.is_away {
            return self.rings(lane);
        }
        self.stroke(self.theme.grid, 1.0);
        for mark in 0..lane.marks() {
            let Point { x, y } = lane.server(mark * lane.per_mark);
            self.context.begin_path();
            self.context.arc(x, y, 0.3 * lane.radius, 0.0, TAU)?;
            self.context.stroke();
        }
        Ok(())
    }

    /// Servers that are down: broken rings, crossed out.
    fn ruins(&self, lane: &Lane) -> Result<(), JsValue> {
        for mark in 0..lane.marks() {
            let at = lane.server(mark * lane.per_mark);
            self.stroke(self.theme.axis, 2.0);
            for piece in 0..PIECES {
                let from = TAU * f64::from(piece) / f64::from(PIECES);
                let to = from + 0.5 * TAU / f64::from(PIECES);
                self.context.begin_path();
                self.context.arc(at.x, at.y, lane.radius, from, to)?;
                self.context.stroke();
            }
            self.stroke(self.theme.mark(Role::Overload), 3.0);
            self.cross(at, 0.45 * lane.radius);
        }
        Ok(())
    }

    fn cross(&self, at: Point, reach: f64) {
        self.context.begin_path();
        for side in [-reach, reach] {
            self.context.move_to(at.x - reach, at.y - side);
            self.context.line_to(at.x + reach, at.y + side);
        }
        self.context.stroke();
    }

    /// A bar across the way to a server that a balancer avoids.
    fn closed(&self, stand: &Stand) {
        let (x, y) = (stand.frame.left, stand.lane.server(0).y);
        let reach = (stand.frame.height / 2.0 - 2.0).min(7.0);
        self.stroke(self.theme.muted, 3.0);
        self.context.begin_path();
        self.context.move_to(x, y - reach);
        self.context.line_to(x, y + reach);
        self.context.stroke();
    }

    /// What else has happened to a place, in signs and a word: two bars where it is paused, a gap in the way where it is cut off.
    fn condition(&self, lane: &Lane, room: &Room) -> Result<(), JsValue> {
        let state = &room.state;
        let head = lane.server(0);
        if state.is_paused {
            self.stroke(self.theme.mark(Role::Overload), 3.0);
            self.context.begin_path();
            for x in [head.x - 3.5, head.x + 3.5] {
                self.context.move_to(x, head.y - 0.4 * lane.radius);
                self.context.line_to(x, head.y + 0.4 * lane.radius);
            }
            self.context.stroke();
        }
        if state.is_cut_off {
            self.stroke(self.theme.mark(Role::Overload), 2.0);
            self.context.begin_path();
            for x in [head.x - lane.radius - 10.0, head.x - lane.radius - 5.0] {
                self.context.move_to(x - 2.0, head.y + 6.0);
                self.context.line_to(x + 2.0, head.y - 6.0);
            }
            self.context.stroke();
        }
        let word = if state.is_down {
            "down"
        } else if state.is_cut_off {
            "cut off"
        } else if state.is_paused {
            "paused"
        } else if state.is_draining {
            "draining"
        } else if state.slower > 1.0 {
            "slow"
        } else {
            return Ok(());
        };
        let last = lane.server((lane.marks() - 1) * lane.per_mark);
        let at = Point {
            x: last.x + lane.radius + 6.0,
            y: head.y + 4.0,
        };
        self.write("12px", word, self.theme.text(Role::Overload), at)
    }

    /// How much of a service is done.
    fn progress(&self, lane: &Lane, server: usize, done: f64) -> Result<(), JsValue> {
        self.stroke(self.theme.ink, 3.0);
        self.context.set_line_cap("round");
        let Point { x, y } = lane.server(server);
        self.context.begin_path();
        let end = TAU * done.clamp(0.0, 1.0) - FRAC_PI_2;
        self.context.arc(x, y, lane.radius, -FRAC_PI_2, end)?;
        self.context.stroke();
        self.context.set_line_cap("butt");
        Ok(())
    }

    fn warmth(&self, dot: &Dot) -> Rgb {
        self.shade(shade_number(dot.waited))
    }

    fn fading(&self, dot: Dot, colour: Rgb, presence: f64) -> Result<(), JsValue> {
        self.context.set_global_alpha(presence.clamp(0.0, 1.0));
        self.context.set_fill_style_str(&colour.hex());
        self.context.begin_path();
        self.circle(dot.at)?;
        self.context.fill();
        self.context.set_global_alpha(1.0);
        Ok(())
    }

    /// Everyone inside, one path for each shade.
    fn dots(&self, dots: &mut dyn Iterator<Item = Dot>) -> Result<(), JsValue> {
        let mut shaded: [Vec<Dot>; SHADES] = Default::default();
        for dot in dots {
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

    fn unseen(&self, before: &str, count: usize, after: &str, at: Point) -> Result<(), JsValue> {
        let text = [before, &format::number(count as f64, 9), after].concat();
        self.write("600 13px", &text, self.theme.text(Role::Overload), at)
    }

    pub(super) fn write(
        &self,
        font: &str,
        text: &str,
        colour: Rgb,
        at: Point,
    ) -> Result<(), JsValue> {
        self.context
            .set_font(&[font, " ", self.theme.font].concat());
        self.context.set_fill_style_str(&colour.hex());
        self.context.fill_text(text, at.x, at.y)
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
