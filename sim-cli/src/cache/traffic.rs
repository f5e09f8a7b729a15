//! The workload that the flags describe.

use std::path::Path;

use sim_core::InputError;
use sim_core::distribution::Distribution;
use sim_core::document::Problem;
use sim_core::workload::{
    Drift, Hotspot, Keys, Loop, OneHit, Part, Scan, Sizes, Uniform, Workload, Zipf,
};

use crate::cache::arguments::TrafficArguments;
use crate::common::described::{document, name};
use crate::common::failure::Failure;
use crate::common::numbers::whole;

/// Objects when nothing is said.
const ITEMS: u64 = 1_000_000;
/// Skew when nothing is said.
const ALPHA: f64 = 0.9;

/// The workload of a file or of flags, checked.
pub(crate) fn workload(arguments: &TrafficArguments) -> Result<Workload, Failure> {
    if let Some(path) = &arguments.workload {
        return from_file(path);
    }
    let workload = Workload {
        keys: keys(arguments),
        sizes: sizes(arguments.size.as_deref())?,
    };
    workload.validate().map_err(|error| flag_of(&error))?;
    Ok(workload)
}

fn from_file(path: &Path) -> Result<Workload, Failure> {
    let document = document(path)?;
    let wrong = |problem: Problem| Failure::Input(format!("{}: {problem}", name(path)));
    let workload: Workload = document.read().map_err(wrong)?;
    match workload.validate() {
        Ok(()) => Ok(workload),
        Err(error) => Err(wrong(document.locate(error))),
    }
}

/// The pattern, or the mixture of it with one-hit wonders and scans.
fn keys(arguments: &TrafficArguments) -> Keys {
    let once = arguments.one_hits.unwrap_or(0.0);
    let scans = arguments.scans.unwrap_or(0.0);
    let pattern = pattern(arguments);
    if once == 0.0 && scans == 0.0 {
        return pattern;
    }
    let length = arguments.scan_length;
    let scan = Keys::Scan(Scan {
        items: items(arguments),
        length,
    });
    let part = |weight, keys, shared| Part {
        weight,
        keys,
        shared,
    };
    // Of what is no scan, a share asks for new objects: together with scans it may be all.
    let rest = 1.0 - scans;
    let parts = [
        part(rest * (1.0 - once), pattern, true),
        part(rest * once, Keys::OneHit(OneHit {}), false),
        part(scans, scan, true),
    ];
    Keys::Mixture(parts.into_iter().filter(|part| part.weight > 0.0).collect())
}

fn items(arguments: &TrafficArguments) -> u64 {
    arguments.items.unwrap_or(ITEMS)
}

fn pattern(arguments: &TrafficArguments) -> Keys {
    let items = items(arguments);
    let alpha = arguments.zipf.unwrap_or(ALPHA);
    if arguments.uniform {
        Keys::Uniform(Uniform { items })
    } else if let Some((hot_items, hot_requests)) = arguments.hotspot {
        Keys::Hotspot(Hotspot {
            items,
            hot_items,
            hot_requests,
        })
    } else if arguments.cycle {
        Keys::Loop(Loop { items })
    } else if arguments.scan {
        let length = arguments.scan_length;
        Keys::Scan(Scan { items, length })
    } else if let Some(every) = arguments.drift {
        Keys::Drift(Drift {
            items,
            alpha,
            every,
        })
    } else {
        Keys::Zipf(Zipf { items, alpha })
    }
}

/// `4096` or `4096:lognormal:4`.
fn sizes(text: Option<&str>) -> Result<Sizes, Failure> {
    let Some(text) = text else {
        return Ok(Sizes::default());
    };
    let wrong = |allowed: String| Failure::Input(format!("--size {text}: {allowed}"));
    let (bytes, law) = text
        .split_once(':')
        .map_or((text, None), |(bytes, law)| (bytes, Some(law)));
    let bytes = whole(bytes, 1, u64::from(u32::MAX)).map_err(wrong)?;
    // At most 2³² − 1.
    let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
    Ok(match law {
        None => Sizes::Fixed(bytes),
        Some(law) => Sizes::Law(Distribution::parse("--size", law, f64::from(bytes))?),
    })
}

/// An error of a workload made from flags, by the flag.
fn flag_of(error: &InputError) -> Failure {
    let last = error
        .field()
        .rsplit('.')
        .next()
        .unwrap_or_default()
        .to_owned();
    let flag = match last.as_str() {
        "alpha" => "--zipf",
        "hot_items" | "hot_requests" => "--hotspot",
        "every" => "--drift",
        "length" => "--scan-length",
        _ => "--items",
    };
    match error {
        InputError::OutOfRange { value, allowed, .. } => {
            InputError::out_of_range(flag, value, allowed).into()
        }
        other => Failure::flag(flag, other),
    }
}
