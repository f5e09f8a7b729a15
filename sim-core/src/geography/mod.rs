//! Geography: places on the globe, how far they are from each other, and the round trip that light in fibre allows at best.
//!
//! - Great-circle distance by the haversine: d = 2r·asin √(sin²(Δφ/2) + cos φ₁·cos φ₂·sin²(Δλ/2)), on a sphere with the mean
//!   radius of the earth, 6371 km; within 0.5 % of the ellipsoid.
//! - Light in glass travels at about two thirds of its speed in vacuum, 200 000 km/s. A round trip over a route that is `stretch`
//!   times the great circle takes at least 2·d·stretch/200 000 s. Cables are seldom shorter than 1.2 great circles, often above 1.5.
//!
//! Sources: R. W. Sinnott, "Virtues of the haversine", Sky & Telescope 68 (1984); for the index of refraction of fibre, about
//! 1.47, ITU-T G.652.

mod sites;

use serde::{Deserialize, Serialize};

pub use sites::sites;

use crate::error::{InputError, in_range};
use crate::math;

/// The earth's mean radius, km.
pub const EARTH_RADIUS: f64 = 6371.0;
/// The speed of light in fibre, km/s.
pub const LIGHT_IN_FIBRE: f64 = 200_000.0;

/// A place with users or servers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Site {
    /// What it is called.
    pub name: String,
    /// Degrees north of the equator, `-90..=90`.
    pub latitude: f64,
    /// Degrees east of Greenwich, `-180..=180`.
    pub longitude: f64,
}

impl Site {
    /// Checks the coordinates.
    ///
    /// # Errors
    /// Names the field, its value and what is allowed.
    pub fn validate(&self) -> Result<(), InputError> {
        if self.name.is_empty() {
            return Err(InputError::missing("name", "a name"));
        }
        in_range("latitude", self.latitude, -90.0, 90.0)?;
        in_range("longitude", self.longitude, -180.0, 180.0).map(|_| ())
    }

    /// The great-circle distance to `other`, km.
    ///
    /// ```
    /// use sim_core::geography::sites;
    /// let sites = sites();
    /// let site = |name| sites.iter().find(|site| site.name == name).unwrap();
    /// let distance = site("Mumbai").distance(site("Ashburn"));
    /// assert!((distance - 12_900.0).abs() < 150.0);
    /// ```
    pub fn distance(&self, other: &Self) -> f64 {
        let half = |from: f64, to: f64| math::sin((to - from).to_radians() / 2.0);
        let (north, east) = (
            half(self.latitude, other.latitude),
            half(self.longitude, other.longitude),
        );
        let shrink = |site: &Self| math::cos(site.latitude.to_radians());
        let haversine = north * north + shrink(self) * shrink(other) * east * east;
        2.0 * EARTH_RADIUS * math::asin(haversine.sqrt().min(1.0))
    }

    /// The least round-trip time to `other` and back over fibre that takes `stretch` times the great circle, seconds.
    ///
    /// # Errors
    /// [`InputError::OutOfRange`] for a stretch not in `1..=100`.
    pub fn round_trip(&self, other: &Self, stretch: f64) -> Result<f64, InputError> {
        in_range("stretch", stretch, 1.0, 100.0)?;
        Ok(2.0 * self.distance(other) * stretch / LIGHT_IN_FIBRE)
    }

    /// The index of the nearest of `sites`, the first of equals; `None` if there are none.
    pub fn nearest(&self, sites: &[Self]) -> Option<usize> {
        let distances = sites.iter().map(|site| self.distance(site)).enumerate();
        let nearest = distances.reduce(|best, next| if next.1 < best.1 { next } else { best });
        nearest.map(|(index, _)| index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(latitude: f64, longitude: f64) -> Site {
        Site {
            name: "here".into(),
            latitude,
            longitude,
        }
    }

    fn named(name: &str) -> Site {
        let sites = sites();
        let found = sites.into_iter().find(|site| site.name == name);
        found.unwrap_or_else(|| panic!("no site {name}"))
    }

    #[test]
    fn distances_that_follow_from_the_sphere() {
        let quarter = EARTH_RADIUS * std::f64::consts::FRAC_PI_2;
        for (from, to, expected) in [
            (at(0.0, 0.0), at(0.0, 90.0), quarter),
            (at(0.0, 0.0), at(90.0, 17.0), quarter),
            (at(0.0, 0.0), at(0.0, 180.0), 2.0 * quarter),
            (at(-90.0, 0.0), at(90.0, 50.0), 2.0 * quarter),
            (at(37.0, -70.0), at(-37.0, 110.0), 2.0 * quarter),
            // The date line is nothing special.
            (at(0.0, 179.5), at(0.0, -179.5), quarter / 90.0),
            // Half the way round a parallel at 60° leads over the pole: 60°.
            (at(60.0, -90.0), at(60.0, 90.0), quarter * 60.0 / 90.0),
        ] {
            let found = from.distance(&to);
            assert!((found - expected).abs() < 1e-6, "{from:?} {to:?}: {found}");
            assert_eq!(found, to.distance(&from));
        }
        assert_eq!(at(12.0, 34.0).distance(&at(12.0, 34.0)), 0.0);
    }

    #[test]
    fn distances_between_cities_as_published() {
        // Great-circle distances of atlases, km, to within a hundredth.
        for (from, to, expected) in [
            ("London", "New York", 5570.0),
            ("Singapore", "Sydney", 6300.0),
            ("Frankfurt", "Tokyo", 9350.0),
            ("São Paulo", "Johannesburg", 7430.0),
        ] {
            let found = named(from).distance(&named(to));
            assert!(
                (found / expected - 1.0).abs() < 0.01,
                "{from} {to}: {found}"
            );
        }
    }

    #[test]
    fn a_round_trip_from_the_united_states_to_india_takes_over_a_tenth_of_a_second() {
        let (us, india) = (named("Ashburn"), named("Mumbai"));
        let least = us.round_trip(&india, 1.0).unwrap();
        assert!((0.125..0.135).contains(&least), "{least}");
        let stretched = us.round_trip(&india, 1.5).unwrap();
        assert!((stretched / least - 1.5).abs() < 1e-14);
        assert_eq!(us.round_trip(&india, 0.9).unwrap_err().field(), "stretch");
        assert_eq!(us.round_trip(&us, 2.0).unwrap(), 0.0);
    }

    #[test]
    fn sites_are_valid_have_names_of_their_own_and_are_their_own_nearest() {
        let sites = sites();
        assert!(sites.len() >= 12);
        for (index, site) in sites.iter().enumerate() {
            site.validate().unwrap();
            assert_eq!(site.nearest(&sites), Some(index));
            assert!(sites[..index].iter().all(|other| other.name != site.name));
        }
        // On all continents but the one without cities: both hemispheres, either way.
        let any = |wanted: &dyn Fn(&Site) -> bool| sites.iter().any(wanted);
        assert!(any(&|site| site.latitude < 0.0 && site.longitude < 0.0));
        assert!(any(&|site| site.latitude < 0.0 && site.longitude > 100.0));
        assert!(any(
            &|site| site.latitude < 0.0 && (0.0..60.0).contains(&site.longitude)
        ));
    }

    #[test]
    fn the_nearest_is_the_nearest() {
        let sites = [named("Frankfurt"), named("Ashburn"), named("Singapore")];
        assert_eq!(named("London").nearest(&sites), Some(0));
        assert_eq!(named("São Paulo").nearest(&sites), Some(1));
        assert_eq!(named("Sydney").nearest(&sites), Some(2));
        assert_eq!(named("London").nearest(&[]), None);
    }

    #[test]
    fn wrong_input_is_named() {
        assert_eq!(at(91.0, 0.0).validate().unwrap_err().field(), "latitude");
        assert_eq!(
            at(0.0, f64::NAN).validate().unwrap_err().field(),
            "longitude"
        );
        let nameless = Site {
            name: String::new(),
            ..at(0.0, 0.0)
        };
        assert_eq!(nameless.validate().unwrap_err().field(), "name");
        assert!(serde_json::from_str::<Site>(r#"{"name": "x", "latitude": 1}"#).is_err());
    }
}
