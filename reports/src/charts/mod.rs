//! Charts as SVG text, each a pure function from a few figures: the same figures give the same bytes.
//! Not for statistics, titles or tables: `benchmark` has the first, the pages the others.

pub(crate) mod bars;
pub(crate) mod canvas;
pub(crate) mod caterpillar;
pub(crate) mod change;
pub(crate) mod dots;
pub(crate) mod funnel;
pub(crate) mod icons;
mod labels;
pub(crate) mod quartile;
pub(crate) mod ranks;
mod scale;
pub(crate) mod spine;
pub(crate) mod xmr;

pub(crate) use canvas::{Plate, Reading, Stamp};
