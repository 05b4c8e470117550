//! Any configuration file, and any file that it names, is read or refused in words; a private key is never among them.

#![no_main]

use std::collections::HashSet;
use std::io;
use std::path::Path;

use libfuzzer_sys::fuzz_target;
use samlcheck::config::detect::{Seen, detect};
use samlcheck::config::{Configuration, load};

const CERTIFICATE: &[u8] = include_bytes!("../../../samples/01-all-green/idp.pem");
const USERS: &[u8] = include_bytes!("../../../samples/01-all-green/users.csv");
const KEY: &str = include_str!("../../support/keys/p-256.pem");
/// A piece of the key that nothing else contains, long enough to be of use to anybody.
const SECRET: &str = "RqRZfmGhRANCAASgK0XB9s285folqLnNBkCf6rXP";

fuzz_target!(|data: &[u8]| {
    // The configuration, then NUL, then what stands in the file called `given`.
    let (text, given) = match data.iter().position(|byte| *byte == 0) {
        Some(end) => (&data[..end], &data[end + 1..]),
        None => (data, &data[data.len()..]),
    };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let read = |path: &Path| match path.file_name().and_then(|name| name.to_str()) {
        Some("idp.pem") => Ok(CERTIFICATE.to_vec()),
        Some("users.csv") => Ok(USERS.to_vec()),
        Some("sp.key") => Ok(KEY.as_bytes().to_vec()),
        Some("given") => Ok(given.to_vec()),
        _ => Err(io::Error::from(io::ErrorKind::NotFound)),
    };
    match load(Path::new("folder/samlcheck.toml"), text, &read) {
        Ok(configuration) => {
            use_it(&configuration);
            assert!(!format!("{configuration:?}").contains(SECRET) || text.contains(SECRET));
        }
        Err(error) => {
            let said = error.to_string();
            assert!(!said.contains(SECRET), "{said}");
            assert!(!said.chars().any(char::is_control), "{said:?}");
            let place = error.place().strip_prefix("folder/samlcheck.toml:");
            let line = place.and_then(|line| line.parse::<usize>().ok());
            // An error is told of a line of the file, or of a line of a file that it names.
            if let Some(line) = line {
                assert!(line >= 1 && line <= text.lines().count() + 1, "{said}");
            }
        }
    }
});

/// What was read is what the later stages rely on.
fn use_it(configuration: &Configuration) {
    let all = &configuration.service_providers;
    assert!(!all.is_empty());
    let names: HashSet<_> = all.iter().map(|config| &config.name).collect();
    assert_eq!(names.len(), all.len(), "names are unique");
    for config in all {
        assert!(!config.idp_certificates.is_empty());
        let seen = Seen {
            issuer: Some(config.issuer.given()),
            audiences: vec![config.entity_id.given()],
            recipients: config.endpoints().map(|endpoint| endpoint.given().as_str()).collect(),
        };
        assert!(detect(all, &seen).chosen.is_some(), "its own message chooses a configuration");
        config.own_organization_id();
        if let Some(users) = &config.users {
            let sensitive = config.federation_id_case_sensitive;
            for subject in
                ["zmueller@example.com", "ZMUELLER@example.com ", "", "jnovak@example.co"]
            {
                drop(format!("{:?}", users.map(subject, config.identity_type, sensitive)));
            }
        }
    }
}
