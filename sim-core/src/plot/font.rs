//! Letters for bitmaps: the outlines of a font that comes with a crate, so that no system font is needed.
//!
//! The font is Ubuntu Light (Ubuntu Font Licence 1.0). It has one weight; bold is the same outline drawn twice, a
//! little apart.

use std::sync::LazyLock;

use ab_glyph::{Font, FontRef, PxScaleFont, ScaleFont};

static FONT: LazyLock<FontRef<'static>> = LazyLock::new(|| {
    FontRef::try_from_slice(epaint_default_fonts::UBUNTU_LIGHT)
        .expect("the font in the crate is whole")
});

/// Scaled so that `size` is the em, as in CSS.
fn scaled(size: f64) -> PxScaleFont<FontRef<'static>> {
    let font = FONT.clone();
    let em = font.units_per_em().unwrap_or(1000.0);
    // Font sizes are far within the range of f32.
    #[allow(clippy::cast_possible_truncation)]
    let scale = size as f32 * font.height_unscaled() / em;
    font.into_scaled(scale)
}

/// How far apart the two strokes of a bold letter are.
fn weight(size: f64, bold: bool) -> f32 {
    // As above.
    #[allow(clippy::cast_possible_truncation)]
    let apart = if bold { (size * 0.035) as f32 } else { 0.0 };
    apart
}

/// A box around `text` from its baseline's start, one em high, centred half the height of an `x` above the baseline.
pub(crate) fn layout_box(text: &str, size: f64, bold: bool) -> ((i32, i32), (i32, i32)) {
    let font = scaled(size);
    let mut width = weight(size, bold);
    each(&font, text, |_, advance| width += advance);
    // Pixels of a text, far within the range.
    #[allow(clippy::cast_possible_truncation)]
    let whole = |length: f64| length.round() as i32;
    (
        (0, whole(-0.76 * size)),
        (whole(f64::from(width)), whole(0.24 * size)),
    )
}

/// Puts every pixel of `text`: x and y from its baseline's start, and how much of the pixel is covered.
pub(crate) fn draw<E>(
    text: &str,
    size: f64,
    bold: bool,
    mut put: impl FnMut(i32, i32, f32) -> Result<(), E>,
) -> Result<(), E> {
    let font = scaled(size);
    let strokes = if bold { 3 } else { 1 };
    let mut outlines = Vec::new();
    for stroke in 0..strokes {
        let mut pen = weight(size, bold) * stroke as f32 / 2.0;
        each(&font, text, |id, advance| {
            let glyph = id.with_scale_and_position(font.scale(), ab_glyph::point(pen, 0.0));
            outlines.extend(font.outline_glyph(glyph));
            pen += advance;
        });
    }
    let mut result = Ok(());
    for outline in outlines {
        let corner = outline.px_bounds().min;
        outline.draw(|x, y, cover| {
            if result.is_ok() && cover > 0.0 {
                // Pixels of a glyph, far within the range.
                #[allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap)]
                let at = (corner.x as i32 + x as i32, corner.y as i32 + y as i32);
                result = put(at.0, at.1, cover.min(1.0));
            }
        });
    }
    result
}

/// Calls `f` with each glyph and the advance to the next, kerning included.
fn each(
    font: &PxScaleFont<FontRef<'static>>,
    text: &str,
    mut f: impl FnMut(ab_glyph::GlyphId, f32),
) {
    let ids: Vec<_> = text.chars().map(|c| font.glyph_id(c)).collect();
    for (i, &id) in ids.iter().enumerate() {
        let kern = ids.get(i + 1).map_or(0.0, |&next| font.kern(id, next));
        f(id, font.h_advance(id) + kern);
    }
}
