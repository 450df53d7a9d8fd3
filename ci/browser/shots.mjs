// Takes pictures of pages for people to look at: node shots.mjs CHROMIUM INDEX_HTML OUT_DIR
// Not a test: nothing is compared.

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { pdfOf } from "./checks.mjs";
import { start } from "./chromium.mjs";
import { pagesFrom } from "./pages.mjs";

const [executable, index, out] = process.argv.slice(2);
mkdirSync(out, { recursive: true });
const browser = await start(executable);
try {
  for (const url of await pagesFrom(browser, index)) {
    const name = relative(dirname(resolve(index)), fileURLToPath(url)).replace(/\.html?$/, "").replaceAll(/[\\/]/g, "-");
    const page = await browser.newPage();
    for (const width of [1280, 390]) {
      await page.width(width);
      await page.open(url);
      const { data } = await page.call("Page.captureScreenshot", { captureBeyondViewport: true, format: "png" });
      save(`${name}-${width}.png`, Buffer.from(data, "base64"));
    }
    save(`${name}-print.pdf`, await pdfOf(page));
    await page.close();
  }
} finally {
  await browser.close();
}

function save(name, bytes) {
  writeFileSync(join(out, name), bytes);
  console.log(join(out, name));
}
