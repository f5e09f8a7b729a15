//! Lettering: how wide a text is, and the style that hands it to a plotters backend.
//!
//! Widths come from a table of Helvetica's advances rather than from the backend: a browser backend would have to lay
//! out the page to answer, an SVG has nobody to ask, and a picture should not depend on who draws it. System sans fonts
//! differ from the table by a few percent, which the spacing allows for.

use plotters_backend::text_anchor::{HPos, Pos, VPos};
use plotters_backend::{BackendColor, BackendTextStyle, FontFamily, FontStyle, FontTransform};

/// Where a text stands relative to its point, horizontally.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchor {
    Left,
    Middle,
    Right,
}

/// Width of `text` at a font size of 1.
pub(crate) fn width(text: &str, bold: bool) -> f64 {
    let units: u32 = text.chars().map(advance).sum();
    f64::from(units) / 1000.0 * if bold { 1.09 } else { 1.0 }
}

/// `text` broken between words into lines of at most `room` (in font sizes); a longer word has a line of its own.
pub(crate) fn lines(text: &str, room: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match lines.last_mut() {
            Some(line) if width(line, false) + width(" ", false) + width(word, false) <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Advance of a character in thousandths of the font size.
fn advance(c: char) -> u32 {
    match c {
        'i' | 'j' | 'l' | '\'' => 222,
        ' ' | '\u{a0}' | 'I' | 't' | 'f' | ',' | '.' | ':' | ';' | '/' | '!' | '|' => 278,
        'r' | '(' | ')' | '-' | '[' | ']' | '¹' | '²' | '³' => 333,
        'c' | 'k' | 's' | 'v' | 'x' | 'y' | 'z' | 'J' => 500,
        'w' | 'C' | 'D' | 'H' | 'N' | 'R' | 'U' => 722,
        'm' | 'M' => 833,
        'W' => 944,
        '%' => 889,
        'G' | 'O' | 'Q' => 778,
        'A' | 'B' | 'E' | 'K' | 'P' | 'S' | 'V' | 'X' | 'Y' => 667,
        'F' | 'T' | 'Z' => 611,
        '+' | '<' | '=' | '>' | '≈' | '×' | '−' => 584,
        '∞' | '—' => 900,
        _ => 556,
    }
}

/// A text's looks, as a backend asks for them.
pub(crate) struct Lettering<'a> {
    pub(crate) family: &'a str,
    pub(crate) size: f64,
    pub(crate) bold: bool,
    pub(crate) upright: bool,
    pub(crate) anchor: Anchor,
    pub(crate) color: BackendColor,
}

/// This build draws text only on backends that letter it themselves.
#[derive(Debug)]
pub(crate) struct NoFont;

impl std::fmt::Display for NoFont {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("no font to draw with")
    }
}

impl std::error::Error for NoFont {}

impl BackendTextStyle for Lettering<'_> {
    type FontError = NoFont;

    fn color(&self) -> BackendColor {
        self.color
    }

    fn size(&self) -> f64 {
        self.size
    }

    fn transform(&self) -> FontTransform {
        if self.upright {
            FontTransform::Rotate270
        } else {
            FontTransform::None
        }
    }

    fn style(&self) -> FontStyle {
        if self.bold {
            FontStyle::Bold
        } else {
            FontStyle::Normal
        }
    }

    fn anchor(&self) -> Pos {
        let horizontal = match self.anchor {
            Anchor::Left => HPos::Left,
            Anchor::Middle => HPos::Center,
            Anchor::Right => HPos::Right,
        };
        Pos::new(horizontal, VPos::Center)
    }

    fn family(&self) -> FontFamily<'_> {
        FontFamily::Name(self.family)
    }

    #[cfg(feature = "plot-files")]
    fn layout_box(&self, text: &str) -> Result<((i32, i32), (i32, i32)), NoFont> {
        Ok(super::font::layout_box(text, self.size, self.bold))
    }

    #[cfg(not(feature = "plot-files"))]
    fn layout_box(&self, text: &str) -> Result<((i32, i32), (i32, i32)), NoFont> {
        let _ = text;
        Err(NoFont)
    }

    #[cfg(feature = "plot-files")]
    fn draw<E, F: FnMut(i32, i32, BackendColor) -> Result<(), E>>(
        &self,
        text: &str,
        at: (i32, i32),
        mut put: F,
    ) -> Result<Result<(), E>, NoFont> {
        let color = self.color;
        Ok(super::font::draw(
            text,
            self.size,
            self.bold,
            |x, y, cover| put(at.0 + x, at.1 + y, color.mix(f64::from(cover))),
        ))
    }

    #[cfg(not(feature = "plot-files"))]
    fn draw<E, F: FnMut(i32, i32, BackendColor) -> Result<(), E>>(
        &self,
        _: &str,
        _: (i32, i32),
        _: F,
    ) -> Result<Result<(), E>, NoFont> {
        Err(NoFont)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words_only() {
        assert_eq!(
            lines("target 60–80\u{a0}%", 5.0),
            ["target", "60–80\u{a0}%"]
        );
        assert_eq!(lines("target 60–80\u{a0}%", 50.0), ["target 60–80\u{a0}%"]);
        assert!(lines("", 5.0).is_empty());
    }

    #[test]
    fn widths_add_up_and_bold_is_wider() {
        // Helvetica: 5 and 0 are 0.556 em wide, a space 0.278, the percent sign 0.889.
        assert!((width("50 %", false) - 2.279).abs() < 1e-12);
        assert!(width("mean", true) > width("mean", false));
    }
}
