//! Draws by `rand_distr`.

use rand::SeedableRng;
use rand::rngs::Xoshiro256PlusPlus;
use rand_distr::Distribution;

/// Fills a slice with the next draws.
pub type Draws = Box<dyn FnMut(&mut [f64]) + Send>;

/// Draws of a law by xoshiro256++ (Blackman and Vigna 2021, Scrambled linear pseudorandom number generators, ACM
/// Transactions on Mathematical Software 47), the same on every system; `None` where rand_distr refuses the parameters.
pub fn drawn<T, E>(
    law: Result<impl Distribution<T> + Send + 'static, E>,
    seed: u64,
    value: impl Fn(T) -> f64 + Send + 'static,
) -> Option<Draws> {
    let (law, mut generator) = (law.ok()?, Xoshiro256PlusPlus::seed_from_u64(seed));
    Some(Box::new(move |values| values.iter_mut().for_each(|x| *x = value(law.sample(&mut generator)))))
}
