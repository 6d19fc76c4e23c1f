//! Charts: from the figures of an analysis to SVG and PNG.
//!
//! *Takes* plain figures (bands, shares, bar ends) with their labels, *gives* an SVG text and PNG bytes, *knows nothing
//! of* runs, tallies and files. Each chart is a file of its own that turns its figures into a [`Scene`], a list of
//! marks on a canvas 1,600 units wide, and a row of [`CHARTS`]. Text is measured with the embedded fonts before it is
//! placed, so that labels are wrapped or shortened and neither overlap nor leave the picture.
//!
//! ```
//! use riskband::report::chart::{Chance, Frame, ProbabilityChart, png, svg};
//! use riskband::scenario::Language;
//! let chart = ProbabilityChart {
//!     frame: Frame {
//!         title: "Market reaches the headline".into(),
//!         subtitle: "Cell and gene therapy, 2031".into(),
//!         footer: "1,000,000 runs · seed 1 · riskband 0.1.0 · 3f2a9c1b".into(),
//!         language: Language::English,
//!     },
//!     statement: "Market of at least 19.67 USD bn in 2031".into(),
//!     chance: Chance { value: 0.413, low: 0.412, high: 0.414 },
//! };
//! let text = svg(&chart).unwrap();
//! assert!(text.contains("about 2 in 5 runs"));
//! assert!(png(&text).unwrap().warnings.is_empty());
//! ```

mod axis;
mod chance;
mod chance_bars;
mod chance_years;
mod density;
mod discrete;
mod encode;
mod fan;
mod font;
mod frame;
mod grid;
mod histogram;
mod histogram_panels;
mod labels;
mod legend;
mod number;
mod outline;
mod panel;
mod png;
mod probability;
mod scene;
mod svg;
mod table;
mod theme;
mod tornado;
mod tornado_notes;
mod words;

pub use chance::Chance;
pub use chance_bars::ChanceBarsChart;
pub use chance_years::{ChancePanel, ChanceYearsChart};
pub use density::DensityChart;
pub use discrete::DiscreteChart;
pub use fan::{BandName, FanChart, FanPanel, FanYear, ReferenceMark};
pub use font::{Weight, embedded_fonts, text_width};
pub use frame::Frame;
pub use histogram::HistogramChart;
pub use histogram_panels::{HistogramPanel, HistogramPanelsChart, PanelShape};
pub use number::{NumberFormat, percentage, percentage_with};
pub use outline::Outline;
pub use png::{Picture, png};
pub use probability::ProbabilityChart;
pub use scene::{Anchor, Chart, Colour, Mark, Rect, Scene, TextStyle};
pub use svg::{ChartError, svg};
pub use table::{CHARTS, ChartEntry};
pub use tornado::{TornadoBar, TornadoChart};
pub use words::Words;
