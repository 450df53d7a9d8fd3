// Takes pictures of pages for people to look at: node shots.mjs CHROMIUM INDEX_HTML OUT_DIR
// Not a test: nothing is compared.

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { pdfOf } from "./checks.mjs";
import { start } from "./chromium.mjs";
import { pagesFrom } from "./pages.mjs";

// A taller picture is cut into parts: browsers and viewers give up on it.
const MOST_PIXELS = 8000;

const [executable, index, out] = process.argv.slice(2);
mkdirSync(out, { recursive: true });
const browser = await start(executable);
try {
  for (const url of pagesFrom(index)) {
    const name = relative(dirname(resolve(index)), fileURLToPath(url)).replace(/\.html?$/, "").replaceAll(/[\\/]/g, "-");
    const page = await browser.newPage();
    for (const width of [1280, 390]) {
      await page.width(width);
      await page.open(url);
      const height = await page.evaluate("document.documentElement.scrollHeight");
      for (let y = 0, part = 1; y < height; y += MOST_PIXELS, part += 1) {
        const clip = { x: 0, y, width, height: Math.min(MOST_PIXELS, height - y), scale: 1 };
        const { data } = await page.call("Page.captureScreenshot", { captureBeyondViewport: true, format: "png", clip });
        save(`${name}-${width}${height > MOST_PIXELS ? `-${part}` : ""}.png`, Buffer.from(data, "base64"));
      }
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
