//! Paints a cache: the way of the requests, the queues with their tiles, and what comes and goes.

use std::f64::consts::TAU;

use sim_core::exhibits::Scene;
use sim_core::figure::format;
use sim_core::figure::{Role, Unit};
use sim_core::plot::Rgb;
use wasm_bindgen::JsValue;

use super::super::lane::Point;
use super::super::latest::REMEMBERED;
use super::super::paint::Painter;
use super::Asked;
use super::rows::{Rows, TILE};
use super::shelf::{Name, Picture};
use super::tiles::{Flight, Tile};

/// Radius of a request with its number, and the distance from one that is coming to the next.
const REQUEST: f64 = 11.5;
const APART: f64 = 50.0;
/// How dark a tile is: unused, and used ever so often.
const TINT: (f64, f64) = (0.13, 0.42);
/// Uses that are drawn as points on a tile, at most.
const POINTS: u64 = 3;
/// Radius of such a point, and the distance to the next.
const POINT: f64 = 1.75;
const POINT_APART: f64 = 6.0;
/// Width and height of an outcome.
const OUTCOME: (f64, f64) = (4.0, 11.0);
/// Room for the share of hits.
const SAID: f64 = 72.0;
/// Where the name's foot is.
const HEAD: f64 = 16.0;

impl Painter<'_> {
    /// A cache.
    pub(super) fn shelf(
        &self,
        scene: &Scene,
        picture: &Picture,
        rows: &Rows,
        asked: &Asked,
    ) -> Result<(), JsValue> {
        self.name(&scene.name, scene.role, Point { x: 0.0, y: HEAD })?;
        self.outcomes(picture, scene.role, rows)?;
        for name in &picture.names {
            self.queue(name)?;
        }
        self.context.set_text_align("center");
        let painted = self.moving(scene.role, picture, rows, asked);
        self.context.set_text_align("start");
        painted
    }

    fn moving(
        &self,
        role: Role,
        picture: &Picture,
        rows: &Rows,
        asked: &Asked,
    ) -> Result<(), JsValue> {
        for it in &picture.fallen {
            self.context.set_global_alpha(it.presence());
            self.ghost(it.at());
            self.number(it.key, asked, self.theme.muted, it.at())?;
            self.context.set_global_alpha(1.0);
        }
        // The latest one passes above the others.
        let is_last = |key: u64| picture.last.is_some_and(|(last, _)| last == key);
        let (last, others): (Vec<_>, Vec<_>) = picture.tiles.iter().partition(|it| is_last(*it.0));
        for (&key, tile) in others.into_iter().chain(last) {
            if let Some(at) = tile.at {
                self.tile(key, tile, at, role, asked)?;
            }
        }
        self.latest(picture, role);
        self.coming(asked, rows)?;
        for flight in &picture.flights {
            self.flight(flight, picture, rows, asked, role)?;
        }
        Ok(())
    }

    /// Whether the last requests were hits, and how many.
    fn outcomes(&self, picture: &Picture, role: Role, rows: &Rows) -> Result<(), JsValue> {
        let share = picture.latest.share().unwrap_or(0.0);
        let text = [&format::value(share, Unit::Percent), " hits"].concat();
        self.context.set_text_align("right");
        let end = Point {
            x: rows.width,
            y: HEAD,
        };
        self.write("600 13px", &text, self.theme.text(role), end)?;
        self.context.set_text_align("start");
        let (width, height) = OUTCOME;
        let mut x = rows.width - SAID;
        let left = (0.38 * rows.width).max(x - REMEMBERED as f64 * width);
        for hit in picture.latest.last_first() {
            x -= width;
            if x < left {
                break;
            }
            let (colour, high) = if hit {
                (self.theme.mark(role), height)
            } else {
                (self.theme.mark(Role::Tail), 0.4 * height)
            };
            self.context.set_fill_style_str(&colour.hex());
            self.context.fill_rect(x, HEAD - high, width - 1.5, high);
        }
        Ok(())
    }

    /// A queue's name.
    fn queue(&self, name: &Name) -> Result<(), JsValue> {
        let foot = name.top + 13.0;
        let more = format::value(name.hidden as f64, Unit::Count);
        let text = if name.hidden > 0 {
            [name.words, "; and ", &more, " more"].concat()
        } else {
            name.words.to_owned()
        };
        self.write("12px", &text, self.theme.muted, Point { x: 0.0, y: foot })
    }

    /// A tile, with what the policy notes on it.
    fn tile(
        &self,
        key: u64,
        tile: &Tile,
        at: Point,
        role: Role,
        asked: &Asked,
    ) -> Result<(), JsValue> {
        if tile.hand {
            self.hand(at);
        }
        if tile.queue.is_ghost() || !tile.fresh {
            self.ghost(at);
            return self.number(key, asked, self.theme.muted, at);
        }
        self.ground(tile.uses, at, role);
        self.points(tile.uses, at)?;
        self.number(key, asked, self.theme.ink, at)
    }

    /// The square of a tile, the darker the more it was used.
    fn ground(&self, uses: u64, at: Point, role: Role) {
        let used = uses as f64;
        let depth = TINT.0 + (TINT.1 - TINT.0) * used / (used + 2.0);
        self.context.set_fill_style_str(&self.theme.paper.hex());
        self.square(at);
        self.context.set_global_alpha(depth);
        self.context
            .set_fill_style_str(&self.theme.mark(role).hex());
        self.square(at);
        self.context.set_global_alpha(1.0);
    }

    /// A point for each use, up to a few, in the colour of the ground.
    fn points(&self, uses: u64, at: Point) -> Result<(), JsValue> {
        let points = uses.min(POINTS);
        let first = at.x - POINT_APART * (points as f64 - 1.0) / 2.0;
        for point in 0..points {
            let x = first + POINT_APART * point as f64;
            self.context.begin_path();
            self.context.arc(x, at.y + 9.0, POINT, 0.0, TAU)?;
            self.context.fill();
        }
        Ok(())
    }

    /// The policy's hand, above a tile.
    fn hand(&self, at: Point) {
        self.context.set_fill_style_str(&self.theme.ink.hex());
        self.context.begin_path();
        let foot = at.y - TILE / 2.0 - 0.5;
        self.context.move_to(at.x, foot);
        self.context.line_to(at.x - 4.5, foot - 6.5);
        self.context.line_to(at.x + 4.5, foot - 6.5);
        self.context.fill();
    }

    fn square(&self, at: Point) {
        let (x, y) = (at.x - TILE / 2.0, at.y - TILE / 2.0);
        self.context.fill_rect(x, y, TILE, TILE);
    }

    /// An empty frame: a key without an object.
    fn ghost(&self, at: Point) {
        self.stroke(self.theme.axis, 1.0);
        let (x, y) = (at.x - TILE / 2.0 + 0.5, at.y - TILE / 2.0 + 0.5);
        self.context.stroke_rect(x, y, TILE - 1.0, TILE - 1.0);
    }

    /// A frame around the object of the latest request.
    fn latest(&self, picture: &Picture, role: Role) {
        let Some((key, hit)) = picture.last else {
            return;
        };
        let Some(at) = picture.tiles.get(&key).and_then(|it| it.at) else {
            return;
        };
        let colour = if hit { role } else { Role::Tail };
        self.stroke(self.theme.mark(colour), 2.0);
        let (x, y) = (at.x - TILE / 2.0 + 1.0, at.y - TILE / 2.0 + 1.0);
        self.context.stroke_rect(x, y, TILE - 2.0, TILE - 2.0);
    }

    /// The requests to come, the way past the cache, and the database at its end.
    fn coming(&self, asked: &Asked, rows: &Rows) -> Result<(), JsValue> {
        let (gate, database) = (rows.gate(), rows.database());
        self.line(
            Point { x: 0.0, y: gate.y },
            Point {
                x: rows.end(),
                y: gate.y,
            },
        );
        let at = Point {
            y: gate.y + 4.0,
            ..database
        };
        self.write("12px", "database", self.theme.muted, at)?;
        for (ahead, &key) in asked.coming.iter().enumerate() {
            let x = gate.x - APART * (ahead as f64 + 1.0 - asked.phase);
            if x < -REQUEST {
                break;
            }
            let at = Point { x, y: gate.y };
            self.request(key, at, self.theme.ink, asked)?;
        }
        Ok(())
    }

    /// A request that was looked up: on its way to its object, or past the cache.
    fn flight(
        &self,
        flight: &Flight,
        picture: &Picture,
        rows: &Rows,
        asked: &Asked,
        role: Role,
    ) -> Result<(), JsValue> {
        let found = picture.tiles.get(&flight.key).and_then(|it| it.at);
        let (to, colour) = match found {
            Some(at) if flight.hit => (at, role),
            _ => (
                Point {
                    x: rows.end() - REQUEST,
                    y: rows.gate().y,
                },
                Role::Tail,
            ),
        };
        let at = flight.at(rows.gate(), to);
        self.context.set_global_alpha(flight.presence());
        self.request(flight.key, at, self.theme.text(colour), asked)?;
        self.context.set_global_alpha(1.0);
        Ok(())
    }

    /// A request, with the number of what it asks for.
    fn request(&self, key: u64, at: Point, colour: Rgb, asked: &Asked) -> Result<(), JsValue> {
        self.context.begin_path();
        self.context.arc(at.x, at.y, REQUEST, 0.0, TAU)?;
        self.context.set_fill_style_str(&self.theme.paper.hex());
        self.context.fill();
        self.stroke(colour, 1.5);
        self.context.stroke();
        self.number(key, asked, colour, at)
    }

    /// The number of an item: 1 is the most popular one.
    fn number(&self, key: u64, asked: &Asked, colour: Rgb, at: Point) -> Result<(), JsValue> {
        let foot = Point {
            y: at.y + 3.75,
            ..at
        };
        // What nobody asks for again has no number.
        if key >= asked.items {
            return Ok(());
        }
        self.write("11px", &(key + 1).to_string(), colour, foot)
    }
}
