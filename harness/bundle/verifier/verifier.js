// Verifies an evidence bundle in the browser: the same checks in the same order as plumbline-bundle, and the same words.
// Fetches nothing and stores nothing. Not for reading a bundle that was altered: of one, only the problems are shown.
"use strict";
(() => {
  const W = __WORDS__;
  const [OLDEST, NEWEST] = __RECORD_FORMATS__;
  const MOST_BYTES = 400 * 1024 * 1024;
  const MOST_FILES = 64;
  const MARK = "Plumbline evidence bundle";
  const FROM_THE_RUN = ["record.json", "exchanges.ndjson", "reports/report.html", "reports/report.json",
    "reports/report.junit.xml", "reports/verdicts.ndjson"];
  const PAYLOAD_TYPE = "application/vnd.in-toto+json";

  const encoder = new TextEncoder();
  const text = (bytes) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const unseen = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;
  const seen = (value) => String(value).replace(unseen, "\ufffd");
  const fill = (template, values = {}) =>
    template.replace(/\{([^}]*)\}/g, (_, name) => (Object.hasOwn(values, name) ? seen(values[name]) : ""));

  /** One thing that is wrong with a bundle; ends the examination. */
  class Broken extends Error {
    constructor(headline, problems) {
      super(headline);
      this.problems = problems;
    }
  }
  /** Not a bundle, or not one that this page reads. */
  class NotABundle extends Error {}

  const altered = (part, word, detail) => new Broken(W.ALTERED, [`${part}: ${word}; ${detail}`]);
  const contradicts = (part, detail) => new Broken(W.CONTRADICTS, [`${part}: contradicts the rest; ${detail}`]);

  // The archive: every byte follows from names and contents, so what was read is written again and compared.

  const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
    for (let bit = 0; bit < 8; bit += 1) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1;
    return n >>> 0;
  });
  function crc(bytes) {
    let sum = 0xffffffff;
    for (let i = 0; i < bytes.length; i += 1) sum = CRC[(sum ^ bytes[i]) & 255] ^ (sum >>> 8);
    return (sum ^ 0xffffffff) >>> 0;
  }
  const short = (n) => [n & 255, (n >>> 8) & 255];
  const long = (n) => [n & 255, (n >>> 8) & 255, (n >>> 16) & 255, (n >>> 24) & 255];
  const described = (name, sum, size) =>
    [10, 0, 0, 0, 0, 0, 0, 0, 0x21, 0, ...long(sum), ...long(size), ...long(size), ...short(name.length), 0, 0];
  const localHead = (name, sum, size) => [0x50, 0x4b, 3, 4, ...described(name, sum, size), ...encoder.encode(name)];
  function directory(files, start) {
    const out = [];
    for (const { name, sum, data, at } of files) {
      out.push(0x50, 0x4b, 1, 2, 30, 3, ...described(name, sum, data.length), 0, 0, 0, 0, 0, 0,
        ...long(0o100644 * 65536), ...long(at), ...encoder.encode(name));
    }
    const size = out.length;
    out.push(0x50, 0x4b, 5, 6, 0, 0, 0, 0, ...short(files.length), ...short(files.length), ...long(size), ...long(start),
      ...short(MARK.length), ...encoder.encode(MARK));
    return out;
  }
  const isPlain = (name) =>
    name.length >= 1 && name.length <= 100 && /^[A-Za-z0-9\-_./]+$/.test(name)
    && name.split("/").every((part) => part !== "" && !part.startsWith("."));
  function isMarked(bytes) {
    const holds = (part) => text(part).includes(MARK);
    const starts = bytes[0] === 0x50 && bytes[1] === 0x4b;
    return (starts && holds(bytes.subarray(0, 4096))) || holds(bytes.subarray(Math.max(0, bytes.length - 4096)));
  }

  function readContainer(bytes) {
    const files = [];
    const problems = [];
    const strange = (at, what) => problems.push(`the container: altered; at byte ${at}: ${what}`);
    const cutOff = (part) =>
      problems.push(`${part}: cut off; the bundle ends after ${bytes.length} bytes, before its own end`);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const done = () => {
      if (problems.length > 0) throw new Broken(W.ALTERED, problems);
      return files;
    };
    let at = 0;
    const isHead = () => at + 4 <= bytes.length && view.getUint32(at, true) === 0x04034b50;
    while (isHead()) {
      if (files.length === MOST_FILES) return strange(at, "it holds more files than a bundle can"), done();
      if (at + 30 > bytes.length) return cutOff("the container"), done();
      const sum = view.getUint32(at + 14, true);
      const size = view.getUint32(at + 18, true);
      const start = at + 30 + view.getUint16(at + 26, true);
      if (start > bytes.length) return cutOff("the container"), done();
      const name = text(bytes.subarray(at + 30, start));
      if (!isPlain(name)) return strange(at, "a file has a name that no file of a bundle has"), done();
      if (!localHead(name, sum, size).every((byte, i) => bytes[at + i] === byte)) {
        return strange(at, `the head of ${name} is not as Plumbline writes it`), done();
      }
      if (files.some((file) => file.name === name)) return strange(at, `${name} is there twice`), done();
      if (start + size > bytes.length) return cutOff(name), done();
      const data = bytes.subarray(start, start + size);
      if (crc(data) !== sum) problems.push(`${name}: altered; its check sum in the archive is that of another content`);
      files.push({ name, sum, data, at });
      at = start + size;
    }
    const expected = directory(files, at);
    const rest = bytes.subarray(at);
    const same = expected.findIndex((byte, i) => rest[i] !== byte);
    if (same === rest.length) cutOff("the container");
    else if (same !== -1 || rest.length !== expected.length) {
      const last = files.length > 0 ? files[files.length - 1].name : "the beginning";
      const place = same === -1 ? expected.length : same;
      strange(at + place, same !== -1 && same < 4
        ? `no file and no directory begins there; the last file that was found is ${last}`
        : "the directory of its files is not the one that belongs to them");
    }
    return done();
  }

  // Values.

  const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const sha256 = async (bytes) => hex(await crypto.subtle.digest("SHA-256", bytes));
  function canonical(value) {
    if (value === null || typeof value !== "object") return JSON.stringify(value);
    if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
    return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
  }
  const same = (a, b) => canonical(a ?? null) === canonical(b ?? null);
  const parsed = (bytes) => {
    try {
      return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
    } catch {
      return undefined;
    }
  };
  /** The value of a JSON text that is exactly as Plumbline writes it. */
  const exact = (bytes) => {
    const value = parsed(bytes);
    return value !== undefined && canonical(value) === text(bytes) ? value : undefined;
  };
  const unBase64 = (encoded) => {
    try {
      const binary = atob(encoded);
      return btoa(binary) === encoded ? Uint8Array.from(binary, (c) => c.charCodeAt(0)) : undefined;
    } catch {
      return undefined;
    }
  };
  /** The bytes of an Ed25519 public key in PEM form. */
  function keyBytes(pem) {
    const body = /-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]*)-----END PUBLIC KEY-----/.exec(pem);
    const der = body && unBase64(body[1].replace(/\s/g, ""));
    const prefix = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
    return der && der.length === 44 && prefix.every((byte, i) => der[i] === byte) ? der : undefined;
  }

  // The examination.

  async function examine(bytes, keys) {
    if (bytes.length > MOST_BYTES) throw new NotABundle("The file is larger than 400 MiB: use plumbline verify.");
    if (!isMarked(bytes)) throw new NotABundle(W.NOT_A_BUNDLE);
    if (!globalThis.crypto?.subtle) throw new NotABundle(W.NO_HASHES);
    const files = readContainer(bytes);
    const file = (name) => files.find((f) => f.name === name)?.data;
    const manifestBytes = file("manifest.json");
    if (!manifestBytes) throw altered("manifest.json", "missing", "every bundle has one");
    const later = parsed(manifestBytes)?.format;
    if (Number.isInteger(later) && later > 1) throw new NotABundle(fill(W.NEWER, { format: later }));
    const manifest = exact(manifestBytes);
    const wellFormed = manifest && manifest.kind === "plumbline-bundle-manifest" && manifest.format === 1
      && (manifest.attestation === null || manifest.attestation === "attestation.dsse.json")
      && Array.isArray(manifest.files)
      && Object.keys(manifest).length === 4;
    if (!wellFormed) throw altered("manifest.json", "altered", "it is not as Plumbline writes it");
    await compareFiles(manifest, files);
    const signed = await signature(manifest, file, manifestBytes);
    const facts = contents(manifest, file, files);
    if (signed) await agrees(signed, facts, await sha256(manifestBytes));
    return { facts, signed, standing: standing(signed, keys), keys, manifest };
  }

  async function compareFiles(manifest, files) {
    const problems = [];
    for (const { name, bytes, sha256: hash } of manifest.files) {
      const found = files.find((f) => f.name === name);
      if (!found) problems.push(`${name}: missing; the manifest lists it`);
      else if (found.data.length !== bytes) {
        problems.push(`${name}: altered; it has ${found.data.length} bytes, and had ${bytes}`);
      } else {
        const now = await sha256(found.data);
        if (now !== hash) problems.push(`${name}: altered; its SHA-256 is ${now}, and was ${hash}`);
      }
    }
    const own = ["manifest.json", manifest.attestation];
    for (const { name } of files) {
      const listed = manifest.files.some((f) => f.name === name);
      if (!listed && !own.includes(name)) problems.push(`${name}: added; the manifest does not list it`);
    }
    if (manifest.attestation && !files.some((f) => f.name === manifest.attestation)) {
      problems.push(`${manifest.attestation}: missing; the manifest says that it holds the signature`);
    }
    if (problems.length > 0) throw new Broken(W.ALTERED, problems);
    const wanted = [...manifest.files.map((f) => f.name), ...own].filter((name) => name !== null);
    if (!same(wanted, files.map((f) => f.name))) {
      throw altered("the container", "altered", "its files are not in the order of the manifest");
    }
  }

  async function signature(manifest, file, manifestBytes) {
    if (manifest.attestation === null) return null;
    const pem = file("public-key.pem");
    if (!pem) throw altered("public-key.pem", "missing", "a signed bundle has one");
    const der = keyBytes(text(pem));
    if (!der) throw altered("public-key.pem", "altered", "it is no Ed25519 key in PEM form");
    const wrong = (detail) => altered("attestation.dsse.json", "altered", detail);
    const envelope = exact(file("attestation.dsse.json"));
    const entry = envelope?.signatures?.length === 1 ? envelope.signatures[0] : undefined;
    const payload = unBase64(envelope?.payload ?? "!");
    const sig = unBase64(entry?.sig ?? "!");
    if (!payload || !sig || envelope.payloadType !== PAYLOAD_TYPE || Object.keys(envelope).length !== 3) {
      throw wrong("it is not as Plumbline writes it");
    }
    const fingerprint = await sha256(der);
    if (entry.keyid !== fingerprint) throw wrong("it names another key than public-key.pem");
    const head = encoder.encode(`DSSEv1 ${PAYLOAD_TYPE.length} ${PAYLOAD_TYPE} ${payload.length} `);
    const message = new Uint8Array(head.length + payload.length);
    message.set(head);
    message.set(payload, head.length);
    const checked = await verifies(der, sig, message);
    if (checked === false) throw wrong("its signature does not fit");
    const statement = parsed(payload);
    const about = statement?.subject;
    const name = statement?.predicate?.signer?.name;
    if (typeof name !== "string" || !Array.isArray(about) || about.length !== 1) {
      throw wrong("it holds no statement that this page reads");
    }
    if (about[0].name !== "manifest.json" || about[0].digest?.sha256 !== (await sha256(manifestBytes))) {
      throw altered("manifest.json", "altered", "it is not the manifest that was signed");
    }
    return { fingerprint, name, payload, checked };
  }

  /** Whether the signature fits; null where this browser cannot say. */
  async function verifies(der, sig, message) {
    let key;
    try {
      key = await crypto.subtle.importKey("spki", der, { name: "Ed25519" }, false, ["verify"]);
    } catch (error) {
      return error?.name === "NotSupportedError" ? null : false;
    }
    return sig.length === 64 && (await crypto.subtle.verify({ name: "Ed25519" }, key, sig, message)) === true;
  }

  /** What the files say, which must be the same everywhere. */
  function contents(manifest, file, files) {
    const record = parsed(file("record.json") ?? new Uint8Array());
    if (typeof record?.format !== "number") {
      throw contradicts("record.json", "it does not have the form of the record of a run");
    }
    if (record.format < OLDEST || record.format > NEWEST) throw new NotABundle(fill(W.OTHER_RECORD, { format: record.format }));
    const report = parsed(file("reports/report.json") ?? new Uint8Array());
    const mock = record.mock ?? (record.environment === "mock" ? "a mock system" : null);
    const hidden = (record.exchanges ?? []).flatMap((e) => e.response_headers ?? [])
      .find((header) => header.name.toLowerCase() === "x-plumbline-mock");
    if (mock === null && hidden) {
      throw contradicts("record.json", `its answers say that they come from the mock system ${hidden.value}, ` +
        "and it does not say so: it was changed after the run");
    }
    if (report?.kind !== "plumbline-report" || report.run?.id !== record.run_id) {
      throw contradicts("reports/report.json", "it is about another run than record.json");
    }
    if ((report.mock?.name ?? null) !== mock) {
      throw contradicts("reports/report.json", "it does not say of the mock what record.json says");
    }
    const lines = file("exchanges.ndjson");
    if (lines) {
      const read = text(lines).split("\n").filter((line) => line !== "");
      const at = Array.from({ length: Math.max(read.length, record.exchanges.length) }, (_, n) => n)
        .find((n) => !same(record.exchanges[n], parsed(encoder.encode(read[n] ?? ""))));
      if (at !== undefined) throw contradicts("exchanges.ndjson", `its exchange ${at + 1} is not that of record.json`);
    }
    const facts = exact(file("subject.json") ?? new Uint8Array());
    const leftOut = FROM_THE_RUN.filter((name) => !files.some((f) => f.name === name));
    if (!facts || !same(facts, expectedFacts(record, report.scorecard ?? {}, mock, leftOut, facts.evidence?.reports))) {
      throw contradicts("subject.json", "it does not say what record.json and reports/report.json say");
    }
    const readme = text(file("README.txt") ?? new Uint8Array()).split(/\s+/).join(" ").toLowerCase();
    if (facts.mock && !readme.includes("this result says nothing about a real product")) {
      throw contradicts("README.txt", "it does not say that this was a mock system");
    }
    return facts;
  }

  function editionWords(standard) {
    const { edition, title } = standard;
    switch (standard.edition_status) {
      case "draft": return `draft ${edition} of ${title}`;
      case "in-force": return `edition ${edition} of ${title}, in force`;
      case "superseded": return `superseded edition ${edition} of ${title}`;
      default: return `edition ${edition} of ${title}, status unconfirmed`;
    }
  }

  function expectedFacts(record, scorecard, mock, leftOut, reports) {
    return {
      format: 1,
      kind: "plumbline-subject",
      subject: record.subject,
      environment: record.environment,
      mock: mock === null ? null : { name: mock, statement: "This result says nothing about a real product." },
      software: record.software,
      certificates: record.certificates ?? {},
      completion: record.completion,
      scope: record.scope,
      selection: record.selection,
      deselected: record.deselected,
      pack: record.pack,
      run: {
        id: record.run_id,
        started: record.started,
        finished: record.finished,
        plumbline: record.plumbline,
        resumed: record.resumed ?? 0,
        rejudged: record.rejudged ?? null,
      },
      result: {
        status: scorecard.status,
        sentence: scorecard.sentence,
        required: scorecard.required,
        required_not_tested: scorecard.required_not_tested,
        required_out_of_scope: scorecard.required_out_of_scope,
        not_checked: scorecard.not_checked,
      },
      evidence: {
        tier: mock === null ? "automated" : "demonstration",
        record_format: record.format,
        scenarios: record.scenarios.length,
        exchanges: record.exchanges.length,
        left_out: leftOut,
        reports,
      },
    };
  }

  /** Whether the statement is, to the byte, the one that follows from the facts. */
  async function agrees(signed, facts, manifestHash) {
    const wanted = canonical({
      _type: "https://in-toto.io/Statement/v1",
      predicate: {
        bundleFormat: 1,
        mock: facts.mock?.name ?? null,
        result: facts.result.sentence,
        run: facts.run.id,
        signer: { name: signed.name },
        standards: facts.pack.standards,
        status: facts.result.status,
        subject: facts.subject,
        tier: facts.evidence.tier,
      },
      predicateType: "urn:plumbline:evidence-bundle:v1",
      subject: [{ digest: { sha256: manifestHash }, name: "manifest.json" }],
    });
    if (wanted !== text(signed.payload)) {
      throw contradicts("attestation.dsse.json", "its statement does not say what subject.json says");
    }
  }

  function standing(signed, keys) {
    if (!signed) return "unsigned";
    if (signed.checked === null) return "not-checked";
    if (keys.some((key) => key.fingerprint === signed.fingerprint)) return "known-signer";
    return keys.length === 0 ? "unknown-signer" : "wrong-key";
  }

  // What is said.

  function headline({ facts, signed, standing, keys }) {
    const values = {
      signer: signed?.name ?? "",
      fingerprint: signed?.fingerprint ?? "",
      key: keys.find((key) => key.fingerprint === signed?.fingerprint)?.name ?? "",
    };
    const templates = {
      "known-signer": [W.KNOWN],
      "unknown-signer": [W.UNKNOWN],
      "wrong-key": [W.WRONG_KEY],
      "not-checked": [W.NOT_CHECKED],
      unsigned: keys.length === 0 ? [W.UNSIGNED] : [W.UNSIGNED, W.UNSIGNED_ASKED],
    };
    return templates[standing].map((template) => fill(template, values));
  }

  function lines({ facts, signed, manifest }) {
    const { subject, software, run, pack, result, evidence } = facts;
    const name = `${subject.product} ${subject.version}${subject.build ? `, build ${subject.build}` : ""}, of ${subject.supplier}`;
    const tested = subject.kind === "product"
      ? fill(W.A_PRODUCT, { name })
      : fill(W.A_DEPLOYMENT, { name, site: subject.site ?? "an unnamed site", ods: subject.ods_code ?? "no ODS code" });
    const itself = {
      unknown: () => W.SOFTWARE_UNKNOWN,
      stated: () => seen(`${software.name} ${software.version}`),
      differs: () => fill(W.SOFTWARE_DIFFERS, software),
    };
    const when = [fill(W.FROM_TO, { started: run.started, finished: run.finished, run: run.id, plumbline: run.plumbline })];
    if (run.resumed > 0) when.push(fill(W.RESUMED, { times: run.resumed }));
    if (run.rejudged) {
      const { run_id, plumbline, pack: id, pack_version, pack_fingerprint } = run.rejudged;
      when.push(fill(W.REJUDGED, { run: run_id, plumbline, pack: id, version: pack_version, fingerprint: pack_fingerprint }));
    }
    const edition = [seen(pack.standards.map(editionWords).join("; "))];
    if (!pack.standards.every((standard) => standard.edition_status === "in-force")) edition.push(W.NOT_IN_FORCE);
    const { pass, fail, undecided } = result.required;
    const counts = fill(W.COUNTS, {
      pass, fail, undecided,
      tested: pass + fail + undecided,
      not_tested: result.required_not_tested,
      out: result.required_out_of_scope,
    });
    const everything = facts.selection === "" && facts.deselected.length === 0;
    const all = [
      [W.RESULT, [seen(result.sentence)]],
      [W.TESTED, [tested]],
      [W.WHERE, [fill(W.ENVIRONMENT, { environment: facts.environment })]],
      [W.OF_ITSELF, [(itself[software.form] ?? itself.unknown)()]],
      [W.CERTIFICATE, Object.keys(facts.certificates).sort()
        .map((key) => fill(W.A_CERTIFICATE, { name: key, sha256: facts.certificates[key] }))],
      [W.WHEN, when],
      [W.PACK, [fill(W.A_PACK, pack)]],
      [W.EDITION, edition],
      [W.COMPLETED, [facts.completion.state === "completed" ? W.YES : fill(W.NO, { why: facts.completion.why })]],
      [W.SCOPE, [seen(facts.scope.join(", "))]],
      [W.SELECTION, [everything ? W.ALL : fill(W.SOME, { selection: facts.selection, count: facts.deselected.length })]],
      [W.NOT_TESTED, [counts, ...result.not_checked.map(seen)]],
      [W.TIER, [evidence.tier === "demonstration" ? W.TIER_DEMONSTRATION : W.TIER_AUTOMATED]],
      [W.ATTEMPTS, [W.ATTEMPTS_UNKNOWN]],
      [W.REPORTS, [evidence.reports.state === "same" ? W.REPORTS_SAME : fill(W.REPORTS_NOT, { why: evidence.reports.why })]],
      [W.LEFT_OUT, evidence.left_out.map((file) => fill(W.LEFT_OUT_FILE, { name: file }))],
    ];
    if (signed) {
      all.push([W.SIGNER, [fill(W.CALLS_ITSELF, { signer: signed.name })]]);
      all.push([W.KEY, [fill(W.FINGERPRINT, { fingerprint: signed.fingerprint })]]);
    }
    const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
    all.push([W.FILES, [fill(W.FILE_COUNT, { count: manifest.files.length, bytes })]]);
    return all.filter(([, values]) => values.length > 0);
  }

  // The page.

  const MARKS = {
    good: ["good", "M8 1a7 7 0 1 0 0 14A7 7 0 1 0 8 1Z", "currentColor"],
    open: ["neutral", "M8 2a6 6 0 1 0 0 12A6 6 0 1 0 8 2Z", "none"],
    bad: ["concern", "M8 0 16 8 8 16 0 8Z", "currentColor"],
  };
  const element = (tag, attributes = {}, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  };
  function mark(kind) {
    const [, path, colour] = MARKS[kind];
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 16 16");
    svg.setAttribute("aria-hidden", "true");
    const shape = document.createElementNS("http://www.w3.org/2000/svg", "path");
    shape.setAttribute("d", path);
    shape.setAttribute("fill", colour);
    if (colour === "none") {
      shape.setAttribute("stroke", "currentColor");
      shape.setAttribute("stroke-width", "2");
    }
    svg.append(shape);
    return svg;
  }
  const verdict = (kind, words) =>
    element("p", { class: `verdict ${MARKS[kind][0]}` }, mark(kind), element("span", {}, words));

  const $ = (id) => document.getElementById(id);
  function show(title, mock, parts) {
    $("banner").replaceChildren();
    if (mock) {
      $("banner").append(element("aside", { class: "mock", "aria-label": "Mock system" },
        element("p", {}, element("strong", {}, mock))));
    }
    $("result-title").textContent = title;
    $("said").replaceChildren(...parts);
    $("result-title").focus();
  }

  function showFound(name, found) {
    const kinds = { "known-signer": "good", "wrong-key": "bad" };
    const mock = found.facts.mock ? fill(W.MOCK, { name: found.facts.mock.name }) : null;
    const parts = headline(found).map((words) => verdict(kinds[found.standing] ?? "open", words));
    if (mock) parts.unshift(element("p", {}, element("strong", {}, mock)));
    const rows = lines(found).map(([label, values]) =>
      element("div", {}, element("dt", {}, label),
        element("dd", {}, ...values.map((value) => element("span", {}, value)))));
    show(`Checked: ${seen(name)}`, mock, [...parts, element("dl", { class: "facts" }, ...rows)]);
  }

  function showError(name, error) {
    if (error instanceof Broken) {
      show(`Checked: ${seen(name)}`, null, [
        verdict("bad", error.message),
        element("ul", { class: "problems" }, ...error.problems.map((problem) => element("li", {}, seen(problem)))),
        element("p", {}, W.ASK),
      ]);
    } else if (error instanceof NotABundle) {
      show(`Not checked: ${seen(name)}`, null, [verdict("open", error.message)]);
    } else {
      const words = `The file could not be checked (${seen(error?.message ?? error)}). Nothing is known about it; use plumbline verify.`;
      show(`Not checked: ${seen(name)}`, null, [verdict("open", words)]);
    }
  }

  let chosen = null;
  let keyFiles = [];
  let latest = 0;
  async function check() {
    if (!chosen) return;
    latest += 1;
    const own = latest;
    const name = chosen.name;
    show(`Checking ${seen(name)} ...`, null, []);
    try {
      const keys = [];
      for (const file of keyFiles) {
        const der = file.size < 65536 ? keyBytes(await file.text()) : undefined;
        if (!der) throw new NotABundle(`${file.name} is no Ed25519 public key in PEM form, so nothing was checked.`);
        keys.push({ name: file.name, fingerprint: crypto.subtle ? await sha256(der) : "" });
      }
      if (chosen.size > MOST_BYTES) throw new NotABundle("The file is larger than 400 MiB: use plumbline verify.");
      const found = await examine(new Uint8Array(await chosen.arrayBuffer()), keys);
      if (own === latest) showFound(name, found);
    } catch (error) {
      if (own === latest) showError(name, error);
    }
  }
  $("bundle").addEventListener("change", (event) => {
    chosen = event.target.files[0] ?? null;
    check();
  });
  $("keys").addEventListener("change", (event) => {
    keyFiles = [...event.target.files];
    check();
  });
  $("form").addEventListener("submit", (event) => event.preventDefault());
  for (const kind of ["dragenter", "dragover"]) {
    document.addEventListener(kind, (event) => {
      event.preventDefault();
      document.body.classList.add("dropping");
    });
  }
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) document.body.classList.remove("dropping");
  });
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    document.body.classList.remove("dropping");
    const dropped = [...event.dataTransfer.files];
    const keys = dropped.filter((file) => file.name.endsWith(".pem"));
    if (keys.length > 0) keyFiles = keys;
    chosen = dropped.find((file) => !file.name.endsWith(".pem")) ?? chosen;
    check();
  });
})();
