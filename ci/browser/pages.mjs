// Finds the pages to look at: an index page and every local page that can be reached from it.
// Of pages that are made alike only the first few count: they name their kind in a meta element `page-kind`.
// Not for opening pages: links and kinds are read from the files.

import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

// The first may be a special case; the second shows the rule.
const MOST_OF_A_KIND = 2;

/** The address of `file`, then of each page beside or below it that links lead to. */
export function pagesFrom(file) {
  const index = pathToFileURL(resolve(file)).href;
  const folder = `${pathToFileURL(dirname(resolve(file))).href}/`;
  const seen = new Set([index]);
  const kinds = new Map();
  const pages = [];
  for (const url of seen) {
    const text = readFileSync(fileURLToPath(url), "utf8");
    for (const link of linksOf(text, url)) {
      if (!link.startsWith(folder) || !/\.html?$/.test(link)) continue;
      if (!existsSync(fileURLToPath(link))) throw new Error(`${fileURLToPath(url)} links to a page that is not there: ${link}`);
      seen.add(link);
    }
    const kind = /<meta name="page-kind" content="([^"]*)"/.exec(text)?.[1] ?? url;
    const count = (kinds.get(kind) ?? 0) + 1;
    kinds.set(kind, count);
    if (count <= MOST_OF_A_KIND) pages.push(url);
  }
  return pages;
}

function linksOf(text, url) {
  return [...text.matchAll(/<a\s[^>]*?href="([^"]*)"/g)]
    .map((match) => match[1].replaceAll("&amp;", "&").split("#")[0])
    .filter((href) => href !== "")
    .filter((href) => URL.canParse(href, url))
    .map((href) => new URL(href, url).href);
}
