//! What scenario files mean once they are read.

mod common;

use riskband::diagnostic::Diagnostic;
use riskband::scenario::{
    AxisId, BinaryOp, ConstantId, DrawSpec, Expr, FUNCTIONS, InputElement, InputId, Language, LawSpec,
    LoadFailure, Loaded, Movement, OTHER_FUNCTIONS, OTHER_LAWS, PROCESSES, Provenance, Reduction, Scenario,
    Symbol, TornadoRequest, VariableId, load, load_text,
};

#[track_caller]
fn loaded_with(text: &str, overrides: &[&str]) -> Loaded {
    let overrides: Vec<String> = overrides.iter().map(|o| o.to_string()).collect();
    match load_text("test.toml", text, &overrides) {
        Ok(loaded) => loaded,
        Err(LoadFailure::Rejected { diagnostics, sources }) => {
            let all: String = diagnostics.iter().map(|d| sources.render_plain(d)).collect();
            panic!("{all}")
        }
        Err(LoadFailure::Unreadable { error, .. }) => panic!("{error}"),
    }
}

#[track_caller]
fn scenario(text: &str) -> Scenario {
    loaded_with(text, &[]).scenario
}

fn problems(text: &str) -> Vec<Diagnostic> {
    match load_text("test.toml", text, &[]) {
        Ok(loaded) => loaded.warnings,
        Err(LoadFailure::Rejected { diagnostics, .. }) => diagnostics,
        Err(LoadFailure::Unreadable { error, .. }) => panic!("{error}"),
    }
}

fn messages(text: &str) -> Vec<String> {
    problems(text).into_iter().map(|d| d.message).collect()
}

const WORLD: &str = "
[scenario]
years = [2025, 2031]
[axes]
driver = ['cancer', 'funding', 'approvals']
region = ['North America', 'Europe']
[constants]
rate = 0.08
[constants.split]
over = ['region']
value = { 'North America' = 60, Europe = 40 }
[inputs.impact]
over = ['driver']
dist = 'normal(3, 1)'
source = 'x'
[inputs.shock]
over = ['year']
dist = 'normal(0, 2)'
source = 'x'
[inputs.cost]
dist = 'uniform(1, 2)'
source = 'x'
[inputs.local]
over = ['year', 'region']
dist = 'normal(0, split)'
source = 'x'
";

/// The world with one output `market` and one `y` of this formula.
fn with_output(formula: &str) -> Scenario {
    scenario(&format!(
        "{WORLD}\n[outputs.market]\ninitial = 'cost'\nformula = 'previous * (1 + shock / 100)'\n\
         [outputs.y]\nformula = \"{formula}\"\n"
    ))
}

/// Names of the axes of `y`, and its formula.
fn y(formula: &str) -> (Vec<String>, Expr) {
    let scenario = with_output(formula);
    let variable = &scenario.variables[1];
    let computed: Vec<AxisId> = scenario.axes_of(&variable.formula).into_iter().collect();
    assert!(computed.iter().all(|axis| variable.over.contains(axis)), "{formula}");
    (variable.over.iter().map(|a| scenario.axes[a.0].name.clone()).collect(), variable.formula.clone())
}

#[test]
fn every_function_has_an_example_that_loads() {
    for function in FUNCTIONS {
        with_output(function.example);
        assert!(function.example.contains(&format!("{}(", function.name)), "{}", function.name);
        assert!(function.signature.starts_with(function.name), "{}", function.name);
        assert!(!function.meaning.is_empty());
    }
    let names: Vec<&str> = FUNCTIONS.iter().map(|f| f.name).collect();
    assert!(names.windows(2).all(|pair| pair[0] < pair[1]), "in alphabetical order, each once");
}

#[test]
fn axes_broadcast_by_name_and_the_year_comes_last() {
    assert_eq!(y("shock * impact").0, ["driver", "year"]);
    assert_eq!(y("sum(impact, driver) + shock").0, ["year"]);
    assert_eq!(y("local['Europe'] + sum(local, year)").0, ["region", "year"]);
    assert_eq!(y("cagr(market)").0, Vec::<String>::new());
    assert_eq!(y("npv(local, rate)").0, ["region"]);
    assert_eq!(y("ramp(1, split)").0, ["region", "year"]);
    assert_eq!(y("share(impact, driver)").0, ["driver"]);
    assert_eq!(y("cumulative(cost)").0, ["year"]);
    assert_eq!(y("year - 2025").0, ["year"]);
}

#[test]
fn members_are_pinned_however_they_are_written() {
    let pinned = |formula: &str| match y(formula).1 {
        Expr::Reference { pinned, .. } => pinned,
        other => panic!("{other:?}"),
    };
    assert_eq!(pinned("market[2031]"), [(AxisId(2), 6)]);
    assert_eq!(pinned("impact[approvals]"), [(AxisId(0), 2)]);
    assert_eq!(pinned("split[North America]"), [(AxisId(1), 0)]);
    assert_eq!(pinned("local[2026, Europe]"), [(AxisId(1), 1), (AxisId(2), 1)]);
    assert_eq!(pinned("local[region = 'Europe', year = 2025]"), [(AxisId(1), 1), (AxisId(2), 0)]);
}

#[test]
fn all_spellings_of_previous_are_lags() {
    let market = Symbol::Variable(VariableId(0));
    let shock = Symbol::Input(InputId(1));
    let local = Symbol::Input(InputId(3));
    let lagged = |symbol, pinned, lag| Expr::Lagged { symbol, pinned, lag };
    assert_eq!(y("previous(market)").1, lagged(market, vec![], 1));
    assert_eq!(y("previous(shock, 3)").1, lagged(shock, vec![], 3));
    assert_eq!(y("previous(local[Europe])").1, lagged(local, vec![(AxisId(1), 1)], 1));
    let scenario = scenario(&format!(
        "{WORLD}[outputs.y]\ninitial = 1\nformula = 'previous(2) + previous(y) + shock'\n"
    ));
    let own = |lag| Box::new(lagged(Symbol::Variable(VariableId(0)), vec![], lag));
    let Expr::Binary(BinaryOp::Add, left, _) = &scenario.variables[0].formula else { panic!() };
    assert_eq!(**left, Expr::Binary(BinaryOp::Add, own(2), own(1)));
    assert_eq!(scenario.variables[0].initial, Some(Expr::Number(1.0)));
}

#[test]
fn min_and_max_take_values_or_an_axis() {
    assert!(matches!(y("max(impact, driver)").1, Expr::Reduce(Reduction::Max, _, AxisId(0))));
    assert!(matches!(y("min(market, year)").1, Expr::Reduce(Reduction::Min, _, AxisId(2))));
    assert!(matches!(y("max(cost, 1, 2)").1, Expr::Binary(BinaryOp::Max, _, _)));
    assert_eq!(y("count(impact > 3, driver)"), y("count(driver, impact > 3)"));
}

#[test]
fn formulas_that_recur_together_share_their_years() {
    let scenario = scenario(&format!(
        "{WORLD}[formulas.backlog]\ninitial = '0'\nformula = 'previous + orders - capacity'\n\
         [formulas.capacity]\ninitial = '10'\nformula = 'previous * (1 + previous(backlog) / 100)'\n\
         [formulas]\norders = '10 + shock + previous(capacity) / 10'\n\
         [outputs.y]\nformula = 'backlog * market / market[2025]'\n\
         [outputs.market]\ninitial = 'cost'\nformula = 'previous * (1 + growth)'\n\
         [formulas.growth]\nformula = '0.1 - 0.01 * previous(market) / market[2025]'\n"
    ));
    for variable in &scenario.variables {
        assert_eq!(variable.over, [AxisId(2)], "{}", variable.name);
    }
}

#[test]
fn variables_are_formulas_then_outputs_in_the_order_of_the_file() {
    let scenario = scenario(
        "[formulas]\nb = 'a + x'\na = '2'\n[inputs.x]\ndist = 'normal(0, 1)'\nsource = 'x'\n[outputs.d]\nformula = 'b'\n\
         [outputs.c]\nformula = 'd > 1'\n[outputs.h]\nformula = 'if(d > 1, 1, 0)'\n",
    );
    let names: Vec<&str> = scenario.variables.iter().map(|v| v.name.as_str()).collect();
    assert_eq!(names, ["b", "a", "d", "c", "h"]);
    assert_eq!(scenario.variables[0].text, "a + x");
    let truths: Vec<bool> = scenario.outputs.iter().map(|o| o.is_truth).collect();
    assert_eq!(truths, [false, true, true]);
    assert_eq!(scenario.outputs[0].variable, VariableId(2));
}

#[test]
fn settings_are_read_with_their_defaults() {
    let output = "[outputs.y]\nformula = '1'\n";
    let plain = scenario(output);
    assert_eq!((plain.title.as_str(), plain.runs, plain.seed), ("test", 1_000_000, 1));
    assert_eq!((plain.language, plain.year_axis()), (Language::English, None));
    let text = format!(
        "[scenario]\ntitle = 'T'\nruns = 1e7\nseed = 18446744073709551615\nlanguage = 'ko'\n{output}"
    );
    let full = scenario(&text);
    assert_eq!((full.title.as_str(), full.runs, full.seed), ("T", 10_000_000, u64::MAX));
    assert_eq!(full.language, Language::Korean);
}

#[test]
fn constants_may_be_formulas_of_constants_in_any_order() {
    let scenario = scenario(
        "[scenario]\nyears = [2025, 2027]\n[axes]\nk = ['a', 'b']\n[constants]\nodds = 'up / 1.276'\nup = 1.224\n\
         total = 'sum(w[2026], k)'\n[constants.w]\nover = ['year', 'k']\n\
         value.2025 = 1\nvalue.2026 = { a = 2, b = '3 * up' }\nvalue.2027 = { a = 4, b = 5 }\nnote = 'n'\n\
         [constants.z]\nover = ['year']\nvalue = '2 ^ (year - 2025)'\n\
         [outputs.y]\nformula = 'odds + w + total + z'\n",
    );
    let values = |name: &str| scenario.constants.iter().find(|c| c.name == name).unwrap().values.clone();
    assert_eq!(values("odds"), [1.224 / 1.276]);
    assert_eq!(values("total"), [2.0 + 3.0 * 1.224]);
    assert_eq!(values("w"), [1.0, 2.0, 4.0, 1.0, 3.0 * 1.224, 5.0]);
    assert_eq!(values("z"), [1.0, 2.0, 4.0]);
}

#[test]
fn laws_are_spread_over_members_in_row_major_order() {
    let scenario = scenario(
        "[scenario]\nyears = [2025, 2026]\n[axes]\nk = ['a', 'b']\n[inputs.x]\nover = ['year', 'k']\nsource = 'x'\n\
         dist.2025 = 'constant(1)'\ndist.2026 = { a = 'constant(2)', b = 'constant(3)' }\n\
         [outputs.y]\nformula = 'x'\n",
    );
    let input = &scenario.inputs[0];
    assert_eq!(input.over, [AxisId(0), AxisId(1)]);
    let values: Vec<Expr> = input
        .laws
        .iter()
        .map(|law| match law {
            DrawSpec::Law(LawSpec::Family { arguments, .. }) => arguments[0].clone(),
            _ => panic!(),
        })
        .collect();
    assert_eq!(values, [1.0, 2.0, 1.0, 3.0].map(Expr::Number));
    assert_eq!(scenario.cell_name("x", &input.over, 3), "x[b, 2026]");
}

#[test]
fn forms_are_chosen_by_the_names_of_their_parameters() {
    let arguments = |dist: &str| {
        let scenario =
            scenario(&format!("[inputs.x]\ndist = '{dist}'\nsource = 'x'\n[outputs.y]\nformula = 'x'\n"));
        let DrawSpec::Law(LawSpec::Family { entry, form, arguments }) = scenario.inputs[0].laws[0].clone()
        else {
            panic!()
        };
        let numbers: Vec<f64> =
            arguments.iter().map(|a| if let Expr::Number(x) = a { *x } else { panic!("{a:?}") }).collect();
        (entry.name, form, numbers)
    };
    let (name, first, numbers) = arguments("normal(10, 2)");
    assert_eq!((name, numbers), ("normal", vec![10.0, 2.0]));
    assert_eq!(arguments("normal(sd = 2, mean = 10)"), ("normal", first, vec![10.0, 2.0]));
    assert_eq!(arguments("normal(10, sd = 2)"), ("normal", first, vec![10.0, 2.0]));
    let (_, form, numbers) = arguments("normal(p97.5 = 3, p5 = -1)");
    assert!(form != first);
    assert_eq!(numbers, [0.05, -1.0, 0.975, 3.0]);
    assert_eq!(arguments("pert(1, 2, 3)").2, [1.0, 2.0, 3.0, 4.0]);
    assert_eq!(arguments("discrete({0: 0.5, 1: 0.5})").2, [0.0, 0.5, 1.0, 0.5]);
}

#[test]
fn parameters_may_be_expressions_of_inputs_and_formulas() {
    let scenario = scenario(
        "[inputs.claims]\ndist = 'poisson(10)'\nsource = 'x'\n[formulas]\nshape = '2 * max(claims, 1)'\n\
         [inputs.total]\ndist = 'truncate(gamma(shape, 1), min = 0.1 * claims)'\nsource = 'x'\n\
         [outputs.y]\nformula = 'total'\n",
    );
    let DrawSpec::Law(LawSpec::Truncate { base, min, max }) = &scenario.inputs[1].laws[0] else { panic!() };
    assert!(min.is_some() && max.is_none());
    assert!(matches!(**base, LawSpec::Family { .. }));
}

#[test]
fn a_moved_law_keeps_its_base_and_its_number() {
    let scenario = scenario(
        "[constants]\nmargin = { value = 2, source = 'x' }\n\
         [inputs.total]\ndist = 'shift(scale(exponential(3), by = 0.5), margin)'\nsource = 'x'\n\
         [outputs.y]\nformula = 'total'\n",
    );
    let DrawSpec::Law(LawSpec::Move { base, movement: Movement::Shift, .. }) = &scenario.inputs[0].laws[0]
    else {
        panic!()
    };
    assert!(matches!(**base, LawSpec::Move { movement: Movement::Scale, .. }));
}

fn element(input: usize, element: usize) -> InputElement {
    InputElement { input: InputId(input), element }
}

#[test]
fn coefficients_become_correlations_of_normal_scores() {
    let world = "[inputs.a]\ndist = 'normal(0, 1)'\nsource = 'x'\n[inputs.b]\ndist = 'normal(0, 1)'\nsource = 'x'\n\
                 [outputs.y]\nformula = 'a + b'\n[[correlations]]\nbetween = ['b', 'a']\n";
    let rho = |coefficient: &str| {
        let scenario = scenario(&format!("{world}{coefficient}\n"));
        assert_eq!(scenario.correlations[0].elements, [element(0, 0), element(1, 0)]);
        scenario.correlations[0].matrix[1]
    };
    assert_eq!(rho("rho = 0.4"), 0.4);
    assert!((rho("spearman = 0.5") - 2.0 * libm::sin(std::f64::consts::PI / 12.0)).abs() < 1e-15);
    assert!((rho("kendall = 0.5") - std::f64::consts::FRAC_1_SQRT_2).abs() < 1e-15);
    assert_eq!(rho("matrix = [[1, -0.3], [-0.3, 1]]"), -0.3);
    // Of a t copula: Kendall's as above; a tail dependence of 2 T(−√(5/3)), T with 5 degrees of freedom, is a rho of ½.
    let t = "copula = 't'\ndf = 4\n";
    assert!((rho(&format!("{t}kendall = 0.5")) - std::f64::consts::FRAC_1_SQRT_2).abs() < 1e-15);
    assert!((rho(&format!("{t}tail = 0.2531699951003227")) - 0.5).abs() < 1e-12);
    assert_eq!(rho(&format!("{t}rho = 0")), 0.0);
}

#[test]
fn pairs_that_share_inputs_make_one_group_and_unnamed_pairs_are_zero() {
    let scenario = scenario(&format!(
        "{WORLD}[outputs.y]\nformula = 'sum(impact, driver) + cost + shock + local'\n\
         [[correlations]]\nbetween = ['cost', 'impact[approvals]']\nrho = 0.5\n\
         [[correlations]]\nbetween = ['cost', 'impact[cancer]']\nrho = -0.25\n"
    ));
    let [group] = scenario.correlations.as_slice() else { panic!() };
    assert_eq!(group.elements, [element(0, 0), element(0, 2), element(2, 0)]);
    assert_eq!(group.matrix, [1.0, 0.0, -0.25, 0.0, 1.0, 0.5, -0.25, 0.5, 1.0]);
    for i in 0..3 {
        for j in 0..3 {
            let entry: f64 = (0..3).map(|k| group.cholesky[i * 3 + k] * group.cholesky[j * 3 + k]).sum();
            assert!((entry - group.matrix[i * 3 + j]).abs() < 1e-15);
        }
    }
}

#[test]
fn inputs_over_the_same_axes_are_tied_element_by_element() {
    let scenario = scenario(&format!(
        "{WORLD}[inputs.other]\nover = ['year']\ndist = 'normal(0, 1)'\nsource = 'x'\n\
         [outputs.y]\nformula = 'sum(impact, driver) + cost + shock + local + other'\n\
         [[correlations]]\nbetween = ['shock', 'other']\nrho = 0.5\n\
         [[correlations]]\nbetween = ['local[Europe]', 'other']\nrho = 0.25\n"
    ));
    assert_eq!(scenario.correlations.len(), 7);
    for (year, group) in scenario.correlations.iter().enumerate() {
        assert_eq!(group.elements, [element(1, year), element(3, 7 + year), element(4, year)]);
        assert_eq!(group.matrix, [1.0, 0.0, 0.5, 0.0, 1.0, 0.25, 0.5, 0.25, 1.0]);
    }
}

#[test]
fn a_whole_input_is_exchangeable_among_its_elements() {
    let scenario = scenario(&format!(
        "{WORLD}[outputs.y]\nformula = 'sum(impact, driver) + cost + shock + local'\n\
         [[correlations]]\nbetween = ['impact']\nrho = 0.3\n"
    ));
    assert_eq!(scenario.correlations[0].matrix, [1.0, 0.3, 0.3, 0.3, 1.0, 0.3, 0.3, 0.3, 1.0]);
}

#[test]
fn the_proposed_matrix_is_accepted() {
    let world = "[axes]\nk = ['a', 'b', 'c', 'd']\n[inputs.x]\nover = ['k']\ndist = 'normal(0, 1)'\nsource = 'x'\n\
                 [outputs.y]\nformula = 'sum(x, k)'\n";
    let wrong = "[[correlations]]\nbetween = ['x']\n\
                 matrix = [[1, 0.9, 0.9, 0], [0.9, 1, -0.5, 0], [0.9, -0.5, 1, 0.95], [0, 0, 0.95, 1]]\n";
    let found = problems(&format!("{world}{wrong}"));
    let proposal = found[0].help.iter().find(|help| help.contains("[[correlations]]")).unwrap();
    let blocks = &proposal[proposal.find("[[").unwrap()..];
    assert_eq!(scenario(&format!("{world}{blocks}\n")).correlations[0].elements.len(), 4);
}

#[test]
fn outputs_carry_references_and_tornados() {
    let scenario = scenario(&format!(
        "{WORLD}[outputs.y]\nformula = 'impact + shock + cost + local'\ntornado = [2028, 2031]\n\
         reference = {{ value = 'rate * 100', year = 2031, label = 'headline' }}\n\
         [outputs.z]\nformula = 'cost'\ntornado = true\nreference = {{ value = 2 }}\n"
    ));
    let reference = scenario.outputs[0].reference.clone().unwrap();
    assert_eq!((reference.value, reference.year, reference.label.as_str()), (8.0, Some(2031), "headline"));
    assert_eq!(scenario.outputs[0].tornado, TornadoRequest::Years(vec![2028, 2031]));
    assert_eq!(scenario.outputs[1].tornado, TornadoRequest::On);
    assert_eq!(scenario.outputs[1].reference.clone().unwrap().year, None);
}

#[test]
fn a_tornado_has_the_inputs_asked_for_and_nothing_else_changes() {
    let results = |asked: &str| {
        let text = format!(
            "[scenario]\nyears = [2025, 2027]\n{asked}\n[axes]\nsite = ['Leiden', 'Songdo']\n\
             [inputs.cost]\nover = ['site']\ndist = 'normal(10, 2)'\nsource = 'x'\n\
             [inputs.shock]\nover = ['year']\ndist = 'normal(0, 1)'\nsource = 'x'\n\
             [inputs.strike]\ndist = 'bernoulli(0.1)'\nsource = 'x'\n\
             [inputs.loss]\ndist = 'lognormal(median = 3, sigma = 0.5)'\nsource = 'x'\n\
             [outputs.y]\nformula = 'sum(cost, site) + cumulative(shock) - strike * loss'\n"
        );
        let mut summary = common::json(&common::text(&text), 20_000);
        let rows = summary["tornado"]["y[2027]"].as_array().unwrap().clone();
        let fields = summary.as_object_mut().unwrap();
        assert!(fields.remove("tornado").is_some() && fields.remove("hash").is_some());
        (rows, summary)
    };
    let (all, figures) = results("");
    let named = |row: &serde_json::Value| row["input"].as_str().unwrap().to_string();
    let cases: [(&str, &[&str]); 4] = [
        (
            "'all'",
            &[
                "cost[Leiden]",
                "cost[Songdo]",
                "loss",
                "shock[2025]",
                "shock[2026]",
                "shock[2027]",
                "strike",
                "strike × loss",
            ],
        ),
        ("'static'", &["cost[Leiden]", "cost[Songdo]", "loss", "strike", "strike × loss"]),
        ("['shock']", &["shock[2025]", "shock[2026]", "shock[2027]"]),
        ("['loss', 'cost', 'loss']", &["cost[Leiden]", "cost[Songdo]", "loss"]),
    ];
    for (asked, expected) in cases {
        let (rows, others) = results(&format!("tornado_inputs = {asked}"));
        let mut names: Vec<String> = rows.iter().map(named).collect();
        names.sort_unstable();
        assert_eq!(names, expected, "{asked}");
        assert_eq!(others, figures, "{asked}");
        // Which inputs stand beside it changes no digit of a row.
        let kept = all.iter().filter(|row| expected.contains(&named(row).as_str()));
        assert!(kept.eq(rows.iter()), "{asked}");
    }
}

#[test]
fn overrides_reach_constants_members_and_any_key() {
    let text = format!("{WORLD}[outputs.y]\nformula = 'rate + impact + shock + cost + local'\n");
    let set = |overrides: &[&str]| loaded_with(&text, overrides).scenario;
    assert_eq!(set(&["rate=0.5"]).constants[0].values, [0.5]);
    assert_eq!(set(&["rate = 2 * 0.5"]).constants[0].values, [1.0]);
    assert_eq!(set(&["split[Europe]=30"]).constants[1].values, [60.0, 30.0]);
    assert_eq!(set(&["split[\"North America\"]=30"]).constants[1].values, [30.0, 40.0]);
    assert_eq!(set(&["constants.split.value.Europe=31"]).constants[1].values, [60.0, 31.0]);
    assert_eq!(set(&["split=1"]).constants[1].values, [1.0, 1.0]);
    assert_eq!(set(&["scenario.runs=1e3", "scenario.seed=7"]).runs, 1000);
    assert_eq!(set(&["scenario.title=A title"]).title, "A title");
    for dist in ["normal(0, 9)", "\"normal(0, 9)\"", "'normal(0, 9)'"] {
        let scenario = set(&[&format!("inputs.shock.dist={dist}")]);
        let DrawSpec::Law(LawSpec::Family { arguments, .. }) = &scenario.inputs[1].laws[0] else { panic!() };
        assert_eq!(arguments[1], Expr::Number(9.0));
    }
    assert_eq!(set(&["outputs.y.formula=rate > 1"]).variables[0].text, "rate > 1");
    assert_eq!(set(&["rate=0.5"]).overrides, ["rate=0.5"]);
    let recurrence =
        format!("{text}[formulas]\nf = {{ initial = '1', formula = 'previous + y', unit = 'kg' }}\n");
    let formula = loaded_with(&recurrence, &["formulas.f=2 * previous"]).scenario.variables[0].clone();
    assert_eq!((formula.text.as_str(), formula.unit.as_deref()), ("2 * previous", Some("kg")));
}

#[test]
fn the_hash_follows_texts_and_overrides_and_not_line_ends() {
    let text = "[constants]\na = 1\n[outputs.y]\nformula = 'a'\n";
    let hash = |text: &str, overrides: &[&str]| loaded_with(text, overrides).scenario.hash;
    assert_eq!(hash(text, &[]).len(), 64);
    assert_eq!(hash(text, &[]), hash(&text.replace('\n', "\r\n"), &[]));
    assert_ne!(hash(text, &[]), hash(text, &["a=1"]));
    assert_ne!(hash(text, &[]), hash(&text.replace("= 1", "= 2"), &[]));
}

#[test]
fn an_overlay_is_its_difference() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write(
        "base.toml",
        "[axes]\nk = ['a', 'b']\n[constants]\nc = 1\nd = 2\n[inputs.x]\nover = ['k']\ndist.a = 'normal(0, 1)'\n\
         dist.b = 'normal(0, 2)'\nsource = 'report'\n[inputs.z]\ndist = 'normal(0, 1)'\nsource = 'report'\n\
         [outputs.y]\nformula = 'c * d * sum(x, k) * z'\n\
         [[correlations]]\nbetween = ['x[a]', 'z']\nrho = 0.5\n",
    );
    write(
        "middle.toml",
        "extends = 'base.toml'\n[constants]\nc = 10\n[inputs.x]\ndist.b = 'normal(0, 5)'\nassumption = 'wider'\n\
         [[correlations]]\nbetween = ['z', 'x[a]']\nrho = -0.5\n\
         [[correlations]]\nbetween = ['z', 'x[b]']\nrho = 0.25\n",
    );
    write("top.toml", "extends = 'middle.toml'\n[scenario]\nseed = 9\n[constants]\nd = 20\n");
    let scenario = match load(&folder.path().join("top.toml"), &[]) {
        Ok(loaded) => loaded.scenario,
        Err(failure) => panic!("{failure:?}"),
    };
    assert_eq!((scenario.name.as_str(), scenario.seed, scenario.sources.len()), ("top", 9, 3));
    assert!(scenario.sources[0].0.ends_with("base.toml") && scenario.sources[2].0.ends_with("top.toml"));
    let values: Vec<f64> = scenario.constants.iter().map(|c| c.values[0]).collect();
    assert_eq!(values, [10.0, 20.0]);
    assert_eq!(scenario.inputs[0].provenance, Provenance::Assumption("wider".into()));
    let DrawSpec::Law(LawSpec::Family { arguments, .. }) = &scenario.inputs[0].laws[1] else { panic!() };
    assert_eq!(arguments[1], Expr::Number(5.0));
    assert_eq!(scenario.correlations[0].matrix, [1.0, 0.0, -0.5, 0.0, 1.0, 0.25, -0.5, 0.25, 1.0]);
}

#[test]
fn a_number_alone_in_an_overlay_keeps_what_the_base_says_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let base =
        "[constants.price]\nvalue = 3\nunit = 'USD'\nlabel = 'Price'\n[outputs.y]\nformula = 'price'\n";
    std::fs::write(folder.path().join("base.toml"), base).unwrap();
    let path = folder.path().join("over.toml");
    std::fs::write(&path, "extends = 'base.toml'\n[constants]\nprice = 4\n").unwrap();
    let loaded = load(&path, &[]).unwrap();
    let price = &loaded.scenario.constants[0];
    assert_eq!((price.values[0], price.unit.as_deref()), (4.0, Some("USD")));
    assert!(loaded.warnings.is_empty(), "{:?}", loaded.warnings);
}

#[test]
fn a_file_that_is_not_there_is_no_mistake_of_the_text() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("none.toml");
    assert!(matches!(load(&path, &[]), Err(LoadFailure::Unreadable { path: p, .. }) if p == path));
    // One in another encoding is one: it has a place.
    std::fs::write(&path, [b'a', b'\n', 0xbd, 0xc7]).unwrap();
    let Err(LoadFailure::Rejected { diagnostics, sources }) = load(&path, &[]) else {
        panic!("it is no text")
    };
    assert!(sources.render_plain(&diagnostics[0]).contains("none.toml:2:1"));
}

#[test]
fn a_text_that_is_not_toml_is_read_on_behind_every_mistake() {
    let text = "[axes]
region = [\"Asia\", \"Europe\"
[constants.rate]
over = [\"region\"]
value = { Asia = 0,32 Europe = 0,36 }
[inputs.실패율]
dist = “pert(4, 6, 9)”
assumption = \"an example
[inputs.실패율]
unit = \"%\"
[formulas]
half = cost / 2
[outputs.y]
formula = \"sum(rate, region) + 실패율 + half + cots\"
runs: 3
";
    let mistakes = [
        "a bracket is missing",
        "a comma stands in a number",
        "a comma is missing",
        "`실패율` needs quotes here",
        "these quotes are not the straight ones that TOML wants",
        "a text has no closing quote",
        "this section is given twice",
        "`실패율` needs quotes here",
        "a text needs quotes",
        "unknown name `cost`",
        "unknown name `cots`",
        "`=` stands between a key and its value",
        "unknown key `runs` in [outputs.y]",
    ];
    let mut expected = mistakes.to_vec();
    let mut found = messages(text);
    expected.sort_unstable();
    found.sort_unstable();
    assert_eq!(found, expected);
}

#[test]
fn one_mistake_does_not_make_others() {
    // The axis is broken: nothing that names it is reported.
    let broken_axis = WORLD.replace("['cancer', 'funding', 'approvals']", "['cancer', 3]");
    assert_eq!(
        messages(&format!("{broken_axis}[outputs.y]\nformula = 'sum(impact, driver) + shock[2031]'\n")).len(),
        1
    );
    // So are the years.
    let broken_years = WORLD.replace("[2025, 2031]", "[2031, 2025]");
    let text = format!(
        "{broken_years}[outputs.y]\ninitial = '1'\nformula = 'previous + year + cagr(shock)'\ntornado = [2031]\n"
    );
    assert_eq!(messages(&text), ["`years` runs backwards"]);
    // A formula that does not parse leaves those that name it alone.
    let text = format!(
        "{WORLD}[formulas]\nf = '2 +'\ng = 'f[2031] + sum(f, driver)'\n[outputs.y]\nformula = 'previous(g) + cagr(f)'\n"
    );
    assert_eq!(messages(&text), ["the formula ends too early"]);
    // A constant that cannot be computed does not refuse the laws made of it.
    let text = "[constants]\na = '1 / 0'\nb = 'a + 1'\n[inputs.x]\ndist = 'normal(a, b)'\nsource = 'x'\n\
                [outputs.y]\nformula = 'x'\n";
    assert_eq!(messages(text), ["the constant `a` is not a finite number"]);
    // An input without a law can still be used.
    let text = "[inputs.x]\ndist = 'norml(0, 1)'\nsource = 'x'\n[outputs.y]\nformula = 'x[2031]'\n";
    assert_eq!(messages(text), ["unknown distribution `norml`", "`x` does not run over `year`"]);
}

#[test]
fn use_is_followed_through_formulas_inputs_and_figures() {
    let text = "[constants]\na = 1\nb = 'a'\nc = 2\n[inputs.p]\ndist = 'normal(b, 1)'\nsource = 'x'\n[inputs.q]\n\
                dist = 'normal(p, 1)'\nsource = 'x'\n[formulas]\nf = 'q'\n\
                [outputs.y]\nformula = 'f'\nreference = { value = 'c' }\n";
    assert_eq!(messages(text), Vec::<String>::new());
}

#[test]
fn ids_point_into_the_lists_they_belong_to() {
    let scenario = with_output("rate * cost");
    let Expr::Binary(BinaryOp::Multiply, rate, cost) = &scenario.variables[1].formula else { panic!() };
    let named = |symbol| Expr::Reference { symbol, pinned: vec![] };
    assert_eq!(**rate, named(Symbol::Constant(ConstantId(0))));
    assert_eq!(**cost, named(Symbol::Input(InputId(2))));
    assert_eq!(scenario.inputs[2].name, "cost");
}

#[test]
fn korean_names_work_everywhere() {
    let scenario = scenario(
        "[axes]\n\"지역\" = ['서울', '부산']\n[inputs.\"비용\"]\nover = ['지역']\ndist = 'normal(10, 2)'\nsource = '보고서'\n\
         [outputs.\"합계\"]\nformula = 'sum(비용, 지역) + 비용[서울]'\n",
    );
    assert_eq!(scenario.variables[0].name, "합계");
}

/// A scenario that uses most of the language, for tests that spoil it.
const RICH: &str = "
[scenario]
title = 'Rich'
years = [2025, 2028]
runs = 1e4
[axes]
driver = ['cancer', 'funding']
region = ['North America', 'Asia-Pacific']
[constants]
rate = { value = 0.08, note = 'n' }
split = { over = ['region'], value = { 'North America' = 60, Asia-Pacific = '100 - 60' } }
[inputs.impact]
over = ['driver']
dist.cancer = \"pert(1, 2, 3, shape = 4)\"
dist.funding = \"normal(p10 = 1, p97.5 = 2 * rate + 3)\"
source = 'x'
[inputs.shock]
over = ['year', 'region']
dist = 'truncate(normal(0, split / 10), min = -2, max = 2)'
assumption = 'y'
[inputs.claims]
dist = 'discrete({0: 0.5, 1: 0.4, 3: 0.1})'
derived = 'z'
[[correlations]]
between = ['impact[cancer]', 'impact[funding]', 'claims']
matrix = [[1, 0.5, 0.1], [0.5, 1, 0], [0.1, 0, 1]]
[formulas]
growth = \"sum(impact, driver) - (if(claims > 0 and not rate == 1, ramp(1, 2), 0)) + ar1(0.3, shock[Asia-Pacific]) ^ 2\"
stock = { initial = '10', formula = 'previous + previous(orders, 2)', unit = 'kg' }
orders = \"clamp(previous(stock) / 3, 0, 9) + cumulative(shock['North America'])\"
[outputs.market]
initial = 'claims'
formula = 'previous * (1 + growth / 100)'
reference = { value = '2 * rate', year = 2028, label = 'r' }
tornado = [2026, 2028]
[outputs.cagr]
formula = 'cagr(market) + npv(stock, rate) - max(share(impact, driver), driver) * min(year - 2025, year)'
";

#[test]
fn no_text_makes_the_reader_panic() {
    scenario(RICH);
    let pieces = [
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "'",
        "\"",
        "\n",
        ",",
        "=",
        ".",
        "-",
        "^",
        "1e400",
        "year",
        "previous",
        "driver",
        "0",
        "성",
        "\\u",
        "[[",
        "]]",
        "nan",
        "inf",
        "-1",
        "9999999999",
        "cagr(",
        "sum(",
        "#",
        "split",
        "market",
        "[2027]",
    ];
    let mut state = 2031_u64;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ((state >> 33) as usize) % below
    };
    for _ in 0..4_000 {
        let mut text = RICH.to_string();
        for _ in 0..1 + next(3) {
            let mut at = next(text.len() + 1);
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            let mut end = (at + next(6)).min(text.len());
            while !text.is_char_boundary(end) {
                end += 1;
            }
            text.replace_range(at..end, pieces[next(pieces.len())]);
        }
        let overrides = [format!("rate{}", pieces[next(pieces.len())]), "split[Asia-Pacific]=3".to_string()];
        match load_text("spoilt.toml", &text, &overrides[next(3).min(2)..]) {
            Ok(loaded) => assert!(loaded.scenario.variables.len() >= 4),
            Err(LoadFailure::Rejected { diagnostics, sources }) => {
                assert!(diagnostics.iter().any(Diagnostic::is_error), "rejected without an error:\n{text}");
                for report in &diagnostics {
                    assert!(sources.render_plain(report).contains(&report.message));
                }
            }
            Err(LoadFailure::Unreadable { error, .. }) => panic!("{error}"),
        }
    }
}

#[test]
fn functions_of_constants_have_the_values_of_their_definitions() {
    let value = |formula: &str| {
        let text = format!(
            "[scenario]\nyears = [2025, 2028]\n[axes]\nk = ['a', 'b', 'c']\n[constants]\ny = \"{formula}\"\n\
             [constants.w]\nover = ['k']\nvalue = {{ a = 1, b = 4, c = 5 }}\n\
             [constants.t]\nover = ['year']\nvalue = '10 * (year - 2024)'\n[outputs.o]\nformula = 'y + sum(w, k) + t'\n"
        );
        scenario(&text).constants[0].values[0]
    };
    let cases = [
        ("sum(w, k) + 10 * mean(t, year)", 260.0),
        ("product(w, k) - min(w, k) - max(w, k)", 14.0),
        ("count(w > 3, k) + min(7, 3, 5) + max(1, 2)", 7.0),
        ("-2^2 + 2^3^2 + 2 ^ -1", 508.5),
        ("if(1 < 2 and not (1 == 2 or 3 != 3), 10, 20)", 10.0),
        ("clamp(7, 0, 5) + clamp(-1, 0, 5) + abs(-3) + round(2.5) + floor(-0.5) + ceil(0.2)", 11.0),
        ("npv(t, 1)", 10.0 + 10.0 + 7.5 + 5.0),
        ("sum(cumulative(t), year)", 10.0 + 30.0 + 60.0 + 100.0),
        ("sum(previous(t, 2), year)", 10.0 + 10.0 + 10.0 + 20.0),
        ("sum(ramp(1, 4), year)", 10.0),
        ("sum(ar1(0.5, t), year)", 10.0 + 25.0 + 42.5 + 61.25),
        ("round(1000 * cagr(t))", (100_000.0 * (libm::cbrt(4.0) - 1.0)).round()),
        ("round(1e12 * (exp(ln(3)) + log10(100) + sqrt(16) + sin(0) + cos(0) + normal_cdf(0)))", 10.5e12),
        ("round(1e9 * (pi - e))", 423_310_825.0),
    ];
    for (formula, expected) in cases {
        assert_eq!(value(formula), expected, "{formula}");
    }
}

#[test]
fn the_longest_formula_that_parses_is_also_understood() {
    let chain = vec!["cost"; 690].join(" + ");
    let nested = "abs(".repeat(190) + "cost" + &")".repeat(190);
    let scenario = with_output(&format!("{chain} + {nested}"));
    assert_eq!(scenario.axes_of(&scenario.variables[1].formula).len(), 0);
}

#[test]
fn a_failure_can_be_said_in_one_line() {
    let Err(failure) = load_text("test.toml", "[outputs.y]\nformula = 'a + b'\n", &[]) else { panic!() };
    assert_eq!(failure.to_string(), "2 errors in the scenario");
    let Err(failure) = load(std::path::Path::new("nowhere.toml"), &[]) else { panic!() };
    assert_eq!(failure.to_string(), "`nowhere.toml` cannot be read: there is no such file");
}

/// `docs/scenario-language.md`.
fn page() -> String {
    std::fs::read_to_string("docs/scenario-language.md").unwrap()
}

#[test]
fn every_scenario_of_the_page_loads_without_a_warning() {
    let page = page();
    let blocks: Vec<&str> =
        page.split("```toml\n").skip(1).filter_map(|block| block.split("```").next()).collect();
    assert!(blocks.len() >= 2);
    for block in blocks {
        assert_eq!(messages(block), Vec::<String>::new());
    }
}

#[test]
fn the_page_has_the_table_of_functions() {
    let page = page();
    for function in FUNCTIONS {
        let calls: Vec<String> = function.signature.split(" | ").map(|call| format!("`{call}`")).collect();
        let row = format!("| {} | {} |", calls.join(", "), function.meaning);
        assert!(page.contains(&row), "docs/scenario-language.md lacks the row\n{row}");
    }
}

#[test]
fn the_page_has_the_words_of_other_programs() {
    let page = std::fs::read_to_string("docs/words.md").unwrap();
    for word in OTHER_LAWS.iter().chain(OTHER_FUNCTIONS) {
        let words: Vec<String> = word.words.iter().map(|word| format!("`{word}`")).collect();
        let parameters = match word.parameters {
            [] => String::new(),
            names => format!("`({})`", names.join(", ")),
        };
        let here = if word.is_advice() { word.general() } else { format!("`{}`", word.general()) };
        let row = format!("| {} | {} | {parameters} | {here} |", words.join(", "), word.tool);
        assert!(page.contains(&row), "docs/words.md lacks the row\n{row}");
    }
}

/// What is proposed for a word of another program loads, and has no such word itself.
#[test]
fn what_is_proposed_for_a_law_of_another_program_is_a_law() {
    let numbers = ["2", "3", "5", "0.5", "0.25"];
    for word in OTHER_LAWS.iter().filter(|word| !word.is_advice() && !word.parameters.is_empty()) {
        // Parameters that may be anything are 2 and 3; those that must be a share, or grow, are given theirs.
        let value = |name: &str| match name {
            "p" | "prob" | "probability" | "rate" => "0.3",
            "min" | "low" | "location" | "loc" | "x" => "1",
            "mode" | "most_likely" => "2",
            "max" | "high" => "4",
            "low_percent" => "5",
            "high_percent" => "95",
            "population" | "M" => "40",
            "successes" | "white" => "10",
            "draws" | "N" | "k" => "5",
            "body" => "lognormal(1, 0.5)",
            "tail" => "pareto(2.5, 4)",
            "at" => "5",
            "count" => "poisson(3)",
            "severity" => "lognormal(1, 2)",
            "law" => "normal(2, 1)",
            "retention" => "0",
            "limit" => "4",
            other => numbers[other.len() % 2],
        };
        let arguments: Vec<&str> = word.parameters.iter().map(|name| value(name)).collect();
        let typed = format!("{}({})", word.words[0], arguments.join(", "));
        let scenario = |dist: &str| {
            format!("[inputs.x]\ndist = \"{dist}\"\nassumption = 'x'\n[outputs.y]\nformula = 'x'\n")
        };
        let reports = problems(&scenario(&typed));
        assert_eq!(reports.len(), 1, "{typed}");
        let help = reports[0].help.iter().find_map(|help| help.strip_prefix("write `")?.strip_suffix('`'));
        let proposed = help.unwrap_or_else(|| panic!("{typed}: {:?}", reports[0]));
        let errors: Vec<String> = problems(&scenario(proposed))
            .into_iter()
            .filter(Diagnostic::is_error)
            .map(|d| d.message)
            .collect();
        assert!(errors.is_empty(), "{typed} -> {proposed}: {errors:?}");
    }
}

#[test]
fn the_page_has_the_table_of_processes() {
    let page = page();
    for process in PROCESSES {
        assert!(
            page.contains(&format!("\n| `{}` | `(", process.entry.name)),
            "no row of `{}`",
            process.entry.name
        );
    }
}
