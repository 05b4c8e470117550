//! What hostile input may cost: time, memory, and the name of the limit that stopped it (security rule 16).
//!
//! Every case runs in a process of its own, this very test binary called again, so that its memory can be measured.
//! Time without optimisation says nothing, so a debug build leaves all of it to `cargo test --release --test resources`.

#![cfg(all(target_os = "linux", not(debug_assertions)))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::use_debug,
    reason = "what the tests here share may fail the test, and tell what it measured"
)]

mod support;

use std::ffi::OsString;
use std::fmt::Write as _;
use std::process::Command;
use std::time::Duration;
use std::{env, fs, io};

use flate2::{Compress, Compression, FlushCompress};
use samlcheck::limits::Limits;
use samlcheck::run::{Output, World, run};
use support::assertion::Attribute;
use support::encode::base64;
use support::keys::Key;
use support::response::Response;
use support::signature::Signing;

/// More than the limit on an input, so that it is refused for its size alone.
const HUGE: usize = 100 << 20;
/// The longest that anything may take.
const LONGEST: Duration = Duration::from_secs(2);
/// The most memory beyond that which grows with the input.
const FLOOR: usize = 64 << 20;
/// How many times its own size an input may cost.
const FACTOR: usize = 12;

/// How the message is read in the other process.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Size {
    /// As by default.
    Limited,
    /// The limit on size is lifted, so that the others must hold by themselves.
    Unlimited,
}

/// What one input cost, and what was said of it.
#[derive(Debug)]
struct Cost {
    exit: u8,
    time: Duration,
    memory: usize,
    said: String,
}

/// The variable that tells the other process where its files are.
const FOLDER: &str = "SAMLCHECK_TEST_FOLDER";

/// Validates `input` in another process and holds it to the bounds.
#[track_caller]
fn bounded(input: &[u8], size: Size) -> Cost {
    let folder = tempfile::tempdir().unwrap();
    let limits = match size {
        Size::Limited => "",
        Size::Unlimited => "[limits]\ndecoded_bytes = 1073741824\ninflated_bytes = 1073741824\n",
    };
    fs::write(folder.path().join("samlcheck.toml"), format!("{CONFIGURATION}{limits}")).unwrap();
    fs::write(folder.path().join("idp.pem"), Key::Idp.certificate().to_pem().unwrap()).unwrap();
    fs::write(folder.path().join("input"), input).unwrap();
    let child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "one_input_in_a_process_of_its_own", "--ignored", "--nocapture"])
        .env(FOLDER, folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8(child.stdout).unwrap();
    assert!(child.status.success(), "the process ended badly: {:?} {said}", child.status);
    let line = said.lines().find_map(|line| line.split_once("cost: ")).expect("a line of figures");
    let figures: Vec<&str> = line.1.splitn(4, ' ').collect();
    let [exit, micros, kilobytes, said] = figures[..] else { panic!("{figures:?}") };
    let cost = Cost {
        exit: exit.parse().unwrap(),
        time: Duration::from_micros(micros.parse().unwrap()),
        memory: kilobytes.parse::<usize>().unwrap() << 10,
        said: said.to_owned(),
    };
    println!(
        "{} bytes: {:?}, {} MiB, exit {}",
        input.len(),
        cost.time,
        cost.memory >> 20,
        cost.exit
    );
    let most = FACTOR * input.len() + FLOOR;
    assert!(cost.memory < most, "{} of {most} bytes: {}", cost.memory, cost.said);
    assert!(cost.time < LONGEST, "{:?}: {}", cost.time, cost.said);
    cost
}

/// Holds an input to the bounds, and expects the name of the limit that it reached.
#[track_caller]
fn refused(input: &[u8], size: Size, limit: &str) {
    let cost = bounded(input, size);
    assert!(cost.said.contains(limit), "{limit} is not named: {}", cost.said);
    assert_ne!(cost.exit, 0);
}

#[test]
#[ignore = "called by the other tests, in a process of its own"]
#[expect(clippy::disallowed_methods, reason = "it is told its task by a variable")]
fn one_input_in_a_process_of_its_own() {
    let folder = env::var_os(FOLDER).expect("only the other tests call this");
    let arguments = ["samlcheck", "--at", "2026-01-15T10:01:00Z", "input"];
    env::set_current_dir(&folder).unwrap();
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let start = processor_time();
    let exit = run(World {
        arguments: arguments.map(OsString::from).to_vec(),
        environment: &|_| None,
        ask: &|_| Err(io::ErrorKind::Unsupported.into()),
        directory: Some(folder.into()),
        clock: "2026-01-15T10:01:00Z".parse().unwrap(),
        stdin: &mut io::empty(),
        stdin_is_terminal: false,
        stdout: Output::new(&mut stdout, false),
        stderr: &mut stderr,
    });
    let time = (processor_time() - start).as_micros();
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let kilobytes = peak.trim().trim_end_matches(" kB");
    assert!(stdout.len() < 1 << 20, "{} bytes were said", stdout.len());
    let said = String::from_utf8([stdout, stderr].concat()).unwrap();
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    println!("cost: {exit} {time} {kilobytes} {said}");
}

/// What this thread has worked, which a busy machine does not change.
fn processor_time() -> Duration {
    let figures = fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    Duration::from_nanos(figures.split(' ').next().unwrap().parse().unwrap())
}

/// What the messages are judged by.
const CONFIGURATION: &str = r#"
[[sp]]
name = "acme-prod"
issuer = "https://idp.example.com/metadata"
entity_id = "https://acme.my.salesforce.com"
login_url = "https://acme.my.salesforce.com?so=00D000000000001"
idp_certificate = "idp.pem"
"#;

/// A Response with something in its Extensions.
fn response_with(extensions: impl Into<String>) -> String {
    Response { extensions: extensions.into(), ..Response::usual() }.xml()
}

/// `piece` again and again, `bytes` in all.
fn filled(piece: &str, bytes: usize) -> String {
    piece.repeat(bytes / piece.len())
}

/// As much as the limit on size leaves for what an attacker adds to a message.
fn limit() -> usize {
    Limits::default().decoded_bytes - (1 << 16)
}

/// Attributes or declarations, each of another name, `bytes` in all.
fn numbered(before: &str, after: &str, bytes: usize) -> String {
    let mut text = String::with_capacity(bytes + 64);
    let mut number = 0;
    while text.len() < bytes {
        write!(text, " {before}{number}{after}").unwrap();
        number += 1;
    }
    text
}

/// A stream of `bytes` that inflates to about a thousand times as much.
fn bomb(bytes: usize) -> Vec<u8> {
    let mut stream = Vec::with_capacity(bytes + 4096);
    let mut deflate = Compress::new(Compression::best(), false);
    deflate.compress_vec(b"<samlp:Response>", &mut stream, FlushCompress::Full).unwrap();
    // After a full flush, a piece stands for itself and can be repeated.
    let mut piece = Vec::with_capacity(1 << 16);
    deflate.compress_vec(&vec![b' '; 1 << 24], &mut piece, FlushCompress::Full).unwrap();
    while stream.len() < bytes {
        stream.extend_from_slice(&piece);
    }
    deflate.compress_vec(b"</samlp:Response>", &mut stream, FlushCompress::Finish).unwrap();
    stream
}

#[test]
fn a_huge_input_is_refused_for_its_size_before_it_is_read() {
    for piece in ["<a>", "<a b=\"c\">", "text ", "%3Ca%3E", "PGEvPg==", "\u{0}\u{1}"] {
        refused(filled(piece, HUGE).as_bytes(), Size::Limited, "decoded bytes");
    }
}

#[test]
fn nested_elements_end_at_the_depth() {
    refused(filled("<a>", HUGE).as_bytes(), Size::Unlimited, "depth");
    refused(response_with(filled("<a>", HUGE)).as_bytes(), Size::Unlimited, "depth");
}

#[test]
fn attributes_end_at_their_number() {
    let element = format!("<a{}/>", numbered("b", "=\"\"", HUGE));
    refused(element.as_bytes(), Size::Unlimited, "attributes");
    // Quotes that are never closed: the tag has no end to look for.
    refused(format!("<a b=\"{}", filled("x", HUGE)).as_bytes(), Size::Unlimited, "");
}

#[test]
fn namespaces_end_at_their_number() {
    let element = format!("<a{}/>", numbered("xmlns:n", "=\"u:n\"", HUGE));
    refused(element.as_bytes(), Size::Unlimited, "attributes");
    let nested = format!("<a{}>", numbered("xmlns:n", "=\"u:n\"", 4000));
    refused(filled(&nested, HUGE).as_bytes(), Size::Unlimited, "namespaces");
}

#[test]
fn small_nodes_end_at_their_number() {
    let pieces = ["<a/>", "<a></a>", "<a>b</a>", "<!---->", "<!-- -->x", "<?a?>", "<![CDATA[]]>"];
    for piece in pieces {
        refused(response_with(filled(piece, limit())).as_bytes(), Size::Limited, "nodes");
        refused(response_with(filled(piece, HUGE)).as_bytes(), Size::Unlimited, "nodes");
    }
}

#[test]
fn attributes_of_many_elements_end_at_their_sum() {
    let attributes = format!("<a{}/>", numbered("b", "=\"\"", 1200));
    let declarations = format!("<a{}/>", numbered("xmlns:n", "=\"u:n\"", 3200));
    for element in [attributes, declarations, "<a b=\"\"/>".to_owned()] {
        for (bytes, size) in [(limit(), Size::Limited), (HUGE, Size::Unlimited)] {
            let message = response_with(filled(&element, bytes));
            refused(message.as_bytes(), size, "total attributes");
        }
    }
}

/// A signed message with as much of everything as the limits allow, to be judged by both engines.
#[test]
fn what_is_just_within_the_limits_is_judged_within_the_bounds() {
    let nodes = Limits::default().nodes - 1_000;
    let attributes = Limits::default().total_attributes - 1_000;
    let declarations: String =
        (0..240).map(|n| format!(" xmlns:n{n:03}=\"urn:n:{n:03}\"")).collect();
    let own = |n: usize| format!("<n{n}:a xmlns:n{n}=\"urn:n:{n}\"></n{n}:a>");
    let extensions = [
        "<a></a>".repeat(nodes),
        "<!-- -->".repeat(nodes),
        "<?a b?>".repeat(nodes),
        "<a b=\"c\"></a>".repeat(attributes.min(nodes)),
        format!("<a{}></a>", numbered("b", "=\"\"", 1200)).repeat(attributes / 200),
        (0..10_000).map(own).collect(),
        (0..attributes.min(nodes)).map(own).collect(),
        (0..nodes).map(|n| format!("<a{n}></a{n}>")).collect(),
        (0..30_000).map(|n| format!("<a{n}></a{n}>").repeat(6)).collect(),
        format!("<a{declarations}>{}</a>", "<b></b>".repeat(10_000)),
        format!("<a{declarations}></a>").repeat(attributes / 240),
    ];
    for extensions in extensions {
        let signing = Some(Signing::with(Key::Idp));
        let message = Response { extensions, signing, ..Response::usual() }.xml();
        let cost = bounded(message.as_bytes(), Size::Limited);
        println!("{}", cost.said.chars().take(60).collect::<String>());
    }
}

/// Ten megabytes of group names, as a directory with too many groups sends them.
#[test]
fn ten_megabytes_of_values_are_accepted() {
    let mut response = Response { signing: Some(Signing::with(Key::Idp)), ..Response::usual() };
    let values = vec!["CN=Sales,OU=Groups,DC=example"; (10 << 20) / 78];
    response.assertion().attributes.push(Attribute::new("memberOf", &values));
    let cost = bounded(response.xml().as_bytes(), Size::Limited);
    assert_eq!(cost.exit, 0, "{}", cost.said);
}

#[test]
fn text_up_to_the_limit_costs_no_more_than_its_share() {
    for piece in ["text ", "&lt;&#65;\r\n"] {
        bounded(response_with(filled(piece, limit())).as_bytes(), Size::Limited);
    }
}

#[test]
fn a_deflate_bomb_is_stopped_while_it_grows() {
    refused(base64(bomb(10 << 20)).as_bytes(), Size::Limited, "inflated bytes");
    refused(&bomb(10 << 20), Size::Limited, "inflated bytes");
}

#[test]
fn a_hundred_thousand_references_are_not_one() {
    let signed = Response { signing: Some(Signing::with(Key::Idp)), ..Response::usual() }.xml();
    let start = signed.find("<ds:Reference").unwrap();
    let end = signed.find("</ds:Reference>").unwrap() + "</ds:Reference>".len();
    let short = "<ds:Reference URI=\"#x\"><ds:Transforms/><ds:DigestMethod/><ds:DigestValue/></ds:Reference>";
    for (reference, limit) in [
        (&signed[start..end], "decoded bytes"),
        (short, "nodes"),
        ("<ds:Reference URI=\"#x\"/>", "one Reference"),
    ] {
        let many = [&signed[..end], &reference.repeat(100_000), &signed[end..]].concat();
        refused(many.as_bytes(), Size::Limited, limit);
    }
}
