//! Weights laid end to end: the server on whose stretch a number falls.

/// Running sums of weights.
#[derive(Debug, Clone)]
pub(super) struct Cumulative {
    /// Sum of the weights up to and including each server's.
    ends: Vec<u32>,
}

impl Cumulative {
    pub(super) fn new(weights: &[u32]) -> Self {
        let ends = weights
            .iter()
            .scan(0, |sum, weight| {
                *sum += weight;
                Some(*sum)
            })
            .collect();
        Self { ends }
    }

    /// The sum of all weights.
    #[inline(always)]
    pub(super) fn total(&self) -> u32 {
        self.ends.last().copied().unwrap_or(0)
    }

    /// The sum of the weights before `server`.
    #[inline(always)]
    pub(super) fn before(&self, server: u32) -> u32 {
        match server {
            0 => 0,
            _ => self.ends[server as usize - 1],
        }
    }

    /// The server on whose stretch `x`, below the total, falls.
    #[inline(always)]
    pub(super) fn server_at(&self, x: u32) -> u32 {
        super::number(self.ends.partition_point(|&end| end <= x))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_owns_as_many_numbers_as_it_weighs() {
        let cumulative = Cumulative::new(&[2, 1, 3]);
        let servers: Vec<u32> = (0..cumulative.total())
            .map(|x| cumulative.server_at(x))
            .collect();
        assert_eq!(servers, [0, 0, 1, 2, 2, 2]);
        assert_eq!([0, 1, 2].map(|server| cumulative.before(server)), [0, 2, 3]);
    }
}
