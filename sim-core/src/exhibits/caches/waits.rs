//! Response times of requests that go one way or another, some of them to a database: by theory and as measured.
//!
//! A way takes a fixed time and may end at the database, M/M/c, whose response time is then added: a mixture of shifted laws.

use serde::{Deserialize, Serialize};

use super::found::{class, plain};
use crate::math::root::bracketed_root;
use crate::run::report::{Quantity, Report};
use crate::theory::Mmc;

/// What of response times is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Shown {
    /// The mean.
    Mean,
    /// The 99th percentile.
    P99,
}

impl Shown {
    /// Of a class of requests.
    pub(in crate::exhibits) fn measured(self, report: &Report, name: &str) -> Option<Quantity> {
        let class = class(report, name)?;
        Some(plain(match self {
            Self::Mean => class.mean_response,
            Self::P99 => class.percentiles.p99,
        }))
    }

    /// Of requests that go these ways.
    pub(in crate::exhibits) fn theory(self, ways: &[Way], database: &Mmc) -> f64 {
        match self {
            Self::Mean => mean(ways, database),
            Self::P99 => p99(ways, database),
        }
    }

    /// Its name in front of what it is of.
    pub(in crate::exhibits) fn title(self, of: &str) -> String {
        match self {
            Self::Mean => format!("Mean response time of {of}"),
            Self::P99 => format!("P99 of the response time of {of}"),
        }
    }
}

/// One way that a request can go.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::exhibits) struct Way {
    /// The share of requests that go it.
    pub(in crate::exhibits) share: f64,
    /// What it takes in any case, seconds.
    pub(in crate::exhibits) fixed: f64,
    /// Whether it leads to the database.
    pub(in crate::exhibits) asks: bool,
}

/// Mean response time of requests that go these ways.
fn mean(ways: &[Way], database: &Mmc) -> f64 {
    let response = database.mean_response();
    let each = |way: &Way| way.share * (way.fixed + if way.asks { response } else { 0.0 });
    ways.iter().map(each).sum()
}

/// The response time that one in a hundred of them exceeds.
fn p99(ways: &[Way], database: &Mmc) -> f64 {
    let above = |time: f64| -> f64 {
        let each = ways.iter().map(|way| {
            let left = time - way.fixed;
            let longer = if left < 0.0 {
                1.0
            } else if way.asks {
                database.response_ccdf(left)
            } else {
                0.0
            };
            way.share * longer
        });
        each.sum::<f64>() - 0.01
    };
    let mut high = ways.iter().map(|way| way.fixed).fold(1e-6, f64::max);
    while above(high) > 0.0 {
        high *= 2.0;
    }
    bracketed_root(above, 0.0, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_by_hand() {
        // M/M/1 at half its capacity: exponential with mean 20 ms.
        let database = Mmc::new(50.0, 100.0, 1).unwrap();
        let way = |share, fixed, asks| Way { share, fixed, asks };
        let ways = [way(0.8, 0.001, false), way(0.2, 0.002, true)];
        let expected = 0.8 * 0.001 + 0.2 * 0.022;
        assert!((mean(&ways, &database) - expected).abs() < 1e-12);
        // 0.2·e^−50t = 0.01.
        let expected = 0.002 + crate::math::ln(20.0) / 50.0;
        assert!((p99(&ways, &database) - expected).abs() < 1e-9);
        // Fewer than one in a hundred ask: the rest decides.
        let ways = [way(0.995, 0.001, false), way(0.005, 0.002, true)];
        assert!((p99(&ways, &database) - 0.001).abs() < 1e-9);
    }
}
