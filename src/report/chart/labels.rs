//! Labels beside each other: moved apart as little as needed, in order.

/// Moves labels along one direction so that none overlap and all lie in [`low`, `high`].
///
/// Each label has a wished centre and a length; the order of the centres is kept. Overlapping neighbours form a
/// cluster that sits at the mean of its members' wishes (the least-squares answer), as in the pooling of isotonic
/// regression. Where the labels together are longer than the range, they start at `low`.
pub(super) fn spread(wishes: &[(f64, f64)], low: f64, high: f64) -> Vec<f64> {
    struct Cluster {
        members: Vec<usize>,
        /// Sum of the positions of the cluster's start that its members wish for.
        starts: f64,
        length: f64,
    }
    impl Cluster {
        fn start(&self, low: f64, high: f64) -> f64 {
            (self.starts / self.members.len() as f64).min(high - self.length).max(low)
        }
    }
    let mut order: Vec<usize> = (0..wishes.len()).collect();
    order.sort_by(|&a, &b| wishes[a].0.total_cmp(&wishes[b].0));
    let mut clusters: Vec<Cluster> = Vec::new();
    for index in order {
        let (centre, length) = wishes[index];
        let mut next = Cluster { members: vec![index], starts: centre - length / 2.0, length };
        while let Some(before) = clusters.pop_if(|c| c.start(low, high) + c.length > next.start(low, high)) {
            let shift = before.length * next.members.len() as f64;
            next = Cluster {
                starts: before.starts + next.starts - shift,
                length: before.length + next.length,
                members: [before.members, next.members].concat(),
            };
        }
        clusters.push(next);
    }
    let mut centres = vec![0.0; wishes.len()];
    for cluster in clusters {
        let mut at = cluster.start(low, high);
        for index in cluster.members {
            centres[index] = at + wishes[index].1 / 2.0;
            at += wishes[index].1;
        }
    }
    centres
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_that_do_not_touch_stay() {
        assert_eq!(spread(&[(10.0, 4.0), (20.0, 4.0)], 0.0, 100.0), [10.0, 20.0]);
    }

    #[test]
    fn equal_wishes_are_spread_around_the_wish() {
        assert_eq!(spread(&[(50.0, 10.0), (50.0, 10.0), (50.0, 10.0)], 0.0, 100.0), [40.0, 50.0, 60.0]);
    }

    #[test]
    fn the_range_is_kept() {
        assert_eq!(spread(&[(99.0, 10.0), (98.0, 20.0)], 0.0, 100.0), [95.0, 80.0]);
        assert_eq!(spread(&[(1.0, 10.0), (0.0, 10.0)], 0.0, 100.0), [15.0, 5.0]);
    }

    #[test]
    fn no_two_overlap_whatever_the_wishes() {
        let mut state = 7_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 40) as f64 / 16_777_216.0
        };
        for _ in 0..200 {
            let wishes: Vec<(f64, f64)> = (0..6).map(|_| (next() * 100.0, 2.0 + next() * 12.0)).collect();
            let centres = spread(&wishes, 0.0, 100.0);
            let mut boxes: Vec<(f64, f64)> =
                centres.iter().zip(&wishes).map(|(c, w)| (c - w.1 / 2.0, c + w.1 / 2.0)).collect();
            boxes.sort_by(|a, b| a.0.total_cmp(&b.0));
            assert!(boxes[0].0 >= -1e-9 && boxes[5].1 <= 100.0 + 1e-9);
            assert!(boxes.windows(2).all(|p| p[0].1 <= p[1].0 + 1e-9));
        }
    }
}
