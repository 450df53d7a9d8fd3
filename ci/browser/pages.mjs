// Finds the pages to look at: an index page and the local pages that it links to.
// Not for following links further than one step.

import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** The address of `file`, then of each page beside or below it that it links to. */
export async function pagesFrom(browser, file) {
  const index = pathToFileURL(resolve(file)).href;
  const folder = `${pathToFileURL(dirname(resolve(file))).href}/`;
  const page = await browser.newPage();
  await page.open(index);
  const links = await page.evaluate(`[...document.querySelectorAll("a[href]")].map((a) => a.href)`);
  await page.close();
  const local = links
    .map((link) => link.split("#")[0])
    .filter((link) => link.startsWith(folder) && /\.html?$/.test(link));
  const missing = local.filter((link) => !existsSync(fileURLToPath(link)));
  if (missing.length > 0) throw new Error(`${file} links to a page that is not there: ${missing[0]}`);
  return [...new Set([index, ...local])];
}
