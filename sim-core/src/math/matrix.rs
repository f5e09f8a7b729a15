//! Small dense square matrices: products, linear equations, and the stationary law of a Markov chain of few states.
//!
//! Linear equations by Gaussian elimination with the largest pivot of each column. Stationary laws by the elimination of Grassmann,
//! Taksar and Heyman ("Regenerative analysis and steady state distributions for Markov chains", Operations Research 33 (1985)
//! 1107–1116): states are taken out one by one, without a subtraction, so that small probabilities are as accurate as large ones.
//! Only exact arithmetic in one order, so the same bits everywhere.

use std::ops::{Index, IndexMut};

/// From here on weights of states are scaled down.
const LARGE: f64 = 1e100;

/// A square matrix, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix {
    size: usize,
    entries: Vec<f64>,
}

impl Matrix {
    /// All zeros.
    pub fn zero(size: usize) -> Self {
        Self {
            size,
            entries: vec![0.0; size * size],
        }
    }

    /// Nothing but `of(i)` on the diagonal.
    pub fn diagonal(size: usize, of: impl Fn(usize) -> f64) -> Self {
        let mut matrix = Self::zero(size);
        for at in 0..size {
            matrix[(at, at)] = of(at);
        }
        matrix
    }

    /// Its number of rows, and of columns.
    pub fn size(&self) -> usize {
        self.size
    }

    /// This one times `other`.
    #[must_use]
    pub fn times(&self, other: &Self) -> Self {
        let mut product = Self::zero(self.size);
        for row in 0..self.size {
            for middle in 0..self.size {
                let factor = self[(row, middle)];
                for column in 0..self.size {
                    product[(row, column)] += factor * other[(middle, column)];
                }
            }
        }
        product
    }

    /// This one and `factor` times `other`.
    #[must_use]
    pub fn plus(&self, factor: f64, other: &Self) -> Self {
        let pairs = self.entries.iter().zip(&other.entries);
        Self {
            size: self.size,
            entries: pairs.map(|(mine, its)| mine + factor * its).collect(),
        }
    }

    /// A row times this one.
    pub fn after_row(&self, row: &[f64]) -> Vec<f64> {
        let mut product = vec![0.0; self.size];
        for (at, &factor) in row.iter().enumerate() {
            for (column, sum) in product.iter_mut().enumerate() {
                *sum += factor * self[(at, column)];
            }
        }
        product
    }

    /// X in `self`·X = `right`. Meaningless, but no panic, where this one is singular.
    #[must_use]
    pub fn solve(&self, right: &Self) -> Self {
        let (mut left, mut right) = (self.clone(), right.clone());
        for at in 0..self.size {
            let pivot = (at..self.size)
                .max_by(|&a, &b| left[(a, at)].abs().total_cmp(&left[(b, at)].abs()))
                .unwrap_or(at);
            left.swap_rows(at, pivot);
            right.swap_rows(at, pivot);
            for row in at + 1..self.size {
                let factor = left[(row, at)] / left[(at, at)];
                left.subtract_row(row, at, factor);
                right.subtract_row(row, at, factor);
            }
        }
        for at in (0..self.size).rev() {
            for column in 0..self.size {
                right[(at, column)] /= left[(at, at)];
            }
            for row in 0..at {
                right.subtract_row(row, at, left[(row, at)]);
            }
        }
        right
    }

    /// X in X·`self` = `left`.
    #[must_use]
    pub fn solve_from_the_right(&self, left: &Self) -> Self {
        self.transposed().solve(&left.transposed()).transposed()
    }

    fn transposed(&self) -> Self {
        let mut transposed = Self::zero(self.size);
        for row in 0..self.size {
            for column in 0..self.size {
                transposed[(column, row)] = self[(row, column)];
            }
        }
        transposed
    }

    fn swap_rows(&mut self, a: usize, b: usize) {
        if a != b {
            for column in 0..self.size {
                self.entries
                    .swap(a * self.size + column, b * self.size + column);
            }
        }
    }

    fn subtract_row(&mut self, from: usize, row: usize, factor: f64) {
        for column in 0..self.size {
            let by = factor * self[(row, column)];
            self[(from, column)] -= by;
        }
    }
}

impl Index<(usize, usize)> for Matrix {
    type Output = f64;

    fn index(&self, (row, column): (usize, usize)) -> &f64 {
        &self.entries[row * self.size + column]
    }
}

impl IndexMut<(usize, usize)> for Matrix {
    fn index_mut(&mut self, (row, column): (usize, usize)) -> &mut f64 {
        &mut self.entries[row * self.size + column]
    }
}

/// The stationary law of the irreducible chain with these rates from row to column; what stands on the diagonal does not matter.
pub fn stationary(mut rates: Matrix) -> Vec<f64> {
    let size = rates.size();
    let mut leaving = vec![0.0; size];
    for state in (1..size).rev() {
        let out: f64 = (0..state).map(|to| rates[(state, to)]).sum();
        leaving[state] = out;
        for from in 0..state {
            let share = rates[(from, state)] / out;
            for to in 0..state {
                let by = share * rates[(state, to)];
                rates[(from, to)] += by;
            }
        }
    }
    let mut law = vec![1.0];
    for state in 1..size {
        let coming: f64 = (0..state)
            .map(|from| law[from] * rates[(from, state)])
            .sum();
        let weight = coming / leaving[state];
        law.push(weight);
        // The first states may be so rare that the weight of the others beside theirs is beyond all numbers.
        if weight > LARGE {
            for it in &mut law {
                *it /= weight;
            }
        }
    }
    let total: f64 = law.iter().sum();
    law.iter().map(|weight| weight / total).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(size: usize, entries: &[f64]) -> Matrix {
        Matrix {
            size,
            entries: entries.to_vec(),
        }
    }

    fn close(found: &[f64], expected: &[f64]) {
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-14, "{found} {expected}");
        }
    }

    #[test]
    fn equations_by_hand_from_either_side() {
        // A zero where elimination would begin: rows must change places.
        let matrix = of(3, &[0.0, 2.0, 1.0, 1.0, -1.0, 0.0, 3.0, 0.0, -2.0]);
        let wanted = of(3, &[1.0, 0.0, 2.0, -1.0, 3.0, 0.5, 4.0, 1.0, -2.0]);
        close(
            &matrix.solve(&matrix.times(&wanted)).entries,
            &wanted.entries,
        );
        let found = matrix.solve_from_the_right(&wanted.times(&matrix));
        close(&found.entries, &wanted.entries);
        close(&matrix.after_row(&[1.0, 2.0, 3.0]), &[11.0, 0.0, -5.0]);
        let sum = matrix.plus(2.0, &Matrix::diagonal(3, |at| at as f64));
        close(&sum.entries, &[0.0, 2.0, 1.0, 1.0, 1.0, 0.0, 3.0, 0.0, 2.0]);
    }

    #[test]
    fn a_chain_of_three_states_by_hand() {
        // 0 → 1 at 2, 1 → 2 at 3, 2 → 0 at 6: time in each is as the reciprocals, 3 : 2 : 1.
        let rates = of(3, &[0.0, 2.0, 0.0, 0.0, 0.0, 3.0, 6.0, 0.0, 0.0]);
        close(&stationary(rates), &[0.5, 1.0 / 3.0, 1.0 / 6.0]);
        // Both ways between two: 1 : 4, whatever stands on the diagonal.
        let rates = of(2, &[-9.0, 4.0, 1.0, 7.0]);
        close(&stationary(rates), &[0.2, 0.8]);
        // A ladder of sixty steps, each a trillion times as likely as the last.
        let mut ladder = Matrix::zero(60);
        for step in 1..60 {
            ladder[(step - 1, step)] = 1e6;
            ladder[(step, step - 1)] = 1e-6;
        }
        let law = stationary(ladder);
        close(&law[58..], &[1e-12, 1.0 - 1e-12]);
        assert_eq!(law[0], 0.0);
    }
}
