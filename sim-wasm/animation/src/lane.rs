//! Where things stand: the line of the queue, folded like the line before a counter, and the servers at its head.
//!
//! All in CSS pixels, from the top left corner.

use std::f64::consts::PI;

/// Distance between two requests in line.
const PITCH: f64 = 15.0;
/// Room right of the servers in which departing requests fade.
const EXIT: f64 = 44.0;
/// More servers than this are drawn as a grid of small cells.
const DRAWN_SINGLY: usize = 12;
/// Distance between the cells of the grid.
const CELL: f64 = 13.0;

/// A point on the canvas.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Point {
    pub(super) x: f64,
    pub(super) y: f64,
}

/// A rectangle on the canvas.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Frame {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// Layout for a frame and a number of servers.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Lane {
    left: f64,
    top: f64,
    width: f64,
    height: f64,
    /// Room right of the servers.
    exit: f64,
    servers: usize,
    columns: usize,
    rows: usize,
    spacing: f64,
    /// Radius of one server.
    pub(super) radius: f64,
    /// Servers that one mark stands for.
    pub(super) per_mark: usize,
}

impl Lane {
    /// The layout of a whole canvas.
    pub(super) fn new(width: f64, height: f64, servers: usize) -> Self {
        let frame = Frame {
            left: 0.0,
            top: 0.0,
            width,
            height,
        };
        Self::within(frame, EXIT, servers)
    }

    /// The layout of a part of the canvas, with `exit` right of the servers.
    pub(super) fn within(frame: Frame, exit: f64, servers: usize) -> Self {
        let spacing = match servers {
            0 | 1 => 56.0,
            2..=4 => 40.0,
            5..=DRAWN_SINGLY => 30.0,
            _ => CELL,
        };
        let spaced = |spacing: f64| Self::spaced(frame, exit, servers.max(1), spacing.max(CELL));
        let wide = spaced(spacing.min(frame.height));
        let (closer, widest) = ([30.0, 24.0, CELL], wide.spacing);
        let closer = closer.into_iter().filter(|&it| it < widest);
        closer.map(spaced).fold(
            wide,
            |best, next| {
                if best.per_mark > 1 { next } else { best }
            },
        )
    }

    fn spaced(frame: Frame, exit: f64, servers: usize, spacing: f64) -> Self {
        let Frame {
            left,
            top,
            width,
            height,
        } = frame;
        let most_rows = whole((height - 4.0) / spacing).max(1);
        // Where there is little room, servers get more of it: the line can be counted instead.
        let share = if width < 300.0 { 0.45 } else { 0.34 };
        let most_columns = whole(width * share / spacing).max(1);
        let per_mark = servers.div_ceil(most_rows * most_columns);
        let marks = servers.div_ceil(per_mark);
        let columns = marks.div_ceil(most_rows);
        let rows = marks.div_ceil(columns);
        let radius = if spacing >= 30.0 {
            spacing / 2.0 - 5.0
        } else if spacing > CELL {
            spacing / 2.0 - 3.0
        } else {
            4.5
        };
        Self {
            left,
            top,
            width,
            height,
            exit,
            servers,
            columns,
            rows,
            spacing,
            radius,
            per_mark,
        }
    }

    /// Marks that stand for the servers.
    pub(super) fn marks(&self) -> usize {
        self.servers.div_ceil(self.per_mark)
    }

    /// Whether each server is drawn with its own progress.
    pub(super) fn drawn_singly(&self) -> bool {
        self.servers <= DRAWN_SINGLY && self.per_mark == 1
    }

    /// Centre of the mark of a server, filled row by row from the left column.
    pub(super) fn server(&self, server: usize) -> Point {
        let mark = (server / self.per_mark).min(self.columns * self.rows);
        let (column, row) = (mark / self.rows, mark % self.rows);
        let across = self.columns as f64 * self.spacing;
        let down = self.rows as f64 * self.spacing;
        Point {
            x: self.left + self.width - self.exit - across + (column as f64 + 0.5) * self.spacing,
            y: self.top + (self.height - down) / 2.0 + (row as f64 + 0.5) * self.spacing,
        }
    }

    /// Where a departing request is last seen.
    pub(super) fn exit(&self) -> f64 {
        self.left + self.width + 12.0
    }

    /// Right and left end of the line's rows.
    fn ends(&self) -> (f64, f64) {
        let across = self.columns as f64 * self.spacing;
        let right = self.left + self.width - self.exit - across - 18.0;
        // A line of one row needs no room to turn.
        let turn = if self.most_rows() > 1 {
            16.0 + self.gap() / 2.0
        } else {
            6.0
        };
        (right, (self.left + turn).min(right - PITCH))
    }

    /// Distance between the rows of the line.
    fn gap(&self) -> f64 {
        if self.height >= 124.0 { 24.0 } else { 21.0 }
    }

    /// Rows the line may fold into, an odd number: its end is then at the left, where requests come in.
    fn most_rows(&self) -> usize {
        let rows = whole((self.height - 16.0) / self.gap()).max(1);
        if rows.is_multiple_of(2) {
            rows - 1
        } else {
            rows
        }
    }

    /// Length of one row with the turn to the next.
    fn row_length(&self) -> f64 {
        let (right, left) = self.ends();
        right - left + PI * self.gap() / 2.0
    }

    /// Length of a line of `waiting` requests along its path.
    pub(super) fn place(waiting: usize) -> f64 {
        waiting as f64 * PITCH
    }

    /// How many requests find a place in the line that is drawn.
    pub(super) fn places(&self) -> usize {
        let length = self.row_length() * self.most_rows() as f64 - PI * self.gap() / 2.0;
        whole(length / PITCH) + 1
    }

    /// Rows that a line of `waiting` requests needs.
    pub(super) fn rows(&self, waiting: usize) -> f64 {
        let end = Self::place(waiting.saturating_sub(1).min(self.places() - 1));
        (end / self.row_length()).floor() + 1.0
    }

    /// The point at `along` from the head of the line, folded into rows of which `rows` (a fraction while it changes) are
    /// centred in the lane.
    pub(super) fn point(&self, along: f64, rows: f64) -> Point {
        let (right, left) = self.ends();
        let gap = self.gap();
        let row = (along / self.row_length()).floor().max(0.0);
        let within = along - row * self.row_length();
        let top = self.top + self.height / 2.0 - (rows - 1.0) * gap / 2.0;
        let straight = right - left;
        let leftwards = row % 2.0 == 0.0;
        let (x, y) = if within <= straight {
            (
                if leftwards {
                    right - within
                } else {
                    left + within
                },
                0.0,
            )
        } else {
            let (sine, cosine) = half_turn((within - straight) / (gap / 2.0));
            let bulge = sine * gap / 2.0;
            let x = if leftwards {
                left - bulge
            } else {
                right + bulge
            };
            (x, gap / 2.0 * (1.0 - cosine))
        };
        Point {
            x,
            y: top + row * gap + y,
        }
    }

    /// Where a request comes from that will join the line at `along`.
    pub(super) fn entrance(&self, along: f64, rows: f64) -> Point {
        let tail = self.point(along, rows);
        let row = (along / self.row_length()).floor();
        if row % 2.0 == 0.0 {
            Point {
                x: -10.0,
                y: tail.y,
            }
        } else {
            // A line that runs back towards the servers is joined from below.
            Point {
                x: tail.x,
                y: self.top + self.height + 10.0,
            }
        }
    }

    /// Where the count stands of those who found no place.
    pub(super) fn overflow(&self) -> Point {
        Point {
            x: self.left + 2.0,
            y: self.top + self.height - 6.0,
        }
    }
}

/// Sine and cosine of an angle from 0 to π, to 0.2 % (Bhaskara I, 7th century): the eye asks no more, and the exact functions
/// would be a fair part of the page's module.
fn half_turn(angle: f64) -> (f64, f64) {
    let product = angle * (PI - angle);
    let sine = 16.0 * product / (5.0 * PI * PI - 4.0 * product);
    let tilt = PI / 2.0 - angle;
    let rest = PI / 2.0 - tilt.abs();
    let cosine = (PI * PI - 4.0 * rest * rest) / (PI * PI + rest * rest);
    (sine, cosine * tilt.signum())
}

/// Whole units in a length; none in what is not a positive number.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "casts saturate"
)]
pub(super) fn whole(length: f64) -> usize {
    length.floor() as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn distance(a: Point, b: Point) -> f64 {
        ((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y)).sqrt()
    }

    #[test]
    fn the_line_is_one_line_without_jumps_inside_the_lane() {
        for (width, height, servers) in [
            (1100.0, 144.0, 1),
            (354.0, 112.0, 1),
            (354.0, 112.0, 12),
            (354.0, 112.0, 5000),
        ] {
            let lane = Lane::new(width, height, servers);
            let rows = lane.rows(lane.places());
            let points: Vec<Point> = (0..lane.places())
                .map(|i| lane.point(Lane::place(i), rows))
                .collect();
            for pair in points.windows(2) {
                let step = distance(pair[0], pair[1]);
                assert!(step > 0.6 * PITCH && step < 1.01 * PITCH, "{step}");
            }
            let head = lane.server(0).x - lane.radius;
            assert!(
                points
                    .iter()
                    .all(|p| p.x > 0.0 && p.x < head && p.y > 4.0 && p.y < height - 4.0),
                "{width} {servers}"
            );
            assert!(points.len() >= 20, "{width} {servers}: {}", points.len());
        }
    }

    #[test]
    fn servers_stand_apart_and_inside() {
        for servers in [1, 2, 4, 5, 12, 13, 100, 1000, 1_000_000] {
            for (width, height) in [(1100.0, 144.0), (286.0, 112.0)] {
                let lane = Lane::new(width, height, servers);
                let marks: Vec<Point> = (0..lane.marks())
                    .map(|mark| lane.server(mark * lane.per_mark))
                    .collect();
                for (i, a) in marks.iter().enumerate() {
                    assert!(
                        a.x > width * 0.3 && a.x < width && a.y > 0.0 && a.y < height,
                        "{servers}"
                    );
                    assert!(
                        marks[..i]
                            .iter()
                            .all(|b| distance(*a, *b) >= 2.0 * lane.radius),
                        "{servers}"
                    );
                }
            }
        }
    }
}
