//! Cities with users and data centres, on every continent that has any.

use super::Site;

/// Name, degrees north, degrees east.
const CITIES: [(&str, f64, f64); 14] = [
    ("Ashburn", 39.04, -77.49),
    ("New York", 40.71, -74.01),
    ("San Francisco", 37.77, -122.42),
    ("São Paulo", -23.55, -46.63),
    ("London", 51.51, -0.13),
    ("Frankfurt", 50.11, 8.68),
    ("Lagos", 6.52, 3.38),
    ("Johannesburg", -26.20, 28.05),
    ("Dubai", 25.20, 55.27),
    ("Mumbai", 19.08, 72.88),
    ("Singapore", 1.35, 103.82),
    ("Tokyo", 35.68, 139.69),
    ("Seoul", 37.57, 126.98),
    ("Sydney", -33.87, 151.21),
];

/// The cities, from west to east by continent.
pub fn sites() -> Vec<Site> {
    CITIES
        .into_iter()
        .map(|(name, latitude, longitude)| Site {
            name: name.to_owned(),
            latitude,
            longitude,
        })
        .collect()
}
