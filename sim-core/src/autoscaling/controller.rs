//! An autoscaler at work: what it sees, and whichever rule decides.

use super::cooldown::Cooldown;
use super::kubernetes::Kubernetes;
use super::{Autoscaler, Rule};

/// What an autoscaler sees of its servers when it looks.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Seen {
    /// Servers that are there or on their way, and are to stay.
    pub present: u32,
    /// Those of them that were measured over a whole interval.
    pub measured: u32,
    /// The sum of their utilizations.
    pub usage: f64,
    /// Those that are not ready, or not long enough to have been measured.
    pub unready: u32,
    /// Those of which nothing is known, since they are down.
    pub missing: u32,
    /// The mean utilization since the last look, those on their way counted as idle; NaN where nothing was measured.
    pub mean: f64,
}

/// An autoscaler with its memory.
///
/// ```
/// use sim_core::autoscaling::{Autoscaler, Controller, Seen};
/// let mut controller = Controller::new(&Autoscaler::default());
/// let seen = |servers: u32, utilization: f64| Seen {
///     present: servers,
///     measured: servers,
///     usage: f64::from(servers) * utilization,
///     ..Seen::default()
/// };
/// assert_eq!(controller.decide(0.0, &seen(4, 0.9)), 6);
/// assert_eq!(controller.decide(15.0, &seen(6, 0.1)), 6); // six were wanted a moment ago
/// assert_eq!(controller.decide(330.0, &seen(6, 0.1)), 1);
/// ```
#[derive(Debug, Clone)]
pub struct Controller {
    autoscaler: Autoscaler,
    memory: Memory,
}

/// What a rule remembers.
#[derive(Debug, Clone)]
enum Memory {
    Kubernetes(Kubernetes),
    Cooldown(Cooldown),
}

impl Controller {
    /// A controller that follows `autoscaler`, which is valid, and has done nothing yet.
    pub fn new(autoscaler: &Autoscaler) -> Self {
        Self {
            memory: match autoscaler.rule {
                Rule::Kubernetes => Memory::Kubernetes(Kubernetes::new(autoscaler)),
                Rule::Cooldown => Memory::Cooldown(Cooldown::new()),
            },
            autoscaler: autoscaler.clone(),
        }
    }

    /// The autoscaler.
    pub fn autoscaler(&self) -> &Autoscaler {
        &self.autoscaler
    }

    /// How many servers there should be, by what is seen at `now`. What differs from those present counts as done.
    pub fn decide(&mut self, now: f64, seen: &Seen) -> u32 {
        match &mut self.memory {
            Memory::Kubernetes(rule) => rule.decide(&self.autoscaler, now, seen),
            Memory::Cooldown(rule) => rule.decide(&self.autoscaler, now, seen),
        }
    }
}
