//! IP hash, nginx's `ip_hash`: the client's network decides, so that its requests meet the same server.
//!
//! From h = 89, each of the first three octets b of the address makes h ← (113·h + b) mod 6271; the server is the one on whose
//! stretch h mod Σw falls, weights laid end to end. If it is not eligible the same octets are hashed into h once more; after
//! 21 vain tries smooth weighted round robin takes over. Source: nginx, `ngx_http_upstream_ip_hash_module`.
//!
//! With 6271 values of h and whole /24 networks sharing one, the shares are uneven however many clients there are.

use super::kind::{Chooser, Kind, Parameters};
use super::or_turns::{OrTurns, TRIES};
use super::{Client, Knows, Sight, Spread, View};
use crate::random::Uniforms;

const SEED: u32 = 89;
const FACTOR: u32 = 113;
const MODULUS: u32 = 6271;

/// By the client's network.
#[derive(Debug, Clone, Copy)]
pub struct IpHash;

impl Kind for IpHash {
    type State = State;

    const SPELLING: &'static str = "ip-hash";
    const NAME: &'static str = "IP hash";
    const TITLE: &'static str = "IP hash";
    const SENTENCE: &'static str = "By the client's network, as in nginx.";
    const PARAMETERS: Option<Parameters<Self>> = None;
    const SEES: &'static [Sight] = &[Sight::Weights, Sight::Client];
    const KNOWS: Knows = Knows::Client;
    const DRAWS: bool = false;

    fn spread(&self) -> Spread {
        Spread::ByClient
    }

    fn table(&self, _weights: f64) -> f64 {
        0.0
    }

    fn state(&self, weights: &[u32]) -> Self::State {
        State::new(weights)
    }
}

/// What it hashes along.
#[derive(Debug, Clone)]
pub(super) struct State(OrTurns);

impl Chooser for State {
    #[inline(always)]
    fn pick(
        &mut self,
        view: &View<'_>,
        client: &Client,
        _now: f64,
        _random: &mut Uniforms<1>,
    ) -> Option<u32> {
        self.choose(view, client)
    }

    fn failed(&mut self, server: u32, weight: u32, max_fails: u32) {
        self.0.failed(server, weight, max_fails);
    }
}

impl State {
    pub(super) fn new(weights: &[u32]) -> Self {
        Self(OrTurns::new(weights))
    }

    #[inline]
    pub(super) fn choose(&mut self, view: &View<'_>, client: &Client) -> Option<u32> {
        let total = self.0.weights.total();
        if total == 0 {
            return None;
        }
        let mut hash = SEED;
        for _ in 0..TRIES {
            hash = hash_on(hash, client.address);
            let server = self.0.weights.server_at(hash % total);
            if view.is_eligible(server) {
                return Some(server);
            }
        }
        self.0.turn(view)
    }
}

/// `hash` after the first three octets of `address`.
#[inline(always)]
fn hash_on(hash: u32, address: u32) -> u32 {
    let [a, b, c, _] = address.to_be_bytes();
    [a, b, c].iter().fold(hash, |hash, &octet| {
        (FACTOR * hash + u32::from(octet)) % MODULUS
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::view;
    use super::*;

    fn client(octets: [u8; 4]) -> Client {
        Client {
            address: u32::from_be_bytes(octets),
            key: 0,
        }
    }

    // The numbers of these tests come from the formula, written once more in another language.

    #[test]
    fn hashes_of_documentation_networks() {
        for (octets, expected) in [
            ([192, 0, 2, 1], [6255, 3159, 3607]),
            ([198, 51, 100, 7], [936, 4589, 139]),
            ([203, 0, 113, 255], [2592, 4547, 3065]),
            ([10, 0, 0, 0], [2565, 1753, 5403]),
            ([172, 16, 254, 1], [3775, 5494, 1891]),
            ([255, 255, 255, 255], [5727, 4263, 1947]),
        ] {
            let mut hash = SEED;
            let hashes = [0; 3].map(|_| {
                hash = hash_on(hash, client(octets).address);
                hash
            });
            assert_eq!(hashes, expected, "{octets:?}");
        }
    }

    #[test]
    fn servers_of_documentation_networks() {
        let weights = [5, 1, 1];
        let mut state = State::new(&weights);
        let (all, without_b) = (view(&weights, &[0; 3]), [true, false, true]);
        // 936 mod 7 = 5 is b's; hashed on, 4589 mod 7 = 4 is a's.
        assert_eq!(state.choose(&all, &client([198, 51, 100, 7])), Some(1));
        let without_b = View {
            eligible: Some(&without_b),
            ..all
        };
        assert_eq!(
            state.choose(&without_b, &client([198, 51, 100, 9])),
            Some(0)
        );

        let weights = [1; 10];
        let (mut state, all) = (State::new(&weights), view(&weights, &[0; 10]));
        for (octets, server) in [
            ([192, 0, 2, 1], 5),
            ([203, 0, 113, 1], 2),
            ([255, 255, 255, 1], 7),
        ] {
            assert_eq!(state.choose(&all, &client(octets)), Some(server));
        }
    }

    #[test]
    fn where_hashing_finds_nobody_turns_do() {
        // 255.255.255 hashes to a, three times at least; c is found by hashing on or by turns.
        let weights = [254, 1, 1];
        let view = View {
            eligible: Some(&[false, true, true]),
            ..view(&weights, &[0; 3])
        };
        let mut state = State::new(&weights);
        let mut found = [false; 3];
        for third in 0..=255 {
            found[state.choose(&view, &client([10, 1, third, 1])).unwrap() as usize] = true;
        }
        assert_eq!(found, [false, true, true]);
    }
}
