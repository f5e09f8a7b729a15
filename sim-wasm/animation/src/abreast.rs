//! Pictures that are watched together: side by side where there is room, else one below the other.

use super::lane::Frame;

/// Least width of each of several that stand side by side, and the room between them.
const LEAST: f64 = 300.0;
const BETWEEN: f64 = 32.0;
/// Room below each.
const BELOW: f64 = 14.0;
/// What is drawn beyond a picture to either side is seen.
pub(super) const BEYOND: f64 = BETWEEN / 2.0;

/// How a number of pictures share a width.
#[derive(Debug, Clone, Copy)]
pub(super) struct Columns {
    columns: usize,
    /// Width of each.
    pub(super) width: f64,
}

impl Columns {
    pub(super) fn new(width: f64, number: usize) -> Self {
        let abreast = LEAST * number as f64 + BETWEEN * (number as f64 - 1.0);
        let columns = if width >= abreast { number.max(1) } else { 1 };
        Self {
            columns,
            width: (width + BETWEEN) / columns as f64 - BETWEEN,
        }
    }

    /// Where pictures of these heights stand, each as high as the highest beside it, and the height of all.
    pub(super) fn arrange(&self, heights: &[f64]) -> (Vec<Frame>, f64) {
        let (mut frames, mut top) = (Vec::new(), 0.0);
        for band in heights.chunks(self.columns) {
            let height = band.iter().copied().fold(0.0, f64::max);
            frames.extend((0..band.len()).map(|column| Frame {
                left: column as f64 * (self.width + BETWEEN),
                top,
                width: self.width,
                height,
            }));
            top += height + BELOW;
        }
        (frames, top - BELOW)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_stand_side_by_side_where_there_is_room() {
        let (wide, height) = Columns::new(1100.0, 2).arrange(&[100.0, 140.0]);
        assert_eq!((wide[0].top, wide[1].top, height), (0.0, 0.0, 140.0));
        assert!(wide[0].left + wide[0].width < wide[1].left);
        assert!((wide[1].left + wide[1].width - 1100.0).abs() < 1e-9);
        let (narrow, height) = Columns::new(354.0, 2).arrange(&[100.0, 140.0]);
        assert_eq!((narrow[0].width, narrow[1].left), (354.0, 0.0));
        assert_eq!(narrow[1].top, 100.0 + BELOW);
        assert_eq!(height, 240.0 + BELOW);
        let (alone, height) = Columns::new(354.0, 1).arrange(&[100.0]);
        assert_eq!((alone[0].width, height), (354.0, 100.0));
    }
}
