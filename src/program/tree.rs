//! A tree walker for one run: slow, plain, and the measure of the block evaluator in the tests.

use std::collections::HashMap;

use crate::scenario::{
    AxisId, BinaryOp, Expr, InputElement, Reduction, Scenario, Symbol, VariableId, operation,
};

/// Evaluates formulas of a scenario in one run, the draws given.
pub struct Tree<'a> {
    pub scenario: &'a Scenario,
    pub draws: &'a HashMap<InputElement, f64>,
}

impl Tree<'_> {
    /// Value of one cell of a variable.
    pub fn variable(&self, id: VariableId, members: &[usize]) -> f64 {
        let variable = &self.scenario.variables[id.0];
        let year = self.scenario.year_axis().filter(|axis| variable.over.contains(axis));
        match &variable.initial {
            Some(initial) if year.is_some_and(|axis| members[axis.0] == 0) => self.value(initial, members),
            _ => self.value(&variable.formula, members),
        }
    }

    fn symbol(&self, symbol: Symbol, pinned: &[(AxisId, usize)], lag: usize, members: &[usize]) -> f64 {
        let mut members = members.to_vec();
        if let Some(year) = self.scenario.year_axis() {
            members[year.0] = members[year.0].saturating_sub(lag);
        }
        for &(axis, member) in pinned {
            members[axis.0] = member;
        }
        let index = |over: &[AxisId]| {
            over.iter()
                .fold(0, |index, axis| index * self.scenario.axes[axis.0].members.len() + members[axis.0])
        };
        match symbol {
            Symbol::Constant(id) => {
                let constant = &self.scenario.constants[id.0];
                constant.values[index(&constant.over)]
            }
            Symbol::Input(input) => {
                let element = index(&self.scenario.inputs[input.0].over);
                self.draws[&InputElement { input, element }]
            }
            Symbol::Variable(id) => self.variable(id, &members),
        }
    }

    fn along(
        &self,
        x: &Expr,
        axis: AxisId,
        members: &[usize],
        range: impl Iterator<Item = usize>,
    ) -> Vec<f64> {
        range
            .map(|member| {
                let mut members = members.to_vec();
                members[axis.0] = member;
                self.value(x, &members)
            })
            .collect()
    }

    /// Value of an expression at these members, one an axis.
    pub fn value(&self, expr: &Expr, members: &[usize]) -> f64 {
        let all = |axis: AxisId| 0..self.scenario.axes[axis.0].members.len();
        let year = self.scenario.year_axis();
        let at = |x: &Expr| self.value(x, members);
        match expr {
            Expr::Number(value) => *value,
            Expr::Year => {
                let axis = year.unwrap();
                f64::from(self.scenario.axes[axis.0].first_year.unwrap()) + members[axis.0] as f64
            }
            Expr::Reference { symbol, pinned } => self.symbol(*symbol, pinned, 0, members),
            Expr::Lagged { symbol, pinned, lag } => self.symbol(*symbol, pinned, *lag, members),
            Expr::Unary(op, x) => operation::unary(*op, at(x)),
            Expr::Column(values, row) => operation::in_row(values, at(row)),
            Expr::Binary(op, x, y) => operation::binary(*op, at(x), at(y)),
            Expr::If(c, x, y) => operation::select(at(c), at(x), at(y)),
            Expr::Clamp(x, low, high) => operation::min(operation::max(at(x), at(low)), at(high)),
            Expr::Reduce(reduction, x, axis) => {
                let terms = self.along(x, *axis, members, all(*axis));
                let fold =
                    |op: BinaryOp| terms.iter().copied().reduce(|a, b| operation::binary(op, a, b)).unwrap();
                match reduction {
                    Reduction::Sum => fold(BinaryOp::Add),
                    Reduction::Mean => fold(BinaryOp::Add) / terms.len() as f64,
                    Reduction::Product => fold(BinaryOp::Multiply),
                    Reduction::Min => fold(BinaryOp::Min),
                    Reduction::Max => fold(BinaryOp::Max),
                    Reduction::Count => {
                        terms.iter().map(|&t| operation::not_equal(t, 0.0)).reduce(|a, b| a + b).unwrap()
                    }
                }
            }
            Expr::Share(x, axis) => {
                let terms = self.along(x, *axis, members, all(*axis));
                at(x) / terms.into_iter().reduce(|a, b| a + b).unwrap()
            }
            Expr::Cumulative(x) => {
                let axis = year.unwrap();
                self.along(x, axis, members, 0..members[axis.0] + 1).into_iter().reduce(|a, b| a + b).unwrap()
            }
            Expr::Cagr(x) => {
                let terms = self.along(x, year.unwrap(), members, all(year.unwrap()));
                let last = terms.len() - 1;
                100.0 * (operation::power(terms[last] / terms[0], 1.0 / last as f64) - 1.0)
            }
            Expr::Ramp(from, to) => {
                let axis = year.unwrap();
                let last = all(axis).len() - 1;
                let from = at(from);
                from + (at(to) - from) * (members[axis.0] as f64 / last.max(1) as f64)
            }
            Expr::Npv(x, rate) => {
                let axis = year.unwrap();
                let (flows, rates) =
                    (self.along(x, axis, members, all(axis)), self.along(rate, axis, members, all(axis)));
                flows
                    .iter()
                    .zip(&rates)
                    .enumerate()
                    .map(|(t, (flow, rate))| flow / operation::power(1.0 + rate, t as f64))
                    .reduce(|a, b| a + b)
                    .unwrap()
            }
            Expr::Ar1(phi, shock) => {
                let axis = year.unwrap();
                let range = || 0..members[axis.0] + 1;
                let (phis, shocks) =
                    (self.along(phi, axis, members, range()), self.along(shock, axis, members, range()));
                phis.iter().zip(&shocks).skip(1).fold(shocks[0], |state, (phi, shock)| phi * state + shock)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::{BLOCK, Machine, Program, Scope};
    use crate::scenario::load_text;

    /// Everything the language can compute, over axes, years and lags, with NaN and infinities on the way.
    const BATTERY: &str = r#"
        [scenario]
        years = [2025, 2029]
        seed = 11
        [axes]
        part = ["a", "b", "c"]
        place = ["north", "south"]
        [constants]
        weight = { over = ["part"], value = { a = 1.5, b = -2, c = 0.25 } }
        threshold = 0.3
        [inputs.x]
        over = ["part"]
        dist = "normal(0, 1)"
        [inputs.y]
        over = ["place", "year"]
        dist = "uniform(-2, 3)"
        [inputs.n]
        dist = "poisson(2)"
        [inputs.k]
        dist = "binomial(12, clamp(0.1 + 0.2 * x[a], 0, 1))"
        [inputs.coin]
        over = ["year"]
        dist = "bernoulli(0.4)"
        [[correlations]]
        between = ["x"]
        rho = 0.35
        [formulas]
        wild = "ln(x) + sqrt(y) / n"
        shares = "share(exp(x), part)"
        both = "x * y - weight"
        state = { initial = "n", formula = "0.5 * previous + mean(x, part) + coin * previous(echo, 2)" }
        echo = "sin(state) + cos(year) - state ^ 2"
        [outputs.arithmetic]
        formula = "-x^2 + abs(x)^0.7 * 3 - floor(4 * x) / (1 + ceil(x)^2) + round(10 * x) ^ 3 - x ^ 4 + 2 ^ x"
        [outputs.logic]
        formula = "if(x > threshold and not y < 0 or wild >= 1, min(x, y, n), max(wild, x, -1))"
        [outputs.equality]
        formula = "(n == 2) + (n != 3) + (x <= 0) + (wild > 0)"
        [outputs.reductions]
        formula = "sum(both, part) + product(x, part) - min(y, place) + max(x, part) + count(x > 0, part) + mean(wild, part)"
        [outputs.along]
        formula = "cumulative(state) + ramp(1, n) + ar1(0.3, coin) + normal_cdf(echo) + log10(abs(state) + 1)"
        [outputs.ends]
        formula = "cagr(abs(state) + 1) + npv(state, 0.05) + state[2027] * shares[b] + k"
    "#;

    #[test]
    fn blocks_and_trees_agree_to_the_bit() {
        let scenario = load_text("battery.toml", BATTERY, &[]).unwrap().scenario;
        let program = Program::compile(&scenario, Scope::Everything).unwrap();
        for first_run in [0, 7 * BLOCK as u64] {
            let mut columns = vec![Vec::new(); program.cells.len()];
            let mut machine = Machine::new(&program, &[]);
            machine
                .run(first_run, 0..BLOCK, &mut |cell: usize, values: &[f64]| columns[cell] = values.to_vec());
            for lane in (0..BLOCK).step_by(7) {
                let draws: HashMap<InputElement, f64> = program
                    .cells
                    .iter()
                    .zip(&columns)
                    .filter_map(|(cell, column)| match cell.symbol {
                        Symbol::Input(input) => {
                            Some((InputElement { input, element: cell.index }, column[lane]))
                        }
                        _ => None,
                    })
                    .collect();
                let tree = Tree { scenario: &scenario, draws: &draws };
                for (cell, column) in program.cells.iter().zip(&columns) {
                    let Symbol::Variable(id) = cell.symbol else { continue };
                    let over = &scenario.variables[id.0].over;
                    let mut members = vec![0; scenario.axes.len()];
                    for (axis, member) in over.iter().zip(scenario.members(over, cell.index)) {
                        members[axis.0] = member;
                    }
                    let expected = tree.variable(id, &members);
                    let same = expected.to_bits() == column[lane].to_bits()
                        || expected.is_nan() && column[lane].is_nan();
                    assert!(
                        same,
                        "{} in run {}: {expected} and {}",
                        cell.name,
                        first_run + lane as u64,
                        column[lane]
                    );
                }
            }
        }
    }

    #[test]
    fn the_program_of_the_outputs_gives_the_bits_of_the_whole() {
        let scenario = load_text("battery.toml", BATTERY, &[]).unwrap().scenario;
        let values = |scope| {
            let program = Program::compile(&scenario, scope).unwrap();
            let mut found = HashMap::new();
            Machine::new(&program, &[]).run(0, 0..BLOCK, &mut |cell: usize, values: &[f64]| {
                found.insert(
                    program.cells[cell].name.clone(),
                    values.iter().map(|v| v.to_bits()).collect::<Vec<_>>(),
                );
            });
            found
        };
        let (outputs, everything) = (values(Scope::Outputs), values(Scope::Everything));
        assert!(!outputs.is_empty());
        for (name, column) in outputs {
            assert_eq!(column, everything[&name], "{name}");
        }
    }
}
