//! Nothing scrolls sideways, from a small telephone to a wide screen.

use anyhow::Result;
use tests::browser::Look;
use tests::exhibit::Exhibit;

/// What sticks out of the window, apart from what lies in a box that scrolls by itself.
const OUTSIDE: &str = "[document.documentElement.scrollWidth > innerWidth ? 'the page' : '',
    ...[...document.querySelectorAll('body *')].filter(e => e.checkVisibility() && !e.closest('.scroller, .unseen, .skip')
        && e.getBoundingClientRect().right > innerWidth + 1).slice(0, 5).map(e => e.outerHTML.slice(0, 80))].filter(Boolean)";

pub(crate) fn fits(exhibit: &Exhibit<'_>) -> Result<()> {
    for width in [390, 768, 1600] {
        exhibit.browser.look_as(&Look {
            width,
            ..Look::NARROW
        })?;
        // Figures are drawn anew a moment after the window is another.
        exhibit.browser.wait_until(
            &format!("at {width} pixels nothing sticks out"),
            &format!("innerWidth === {width} && JSON.stringify({OUTSIDE}) === '[]' || [innerWidth, ...{OUTSIDE}]"),
        )?;
    }
    exhibit.browser.look_as(&Look::NARROW)
}
