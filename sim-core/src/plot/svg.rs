//! A figure as an SVG document.

use plotters::backend::SVGBackend;

use super::{Surface, Theme, draw};
use crate::figure::Figure;

/// Plotters' SVG backend divides font sizes by this.
const LETTERING: f64 = 1.24;

/// `figure` with its title and notes as an SVG document of `width` by `height` CSS pixels; its description is there for
/// those who do not see it.
pub fn svg(figure: &Figure, width: u32, height: u32, theme: &Theme) -> String {
    let mut surface = Surface::new(f64::from(width), f64::from(height), 1.0);
    surface.lettering = LETTERING;
    surface.heading = true;
    let (width, height) = surface.pixels();
    let (fine_width, fine_height) = (width * surface.fine(), height * surface.fine());
    let mut body = String::new();
    {
        let mut backend = SVGBackend::with_string(&mut body, (fine_width, fine_height));
        // Writing to a string cannot fail.
        let drawn = draw(figure, &mut backend, &surface, theme);
        debug_assert!(drawn.is_ok());
    }
    let inner = body.split_once('>').map_or("", |(_, rest)| rest);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {fine_width} {fine_height}\" role=\"img\" stroke-linejoin=\"round\" \
         aria-labelledby=\"title description\">\n<title id=\"title\">{}</title>\n\
         <desc id=\"description\">{}</desc>{inner}",
        escaped(&figure.title),
        escaped(&figure.description),
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
