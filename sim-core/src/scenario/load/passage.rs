//! What is known of one passage of a path or of a step of it: how long it takes, and whether it ends well.

use super::amount::Amount;
use super::law::Law;

/// A passage.
#[derive(Debug, Clone)]
pub(super) struct Passage<'a> {
    /// Mean time, from below without any waiting, seconds.
    pub(super) time: Amount,
    /// The law of the time without any waiting, where it is known, nothing fails and each passage draws it afresh. With waiting the
    /// time is longer.
    pub(super) law: Option<Law<'a>>,
    /// Whether a request may wait.
    pub(super) waits: bool,
    /// The probability that it ends well.
    pub(super) ends: Amount,
}

impl<'a> Passage<'a> {
    /// One that takes no time.
    pub(super) fn nothing() -> Self {
        Self {
            time: Amount::ZERO,
            law: Some(Law::Fixed(0.0)),
            waits: false,
            ends: Amount::ONE,
        }
    }

    /// A time in which nobody waits and nothing fails.
    pub(super) fn taking(mean: f64, law: Option<Law<'a>>) -> Self {
        Self {
            time: Amount::exact(mean),
            law,
            ..Self::nothing()
        }
    }

    /// Whether it ends well for certain.
    pub(super) fn is_sure(&self) -> bool {
        self.ends.low >= 1.0
    }

    /// Whether it takes no time for certain.
    pub(super) fn is_instant(&self) -> bool {
        self.time.high <= 0.0
    }

    /// The law, if it is that of the whole truth.
    pub(super) fn exact_law(&self) -> Option<&Law<'a>> {
        self.law.as_ref().filter(|_| !self.waits && self.is_sure())
    }

    /// This and then another, where this ended well.
    pub(super) fn then(self, next: Self) -> Self {
        let is_sure = self.is_sure() && next.is_sure();
        let law = match (self.law, next.law) {
            (Some(law), Some(next)) if is_sure => law.then(next),
            _ => None,
        };
        Self {
            time: self.time.plus(next.time.times(self.ends)),
            law,
            waits: self.waits || next.waits,
            ends: self.ends.times(next.ends),
        }
    }

    /// The same, for which a request may have to wait first, as long as it likes.
    pub(super) fn after_waiting(mut self) -> Self {
        self.time = self.time.or_more();
        self.waits = true;
        self
    }

    /// The same, which may fail at its very beginning.
    pub(super) fn or_refused(mut self) -> Self {
        self.time = self.time.or_less();
        self.ends = self.ends.or_less();
        self.law = None;
        self
    }
}
