// What a page that we publish must satisfy. Each check returns problems: { id, message, grave }.
// Not for finding pages or printing: test.mjs does that.

const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const GRAVE_IMPACTS = ["serious", "critical"];
const MOST_TABS = 6000;

const problem = (id, message, grave = true) => ({ id, message, grave });

/** Runs every check on one page and returns all problems. */
export async function problemsOf(browser, url, axeSource) {
  const problems = [];
  for (const check of [withoutScript, network, accessibility, reflow, keyboard, print]) {
    const page = await browser.newPage();
    try {
      problems.push(...(await check(page, url, axeSource)));
    } finally {
      await page.close();
    }
  }
  return problems;
}

const openDetails = (page) =>
  page.evaluate(`document.querySelectorAll("details").forEach((d) => { d.open = true; })`);

async function withoutScript(page, url) {
  await page.call("Emulation.setScriptExecutionDisabled", { value: true });
  await page.width(1280);
  await page.open(url);
  const visible = await page.evaluate(`(() => {
    const heading = document.querySelector("main h1, h1");
    if (!heading || !heading.innerText.trim()) return false;
    const box = heading.getBoundingClientRect();
    return heading.checkVisibility() && box.width > 0 && box.height > 0;
  })()`);
  return visible ? [] : [problem("no-script", "the main heading is not visible without JavaScript")];
}

async function network(page, url) {
  await page.width(1280);
  await page.open(url);
  await new Promise((resolve) => setTimeout(resolve, 300));
  return page.requests
    .filter((asked) => asked.split("#")[0] !== url && !asked.startsWith("data:"))
    .map((asked) => problem("network", `the page asks for ${asked}`));
}

async function accessibility(page, url, axeSource) {
  const problems = new Map();
  for (const scheme of ["light", "dark"]) {
    await page.call("Emulation.setEmulatedMedia", {
      features: [
        { name: "prefers-color-scheme", value: scheme },
        { name: "prefers-reduced-motion", value: "reduce" },
      ],
    });
    await page.width(1280);
    await page.open(url);
    await openDetails(page);
    await page.evaluate(`${axeSource}; true`);
    const violations = await page.evaluate(
      `axe.run(document, { runOnly: { type: "tag", values: ${JSON.stringify(WCAG)} }, resultTypes: ["violations"] })
        .then((r) => r.violations.map((v) => ({
          id: v.id, impact: v.impact, help: v.help,
          where: v.nodes.slice(0, 3).map((n) => n.target.join(" ")), count: v.nodes.length,
        })))`,
    );
    for (const { id, impact, help, where, count } of violations) {
      const message = `${impact}: ${help} (${scheme}, ${count} place${count === 1 ? "" : "s"}: ${where.join("; ")})`;
      if (!problems.has(id)) problems.set(id, problem(`axe:${id}`, message, GRAVE_IMPACTS.includes(impact)));
    }
  }
  return [...problems.values()];
}

// 320 CSS pixels is what a 1280 pixel window shows at 400 % zoom.
async function reflow(page, url) {
  const problems = [];
  for (const width of [390, 320]) {
    await page.width(width);
    await page.open(url);
    await openDetails(page);
    const found = await page.evaluate(`(() => {
      const root = document.documentElement;
      const needs = Math.max(root.scrollWidth, document.body.scrollWidth);
      const inScroller = (e) => {
        for (let p = e.parentElement; p && p !== document.body; p = p.parentElement) {
          if (["auto", "scroll"].includes(getComputedStyle(p).overflowX)) return true;
        }
        return false;
      };
      const widest = [...document.body.querySelectorAll("*")]
        .filter((e) => e.getBoundingClientRect().right > root.clientWidth + 1 && !inScroller(e))
        .slice(0, 3)
        .map((e) => e.tagName.toLowerCase() + (e.id ? "#" + e.id : "") + (e.classList[0] ? "." + e.classList[0] : ""));
      return { needs, has: root.clientWidth, widest };
    })()`);
    if (found.needs > found.has) {
      problems.push(
        problem(`reflow:${width}`, `at ${width} px the page needs ${found.needs} px (${found.widest.join(", ")})`),
      );
    }
  }
  return problems;
}

async function keyboard(page, url) {
  // A smooth scroll is still under way when the next key is pressed.
  await page.call("Emulation.setEmulatedMedia", { features: [{ name: "prefers-reduced-motion", value: "reduce" }] });
  await page.width(1280);
  await page.open(url);
  await openDetails(page);
  const wanted = await page.evaluate(`(() => {
    const name = (e) => e.tagName.toLowerCase() + " '" + (e.innerText || e.ariaLabel || "").trim().slice(0, 40) + "'";
    const scrolls = (e) => {
      const style = getComputedStyle(e);
      return (["auto", "scroll"].includes(style.overflowX) && e.scrollWidth > e.clientWidth + 1)
        || (["auto", "scroll"].includes(style.overflowY) && e.scrollHeight > e.clientHeight + 1);
    };
    const usual = "a[href], summary, button:not([disabled]), input:not([disabled]), select, textarea, [tabindex='0']";
    window.__wanted = [...document.body.querySelectorAll("*")]
      .filter((e) => (e.matches(usual) || scrolls(e)) && e.checkVisibility({ visibilityProperty: true }))
      // Tab goes to the chosen one of a group of radio buttons; the arrow keys reach the others.
      .filter((e) => e.type !== "radio" || e.checked || !document.querySelector(\`input[name="\${e.name}"]:checked\`));
    window.__reached = new Set();
    window.__name = name;
    return window.__wanted.length;
  })()`);
  const problems = new Map();
  for (let tab = 0; tab < Math.min(wanted + 5, MOST_TABS); tab += 1) {
    await pressTab(page);
    const state = await page.evaluate(`(() => {
      const e = document.activeElement;
      if (!e || e === document.body || window.__reached.has(e)) return null;
      window.__reached.add(e);
      const style = getComputedStyle(e);
      const box = e.getBoundingClientRect();
      const anchor = e.matches("a[href^='#']") ? e.getAttribute("href").slice(1) : "";
      return {
        name: window.__name(e),
        marked: (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none",
        onScreen: box.width > 1 && box.height > 1 && box.bottom > 0 && box.right > 0
          && box.top < innerHeight && box.left < innerWidth,
        skips: anchor !== "" && document.getElementById(anchor) !== null,
      };
    })()`);
    if (!state) break;
    if (tab === 0 && !(state.skips && state.onScreen)) {
      problems.set("skip-link", problem("skip-link", `the first Tab lands on ${state.name}, not on a visible skip link`));
    }
    if (!state.marked && !problems.has("focus")) {
      problems.set("focus", problem("focus", `the focus is not visible on ${state.name}`));
    }
    if (!state.onScreen && !problems.has("focus-hidden")) {
      problems.set("focus-hidden", problem("focus-hidden", `the focus is off the screen on ${state.name}`));
    }
  }
  const missed = await page.evaluate(
    `window.__wanted.filter((e) => !window.__reached.has(e)).map((e) => window.__name(e))`,
  );
  if (wanted === 0) problems.set("skip-link", problem("skip-link", "nothing on the page takes the focus"));
  if (missed.length > 0) {
    const message = `Tab does not reach ${missed.length} of ${wanted}: ${missed.slice(0, 3).join(", ")}`;
    problems.set("keyboard", problem("keyboard", message));
  }
  return [...problems.values()];
}

async function pressTab(page) {
  const key = { key: "Tab", code: "Tab", windowsVirtualKeyCode: 9, nativeVirtualKeyCode: 9 };
  await page.call("Input.dispatchKeyEvent", { type: "rawKeyDown", ...key });
  await page.call("Input.dispatchKeyEvent", { type: "keyUp", ...key });
}

async function print(page, url) {
  await page.open(url);
  const pdf = await pdfOf(page);
  const pages = (pdf.toString("latin1").match(/\/Type\s*\/Page[^s]/g) ?? []).length;
  return pages > 0 ? [] : [problem("print", "printing gives no pages")];
}

/** The page as a PDF on A4. */
export async function pdfOf(page) {
  const { data } = await page.call("Page.printToPDF", { paperWidth: 8.27, paperHeight: 11.69, printBackground: false });
  return Buffer.from(data, "base64");
}
