//! `--plot`: the curve as a picture, drawn by the same code as the page's.

use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};

use sim_core::distribution::Distribution;
use sim_core::exhibits::Curve;
use sim_core::figure::{Figure, Scale};
use sim_core::plot::{Theme, png, svg};
use sim_core::scenario::Queue;

use crate::arguments::Arguments;
use crate::failure::Failure;
use crate::sweep::{Point, station};

/// Size of the picture, CSS pixels.
const SIZE: (u32, u32) = (1100, 620);

/// A picture that can be written: its name has been understood and its place tried.
pub(crate) struct Picture {
    path: PathBuf,
    kind: Kind,
}

enum Kind {
    Svg,
    Png,
}

impl Picture {
    /// Checks the file's ending and that it can be written, before anyone waits for the numbers.
    pub(crate) fn prepare(path: &Path) -> Result<Self, Failure> {
        let ending = path
            .extension()
            .map(|ending| ending.to_string_lossy().to_lowercase());
        let kind = match ending.as_deref() {
            Some("svg") => Kind::Svg,
            Some("png") => Kind::Png,
            _ => {
                return Err(Failure::Input(format!(
                    "--plot {}: allowed is a file name ending in .svg or .png",
                    path.display()
                )));
            }
        };
        OpenOptions::new()
            .create(true)
            .append(true)
            .open(path)
            .map_err(|error| Failure::file("--plot", path, &error))?;
        Ok(Self {
            path: path.to_owned(),
            kind,
        })
    }

    /// Draws `figure`.
    pub(crate) fn write(&self, figure: &Figure) -> Result<(), Failure> {
        let failed = |error: &dyn std::fmt::Display| Failure::file("--plot", &self.path, error);
        let theme = Theme::light();
        let bytes = match self.kind {
            Kind::Svg => svg(figure, SIZE.0, SIZE.1, &theme).into_bytes(),
            Kind::Png => png(figure, SIZE.0, SIZE.1, &theme).map_err(|error| failed(&error))?,
        };
        fs::write(&self.path, bytes).map_err(|error| failed(&error))
    }
}

/// The curve of the station that was asked for, with a dot for each point.
pub(crate) fn figure(arguments: &Arguments, points: &[Point]) -> Figure {
    let (servers, service_rate) = (arguments.servers, arguments.service_rate);
    let at = |utilization| {
        let rate = Queue::arrival_rate_at(utilization, servers, service_rate);
        // A load that no law allows has no theory, and the curve no point there.
        let nothing = || Distribution::exponential(f64::NAN);
        station(arguments, rate).unwrap_or_else(|_| Queue::new(nothing(), servers, nothing()))
    };
    let reports: Vec<_> = points.iter().map(|point| &point.report).collect();
    Curve {
        at: &at,
        scale: Scale::Linear,
        operating: None,
    }
    .figure(&reports)
}
