//! Tells why a SAML login failed.

pub mod config;
pub mod decode;
pub mod input;
pub mod limits;
pub mod time;
pub mod xml;
