//! A bar on standard error while a curve is computed; nothing where that is not a terminal.

use indicatif::{ProgressBar, ProgressStyle};

/// Steps of the bar for each point.
const STEPS: u64 = 1000;

/// How far a curve is.
pub(crate) struct Progress {
    bar: ProgressBar,
}

/// How far one of its points is.
pub(crate) struct PointProgress<'a> {
    bar: &'a ProgressBar,
    start: u64,
}

impl Progress {
    /// A bar for a curve of this many points.
    pub(crate) fn new(points: usize) -> Self {
        let bar = ProgressBar::new(points as u64 * STEPS);
        let template = "{wide_bar} {percent:>3} %  {msg}  {elapsed} gone, {eta} to go";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self { bar }
    }

    /// Begins point `number`, called `name`.
    pub(crate) fn point(&self, number: usize, name: String) -> PointProgress<'_> {
        let start = number as u64 * STEPS;
        self.bar.set_message(name);
        self.bar.set_position(start);
        PointProgress {
            bar: &self.bar,
            start,
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

impl PointProgress<'_> {
    /// Of this point, `requests` are done, of `most` at most.
    pub(crate) fn done(&self, requests: u64, most: u64) {
        let share = requests.min(most) as f64 / most.max(1) as f64;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a share of a thousand"
        )]
        let steps = (share * STEPS as f64) as u64;
        self.bar.set_position(self.start + steps);
    }
}
