//! Plane geometry of a plot: rectangles, polylines cut to them, dashes, hatching. All in CSS pixels, y downwards.

use crate::math::order::in_order;

/// A point, CSS pixels from the top left.
pub(crate) type Point = (f64, f64);

/// An upright rectangle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rect {
    /// Left edge.
    pub left: f64,
    /// Top edge.
    pub top: f64,
    /// Right edge.
    pub right: f64,
    /// Bottom edge.
    pub bottom: f64,
}

impl Rect {
    /// Width; negative where there is none.
    pub fn width(&self) -> f64 {
        self.right - self.left
    }

    /// Height; negative where there is none.
    pub fn height(&self) -> f64 {
        self.bottom - self.top
    }

    /// Whether the point lies inside or on the edge.
    pub fn contains(&self, (x, y): Point) -> bool {
        (self.left..=self.right).contains(&x) && (self.top..=self.bottom).contains(&y)
    }

    /// Grown by `by` on every side.
    pub(crate) fn grown(&self, by: f64) -> Self {
        Self {
            left: self.left - by,
            top: self.top - by,
            right: self.right + by,
            bottom: self.bottom + by,
        }
    }
}

/// Whether two rectangles share more than an edge.
pub(crate) fn overlap(a: &Rect, b: &Rect) -> bool {
    a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}

/// The part of the segment inside `rect` (Liang and Barsky 1984), `None` where there is none.
pub(crate) fn clip_segment(a: Point, b: Point, rect: &Rect) -> Option<(Point, Point)> {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    if !(dx.is_finite() && dy.is_finite()) {
        return None;
    }
    let (mut from, mut to) = (0.0_f64, 1.0_f64);
    let edges = [
        (-dx, a.0 - rect.left),
        (dx, rect.right - a.0),
        (-dy, a.1 - rect.top),
        (dy, rect.bottom - a.1),
    ];
    for (slope, room) in edges {
        if slope == 0.0 {
            if room < 0.0 {
                return None;
            }
        } else if slope < 0.0 {
            from = from.max(room / slope);
        } else {
            to = to.min(room / slope);
        }
    }
    let at = |t: f64| (a.0 + t * dx, a.1 + t * dy);
    (from <= to).then(|| {
        (
            if from == 0.0 { a } else { at(from) },
            if to == 1.0 { b } else { at(to) },
        )
    })
}

/// The pieces of a polyline inside `rect`. Points that are not finite break it.
pub(crate) fn clip_polyline(points: &[Point], rect: &Rect) -> Vec<Vec<Point>> {
    let mut pieces: Vec<Vec<Point>> = Vec::new();
    let mut open = false;
    for pair in points.windows(2) {
        let Some((from, to)) = clip_segment(pair[0], pair[1], rect) else {
            open = false;
            continue;
        };
        match pieces.last_mut() {
            Some(piece) if open && from == pair[0] => piece.push(to),
            _ => pieces.push(vec![from, to]),
        }
        open = to == pair[1];
    }
    pieces
}

/// Cuts a polyline into dashes of length `on` with gaps of length `off`.
pub(crate) fn dashes(points: &[Point], on: f64, off: f64) -> Vec<Vec<Point>> {
    let mut pieces: Vec<Vec<Point>> = Vec::new();
    let (mut drawing, mut left) = (true, on);
    let mut current: Vec<Point> = points.first().copied().into_iter().collect();
    for pair in points.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        let length = ((b.0 - a.0) * (b.0 - a.0) + (b.1 - a.1) * (b.1 - a.1)).sqrt();
        let mut done = 0.0;
        while length - done > left {
            done += left;
            let t = done / length;
            let cut = (a.0 + t * (b.0 - a.0), a.1 + t * (b.1 - a.1));
            if drawing {
                current.push(cut);
                pieces.push(std::mem::take(&mut current));
            } else {
                current = vec![cut];
            }
            drawing = !drawing;
            left = if drawing { on } else { off };
        }
        left -= length - done;
        if drawing {
            current.push(b);
        }
    }
    if current.len() > 1 {
        pieces.push(current);
    }
    pieces
}

/// Parallel strokes at 45 degrees, `gap` apart, filling `rect`.
pub(crate) fn hatching(rect: &Rect, gap: f64) -> Vec<(Point, Point)> {
    let (width, height) = (rect.width(), rect.height());
    if !(width > 0.0 && height > 0.0 && gap > 0.0 && width + height < 1e5 * gap) {
        return Vec::new();
    }
    let strokes = std::iter::successors(Some(gap / 2.0), |offset| Some(offset + gap));
    strokes
        .take_while(|offset| *offset < width + height)
        .filter_map(|offset| {
            let foot = rect.left + offset - height;
            clip_segment((foot, rect.bottom), (foot + height, rect.top), rect)
        })
        .collect()
}

/// Centres for labels of the given sizes that lie as near as can be to their wishes, in order, not overlapping, within
/// `low..=high`. Labels that do not fit at all are squeezed evenly.
pub(crate) fn spread(wishes: &[f64], sizes: &[f64], low: f64, high: f64) -> Vec<f64> {
    let order = in_order(0..wishes.len(), |label| wishes[*label]);
    // Blocks of touching labels (offset of the first centre, members): merge while two overlap, each block at the mean of
    // its members' wishes.
    let mut blocks: Vec<Block> = Vec::new();
    for &label in &order {
        let mut block = Block::new(label, wishes[label], sizes[label]);
        block.settle(low, high);
        while let Some(before) = blocks.pop_if(|before| before.start + before.length > block.start)
        {
            block = before.join(block);
            block.settle(low, high);
        }
        blocks.push(block);
    }
    let mut centres = vec![0.0; wishes.len()];
    for block in &blocks {
        let mut edge = block.start;
        for &label in &block.labels {
            centres[label] = edge + sizes[label] / 2.0;
            edge += sizes[label];
        }
    }
    centres
}

/// A run of labels that touch each other.
struct Block {
    labels: Vec<usize>,
    /// Sum over the members of where each would have the block start.
    wish: f64,
    length: f64,
    start: f64,
}

impl Block {
    fn new(label: usize, wish: f64, size: f64) -> Self {
        Self {
            labels: vec![label],
            wish: wish - size / 2.0,
            length: size,
            start: 0.0,
        }
    }

    fn settle(&mut self, low: f64, high: f64) {
        let mean = self.wish / self.labels.len() as f64;
        self.start = mean.min(high - self.length).max(low);
    }

    fn join(mut self, after: Self) -> Self {
        self.wish += after.wish - self.length * after.labels.len() as f64;
        self.length += after.length;
        self.labels.extend(after.labels);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNIT: Rect = Rect {
        left: 0.0,
        top: 0.0,
        right: 10.0,
        bottom: 10.0,
    };

    #[test]
    fn a_segment_is_cut_at_the_edges() {
        assert_eq!(
            clip_segment((-5.0, 5.0), (15.0, 5.0), &UNIT),
            Some(((0.0, 5.0), (10.0, 5.0)))
        );
        assert_eq!(
            clip_segment((2.0, 2.0), (3.0, 4.0), &UNIT),
            Some(((2.0, 2.0), (3.0, 4.0)))
        );
        assert_eq!(clip_segment((-5.0, 0.0), (0.0, -5.1), &UNIT), None);
        assert_eq!(clip_segment((0.0, 0.0), (f64::INFINITY, 5.0), &UNIT), None);
        assert_eq!(clip_segment((0.0, f64::NAN), (5.0, 5.0), &UNIT), None);
    }

    #[test]
    fn a_polyline_that_leaves_and_returns_is_two_pieces() {
        let points = [(1.0, 1.0), (5.0, 20.0), (9.0, 1.0)];
        let pieces = clip_polyline(&points, &UNIT);
        assert_eq!(pieces.len(), 2);
        assert!(
            pieces
                .iter()
                .flatten()
                .all(|p| UNIT.grown(1e-9).contains(*p))
        );
        assert_eq!(
            clip_polyline(
                &[(1.0, 1.0), (f64::NAN, 2.0), (3.0, 3.0), (4.0, 4.0)],
                &UNIT
            )
            .len(),
            1
        );
    }

    #[test]
    fn dashes_have_their_lengths_across_corners() {
        let pieces = dashes(&[(0.0, 0.0), (5.0, 0.0), (5.0, 5.0)], 3.0, 1.0);
        assert_eq!(pieces[0], [(0.0, 0.0), (3.0, 0.0)]);
        assert_eq!(pieces[1], [(4.0, 0.0), (5.0, 0.0), (5.0, 2.0)]);
        assert_eq!(pieces[2], [(5.0, 3.0), (5.0, 5.0)]);
    }

    #[test]
    fn hatching_stays_inside() {
        let strokes = hatching(&UNIT, 2.0);
        assert_eq!(strokes.len(), 10);
        assert!(
            strokes
                .iter()
                .all(|(a, b)| UNIT.grown(1e-9).contains(*a) && UNIT.grown(1e-9).contains(*b))
        );
        assert!(
            hatching(
                &Rect {
                    right: f64::INFINITY,
                    ..UNIT
                },
                2.0
            )
            .is_empty()
        );
    }

    #[test]
    fn crowded_labels_move_apart_and_stay_in_order() {
        let sizes = [10.0; 4];
        let centres = spread(&[50.0, 12.0, 52.0, 54.0], &sizes, 0.0, 100.0);
        assert_eq!(centres, [42.0, 12.0, 52.0, 62.0]);
        let squeezed = spread(&[98.0, 99.0, 97.0, 0.0], &sizes, 0.0, 100.0);
        assert_eq!(squeezed, [85.0, 95.0, 75.0, 5.0]);
    }
}
