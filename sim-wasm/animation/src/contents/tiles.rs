//! One object of a cache, or what is left of it, as a tile on its way to its place.

use sim_core::caching::Queue;

use super::super::lane::Point;

/// How long a tile that left is seen, and how far it falls, in seconds of the viewer and pixels.
pub(super) const FADE: f64 = 0.6;
const FALL: f64 = 34.0;
/// How long a request is on its way from the gate to its object, or to the database.
pub(super) const FLIGHT: f64 = 0.45;

/// A tile.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tile {
    pub(super) queue: Queue,
    /// Its place in the queue.
    pub(super) position: usize,
    /// What the policy counts.
    pub(super) uses: u64,
    /// Whether the policy's hand points at it.
    pub(super) hand: bool,
    /// Whether it could still be served: it has not outlived its time.
    pub(super) fresh: bool,
    /// Whether it is in the cache as it is now.
    pub(super) present: bool,
    /// Where it is drawn; nowhere until it is first.
    pub(super) at: Option<Point>,
}

/// A tile that left.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fallen {
    pub(super) key: u64,
    pub(super) from: Point,
    pub(super) age: f64,
}

impl Fallen {
    pub(super) fn presence(&self) -> f64 {
        (1.0 - self.age / FADE).clamp(0.0, 1.0)
    }

    pub(super) fn at(&self) -> Point {
        let fallen = 1.0 - self.presence();
        Point {
            x: self.from.x,
            y: self.from.y + FALL * fallen * fallen,
        }
    }
}

/// A request after it was looked up.
#[derive(Debug, Clone, Copy)]
pub(super) struct Flight {
    pub(super) key: u64,
    pub(super) hit: bool,
    pub(super) age: f64,
}

impl Flight {
    /// 1 on the way, 0 at its end.
    pub(super) fn presence(&self) -> f64 {
        (3.0 * (1.0 - self.age / FLIGHT)).clamp(0.0, 1.0)
    }

    /// Where it is on its way from one point to another: fast at first.
    pub(super) fn at(&self, from: Point, to: Point) -> Point {
        let left = 1.0 - (self.age / FLIGHT).clamp(0.0, 1.0);
        let way = 1.0 - left * left;
        Point {
            x: from.x + way * (to.x - from.x),
            y: from.y + way * (to.y - from.y),
        }
    }
}
