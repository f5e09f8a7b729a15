//! What the end-to-end tests stand on: the page served as it will be, and as it will be when something is missing; a real
//! browser that looks at it; and the registry, so that no test knows an exhibit by name.

#![allow(
    clippy::disallowed_methods,
    reason = "a browser is waited for, and the page is served from a thread"
)]

pub mod browser;
pub mod exhibit;
pub mod visit;
pub mod world;

/// The example in the README, so that it cannot go stale.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
