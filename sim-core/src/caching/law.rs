//! From the popularity of keys to Che's approximation of the caches that see them.

use crate::error::InputError;
use crate::theory::Che;
use crate::workload::Popularity;

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
