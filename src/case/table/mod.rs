//! Tables inside of texts: sheets and tables are stretches of a text with one line a row and one
//! tab between cells. Rows are read by windows (`rows.rs`); sorting, filtering (`order.rs`) and
//! counting (`figures.rs`) go over all rows once, chunk by chunk, and can be cancelled. What a cell
//! must say is a condition (`condition.rs`); what it says, however it is written, a value (`value.rs`).

mod condition;
mod figures;
mod order;
mod rows;
mod value;

pub use condition::Condition;
pub use figures::{ColumnValue, Extreme, Figures};
pub use order::{RowOrder, TableView};
pub use rows::{TableRow, TableSlice};
