//! A figure as a PNG picture, on a machine without fonts or libraries.

use plotters::backend::BitMapBackend;

use super::{Surface, Theme, draw};
use crate::figure::Figure;

/// Device pixels per CSS pixel: sharp on today's screens and in print.
const RATIO: u32 = 2;
/// Each pixel is the mean of this many squared.
const FINE: u32 = 2;
/// CSS pixels per inch times inches per metre times [`RATIO`].
const PIXELS_PER_METRE: u32 = 96 * RATIO * 10_000 / 254;

/// Why a picture could not be made.
#[derive(Debug)]
pub enum PngError {
    /// Drawing failed.
    Drawing(String),
    /// Encoding failed.
    Encoding(png::EncodingError),
}

impl std::fmt::Display for PngError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Drawing(error) => write!(f, "cannot draw the picture: {error}"),
            Self::Encoding(error) => write!(f, "cannot encode the picture: {error}"),
        }
    }
}

impl std::error::Error for PngError {}

/// `figure` with its title and notes as a PNG of `width` by `height` CSS pixels, two device pixels to each (so a picture
/// of 1100 by 520 has 2200 by 1040).
///
/// # Errors
/// What the drawing or the encoder reports.
pub fn png(figure: &Figure, width: u32, height: u32, theme: &Theme) -> Result<Vec<u8>, PngError> {
    let mut surface = Surface::new(
        f64::from(width.min(4096)),
        f64::from(height.min(4096)),
        f64::from(RATIO),
    );
    surface.fine = FINE;
    surface.heading = true;
    let (width, height) = surface.pixels();
    let (fine_width, fine_height) = (width * FINE, height * FINE);
    let mut pixels = vec![0; fine_width as usize * fine_height as usize * 3];
    {
        let mut backend = BitMapBackend::with_buffer(&mut pixels, (fine_width, fine_height));
        draw(figure, &mut backend, &surface, theme)
            .map_err(|e| PngError::Drawing(e.to_string()))?;
    }
    encode(
        &averaged(&pixels, width as usize, height as usize),
        width,
        height,
    )
    .map_err(PngError::Encoding)
}

/// Each pixel of a `width` by `height` picture as the mean of its [`FINE`] by [`FINE`] parts.
fn averaged(pixels: &[u8], width: usize, height: usize) -> Vec<u8> {
    let fine = FINE as usize;
    let mut result = Vec::with_capacity(width * height * 3);
    for y in 0..height {
        for x in 0..width {
            for channel in 0..3 {
                let part = |i: usize| {
                    let (px, py) = (x * fine + i % fine, y * fine + i / fine);
                    u32::from(pixels[(py * width * fine + px) * 3 + channel])
                };
                let sum: u32 = (0..fine * fine).map(part).sum();
                let mean = (sum + FINE * FINE / 2) / (FINE * FINE);
                // A mean of bytes is a byte.
                result.push(u8::try_from(mean).unwrap_or(u8::MAX));
            }
        }
    }
    result
}

fn encode(pixels: &[u8], width: u32, height: u32) -> Result<Vec<u8>, png::EncodingError> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_pixel_dims(Some(png::PixelDimensions {
        xppu: PIXELS_PER_METRE,
        yppu: PIXELS_PER_METRE,
        unit: png::Unit::Meter,
    }));
    let mut writer = encoder.write_header()?;
    writer.write_image_data(pixels)?;
    writer.finish()?;
    Ok(file)
}
