//! The latest of what comes: whether the last look-ups in a cache were hits.

use std::collections::VecDeque;

/// Look-ups that are remembered.
pub(super) const REMEMBERED: usize = 100;

/// The outcomes of the latest look-ups, the last one last.
#[derive(Debug, Clone, Default)]
pub(super) struct Latest(VecDeque<bool>);

impl Latest {
    /// One more look-up.
    pub(super) fn add(&mut self, hit: bool) {
        remember(&mut self.0, hit, REMEMBERED);
    }

    /// How many look-ups are remembered.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// How many of them were hits.
    pub(super) fn hits(&self) -> usize {
        self.0.iter().filter(|&&hit| hit).count()
    }

    /// The share of hits; `None` before the first look-up.
    pub(super) fn share(&self) -> Option<f64> {
        (self.len() > 0).then(|| self.hits() as f64 / self.len() as f64)
    }

    /// From the last one back.
    pub(super) fn last_first(&self) -> impl Iterator<Item = bool> {
        self.0.iter().rev().copied()
    }
}

/// Adds to the end, and forgets what is too much at the front.
pub(super) fn remember<T>(all: &mut VecDeque<T>, one: T, most: usize) {
    all.push_back(one);
    if all.len() > most {
        all.pop_front();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_latest_count() {
        let mut latest = Latest::default();
        assert_eq!(latest.share(), None);
        for hit in [true, true, false] {
            latest.add(hit);
        }
        assert_eq!((latest.hits(), latest.len()), (2, 3));
        assert!(latest.last_first().eq([false, true, true]));
        for _ in 1..REMEMBERED {
            latest.add(false);
        }
        assert_eq!((latest.share(), latest.len()), (Some(0.0), REMEMBERED));
    }
}
