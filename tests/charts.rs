//! Charts as they come out: texts inside the picture, none over another, units and words present, equal bytes.
//!
//! The boxes of the texts are those that the rasteriser lays out, not the ones the charts were planned with.

use resvg::usvg::{Group, Node, Options, Tree};
use riskband::report::chart::{
    BandName, Chance, ChanceBarsChart, ChancePanel, ChanceYearsChart, Chart, Colour, DiscreteChart, FanChart,
    FanPanel, FanYear, Frame, HistogramChart, HistogramPanel, HistogramPanelsChart, Mark, PanelShape,
    ProbabilityChart, ReferenceMark, TornadoBar, TornadoChart, embedded_fonts, png, svg,
};
use riskband::scenario::Language;

const LONG: &str = "Autologous share of production in the base year, weighted over all the sites worldwide";
const LONG_KOREAN: &str = "기준 연도의 자가 유래 생산 비중으로 전 세계 생산 시설의 생산량에 따라 가중 평균한 값이며 위탁 생산도 포함";
const BOTH: [Language; 2] = [Language::English, Language::Korean];

/// A text and its box, in the units of the picture.
#[derive(Debug)]
struct Placed {
    text: String,
    left: f32,
    top: f32,
    right: f32,
    bottom: f32,
}

fn placed(svg: &str) -> (Vec<Placed>, f32, f32) {
    let options =
        Options { fontdb: embedded_fonts(), font_family: "Pretendard".to_string(), ..Options::default() };
    let tree = Tree::from_str(svg, &options).unwrap();
    let mut texts = Vec::new();
    collect(tree.root(), &mut texts);
    (texts, tree.size().width(), tree.size().height())
}

fn collect(group: &Group, texts: &mut Vec<Placed>) {
    for node in group.children() {
        match node {
            Node::Group(group) => collect(group, texts),
            Node::Text(text) => {
                let area = text.abs_bounding_box();
                texts.push(Placed {
                    text: text.chunks().iter().map(|c| c.text()).collect(),
                    left: area.left(),
                    top: area.top(),
                    right: area.right(),
                    bottom: area.bottom(),
                });
            }
            _ => {}
        }
    }
}

/// Draws the chart and checks what holds for every chart.
#[track_caller]
fn checked(name: &str, chart: &impl Chart) -> String {
    let text = svg(chart).unwrap();
    assert_eq!(text, svg(chart).unwrap(), "{name}: two drawings differ");
    assert!(!text.contains("NaN") && !text.contains("2147483647"), "{name}: a mark lies nowhere");
    let (texts, width, height) = placed(&text);
    assert!(width == 1600.0 && height >= 1000.0, "{name}: {width} × {height}");
    assert!(!texts.is_empty());
    for (i, a) in texts.iter().enumerate() {
        let inside = a.left >= 8.0 && a.top >= 8.0 && a.right <= width - 8.0 && a.bottom <= height - 8.0;
        assert!(inside, "{name}: leaves the picture: {a:?}");
        for b in &texts[..i] {
            let across = a.right.min(b.right) - a.left.max(b.left);
            let down = a.bottom.min(b.bottom) - a.top.max(b.top);
            assert!(across <= 0.5 || down <= 0.5, "{name}: texts overlap by {across} × {down}: {a:?} {b:?}");
        }
    }
    for mark in &chart.scene().marks {
        let Mark::Box { rect, fill } = mark else { continue };
        if *fill != Colour(255, 255, 255) {
            for a in &texts {
                let across = f64::from(a.right).min(rect.right) - f64::from(a.left).max(rect.left);
                let down = f64::from(a.bottom).min(rect.bottom) - f64::from(a.top).max(rect.top);
                assert!(across <= 0.5 || down <= 0.5, "{name}: a text lies on a bar: {a:?} {rect:?}");
            }
        }
    }
    texts.iter().map(|t| t.text.trim()).collect::<Vec<_>>().join("\n")
}

fn frame(title: &str, language: Language) -> Frame {
    Frame {
        title: title.to_string(),
        subtitle: "Percentile bands · 백분위 구간".to_string(),
        footer: "1,000,000 runs · seed 1 · riskband 0.1.0 · 3f2a9c1b".to_string(),
        language,
    }
}

/// Bands that widen from `start`, with a spread of `spread` in the last of `years` years.
fn panel(title: &str, years: i32, start: f64, growth: f64, spread: f64) -> FanPanel {
    let values = (0..years)
        .map(|i| {
            let t = f64::from(i) / f64::from((years - 1).max(1));
            let at = |offset: f64| start + growth * t + offset * spread * if years == 1 { 1.0 } else { t };
            year(&at)
        })
        .collect();
    FanPanel {
        title: title.to_string(),
        years: (0..years).map(|i| 2025 + i).collect(),
        values,
        reference: None,
    }
}

/// Three bands around the median, at distances from it.
fn year(at: &dyn Fn(f64) -> f64) -> FanYear {
    FanYear { median: at(0.0), bands: [1.6, 1.3, 0.7].map(|o| (at(-o), at(o))).to_vec(), lines: Vec::new() }
}

fn band(low: &str, high: &str, share: &str) -> BandName {
    BandName { low: low.to_string(), high: high.to_string(), share: share.to_string() }
}

fn fan(panels: Vec<FanPanel>, language: Language) -> FanChart {
    let y_label = "Market size".to_string();
    let base_year = panels.first().and_then(|panel| panel.years.first().copied());
    FanChart {
        frame: frame("Market to 2031", language),
        unit: Some("USD bn".to_string()),
        y_label,
        base_year,
        bands: vec![band("P5", "P95", "90"), band("P10", "P90", "80"), band("P25", "P75", "50")],
        lines: Vec::new(),
        page: 0..panels.len(),
        panels,
    }
}

fn marked(mut panel: FanPanel, year: i32, value: f64, label: &str) -> FanPanel {
    panel.reference = Some(ReferenceMark { year, value, label: label.to_string() });
    panel
}

fn bar(label: &str, group: &str, low_mean: f64, high_mean: f64) -> TornadoBar {
    TornadoBar {
        label: label.to_string(),
        group: (group != "none").then(|| group.to_string()),
        unit: Some("pp".to_string()),
        low_mean,
        high_mean,
        low_error: 0.1 * (high_mean - low_mean).abs(),
        high_error: 0.05 * (high_mean - low_mean).abs(),
        class_means: (0..10).map(|k| low_mean + f64::from(k) / 9.0 * (high_mean - low_mean)).collect(),
        low_value: 1.62,
        high_value: 5.18,
        by_value: false,
        low_to: None,
        high_from: None,
        low_is_no_event: false,
        reach: 0.3 * (high_mean - low_mean).abs(),
        is_within_error: low_mean == high_mean,
        title: label.to_string(),
        ties: Vec::new(),
        has_path: true,
    }
}

fn tornado(rows: Vec<TornadoBar>, language: Language) -> TornadoChart {
    TornadoChart {
        frame: frame("What moves the market", language),
        output_label: "market in 2031".to_string(),
        unit: Some("USD bn".to_string()),
        mean: 19.7,
        groups: vec!["drivers".to_string()],
        rows,
    }
}

/// A bell of `bars` bars over [`low`, `high`].
fn histogram(bars: usize, low: f64, high: f64, language: Language) -> HistogramChart {
    let at = |part: f64| low * (1.0 - part) + high * part;
    let edges: Vec<f64> = (0..=bars).map(|i| at(i as f64 / bars as f64)).collect();
    let heights: Vec<f64> = (0..bars).map(|i| (i + 1) as f64 * (bars - i) as f64).collect();
    let total: f64 = heights.iter().sum();
    let mut below = 0.0;
    let cumulative = edges[1..]
        .iter()
        .zip(&heights)
        .map(|(&edge, height)| {
            below += height / total;
            (edge, below)
        })
        .collect();
    let marks = [("P10", 0.2), ("P50", 0.5), ("P90", 0.8)];
    HistogramChart {
        frame: frame("Growth", language),
        unit: Some("%".to_string()),
        x_label: "Compound annual growth rate".to_string(),
        edges,
        shares: heights.iter().map(|h| h / total).collect(),
        spikes: Vec::new(),
        cumulative,
        marks: marks.map(|(name, part)| (name.to_string(), at(part))).to_vec(),
        mean: Some(at(0.46)),
        reference: Some((at(0.52), "published headline".to_string())),
        below: 0.001,
        above: 0.0,
    }
}

/// The same with spikes at these parts of the range.
fn spiked(mut chart: HistogramChart, spikes: &[(f64, f64)]) -> HistogramChart {
    let (low, high) = (chart.edges[0], chart.edges[chart.edges.len() - 1]);
    chart.spikes = spikes.iter().map(|(part, share)| (low * (1.0 - part) + high * part, *share)).collect();
    chart
}

fn chance(value: f64, reach: f64) -> Chance {
    Chance { value, low: (value - reach).max(0.0), high: (value + reach).min(1.0) }
}

#[test]
fn a_fan_says_title_unit_base_year_reference_and_band_values() {
    let one = marked(panel("", 7, 8.0, 11.5, 4.0), 2031, 19.67, "published headline");
    let words = checked("fan", &fan(vec![one.clone()], Language::English));
    for word in
        ["Market to 2031", "Market size, USD bn", "base year", "published headline", "19.67", "P5", "P95"]
    {
        assert!(words.contains(word), "no {word:?} in\n{words}");
    }
    assert!(words.lines().any(|l| l == "19.5") && words.lines().any(|l| l == "25.9"), "{words}");
    let korean = checked("fan", &fan(vec![one], Language::Korean));
    for word in ["중앙값", "기준 연도", "연도", "시행의 90\u{2009}%"] {
        assert!(korean.contains(word), "no {word:?} in\n{korean}");
    }
    assert!(!korean.contains("median") && !korean.contains("base year"));
}

#[test]
fn a_fan_names_the_levels_it_was_asked_for() {
    for language in BOTH {
        for (names, lines) in [
            (vec![band("P0.1", "P99.9", "99.8"), band("P20", "P80", "60")], vec![]),
            (vec![band("P95", "P5", "90")], vec!["P2", "P0.5"]),
            (vec![], vec!["P80", "P95", "P99.5", "P99.9"]),
            ((1..=5).map(|i| band(&format!("P{i}"), &format!("P{}", 100 - i), "x")).collect(), vec!["P99.9"]),
        ] {
            let mut one = panel("", 7, 8.0, 11.5, 4.0);
            for (i, values) in one.values.iter_mut().enumerate() {
                let at = |offset: f64| values.median + offset * i as f64;
                values.bands =
                    (0..names.len()).map(|b| (at(-0.5 / (b + 1) as f64), at(0.5 / (b + 1) as f64))).collect();
                values.lines = (0..lines.len()).map(|l| at(0.1 + 0.01 * l as f64)).collect();
            }
            let mut chart = fan(vec![one], language);
            (chart.bands, chart.lines) = (names.clone(), lines.iter().map(ToString::to_string).collect());
            let words = checked("fan of levels", &chart);
            for band in &names {
                assert!(words.contains(&format!("({}–{})", band.low, band.high)), "{words}");
            }
            // At the right end: the widest band and each line; in the legend: all lines.
            let ends = names.first().map(|band| [band.low.as_str(), band.high.as_str()]);
            for name in ends.into_iter().flatten().chain(lines.iter().copied()) {
                assert!(words.lines().any(|line| line == name), "no {name:?} in\n{words}");
            }
            assert!(words.contains(&lines.join(", ")), "{words}");
        }
    }
}

#[test]
fn fans_of_every_size_keep_their_labels_apart() {
    for language in BOTH {
        for (start, growth, spread) in [
            (8.0, 11.0, 4.0),
            (8.0, 11.0, 0.01),
            (5.0, 0.0, 0.0),
            (0.0, 0.0, 0.0),
            (-3.0, -9.0, 2.0),
            (-1.0, 2.0, 1.0),
            (1e-9, 2e-9, 4e-10),
            (1e12, 3e12, 9e11),
            (1e6, 1e-7, 1e-8),
            (999_000.0, 500.0, 90.0),
        ] {
            for years in [1, 2, 7, 26, 101] {
                let last = 2025 + years - 1;
                let plain = panel("", years, start, growth, spread);
                let at_median = marked(plain.clone(), last, start + growth, LONG);
                let early = marked(plain.clone(), 2025, start + 2.0 * spread, LONG_KOREAN);
                for one in [plain, at_median, early] {
                    checked(&format!("fan {start} {growth} {spread} {years}"), &fan(vec![one], language));
                }
            }
        }
    }
}

#[test]
fn small_multiples_of_two_to_twenty_five_panels_keep_their_labels_apart() {
    for language in BOTH {
        for count in [2, 3, 4, 5, 9, 10, 24] {
            let panels: Vec<FanPanel> = (0..count)
                .map(|i| {
                    let title = if i % 2 == 0 { LONG } else { LONG_KOREAN };
                    let size = f64::from(i) * 1.7 - 3.0;
                    let one = panel(title, 7, size, size, 0.2 * f64::from(i));
                    if i % 3 == 0 { marked(one, 2031, size, LONG) } else { one }
                })
                .collect();
            let words = checked(&format!("{count} panels"), &fan(panels, language));
            let note = match language {
                Language::English => "one vertical scale for all panels",
                Language::Korean => "모든 그림의 세로축 눈금이 같음",
            };
            assert!(words.contains(note));
        }
    }
}

#[test]
fn parts_of_a_fan_keep_the_scale_of_all_panels() {
    let panels: Vec<FanPanel> =
        (1..=6).map(|k| panel("member", 7, 0.0, 3.0 * f64::from(k), f64::from(k))).collect();
    let mut chart = fan(panels, Language::English);
    chart.page = 0..5;
    let first = checked("first part", &chart);
    chart.page = 5..6;
    let last = checked("last part", &chart);
    assert!(first.lines().any(|l| l == "30") && last.lines().any(|l| l == "30"), "{first} {last}");
    assert!(last.contains("member"), "{last}");
}

#[test]
fn the_first_years_median_stands_left_of_the_bands() {
    for (start, spread) in [(8.0, 4.0), (123_456.0, 900.0), (-0.001, 0.0004)] {
        let chart = fan(vec![panel("", 7, start, 2.0 * spread, spread)], Language::English);
        let text = svg(&chart).unwrap();
        let (texts, ..) = placed(&text);
        let scene = chart.scene();
        let dots = scene.marks.iter().filter_map(|mark| match mark {
            Mark::Dot { centre, .. } => Some(*centre),
            _ => None,
        });
        let (x, y) = dots.max_by(|a, b| a.0.total_cmp(&b.0)).unwrap();
        let beside = texts.iter().filter(|t| f64::from(t.right) <= x && x - f64::from(t.right) < 30.0);
        let off = |t: &Placed| (f64::from(t.top + t.bottom) / 2.0 - y).abs();
        let label = beside.min_by(|a, b| off(a).total_cmp(&off(b))).unwrap();
        assert!(off(label) < 6.0, "{label:?} {x} {y}");
        let bands = scene.marks.iter().filter_map(|mark| match mark {
            Mark::Area { points, .. } => points.iter().map(|p| p.0).min_by(f64::total_cmp),
            _ => None,
        });
        assert!(bands.min_by(f64::total_cmp).unwrap() >= x - 1e-6);
    }
}

#[test]
fn a_tornado_says_mean_unit_values_reach_groups_and_what_a_bar_is() {
    let rows = vec![
        bar("Approvals", "drivers", 17.1, 22.9),
        bar("Operating cost", "restraints", 21.6, 17.8),
        bar("Supply", "none", 19.5, 19.9),
    ];
    let words = checked("tornado", &tornado(rows.clone(), Language::English));
    for word in [
        "What moves the market",
        "Mean of market in 2031, USD bn",
        "mean 19.7",
        "1.6\u{2009}pp",
        "5.2\u{2009}pp",
        "drivers",
        "restraints",
        "input in its lowest tenth",
        "A bar holds the means",
        "Reach, USD bn",
    ] {
        assert!(words.contains(word), "no {word:?} in\n{words}");
    }
    assert!(words.lines().any(|l| l == "1.7"), "{words}");
    let korean = checked("tornado", &tornado(rows, Language::Korean));
    for word in ["평균 19.7", "영향 폭", "입력값이 하위", "막대는 입력값의"] {
        assert!(korean.contains(word), "no {word:?} in\n{korean}");
    }
}

#[test]
fn tornados_of_any_number_of_bars_keep_their_labels_apart() {
    for language in BOTH {
        for count in [0, 1, 2, 3, 8, 15, 16, 60] {
            let rows: Vec<TornadoBar> = (0..count)
                .map(|i| {
                    let half = 4.0 / f64::from(i + 1);
                    let label = if i % 2 == 0 { LONG } else { LONG_KOREAN };
                    let group = ["drivers", "restraints", "", "none", LONG, "제약 요인"][i as usize % 6];
                    match i % 4 {
                        // Monotone up and down, one-sided, no effect.
                        0 => bar(label, group, 19.7 - half, 19.7 + half),
                        1 => bar(label, group, 19.7 + half, 19.7 - half),
                        2 => bar(label, group, 19.7 + half, 19.7 + half / 3.0),
                        _ => bar(label, group, 19.7, 19.7),
                    }
                })
                .collect();
            let words = checked(&format!("{count} bars"), &tornado(rows, language));
            if count == 60 && language == Language::English {
                assert!(words.contains("… and 45 more of smaller reach, in summary.json"), "{words}");
            }
        }
    }
}

#[test]
fn a_tornado_names_events_ties_noise_and_members_of_long_names() {
    let mut event = bar("Supply stops", "none", 19.4, 22.0);
    (event.by_value, event.class_means) = (true, vec![19.4, 22.0]);
    (event.low_value, event.high_value) = (0.0, 1.0);
    let mut u_shape = bar("Distance from plan", "none", 22.0, 21.0);
    u_shape.class_means = vec![22.0, 20.0, 18.0, 17.0, 18.5, 21.0];
    let mut tied = bar("Price", "none", 19.0, 20.0);
    tied.ties = vec!["Volume".to_string()];
    let mut unjoined = bar("Sentiment", "none", 19.1, 19.9);
    (unjoined.ties, unjoined.has_path) = (vec!["Price".to_string(), "Volume".to_string()], false);
    let mut noise = bar("Weather", "none", 19.65, 19.75);
    noise.is_within_error = true;
    let long = |member: &str| bar(&format!("{LONG} {LONG}: {member}"), "none", 19.6, 19.8);
    // Members of one input that are tied among themselves, and to nothing else.
    let member = |name: &str| {
        let mut member = bar(&format!("Growth: {name}"), "none", 19.5, 19.8);
        (member.title, member.ties) = ("Growth".to_string(), vec!["Growth".to_string()]);
        member
    };
    let mut count = bar("Outages", "none", 19.2, 20.5);
    (count.by_value, count.class_means) = (true, vec![19.2, 19.9, 20.2, 20.5]);
    (count.low_value, count.high_value, count.high_from) = (0.0, 3.2, Some(3.0));
    let rows = vec![
        event,
        u_shape,
        tied,
        unjoined,
        long("Asia"),
        long("Europe"),
        noise,
        member("a"),
        member("b"),
        count,
    ];
    let words = checked("kinds of bars", &tornado(rows.clone(), Language::English));
    for word in [
        "does not happen",
        "happens",
        "Price¹",
        "Sentiment²",
        "Price, Volume; Growth (2 members).",
        "Sentiment with Price, Volume.",
        "0\u{2009}pp",
        "3\u{2009}pp and more",
        "grey ones cannot be told from none",
        "other tenths or values",
        "or at its lowest value",
    ] {
        assert!(words.contains(word), "no {word:?} in\n{words}");
    }
    assert!(words.lines().any(|l| l.starts_with('…') && l.ends_with(": Asia")), "{words}");
    assert!(words.lines().any(|l| l.starts_with('…') && l.ends_with(": Europe")), "{words}");
    let korean = checked("kinds of bars", &tornado(rows, Language::Korean));
    for word in ["일어나지 않음", "서로 상관관계로 묶여", "Price, Volume; Growth(2개).", "3\u{2009}pp 이상"]
    {
        assert!(korean.contains(word), "no {word:?} in\n{korean}");
    }
}

#[test]
fn tornados_of_extreme_values_keep_their_labels_apart() {
    for language in BOTH {
        for scale in [1e-12, 1e-3, 1.0, 1e5, 1e12] {
            let mut one = bar("Input", "drivers", -3.0 * scale, 22.0 * scale);
            one.unit = Some(LONG.to_string());
            (one.low_value, one.high_value) = (-123_456.0 * scale, 987_654.0 * scale);
            let mut all_left = bar("Other", "none", -2.0 * scale, -scale);
            (all_left.low_value, all_left.high_value) = (0.0, 0.0);
            let mut chart = tornado(vec![one, all_left], language);
            chart.mean = 22.0 * scale;
            chart.unit = None;
            checked(&format!("tornado times {scale}"), &chart);
        }
    }
}

#[test]
fn more_groups_than_colours_share_the_last_colour() {
    let rows = (0..12).map(|i| bar("Input", &format!("group {i}"), 19.0, 20.0)).collect();
    let words = checked("groups", &tornado(rows, Language::English));
    assert!(
        words.contains("group 4") && !words.contains("group 5") && words.contains("other groups"),
        "{words}"
    );
}

#[test]
fn a_histogram_says_both_axes_percentiles_reference_and_what_lies_outside() {
    let words = checked("histogram", &histogram(48, 6.0, 26.0, Language::English));
    for word in [
        "Share of runs",
        "Cumulative share",
        "Compound annual growth rate, %",
        "P10",
        "10.0\u{2009}%",
        "P90",
        "published headline: 16.4\u{2009}%",
        "mean: 15.2\u{2009}%",
        "0.10\u{2009}% of runs lie below 6.0\u{2009}%",
    ] {
        assert!(words.contains(word), "no {word:?} in\n{words}");
    }
    assert!(!words.contains("very same value"));
    let korean = checked("histogram", &histogram(48, 6.0, 26.0, Language::Korean));
    assert!(korean.contains("시행 비율") && korean.contains("누적 비율"), "{korean}");
}

#[test]
fn histograms_of_any_range_keep_their_labels_apart() {
    let most = f64::MAX;
    for language in BOTH {
        for (low, high) in [
            (6.0, 26.0),
            (-2.0, 3.0),
            (1e-9, 3e-9),
            (1e11, 2e12),
            (4.0, 4.0),
            (0.0, 0.0),
            (1e5, 1e5 + 1.0),
            (-1.7e308, 1.7e308),
            (-most, most),
            (0.0, 5e-324),
        ] {
            for bars in [1, 12, 200] {
                let chart = histogram(bars, low, high, language);
                let name = format!("histogram {low} {high} {bars}");
                checked(&name, &chart);
                let many =
                    [(0.0, 0.31), (0.1, 0.01), (0.2, 0.1), (0.21, 0.1), (0.22, 0.1), (0.9, 0.1), (1.0, 0.2)];
                let mut spikes = spiked(chart.clone(), &many);
                checked(&format!("{name}, spikes"), &spikes);
                let marks = ["P0.1", "P1", "P5", "P50", "P95", "P99", "P99.9"].into_iter().enumerate();
                let at = |part: f64| low * (1.0 - part) + high * part;
                spikes.marks = marks.map(|(i, name)| (name.to_string(), at(i as f64 / 6.0))).collect();
                let words = checked(&format!("{name}, seven marks"), &spikes);
                assert!(words.contains("P0.1") && words.contains("P99.9"), "{words}");
                checked(&format!("{name}, one spike"), &spiked(chart.clone(), &[(0.0, 0.999)]));
                // All percentiles at one place, the reference far outside.
                let mut chart = spiked(chart, &[(0.2, 0.95)]);
                let place = chart.marks[0].1;
                chart.marks.iter_mut().for_each(|mark| mark.1 = place);
                let far = high + 3.0 * (high - low);
                chart.reference = Some((if far.is_finite() { far } else { high }, LONG_KOREAN.to_string()));
                chart.unit = Some(LONG.to_string());
                chart.above = 0.02;
                checked(&format!("{name}, one place"), &chart);
            }
        }
    }
}

#[test]
fn a_value_that_many_runs_share_is_a_spike_with_its_share() {
    let chart = spiked(histogram(40, 0.0, 50.0, Language::English), &[(0.0, 0.701), (1.0, 0.05)]);
    let words = checked("spikes", &chart);
    for word in
        ["70.1\u{2009}% of runs are 0", "5.00\u{2009}% of runs are 50", "very same value (beyond the scale"]
    {
        assert!(words.contains(word), "no {word:?} in\n{words}");
    }
    let scene = chart.scene();
    let boxes = |colour: Colour| {
        scene.marks.iter().filter_map(move |mark| match mark {
            Mark::Box { rect, fill } if *fill == colour && rect.width() < 35.0 => Some(rect.height()),
            _ => None,
        })
    };
    let spikes: Vec<f64> = boxes(Colour(0, 104, 156)).collect();
    let bars = boxes(Colour(142, 189, 222)).fold(0.0, f64::max);
    let highest = chart.shares.iter().copied().fold(0.0, f64::max);
    // The second has the scale of the bars, the first is cut where the scale ends.
    assert!(spikes.len() == 2 && (spikes[1] / bars - 0.05 / highest).abs() < 1e-6, "{spikes:?} {bars}");
    assert!(spikes[0] >= spikes[1] && spikes[0] < 1.5 * spikes[1], "{spikes:?}");
    let mild = spiked(histogram(40, 0.0, 50.0, Language::English), &[(0.0, 0.1)]);
    assert!(!checked("mild spike", &mild).contains("cut"));
}

/// Histograms of members: bells, counts, and some with spikes.
fn members(count: usize, size: impl Fn(usize) -> f64) -> Vec<HistogramPanel> {
    (0..count)
        .map(|k| {
            let whole = histogram(20, 0.0, size(k), Language::English);
            let shown = match k % 3 {
                0 => PanelShape::Values(
                    (0..k + 1).map(|v| (v as f64 * size(k), 1.0 / (k + 1) as f64)).collect(),
                ),
                1 => PanelShape::Bars { edges: whole.edges, shares: whole.shares, spikes: vec![(0.0, 0.6)] },
                _ => PanelShape::Bars { edges: whole.edges, shares: whole.shares, spikes: Vec::new() },
            };
            let title = [LONG, LONG_KOREAN, "member"][k % 3].to_string();
            HistogramPanel { title, shown, marks: whole.marks, mean: whole.mean }
        })
        .collect()
}

#[test]
fn members_have_a_small_histogram_each_and_labels_apart() {
    for language in BOTH {
        for count in [2, 3, 4, 7, 12, 24] {
            for (name, size) in [("one scale", 1.0), ("own scales", 30.0), ("steep", 1e9)] {
                let panels = members(count, |k| (0..k % 7).fold(1.0, |product, _| product * size));
                let chart = HistogramPanelsChart {
                    frame: frame("Loss", language),
                    unit: Some("USD m".to_string()),
                    x_label: "Loss".to_string(),
                    reference: (count == 4).then(|| (0.5, LONG.to_string())),
                    page: 0..count,
                    panels,
                };
                let words = checked(&format!("{count} histograms, {name}"), &chart).replace('\u{a0}', " ");
                if count > 2 && language == Language::English {
                    assert!(words.contains("60.0\u{2009}% of runs are 0"), "{words}");
                    assert!(words.contains("P10") && words.contains("mean"), "{words}");
                }
            }
        }
    }
}

#[test]
fn few_values_are_drawn_each_with_its_share() {
    for language in BOTH {
        for count in [1, 2, 7, 16, 40] {
            for step in [1.0, 0.25, 1e9, 1e-6] {
                let values: Vec<(f64, f64)> =
                    (0..count).map(|i| (f64::from(i) * step, 1.0 / f64::from(count))).collect();
                let chart = DiscreteChart {
                    frame: frame("Failed batches", language),
                    unit: None,
                    x_label: LONG.to_string(),
                    values,
                    mean: Some(f64::from(count - 1) * 0.5 * step),
                    outside: (0.0, if count == 16 { 0.0009 } else { 0.0 }),
                };
                let words = checked(&format!("{count} values {step}"), &chart);
                assert_eq!(words.contains("0.0900\u{2009}%"), count == 16, "{words}");
                if count == 7 && language == Language::English {
                    assert!(words.contains("14.3\u{2009}%") && words.contains("Share of runs"), "{words}");
                }
            }
        }
    }
}

#[test]
fn a_probability_reads_as_a_number_an_interval_and_a_phrase() {
    for language in BOTH {
        for probability in [0.0, 1e-6, 0.0312, 0.4131, 0.5, 0.97, 0.999_999, 1.0] {
            let chart = ProbabilityChart {
                frame: frame("Does the market reach the headline?", language),
                statement: format!("{LONG_KOREAN} {LONG_KOREAN} {LONG}"),
                chance: chance(probability, 1e-3),
            };
            let words = checked(&format!("probability {probability}"), &chart);
            if probability == 0.4131 {
                assert!(words.contains("41.3\u{2009}%"), "{words}");
                let phrase = match language {
                    Language::English => "about 2 in 5 runs",
                    Language::Korean => "시행 5회 중 약 2회",
                };
                assert!(words.contains(phrase), "{words}");
            }
        }
    }
}

#[test]
fn probabilities_of_no_and_of_all_runs_say_how_far_they_may_be_off() {
    let card = |value: f64, language| {
        let chance = chance(value, 0.001_913);
        let chart =
            ProbabilityChart { frame: frame("Ruin", language), statement: "Ruin".to_string(), chance };
        checked("certain", &chart).replace('\u{2009}', " ")
    };
    let never = card(0.0, Language::English);
    assert!(never.lines().any(|l| l == "0 %") && never.contains("at most 0.19 %"), "{never}");
    assert!(card(1.0, Language::English).contains("at least 99.81 %"));
    assert!(card(0.0, Language::Korean).contains("최대 0.19 %"));
}

#[test]
fn probabilities_over_the_years_have_a_line_each_and_labels_apart() {
    for language in BOTH {
        for count in [1, 2, 4, 9, 24] {
            for years in [1, 2, 7, 26, 101] {
                for level in [0.0, 1.2e-5, 0.014, 0.4, 0.97, 1.0] {
                    let panels: Vec<ChancePanel> = (0..count)
                        .map(|k| ChancePanel {
                            title: [LONG_KOREAN, LONG, "A"][k % 3].to_string(),
                            years: (0..years).map(|i| 2025 + i).collect(),
                            chances: (0..years)
                                .map(|i| chance(level * (0.5 + 0.5 / f64::from(i + 1)), 0.3 * level + 1e-6))
                                .collect(),
                        })
                        .collect();
                    let chart = ChanceYearsChart { frame: frame("Loss", language), page: 0..count, panels };
                    let words = checked(&format!("{count} lines {years} {level}"), &chart);
                    if level == 1.2e-5 && years == 7 {
                        assert!(words.contains("0.0010\u{2009}%"), "{words}");
                    }
                }
            }
        }
    }
}

#[test]
fn probabilities_of_members_have_a_bar_each_in_their_order_and_labels_apart() {
    for language in BOTH {
        for count in [1, 2, 12, 30] {
            for level in [0.0, 1.2e-5, 0.4, 1.0] {
                let names = [LONG, "Supply", LONG_KOREAN];
                let rows: Vec<(String, Chance)> = (0..count)
                    .map(|k| {
                        let value = level / f64::from(k + 1);
                        (format!("{k} {}", names[k as usize % 3]), chance(value, 0.2 * value + 1e-6))
                    })
                    .collect();
                let highest = rows[0].1.high;
                let chart = ChanceBarsChart { frame: frame("Failure", language), rows, highest };
                let words = checked(&format!("{count} bars {level}"), &chart);
                let first = words.find("0 Auto").unwrap();
                assert!(count < 2 || words.find("1 Supply").unwrap() > first, "{words}");
                if level == 0.4 && count > 1 && language == Language::English {
                    assert!(words.contains("40\u{2009}%") && words.contains("32–48\u{2009}%"), "{words}");
                }
            }
        }
    }
}

#[test]
fn long_titles_and_footers_are_wrapped_and_shortened() {
    let mut chart = fan(vec![panel("", 7, 8.0, 11.0, 4.0)], Language::English);
    chart.frame.title = format!("{LONG} {LONG_KOREAN} {LONG}");
    chart.frame.subtitle = format!("{LONG_KOREAN} {LONG} {LONG_KOREAN}");
    chart.frame.footer = format!("{LONG} {LONG} {LONG_KOREAN}");
    chart.y_label = format!("{LONG} {LONG_KOREAN}");
    let words = checked("long texts", &chart);
    assert!(words.lines().filter(|l| l.ends_with('…')).count() >= 2, "{words}");
}

#[test]
fn markup_and_control_characters_in_labels_are_harmless() {
    let mut chart = fan(vec![panel("", 7, 8.0, 11.0, 4.0)], Language::English);
    chart.frame.title = "R&D <cost> \"now\"\u{0}\u{1b}[31m".to_string();
    let words = checked("markup", &chart);
    assert!(words.contains("R&D <cost> \"now\""), "{words}");
}

#[test]
fn a_png_is_large_enough_and_the_same_each_time() {
    let text = svg(&fan(vec![panel("", 7, 8.0, 11.0, 4.0)], Language::Korean)).unwrap();
    let picture = png(&text).unwrap();
    assert!(picture.warnings.is_empty());
    assert_eq!(picture.bytes, png(&text).unwrap().bytes);
    assert_eq!(&picture.bytes[1..4], b"PNG");
    let number = |at: usize| u32::from_be_bytes(picture.bytes[at..at + 4].try_into().unwrap());
    assert_eq!((number(16), number(20)), (2400, 1500));
}

#[test]
fn a_character_without_a_glyph_is_warned_about() {
    let mut chart = fan(vec![panel("", 2, 8.0, 11.0, 4.0)], Language::English);
    chart.frame.title = "市場".to_string();
    let picture = png(&svg(&chart).unwrap()).unwrap();
    assert!(picture.warnings.len() == 1 && picture.warnings[0].contains('市'), "{:?}", picture.warnings);
}

#[test]
fn text_that_is_no_svg_is_refused() {
    assert!(png("no picture").unwrap_err().to_string().contains("SVG"));
}

#[test]
fn only_the_base_year_is_called_so() {
    let years: Vec<i32> = (2026..=2031).collect();
    let values = years.iter().map(|_| year(&|offset| 8.0 + offset)).collect();
    let panel = FanPanel { title: String::new(), years, values, reference: None };
    let mut chart = fan(vec![panel], Language::English);
    assert!(svg(&chart).unwrap().contains("base year"));
    chart.base_year = Some(2025);
    assert!(!svg(&chart).unwrap().contains("base year"));
}
