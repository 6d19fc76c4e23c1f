//! Which of many things reach each other.

/// Sets of numbers that reach each other by `targets`, a number alone only where it is a target of itself. Numbers and
/// sets come in ascending order.
///
/// - Source: Tarjan (1972), Depth-first search and linear graph algorithms, SIAM J. Comput. 1(2), with a list of what
///   is still open in place of calls: time and memory grow with the targets, and no depth is too much.
pub fn circles(targets: &[Vec<usize>]) -> Vec<Vec<usize>> {
    const UNSEEN: usize = usize::MAX;
    let count = targets.len();
    // When each was first seen, and the earliest on the path that it reaches.
    let (mut seen, mut reaches) = (vec![UNSEEN; count], vec![UNSEEN; count]);
    let (mut path, mut on_path) = (Vec::new(), vec![false; count]);
    let (mut clock, mut sets) = (0, Vec::new());
    for start in 0..count {
        // Numbers that are being looked at, with how many of their targets were.
        let mut open = if seen[start] == UNSEEN { vec![(start, 0)] } else { Vec::new() };
        while let Some((at, done)) = open.last_mut() {
            let at = *at;
            if *done == 0 && seen[at] == UNSEEN {
                (seen[at], reaches[at]) = (clock, clock);
                clock += 1;
                path.push(at);
                on_path[at] = true;
            }
            if let Some(&target) = targets[at].get(*done) {
                *done += 1;
                if seen[target] == UNSEEN {
                    open.push((target, 0));
                } else if on_path[target] {
                    reaches[at] = reaches[at].min(seen[target]);
                }
                continue;
            }
            open.pop();
            if let Some((before, _)) = open.last() {
                reaches[*before] = reaches[*before].min(reaches[at]);
            }
            if reaches[at] == seen[at] {
                let first = path.iter().rposition(|&member| member == at).unwrap_or(0);
                let mut set = path.split_off(first);
                set.iter().for_each(|&member| on_path[member] = false);
                set.sort_unstable();
                if set.len() > 1 || targets[at].contains(&at) {
                    sets.push(set);
                }
            }
        }
    }
    sets.sort_unstable();
    sets
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_reaches_each_other_is_one_set() {
        let targets = vec![vec![1], vec![2, 5], vec![0, 3], vec![4], vec![3], vec![5], vec![], vec![0, 6]];
        assert_eq!(circles(&targets), [vec![0, 1, 2], vec![3, 4], vec![5]]);
    }

    #[test]
    fn a_circle_and_a_chain_of_a_million_are_no_matter() {
        let mut targets: Vec<Vec<usize>> = (1..=1_000_000).map(|next| vec![next]).collect();
        targets.push(Vec::new());
        assert!(circles(&targets).is_empty());
        targets[1_000_000] = vec![7];
        let found = circles(&targets);
        assert_eq!((found.len(), found[0].len(), found[0][0]), (1, 1_000_000 - 6, 7));
    }
}
