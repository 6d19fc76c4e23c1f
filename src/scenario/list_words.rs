//! Laws of values and weights as other programs take them, in lists: `RiskDiscrete({1, 2}, {0.5, 0.5})`.

use super::spelling::spelled;
use super::syntax::{Argument, Ast, AstKind};

/// How values and weights make pairs.
#[derive(Clone, Copy, PartialEq)]
enum Shape {
    /// A list of each.
    Weights,
    /// A list of values, all alike.
    Equal,
    /// Least, greatest, values and cumulative probabilities.
    Rising,
    /// The same with the probabilities of more than each value.
    Falling,
    /// Least, greatest, values and densities, which are 0 at the ends.
    Densities,
    /// Least, greatest and the weights of bins of one width.
    Bins,
}

/// Words in small letters, what they are called here, and what they take.
const WORDS: &[(&[&str], &str, Shape)] = &[
    (
        &["discrete", "riskdiscrete", "vosediscrete", "cb.custom", "custom", "choice", "sample"],
        "discrete",
        Shape::Weights,
    ),
    (&["duniform", "riskduniform", "voseduniform", "empirical"], "discrete", Shape::Equal),
    (&["cumul", "riskcumul", "vosecumula"], "cumulative", Shape::Rising),
    (&["cumuld", "riskcumuld", "vosecumuld"], "cumulative", Shape::Falling),
    (&["riskgeneral"], "general", Shape::Densities),
    (&["histogrm", "riskhistogrm"], "histogram", Shape::Bins),
    (&["cumulative"], "cumulative", Shape::Weights),
    (&["general"], "general", Shape::Weights),
];

/// The call in pairs, as it is written here, where it is known what is meant.
pub fn in_pairs(word: &str, arguments: &[Argument]) -> Option<String> {
    let word = word.to_lowercase();
    let (_, name, shape) = WORDS.iter().find(|(words, ..)| words.contains(&word.as_str()))?;
    let values: Vec<&Ast> = arguments.iter().map(|argument| &argument.value).collect();
    let pairs = match shape {
        Shape::Weights => weights(&values)?,
        Shape::Equal => equal(&values)?,
        Shape::Bins => bins(&values)?,
        Shape::Rising | Shape::Falling | Shape::Densities => between_ends(*shape, &values)?,
    };
    let pairs: Vec<String> = pairs.into_iter().map(|(key, value)| format!("{key}: {value}")).collect();
    Some(format!("{name}({{{}}})", pairs.join(", ")))
}

type Pairs = Vec<(String, String)>;

fn list(ast: &Ast) -> Option<&[Ast]> {
    match &ast.kind {
        AstKind::List(items) => Some(items),
        _ => None,
    }
}

fn number(ast: &Ast) -> Option<f64> {
    match &ast.kind {
        AstKind::Number(x) => Some(*x),
        _ => None,
    }
}

fn zipped<'a>(keys: impl IntoIterator<Item = &'a Ast>, values: impl IntoIterator<Item = &'a Ast>) -> Pairs {
    keys.into_iter().zip(values).map(|(key, value)| (spelled(key), spelled(value))).collect()
}

/// True for probabilities of all there is.
fn sum_to_one<'a>(parts: impl IntoIterator<Item = &'a Ast>) -> bool {
    let sum: Option<f64> = parts.into_iter().map(number).sum();
    sum.is_some_and(|sum| (sum - 1.0).abs() < 1e-6)
}

fn weights(values: &[&Ast]) -> Option<Pairs> {
    let weighted = |ast: &&Ast| match &ast.kind {
        AstKind::Weighted(key, value) if !matches!(key.kind, AstKind::Text(_)) => {
            Some((spelled(key), spelled(value)))
        }
        _ => None,
    };
    if let Some(pairs) =
        values.iter().map(weighted).collect::<Option<Pairs>>().filter(|pairs| !pairs.is_empty())
    {
        return Some(pairs);
    }
    let lists: Option<Vec<&[Ast]>> = values.iter().map(|ast| list(ast)).collect();
    if let Some(lists) = lists {
        // Each list may be a pair of its own.
        let of_pairs =
            lists.iter().all(|list| list.len() == 2) && sum_to_one(lists.iter().map(|list| &list[1]));
        return match lists[..] {
            [[value, weight]] if number(weight).is_some_and(|w| 0.0 < w && w <= 1.0) => {
                Some(zipped([value], [weight]))
            }
            [_] => equal(values),
            [keys, weights] if keys.len() == weights.len() && (sum_to_one(weights) || !of_pairs) => {
                Some(zipped(keys, weights))
            }
            _ if of_pairs => {
                Some(zipped(lists.iter().map(|list| &list[0]), lists.iter().map(|list| &list[1])))
            }
            _ => None,
        };
    }
    if values.len() < 4 || values.len() % 2 == 1 {
        return None;
    }
    let (first, second) = values.split_at(values.len() / 2);
    let odd = || values.iter().skip(1).step_by(2).copied();
    if sum_to_one(second.iter().copied()) {
        Some(zipped(first.iter().copied(), second.iter().copied()))
    } else if sum_to_one(odd()) {
        Some(zipped(values.iter().step_by(2).copied(), odd()))
    } else {
        None
    }
}

/// Values that are all as likely.
fn equal(values: &[&Ast]) -> Option<Pairs> {
    let items: Vec<&Ast> = match values {
        [one] if list(one).is_some() => list(one)?.iter().collect(),
        _ if values.iter().all(|ast| list(ast).is_none()) => values.to_vec(),
        _ => return None,
    };
    (!items.is_empty()).then(|| items.into_iter().map(|item| (spelled(item), "1".to_string())).collect())
}

fn between_ends(shape: Shape, values: &[&Ast]) -> Option<Pairs> {
    let [least, greatest, keys, weights] = values else { return None };
    let (keys, weights) = (list(keys)?, list(weights)?);
    if keys.len() != weights.len() {
        return None;
    }
    let (first, last) = if shape == Shape::Densities { ("0", "0") } else { ("0", "1") };
    let weight = |ast: &Ast| match (shape, number(ast)) {
        // Without what the subtraction leaves behind the last digit.
        (Shape::Falling, Some(p)) => ((1e12 * (1.0 - p)).round() / 1e12).to_string(),
        (Shape::Falling, None) => format!("1 - ({})", spelled(ast)),
        _ => spelled(ast),
    };
    let mut pairs = vec![(spelled(least), first.to_string())];
    pairs.extend(keys.iter().zip(weights).map(|(key, p)| (spelled(key), weight(p))));
    pairs.push((spelled(greatest), last.to_string()));
    Some(pairs)
}

fn bins(values: &[&Ast]) -> Option<Pairs> {
    let [least, greatest, weights] = values else { return None };
    let (from, to, weights) = (number(least)?, number(greatest)?, list(weights)?);
    let edge = |place: usize| {
        let x = from + (to - from) * place as f64 / weights.len() as f64;
        ((x * 1e9).round() / 1e9).to_string()
    };
    let mut pairs: Pairs = weights.iter().enumerate().map(|(place, w)| (edge(place), spelled(w))).collect();
    pairs.push((spelled(greatest), "0".to_string()));
    Some(pairs)
}
