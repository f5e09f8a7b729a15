//! `--plot`: a figure as a file, drawn by the same code as the page's.

use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};

use sim_core::figure::Figure;
use sim_core::plot::{Theme, png, svg};

use crate::common::failure::Failure;

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
                    "--plot {}: the name of the file must end in .svg or .png",
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
