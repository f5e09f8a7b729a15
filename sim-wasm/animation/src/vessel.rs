//! A cache on the floor: a storey above what it spares. Requests come to its mouth; those whose object is there go straight on
//! and out, the others down to the database. Its room is drawn as cells, and those that hold objects are filled from below.

use sim_core::caching::Capacity;
use sim_core::figure::Role;
use wasm_bindgen::JsValue;

use super::house::Room;
use super::lane::{Frame, Lane, Point, whole};
use super::paint::Painter;

/// Height of the storey of a cache.
pub(super) const STOREY: f64 = 84.0;
/// Share of the width that is left of the cells, and that they may take at most.
const BEFORE: f64 = 0.2;
const SHARE: f64 = 0.42;
/// The most cells are this wide together.
const WIDEST: f64 = 380.0;
/// Distances between cells, the best first.
const PITCHES: [f64; 5] = [14.0, 12.0, 10.0, 8.0, 6.5];
/// From the mouth to the cells.
const MOUTH: f64 = 12.0;
/// How far the way of misses is drawn below the storey.
const BELOW: f64 = 22.0;
/// How far above the way of hits their share is written: no request that leaves passes there.
const ABOVE: f64 = 20.0;
/// Cells of a cache whose room is measured in bytes.
const IN_BYTES: u64 = 100;

/// The cells of a cache.
#[derive(Debug, Clone)]
pub(super) struct Vessel {
    /// Where requests look into it.
    pub(super) mouth: Point,
    /// Left and lower end of the cells.
    corner: Point,
    pitch: f64,
    columns: usize,
    /// How many there are; each stands for one object, or more.
    cells: usize,
    /// The right end of the way of those who leave, and the lower end of the way of those who go on.
    exit: f64,
    below: f64,
}

impl Vessel {
    /// A vessel in a storey.
    pub(super) fn within(storey: Frame, capacity: Capacity) -> Self {
        let room = match capacity {
            Capacity::Objects(objects) => objects,
            Capacity::Bytes(_) => IN_BYTES,
        };
        let (width, height) = ((storey.width * SHARE).min(WIDEST), storey.height - 8.0);
        let room = usize::try_from(room).unwrap_or(usize::MAX);
        let most = |pitch: f64| (whole(width / pitch).max(1), whole(height / pitch).max(1));
        let fits = |pitch: f64| {
            let (columns, rows) = most(pitch);
            // As wide as it has to be, and no lower.
            (columns * rows >= room).then(|| (pitch, room.div_ceil(rows), room))
        };
        let (pitch, columns, cells) = PITCHES.into_iter().find_map(fits).unwrap_or_else(|| {
            let pitch = PITCHES[PITCHES.len() - 1];
            let (columns, rows) = most(pitch);
            (pitch, columns, columns * rows)
        });
        let rows = cells.div_ceil(columns);
        let mouth = Point {
            x: storey.left + storey.width * BEFORE,
            y: storey.top + storey.height / 2.0,
        };
        Self {
            mouth,
            corner: Point {
                x: mouth.x + MOUTH,
                y: mouth.y + rows as f64 * pitch / 2.0,
            },
            pitch,
            columns,
            cells,
            exit: storey.left + storey.width,
            below: storey.top + storey.height + BELOW,
        }
    }

    /// Where those stand who wait at the mouth for an object that another fetches.
    pub(super) fn lane(storey: Frame) -> Lane {
        let mut before = storey;
        before.width = storey.width * BEFORE;
        Lane::within(before, 0.0, 1)
    }

    /// Top left corner of a cell, counted from below.
    fn cell(&self, number: usize) -> Point {
        let (row, column) = (number / self.columns, number % self.columns);
        Point {
            x: self.corner.x + column as f64 * self.pitch,
            y: self.corner.y - (row + 1) as f64 * self.pitch,
        }
    }

    /// Whether a point is on it, or nearly.
    pub(super) fn holds(&self, at: Point) -> bool {
        let rows = self.cells.div_ceil(self.columns);
        let right = self.corner.x + self.columns as f64 * self.pitch;
        let top = self.corner.y - rows as f64 * self.pitch;
        (self.corner.x - MOUTH..right + 4.0).contains(&at.x)
            && (top - 4.0..self.corner.y + 4.0).contains(&at.y)
    }

    /// Where the way of hits begins, right of the cells.
    fn right(&self) -> f64 {
        self.corner.x + self.columns as f64 * self.pitch + 6.0
    }
}

impl Painter<'_> {
    /// A cache, filled to `level`, but for those who are there.
    pub(super) fn vessel(
        &self,
        vessel: &Vessel,
        room: &Room,
        level: f64,
        tail: f64,
    ) -> Result<(), JsValue> {
        let Point { x, y } = vessel.mouth;
        self.line(Point { x: tail, y }, Point { x: x - 6.0, y });
        self.line(
            Point {
                x: vessel.right(),
                y,
            },
            Point { x: vessel.exit, y },
        );
        // The way of misses, down to what the cache spares.
        let down = Point {
            x: x - 6.0,
            y: vessel.below,
        };
        self.line(Point { x: x - 6.0, y }, down);
        let beside = Point {
            x: down.x + 6.0,
            y: down.y - 1.0,
        };
        self.write("13px", "misses", self.theme.muted, beside)?;
        let side = vessel.pitch - 2.5;
        let full = level.clamp(0.0, 1.0) * vessel.cells as f64;
        self.context.begin_path();
        for number in 0..vessel.cells {
            let Point { x, y } = vessel.cell(number);
            self.context.rect(x + 1.25, y + 1.25, side, side);
        }
        self.context.set_fill_style_str(&self.theme.grid.hex());
        self.context.fill();
        self.context
            .set_fill_style_str(&self.theme.mark(Role::Simulation).hex());
        self.context.set_global_alpha(0.4);
        self.context.begin_path();
        for number in 0..vessel.cells {
            let part = (full - number as f64).min(1.0);
            if part <= 0.0 {
                break;
            }
            let Point { x, y } = vessel.cell(number);
            self.context
                .rect(x + 1.25, y + 1.25 + side * (1.0 - part), side, side * part);
        }
        self.context.fill();
        self.context.set_global_alpha(1.0);
        let at = Point {
            x: vessel.right() + 4.0,
            y: y - ABOVE,
        };
        let mut text = String::new();
        if let Some(stock) = &room.stock {
            stock.tell_hits(&mut text);
        }
        self.write("13px", &text, self.theme.muted, at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn storey(width: f64) -> Frame {
        Frame {
            left: 10.0,
            top: 20.0,
            width,
            height: STOREY,
        }
    }

    #[test]
    fn every_object_has_a_cell_while_there_is_room_and_all_cells_are_inside() {
        for (width, capacity, cells) in [
            (1100.0, Capacity::Objects(1), Some(1)),
            (1100.0, Capacity::Objects(100), Some(100)),
            (354.0, Capacity::Objects(100), Some(100)),
            (354.0, Capacity::Objects(1_000_000_000), None),
            (1100.0, Capacity::Bytes(1 << 40), Some(100)),
        ] {
            let frame = storey(width);
            let vessel = Vessel::within(frame, capacity);
            if let Some(cells) = cells {
                assert_eq!(vessel.cells, cells);
            }
            assert!(vessel.cells < 1_000);
            for number in 0..vessel.cells {
                let Point { x, y } = vessel.cell(number);
                assert!(x > vessel.mouth.x && x + vessel.pitch < 10.0 + 0.7 * width);
                assert!(y >= 20.0 && y + vessel.pitch <= 20.0 + STOREY, "{y}");
                let middle = Point {
                    x: x + vessel.pitch / 2.0,
                    y: y + vessel.pitch / 2.0,
                };
                assert!(vessel.holds(middle));
            }
            let head = Vessel::lane(frame).server(0);
            assert!(head.x < vessel.mouth.x + 1.0 && !vessel.holds(Point { x: 12.0, y: 60.0 }));
        }
    }

    #[test]
    fn cells_fill_from_below() {
        let vessel = Vessel::within(storey(1100.0), Capacity::Objects(100));
        let (first, last) = (vessel.cell(0), vessel.cell(99));
        assert!(first.y > last.y && vessel.cell(1).y == first.y);
    }
}
