//! Where each request is drawn: on its way from where it was to where it belongs, smoothly, by its own name.

use std::collections::VecDeque;

use sim_core::engine::live::Passage;
use sim_core::math;

use super::film::{APPROACH, Film};
use super::lane::{Lane, Point};

/// Time constant with which a request moves up, in seconds of the viewer.
const MOVE: f64 = 0.075;
/// How long a departing request is seen.
const FADE: f64 = 0.5;
/// Most departing requests drawn at once.
const MOST_LEAVING: usize = 48;

/// One request as drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Dot {
    pub(super) at: Point,
    /// How long it has waited, in mean service times.
    pub(super) waited: f64,
}

/// A request that is going.
#[derive(Debug, Clone, Copy)]
pub(super) struct Leaving {
    pub(super) dot: Dot,
    from: Point,
    /// Seconds of the viewer since its departure.
    age: f64,
}

impl Leaving {
    /// 1 at the departure, 0 when it is gone.
    pub(super) fn presence(&self) -> f64 {
        1.0 - self.age / FADE
    }
}

/// Everyone drawn.
#[derive(Debug, Default)]
pub(super) struct Crowd {
    /// By number, which is by arrival.
    places: Vec<Place>,
    leaving: VecDeque<Leaving>,
    /// Rows that the line is folded into, on the way to a whole number.
    rows: f64,
    /// Requests waiting that are not drawn.
    pub(super) unseen: usize,
}

/// Where one request was drawn last.
#[derive(Debug, Clone, Copy)]
struct Place {
    id: u64,
    at: Point,
    /// Distance from the head of the line, while in line.
    along: f64,
    waited: f64,
    /// Still among those inside.
    inside: bool,
}

impl Crowd {
    /// Sends off a request that was drawn.
    pub(super) fn leave(&mut self, passage: &Passage) {
        if let Ok(at) = self.find(passage.id) {
            let place = self.places[at];
            let dot = Dot {
                at: place.at,
                waited: place.waited,
            };
            self.leaving.push_back(Leaving {
                dot,
                from: place.at,
                age: 0.0,
            });
            if self.leaving.len() > MOST_LEAVING {
                self.leaving.pop_front();
            }
        }
    }

    /// Moves everyone on by `seconds` of the viewer; at once where that is infinite.
    pub(super) fn follow(&mut self, film: &Film, lane: &Lane, seconds: f64) {
        let ease = 1.0 - math::exp(-seconds / MOVE);
        let service = super::film::mean_service(film.scenario());
        let (waiting, _) = film.census();
        let rows = lane.rows(waiting);
        self.rows += (rows - self.rows) * if self.rows == 0.0 { 1.0 } else { ease };
        self.places
            .iter_mut()
            .for_each(|place| place.inside = false);
        let mut in_line = 0;
        for passage in film.inside() {
            let waited = (film.now().min(passage.start) - passage.arrival).max(0.0) / service;
            if passage.start <= film.now() {
                self.serve(passage, lane, ease, waited);
                continue;
            }
            if in_line >= lane.places() {
                break;
            }
            let target = Lane::place(in_line);
            if passage.arrival > film.now() {
                self.approach(passage, film, lane, target);
            } else {
                self.queue(passage.id, lane, target, ease, waited);
                in_line += 1;
            }
        }
        self.unseen = waiting.saturating_sub(in_line);
        self.places.retain(|place| place.inside);
        self.fade(lane, seconds);
    }

    fn serve(&mut self, passage: &Passage, lane: &Lane, ease: f64, waited: f64) {
        let target = lane.server(passage.server as usize);
        let place = self.place(passage.id, || Place::at(target));
        place.at.x += (target.x - place.at.x) * ease;
        place.at.y += (target.y - place.at.y) * ease;
        place.waited = waited;
        place.inside = true;
    }

    fn queue(&mut self, id: u64, lane: &Lane, target: f64, ease: f64, waited: f64) {
        let rows = self.rows;
        let place = self.place(id, || Place {
            along: target,
            ..Place::at(lane.point(target, rows))
        });
        place.along += (target - place.along) * ease;
        place.at = lane.point(place.along.max(0.0), rows);
        place.waited = waited;
        place.inside = true;
    }

    fn approach(&mut self, passage: &Passage, film: &Film, lane: &Lane, tail: f64) {
        let lead = APPROACH * film.pace();
        let left = ((passage.arrival - film.now()) / lead).clamp(0.0, 1.0);
        let (from, to) = (lane.entrance(tail, self.rows), lane.point(tail, self.rows));
        let at = Point {
            x: to.x + (from.x - to.x) * left,
            y: to.y + (from.y - to.y) * left,
        };
        let place = self.place(passage.id, || Place::at(at));
        (place.at, place.along, place.inside) = (at, tail, true);
    }

    fn find(&self, id: u64) -> Result<usize, usize> {
        self.places.binary_search_by_key(&id, |place| place.id)
    }

    /// Where the request `id` is drawn; `new` if it was not.
    fn place(&mut self, id: u64, new: impl FnOnce() -> Place) -> &mut Place {
        let at = self.find(id).unwrap_or_else(|at| {
            self.places.insert(at, Place { id, ..new() });
            at
        });
        &mut self.places[at]
    }

    fn fade(&mut self, lane: &Lane, seconds: f64) {
        for gone in &mut self.leaving {
            gone.age += seconds;
            let way = (gone.age / FADE).min(1.0);
            gone.dot.at.x = gone.from.x + (lane.exit() - gone.from.x) * way;
        }
        self.leaving.retain(|gone| gone.age < FADE);
    }

    /// Everyone inside who is drawn.
    pub(super) fn dots(&self) -> impl Iterator<Item = Dot> {
        self.places.iter().map(|place| Dot {
            at: place.at,
            waited: place.waited,
        })
    }

    /// Everyone who is going.
    pub(super) fn leaving(&self) -> impl Iterator<Item = &Leaving> {
        self.leaving.iter()
    }

    /// Forgets where everyone was, after the canvas changed its shape.
    pub(super) fn scatter(&mut self) {
        self.places.clear();
        self.leaving.clear();
        self.rows = 0.0;
    }
}

impl Place {
    fn at(at: Point) -> Self {
        Self {
            id: 0,
            at,
            along: 0.0,
            waited: 0.0,
            inside: true,
        }
    }
}
