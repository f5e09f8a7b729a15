//! Statistics that merge: partial results of any split add up to the same bits.

pub mod buckets;
pub mod interval;
pub mod moments;
pub mod mser;
pub mod rare;
pub mod sample;
pub mod sections;
pub mod time_average;
