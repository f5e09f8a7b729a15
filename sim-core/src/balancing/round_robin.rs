//! Round robin: the servers in turn, whatever their weight and their load; one that is not eligible is passed over.

use super::kind::{Chooser, Kind, Parameters};
use super::{Client, Knows, Share, Sight, Spread, View};
use crate::random::Uniforms;

/// Round robin.
#[derive(Debug, Clone, Copy)]
pub struct RoundRobin;

impl Kind for RoundRobin {
    type State = State;

    const SPELLING: &'static str = "round-robin";
    const NAME: &'static str = "round robin";
    const TITLE: &'static str = "Round robin";
    const SENTENCE: &'static str = "The servers in turn.";
    const PARAMETERS: Option<Parameters<Self>> = None;
    const SEES: &'static [Sight] = &[];
    const KNOWS: Knows = Knows::Nothing;
    const DRAWS: bool = false;

    fn spread(&self) -> Spread {
        Spread::InTurn(Share::Equal)
    }

    fn table(&self, _weights: f64) -> f64 {
        0.0
    }

    fn state(&self, _weights: &[u32]) -> Self::State {
        State::default()
    }
}

/// Whose turn it is.
#[derive(Debug, Clone, Default)]
pub(super) struct State {
    next: u32,
}

impl Chooser for State {
    #[inline(always)]
    fn pick(
        &mut self,
        view: &View<'_>,
        _client: &Client,
        _now: f64,
        _random: &mut Uniforms<1>,
    ) -> Option<u32> {
        self.choose(view)
    }
}

impl State {
    #[inline(always)]
    fn choose(&mut self, view: &View<'_>) -> Option<u32> {
        let servers = view.servers();
        let next = if self.next < servers { self.next } else { 0 };
        let server = match view.eligible {
            None if servers == 0 => return None,
            None => next,
            Some(_) => (next..servers)
                .chain(0..next)
                .find(|&server| view.is_eligible(server))?,
        };
        self.next = server + 1;
        Some(server)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::view;
    use super::*;

    #[test]
    fn servers_take_turns_and_the_ineligible_are_passed_over() {
        let all = view(&[1, 9, 1, 1], &[0, 0, 7, 0]);
        let some = View {
            eligible: Some(&[true, false, true, true]),
            ..all
        };
        let mut state = State::default();
        let mut choices = |view: &View<'_>, count| -> Vec<u32> {
            (0..count).filter_map(|_| state.choose(view)).collect()
        };
        assert_eq!(choices(&all, 6), [0, 1, 2, 3, 0, 1]);
        assert_eq!(choices(&some, 5), [2, 3, 0, 2, 3]);
        assert_eq!(choices(&all, 2), [0, 1]);
    }
}
