//! Tells why a SAML login failed.

pub mod limits;
pub mod xml;
