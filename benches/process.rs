//! What the whole process costs, from its start to its exit code, beside `xmlsec1 --verify` of the same message.
//!
//! `cargo bench --bench process` runs both in turns and prints the fastest of each; the target is 0.30. It needs `xmlsec1` on the path (the
//! Debian package of that name), and says so when it is missing.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a bench measures time and prints it, and stops when its own input is wrong"
)]

#[path = "../tests/support/mod.rs"]
mod support;

use std::fs;
use std::process::{Command, Stdio};
use std::time::Instant;

use support::keys::Key;
use support::response::Response;

const CONFIGURATION: &str = r#"
[[sp]]
name = "acme-prod"
issuer = "https://idp.example.com/metadata"
entity_id = "https://acme.my.salesforce.com"
login_url = "https://acme.my.salesforce.com?so=00D000000000001"
idp_certificate = "idp.pem"
"#;

const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion:Assertion";
const TARGET: f64 = 0.30;
const ROUNDS: usize = 150;

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &[u8]| fs::write(folder.path().join(name), text).unwrap();
    file("samlcheck.toml", CONFIGURATION.as_bytes());
    file("idp.pem", &Key::Idp.certificate().to_pem().unwrap());
    file("response.xml", Response::usual().xml().as_bytes());
    let command = |program: &str, arguments: &[&str]| {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(folder.path()).env_clear();
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    };
    let ours = env!("CARGO_BIN_EXE_samlcheck");
    let at = ["--at", "2026-01-15T10:01:00Z", "response.xml"];
    let verify =
        ["--verify", "--id-attr:ID", ASSERTION, "--pubkey-cert-pem", "idp.pem", "response.xml"];
    let mut rows = [
        ("xmlsec1 --verify", command("/usr/bin/xmlsec1", &verify), f64::INFINITY),
        ("samlcheck", command(ours, &at), f64::INFINITY),
        (
            "samlcheck --engine native",
            command(ours, &[&["--engine", "native"], &at[..]].concat()),
            f64::INFINITY,
        ),
        ("samlcheck --version", command(ours, &["--version"]), f64::INFINITY),
    ];
    for _ in 0..ROUNDS {
        for (name, command, fastest) in &mut rows {
            let start = Instant::now();
            let Ok(status) = command.status() else {
                return println!("{name} cannot be run: is it installed?");
            };
            *fastest = fastest.min(start.elapsed().as_secs_f64());
            assert!(status.success(), "{name}: {status}");
        }
    }
    println!("{:<28} {:>8} {:>10} {:>8}", "process", "ms", "× xmlsec1", "target");
    let measure = rows[0].2;
    for (name, _, seconds) in &rows {
        let target = if *name == "samlcheck" { format!("≤ {TARGET:.2}") } else { String::new() };
        println!("{name:<28} {:>8.2} {:>10.2} {target:>8}", seconds * 1e3, seconds / measure);
    }
}
