//! How often caches were of use, and how old what they held was.

use sim_core::Quantity;
use sim_core::figure::Unit;
use sim_core::run::report::CacheReport;

use crate::common::columns::{Align, Columns};
use crate::common::number_text::{counted, grouped};
use crate::scenario::details_cells::{LINES, more, number, share, time, unit_of, with_interval};

/// A line for each cache, and what was lost in them; nothing where there are none.
pub(crate) fn caches(caches: &[CacheReport]) -> String {
    if caches.is_empty() {
        return String::new();
    }
    let any = |of: fn(&CacheReport) -> &Quantity| {
        let is_any = |it: &CacheReport| of(it).estimate.is_some_and(|it| it > 0.0);
        caches.iter().any(is_any)
    };
    let is_shared = any(|it| &it.shared_share);
    let is_refreshed = any(|it| &it.refreshes);
    let times = |it: &CacheReport| [it.mean_age, it.mean_stale_age];
    let all: Vec<_> = caches.iter().take(LINES).flat_map(times).collect();
    let unit = unit_of(all.iter());
    let (age, stale_age) = (unit.header("age"), unit.header("stale age"));
    let mut header = vec![
        ("cache", Align::Left),
        ("look-ups", Align::Right),
        ("hit ratio", Align::Left),
    ];
    if is_shared {
        header.push(("shared", Align::Left));
    }
    header.extend([
        ("stale", Align::Left),
        (&age, Align::Right),
        (&stale_age, Align::Right),
        ("evicted", Align::Right),
    ]);
    if is_refreshed {
        header.push(("refreshed", Align::Right));
    }
    let mut columns = Columns::new(&header);
    for cache in caches.iter().take(LINES) {
        let mut cells = vec![
            cache.name.clone(),
            number(&cache.lookups),
            with_interval(&cache.hit_ratio, Unit::Percent),
        ];
        if is_shared {
            cells.push(with_interval(&cache.shared_share, Unit::Percent));
        }
        cells.extend([
            with_interval(&cache.stale_share, Unit::Percent),
            time(&cache.mean_age, unit),
            time(&cache.mean_stale_age, unit),
            number(&cache.evictions),
        ]);
        if is_refreshed {
            cells.push(number(&cache.refreshes));
        }
        columns.row(cells);
    }
    let lost = caches.iter().filter_map(lost);
    columns.text() + &more(caches.len()) + &lost.collect::<String>()
}

/// Writes that a crash took with it.
fn lost(cache: &CacheReport) -> Option<String> {
    (cache.lost_writes > 0).then(|| {
        let share = Quantity::new(cache.lost_writes as f64 / cache.writes as f64, None);
        format!(
            "Of {} to {}, {} {} lost ({}), over all replications.\n",
            counted(cache.writes, "write"),
            cache.name,
            grouped(cache.lost_writes),
            if cache.lost_writes == 1 {
                "was"
            } else {
                "were"
            },
            self::share(&share),
        )
    })
}
