//! Maglev hashing: a table that gives every server its share almost exactly and is looked up in one step.
//!
//! Server i prefers the entries (offsetᵢ + j·skipᵢ) mod M of a table of M, a prime, for j = 0, 1, …, which visits all of them.
//! The servers take turns in filling the first free entry of their preference until the table is full: shares differ by one
//! entry at most. With weights, a server takes its turn in round t if t·wᵢ ≥ kᵢ·max w, where kᵢ counts its turns so far.
//! A key's entry is its hash scaled to M.
//!
//! Sources: Eisenbud et al., "Maglev: a fast and reliable software network load balancer" (NSDI 2016); the weighted turns are
//! Envoy's. The paper's table is built anew when a server leaves, which also moves a few keys of others; here the table stays,
//! and the key of a server that is not eligible is hashed on until it meets one that is: nothing else moves.

use serde::{Deserialize, Serialize};

use super::kind::{Chooser, Kind, Parameters};
use super::{Client, Knows, Sight, Spread, View};
use crate::error::InputError;
use crate::random::scaled;
use crate::random::{Uniforms, hash, nth};

/// The largest table.
const MAX_SIZE: u32 = 5_000_011;
const FREE: u32 = u32::MAX;
/// What an entry takes in memory, bytes.
const ENTRY: f64 = size_of::<u32>() as f64;
/// How often a key is hashed on before its server is drawn from the eligible ones directly.
const TRIES: u64 = 20;

/// Maglev hashing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Maglev {
    /// Entries of the table, a prime in `2..=5_000_011`. The paper has at least a hundred for each server; a server without
    /// an entry gets no request.
    pub table_size: u32,
}

impl Default for Maglev {
    fn default() -> Self {
        Self { table_size: 65_537 }
    }
}

impl Maglev {
    pub(super) fn validate(&self) -> Result<(), InputError> {
        let size = self.table_size;
        if (2..=MAX_SIZE).contains(&size) && is_prime(size) {
            Ok(())
        } else {
            let allowed = format!("the primes of 2..={MAX_SIZE}");
            Err(InputError::out_of_range("table_size", size, allowed))
        }
    }
}

fn is_prime(n: u32) -> bool {
    (2..n)
        .take_while(|divisor| divisor * divisor <= n)
        .all(|divisor| !n.is_multiple_of(divisor))
}

impl Kind for Maglev {
    type State = Table;

    const SPELLING: &'static str = "maglev";
    const NAME: &'static str = "Maglev hashing";
    const TITLE: &'static str = "Maglev hashing";
    const SENTENCE: &'static str = "By the key, in Maglev's table.";
    const PARAMETERS: Option<Parameters<Self>> = Some(Parameters {
        main: "table-size",
        value: |it| &mut it.table_size,
        validate: Self::validate,
        examples: r#"{"table_size": 65537}"#,
        brief: r#"{"table_size": 65537}"#,
    });
    const SEES: &'static [Sight] = &[Sight::Weights, Sight::Client];
    const KNOWS: Knows = Knows::Client;
    const DRAWS: bool = false;

    fn spread(&self) -> Spread {
        Spread::ByClient
    }

    fn table(&self, _weights: f64) -> f64 {
        f64::from(self.table_size) * ENTRY
    }

    fn state(&self, weights: &[u32]) -> Self::State {
        Table::new(self.table_size, weights)
    }
}

/// The server of each entry.
#[derive(Debug, Clone)]
pub(super) struct Table {
    servers: Vec<u32>,
}

impl Chooser for Table {
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
}

impl Table {
    pub(super) fn new(size: u32, weights: &[u32]) -> Self {
        let mut servers = vec![FREE; size as usize];
        let heaviest = u64::from(weights.iter().copied().max().unwrap_or(0));
        let mut fillers: Vec<_> = (0..weights.len() as u64)
            .map(|server| Preference::new(server, u64::from(size)))
            .collect();
        let mut free = if weights.is_empty() { 0 } else { size };
        let mut round = 0;
        while free > 0 {
            round += 1;
            for ((server, &weight), filler) in (0..).zip(weights).zip(&mut fillers) {
                if free > 0 && round * u64::from(weight) >= filler.turns * heaviest {
                    filler.turns += 1;
                    let index = filler.first_free(&servers);
                    servers[index] = server;
                    free -= 1;
                }
            }
        }
        Self { servers }
    }

    #[inline]
    pub(super) fn choose(&self, view: &View<'_>, client: &Client) -> Option<u32> {
        let key = hash(client.key);
        let server = self.entry(key);
        match view.eligible {
            None => (server != FREE).then_some(server),
            Some(eligible) if server != FREE && eligible[server as usize] => Some(server),
            Some(eligible) => self.hashed_on(key, eligible, view),
        }
    }

    /// The server of a key whose own is not eligible.
    fn hashed_on(&self, key: u64, eligible: &[bool], view: &View<'_>) -> Option<u32> {
        let candidates = view.candidates();
        if candidates == 0 {
            return None;
        }
        (1..=TRIES)
            .map(|n| self.entry(nth(key, n)))
            .find(|&server| eligible[server as usize])
            .or_else(|| Some(view.candidate(scaled(nth(key, 0), candidates))))
    }

    #[inline(always)]
    fn entry(&self, hash: u64) -> u32 {
        self.servers[scaled(hash, super::number(self.servers.len())) as usize]
    }
}

/// Where a server would have its entries, in this order.
struct Preference {
    at: u64,
    skip: u64,
    size: u64,
    turns: u64,
}

impl Preference {
    fn new(server: u64, size: u64) -> Self {
        let seed = hash(server);
        Self {
            at: nth(seed, 1) % size,
            skip: nth(seed, 2) % (size - 1) + 1,
            size,
            turns: 0,
        }
    }

    fn first_free(&mut self, servers: &[u32]) -> usize {
        loop {
            let index = usize::try_from(self.at).expect("below the size of a table in memory");
            self.at = (self.at + self.skip) % self.size;
            if servers[index] == FREE {
                return index;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{keyed, view};
    use super::*;

    fn shares(table: &Table, servers: usize) -> Vec<u32> {
        let mut counts = vec![0; servers];
        for &server in &table.servers {
            counts[server as usize] += 1;
        }
        counts
    }

    #[test]
    fn equal_servers_differ_by_one_entry_at_most() {
        for (size, servers) in [(7, 3), (101, 10), (65_537, 10), (65_537, 1000)] {
            let shares = shares(&Table::new(size, &vec![3; servers]), servers);
            let (least, most) = (shares.iter().min().unwrap(), shares.iter().max().unwrap());
            assert!(most - least <= 1, "{size} {servers}");
        }
    }

    #[test]
    fn weighted_servers_have_their_share() {
        let shares = shares(&Table::new(65_537, &[1, 2, 5, 256]), 4);
        for (share, weight) in shares.into_iter().zip([1.0, 2.0, 5.0, 256.0]) {
            let exact = 65_537.0 * weight / 264.0;
            // The lighter three begin with a turn: up to one entry too many each, at the heaviest's expense.
            assert!(
                (f64::from(share) - exact).abs() <= 3.0,
                "{share} for {exact}"
            );
        }
    }

    #[test]
    fn building_anew_without_a_server_moves_few_keys_of_others() {
        // The paper measures a few per cent at most, where a server has a hundred entries or more.
        let (ten, nine) = (Table::new(65_537, &[1; 10]), Table::new(65_537, &[1; 9]));
        let others = ten.servers.iter().zip(&nine.servers);
        let moved = others
            .filter(|(before, after)| **before != 9 && before != after)
            .count();
        assert!(moved < 65_537 * 3 / 100, "{moved}");
    }

    #[test]
    fn only_keys_of_the_ineligible_move() {
        let weights = [1; 10];
        let (table, all) = (Table::new(65_537, &weights), view(&weights, &[0; 10]));
        let mut eligible = [true; 10];
        eligible[2] = false;
        let without = View {
            eligible: Some(&eligible),
            ..all
        };
        let mut moved = [0_u32; 10];
        for key in 0..90_000 {
            let before = table.choose(&all, &keyed(key)).unwrap();
            let after = table.choose(&without, &keyed(key)).unwrap();
            assert!(before == after || before == 2);
            moved[after as usize] += u32::from(before != after);
        }
        // 9000 ± 90 in all, 1000 ± 32 to each of the others.
        for server in [0, 1, 3, 4, 5, 6, 7, 8, 9] {
            assert!(moved[server].abs_diff(1000) < 160, "{moved:?}");
        }
    }

    #[test]
    fn the_size_is_a_prime() {
        for (size, ok) in [
            (2, true),
            (65_537, true),
            (65_536, false),
            (1, false),
            (5_000_011, true),
        ] {
            assert_eq!(Maglev { table_size: size }.validate().is_ok(), ok, "{size}");
        }
    }
}
