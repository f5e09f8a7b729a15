//! What `--help` teaches after the flags.

use sim_core::caching::Policy;

const EXAMPLES: &str = "\
Examples:
  cache --policy lru,sieve,s3-fifo,belady --curve 20 --plot curve.svg
                                              hit ratio over size, and the best that is possible
  cache --zipf 1.1 --items 1e5 --capacity 1%,10% --policy lru,lfu --one-hits 0.3
                                              the effect of objects that are never requested again
  cache --trace keys.txt.gz --capacity 1000   your own trace, one object a line
  cache --trace log.csv --key-column url --size-column bytes --bytes --capacity 1e8 --policy gdsf,lru
  cache --trace cluster52.oracleGeneral.zst --curve 20 --sample 0.01
  cache --zipf 0.9 --ttl 600 --rate 2000 --policy infinite --capacity 1
                                              what a TTL of ten minutes costs by itself";

const FORMATS_AND_OUTPUT: &str = "\
Trace formats (records that cannot be used are left out and counted):
  text     one object a line: a whole number as it is, anything else by its 64-bit FNV-1a hash
  csv      a column with the object, and perhaps columns with size and time. Without --key-column:
           the one called key, id, object, item or url; likewise size or bytes, and time or
           timestamp. Without such a header, the first column is the object
  u32le    little-endian numbers of four bytes, as cache2k's
  oracle   libCacheSim's oracleGeneral: records of 24 bytes

Workload files, such as:
  [[keys.mixture]]
  weight = 0.8
  keys.zipf = { items = 1_000_000, alpha = 0.9 }

  [[keys.mixture]]
  weight = 0.2
  keys.one_hit = {}

  [sizes.law.lognormal]
  mean = 4096.0
  scv = 4.0
Patterns: zipf { items, alpha }, uniform { items }, hotspot { items, hot_items, hot_requests },
loop { items }, scan { items, length }, drift { items, alpha, every }, one_hit {}; a part with
`shared = true` has its objects in common with other such parts. Sizes: fixed = 4096, or a law.

What the output says:
  hit ratio       share of requests that found their object in the cache
  byte hit ratio  the same, each request weighted by the size of its object
  Che             the hit ratio that theory expects in steady state, where requests are independent
                  and their law does not change: an approximation for";

const TIMES_AND_MEMORY: &str = "\
Times are those of the trace, else requests arrive at --rate (default: 1 per second). Memory: a
workload is drawn anew for each cache and takes none; a trace takes 4 bytes a request, 8 more with
times, 4 more with sizes. belady holds at most 100,000,000 requests in memory.";

/// Widths of the list of policies: of its two columns, and of a name.
const COLUMNS: (usize, usize) = (52, 46);
const NAME: usize = 10;

/// Examples, policies, formats, and what the output says.
pub(crate) fn guide() -> String {
    let (policies, approximated) = (policies(), approximated());
    format!(
        "{EXAMPLES}\n\nPolicies:\n{policies}\n{FORMATS_AND_OUTPUT} {approximated}\n\n{TIMES_AND_MEMORY}"
    )
}

/// All policies, two in a line where there is room.
fn policies() -> String {
    let entry = |it: &Policy| format!("{:NAME$} {}", it.spec(), it.brief());
    let mut entries = Policy::ALL.iter().map(entry).peekable();
    let line = || {
        let entry = entries.next()?;
        let (first, second) = COLUMNS;
        let next = entries.next_if(|next| entry.len() < first && next.len() <= second);
        Some(match next {
            Some(next) => format!("  {entry:first$}{next}\n"),
            None => format!("  {entry}\n"),
        })
    };
    std::iter::from_fn(line).collect()
}

/// The policies for which theory has an approximation, as in a sentence.
fn approximated() -> String {
    let known = Policy::ALL
        .into_iter()
        .filter(|it| it.approximation().is_some());
    let names: Vec<_> = known.map(Policy::spec).collect();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => names.concat(),
    }
}
