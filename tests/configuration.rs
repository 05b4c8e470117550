//! Which configuration the real program uses, and what it says when there is none or it is wrong.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what the tests here share may fail the test, as the tests themselves may"
)]

mod place;

use place::{AT, Place, at, code, err, out};

/// The sample is judged by a file somewhere else.
fn response() -> Place {
    let place = Place::new();
    place.copy("01-all-green/response.b64");
    place
}

/// Writes the all-green sample's configuration into a folder of the place.
fn configure(place: &Place, path: &str) {
    let sample = Place::configured();
    let folder = path.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
    for (from, to) in [
        ("samlcheck.toml", path.to_owned()),
        ("idp.pem", format!("{folder}idp.pem")),
        ("users.csv", format!("{folder}users.csv")),
    ] {
        place.write(&to, &String::from_utf8(sample.read(from)).unwrap());
    }
}

#[test]
fn the_nearest_file_upward_is_used() {
    let place = response();
    configure(&place, "samlcheck.toml");
    place.write("a/b/c/empty", "");
    let mut command = place.command(&at(&["-v", "../../../response.b64"]));
    let output = command.current_dir(place.path("a/b/c")).output().unwrap();
    assert_eq!(code(&output), 0, "{}", err(&output));
    let said =
        "configuration: ../../../samlcheck.toml, the nearest upward from the current directory\n";
    assert_eq!(err(&output), said);
    place.write("a/b/samlcheck.toml", "broken");
    let mut command = place.command(&at(&["../../../response.b64"]));
    let output = command.current_dir(place.path("a/b/c")).output().unwrap();
    assert_eq!(code(&output), 4);
    assert!(err(&output).starts_with("error: ../samlcheck.toml:1: "), "{}", err(&output));
}

#[test]
fn then_the_users_own() {
    let place = response();
    configure(&place, "xdg/samlcheck/config.toml");
    configure(&place, "home/.config/samlcheck/config.toml");
    let used = |variables: &[(&str, &str)]| {
        let mut command = place.command(&at(&["-v", "response.b64"]));
        for (name, folder) in variables {
            let value = if *folder == "relative" { "xdg".into() } else { place.path(folder) };
            command.env(name, value);
        }
        let output = command.output().unwrap();
        (code(&output), err(&output))
    };
    let path =
        |folder: &str| place.path(folder).join("samlcheck/config.toml").display().to_string();
    let (code, said) = used(&[("XDG_CONFIG_HOME", "xdg"), ("HOME", "home")]);
    assert!(code == 0 && said.contains(&path("xdg")), "{said}");
    let (code, said) = used(&[("HOME", "home")]);
    assert!(code == 0 && said.contains(&path("home/.config")), "{said}");
    let (code, said) = used(&[("XDG_CONFIG_HOME", "relative"), ("HOME", "home")]);
    assert!(code == 0 && said.contains(&path("home/.config")), "relative ones are ignored: {said}");
    assert_eq!(used(&[("XDG_CONFIG_HOME", "home")]).0, 4, "it does not fall back to HOME");
}

#[test]
fn a_named_file_beats_the_nearest_and_the_option_beats_the_variable() {
    let place = response();
    configure(&place, "elsewhere/this.toml");
    place.write("samlcheck.toml", "broken");
    place.write("broken.toml", "broken");
    let named = at(&["--config", "elsewhere/this.toml", "response.b64"]);
    assert_eq!(code(&place.run(&named)), 0);
    let variable = |file: &str, arguments: &[&str]| {
        code(&place.command(arguments).env("SAMLCHECK_CONFIG", file).output().unwrap())
    };
    assert_eq!(variable("elsewhere/this.toml", &at(&["response.b64"])), 0);
    assert_eq!(variable("broken.toml", &at(&["response.b64"])), 4);
    assert_eq!(variable("broken.toml", &named), 0);
    let missing = place.run(&["--config", "missing.toml", "response.b64"]);
    assert_eq!((code(&missing), out(&missing)), (4, String::new()));
    assert!(
        err(&missing).starts_with("error: missing.toml: cannot be read: "),
        "{}",
        err(&missing)
    );
}

#[test]
fn without_a_configuration_it_says_how_to_write_one() {
    let place = response();
    for format in ["text", "json"] {
        let output = place.run(&["--format", format, "response.b64"]);
        assert_eq!((code(&output), out(&output)), (4, String::new()));
        let said = err(&output);
        for part in ["error: no configuration", "[[sp]]", "idp_certificate = ", "--idp-cert"] {
            assert!(said.contains(part), "{part} in {said}");
        }
        assert!(said.ends_with("Nothing was validated\n"), "{said}");
    }
}

#[test]
fn an_error_in_the_file_names_its_line_and_what_to_do() {
    let place = Place::configured();
    let file = String::from_utf8(place.read("samlcheck.toml")).unwrap();
    place.write("samlcheck.toml", &file.replacen("issuer", "isuer", 1));
    let output = place.run(&at(&["--format", "json", "response.b64"]));
    assert_eq!((code(&output), out(&output)), (4, String::new()));
    let said = "error: samlcheck.toml:3: unknown key `isuer` in [[sp]]; did you mean `issuer`?\n\
                Nothing was validated\n";
    assert_eq!(err(&output), said);
}

#[test]
fn a_name_that_does_not_exist_is_refused_with_those_that_do() {
    let place = Place::configured();
    let output = place.run(&at(&["--sp", "acme-prdo", "response.b64"]));
    assert_eq!((code(&output), out(&output)), (4, String::new()));
    for part in ["error: --sp: ", "did you mean `acme-prod`", "`acme-sandbox`"] {
        assert!(err(&output).contains(part), "{part} in {}", err(&output));
    }
}

#[test]
fn the_named_configuration_is_used_whatever_fits() {
    let place = Place::configured();
    assert_eq!(code(&place.run(&at(&["--sp", "acme-prod", "response.b64"]))), 0);
    assert_eq!(code(&place.run(&at(&["--sp", "acme-sandbox", "response.b64"]))), 1);
    let mut command = place.command(&at(&["response.b64"]));
    assert_eq!(code(&command.env("SAMLCHECK_SP", "acme-sandbox").output().unwrap()), 1);
}

#[test]
fn an_ambiguous_configuration_accepts_nothing() {
    let place = Place::new();
    for file in ["response.b64", "samlcheck.toml", "idp.pem"] {
        place.copy(&format!("27-ambiguous-configuration/{file}"));
    }
    let output = place.run(&at(&["response.b64"]));
    assert_eq!(code(&output), 4);
    assert!(!out(&output).contains("Accepted"), "{}", out(&output));
}

#[test]
fn one_option_changes_one_value_of_the_file() {
    let place = Place::configured();
    let with = |more: &[&str]| {
        let output =
            place.run(&[AT.as_slice(), &["--sp", "acme-prod", "response.b64"], more].concat());
        (code(&output), err(&output))
    };
    assert_eq!(with(&["--federation-id-case-insensitive"]).0, 0);
    assert_eq!(with(&["--session-level", "HIGH_ASSURANCE", "--clock-skew-seconds", "0"]).0, 0);
    assert_eq!(with(&["--issuer", "https://idp.example.com/other"]).0, 1);
    assert_eq!(with(&["--entity-id", "https://other.example.com"]).0, 1);
    assert_eq!(with(&["--login-url", "https://other.example.com"]).0, 1);
    assert_eq!(with(&["--validity-seconds", "1", "--clock-skew-seconds", "0"]).0, 1);
    let (code, said) = with(&["--identity-type", "federation-ids"]);
    assert_eq!(code, 4);
    assert!(said.starts_with("error: --identity-type: "), "{said}");
    let (code, said) = with(&["--identity-location", "attribute"]);
    assert_eq!(code, 4);
    assert!(said.contains("`attribute_name` is missing"), "{said}");
}

#[test]
fn what_options_do_not_change_stays_as_the_file_has_it() {
    let place = Place::configured();
    for file in ["response.body", "samlcheck.toml", "idp.pem", "users.csv"] {
        place.copy(&format!("02-every-item-provided/{file}"));
    }
    let report = |more: &[&str]| {
        let arguments = at(&["--format", "json", "response.body"]);
        let output = place.run(&[arguments.as_slice(), more].concat());
        assert_eq!(code(&output), 0, "{}{}", out(&output), err(&output));
        serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap()
    };
    // The platform's own value, given as an option.
    assert_eq!(report(&["--clock-skew-seconds", "180"]), report(&[]));
}

#[test]
fn a_file_is_used_beside_a_whole_configuration_only_when_it_is_named() {
    let place = response();
    place.copy("01-all-green/idp.pem");
    place.write("samlcheck.toml", "broken");
    let whole = [
        "--issuer=https://idp.example.com/metadata",
        "--login-url=https://acme.my.salesforce.com?so=00D000000000001",
        "--idp-cert=idp.pem",
        "--entity-id=https://acme.my.salesforce.com",
        "response.b64",
    ];
    assert_eq!(code(&place.run(&at(&whole))), 0);
    let beside = [&["--config", "samlcheck.toml"], whole.as_slice()].concat();
    assert_eq!(code(&place.run(&at(&beside))), 4);
}
