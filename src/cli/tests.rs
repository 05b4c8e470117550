use super::*;
use crate::config::{Expect, Source, load};
use crate::limits::Limits;

fn parsed(arguments: &[&str]) -> Result<Request, clap::Error> {
    let arguments = std::iter::once("samlcheck").chain(arguments.iter().copied());
    parse(&arguments.map(OsString::from).collect::<Vec<_>>())
}

fn validated(arguments: &[&str]) -> Validate {
    let Ok(Request::Validate(validate)) = parsed(arguments) else { panic!("not validate") };
    *validate
}

fn refused(arguments: &[&str]) -> String {
    match parsed(arguments) {
        Ok(_) => panic!("accepted"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn the_definition_is_sound() {
    command().debug_assert();
}

#[test]
fn validate_is_the_default_command() {
    assert_eq!(validated(&["a", "b"]).inputs, validated(&["validate", "a", "b"]).inputs);
    assert_eq!(validated(&["--at", "issued"]).at, validated(&["validate", "--at", "issued"]).at);
}

#[test]
fn a_file_may_be_named_like_a_command() {
    for arguments in [["--", "decode"].as_slice(), &["./decode"], &["-v", "decode"]] {
        assert_eq!(validated(arguments).inputs.len(), 1);
    }
    assert!(matches!(parsed(&["decode"]), Ok(Request::Decode(_))));
}

#[test]
fn every_option_has_a_mirror_in_the_environment() {
    let walk = |command: &clap::Command| {
        for argument in command.get_arguments() {
            let Some(long) = argument.get_long() else { continue };
            if ["help", "version"].contains(&long) {
                continue;
            }
            let expected = format!("SAMLCHECK_{}", long.to_uppercase().replace('-', "_"));
            assert_eq!(argument.get_env(), Some(expected.as_ref()), "--{long}");
            assert!(argument.is_hide_env_values_set(), "--{long} shows a value in the help");
        }
    };
    let command = command();
    walk(&command);
    command.get_subcommands().for_each(walk);
}

#[test]
fn each_setting_knows_the_option_it_came_from() {
    let all = [
        "--issuer=i",
        "--entity-id=e",
        "--login-url=l",
        "--token-endpoint=t",
        "--idp-cert=c",
        "--decryption-key=k",
        "--identity-type=y",
        "--identity-location=p",
        "--attribute-name=a",
        "--name-id-format=f",
        "--organization-id=o",
        "--portal-id=q",
        "--session-level=s",
        "--provisioning=v",
        "--users=u",
        "--site=w",
    ];
    let Settings {
        issuer,
        entity_id,
        login_url,
        token_endpoint,
        idp_certificates,
        decryption_keys,
        identity_type,
        identity_location,
        attribute_name,
        name_id_format,
        organization_id,
        portal_id,
        session_level,
        provisioning,
        users,
        federation_id_case_sensitive,
        clock_skew_seconds,
        validity_seconds,
        sites,
    } = validated(&all).settings;
    let texts = [
        issuer,
        entity_id,
        login_url,
        token_endpoint,
        idp_certificates.first().cloned(),
        decryption_keys.first().cloned(),
        identity_type,
        identity_location,
        attribute_name,
        name_id_format,
        organization_id,
        portal_id,
        session_level,
        provisioning,
        users,
        sites.first().map(|(url, _)| url.clone()),
    ];
    let said = texts.map(|text| text.map(|text| format!("{}={}", text.source(), text.given())));
    assert_eq!(said, all.map(|option| Some(option.to_owned())));
    let absent = (federation_id_case_sensitive, clock_skew_seconds, validity_seconds);
    assert_eq!(absent, (None, None, None));
    let numbers = ["--clock-skew-seconds=1", "--validity-seconds=2"];
    let numbers = validated(&numbers).settings;
    let expect = |value, option| Some(Expect::new(value, Source::Option(option)));
    assert_eq!(numbers.clock_skew_seconds, expect(1, "--clock-skew-seconds"));
    assert_eq!(numbers.validity_seconds, expect(2, "--validity-seconds"));
    let option = "--federation-id-case-insensitive";
    let insensitive = validated(&[option]).settings.federation_id_case_sensitive;
    assert_eq!(insensitive, Some(Expect::new(false, Source::Option(option))));
}

#[test]
fn the_moment_is_that_of_the_capture_or_as_asked() {
    assert_eq!(validated(&[]).at, At::Capture);
    assert_eq!(validated(&["--at", "now"]).at, At::Now);
    assert_eq!(validated(&["--at", "issued"]).at, At::Issued);
    let given = At::Given("2026-11-22T09:45:27Z".parse().unwrap());
    assert_eq!(validated(&["--at", "2026-11-22T10:45:27+01:00"]).at, given);
    assert!(refused(&["--at", "2026-11-22T10:45:27"]).contains("the zone is missing"));
    assert!(refused(&["--at", "yesterday"]).contains("one of capture, now, issued"));
}

#[test]
fn how_much_is_told_is_counted() {
    let detail = |arguments: &[&str]| validated(arguments).detail;
    assert_eq!(detail(&[]), Some(Detail::Normal));
    assert_eq!(detail(&["-q"]), Some(Detail::Verdict));
    assert_eq!(detail(&["-qq"]), None);
    assert_eq!(detail(&["-v"]), Some(Detail::Verbose));
    assert_eq!(detail(&["-v", "-v"]), Some(Detail::VeryVerbose));
    assert!(refused(&["-q", "-v"]).contains("opposite"));
}

#[test]
fn sizes_are_written_as_people_write_them() {
    let size = |text: &str| validated(&["--max-decoded-bytes", text]).limits.max_decoded_bytes;
    assert_eq!(size("1024"), Some(1024));
    assert_eq!(size("32MiB"), Some(32 << 20));
    assert_eq!(size("5 kB"), Some(5000));
    assert_eq!(size("1GiB"), Some(1 << 30));
    for text in ["", "0", "MiB", "1.5MiB", "-1", "2GiB", "10XB", "99999999999999999999GiB"] {
        assert!(
            refused(&[&format!("--max-decoded-bytes={text}")]).contains("a whole number"),
            "{text}"
        );
    }
}

#[test]
fn limits_given_as_options_replace_the_configured_ones() {
    let all = [
        "--max-decoded-bytes=1",
        "--max-inflated-bytes=2",
        "--max-capture-bytes=3",
        "--max-messages=4",
        "--max-layers=5",
        "--max-depth=6",
        "--max-attributes=7",
        "--max-namespaces=8",
        "--max-nodes=9",
        "--max-total-attributes=10",
    ];
    let expected = Limits {
        decoded_bytes: 1,
        inflated_bytes: 2,
        capture_bytes: 3,
        messages: 4,
        layers: 5,
        depth: 6,
        attributes: 7,
        namespaces: 8,
        nodes: 9,
        total_attributes: 10,
    };
    assert_eq!(validated(&all).limits.over(Limits::default()), expected);
    assert_eq!(validated(&[]).limits.over(expected), expected);
}

#[test]
fn options_and_the_file_allow_the_same_limits() {
    let minimal = "[[sp]]\nname = \"a\"\nissuer = \"i\"\nlogin_url = \"https://a.example\"\n\
                   idp_certificate = \"idp.pem\"\n[limits]\n";
    let read = crate::config::fixture::read;
    let bounds = [
        ("decoded_bytes", 1 << 30),
        ("inflated_bytes", 1 << 30),
        ("capture_bytes", 1_i64 << 40),
        ("messages", 10_000),
        ("layers", 64),
        ("depth", 10_000),
        ("attributes", 10_000),
        ("namespaces", 10_000),
        ("nodes", 100_000_000),
        ("total_attributes", 100_000_000),
    ];
    for (key, most) in bounds {
        let option = format!("--max-{}", key.replace('_', "-"));
        for (value, allowed) in [(0, false), (1, true), (most, true), (most + 1, false)] {
            let text = format!("{minimal}{key} = {value}\n");
            let file = load("samlcheck.toml".as_ref(), &text, &read);
            assert_eq!(file.is_ok(), allowed, "{key} = {value}");
            assert_eq!(parsed(&[&option, &value.to_string()]).is_ok(), allowed, "{option} {value}");
        }
    }
}

#[test]
fn the_defaults_in_the_help_are_the_defaults() {
    let help = command().render_long_help().to_string();
    let Limits {
        decoded_bytes,
        inflated_bytes,
        capture_bytes,
        messages,
        layers,
        depth,
        attributes,
        namespaces,
        nodes,
        total_attributes,
    } = Limits::default();
    for default in [
        format!("{}MiB", decoded_bytes >> 20),
        format!("{}MiB", inflated_bytes >> 20),
        format!("{}GiB", capture_bytes >> 30),
        messages.to_string(),
        layers.to_string(),
        depth.to_string(),
        attributes.to_string(),
        namespaces.to_string(),
        nodes.to_string(),
        total_attributes.to_string(),
        crate::config::DEFAULT_ENTITY_ID.to_owned(),
    ] {
        assert!(help.contains(&format!("[default: {default}]")), "{default}");
    }
}

#[test]
fn the_short_help_fits_a_screen() {
    let help = refused(&["-h"]);
    let lines = help.lines().count();
    assert!(lines <= 45, "{lines} lines");
    assert!(!help.contains("SAMLCHECK_"), "variables are for the long help");
    assert!(refused(&["--help"]).contains("SAMLCHECK_AT"));
}

#[test]
fn a_private_key_in_an_argument_is_refused_and_not_repeated() {
    let key = "-----BEGIN PRIVATE KEY-----\nMIIsecret\n-----END PRIVATE KEY-----";
    for arguments in [["--decryption-key", key].as_slice(), &[key], &["decode", "--raw", key]] {
        let message = refused(arguments);
        assert!(message.contains("put it into a file"), "{message}");
        assert!(!message.contains("MIIsecret"), "{message}");
    }
}

#[test]
fn standard_input_is_named_once() {
    assert!(refused(&["-", "-"]).contains("once only"));
}
