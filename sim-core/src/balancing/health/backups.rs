//! Backups: servers that get requests only when the primaries cannot.
//!
//! - nginx looks for a primary that is up and that this request has not tried; if there is none, for such a backup. A request
//!   that failed at the only primary is thus tried at a backup. All backups share.
//! - HAProxy looks at the backups when no primary is up. Then the first backup that is up gets everything, or all of them share
//!   with `option allbackups`. What this request has tried does not matter for that.
//!
//! Sources: nginx, `backup` of `ngx_http_upstream_module`; HAProxy's configuration manual, `backup` and `option allbackups`.

use serde::{Deserialize, Serialize};

/// When and how backups are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Backups {
    /// All of them, when there is no primary to choose that this request has not tried: nginx.
    #[default]
    Nginx,
    /// The first that is up, when no primary is: HAProxy.
    FirstOnly,
    /// All that are up, when no primary is: HAProxy with `option allbackups`.
    All,
}

/// One server as a choice sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Candidate {
    /// There, and believed up or to be used regardless.
    pub(super) is_up: bool,
    pub(super) is_backup: bool,
    pub(super) is_tried: bool,
}

impl Backups {
    /// Marks in `eligible` who may be chosen: of the group whose turn it is, those not tried, or all of it if all were.
    pub(super) fn mark(self, candidate: impl Fn(usize) -> Candidate, eligible: &mut [bool]) {
        let any = |eligible: &[bool]| eligible.contains(&true);
        let mut fill = |wanted: &dyn Fn(Candidate) -> bool| {
            for (index, eligible) in eligible.iter_mut().enumerate() {
                *eligible = wanted(candidate(index));
            }
            any(eligible)
        };
        let primaries = |server: Candidate| server.is_up && !server.is_backup;
        let backups = |server: Candidate| server.is_up && server.is_backup;
        let fresh = |server: Candidate| !server.is_tried;
        let has_primary = match self {
            Self::Nginx => {
                // The untried of either group come before the tried of the first.
                if fill(&|server| primaries(server) && fresh(server))
                    || fill(&|server| backups(server) && fresh(server))
                {
                    return;
                }
                fill(&primaries)
            }
            Self::FirstOnly | Self::All => {
                fill(&|server| primaries(server) && fresh(server)) || fill(&primaries)
            }
        };
        if has_primary {
            return;
        }
        if self == Self::FirstOnly {
            fill(&backups);
            keep_first(eligible);
        } else if !fill(&|server| backups(server) && fresh(server)) {
            fill(&backups);
        }
    }
}

/// Takes all marks away but the first.
fn keep_first(eligible: &mut [bool]) {
    let mut marks = eligible.iter_mut().filter(|eligible| **eligible);
    marks.next();
    marks.for_each(|eligible| *eligible = false);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Servers as words: `P` a primary, `B` a backup, small letters for those that are down, `'` after those that were tried.
    /// The result has `*` for the eligible.
    fn marked(backups: Backups, servers: &str) -> String {
        let mut candidates: Vec<Candidate> = Vec::new();
        for letter in servers.chars() {
            match letter {
                '\'' => candidates.last_mut().unwrap().is_tried = true,
                _ => candidates.push(Candidate {
                    is_up: letter.is_uppercase(),
                    is_backup: letter.eq_ignore_ascii_case(&'b'),
                    is_tried: false,
                }),
            }
        }
        let mut eligible = vec![false; candidates.len()];
        backups.mark(|index| candidates[index], &mut eligible);
        eligible
            .iter()
            .map(|&e| if e { '*' } else { '.' })
            .collect()
    }

    #[test]
    fn vectors() {
        // Servers; nginx; HAProxy; HAProxy with allbackups.
        for (servers, nginx, first, all) in [
            ("PPBB", "**..", "**..", "**.."),
            ("pPBB", ".*..", ".*..", ".*.."),
            ("ppBB", "..**", "..*.", "..**"),
            ("ppbB", "...*", "...*", "...*"),
            ("ppbb", "....", "....", "...."),
            ("BPBP", ".*.*", ".*.*", ".*.*"),
            ("BpBp", "*.*.", "*...", "*.*."),
            // What a request has tried it tries again only if it has to; for nginx a fresh backup comes before.
            ("P'PBB", ".*..", ".*..", ".*.."),
            ("P'P'BB", "..**", "**..", "**.."),
            ("P'pBB", "..**", "*...", "*..."),
            ("P'P'B'B", "...*", "**..", "**.."),
            ("P'P'B'B'", "**..", "**..", "**.."),
            ("ppB'B", "...*", "..*.", "...*"),
            ("ppB'B'", "..**", "..*.", "..**"),
        ] {
            assert_eq!(marked(Backups::Nginx, servers), nginx, "nginx {servers}");
            assert_eq!(
                marked(Backups::FirstOnly, servers),
                first,
                "first {servers}"
            );
            assert_eq!(marked(Backups::All, servers), all, "all {servers}");
        }
    }
}
