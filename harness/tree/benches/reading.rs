//! How fast bodies are read, as ratios to what others need for the same bytes, and how much
//! memory they take. Run with `cargo bench -p plumbline-tree`. Not a test: machines differ, so
//! that only the ratios mean something. Each is the median of several, of two times taken one
//! after the other, so that what else the machine does falls on both.
#![expect(clippy::print_stdout, reason = "its output is its result")]

use plumbline_tree::{Layout, Limits, Tree};
use quick_xml::events::Event;
use std::error::Error;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// How often a ratio is measured.
const BATCHES: usize = 15;
/// How often each time is measured for it; the shortest counts.
const ROUNDS: usize = 5;

const JSON: &str = r#"{
  "fullUrl": "urn:uuid:7d1e5a0c-3a5e-4f0e-9b1e-000000000001",
  "resource": {
    "resourceType": "Patient",
    "id": "p-1001",
    "meta": {"versionId": "3", "lastUpdated": "2024-03-01T10:15:30.000+00:00", "profile": ["https://fhir.hl7.org.uk/StructureDefinition/UKCore-Patient"]},
    "text": {"status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>Example, <b>Anna</b></p></div>"},
    "identifier": [{"use": "official", "system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990009996"}],
    "active": true,
    "name": [{"use": "official", "family": "Example", "given": ["Anna", "Zo\u00eb"], "prefix": ["Ms"]}],
    "telecom": [{"system": "phone", "value": "+44 1632 960000", "use": "home", "rank": 1}],
    "gender": "female",
    "birthDate": "1970-01-01",
    "_birthDate": {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/patient-birthTime", "valueDateTime": "1970-01-01T04:05:00Z"}]},
    "address": [{"use": "home", "line": ["1 Example Road", "Exampleton"], "postalCode": "ZZ99 3WZ", "period": {"start": "2001-05-06"}}],
    "extension": [{"url": "http://example.org/weight", "valueDecimal": 71.50}]
  }
}"#;

const XML: &str = r#"  <entry>
    <fullUrl value="urn:uuid:7d1e5a0c-3a5e-4f0e-9b1e-000000000001"/>
    <resource>
      <Patient>
        <id value="p-1001"/>
        <meta>
          <versionId value="3"/>
          <lastUpdated value="2024-03-01T10:15:30.000+00:00"/>
          <profile value="https://fhir.hl7.org.uk/StructureDefinition/UKCore-Patient"/>
        </meta>
        <text>
          <status value="generated"/>
          <div xmlns="http://www.w3.org/1999/xhtml"><p>Example, <b>Anna</b></p></div>
        </text>
        <extension url="http://example.org/weight">
          <valueDecimal value="71.50"/>
        </extension>
        <identifier>
          <use value="official"/>
          <system value="https://fhir.nhs.uk/Id/nhs-number"/>
          <value value="9990009996"/>
        </identifier>
        <active value="true"/>
        <name>
          <use value="official"/>
          <family value="Example"/>
          <given value="Anna"/>
          <given value="Zo&#235;"/>
          <prefix value="Ms"/>
        </name>
        <telecom>
          <system value="phone"/>
          <value value="+44 1632 960000"/>
          <use value="home"/>
          <rank value="1"/>
        </telecom>
        <gender value="female"/>
        <birthDate value="1970-01-01">
          <extension url="http://hl7.org/fhir/StructureDefinition/patient-birthTime">
            <valueDateTime value="1970-01-01T04:05:00Z"/>
          </extension>
        </birthDate>
        <address>
          <use value="home"/>
          <line value="1 Example Road"/>
          <line value="Exampleton"/>
          <postalCode value="ZZ99 3WZ"/>
          <period>
            <start value="2001-05-06"/>
          </period>
        </address>
      </Patient>
    </resource>
  </entry>
"#;

fn json(entries: usize, layout: Layout) -> Result<String, Box<dyn Error>> {
    let pretty = format!(
        "{{\"resourceType\": \"Bundle\", \"type\": \"searchset\", \"entry\": [{}]}}",
        vec![JSON; entries].join(",\n")
    );
    Ok(Tree::parse(pretty.into_bytes(), &Limits::default())?
        .root()
        .to_json(layout)?)
}

fn xml(entries: usize) -> String {
    let start = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Bundle xmlns=\"http://hl7.org/fhir\">\n  <type value=\"searchset\"/>\n";
    format!("{start}{}</Bundle>\n", XML.repeat(entries))
}

/// The shortest of several rounds, which the rest of the machine disturbs least.
fn shortest(work: &mut dyn FnMut()) -> Duration {
    let mut best = Duration::MAX;
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        work();
        best = best.min(begun.elapsed());
    }
    best
}

/// The median time of our work, and the median of its ratios to each of the others.
fn beside(
    ours: &mut dyn FnMut(),
    others: &mut [(&'static str, &mut dyn FnMut())],
) -> (Duration, Vec<(&'static str, f64)>) {
    let mut times = Vec::new();
    let mut ratios = vec![Vec::new(); others.len()];
    for _ in 0..BATCHES {
        let own = shortest(ours);
        times.push(own);
        for (all, (_, other)) in ratios.iter_mut().zip(others.iter_mut()) {
            all.push(own.as_secs_f64() / shortest(*other).as_secs_f64());
        }
    }
    times.sort();
    let medians = ratios.iter_mut().zip(others).map(|(all, (name, _))| {
        all.sort_by(f64::total_cmp);
        (*name, all[BATCHES / 2])
    });
    let medians = medians.collect();
    (times[BATCHES / 2], medians)
}

/// Every event of quick-xml, with nothing done about it.
fn events(body: &str) -> usize {
    let mut reader = quick_xml::Reader::from_str(body);
    let mut count = 0;
    while let Ok(event) = reader.read_event() {
        if matches!(event, Event::Eof) {
            break;
        }
        count += 1;
    }
    count
}

/// Every event and every attribute of quick-xml, which is the least that reading FHIR needs.
fn events_and_attributes(body: &str) -> usize {
    let mut reader = quick_xml::Reader::from_str(body);
    let mut count = 0;
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Eof => break,
            Event::Start(tag) | Event::Empty(tag) => count += tag.attributes().flatten().count(),
            _ => count += 1,
        }
    }
    count
}

fn row(what: &str, bytes: usize, (ours, ratios): &(Duration, Vec<(&str, f64)>)) {
    let seconds = ours.as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "a printed figure")]
    let rate = bytes as f64 / seconds / 1e6;
    print!("{what:<34} {bytes:>9} bytes {rate:>7.0} MB/s");
    for (name, ratio) in ratios {
        print!("   {ratio:.2} of {name}");
    }
    println!();
}

fn memory(what: &str, tree: &Tree) {
    let source = tree.source().len();
    #[expect(clippy::cast_precision_loss, reason = "a printed figure")]
    let ratio = tree.arena_bytes() as f64 / source as f64;
    println!(
        "{what:<34} {:>9} nodes {ratio:>7.2} bytes of memory for each byte",
        tree.node_count()
    );
}

fn main() -> Result<(), Box<dyn Error>> {
    let limits = Limits::default();
    for entries in [1, 50, 5_000] {
        for layout in [Layout::Compact, Layout::Indented] {
            let body = json(entries, layout)?;
            let what = format!("JSON, {entries} patients, {layout:?}");
            // Each round owns its bytes, as after receiving them; the copy counts for both.
            let mut ours = || drop(black_box(Tree::parse(body.clone().into(), &limits)));
            let mut value = || {
                let bytes: Vec<u8> = body.clone().into();
                drop(black_box(serde_json::from_slice::<serde_json::Value>(
                    &bytes,
                )));
            };
            let measured = beside(&mut ours, &mut [("serde_json::Value", &mut value)]);
            row(&what, body.len(), &measured);
            memory(&what, &Tree::parse(body.into(), &limits)?);
        }
        let body = xml(entries);
        let what = format!("XML, {entries} patients");
        let mut ours = || drop(black_box(Tree::parse_xml(body.clone().into(), &limits)));
        let mut raw = || {
            black_box(events(&body.clone()));
        };
        let mut attributes = || {
            black_box(events_and_attributes(&body.clone()));
        };
        let mut others: [(&str, &mut dyn FnMut()); 2] = [
            ("quick-xml events", &mut raw),
            ("the same with attributes", &mut attributes),
        ];
        let measured = beside(&mut ours, &mut others);
        row(&what, body.len(), &measured);
        memory(&what, &Tree::parse_xml(body.into(), &limits)?);
    }
    let numbers = format!("[{}1]", "1,".repeat(999_999));
    memory("a million numbers", &Tree::parse(numbers.into(), &limits)?);
    let elements = format!("<a>{}</a>", "<b/>".repeat(1_000_000));
    memory(
        "a million elements",
        &Tree::parse_xml(elements.into(), &limits)?,
    );
    Ok(())
}
