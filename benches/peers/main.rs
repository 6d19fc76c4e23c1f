//! Distributions beside those of other libraries: what `accuracy.py` reads.
//!
//!     cargo bench --bench peers -- values    every row of tests/reference/FAMILY.csv by riskband and statrs
//!     cargo bench --bench peers -- times     nanoseconds a draw of riskband, rand_distr and statrs
//!
//! Without one of the words, as `cargo bench` starts it with the others, one block of each sampler is drawn and looked at.

mod laws;
mod times;
mod values;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let asked = |word: &str| words.iter().any(|other| other == word);
    if asked("values") {
        values::print();
    } else if asked("times") {
        times::print();
    } else {
        times::check();
    }
}
