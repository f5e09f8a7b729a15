//! Where the queues of a cache stand: each in lines of tiles under its name, heads at the left.
//!
//! Room is kept for as many lines as the queues can need together, so that nothing below moves when they grow and shrink.

use sim_core::caching::{Policy, Queue};

use super::super::lane::{Point, whole};

/// Side of a tile, and the distance from one to the next.
pub(super) const TILE: f64 = 26.0;
const ACROSS: f64 = 29.0;
const DOWN: f64 = 34.0;
/// Room for a queue's name.
const NAME: f64 = 19.0;
/// The way of the requests, and where the queues begin.
const TRACK: f64 = 48.0;
const QUEUES: f64 = 74.0;
/// Where the requests are looked up, as a share of the width.
const GATE: f64 = 0.5;
/// Room for the word.
const DATABASE: f64 = 60.0;
/// Room is kept for at least so many objects: a smaller cache moves nothing.
const LEAST_ROOM: u64 = 24;

/// Where things stand on a piece of canvas of some width.
#[derive(Debug, Clone)]
pub(super) struct Rows {
    pub(super) width: f64,
    pub(super) height: f64,
    per_line: usize,
    /// Lines that objects, and keys that left, may take.
    lines: (usize, usize),
}

/// A queue in its place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Block {
    pub(super) queue: Queue,
    /// Top of its name.
    pub(super) top: f64,
    /// How many of its tiles are drawn.
    pub(super) drawn: usize,
}

impl Rows {
    pub(super) fn new(policy: Policy, capacity: u64, width: f64) -> Self {
        let per_line = whole((width + ACROSS - TILE) / ACROSS).max(1);
        let room = usize::try_from(capacity.max(LEAST_ROOM)).unwrap_or(usize::MAX);
        let (ghosts, objects): (Vec<Queue>, Vec<Queue>) = policy
            .queues()
            .iter()
            .map(|it| it.0)
            .partition(|it| it.is_ghost());
        // Each queue but one may leave a line unfinished.
        let lines = |queues: usize| match queues {
            0 => 0,
            _ => room.div_ceil(per_line) + queues - 1,
        };
        let lines = (lines(objects.len()), lines(ghosts.len()));
        let names = policy.queues().len() as f64;
        Self {
            width,
            height: QUEUES + names * NAME + (lines.0 + lines.1) as f64 * DOWN,
            per_line,
            lines,
        }
    }

    /// Where the queues are that hold so many each, in their order.
    pub(super) fn blocks(&self, sizes: &[(Queue, usize)]) -> Vec<Block> {
        let (mut objects, mut ghosts) = self.lines;
        let mut top = QUEUES;
        let block = |&(queue, size): &(Queue, usize)| {
            let left = if queue.is_ghost() {
                &mut ghosts
            } else {
                &mut objects
            };
            let lines = size.div_ceil(self.per_line).max(1).min(*left);
            *left -= lines;
            let block = Block {
                queue,
                top,
                drawn: size.min(lines * self.per_line),
            };
            top += NAME + lines as f64 * DOWN;
            block
        };
        sizes.iter().map(block).collect()
    }

    /// The middle of a tile of a queue whose name is at `top`.
    pub(super) fn tile(&self, top: f64, position: usize) -> Point {
        let (line, column) = (position / self.per_line, position % self.per_line);
        Point {
            x: column as f64 * ACROSS + TILE / 2.0,
            y: top + NAME + line as f64 * DOWN + DOWN / 2.0,
        }
    }

    /// Where requests are looked up.
    pub(super) fn gate(&self) -> Point {
        Point {
            x: GATE * self.width,
            y: TRACK,
        }
    }

    /// Where the way of the requests ends, in front of the word for the database.
    pub(super) fn end(&self) -> f64 {
        self.width - DATABASE - 6.0
    }

    /// The middle of the word for where what is missing comes from.
    pub(super) fn database(&self) -> Point {
        Point {
            x: self.width - DATABASE / 2.0,
            y: TRACK,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queues_stand_below_each_other_and_end_inside() {
        for width in [290.0, 354.0, 534.0] {
            for policy in Policy::ALL {
                let rows = Rows::new(policy, 24, width);
                // All sizes of the first queue; the rest is shared by the others.
                for first in 0..=24 {
                    let queues = policy.queues();
                    let mut sizes: Vec<_> = queues.iter().map(|it| (it.0, 0)).collect();
                    sizes[0].1 = first;
                    if let Some(last) = sizes[1..].iter_mut().rfind(|(it, _)| !it.is_ghost()) {
                        last.1 = 24 - first;
                    }
                    if let Some(last) = sizes.iter_mut().rfind(|(it, _)| it.is_ghost()) {
                        last.1 = 24;
                    }
                    let blocks = rows.blocks(&sizes);
                    let mut foot = QUEUES;
                    for (block, (_, size)) in blocks.iter().zip(&sizes) {
                        assert!(
                            block.top >= foot && block.drawn == *size,
                            "{policy:?} {width}"
                        );
                        foot = block.top + NAME;
                        if *size > 0 {
                            let last = rows.tile(block.top, size - 1);
                            assert!(last.x + TILE / 2.0 <= width + 1e-9);
                            foot = last.y + TILE / 2.0;
                        }
                    }
                    assert!(foot <= rows.height, "{policy:?} {width} {first}");
                }
            }
        }
    }

    #[test]
    fn what_finds_no_room_is_not_drawn() {
        let rows = Rows::new(Policy::Lirs, 24, 354.0);
        let sizes = [(Queue::Main, 23), (Queue::Small, 1), (Queue::Ghost, 48)];
        let blocks = rows.blocks(&sizes);
        let drawn: Vec<usize> = blocks.iter().map(|it| it.drawn).collect();
        assert_eq!(drawn, [23, 1, 24]);
    }
}
