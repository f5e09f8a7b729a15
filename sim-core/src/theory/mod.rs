//! Closed forms of queueing theory, one model a file.
//!
//! A model is built from its rates, checked once, and then answers by method. Models with infinite room refuse a load of
//! ρ ≥ 1 with [`InputError::Unstable`](crate::InputError::Unstable): they have no steady state. Everything is exact but
//! [`ggc`], whose type says that it approximates, [`che`], known by its author for that, and [`copies`] where room is short.
//! [`mg1_times`] inverts a transform to eight digits.
//!
//! Rates are per second, times in seconds, probabilities and utilizations shares of one.

pub mod availability;
mod birth_death;
pub mod breakdowns;
pub mod che;
pub mod closed;
pub mod closed_network;
pub mod copies;
pub mod detection;
pub mod erlang;
pub mod erlang_a;
mod exponential_wait;
pub mod ggc;
pub mod gmc;
pub mod king;
pub mod little;
pub mod mdc;
pub mod mg1;
pub mod mg1_times;
pub mod mm1;
pub mod mmc;
pub mod mmc_breakdowns;
pub mod mmck;
pub mod mminf;
pub mod open_network;
pub mod priorities;
mod rates;
pub mod scalability;
#[cfg(test)]
mod testing;
mod two_stages;

pub use breakdowns::Breakdowns;
pub use che::Che;
pub use closed::Closed;
pub use closed_network::ClosedNetwork;
pub use copies::Copied;
pub use erlang::{erlang_b, erlang_c};
pub use erlang_a::ErlangA;
pub use ggc::GgcApproximation;
pub use gmc::Gmc;
pub use king::King;
pub use mdc::Mdc;
pub use mg1::Mg1;
pub use mg1_times::Mg1Times;
pub use mm1::Mm1;
pub use mmc::Mmc;
pub use mmc_breakdowns::MmcBreakdowns;
pub use mmck::Mmck;
pub use mminf::MmInf;
pub use open_network::OpenNetwork;
pub use scalability::Scalability;
