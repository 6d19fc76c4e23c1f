//! Reader of `tests/reference/elementary.csv`, the values of high precision behind the error bounds.

const TABLE: &str = include_str!("../../tests/reference/elementary.csv");

/// Largest error of `f` in units in the last place over the rows of `function`; fails above `bound`.
#[track_caller]
pub(super) fn check(function: &str, bound: f64, f: impl Fn(f64, f64) -> f64) {
    let mut worst = (0.0, String::new());
    let mut rows = 0;
    for line in TABLE.lines().filter(|line| line.split(',').next() == Some(function)) {
        let numbers: Vec<f64> = line.split(',').skip(1).map(|field| field.parse().unwrap()).collect();
        let [x, y, value, rest] = numbers[..] else { panic!("four numbers in {line}") };
        let got = f(x, y);
        let error = ((got - value) / ulp(value) - rest).abs();
        if error.is_nan() || error > worst.0 {
            worst = (if error.is_nan() { f64::INFINITY } else { error }, format!("{got} for {line}"));
        }
        rows += 1;
    }
    println!("{function}: {rows} rows, largest error {:.3} ulp", worst.0);
    assert!(rows >= 100, "{function} has {rows} rows");
    assert!(worst.0 <= bound, "{function} is off by {} ulp, more than {bound}: {}", worst.0, worst.1);
}

/// Distance between the numbers around `x`.
fn ulp(x: f64) -> f64 {
    let size = x.abs();
    size.next_up() - size
}
