//! The command line as a user meets it: the real program, in a folder of its own, with nothing in its environment.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what the tests here share may fail the test, as the tests themselves may"
)]

mod place;

use std::fs;
use std::io::Read;
use std::process::{Command as Process, Stdio};

use place::{AT, Place, at, code, err, out};

const ONE_OFF: [&str; 6] = [
    "--issuer",
    "https://idp.example.com/metadata",
    "--login-url",
    "https://acme.my.salesforce.com?so=00D000000000001",
    "--idp-cert",
    "idp.pem",
];

#[test]
fn a_response_is_accepted_with_exit_code_0() {
    let place = Place::configured();
    let output = place.run(&at(&["response.b64"]));
    assert_eq!((code(&output), err(&output)), (0, String::new()));
    assert!(out(&output).contains("Accepted"));
}

#[test]
fn a_rejected_response_has_exit_code_1() {
    let place = Place::configured();
    let output = place.run(&["--at", "2026-01-16T10:01:00Z", "response.b64"]);
    assert_eq!((code(&output), err(&output)), (1, String::new()));
    assert!(out(&output).contains("Rejected"));
}

#[test]
fn standard_input_is_read_when_no_input_is_named_and_for_a_dash() {
    let place = Place::configured();
    let response = place.read("response.b64");
    for arguments in [at(&[]), at(&["-"]), [&["validate"], AT.as_slice()].concat()] {
        let output = place.command(&arguments).write_stdin(response.clone()).output().unwrap();
        assert_eq!(code(&output), 0, "{arguments:?}: {}", err(&output));
    }
}

#[test]
fn several_inputs_are_all_judged_and_the_highest_exit_code_wins() {
    let place = Place::configured();
    place.write("words", "just words");
    let output = place.run(&at(&["--format", "json", "response.b64", "words", "response.b64"]));
    assert_eq!(code(&output), 3);
    let reports: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let verdicts = reports.as_array().unwrap().iter().map(|report| report["verdict"].clone());
    assert_eq!(verdicts.collect::<Vec<_>>(), ["accepted", "rejected", "accepted"]);
}

#[test]
fn an_input_that_cannot_be_read_is_told_and_the_others_are_judged() {
    let place = Place::configured();
    let output = place.run(&at(&["missing", "response.b64"]));
    assert_eq!(code(&output), 2);
    assert!(err(&output).starts_with("error: missing: cannot be read: "), "{}", err(&output));
    assert!(out(&output).contains("Accepted"));
    let output = place.run(&at(&["missing"]));
    assert_eq!(code(&output), 2);
    assert!(err(&output).ends_with("Nothing was validated\n"), "{}", err(&output));
}

#[test]
fn a_command_behind_an_option_is_told_apart_from_a_file() {
    let place = Place::new();
    let output = place.run(&["--color", "never", "decode", "response.b64"]);
    assert_eq!((code(&output), out(&output)), (2, String::new()));
    let said = "error: decode: there is no such file; a command stands before all options: samlcheck decode …\n";
    assert_eq!(err(&output), said);
}

#[test]
fn json_is_one_document_and_nothing_else() {
    let place = Place::configured();
    let output = place.run(&at(&["--format", "json", "response.b64"]));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["schema"], samlcheck::render::SCHEMA);
    assert_eq!(report["verdict"], "accepted");
    let unusable = place.command(&["--format", "json"]).write_stdin("words").output().unwrap();
    let report: serde_json::Value = serde_json::from_slice(&unusable.stdout).unwrap();
    assert_eq!((code(&unusable), &report["verdict"]), (3, &"rejected".into()));
    assert_eq!(report["failed"], serde_json::json!(["input"]));
}

#[test]
fn quiet_says_the_verdict_and_very_quiet_nothing() {
    let place = Place::configured();
    let quiet = place.run(&at(&["-q", "response.b64"]));
    assert_eq!((code(&quiet), out(&quiet).lines().count()), (0, 1), "{}", out(&quiet));
    for arguments in [at(&["-qq", "response.b64"]), at(&["-qq", "-f", "json", "response.b64"])] {
        let silent = place.run(&arguments);
        assert_eq!((code(&silent), out(&silent), err(&silent)), (0, String::new(), String::new()));
    }
}

#[test]
fn what_is_typed_beats_the_environment_and_that_beats_the_file() {
    let place = Place::configured();
    let verdict = |arguments: &[&str], variables: &[(&str, &str)]| {
        let mut command = place.command(arguments);
        code(&command.envs(variables.iter().copied()).output().unwrap())
    };
    let other = "https://idp.example.com/other";
    let issuer = "https://idp.example.com/metadata";
    let input = at(&["response.b64"]);
    assert_eq!(verdict(&input, &[]), 0, "the file's Issuer");
    let named = at(&["--sp", "acme-prod", "response.b64"]);
    assert_eq!(verdict(&named, &[("SAMLCHECK_ISSUER", other)]), 1, "the environment's");
    let typed = at(&["--sp", "acme-prod", "--issuer", issuer, "response.b64"]);
    assert_eq!(verdict(&typed, &[("SAMLCHECK_ISSUER", other)]), 0, "the option's");
    let late = [("SAMLCHECK_AT", "2026-01-16T10:01:00Z")];
    assert_eq!(verdict(&["response.b64"], &late), 1);
    assert_eq!(verdict(&input, &late), 0);
    assert_eq!(verdict(&at(&["-qq", "response.b64"]), &[("SAMLCHECK_VERBOSE", "1")]), 0);
}

#[test]
fn every_kind_of_variable_is_understood() {
    let place = Place::configured();
    let variables = [
        ("SAMLCHECK_AT", "2026-01-15T10:01:00Z"),
        ("SAMLCHECK_FORMAT", "json"),
        ("SAMLCHECK_VERBOSE", "2"),
        ("SAMLCHECK_COLOR", "never"),
        ("SAMLCHECK_MAX_DECODED_BYTES", "1MiB"),
        ("SAMLCHECK_FEDERATION_ID_CASE_INSENSITIVE", "1"),
        ("SAMLCHECK_CLOCK_SKEW_SECONDS", "60"),
    ];
    let output = place.command(&["response.b64"]).envs(variables).output().unwrap();
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert!(out(&output).starts_with(['{', '[']), "{}", out(&output));
    assert!(err(&output).contains("configuration: samlcheck.toml"), "{}", err(&output));
    let quiet = place.command(&at(&["response.b64"])).env("SAMLCHECK_QUIET", "2").output().unwrap();
    assert_eq!((code(&quiet), out(&quiet)), (0, String::new()));
    let raw =
        place.command(&["decode", "response.b64"]).env("SAMLCHECK_RAW", "1").output().unwrap();
    assert_eq!(raw.stdout, place.run(&["decode", "--raw", "response.b64"]).stdout);
}

#[test]
fn a_limit_is_taken_from_the_option_then_the_environment_then_the_file() {
    let place = Place::configured();
    let file = String::from_utf8(place.read("samlcheck.toml")).unwrap();
    place.write("samlcheck.toml", &format!("{file}\n[limits]\ndepth = 2\n"));
    let input = at(&["response.b64"]);
    assert_eq!(code(&place.run(&input)), 3);
    let mut command = place.command(&input);
    assert_eq!(code(&command.env("SAMLCHECK_MAX_DEPTH", "100").output().unwrap()), 0);
    assert_eq!(code(&place.run(&at(&["--max-depth=100", "response.b64"]))), 0);
    let output = command.env("SAMLCHECK_MAX_DEPTH", "100").arg("--max-depth=2").output().unwrap();
    assert_eq!(code(&output), 3);
}

#[test]
fn no_more_of_an_input_is_read_than_the_limit_allows() {
    let place = Place::configured();
    // Without the bound, reading this would never end.
    let mut endless = place.process(&["--max-decoded-bytes=1KiB", "-"]);
    let mut child = endless.stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let _ = std::io::copy(&mut std::io::repeat(b'A').take(10 << 20), &mut stdin);
    assert_eq!(child.wait().unwrap().code(), Some(3));
    #[cfg(target_os = "linux")]
    assert_eq!(code(&place.run(&["--max-decoded-bytes=1KiB", "/dev/zero"])), 3);
}

#[test]
fn a_broken_pipe_changes_nothing_but_the_output() {
    let place = Place::configured();
    let mut process = place.process(&at(&["-vv", "response.b64"]));
    let mut child = process.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!said.contains("error") && !said.contains("panicked"), "{said}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let place = Place::configured();
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = place.process(&at(&["response.b64"])).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).starts_with("error: the output cannot be written"), "{}", err(&output));
}

#[test]
fn decode_prints_the_xml_and_needs_no_configuration() {
    let place = Place::new();
    let xml = place.copy("03-response-only-signed/response.xml");
    place.copy("14-recipient-of-another-org/response.url");
    place.copy("26-request-not-response/request.url");
    assert_eq!(place.run(&["decode", "--raw", "response.xml"]).stdout, xml);
    let piped = place.command(&["decode", "--raw"]).write_stdin(xml.clone()).output().unwrap();
    assert_eq!(piped.stdout, xml);
    for (input, root) in [("response.url", "Response"), ("request.url", "AuthnRequest")] {
        for arguments in [["decode", input].as_slice(), &["decode", "--raw", input]] {
            let output = place.run(arguments);
            assert_eq!((code(&output), err(&output)), (0, String::new()), "{arguments:?}");
            assert!(out(&output).contains(root) && !out(&output).contains('\x1b'));
        }
    }
    let coloured = place.run(&["decode", "--color=always", "response.url"]);
    assert!(out(&coloured).contains('\x1b'));
}

#[test]
fn decode_says_what_is_no_xml_on_standard_error() {
    let place = Place::new();
    place.write("words", "just words");
    place.write("broken", "<a><b></a>");
    let words = place.run(&["decode", "words"]);
    assert_eq!((code(&words), out(&words)), (3, String::new()));
    assert!(err(&words).starts_with("error: words: this is text"), "{}", err(&words));
    let broken = place.run(&["decode", "broken"]);
    assert_eq!((code(&broken), out(&broken)), (3, String::new()));
    assert!(err(&broken).contains("--raw prints the bytes"), "{}", err(&broken));
    assert_eq!(place.run(&["decode", "--raw", "broken"]).stdout, b"<a><b></a>");
    assert_eq!(code(&place.run(&["decode", "missing"])), 2);
}

#[test]
fn explain_knows_every_name_and_guesses_the_others() {
    let place = Place::new();
    let list = place.run(&["explain"]);
    assert_eq!(code(&list), 0);
    for name in samlcheck::render::explain_names() {
        let output = place.run(&["explain", name]);
        assert_eq!(code(&output), 0, "{name}");
        assert!(out(&output).contains(name), "{name}");
    }
    let unknown = place.run(&["explain", "audiense"]);
    assert_eq!((code(&unknown), out(&unknown)), (2, String::new()));
    assert!(err(&unknown).contains("did you mean `audience`"), "{}", err(&unknown));
    let strange = place.run(&["explain", "xyzzy"]);
    assert!(err(&strange).contains("`samlcheck explain` lists them all"), "{}", err(&strange));
}

#[test]
fn the_version_names_the_libraries_and_the_schema() {
    let place = Place::new();
    let version = out(&place.run(&["--version"]));
    for part in [env!("CARGO_PKG_VERSION"), "libxmlsec1", "OpenSSL", samlcheck::render::SCHEMA] {
        assert!(version.contains(part), "{part} in {version}");
    }
    assert_eq!(out(&place.run(&["-V"])), version);
}

#[test]
fn help_is_for_everything() {
    let place = Place::new();
    let arguments: [&[&str]; 5] =
        [&["--help"], &["help"], &["help", "decode"], &["decode", "--help"], &["explain", "-h"]];
    for arguments in arguments {
        let output = place.run(arguments);
        assert_eq!((code(&output), err(&output)), (0, String::new()), "{arguments:?}");
        assert!(out(&output).contains("Usage: samlcheck"), "{}", out(&output));
    }
    let wrong = place.run(&["--formt", "json"]);
    assert_eq!((code(&wrong), out(&wrong)), (2, String::new()));
    assert!(err(&wrong).contains("'--format'"), "{}", err(&wrong));
}

#[test]
fn the_examples_of_the_help_run() {
    let place = Place::configured();
    fs::create_dir(place.path("captures")).unwrap();
    fs::copy(place.path("response.b64"), place.path("captures/response.b64")).unwrap();
    place.copy("28-encrypted-assertion/sp.key");
    let help = ["validate", "decode", "explain"].map(|command| out(&place.run(&["help", command])));
    let text = help.concat().replace("\\\n", " ");
    let lines = text.lines().map(str::trim).filter(|line| line.starts_with("samlcheck "));
    let mut seen = 0;
    for line in lines {
        // Two spaces or more, then what it is for.
        let example = line.split("  ").next().unwrap();
        let example = if line.contains("--issuer") { line } else { example };
        let program = assert_cmd::cargo::cargo_bin("samlcheck");
        let script = example.replacen("samlcheck", "\"$SAMLCHECK\"", 1);
        let mut shell = Process::new("/bin/sh");
        shell.args(["-c", &script]).current_dir(place.path("")).env_clear();
        let output = shell.env("SAMLCHECK", program).output().unwrap();
        // Judged now, the sample has long expired.
        assert!([0, 1].contains(&output.status.code().unwrap()), "{example}: {}", err(&output));
        seen += 1;
    }
    assert!(seen >= 12, "{seen} examples");
}

#[test]
fn options_alone_make_a_configuration() {
    let place = Place::new();
    place.copy("01-all-green/response.b64");
    place.copy("01-all-green/idp.pem");
    let entity_id = ["--entity-id", "https://acme.my.salesforce.com", "response.b64"];
    let arguments = [&ONE_OFF, AT.as_slice(), &entity_id].concat();
    let output = place.run(&arguments);
    assert_eq!(code(&output), 0, "{}{}", out(&output), err(&output));
    let verbose = place.run(&[arguments.as_slice(), &["-v"]].concat());
    assert!(err(&verbose).contains("the command line, no file"), "{}", err(&verbose));
    let inline = String::from_utf8(place.read("idp.pem")).unwrap();
    let inline = arguments.iter().map(|word| if *word == "idp.pem" { &inline } else { *word });
    assert_eq!(code(&place.run(&inline.collect::<Vec<_>>())), 0, "the certificate itself");
    let incomplete = place.run(&["--issuer", "https://idp.example.com", "response.b64"]);
    assert_eq!((code(&incomplete), out(&incomplete)), (4, String::new()));
    assert!(
        err(&incomplete).contains("--login-url and --idp-cert missing"),
        "{}",
        err(&incomplete)
    );
}

#[test]
fn a_private_key_is_taken_from_a_file_only() {
    let place = Place::configured();
    let key = "-----BEGIN PRIVATE KEY-----\nMIIsecret\n-----END PRIVATE KEY-----\n";
    let output = place.run(&["--decryption-key", key, "response.b64"]);
    assert_eq!((code(&output), out(&output)), (2, String::new()));
    assert!(!err(&output).contains("MIIsecret"), "{}", err(&output));
    place.write("sp.key", key);
    let output = place.run(&at(&["--decryption-key", "sp.key", "response.b64"]));
    assert_eq!(code(&output), 4, "it is a file, but holds no key");
    assert!(!err(&output).contains("MIIsecret"), "{}", err(&output));
    place.copy("28-encrypted-assertion/sp.key");
    let output = place.run(&at(&["--decryption-key", "sp.key", "response.b64"]));
    assert_eq!(code(&output), 0, "{}", err(&output));
}
