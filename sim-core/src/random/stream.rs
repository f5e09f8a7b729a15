//! The name of a stream and the generator state it stands for.
//!
//! The 256-bit state is two blocks of Philox4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as
//! 1, 2, 3", SC 2011) keyed by the seed, with replication and purpose as the counter. Philox is a bijection of the counter,
//! so two streams of one seed never start in the same state.

/// What a stream's numbers are used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Gaps between arrivals.
    Arrivals,
    /// Service demands at the station.
    Service,
    /// The state a replication starts in.
    InitialState,
    /// Gaps between the arrivals of a class; of the first one the same as [`Purpose::Arrivals`].
    ArrivalsOf(u8),
    /// What a step of a class's path draws; the first one of the first class the same as [`Purpose::Service`].
    Activity(u8, u16),
    /// When a class's bursts begin and end.
    Modulation(u8),
    /// Which arrivals of a changing rate take place.
    Thinning(u8),
    /// Sizes of a class's batches.
    BatchSize(u8),
    /// Which client sends a request of a class.
    Client(u8),
    /// Think times of a class's users.
    Think(u8),
    /// How long requests wait at a resource at most.
    Patience(u16),
    /// Who is next at a station, where chance says so.
    Order(u32),
    /// What the balancers of a resource draw.
    Balancer(u16),
    /// To whom an idle server of a resource reports.
    IdleReport(u16),
    /// When a station fails by chance.
    Failure(u32),
    /// How long it then takes to repair it.
    Repair(u32),
    /// When the health checks of a resource begin.
    Check(u16),
    /// Whether a station that fails by chance is up at the start.
    Up(u32),
    /// Which object leaves a cache, where chance says so.
    Eviction(u16),
    /// How much longer or shorter than usual an object of a cache lives.
    Lifetime(u16),
    /// Which keys the parts of a key workload ask for: number of the workload, number of the part.
    Keys(u16, u8),
    /// Which part of a key workload is next.
    KeyPart(u16),
    /// Who is where at the start, where a replication starts in its steady state.
    Opening,
    /// How long caches are warmed by the keys of a workload.
    Warming(u16),
}

impl Purpose {
    /// The number that stands for this purpose in a stream's name. Never reused, or recorded results would change.
    const fn tag(self) -> u32 {
        match self {
            Self::Arrivals => 1,
            Self::Service => 2,
            Self::InitialState => 3,
            Self::ArrivalsOf(0) => Self::Arrivals.tag(),
            Self::Activity(0, 0) => Self::Service.tag(),
            Self::ArrivalsOf(class) => 1 << 24 | class as u32,
            Self::Activity(class, number) => 2 << 24 | (class as u32) << 16 | number as u32,
            Self::Modulation(class) => 3 << 24 | class as u32,
            Self::Thinning(class) => 4 << 24 | class as u32,
            Self::BatchSize(class) => 5 << 24 | class as u32,
            Self::Client(class) => 6 << 24 | class as u32,
            Self::Think(class) => 7 << 24 | class as u32,
            Self::Patience(resource) => 8 << 24 | resource as u32,
            Self::Order(station) => 9 << 24 | (station & 0xff_ffff),
            Self::Balancer(resource) => 10 << 24 | resource as u32,
            Self::IdleReport(resource) => 11 << 24 | resource as u32,
            Self::Failure(station) => 12 << 24 | (station & 0xff_ffff),
            Self::Repair(station) => 13 << 24 | (station & 0xff_ffff),
            Self::Check(resource) => 14 << 24 | resource as u32,
            Self::Up(station) => 15 << 24 | (station & 0xff_ffff),
            Self::Eviction(cache) => 16 << 24 | cache as u32,
            Self::Lifetime(cache) => 17 << 24 | cache as u32,
            Self::Keys(workload, part) => 20 << 24 | (workload as u32) << 8 | part as u32,
            Self::KeyPart(workload) => 21 << 24 | workload as u32,
            Self::Opening => 22 << 24,
            Self::Warming(workload) => 23 << 24 | workload as u32,
        }
    }
}

/// Names one stream of random numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct StreamName {
    /// The seed of the whole run.
    pub seed: u64,
    /// The replication.
    pub replication: u64,
    /// The use.
    pub purpose: Purpose,
}

impl StreamName {
    /// The state of xoshiro256+ at the start of this stream.
    pub fn state(self) -> [u64; 4] {
        let key = halves(self.seed);
        let [low, high] = halves(self.replication);
        let block = |index| {
            let [a, b, c, d] = philox4x32_10([low, high, self.purpose.tag(), index], key);
            [join(a, b), join(c, d)]
        };
        let ([a, b], [c, d]) = (block(0), block(1));
        [a, b, c, d]
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the two halves are what is wanted"
)]
const fn halves(x: u64) -> [u32; 2] {
    [x as u32, (x >> 32) as u32]
}

fn join(low: u32, high: u32) -> u64 {
    u64::from(low) | u64::from(high) << 32
}

/// Ten rounds of Philox on four 32-bit words.
fn philox4x32_10(mut counter: [u32; 4], mut key: [u32; 2]) -> [u32; 4] {
    for _ in 0..10 {
        let [low0, high0] = halves(u64::from(counter[0]) * 0xd251_1f53);
        let [low1, high1] = halves(u64::from(counter[2]) * 0xcd9e_8d57);
        counter = [
            high1 ^ counter[1] ^ key[0],
            low1,
            high0 ^ counter[3] ^ key[1],
            low0,
        ];
        key = [
            key[0].wrapping_add(0x9e37_79b9),
            key[1].wrapping_add(0xbb67_ae85),
        ];
    }
    counter
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn philox_known_answer() {
        // Published with the algorithm: counter and key zero; and all bits set.
        assert_eq!(
            philox4x32_10([0; 4], [0; 2]),
            [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]
        );
        assert_eq!(
            philox4x32_10([u32::MAX; 4], [u32::MAX; 2]),
            [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
        );
    }

    #[test]
    fn every_part_of_the_name_matters() {
        let base = StreamName {
            seed: 1,
            replication: 2,
            purpose: Purpose::Arrivals,
        };
        let others = [
            StreamName { seed: 2, ..base },
            StreamName {
                seed: 1 | 1 << 40,
                ..base
            },
            StreamName {
                replication: 3,
                ..base
            },
            StreamName {
                replication: 2 | 1 << 40,
                ..base
            },
            StreamName {
                purpose: Purpose::Service,
                ..base
            },
            StreamName {
                purpose: Purpose::InitialState,
                ..base
            },
        ];
        for other in others {
            assert_ne!(base.state(), other.state(), "{other:?}");
        }
    }
}
