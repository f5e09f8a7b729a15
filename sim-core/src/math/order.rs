//! A few things in order. The library's sort is faster for many, and would be a fair part of the page's first module.

/// Things by a value of theirs, equal ones as they come. Each takes as long as those after it; what comes in order takes no time.
pub(crate) fn in_order<T>(
    things: impl IntoIterator<Item = T>,
    value: impl Fn(&T) -> f64,
) -> Vec<T> {
    let mut sorted: Vec<T> = Vec::new();
    for thing in things {
        let at = sorted.partition_point(|it| value(it) <= value(&thing));
        sorted.insert(at, thing);
    }
    sorted
}

/// Numbers in ascending order.
pub(crate) fn ascending(values: impl IntoIterator<Item = f64>) -> Vec<f64> {
    in_order(values, |it| *it)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_things_stay_as_they_come() {
        let things = [(2.0, 'a'), (1.0, 'b'), (2.0, 'c'), (-1.0, 'd')];
        let sorted: Vec<char> = in_order(things, |it| it.0).iter().map(|it| it.1).collect();
        assert_eq!(sorted, ['d', 'b', 'a', 'c']);
        assert_eq!(ascending([3.0, -2.0, 0.5]), [-2.0, 0.5, 3.0]);
    }
}
