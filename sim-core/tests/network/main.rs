//! The general engine against closed forms, published values, and laws that hold without any.
//!
//! Statistical checks are seeded. A formula must lie within twice the half-width of the 95 % interval, which a correct
//! simulation misses about once in ten thousand checks.

#![allow(missing_docs)]
#![allow(
    clippy::disallowed_methods,
    reason = "expected values need no particular last bits"
)]

mod arrivals;
mod autoscaling;
mod backups;
mod balancers;
mod breakdowns;
mod caching;
mod detection;
mod disciplines;
mod failures;
mod limits;
mod loads;
mod long_stays;
mod paths;
mod rare;
mod stations;
mod support;
