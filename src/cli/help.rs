//! The parts of the help that no single option owns: rules, exit codes, examples that can be pasted.

pub(super) const USAGE: &str = "samlcheck [validate] [OPTIONS] [INPUT]...
       samlcheck <decode|diff|redact|explain|completions|help> …";

pub(super) const ABOUT: &str = "\
Tells why a SAML login failed: the checklist of the platform's SAML Assertion Validator, in your terminal.

Give it what you captured, as you captured it: XML, base64, a SAMLResponse form field, a redirect URL, an HTML form. It \
removes the wrappings, verifies the signature with the certificate you configured, never with one from the message, and \
says for every check what was expected, what was found and where.";

pub(super) const SHORT: &str = "\
Exit codes: 0 accepted, 1 rejected, 2 usage, 3 no SAML message, 4 configuration
More, with examples: samlcheck --help";

pub(super) const LONG: &str = "\
Input:
  A directory is walked in order of names; hidden files and links to directories are left out. Files in it that hold no \
SAML response are passed over and counted. A file that is named like a command is given as ./decode, or behind --.
  Of a capture every response is judged, at the moment of its capture; --list lists what is in it, --only takes one. \
Where it holds the request too, the report tells across the capture what does not fit; that changes no verdict.

Seen before:
  --seen FILE tells every assertion that was judged before, when and where, and records the others; so does one run without \
it for what it judges itself. Only assertions with a verified signature count, known by Issuer and ID. It changes neither verdict \
nor exit code.
  The file is text: first the line {\"format\":\"samlcheck-seen\",\"version\":1}, then one JSON object in a line for each \
assertion, with id, issuer, origin, judged_at and recorded_at (RFC 3339). Several processes may use it at once. Lines are only ever \
appended; a file that is damaged (the line is named) or longer than 64 MiB is an error, and is left as it is.

Time:
  --at capture, the default, takes the time that the input carries: a HAR's startedDateTime, a server's Date, the time \
of a log line; without one it is now. The line below it says how another moment would have judged.
  With -v, or when a time check fails, item 4 shows a timeline; in ASCII when LC_ALL, LC_CTYPE or LANG name no UTF-8, or \
TERM is dumb.

Configuration:
  Each value comes from its option, else from its SAMLCHECK_… variable, else from the file, else it is the platform's \
default. The file is --config or SAMLCHECK_CONFIG, else the nearest samlcheck.toml in this folder or one above, else \
$XDG_CONFIG_HOME/samlcheck/config.toml ($HOME/.config when that is not set).
  --issuer, --login-url and --idp-cert together make a configuration of their own, named \"command line\", and no file is \
looked for unless --config or --sp is there too. Any other option changes that value in every configuration of the file, \
or with --sp in the named one.
  With several configurations, the one that fits the message is used. When none certainly does, nothing is accepted: name \
one with --sp.
  A --decryption-key that is protected by a passphrase is unlocked with the first line of the file that \
SAMLCHECK_KEY_PASSPHRASE_FILE names, or by asking at the terminal when a message needs it and standard input is not the \
input. Otherwise it counts as absent, and the report says so. A passphrase is never an argument.

Exit codes:
  0  accepted
  1  rejected: a check failed
  2  usage, or a file that cannot be read or written
  3  no usable SAML message in the input
  4  the configuration is missing, invalid, or none certainly applies
  For several inputs it is the highest of theirs. The format never changes it.

Examples:
  samlcheck response.b64                        judge a captured response by ./samlcheck.toml
  samlcheck < response.b64                      judge what is piped in
  samlcheck --at issued response.b64            judge an old capture as if it had just been issued
  samlcheck --format json captures/ > all.json  judge every response of a directory
  samlcheck -qq response.b64 && echo accepted   use the exit code alone
  samlcheck --what-if response.b64              list what would have to change to accept it
  samlcheck decode response.b64                 read the XML
  samlcheck explain audience                    read what a check asks and how to fix it
  samlcheck --issuer https://idp.example.com/metadata --idp-cert idp.pem \\
    --login-url 'https://acme.my.salesforce.com?so=00D000000000001' response.b64";

pub(super) const DECODE: &str = "\
Encryption:
  With --decryption-key what is encrypted is replaced by what it hides, also with --raw; a signature over the encrypted form \
no longer fits then. A key that is protected by a passphrase is unlocked with the first line of the file that \
SAMLCHECK_KEY_PASSPHRASE_FILE names, or by asking at the terminal.

Exit codes:
  0  there was XML
  1  there was, but something in it stays encrypted although keys were given
  2  usage, or a file that cannot be read or written
  3  there was none
  4  a key is none, or its passphrase is wrong

Examples:
  samlcheck decode response.b64                       read the XML, indented
  samlcheck decode --raw response.b64 > response.xml  keep it byte for byte, signatures included
  samlcheck decode < response.b64                     read what is piped in
  samlcheck decode --decryption-key sp.key response.b64";

pub(super) const DIFF: &str = "\
Compared:
  What the two messages mean: who, for whom, until when, with which attributes, what is signed and encrypted, with which \
algorithms and certificates. Identifiers, instants, digests, signature bytes, prefixes, the order of attributes and white space \
outside of values are left out: they differ between any two logins. Lengths of time are the same up to 2 seconds. Nothing is \
verified, but for --what-if, which needs a configuration.

Exit codes:
  0  the same in meaning
  1  something changed
  2  usage, or a file that cannot be read or written
  3  one of them is no SAML response
  4  a key is none, or its passphrase is wrong

Examples:
  samlcheck diff yesterday.b64 today.b64            what changed since it worked
  samlcheck diff --format json good.b64 bad.har     the same for programs
  samlcheck diff --what-if good.b64 bad.b64         also what would have to change
  samlcheck diff --decryption-key sp.key a.b64 b.b64";

pub(super) const REDACT: &str = "\
Kept:
  Structure, names of attributes, algorithms, instants, identifiers, digests, Issuer, Audience and addresses, so that the copy \
still shows why the login failed; of a certificate its SHA-256 fingerprint, of headers those that are known to be harmless, of \
answers the form that posts the message.
  Values that differ only in case, in a slash at the end or in white space differ in the same way afterwards. A value that is \
part of a host name or an address is replaced there too, everywhere in the same way.

Limits:
  The copy is searched for every value of at least four characters before it is written; if one is left, nothing is written. Words \
that SAML and HTTP consist of are replaced where they are a value and not looked for elsewhere. Of \
commands, logs and other text around a message only technical words stay. The path of an address and an Issuer are kept as \
far as no message holds a value in them: read the copy before you share it.
  The input is kept in memory as a whole, up to --max-decoded-bytes.

Exit codes:
  0  the copy was written
  2  usage, a file that cannot be read or written, or no copy can be made safely
  3  no SAML message in the input
  4  the configuration that was named cannot be used

Examples:
  samlcheck redact login.har > shared.har              a copy of a whole login
  samlcheck redact --hosts response.b64                without the names of hosts
  samlcheck redact --decryption-key sp.key login.har   also what an encrypted assertion says, wherever it stands
  samlcheck --redact response.b64                      a report to share";

pub(super) const EXPLAIN: &str = "\
Exit codes:
  0  explained
  2  there is no check or code of that name

Examples:
  samlcheck explain                    list them all
  samlcheck explain audience           a check
  samlcheck explain audience-mismatch  one way in which it fails
  samlcheck explain 'https://acme.my.salesforce.com/_nc_external/identity/saml/SamlError?ErrorCode=16'";

pub(super) const COMPLETIONS: &str = "\
Examples:
  samlcheck completions bash > ~/.local/share/bash-completion/completions/samlcheck
  samlcheck completions zsh > \"${fpath[1]}/_samlcheck\"
  samlcheck completions fish > ~/.config/fish/completions/samlcheck.fish";
