//! The page and the plots mean the same by the same colours: the style sheet says in CSS what the theme says in Rust.

use sim_core::figure::Role;
use sim_core::plot::{Rgb, Theme};

const SHEET: &str = include_str!("../../web/style.css");
const PAGE: &str = include_str!("../../web/index.html");

/// The value of a custom property in one part of the sheet.
fn property<'a>(part: &'a str, name: &str) -> &'a str {
    let start = part
        .split_once(&format!("--{name}: "))
        .unwrap_or_else(|| panic!("{name} is not set"));
    start.1.split(';').next().unwrap_or_default()
}

#[test]
fn the_style_sheet_has_the_themes_colours() {
    let (light, dark) = SHEET
        .split_once("@media (prefers-color-scheme: dark)")
        .expect("the sheet has a dark part");
    for (part, theme) in [(light, Theme::light()), (dark, Theme::dark())] {
        let expect = |name: &str, colour: Rgb| assert_eq!(property(part, name), colour.hex());
        expect("paper", theme.paper);
        expect("ink", theme.ink);
        expect("quiet", theme.muted);
        expect("simulation", theme.text(Role::Simulation));
        expect("tail", theme.text(Role::Tail));
        expect("high-percentile", theme.text(Role::HighPercentile));
        expect("median", theme.text(Role::Median));
        expect("healthy", theme.text(Role::Healthy));
        expect("overload", theme.text(Role::Overload));
        let tinted = format!("name=\"theme-color\" content=\"{}\"", theme.paper.hex());
        assert!(PAGE.contains(&tinted), "{tinted}");
    }
    assert_eq!(property(light, "theory"), "var(--ink)");
}
