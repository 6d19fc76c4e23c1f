//! The words that charts add to the user's own labels, in every language of the tool.

use crate::sampling::Design;
use crate::scenario::Language;

/// The tool's own words in one language; `{}` stands for what is filled in, in order.
#[derive(Debug)]
pub struct Words {
    pub year: &'static str,
    /// Slot: number of runs.
    pub runs: &'static str,
    /// The same of one.
    pub run: &'static str,
    /// Slots: number of runs in the result, number asked for.
    pub partial: &'static str,
    /// Added to the number of runs: a Latin hypercube, and Sobol' points.
    pub designs: [&'static str; 2],
    pub seed: &'static str,
    pub mean: &'static str,
    pub median: &'static str,
    pub base_year: &'static str,
    pub reference: &'static str,
    /// Slots: a band's share of the runs in %, the names of its ends.
    pub band: &'static str,
    /// The band of a half. Slots: the names of its ends.
    pub half: &'static str,
    /// Percentiles count from above.
    pub exceedance: &'static str,
    /// Said of panels that can be compared.
    pub common_scale: &'static str,
    /// Slot: number of panels left out.
    pub more_panels: &'static str,
    pub share_of_runs: &'static str,
    pub cumulative: &'static str,
    /// Values that many runs share.
    pub spikes: &'static str,
    /// Said of those that are cut at the top.
    pub cut: &'static str,
    /// Slots: share, value. One of them.
    pub spike: &'static str,
    /// Of panels with bars: what heights mean.
    pub panel_heights: &'static str,
    /// Of spikes in panels.
    pub panel_cut: &'static str,
    /// Slots: number of this picture, of all.
    pub page: &'static str,
    /// Slots: share, value.
    pub below: &'static str,
    /// Slots: share, value.
    pub above: &'static str,
    /// Slots: low and high end.
    pub interval: &'static str,
    /// What the interval of a probability is called.
    pub interval_name: &'static str,
    /// Slot: upper end, of a probability of 0.
    pub at_most: &'static str,
    /// Slot: lower end, of a probability of 1.
    pub at_least: &'static str,
    pub probability: &'static str,
    /// A probability of 0.
    pub never: &'static str,
    /// A probability of 1.
    pub always: &'static str,
    /// Slots: count, out of how many.
    pub about: &'static str,
    /// Slots: count, out of how many.
    pub all_but: &'static str,
    /// The light side of a bar.
    pub lowest_tenth: &'static str,
    /// The dark side of a bar.
    pub highest_tenth: &'static str,
    /// The same where some inputs are shown by value.
    pub lowest_class: &'static str,
    pub highest_class: &'static str,
    /// Where the means of the other tenths lie.
    pub other_classes: &'static str,
    /// Short for the lowest tenth.
    pub low: &'static str,
    /// Short for the highest tenth.
    pub high: &'static str,
    /// Of an event.
    pub happens_not: &'static str,
    pub happens: &'static str,
    pub reach: &'static str,
    /// Slot: the output.
    pub mean_of: &'static str,
    /// Slot: number of bars left out.
    pub more_bars: &'static str,
    /// Slot: the output.
    pub bar_definition: &'static str,
    /// Slot: groups of inputs that move along with each other.
    pub tied: &'static str,
    /// Slots: an input, how many of its members.
    pub members: &'static str,
    /// Slot: the greatest or the least of several values.
    pub and_less: &'static str,
    pub and_more: &'static str,
    /// Slots: an input, what it is tied to.
    pub tied_pair: &'static str,
    /// Slot: inputs.
    pub no_path: &'static str,
    /// Groups beyond the colours there are.
    pub other_groups: &'static str,
    /// A tornado without rows.
    pub no_bars: &'static str,
}

static ENGLISH: Words = Words {
    year: "Year",
    runs: "{} runs",
    run: "{} run",
    partial: "partial: {} of {} runs",
    designs: [" (Latin hypercube)", " (scrambled Sobol’ points)"],
    seed: "seed",
    mean: "mean",
    median: "median",
    base_year: "base year",
    reference: "reference",
    band: "{}\u{2009}% of runs ({}–{})",
    half: "half of the runs ({}–{})",
    exceedance: "P90 is exceeded in 90\u{2009}% of the runs",
    common_scale: "one vertical scale for all panels",
    more_panels: "{} more not drawn",
    share_of_runs: "share of runs",
    cumulative: "cumulative share",
    spikes: "runs with the very same value",
    cut: "beyond the scale where cut",
    spike: "{} of runs are {}",
    panel_heights: "each panel is as high as its highest bar",
    panel_cut: "a spike that is cut is higher",
    page: "part {} of {}",
    below: "{} of runs lie below {}",
    above: "{} of runs lie above {}",
    interval: "95\u{2009}% interval {} to {}",
    interval_name: "95\u{2009}% interval",
    at_most: "at most {}",
    at_least: "at least {}",
    probability: "probability",
    never: "in none of the runs",
    always: "in every run",
    about: "about {} in {} runs",
    all_but: "in all but about {} in {} runs",
    lowest_tenth: "input in its lowest tenth",
    highest_tenth: "input in its highest tenth",
    lowest_class: "input in its lowest tenth, or at its lowest value",
    highest_class: "input in its highest tenth, or at its highest value",
    other_classes: "other tenths or values",
    low: "low",
    high: "high",
    happens_not: "does not happen",
    happens: "happens",
    reach: "reach",
    mean_of: "mean of {}",
    more_bars: "… and {} more of smaller reach, in summary.json",
    bar_definition: "A bar holds the means of {} over the runs in each tenth of the input, or at each value of an input \
                     with up to ten: light at the lowest, dark at the highest, with the input’s own mean there; ticks: \
                     the others. Whiskers: 95\u{2009}% intervals. Dark line: mean over all runs. Bars stand by their \
                     reach, the root mean square distance of those means from it; grey ones cannot be told from none.",
    tied: "¹ Tied to each other, so that each moves along in the bars of the others: {}",
    members: "{} ({} members)",
    and_less: "{} and less",
    and_more: "{} and more",
    tied_pair: "{} with {}",
    no_path: "² No formula joins it to the output: it moves only with what it is tied to. {}",
    other_groups: "other groups",
    no_bars: "no input moves this output",
};

static KOREAN: Words = Words {
    year: "연도",
    runs: "{}회 시행",
    run: "{}회 시행",
    partial: "부분 결과: 시행 {1}회 중 {0}회",
    designs: [" (라틴 하이퍼큐브)", " (스크램블 소볼 점열)"],
    seed: "시드",
    mean: "평균",
    median: "중앙값",
    base_year: "기준 연도",
    reference: "참조값",
    band: "시행의 {}\u{2009}% ({}–{})",
    half: "시행의 절반 ({}–{})",
    exceedance: "P90은 시행의 90\u{2009}%가 넘는 값",
    common_scale: "모든 그림의 세로축 눈금이 같음",
    more_panels: "{}개는 생략",
    share_of_runs: "시행 비율",
    cumulative: "누적 비율",
    spikes: "값이 똑같은 시행",
    cut: "잘린 기둥은 눈금보다 높음",
    spike: "시행의 {}가 {}",
    panel_heights: "그림마다 가장 높은 막대가 높이를 채움",
    panel_cut: "잘린 기둥은 그보다 높음",
    page: "{}/{}",
    below: "{1} 미만: 시행의 {0}",
    above: "{1} 초과: 시행의 {0}",
    interval: "95\u{2009}% 신뢰구간 {}~{}",
    interval_name: "95\u{2009}% 신뢰구간",
    at_most: "최대 {}",
    at_least: "최소 {}",
    probability: "확률",
    never: "모든 시행에서 일어나지 않음",
    always: "모든 시행에서 일어남",
    about: "시행 {1}회 중 약 {0}회",
    all_but: "시행 {1}회 중 약 {0}회를 뺀 나머지",
    lowest_tenth: "입력값이 하위 10\u{2009}%일 때",
    highest_tenth: "입력값이 상위 10\u{2009}%일 때",
    lowest_class: "입력값이 하위 10\u{2009}%이거나 최솟값일 때",
    highest_class: "입력값이 상위 10\u{2009}%이거나 최댓값일 때",
    other_classes: "나머지 구간 또는 값",
    low: "하위",
    high: "상위",
    happens_not: "일어나지 않음",
    happens: "일어남",
    reach: "영향 폭",
    mean_of: "{} 평균",
    more_bars: "… 영향 폭이 더 작은 입력 {}개는 summary.json에 있음",
    bar_definition: "막대는 입력값의 10\u{2009}% 구간마다(값이 10개 이하인 입력은 값마다) 구한 {} 평균이 놓인 범위입니다. \
                     연한 색은 가장 낮은 구간, 진한 색은 가장 높은 구간이며 끝의 수는 그 구간에서 입력값의 평균, 눈금은 나머지 구간입니다. \
                     수염은 95\u{2009}% 신뢰구간, 진한 세로선은 전체 시행의 평균입니다. 막대는 영향 폭(구간 평균들이 전체 평균에서 떨어진 거리의 \
                     제곱평균제곱근) 순이고, 회색은 영향이 없는 것과 구별되지 않습니다.",
    tied: "¹ 서로 상관관계로 묶여 있어 각 막대에는 함께 움직이는 입력의 영향도 들어 있습니다: {}",
    members: "{}({}개)",
    and_less: "{} 이하",
    and_more: "{} 이상",
    tied_pair: "{}: {}",
    no_path: "² 출력에 이르는 식이 없고, 묶인 입력과 함께 움직일 뿐입니다. {}",
    other_groups: "그 밖의 그룹",
    no_bars: "이 출력을 움직이는 입력이 없음",
};

impl Words {
    /// A number of runs, already written as a number.
    pub fn run_count(&self, count: &str) -> String {
        fill(if count == "1" { self.run } else { self.runs }, &[count])
    }

    /// What is added to the number of runs for their design; nothing for Monte Carlo.
    pub fn laid_out(&self, design: Design) -> &'static str {
        match design {
            Design::MonteCarlo => "",
            Design::Hypercube { .. } => self.designs[0],
            Design::Sobol { .. } => self.designs[1],
        }
    }

    /// How many of the runs asked for a partial result holds.
    pub fn part(&self, runs: &str, asked: &str) -> String {
        fill(self.partial, &[runs, asked])
    }

    /// Which of several pictures one is.
    pub fn page(&self, number: usize, of: usize) -> String {
        fill(self.page, &[&number.to_string(), &of.to_string()])
    }

    /// How many members are in no picture.
    pub fn more(&self, count: usize) -> String {
        fill(self.more_panels, &[&count.to_string()])
    }

    /// The words of a language.
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::English => &ENGLISH,
            Language::Korean => &KOREAN,
        }
    }
}

/// Fills a phrase: `{}` takes the next value, `{0}` and `{1}` the value so numbered.
pub(super) fn fill(phrase: &str, values: &[&str]) -> String {
    let mut text = String::new();
    let mut next = 0;
    let mut rest = phrase;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let (slot, after) = after.split_once('}').unwrap_or(("", after));
        let index = slot.parse().unwrap_or(next);
        next += 1;
        text.push_str(values.get(index).copied().unwrap_or(""));
        rest = after;
    }
    text.push_str(rest);
    text
}

/// A text with its first letter in upper case.
pub(super) fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phrases(words: &Words) -> [&str; 25] {
        [
            words.runs,
            words.partial,
            words.band,
            words.half,
            words.below,
            words.above,
            words.interval,
            words.about,
            words.all_but,
            words.mean_of,
            words.more_bars,
            words.more_panels,
            words.bar_definition,
            words.median,
            words.spike,
            words.page,
            words.at_most,
            words.at_least,
            words.reach,
            words.tied,
            words.members,
            words.and_less,
            words.and_more,
            words.tied_pair,
            words.no_path,
        ]
    }

    #[test]
    fn both_languages_fill_the_same_number_of_places() {
        for (english, korean) in phrases(&ENGLISH).iter().zip(phrases(&KOREAN)) {
            assert_eq!(english.matches('{').count(), korean.matches('{').count(), "{english} / {korean}");
        }
    }

    #[test]
    fn filled_values_stand_in_order_or_by_number() {
        assert_eq!(fill(ENGLISH.about, &["2", "5"]), "about 2 in 5 runs");
        assert_eq!(fill(KOREAN.about, &["2", "5"]), "시행 5회 중 약 2회");
        assert_eq!(fill("{} {", &["a {b}"]), "a {b} ");
    }

    #[test]
    fn one_run_is_not_said_as_many() {
        assert_eq!(["0", "1", "1,000"].map(|n| ENGLISH.run_count(n)), ["0 runs", "1 run", "1,000 runs"]);
        assert_eq!(KOREAN.run_count("1"), "1회 시행");
    }

    #[test]
    fn a_capital_letter_opens_a_heading() {
        assert_eq!(capitalised("mean of market"), "Mean of market");
        assert_eq!(capitalised("평균"), "평균");
        assert_eq!(capitalised(""), "");
    }
}
