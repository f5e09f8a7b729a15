//! Numbers, counts and names as they stand in English sentences: `1,000,000`, `between 1 and 10`, `1 in 2 million`, `2 records`.
//!
//! Every message for people is put together from these, on the command line and on the page, so that one thing reads the same
//! everywhere, and so that nothing from outside reaches a terminal unescaped.

use std::fmt::Write as _;

/// From here on numbers are written as powers of ten, unless they are whole numbers of the machine.
const LARGE: f64 = 1e15;
/// Below this numbers are written as powers of ten.
const SMALL: f64 = 1e-4;
/// The largest whole number, which stands for no bound at all.
const MOST: &str = "18,446,744,073,709,551,615";
/// Below this a share is written as one in so many.
const RARE: f64 = 1e-4;
/// The most of a text that is quoted, characters.
const LONGEST: usize = 120;

/// A whole number with commas between thousands: `1,000,000`.
pub fn grouped(value: u64) -> String {
    let digits: Vec<char> = value.to_string().chars().collect();
    let mut text = String::new();
    group_into(&digits, &mut text);
    text
}

fn group_into(digits: &[char], text: &mut String) {
    for (place, &digit) in digits.iter().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
}

/// A number with all its digits, with commas between thousands; very large and very small ones as powers of ten, `1e-9`.
pub fn number(value: f64) -> String {
    let size = value.abs();
    if value == 0.0 {
        return "0".into();
    }
    if !value.is_finite() || !(SMALL..LARGE).contains(&size) {
        return format!("{value:e}");
    }
    let text: Vec<char> = format!("{value}").chars().collect();
    // A number always is one.
    as_number(&text).unwrap_or_default()
}

/// A number as it was written, with commas between thousands and no zeros that say nothing; `None` for any other text. The text is not
/// read as a number: the first view of the page has better uses for the room that this would take.
fn as_number(text: &[char]) -> Option<String> {
    let (sign, rest) = match text {
        ['-', rest @ ..] => ("-", rest),
        other => ("", other),
    };
    let exponent = rest.iter().position(|it| *it == 'e');
    let (plain, power) = rest.split_at(exponent.unwrap_or(rest.len()));
    let dot = plain.iter().position(|it| *it == '.');
    let (whole, fraction) = plain.split_at(dot.unwrap_or(plain.len()));
    let fraction = fraction.get(1..).unwrap_or(&[]);
    let digits = |part: &[char]| part.iter().all(char::is_ascii_digit);
    let is_power = match power {
        [] => true,
        ['e', '-' | '+', part @ ..] | ['e', part @ ..] => !part.is_empty() && digits(part),
        _ => false,
    };
    if whole.is_empty() || !digits(whole) || !digits(fraction) || !is_power {
        return None;
    }
    let mut out = sign.to_owned();
    // Powers of ten that are short enough are written out.
    let zeros = |count: usize| std::iter::repeat_n('0', count);
    match (fraction, power, whole) {
        ([], ['e', '-', part @ ..], [digit]) => {
            if let Some(places @ 1..5) = shift(part) {
                out.push_str("0.");
                out.extend(zeros(places - 1));
                out.push(*digit);
                return Some(out);
            }
        }
        ([], ['e', part @ ..], _) => {
            if let Some(places @ 0..15) = shift(part) {
                let whole: Vec<char> = whole.iter().copied().chain(zeros(places)).collect();
                group_into(&whole, &mut out);
                return Some(out);
            }
        }
        _ => {}
    }
    let zeros = fraction.iter().rev().take_while(|it| **it == '0').count();
    group_into(whole, &mut out);
    if zeros < fraction.len() {
        out.push('.');
        out.extend(&fraction[..fraction.len() - zeros]);
    }
    out.extend(power);
    Some(out)
}

/// A power of ten of one or two digits.
fn shift(digits: &[char]) -> Option<usize> {
    let digit = |it: &char| it.to_digit(10).map(|it| it as usize);
    match digits {
        [one] => digit(one),
        [ten, one] => Some(10 * digit(ten)? + digit(one)?),
        _ => None,
    }
}

/// `between 1 and 10`.
pub fn between(low: f64, high: f64) -> String {
    format!("between {} and {}", number(low), number(high))
}

/// `text` with every range that is written with two dots and an equals sign put into words.
///
/// ```
/// use sim_core::wording::ranges;
/// assert_eq!(ranges("1..=1000000 requests"), "between 1 and 1,000,000 requests");
/// assert_eq!(ranges("0.0..=1.0"), "between 0 and 1");
/// assert_eq!(ranges("whole numbers 1..=18446744073709551615"), "whole numbers of at least 1");
/// ```
pub fn ranges(text: &str) -> String {
    let text: Vec<char> = text.chars().collect();
    let is_part = |it: &char| it.is_ascii_alphanumeric() || matches!(it, '.' | '-' | '+' | '_');
    let mut out = String::new();
    let mut rest = text.as_slice();
    while let Some(at) = rest.windows(3).position(|it| *it == ['.', '.', '=']) {
        let (before, after) = (&rest[..at], &rest[at + 3..]);
        let start = at - before.iter().rev().take_while(|it| is_part(it)).count();
        let end = after.iter().take_while(|it| is_part(it)).count();
        let end_of =
            |part: &[char]| -> Vec<char> { part.iter().copied().filter(|it| *it != '_').collect() };
        let (low, high) = (end_of(&before[start..]), end_of(&after[..end]));
        match (as_number(&low), as_number(&high)) {
            (Some(low), Some(high)) => {
                // `a prime of 2..=9`, `a number in 1..=9`: the words of a range stand by themselves.
                let lead = &before[..start];
                let is_led = [['o', 'f', ' '], ['i', 'n', ' ']]
                    .iter()
                    .any(|it| lead.ends_with(it));
                let lead = if is_led { &lead[..start - 3] } else { lead };
                out.extend(lead);
                if high == MOST {
                    let of = if lead.iter().all(|it| *it == ' ') {
                        ""
                    } else {
                        "of "
                    };
                    let _ = write!(out, "{of}at least {low}");
                } else {
                    let _ = write!(out, "between {low} and {high}");
                }
            }
            _ => out.extend(&rest[..at + 3 + end]),
        }
        rest = &after[end..];
    }
    out.extend(rest);
    out
}

/// `1 record`, `2 records`, `1,000 entries`.
pub fn counted(count: u64, noun: &str) -> String {
    format!("{} {}", grouped(count), plural(count, noun))
}

/// The noun alone: one `record`, any other number of `records`.
pub fn plural(count: u64, noun: &str) -> String {
    if count == 1 {
        return noun.to_owned();
    }
    let vowel = |it: char| "aeiou".contains(it);
    match noun.strip_suffix('y') {
        Some(stem) if !stem.ends_with(vowel) => format!("{stem}ies"),
        _ if noun.ends_with(['s', 'x']) || noun.ends_with("ch") => format!("{noun}es"),
        _ => format!("{noun}s"),
    }
}

/// A share of one: in percent, `12.5%`, or `1 in 2 million` where percent would be mostly zeros. Exactly nothing is `0%`.
///
/// ```
/// use sim_core::wording::share;
/// assert_eq!([share(0.0), share(0.125), share(1.0)], ["0%", "12.5%", "100%"]);
/// assert_eq!(share(4.79e-7), "1 in 2.1 million");
/// ```
pub fn share(value: f64) -> String {
    if value > 0.0 && value < RARE {
        return format!("1 in {}", rounded_count(value.recip()));
    }
    format!("{}%", significant(value * 100.0, 4))
}

/// A large number in words, two digits: `12,000`, `2 million`, `3.4 billion`.
fn rounded_count(value: f64) -> String {
    let (size, name) = match value {
        it if it < 1e6 => (1.0, ""),
        it if it < 1e9 => (1e6, " million"),
        it if it < 1e12 => (1e9, " billion"),
        it if it < 1e15 => (1e12, " trillion"),
        _ => return format!("{value:.0e}"),
    };
    format!("{}{name}", significant(value / size, 2))
}

/// At most `digits` significant digits, as few as needed.
fn significant(value: f64, digits: usize) -> String {
    let rounded: f64 = format!("{value:.*e}", digits.max(1) - 1)
        .parse()
        .unwrap_or(value);
    number(rounded)
}

/// `a`, `a or b`, `a, b or c`.
pub fn any_of<T: AsRef<str>>(names: &[T]) -> String {
    match names {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [first @ .., last] => {
            let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
            format!("{} or {}", first.join(", "), last.as_ref())
        }
    }
}

/// `text` safe to print: characters that would move the cursor, colour the terminal or reverse the line are written as escapes.
/// Applied twice it changes nothing more.
///
/// ```
/// use sim_core::wording::visible;
/// assert_eq!(visible("web\u{1b}[31m"), "web\\u{1b}[31m");
/// ```
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for it in text.chars() {
        if is_hidden(it) {
            // Writing to a string cannot fail.
            let _ = write!(out, "{}", it.escape_default());
        } else {
            out.push(it);
        }
    }
    out
}

/// [`visible`], with line breaks left alone.
pub fn visible_lines(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(visible).collect();
    lines.join("\n")
}

/// Whether a character has an effect in place of a shape: controls, separators of lines, marks of direction, no width at all.
pub fn is_hidden(it: char) -> bool {
    it.is_control()
        || matches!(it, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// `text` safe to print and not longer than a line.
pub fn shown(text: &str) -> String {
    let text = visible(text);
    if text.chars().count() <= LONGEST {
        return text;
    }
    text.chars().take(LONGEST).chain(['…']).collect()
}

/// The one of `known` that somebody who wrote `name` is likely to have meant.
///
/// ```
/// use sim_core::wording::nearest;
/// assert_eq!(nearest("poison", ["renewal", "poisson"]), Some("poisson"));
/// assert_eq!(nearest("servrs", ["service", "servers"]), Some("servers"));
/// assert_eq!(nearest("web", ["db", "cache"]), None);
/// ```
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let name = plain(name);
    let mut found = (usize::MAX, None);
    for it in known {
        let (steps, most) = (
            distance(&name, &plain(it)),
            name.len().max(it.len()).div_ceil(3),
        );
        if steps <= most && steps < name.len() && steps < found.0 {
            found = (steps, Some(it));
        }
    }
    found.1
}

/// The letters of a name without what people mix up: capitals, hyphens, spaces.
#[inline(never)]
fn plain(name: &str) -> Vec<char> {
    let letter = |it: char| match it {
        '-' | ' ' => '_',
        other => other.to_ascii_lowercase(),
    };
    name.chars().take(LONGEST).map(letter).collect()
}

/// Letters to insert, drop, change or swap with their neighbour to make one text of the other: the optimal string alignment
/// distance (Damerau 1964; Boytsov 2011, definition 2.4).
#[inline(never)]
fn distance(one: &[char], other: &[char]) -> usize {
    let width = other.len() + 1;
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..width).collect();
    for i in 1..=one.len() {
        let mut row = vec![i; width];
        for j in 1..width {
            let changed = usize::from(one[i - 1] != other[j - 1]);
            row[j] = (last[j] + 1).min(row[j - 1] + 1).min(last[j - 1] + changed);
            let swapped =
                i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1];
            if swapped {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
    }
    last[width - 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_they_are_written() {
        for (text, words) in [
            ("0..=1e9", "between 0 and 1,000,000,000"),
            ("1e-3..=0.50", "between 0.001 and 0.5"),
            ("1e-9..=2.5e20", "between 1e-9 and 2.5e20"),
            ("-1.0..=1_000", "between -1 and 1,000"),
            (
                "a prime of 2..=9, or x..=y",
                "a prime between 2 and 9, or x..=y",
            ),
            ("a..=", "a..="),
            ("..=5", "..=5"),
            ("1..=18446744073709551615 s", "at least 1 s"),
            ("é 1..=2 é", "é between 1 and 2 é"),
        ] {
            assert_eq!(ranges(text), words);
        }
    }

    #[test]
    fn numbers_have_commas_and_no_rounding() {
        for (value, text) in [
            (0.0, "0"),
            (-0.0, "0"),
            (1.0, "1"),
            (1000.0, "1,000"),
            (-1_234_567.5, "-1,234,567.5"),
            (1e9, "1,000,000,000"),
            (0.999, "0.999"),
            (1e-9, "1e-9"),
            (1e300, "1e300"),
            (f64::INFINITY, "inf"),
        ] {
            assert_eq!(number(value), text);
        }
    }

    #[test]
    fn ranges_are_words_wherever_they_stand() {
        for (given, words) in [
            ("1..=10", "between 1 and 10"),
            ("a number in 1..=10", "a number between 1 and 10"),
            ("1e-9..=1000000000.0", "between 1e-9 and 1,000,000,000"),
            ("-90.0..=90.0 degrees", "between -90 and 90 degrees"),
            ("the primes of 2..=65537", "the primes between 2 and 65,537"),
            ("a, b..=c, d", "a, b..=c, d"),
            ("1..=2 or 4..=5", "between 1 and 2 or between 4 and 5"),
            ("no range", "no range"),
            ("1..=18446744073709551615", "at least 1"),
            ("1..=1_000", "between 1 and 1,000"),
        ] {
            assert_eq!(ranges(given), words);
        }
    }

    #[test]
    fn one_is_singular() {
        assert_eq!(counted(1, "record"), "1 record");
        assert_eq!(counted(0, "record"), "0 records");
        assert_eq!(counted(2000, "entry"), "2,000 entries");
        assert_eq!(counted(2, "day"), "2 days");
        assert_eq!(counted(2, "miss"), "2 misses");
    }

    #[test]
    fn small_shares_are_one_in_many() {
        for (value, text) in [
            (0.5, "50%"),
            (0.016_33, "1.633%"),
            (1e-4, "0.01%"),
            (5e-5, "1 in 20,000"),
            (1e-12, "1 in 1 trillion"),
            (1.0 / 3.0, "33.33%"),
        ] {
            assert_eq!(share(value), text);
        }
    }

    #[test]
    fn nothing_moves_the_cursor() {
        let bad = "a\x1b[2J\r\n\u{202e}\u{9b}b\u{200b}é";
        let good = visible(bad);
        assert!(good.chars().all(|it| !is_hidden(it)), "{good:?}");
        assert_eq!(visible(&good), good);
        assert!(good.ends_with('é'));
        assert_eq!(shown(&"x".repeat(500)).chars().count(), LONGEST + 1);
    }

    #[test]
    fn distances_are_those_of_the_definition() {
        let steps = |a: &str, b: &str| {
            distance(
                &a.chars().collect::<Vec<_>>(),
                &b.chars().collect::<Vec<_>>(),
            )
        };
        // The two examples that every text has, and the swap that tells this distance from Levenshtein's.
        assert_eq!(steps("kitten", "sitting"), 3);
        assert_eq!(steps("saturday", "sunday"), 3);
        assert_eq!(steps("wokr", "work"), 1);
        assert_eq!(steps("", "abc"), 3);
    }
}
