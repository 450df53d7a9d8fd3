// Tests pages in Chromium: node test.mjs CHROMIUM AXE_JS INDEX_HTML [LEAST_PAGES]
// First it proves on fixtures/ that each check can fail; a fixture names its expected problems in a meta element.

import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { problemsOf } from "./checks.mjs";
import { start } from "./chromium.mjs";
import { pagesFrom } from "./pages.mjs";

const [executable, axeFile, index, leastPages = "1"] = process.argv.slice(2);
const axeSource = readFileSync(axeFile, "utf8");
const fixtures = join(dirname(fileURLToPath(import.meta.url)), "fixtures");
let passed = 0;
let failed = 0;

const browser = await start(executable);
try {
  for (const name of readdirSync(fixtures).filter((n) => n.endsWith(".html")).sort()) await testFixture(name);
  const pages = pagesFrom(index);
  if (pages.length < Number(leastPages)) {
    failed += 1;
    console.log(`FAIL ${index}: links to ${pages.length - 1} pages, expected at least ${leastPages - 1}`);
  }
  for (const url of pages) await testPage(url);
} finally {
  await browser.close();
}
console.log(`browser: ${passed} pages passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

async function testFixture(name) {
  const file = join(fixtures, name);
  const meta = /<meta name="expected-problems" content="([^"]*)"/.exec(readFileSync(file, "utf8"));
  if (!meta) throw new Error(`${file}: no meta element named expected-problems`);
  const expected = meta[1].split(/\s+/).filter(Boolean).sort().join(" ");
  const problems = await problemsOf(browser, pathToFileURL(file).href, axeSource);
  const found = problems.filter((p) => p.grave).map((p) => p.id).sort().join(" ");
  report(found === expected, `fixture ${basename(name)}`, [
    { grave: true, id: "expected", message: expected },
    { grave: true, id: "found", message: found },
  ]);
}

async function testPage(url) {
  const problems = await problemsOf(browser, url, axeSource);
  report(!problems.some((p) => p.grave), fileURLToPath(url), problems);
  if (!problems.some((p) => p.grave)) problems.forEach(show);
}

function report(good, name, problems) {
  if (good) passed += 1;
  else failed += 1;
  console.log(`${good ? "ok  " : "FAIL"} ${name}`);
  if (!good) problems.forEach(show);
}

function show({ id, message, grave }) {
  console.log(`     ${grave ? "problem" : "note"} [${id}] ${message}`);
}
