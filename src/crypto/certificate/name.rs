//! The names in a certificate as one line that cannot be misread: `CN=idp, O=Example Corp`.
//!
//! RFC 4514 §2.4 for the escapes. Choice: the parts stay in the certificate's order, as OpenSSL prints them and as
//! the pages of identity providers do, and not in RFC 4514's reverse order.

use openssl::asn1::Asn1StringRef;
use openssl::nid::Nid;
use openssl::x509::X509NameRef;

use super::colon_hex;

/// The parts of a name in the order of the certificate, separated by `, `; a part of several values is not told from
/// several parts.
pub(super) fn write_name(name: &X509NameRef) -> String {
    let parts = name.entries().map(|entry| {
        let object = entry.object();
        let kind = match object.nid() {
            Nid::UNDEF => object.to_string(),
            nid => nid.short_name().map_or_else(|_| object.to_string(), str::to_owned),
        };
        format!("{kind}={}", value(entry.data()))
    });
    parts.collect::<Vec<_>>().join(", ")
}

/// One value of a name, escaped, with any NUL inside it; what is no text is written in hexadecimal behind `#`
/// (RFC 4514 §2.4).
fn value(data: &Asn1StringRef) -> String {
    match data.to_string() {
        Ok(text) => escape(&text),
        Err(_) => format!("#{}", colon_hex(data.as_slice()).replace(':', "")),
    }
}

fn escape(text: &str) -> String {
    let last = text.chars().count().saturating_sub(1);
    let mut escaped = String::with_capacity(text.len());
    for (position, c) in text.chars().enumerate() {
        let needed = match c {
            ',' | '+' | '"' | '\\' | '<' | '>' | ';' => true,
            '#' => position == 0,
            ' ' => position == 0 || position == last,
            _ => false,
        };
        if needed {
            escaped.push('\\');
            escaped.push(c);
        } else if c.is_control() {
            let mut buffer = [0; 4];
            for octet in c.encode_utf8(&mut buffer).bytes() {
                escaped.push_str(&format!("\\{octet:02X}"));
            }
        } else {
            escaped.push(c);
        }
    }
    escaped
}
