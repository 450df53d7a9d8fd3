// Tests the verifier page in Chromium: node verifier.mjs CHROMIUM AXE_JS PLUMBLINE RUN_FOLDER [OUT_DIR]
// RUN_FOLDER is a run against a mock, such as that of the demo. The page must say what `plumbline verify` says.
// With OUT_DIR it leaves pictures there. Not for the page before a bundle is chosen: test.mjs can open that.

import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { pdfOf } from "./checks.mjs";
import { start } from "./chromium.mjs";

const FORGED = ["hash.zip", "manifest.zip", "signature.zip", "statement.zip", "stripped.zip", "added.zip", "missing.zip",
  "no-mock.zip", "hidden-mock.zip", "quiet-readme.zip", "exchanges.zip"];

const [executable, axeFile, plumbline, run, out] = process.argv.slice(2);
const axeSource = readFileSync(axeFile, "utf8");
const folder = mkdtempSync(join(tmpdir(), "plumbline-verifier-"));
const at = (name) => join(folder, name);
const tool = (...args) => execFileSync(resolve(plumbline), args, { cwd: folder, encoding: "utf8" });
/** What the command says, without what only the command can say. */
const command = (...args) => {
  const { stdout, stderr, status } = spawnSync(resolve(plumbline), ["verify", ...args], { cwd: folder, encoding: "utf8" });
  const lines = stdout.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("Recomputed"));
  return { lines, stderr, status };
};

let failed = 0;
let passed = 0;
const browser = await start(executable);
try {
  makeBundles();
  await testAll();
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
console.log(`verifier: ${passed} cases passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** A mock bundle, one of a run that was no mock, one that nobody signed, and broken ones. */
function makeBundles() {
  tool("keygen", "--out", "signer.pem");
  tool("keygen", "--out", "other.pem");
  const sign = ["--key", "signer.pem", "--signer", "Riverside Systems (invented)"];
  tool("bundle", resolve(run), ...sign, "--out", "mock.zip");
  tool("bundle", resolve(run), "--unsigned", "--out", "unsigned.zip");
  cpSync(resolve(run), at("real-run"), { recursive: true });
  const edit = (name, change) => {
    const file = join(at("real-run"), name);
    const value = JSON.parse(readFileSync(file, "utf8"));
    change(value);
    writeFileSync(file, JSON.stringify(value, null, 2));
  };
  // A run against no mock: neither the record nor an answer speaks of one.
  for (const name of ["record.json", "exchanges.ndjson"]) {
    const file = join(at("real-run"), name);
    writeFileSync(file, readFileSync(file, "utf8").replaceAll("x-plumbline-mock", "x-answered-by"));
  }
  // Another version of Plumbline cannot compare the reports, so the edited run is taken as it is.
  edit("record.json", (record) => {
    record.mock = null;
    record.environment = "sandbox";
    record.plumbline = "0.0.9";
    record.subject = { ...record.subject, kind: "deployment", build: "b7", ods_code: "ZZ001", site: "Northbank Hospital" };
    record.software = { form: "differs", sha256: "0".repeat(64) };
    record.certificates = { default: "ab".repeat(32) };
    record.completion = { state: "incomplete", why: "it was stopped by hand" };
    record.selection = "not @mutates";
    record.deselected = ["a-scenario"];
    record.resumed = 2;
    record.rejudged = { run_id: "first", plumbline: "0.0.8", pack: "uk-core-access", pack_version: "0.0.1", pack_fingerprint: "cd".repeat(32) };
  });
  edit("reports/report.json", (report) => {
    report.mock = null;
    report.scorecard.sentence = "Riverside EPR <b>4.2</b> \u202e is {signer} & undecided.";
  });
  tool("bundle", at("real-run"), ...sign, "--out", "real.zip");
  const whole = readFileSync(at("mock.zip"));
  const broken = (name, change) => writeFileSync(at(name), change(Buffer.from(whole)));
  const inside = whole.indexOf('"run_id": "');
  broken("altered.zip", (bytes) => {
    bytes[inside + 12] ^= 1;
    return bytes;
  });
  broken("container.zip", (bytes) => {
    bytes[bytes.length - 60] ^= 1;
    return bytes;
  });
  broken("truncated.zip", (bytes) => bytes.subarray(0, Math.floor(bytes.length / 2)));
  broken("longer.zip", (bytes) => Buffer.concat([bytes, Buffer.from([0])]));
  writeFileSync(at("stranger.zip"), "PK\u0003\u0004 something else");
  writeFileSync(at("empty.zip"), "");
}

/** The files of a bundle, in order. */
function unpacked(bytes) {
  const files = [];
  for (let at = 0; bytes.readUInt32LE(at) === 0x04034b50; ) {
    const start = at + 30 + bytes.readUInt16LE(at + 26);
    const end = start + bytes.readUInt32LE(at + 18);
    files.push({ name: bytes.toString("utf8", at + 30, start), data: Buffer.from(bytes.subarray(start, end)) });
    at = end;
  }
  return files;
}

function crc32(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return (sum ^ 0xffffffff) >>> 0;
}

/** The same, packed as Plumbline packs them. */
function packed(files) {
  const short = (n) => [n & 255, n >>> 8];
  const long = (n) => [n & 255, (n >>> 8) & 255, (n >>> 16) & 255, n >>> 24];
  const parts = [];
  const directory = [];
  let at = 0;
  for (const { name, data } of files) {
    const head = [10, 0, 0, 0, 0, 0, 0, 0, 0x21, 0, ...long(crc32(data)), ...long(data.length), ...long(data.length),
      ...short(name.length), 0, 0];
    directory.push(Buffer.from([0x50, 0x4b, 1, 2, 30, 3, ...head, 0, 0, 0, 0, 0, 0, 0, 0, 0xa4, 0x81, ...long(at)]), Buffer.from(name));
    parts.push(Buffer.from([0x50, 0x4b, 3, 4, ...head]), Buffer.from(name), data);
    at += 30 + name.length + data.length;
  }
  const lines = Buffer.concat(directory);
  const end = [0x50, 0x4b, 5, 6, 0, 0, 0, 0, ...short(files.length), ...short(files.length), ...long(lines.length), ...long(at), 25, 0];
  return Buffer.concat([...parts, lines, Buffer.from(end), Buffer.from("Plumbline evidence bundle")]);
}

/** Makes what somebody who knows the format could make: an archive in which every check sum is right again. */
function makeForged() {
  const forge = (from, to, change) => {
    const files = unpacked(readFileSync(at(from)));
    const file = (name) => files.find((f) => f.name === name);
    const edit = (name, before, after) => {
      const text = file(name).data.toString("utf8");
      if (!text.includes(before)) throw new Error(`${from}: no ${before} in ${name}`);
      file(name).data = Buffer.from(text.replace(before, after));
    };
    const relist = () => {
      const manifest = JSON.parse(file("manifest.json").data);
      for (const listed of manifest.files) {
        const { data } = file(listed.name);
        listed.bytes = data.length;
        listed.sha256 = createHash("sha256").update(data).digest("hex");
      }
      file("manifest.json").data = Buffer.from(JSON.stringify(manifest));
    };
    change({ files, file, edit, relist });
    writeFileSync(at(to), packed(files));
  };
  forge("mock.zip", "whole.zip", () => {});
  if (!readFileSync(at("whole.zip")).equals(readFileSync(at("mock.zip")))) throw new Error("this test packs otherwise");
  forge("mock.zip", "hash.zip", ({ edit }) => edit("record.json", '"run_id"', '"run_iD"'));
  forge("mock.zip", "manifest.zip", ({ edit, relist }) => {
    edit("reports/report.html", "Fail", "Pass");
    relist();
  });
  forge("mock.zip", "signature.zip", ({ file }) => {
    const envelope = JSON.parse(file("attestation.dsse.json").data);
    const bytes = Buffer.from(envelope.signatures[0].sig, "base64");
    bytes[40] ^= 1;
    envelope.signatures[0].sig = bytes.toString("base64");
    file("attestation.dsse.json").data = Buffer.from(JSON.stringify(envelope));
  });
  forge("mock.zip", "statement.zip", ({ file }) => {
    const envelope = JSON.parse(file("attestation.dsse.json").data);
    const payload = Buffer.from(envelope.payload, "base64").toString("utf8").replace("Riverside", "Northbank");
    envelope.payload = Buffer.from(payload).toString("base64");
    file("attestation.dsse.json").data = Buffer.from(JSON.stringify(envelope));
  });
  forge("mock.zip", "stripped.zip", ({ files }) => files.pop());
  forge("mock.zip", "added.zip", ({ files }) => files.splice(2, 0, { name: "extra.txt", data: Buffer.from("x") }));
  forge("mock.zip", "missing.zip", ({ files }) => files.splice(4, 1));
  forge("unsigned.zip", "no-mock.zip", ({ edit, relist }) => {
    edit("subject.json", /"mock":\{[^}]*\}/.exec(unpacked(readFileSync(at("unsigned.zip")))[1].data.toString())[0], '"mock":null');
    relist();
  });
  forge("unsigned.zip", "hidden-mock.zip", ({ edit, relist }) => {
    edit("record.json", '"mock": "riverside-epr"', '"mock": null');
    edit("record.json", '"environment": "mock"', '"environment": "sandbox"');
    relist();
  });
  forge("unsigned.zip", "quiet-readme.zip", ({ file, relist }) => {
    for (const words of ["MOCK SYSTEM", "nothing"]) file("README.txt").data = Buffer.from(String(file("README.txt").data).replaceAll(words, "much"));
    relist();
  });
  forge("unsigned.zip", "exchanges.zip", ({ edit, relist }) => {
    edit("exchanges.ndjson", '"status": 200', '"status": 201');
    relist();
  });
}
async function testAll() {
  makeForged();
  tool("verify", "--page", "page.html");
  const known = ["signer.public.pem"];
  await compare("mock, with the key", "mock.zip", known, 0);
  await compare("mock, without a key", "mock.zip", [], 0);
  await compare("mock, with another key", "mock.zip", ["other.public.pem"], 1);
  await compare("mock, with two keys", "mock.zip", ["other.public.pem", "signer.public.pem"], 0);
  await compare("no mock, with the key", "real.zip", known, 0);
  await compare("unsigned", "unsigned.zip", [], 4);
  await compare("unsigned, with a key", "unsigned.zip", known, 1);
  for (const name of ["altered.zip", "container.zip", "truncated.zip", "longer.zip", ...FORGED]) await compare(name, name, known, 1);
  for (const name of ["stranger.zip", "empty.zip"]) {
    const page = await check(name, known);
    const { status } = command(name, "--key", "signer.public.pem");
    judge(`not a bundle: ${name}`, page, status === 2 && page.said.includes("This is not an evidence bundle of Plumbline."));
  }
  const never = (page) => !/unaltered since/i.test(page.said);
  const noEd25519 = `{
    const importKey = SubtleCrypto.prototype.importKey;
    SubtleCrypto.prototype.importKey = function (form, key, algorithm, ...rest) {
      const name = typeof algorithm === "string" ? algorithm : algorithm.name;
      if (name === "Ed25519") return Promise.reject(new DOMException("no", "NotSupportedError"));
      return importKey.call(this, form, key, algorithm, ...rest);
    };
  }`;
  const without = await check("mock.zip", known, noEd25519);
  judge("a browser without Ed25519", without,
    never(without) && without.said.includes("The signature was not checked") && without.said.includes("MOCK SYSTEM"));
  const brokenWithout = await check("altered.zip", known, noEd25519);
  judge("altered, without Ed25519", brokenWithout, brokenWithout.said.includes("Altered:"));
  const noHashes = `Object.defineProperty(Crypto.prototype, "subtle", { get: () => undefined });`;
  const blind = await check("mock.zip", known, noHashes);
  judge("a browser without SHA-256", blind, never(blind) && blind.said.includes("Nothing was checked"));
}

/** The page says of the bundle what the command says, line by line. */
async function compare(title, bundle, keys, code) {
  const said = command(bundle, ...keys.flatMap((key) => ["--key", key]));
  const page = await check(bundle, keys);
  const wanted = said.lines.map((line) => line.replace(/\s+/g, " ").trim());
  const shown = page.said.replace(/\s+/g, " ");
  const missing = wanted.filter((line) => {
    const [, label, value] = /^(\w[\w ]{0,13}?) {2,}(.*)$/.exec(said.lines[wanted.indexOf(line)]) ?? [];
    return label ? !shown.includes(`${label} ${value}`) : !shown.includes(line);
  });
  const most = said.lines.length + 1;
  const first = page.lines[0] ?? "";
  const mock = /^MOCK SYSTEM/.test(wanted[0]);
  judge(title, page, said.status === code && missing.length === 0 && page.lines.length <= most && (!mock || first === wanted[0]), [
    `exit code ${said.status}, expected ${code}`,
    `${page.lines.length} lines on the page, at most ${most} expected; first: ${first}`,
    ...missing.map((line) => `the page does not say: ${line}`),
  ]);
}

/** Opens the page, chooses files as a person does, and waits for the result. */
async function check(bundle, keys, before = "") {
  const page = await browser.newPage();
  try {
    await page.width(1280);
    if (before) await page.call("Page.addScriptToEvaluateOnNewDocument", { source: before });
    await page.open(pathToFileURL(at("page.html")).href);
    await page.call("DOM.enable");
    const { root } = await page.call("DOM.getDocument");
    const choose = async (selector, files) => {
      const { nodeId } = await page.call("DOM.querySelector", { nodeId: root.nodeId, selector });
      await page.call("DOM.setFileInputFiles", { nodeId, files });
    };
    if (keys.length > 0) await choose("#keys", keys.map(at));
    await choose("#bundle", [at(bundle)]);
    for (let turn = 0; turn < 300; turn += 1) {
      const title = await page.evaluate(`document.getElementById("result-title").textContent`);
      if (/^(Not c|C)hecked:/.test(title)) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const said = await page.evaluate(`document.getElementById("said").innerText + "\\n" + document.getElementById("limits").innerText`);
    const lines = await page.evaluate(`[...document.querySelectorAll("#said .verdict span, #said > p:not(.verdict), #said dd > span, #said li")]
      .map((e) => e.innerText.trim())`);
    const banner = await page.evaluate(`document.getElementById("banner").innerText`);
    const problems = await stateProblems(page);
    if (out) await pictures(page, `${bundle.replace(".zip", "")}${keys.length}${before ? "-poor" : ""}`);
    return { said, lines, banner, problems };
  } finally {
    await page.close();
  }
}

/** Accessibility, reflow, focus and network, with the result on the page. */
async function stateProblems(page) {
  const problems = [];
  await page.evaluate(`${axeSource}; true`);
  const violations = await page.evaluate(
    `axe.run(document, { runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] } })
      .then((r) => r.violations.map((v) => v.id + ": " + v.help))`,
  );
  problems.push(...violations);
  const focus = await page.evaluate("document.activeElement.id");
  if (focus !== "result-title") problems.push(`the focus is on ${focus || "nothing"}, not on the result`);
  for (const width of [320, 1280]) {
    await page.width(width);
    const needs = await page.evaluate("document.documentElement.scrollWidth");
    if (needs > width) problems.push(`at ${width} px the page needs ${needs} px`);
  }
  const asked = page.requests.filter((url) => !url.startsWith("file:"));
  problems.push(...asked.map((url) => `the page asks for ${url}`));
  return problems;
}

async function pictures(page, name) {
  mkdirSync(out, { recursive: true });
  for (const width of [1280, 390]) {
    await page.width(width);
    const height = await page.evaluate("document.documentElement.scrollHeight");
    const clip = { x: 0, y: 0, width, height, scale: 1 };
    const { data } = await page.call("Page.captureScreenshot", { captureBeyondViewport: true, format: "png", clip });
    writeFileSync(join(out, `${name}-${width}.png`), Buffer.from(data, "base64"));
  }
  writeFileSync(join(out, `${name}-print.pdf`), await pdfOf(page));
}

function judge(title, page, good, details = []) {
  const mock = /MOCK SYSTEM/.test(page.said);
  const stamped = mock === page.banner.startsWith("MOCK SYSTEM");
  const fine = good && stamped && page.problems.length === 0;
  if (fine) passed += 1;
  else failed += 1;
  console.log(`${fine ? "ok  " : "FAIL"} ${title}`);
  if (fine) return;
  if (!stamped) console.log("     the banner does not say of the mock what the result says");
  for (const line of [...page.problems, ...details, page.said.slice(0, 600)]) console.log(`     ${line}`);
}
