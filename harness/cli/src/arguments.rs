//! The command line, as clap sees it. An option that does nothing yet says so, and is refused.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Tests whether a health-record system keeps to the NHS interoperability standards.
///
/// Plumbline pre-checks and gives evidence. It certifies nothing.
#[derive(Debug, Parser)]
#[command(name = "plumbline", version, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Shows what Plumbline does, on mock systems and invented trusts, with a page that leads to it
    Demo(Demo),
    /// Writes a commented target.toml to fill in
    Init(Init),
    /// Looks a system over before a run: connection, sign-in, capability statement
    Doctor(Doctor),
    /// Runs a pack against the system that a target.toml describes
    Run(Run),
    /// Writes the reports of an earlier run again
    Report(Report),
    /// Puts a run into one file that can be handed over, and signs it
    Bundle(Bundle),
    /// Makes a key that signs bundles
    Keygen(Keygen),
    /// Says whether a bundle is unaltered, who signed it and what it is about; needs no network
    Verify(Verify),
    /// Judges the stored evidence of a run again, with the pack as it is now; needs no network
    Rejudge(Rejudge),
    /// Says what changed between two runs of one pack
    Diff(Diff),
    /// Inspects an organisation by checklist: evidence, judgements of people, and a report
    Inspect(crate::commands::inspect::Inspect),
    /// Puts runs, organisations and published maturity scores into a store, for dashboards
    Import(crate::commands::import::Import),
    /// Compares organisations on a site of pages, from the results in a store
    Dashboard(crate::commands::dashboard::Dashboard),
    /// Checks packs, checklists, people and target files for mistakes
    Lint(Lint),
    /// Lists the steps that scenarios are written with
    Steps(Steps),
    /// Lists the packs, or what is in one
    Packs(Packs),
    /// Prints or writes the data sheet of a pack: whom the system under test must hold
    Datasheet(Datasheet),
    /// Compares a system's test patients with the data sheet, or finds patients that would fit
    Actors(Actors),
    /// Proves that the good mock passes and that every assertion can fail
    Selftest(Selftest),
    /// Serves a mock record system on this machine
    Mock(Mock),
    /// Checks files of FHIR against the base specification and profiles: R4 or STU3, JSON or XML
    Validate(Validate),
    /// Fetches FHIR packages into the folder that FHIR tools share, and pins them
    Packages(crate::commands::packages::Packages),
    /// Holds documents, such as discharge summaries, to the content rules of a standard, no network
    Content(crate::commands::content::Content),
    /// Prints what a shell needs to complete commands and options
    Completions(Completions),
    /// Prints the manual page, or writes one page for each command
    Man(Man),
    /// Writes the generated part of the documentation
    #[command(hide = true)]
    GenDocs(GenDocs),
}

/// Where packs come from.
#[derive(Debug, Args, Default)]
pub(crate) struct PackSource {
    /// A folder with profiles/ and scenarios/ whose files add to or replace the built-in ones
    #[arg(long = "packs", value_name = "DIR")]
    pub dir: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    Text,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportForm {
    /// A page to read
    Html,
    /// The scorecard
    Json,
    /// Test cases for a build server, as XML
    Junit,
    /// One verdict a line, for comparing two runs
    Verdicts,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SheetForm {
    Text,
    Csv,
    Fhir,
}

#[derive(Debug, Args)]
pub(crate) struct Datasheet {
    /// The pack whose people must be loaded
    #[arg(long, value_name = "ID")]
    pub pack: String,
    /// Form of the data sheet: text to print, two tables, or a Bundle for each person
    #[arg(long, value_enum, default_value = "text")]
    pub format: SheetForm,
    /// Folder for the files of csv and fhir; it must be new or empty
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Prints only whom to load first, and which share of the scenarios that lets run
    #[arg(long, conflicts_with_all = ["format", "out"])]
    pub tiers: bool,
    #[command(flatten)]
    pub source: PackSource,
}

#[derive(Debug, Args)]
pub(crate) struct Actors {
    #[command(subcommand)]
    pub command: ActorsCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ActorsCommand {
    /// Reads every mapped patient back and shows what differs from the data sheet
    Check(ActorsCheck),
    /// Finds patients that the system already holds and that fit the roles of the pack
    Suggest(ActorsSuggest),
}

#[derive(Debug, Args)]
pub(crate) struct ActorsCheck {
    /// The file that describes the system
    #[arg(long, value_name = "FILE")]
    pub target: PathBuf,
    /// The pack whose data sheet is compared
    #[arg(long, value_name = "ID")]
    pub pack: String,
    /// Form of the result
    #[arg(long, value_enum, default_value = "text")]
    pub format: Form,
    #[command(flatten)]
    pub source: PackSource,
}

#[derive(Debug, Args)]
pub(crate) struct ActorsSuggest {
    /// The file that describes the system
    #[arg(long, value_name = "FILE")]
    pub target: PathBuf,
    /// The pack whose roles are to be filled
    #[arg(long, value_name = "ID")]
    pub pack: String,
    /// A file of NHS numbers to choose from, one a line, at most 50 [default: the system's own list]
    #[arg(long, value_name = "FILE")]
    pub candidates: Option<PathBuf>,
    #[command(flatten)]
    pub source: PackSource,
}

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Folder for the reports
    #[arg(long, value_name = "DIR", default_value = "plumbline-demo")]
    pub out: PathBuf,
    /// Builds the dashboard of 215 synthetic trusts over 24 months instead, and opens it
    #[arg(long)]
    pub national: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Init {
    /// File to write; it must not exist yet
    #[arg(value_name = "FILE", default_value = "target.toml")]
    pub file: PathBuf,
    /// The pack whose capabilities and test patients are written into it
    #[arg(long, value_name = "ID", default_value = "uk-core-access")]
    pub pack: String,
    #[command(flatten)]
    pub source: PackSource,
}

#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// The file that describes the system to look over
    #[arg(long, value_name = "FILE")]
    pub target: PathBuf,
    /// Form of the result
    #[arg(long, value_enum, default_value = "text")]
    pub format: Form,
}

#[derive(Debug, Args)]
pub(crate) struct Run {
    /// The file that describes the system to test
    #[arg(long, value_name = "FILE")]
    pub target: PathBuf,
    /// The pack to run
    #[arg(long, value_name = "ID")]
    pub pack: String,
    /// Runs only scenarios with these tags, such as "@req:UKA-PAT-001 or @capability:metadata"
    #[arg(long, value_name = "EXPRESSION")]
    pub tags: Option<String>,
    /// Folder for the run; it must not exist yet [default: plumbline-runs/<id>]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Goes on with the run in the folder of --out, which was killed
    #[arg(long, requires = "out")]
    pub resume: bool,
    #[command(flatten)]
    pub source: PackSource,
}

#[derive(Debug, Args)]
pub(crate) struct Report {
    /// The folder of the run
    #[arg(value_name = "RUN_FOLDER")]
    pub folder: PathBuf,
    /// Form of the report
    #[arg(long, value_enum, default_value = "html")]
    pub format: ReportForm,
    /// File to write instead of printing
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub source: PackSource,
}

#[derive(Debug, Args)]
pub(crate) struct Rejudge {
    /// The folder of the run, or the bundle made of it
    #[arg(value_name = "RUN_FOLDER_OR_BUNDLE")]
    pub evidence: PathBuf,
    /// Folder for the new record and its reports; it must not exist yet
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    #[command(flatten)]
    pub source: PackSource,
}

#[derive(Debug, Args)]
pub(crate) struct Bundle {
    /// The folder of the run
    #[arg(value_name = "RUN_FOLDER")]
    pub folder: PathBuf,
    /// The private key that signs, as plumbline keygen makes it
    #[arg(
        long,
        value_name = "FILE",
        required_unless_present = "unsigned",
        requires = "signer"
    )]
    pub key: Option<PathBuf>,
    /// Who signs: the name of a person or an organisation
    #[arg(long, value_name = "NAME", requires = "key")]
    pub signer: Option<String>,
    /// Makes a bundle that nobody vouches for; it says so everywhere
    #[arg(long, conflicts_with_all = ["key", "signer"])]
    pub unsigned: bool,
    /// File to write; it must not exist yet
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    #[command(flatten)]
    pub source: PackSource,
}

#[derive(Debug, Args)]
pub(crate) struct Keygen {
    /// File for the private key; the public one is written beside it, with .public before its ending
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// The bundle
    #[arg(value_name = "BUNDLE", required_unless_present = "page")]
    pub bundle: Option<PathBuf>,
    /// Public key of somebody whose signature would do; may be repeated
    #[arg(long = "key", value_name = "FILE", requires = "bundle")]
    pub keys: Vec<PathBuf>,
    /// Form of the result
    #[arg(long, value_enum, default_value = "text")]
    pub format: Form,
    /// Writes instead a page that verifies bundles in a browser, without a network
    #[arg(long, value_name = "FILE", conflicts_with_all = ["bundle", "keys", "format", "dir"])]
    pub page: Option<PathBuf>,
    #[command(flatten)]
    pub source: PackSource,
}

#[derive(Debug, Args)]
pub(crate) struct Diff {
    /// The earlier run: its folder, or a bundle
    #[arg(value_name = "RUN_A")]
    pub first: PathBuf,
    /// The later run: its folder, or a bundle
    #[arg(value_name = "RUN_B")]
    pub second: PathBuf,
    /// Compares runs of different packs, or of different editions of one
    #[arg(long)]
    pub across_packs: bool,
    /// Compares a product with a deployment, or a mock with a real system
    #[arg(long)]
    pub across_kinds: bool,
    /// Form of the result
    #[arg(long, value_enum, default_value = "text")]
    pub format: Form,
}

#[derive(Debug, Args)]
pub(crate) struct Lint {
    /// Packs or folders of checklists to check [default: all]
    #[arg(value_name = "PACK")]
    pub ids: Vec<String>,
    /// A target file to check as well
    #[arg(long, value_name = "FILE")]
    pub target: Option<PathBuf>,
    #[command(flatten)]
    pub source: PackSource,
}

#[derive(Debug, Args)]
pub(crate) struct Steps {
    /// Lists only steps that speak of all these words, such as "allergy status"
    #[arg(value_name = "WORD")]
    pub words: Vec<String>,
    /// Form of the list
    #[arg(long, value_enum, default_value = "text")]
    pub format: Form,
}

#[derive(Debug, Args)]
pub(crate) struct Packs {
    /// Lists the scenarios of this pack
    #[arg(long, value_name = "ID")]
    pub scenarios: Option<String>,
    /// Form of the list
    #[arg(long, value_enum, default_value = "text")]
    pub format: Form,
    #[command(flatten)]
    pub source: PackSource,
}

#[derive(Debug, Args)]
pub(crate) struct Selftest {
    /// The pack to prove [default: every pack that has faults]
    #[arg(long, value_name = "ID")]
    pub pack: Option<String>,
    /// A folder of fault families that add to the built-in ones, or replace those of the same name
    #[arg(long, value_name = "DIR")]
    pub faults: Option<PathBuf>,
    /// Proves only this scenario, with the faults that name it
    #[arg(long, value_name = "ID", requires = "pack")]
    pub scenario: Option<String>,
    /// Form of the result
    #[arg(long, value_enum, default_value = "text")]
    pub format: Form,
    #[command(flatten)]
    pub source: PackSource,
}

#[derive(Debug, Args)]
pub(crate) struct Mock {
    /// The mock system to serve
    #[arg(long, value_name = "NAME", default_value = "riverside-epr")]
    pub vendor: String,
    /// Switches a fault on; may be repeated. Ids: plumbline mock --list-faults
    #[arg(long = "fault", value_name = "ID")]
    pub faults: Vec<String>,
    /// Port on 127.0.0.1; 0 chooses a free one
    #[arg(long, default_value_t = 8080)]
    pub port: u16,
    /// A folder of fault families that add to the built-in ones, or replace those of the same name
    #[arg(long = "faults-dir", value_name = "DIR")]
    pub faults_dir: Option<PathBuf>,
    /// A folder of people to serve besides the built-in ones, or in place of those of the same name
    #[arg(long = "people-dir", value_name = "DIR")]
    pub people_dir: Option<PathBuf>,
    /// Serves https, and writes the certificates that a client needs to this folder, which must be
    /// new, empty or from an earlier start
    #[arg(long = "tls-dir", value_name = "DIR")]
    pub tls_dir: Option<PathBuf>,
    /// Lists the faults and ends
    #[arg(long)]
    pub list_faults: bool,
    /// Ends when standard input closes, so that a parent process takes it along
    #[arg(long, hide = true)]
    pub until_stdin_closes: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FhirChoice {
    /// 4.0.1
    R4,
    /// 3.0.2
    Stu3,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ValidateForm {
    /// To read in a terminal
    Text,
    /// One array, with every detail
    Json,
    /// One `OperationOutcome` of FHIR a line, with the name of its file
    OperationOutcome,
    /// A page to read, print or send
    Html,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum EmbeddedHtmlChoice {
    /// A warning in strings, nothing in markdown
    Warn,
    /// An error in both
    Refuse,
    /// Nothing in both
    Ignore,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExampleAddressesChoice {
    /// They are like any others
    Accept,
    /// Each is an error
    Refuse,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReferencesChoice {
    /// They lead elsewhere, which is not checked
    Anywhere,
    /// Each is an error
    AtHand,
}

#[derive(Debug, Args)]
pub(crate) struct Validate {
    /// Files of FHIR JSON or XML, or folders of files that end with .json or .xml
    #[arg(value_name = "FILE", required_unless_present = "explain")]
    pub files: Vec<PathBuf>,
    /// Version of FHIR that the files are in
    #[arg(long, value_enum, value_name = "VERSION", default_value = "r4")]
    pub fhir: FhirChoice,
    /// Form of the result
    #[arg(long, value_enum, default_value = "text")]
    pub format: ValidateForm,
    /// A profile to check every file against, besides those that it claims: an address, or a file that
    /// holds the profile; may be repeated
    #[arg(long, value_name = "URL_OR_FILE")]
    pub profile: Vec<String>,
    /// Definitions to check by: a FHIR package (.tgz), a folder, a file, or name@version of a package
    /// that plumbline packages has fetched; may be repeated
    #[arg(long, value_name = "PACKAGE")]
    pub package: Vec<String>,
    /// Folder of fetched packages [default: .fhir/packages in your home folder]
    #[arg(long, value_name = "DIR")]
    pub cache: Option<PathBuf>,
    /// How many files are checked at once [default: as many as there are processors]
    #[arg(long, value_name = "COUNT")]
    pub jobs: Option<std::num::NonZeroUsize>,
    /// Warns also of what the specification calls best practice, such as a narrative in every resource
    #[arg(long)]
    pub best_practice: bool,
    /// What becomes of text in strings and markdown that looks like a tag of HTML
    #[arg(long, value_enum, value_name = "CHOICE", default_value = "warn")]
    pub embedded_html: EmbeddedHtmlChoice,
    /// What becomes of addresses that are reserved for examples, such as those below example.org
    #[arg(long, value_enum, value_name = "CHOICE", default_value = "accept")]
    pub example_addresses: ExampleAddressesChoice,
    /// What becomes of relative references to resources that are neither in the same file nor supplied with
    /// --package
    #[arg(long, value_enum, value_name = "CHOICE", default_value = "anywhere")]
    pub references: ReferencesChoice,
    /// Checks again whenever a file or a package changes, until Ctrl-C
    #[arg(long, conflicts_with = "format")]
    pub watch: bool,
    /// Base URL of a FHIR terminology server to ask about codes that nothing here decides; it gets codes and
    /// their systems, and nothing else of a file
    #[arg(long, value_name = "URL", conflicts_with_all = ["watch", "explain"])]
    pub tx: Option<String>,
    /// File that keeps the answers of the terminology server for later runs
    #[arg(long, value_name = "FILE", conflicts_with_all = ["watch", "explain"])]
    pub tx_cache: Option<PathBuf>,
    /// Takes answers from the file of --tx-cache only and asks nobody, so that a run can be repeated
    #[arg(long, requires = "tx_cache")]
    pub tx_frozen: bool,
    /// Explains a code of the result instead, such as FHIR-MIN or FHIR-INVARIANT-dom-2
    #[arg(long, value_name = "CODE", conflicts_with_all = ["files", "format", "profile", "watch", "jobs", "best_practice", "embedded_html", "example_addresses", "references"])]
    pub explain: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell to write for
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub(crate) struct Man {
    /// Folder for one page a command; pages of the same name are written over
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct GenDocs {
    /// Folder to write to
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}
