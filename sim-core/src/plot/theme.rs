//! Colours: one meaning each, after Okabe and Ito's palette, chosen by hand for paper and for dark.
//!
//! Okabe and Ito's colours were made for filled areas on white. Where one is too faint on its ground it is darkened (on
//! paper) or lightened (on dark) at the same hue until marks reach a contrast of 3 : 1 and text 4.5 : 1 (WCAG 2.2, 1.4.3
//! and 1.4.11).

use crate::figure::Role;

/// A colour as red, green, blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rgb(pub u8, pub u8, pub u8);

impl Rgb {
    /// The colour as `#rrggbb`.
    pub fn hex(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
}

/// A colour for marks (lines, dots) and its sibling for text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Pair {
    mark: Rgb,
    text: Rgb,
}

/// A set of colours and the font.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    /// The ground everything is drawn on.
    pub paper: Rgb,
    /// Text that matters, and theory.
    pub ink: Rgb,
    /// Axis titles, tick labels, remarks.
    pub muted: Rgb,
    /// Grid lines: a hint, not a mark.
    pub grid: Rgb,
    /// Axis line and ticks.
    pub axis: Rgb,
    /// Font families, in the manner of CSS.
    pub font: &'static str,
    median: Pair,
    simulation: Pair,
    tail: Pair,
    high_percentile: Pair,
    healthy: Pair,
    overload: Pair,
}

const SANS: &str =
    "-apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, system-ui, sans-serif";

const fn pair(mark: u32, text: u32) -> Pair {
    Pair {
        mark: rgb(mark),
        text: rgb(text),
    }
}

const fn rgb(hex: u32) -> Rgb {
    let [_, r, g, b] = hex.to_be_bytes();
    Rgb(r, g, b)
}

impl Theme {
    /// Ink on warm white paper.
    pub const fn light() -> Self {
        Self {
            paper: rgb(0x00fd_fcf9),
            ink: rgb(0x001c_1b1a),
            muted: rgb(0x0063_605b),
            grid: rgb(0x00e9_e6df),
            axis: rgb(0x00a8_a39a),
            font: SANS,
            median: pair(0x0085_817a, 0x0066_625c),
            simulation: pair(0x0000_72b2, 0x0000_69a5),
            tail: pair(0x00d5_5e00, 0x00b3_4d00),
            high_percentile: pair(0x00c0_8000, 0x008a_5c00),
            healthy: pair(0x0000_9e73, 0x0000_7a58),
            overload: pair(0x00b0_568a, 0x0099_4075),
        }
    }

    /// Light on near-black.
    pub const fn dark() -> Self {
        Self {
            paper: rgb(0x0015_1719),
            ink: rgb(0x00ec_eae4),
            muted: rgb(0x00a7_a59f),
            grid: rgb(0x002a_2d30),
            axis: rgb(0x0064_686c),
            font: SANS,
            median: pair(0x0089_8f95, 0x0099_9ea3),
            simulation: pair(0x0056_b4e9, 0x0056_b4e9),
            tail: pair(0x00f2_7a33, 0x00f5_8540),
            high_percentile: pair(0x00e6_a92e, 0x00e6_a92e),
            healthy: pair(0x001f_b88d, 0x002b_c499),
            overload: pair(0x00d9_8bb8, 0x00dd_94be),
        }
    }

    /// The colour of lines and dots that mean `role`: at least 3 : 1 on paper.
    pub const fn mark(&self, role: Role) -> Rgb {
        self.pair(role).mark
    }

    /// The colour of text that means `role`: at least 4.5 : 1 on paper.
    pub const fn text(&self, role: Role) -> Rgb {
        self.pair(role).text
    }

    const fn pair(&self, role: Role) -> Pair {
        match role {
            Role::Theory => Pair {
                mark: self.ink,
                text: self.ink,
            },
            Role::Simulation => self.simulation,
            Role::Tail => self.tail,
            Role::HighPercentile => self.high_percentile,
            Role::Median => self.median,
            Role::Healthy => self.healthy,
            Role::Overload => self.overload,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math;

    const ROLES: [Role; 7] = [
        Role::Theory,
        Role::Simulation,
        Role::Tail,
        Role::HighPercentile,
        Role::Median,
        Role::Healthy,
        Role::Overload,
    ];

    /// Relative luminance by WCAG 2.2.
    fn luminance(Rgb(r, g, b): Rgb) -> f64 {
        let linear = |channel: u8| {
            let c = f64::from(channel) / 255.0;
            if c <= 0.040_45 {
                c / 12.92
            } else {
                math::pow((c + 0.055) / 1.055, 2.4)
            }
        };
        0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
    }

    fn contrast(a: Rgb, b: Rgb) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn black_on_white_is_21_to_1() {
        assert!((contrast(Rgb(0, 0, 0), Rgb(255, 255, 255)) - 21.0).abs() < 1e-9);
    }

    #[test]
    fn marks_and_text_stand_out_from_their_ground() {
        for (name, theme) in [("light", Theme::light()), ("dark", Theme::dark())] {
            for role in ROLES {
                let (mark, text) = (
                    contrast(theme.mark(role), theme.paper),
                    contrast(theme.text(role), theme.paper),
                );
                assert!(mark >= 3.0, "{name} {role:?}: marks at {mark:.2}");
                assert!(text >= 4.5, "{name} {role:?}: text at {text:.2}");
            }
            assert!(contrast(theme.muted, theme.paper) >= 4.5, "{name} muted");
            assert!(contrast(theme.ink, theme.paper) >= 12.0, "{name} ink");
        }
    }

    #[test]
    fn no_two_meanings_share_a_colour() {
        for theme in [Theme::light(), Theme::dark()] {
            for (i, a) in ROLES.iter().enumerate() {
                assert!(
                    ROLES[i + 1..]
                        .iter()
                        .all(|b| theme.mark(*a) != theme.mark(*b))
                );
            }
        }
    }
}
