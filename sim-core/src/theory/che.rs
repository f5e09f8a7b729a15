//! Hit ratios of caches under independent requests: Che's approximation, and the exact laws of time to live.
//!
//! An object with probability p of being the next one asked for is in the cache, at a random moment,
//!
//! - LRU: if it was asked for within the last t requests, h = 1 − e^−pt;
//! - FIFO and random: h = pt/(1 + pt), as the time from one insertion to the next is t plus a wait of 1/p;
//! - time to live t counted from the last access: as LRU; from the insertion: as FIFO.
//!
//! The characteristic time t, in requests, is where the objects expected to be there fill the room C, Σ h = C. That it is the same
//! for all objects and does not vary is the approximation; it is good from some ten objects on and best for many. With a time to
//! live and room for all, t is given and the formulas are exact, for Poisson requests. Hit ratio: Σ p·h.
//!
//! Objects that nobody asks for again take room and give no hits: a share w of such requests fills w·t.
//!
//! Sources: Che, Tung and Wang, "Hierarchical web caching systems: modeling, design and experimental results", IEEE JSAC 20
//! (2002); Martina, Garetto and Leonardi, "A unified approach to the performance analysis of caching systems" (INFOCOM 2014).

use crate::error::{InputError, in_range};
use crate::math;
use crate::math::root::bracketed_root;

/// How far from 1 the probabilities may add up.
const TOLERANCE: f64 = 1e-6;
/// The most room, and the longest time to live in requests.
const MOST: f64 = 1e15;

/// Independent requests with given popularities.
#[derive(Debug, Clone, PartialEq)]
pub struct Che {
    /// (how many objects, the probability of each).
    groups: Vec<(f64, f64)>,
    never_again: f64,
}

/// How an object's presence follows from its popularity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Presence {
    /// Asked for of late: LRU.
    Recent,
    /// Put in of late: FIFO, random.
    New,
}

impl Presence {
    /// The probability that an object is there, for pt.
    #[inline]
    fn of(self, expected: f64) -> f64 {
        match self {
            Self::Recent => -math::exp_m1(-expected),
            Self::New => expected / (1.0 + expected),
        }
    }
}

impl Che {
    /// Groups of objects, (how many, the probability of each), and the share of requests for objects that never come
    /// again. All probabilities add up to 1.
    ///
    /// # Errors
    /// A number out of range, or a sum that is not 1.
    pub fn new(
        groups: impl IntoIterator<Item = (f64, f64)>,
        never_again: f64,
    ) -> Result<Self, InputError> {
        let groups: Vec<_> = groups.into_iter().collect();
        let mut total = in_range("never_again", never_again, 0.0, 1.0)?;
        for (at, &(items, probability)) in groups.iter().enumerate() {
            let within = |error: InputError| error.within(&format!("groups[{at}]"));
            in_range("items", items, 1.0, MOST).map_err(within)?;
            in_range("probability", probability, 0.0, 1.0).map_err(within)?;
            total += items * probability;
        }
        in_range(
            "groups.probability",
            total,
            1.0 - TOLERANCE,
            1.0 + TOLERANCE,
        )?;
        Ok(Self {
            groups,
            never_again,
        })
    }

    /// Number of objects that come again.
    pub fn items(&self) -> f64 {
        self.groups.iter().map(|(items, _)| items).sum()
    }

    /// Hit ratio of LRU with room for `capacity` objects, above 0 and at most 10¹⁵.
    ///
    /// # Errors
    /// [`InputError::OutOfRange`] naming the capacity.
    pub fn lru(&self, capacity: f64) -> Result<f64, InputError> {
        self.filled(Presence::Recent, capacity)
    }

    /// Hit ratio of FIFO, and of evicting at random, with room for `capacity` objects, above 0 and at most 10¹⁵.
    ///
    /// # Errors
    /// [`InputError::OutOfRange`] naming the capacity.
    pub fn fifo(&self, capacity: f64) -> Result<f64, InputError> {
        self.filled(Presence::New, capacity)
    }

    /// Hit ratio with room for all, of objects that expire `requests` requests after their last access: exact where requests
    /// are a Poisson stream and that is their mean number meanwhile.
    ///
    /// # Errors
    /// [`InputError::OutOfRange`] naming the time to live.
    pub fn expiring_after_access(&self, requests: f64) -> Result<f64, InputError> {
        in_range("ttl", requests, 0.0, MOST)?;
        Ok(self.hit_ratio(Presence::Recent, requests))
    }

    /// Hit ratio with room for all, of objects that expire `requests` requests after they were put in: exact where requests are
    /// a Poisson stream and that is their mean number meanwhile.
    ///
    /// # Errors
    /// [`InputError::OutOfRange`] naming the time to live.
    pub fn expiring_after_write(&self, requests: f64) -> Result<f64, InputError> {
        in_range("ttl", requests, 0.0, MOST)?;
        Ok(self.hit_ratio(Presence::New, requests))
    }

    /// How many requests an object stays in an LRU cache with room for `capacity` objects after it was last asked for;
    /// infinite where all find room.
    ///
    /// # Errors
    /// [`InputError::OutOfRange`] naming the capacity.
    pub fn characteristic_time(&self, capacity: f64) -> Result<f64, InputError> {
        check_capacity(capacity)?;
        Ok(self.time(Presence::Recent, capacity))
    }

    /// Hit ratios of LRU over sizes: `points` pairs of a room in objects and the hit ratio with it, from about one object up to
    /// room for nearly all. No equation has to be solved for a whole curve.
    pub fn lru_curve(&self, points: u32) -> Vec<(f64, f64)> {
        self.curve(Presence::Recent, points)
    }

    /// The same of FIFO, and of evicting at random.
    pub fn fifo_curve(&self, points: u32) -> Vec<(f64, f64)> {
        self.curve(Presence::New, points)
    }

    fn curve(&self, presence: Presence, points: u32) -> Vec<(f64, f64)> {
        let nearly_all = 0.999 * self.items();
        let mut longest = 1.0;
        while self.occupancy(presence, longest) < nearly_all && longest < MOST {
            longest *= 2.0;
        }
        let step = math::ln(longest) / f64::from(points.max(2) - 1);
        let times = (0..points).map(|i| math::exp(step * f64::from(i)));
        times
            .map(|time| {
                (
                    self.occupancy(presence, time),
                    self.hit_ratio(presence, time),
                )
            })
            .collect()
    }

    fn filled(&self, presence: Presence, capacity: f64) -> Result<f64, InputError> {
        check_capacity(capacity)?;
        Ok(self.hit_ratio(presence, self.time(presence, capacity)))
    }

    fn time(&self, presence: Presence, capacity: f64) -> f64 {
        let asked_for = self
            .groups
            .iter()
            .filter(|(_, probability)| *probability > 0.0);
        let items: f64 = asked_for.map(|(items, _)| items).sum();
        if self.never_again == 0.0 && capacity >= items {
            return f64::INFINITY;
        }
        let missing = |time: f64| self.occupancy(presence, time) - capacity;
        // No more objects are there than requests were made.
        let mut high = 2.0 * capacity;
        while missing(high) < 0.0 && high < f64::MAX / 2.0 {
            high *= 2.0;
        }
        bracketed_root(missing, capacity, high)
    }

    /// How many objects are expected to be there.
    fn occupancy(&self, presence: Presence, time: f64) -> f64 {
        let groups = self.groups.iter();
        let there = groups.map(|&(items, probability)| items * presence.of(probability * time));
        self.never_again * time + there.sum::<f64>()
    }

    fn hit_ratio(&self, presence: Presence, time: f64) -> f64 {
        let groups = self.groups.iter();
        if time.is_infinite() {
            return groups.map(|(items, probability)| items * probability).sum();
        }
        groups
            .map(|&(items, probability)| items * probability * presence.of(probability * time))
            .sum()
    }
}

fn check_capacity(capacity: f64) -> Result<(), InputError> {
    in_range("capacity", capacity, f64::MIN_POSITIVE, MOST).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zipf(items: u32, alpha: f64) -> Che {
        let weights: Vec<f64> = (1..=items)
            .map(|r| math::pow(f64::from(r), -alpha))
            .collect();
        let total: f64 = weights.iter().sum();
        Che::new(weights.into_iter().map(|weight| (1.0, weight / total)), 0.0).unwrap()
    }

    #[test]
    fn published_values_hold() {
        for (items, alpha, room, expected) in [
            (1000, 0.8, 100.0, 0.377_790),
            (10_000, 1.0, 1000.0, 0.675_602),
        ] {
            let found = zipf(items, alpha).lru(room).unwrap();
            assert!(
                (found - expected).abs() < 6e-7,
                "{found} against {expected}"
            );
        }
    }

    #[test]
    fn equal_popularities_give_the_share_that_fits_whatever_the_policy() {
        let uniform = Che::new([(1000.0, 1e-3)], 0.0).unwrap();
        for room in [1.0, 250.0, 999.0] {
            for found in [uniform.lru(room), uniform.fifo(room)] {
                assert!((found.unwrap() - room / 1000.0).abs() < 1e-12);
            }
        }
        assert_eq!(uniform.lru(1000.0), Ok(1.0));
        assert_eq!(uniform.fifo(5000.0), Ok(1.0));
        assert_eq!(uniform.characteristic_time(1000.0), Ok(f64::INFINITY));
    }

    #[test]
    fn the_characteristic_time_fills_the_room() {
        let che = zipf(1000, 1.2);
        for room in [0.5, 1.0, 10.0, 900.0, 999.9] {
            let time = che.characteristic_time(room).unwrap();
            assert!((che.occupancy(Presence::Recent, time) / room - 1.0).abs() < 1e-9);
        }
        // Nothing lasts as long as nothing: a room that one-hit wonders fill lets every request stay for C requests.
        let noise = Che::new([], 1.0).unwrap();
        assert!((noise.characteristic_time(500.0).unwrap() - 500.0).abs() < 1e-9);
        assert_eq!(noise.lru(500.0), Ok(0.0));
    }

    #[test]
    fn lru_does_not_lose_to_fifo_and_noise_costs_hits() {
        let quiet = zipf(1000, 0.9);
        let noisy = quiet.groups.iter().map(|&(items, p)| (items, 0.5 * p));
        let noisy = Che::new(noisy, 0.5).unwrap();
        for room in [10.0, 100.0, 500.0] {
            let (lru, fifo) = (quiet.lru(room).unwrap(), quiet.fifo(room).unwrap());
            assert!(lru > fifo);
            assert!(noisy.lru(room).unwrap() < 0.5 * lru);
        }
        // With room for far more than all of them, only the noise misses.
        assert!((noisy.lru(1e6).unwrap() - 0.5).abs() < 1e-6);
    }

    #[test]
    fn times_to_live_by_hand() {
        let one = Che::new([(1.0, 1.0)], 0.0).unwrap();
        assert!((one.expiring_after_access(2.0).unwrap() - 1.0 + math::exp(-2.0)).abs() < 1e-15);
        assert!((one.expiring_after_write(2.0).unwrap() - 2.0 / 3.0).abs() < 1e-15);
        assert_eq!(one.expiring_after_write(0.0), Ok(0.0));
    }

    #[test]
    fn wrong_input_is_named() {
        let field = |result: Result<Che, InputError>| result.unwrap_err().field().to_owned();
        assert_eq!(field(Che::new([(0.0, 1.0)], 0.0)), "groups[0].items");
        assert_eq!(
            field(Che::new([(1.0, f64::NAN)], 0.0)),
            "groups[0].probability"
        );
        assert_eq!(field(Che::new([(1.0, 0.5)], 0.0)), "groups.probability");
        assert_eq!(field(Che::new([(1.0, 1.0)], -0.1)), "never_again");
        let one = Che::new([(1.0, 1.0)], 0.0).unwrap();
        for capacity in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(one.lru(capacity).unwrap_err().field(), "capacity");
        }
        assert_eq!(
            one.expiring_after_write(f64::NAN).unwrap_err().field(),
            "ttl"
        );
    }

    #[test]
    fn curves_lie_on_the_exact_values() {
        let exact = zipf(20_000, 0.9);
        for (room, ratio) in exact.lru_curve(20) {
            assert!((exact.lru(room).unwrap() - ratio).abs() < 1e-6, "{room}");
        }
        for (room, ratio) in exact.fifo_curve(20) {
            assert!((exact.fifo(room).unwrap() - ratio).abs() < 1e-6, "{room}");
        }
        let last = exact.lru_curve(20)[19];
        assert!(last.0 > 19_900.0 && last.1 > 0.99, "{last:?}");
    }
}
