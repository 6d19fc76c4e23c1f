//! One law beside those who have it too.

use super::asked::{PATIENCE, Unanswered, asked};
use super::difference::{BOUND, Difference, Quantity, differences};
use super::goodness::{Goodness, goodness};
use super::table::{Peer, peer_of};
use crate::distribution::Law;

/// How often an audit of right laws says that draws do not follow them.
pub const FALSE_ALARM: f64 = 1e-4;

/// What was found of a law.
#[derive(Debug)]
pub struct Audited {
    /// `None` where neither statrs nor rand_distr has it.
    pub peer: Option<&'static Peer>,
    /// Whether statrs is known to be good for these parameters.
    pub is_known: bool,
    /// By quantity; none where statrs does not have the law or refuses its parameters.
    pub differences: Vec<Difference>,
    /// The draws of riskband: of the element with the least p, times the number of elements.
    pub own: Option<Goodness>,
    /// The draws of rand_distr.
    pub drawn: Option<Goodness>,
    /// Why rand_distr drew nothing, where it has the law.
    pub undrawn: Option<Unanswered>,
}

/// Something that is not as it should be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fault {
    /// From statrs by more than [`BOUND`].
    Differs(Quantity, f64),
    /// Draws of riskband that hardly follow the law.
    Own(Goodness),
    /// Draws of rand_distr that hardly follow it.
    Drawn(Goodness),
}

/// Puts a law beside its peers. `draws` are those of riskband, a column an element that has this law; rand_distr draws as
/// many as there are in a column.
pub fn audit(law: &Law, draws: Vec<Vec<f64>>, seed: u64) -> Audited {
    let (elements, count) = (draws.len() as f64, draws.first().map_or(0, Vec::len));
    let found = draws.into_iter().filter_map(|column| goodness(law, column));
    let own = found
        .min_by(|a, b| a.p.total_cmp(&b.p))
        .map(|least| Goodness { p: (least.p * elements).min(1.0), ..least });
    let mut audited =
        Audited { peer: None, is_known: false, differences: Vec::new(), own, drawn: None, undrawn: None };
    let Some((peer, parameters)) = peer_of(law) else { return audited };
    audited.peer = Some(peer);
    audited.is_known = (peer.is_known)(&parameters);
    let same = parameters.clone();
    if let Some(exact) = peer.statrs.and_then(|make| asked(PATIENCE, move || make(&same)).ok().flatten()) {
        audited.differences = differences(law, exact, PATIENCE);
    }
    if let Some(draw) = peer.rand_distr {
        let drawn = asked(PATIENCE, move || {
            let mut values = vec![f64::NAN; count];
            draw(&parameters, seed).map(|mut next| next(&mut values)).map(|()| values)
        });
        match drawn {
            Ok(values) => audited.drawn = values.and_then(|values| goodness(law, values)),
            Err(why) => audited.undrawn = Some(why),
        }
    }
    audited
}

impl Audited {
    /// How many p-values there are.
    pub fn tests(&self) -> usize {
        usize::from(self.own.is_some()) + usize::from(self.drawn.is_some())
    }

    /// Everything that is not as it should be, p-values judged at `level`. What peers say outside of the parameters that
    /// they are known to be good for is no fault of riskband.
    pub fn faults(&self, level: f64) -> Vec<Fault> {
        let beyond = |d: &Difference| {
            d.largest.filter(|largest| *largest > BOUND).map(|largest| Fault::Differs(d.quantity, largest))
        };
        let unlikely = |found: Option<Goodness>| found.filter(|found| found.p < level);
        let of_peers =
            self.differences.iter().filter_map(beyond).chain(unlikely(self.drawn).map(Fault::Drawn));
        unlikely(self.own).map(Fault::Own).into_iter().chain(of_peers.filter(|_| self.is_known)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::{Discrete, Family, Gamma, Metalog, Normal, Poisson};

    /// Draws by the quantile function at even positions, which fit better than any random ones.
    fn draws(law: &Law) -> Vec<Vec<f64>> {
        vec![(0..16_384).map(|k| law.quantile((f64::from(k) + 0.5) / 16_384.0)).collect()]
    }

    #[test]
    fn a_right_law_has_no_fault() {
        let laws: [Law; 4] = [
            Normal::new(3.0, 2.0).unwrap().into(),
            Gamma::new(2.5, 1e-9).unwrap().into(),
            Poisson::new(3.7).unwrap().into(),
            Discrete::new(&[(1.0, 0.2), (4.0, 0.5), (9.0, 0.3)]).unwrap().into(),
        ];
        for law in laws {
            let found = audit(&law, draws(&law), 1);
            assert!(found.is_known && found.differences.len() == 5 && found.tests() == 2, "{found:?}");
            assert_eq!(found.faults(FALSE_ALARM / 2.0), [], "{found:?}");
        }
    }

    #[test]
    fn a_wrong_parameter_is_found_in_every_quantity_and_in_the_draws() {
        let right = Law::from(Gamma::new(2.5, 3.0).unwrap());
        let wrong = Law::from(Gamma::new(2.5, 3.0 * (1.0 + 1e-6)).unwrap());
        // statrs asked for another law than riskband has.
        let (peer, parameters) = peer_of(&wrong).unwrap();
        let exact = peer.statrs.unwrap()(&parameters).unwrap();
        for difference in differences(&right, exact, PATIENCE) {
            let largest = difference.largest.unwrap();
            assert!(largest > BOUND && largest < 1e-5, "{difference:?}");
        }
        // riskband drew from another law than it says.
        let drawn_wrong = draws(&Gamma::new(2.5, 3.2).unwrap().into());
        let faults = audit(&right, drawn_wrong, 1).faults(FALSE_ALARM / 2.0);
        assert!(matches!(faults[..], [Fault::Own(found)] if found.p < 1e-9), "{faults:?}");
        // One of several elements did.
        let both = [draws(&right), draws(&Gamma::new(2.5, 3.3).unwrap().into())].concat();
        assert_eq!(audit(&right, both, 1).faults(FALSE_ALARM / 2.0).len(), 1);
    }

    #[test]
    fn a_law_that_nobody_else_has_is_still_held_against_its_draws() {
        let law = Law::from(Metalog::fit(&[(0.1, 1.0), (0.5, 2.0), (0.9, 4.0)], 3).unwrap());
        let found = audit(&law, draws(&law), 1);
        assert!(found.peer.is_none() && found.differences.is_empty() && found.tests() == 1);
        assert_eq!(found.faults(FALSE_ALARM), []);
    }

    #[test]
    fn where_statrs_is_not_good_its_differences_are_shown_and_not_judged() {
        // beta(1e6, 1e6) of statrs has a median whose cdf is off by 0.009.
        let law = Law::from(crate::distribution::Beta::new(1e6, 1e6, 0.0, 1.0).unwrap());
        let found = audit(&law, draws(&law), 1);
        let cdf = found.differences.iter().find(|d| d.quantity == Quantity::Cdf).unwrap();
        assert!(!found.is_known && cdf.largest.unwrap() > 1e-3, "{found:?}");
        assert_eq!(found.faults(FALSE_ALARM), []);
    }
}
