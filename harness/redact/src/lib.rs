//! Decides what of an exchange may be stored: an allow-list, and detectors as a second net.
//! Writes nothing itself. A value that no rule allows becomes a typed token such as `{text}`.

mod allow_list;
mod body;
mod detect;
mod known;
mod policy;
mod tripwire;
mod wire;

pub use allow_list::{keeps_element, keeps_header, resource_types};
pub use known::KnownValue;
pub use policy::Policy;
pub use tripwire::Tripped;

#[cfg(test)]
mod tests;
