//! Properties (MQTT 5.0 section 2.2.2): one table, a validated raw slice, typed getters.

mod buf;
mod properties;
mod read;
mod table;
mod value;

pub use buf::{PropertyBuf, PropertyError};
pub use properties::Properties;
pub use table::{Place, PropertyId};
pub use value::{Value, ValueType};
