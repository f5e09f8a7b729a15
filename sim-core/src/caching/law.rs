//! From the popularity of keys to Che's approximation of the caches that see them.

use super::Policy;
use crate::error::InputError;
use crate::theory::Che;
use crate::workload::Popularity;

/// Which of Che's formulas holds for a policy, where requests are independent and nothing expires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Approximation {
    /// An object leaves once it was not used for some time: [`Che::lru`].
    Lru,
    /// An object leaves some time after it came, used or not: [`Che::fifo`], which holds for random replacement too.
    Fifo,
}

impl Approximation {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Lru, Self::Fifo];

    /// The policy that it is named after, for readers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Lru => Policy::Lru.name(),
            Self::Fifo => Policy::Fifo.name(),
        }
    }

    /// The hit ratio of a cache for so many objects.
    ///
    /// # Errors
    /// As [`Che::lru`] and [`Che::fifo`].
    pub fn hit_ratio(self, requests: &Che, objects: f64) -> Result<f64, InputError> {
        match self {
            Self::Lru => requests.lru(objects),
            Self::Fifo => requests.fifo(objects),
        }
    }

    /// Hit ratios over the size of the cache, at about so many points: as [`Che::lru_curve`] and [`Che::fifo_curve`].
    pub fn curve(self, requests: &Che, points: u32) -> Vec<(f64, f64)> {
        match self {
            Self::Lru => requests.lru_curve(points),
            Self::Fifo => requests.fifo_curve(points),
        }
    }
}

/// Theory's law of requests with this popularity.
///
/// # Errors
/// A probability that is none, or probabilities that do not add up to one: see [`Che::new`].
pub fn law(popularity: &Popularity) -> Result<Che, InputError> {
    let groups = popularity.groups.iter();
    let groups = groups.map(|it| (it.items, it.probability));
    Che::new(groups, popularity.never_again)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math;
    use crate::workload::{Group, Keys};

    /// Each key by itself.
    fn single(items: u32, alpha: f64) -> Che {
        let weights: Vec<f64> = (1..=items)
            .map(|rank| math::pow(f64::from(rank), -alpha))
            .collect();
        let total: f64 = weights.iter().sum();
        let group = |weight| Group {
            items: 1.0,
            probability: weight / total,
        };
        let groups = weights.into_iter().map(group).collect();
        let never_again = 0.0;
        law(&Popularity {
            groups,
            never_again,
        })
        .unwrap()
    }

    #[track_caller]
    fn near(found: &Che, exact: &Che, room: f64, slack: f64) {
        for of in [Che::lru, Che::fifo] {
            let (found, exact) = (of(found, room).unwrap(), of(exact, room).unwrap());
            let error = (found / exact - 1.0).abs();
            assert!(error < slack, "room {room}: {found} against {exact}");
        }
    }

    #[test]
    fn groups_of_similar_ranks_stand_for_their_members() {
        let grouped = Keys::zipf(1_000_000, 0.9).popularity().unwrap();
        let (grouped, exact) = (law(&grouped).unwrap(), single(1_000_000, 0.9));
        for room in [10.0, 1e3, 1e5, 9e5] {
            near(&grouped, &exact, room, 1e-7);
        }
    }

    #[test]
    fn coarse_groups_are_nearly_as_good() {
        let all = Keys::zipf(20_000, 0.9).popularity().unwrap();
        let exact = single(20_000, 0.9);
        for (fineness, slack) in [(64.0, 2e-4), (9.0, 2e-3)] {
            let coarse = law(&all.coarse(fineness)).unwrap();
            for room in [10.0, 300.0, 2_000.0, 15_000.0] {
                near(&coarse, &exact, room, slack);
            }
        }
    }
}
