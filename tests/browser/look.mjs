// Looks at every kind of page of a portal in a real browser:
//
//   node look.mjs URL [FOLDER]
//
// in light and dark, wide and at the width of a phone, and as it is printed. Says what is wrong as JSON, and writes into
// FOLDER pictures of each page and what a screen reader is given of it. What is looked for: axe's rules, valid HTML,
// requests that leave the host, messages of the console, pages wider than the screen or the paper, what cannot be
// reached or seen by keyboard, what is not named, and what is not to be read on paper. (What people do without
// JavaScript is in drive.mjs; axe needs it.)

import { mkdir, writeFile } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { chromium } from "playwright-core";
import { HtmlValidate } from "html-validate";
import { wrong } from "./aria.mjs";
import { unprintable, unseen, wider } from "./inside.mjs";

const require = createRequire(import.meta.url);
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const ALL = { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] };
// In another scheme the same elements stand in the same places, in other colours; on a phone, in other places.
const OF_COLOURS = { runOnly: { type: "rule", values: ["color-contrast", "link-in-text-block"] } };
const OF_PLACES = { runOnly: { type: "rule", values: ["scrollable-region-focusable", "target-size"] } };
// Of pages that are made alike, so many are looked at.
const ALIKE = Number(process.env.LOOK_ALIKE ?? 1);
// So many at a time: while one is drawn, another is fetched, and a third one judged.
const AT_ONCE = Number(process.env.LOOK_AT_ONCE ?? 3);

const WIDE = { width: 1280, height: 900 };
const PHONE = { width: 360, height: 740 };
// A4 between margins of a centimetre.
const PAPER = { width: 718, height: 1047 };

const [, , url, folder] = process.argv;
const validator = new HtmlValidate({
  root: true,
  extends: ["html-validate:standard"],
  rules: {
    // A matter of taste, not of the standard.
    "no-inline-style": "error",
    "long-title": "off",
    "prefer-native-element": "off",
    "void-style": "off",
    "no-trailing-whitespace": "off",
    "attribute-boolean-style": "off",
    "doctype-style": "off",
    // A scrolled region has to be reached by keyboard, and then it needs a role and a name.
    "no-redundant-role": "off",
  },
});

// Further pages, which may answer as they like.
const more = (process.env.LOOK_PATHS ?? "").split(" ").filter(Boolean);

/** Some of each kind of page, by what comes first in their paths. */
async function kinds() {
  if (process.env.LOOK_ONLY) return process.env.LOOK_ONLY.split(" ");
  const map = await (await fetch(`${url}/sitemap.xml`)).text();
  const paths = [...map.matchAll(/<loc>([^<]*)<\/loc>/g)].map(([, text]) => new URL(text.replaceAll("&amp;", "&")).pathname);
  const seen = new Map();
  const chosen = [];
  for (const one of paths) {
    const steps = one.split("/");
    const kind = steps.length > 2 ? `${steps[1]} ${steps.length}` : one;
    const count = seen.get(kind) ?? 0;
    if (count < ALIKE) chosen.push(one);
    seen.set(kind, count + 1);
  }
  return [...new Set([...chosen, ...more])];
}

const failures = [];
const fail = (page, view, what, detail) => failures.push({ page, view, what, detail });

async function validate(at, text) {
  const report = await validator.validateString(text, at);
  for (const result of report.results) {
    for (const message of result.messages.filter((one) => one.severity === 2)) {
      const line = text.split("\n")[message.line - 1] ?? "";
      fail(at, "html", message.ruleId, `${message.message} (${message.line}:${message.column} ${line.slice(Math.max(0, message.column - 40), message.column + 60)})`);
    }
  }
}

/** A tab, in which one page is looked at after the other. */
class Tab {
  static async of(browser) {
    const context = await browser.newContext({ viewport: WIDE, colorScheme: "light" });
    await context.addInitScript(AXE);
    return new Tab(await context.newPage());
  }

  constructor(page) {
    this.page = page;
    page.on("request", (request) => {
      const to = new URL(request.url());
      if (to.origin !== new URL(url).origin && to.protocol !== "data:") fail(this.at, this.view, "leaves-the-host", request.url());
    });
    page.on("console", (message) => {
      // A page that answers as it likes is told of by the browser too.
      const told = more.includes(this.at) && message.text().includes("server responded with a status");
      if (!told && (message.type() === "error" || message.type() === "warning")) fail(this.at, this.view, "console", message.text());
    });
  }

  async look(at) {
    this.at = at;
    await this.turn("light-wide", WIDE, { colorScheme: "light", media: "screen" });
    const answer = await this.page.goto(url + at, { waitUntil: "load" });
    if (!answer.ok() && !more.includes(at)) fail(at, this.view, "status", answer.status());
    await validate(at, await answer.text());
    await this.fits();
    await this.axe(ALL);
    await this.aria();
    await this.picture();
    await this.keyboard();
    await this.turn("dark-wide", WIDE, { colorScheme: "dark" });
    await this.axe(OF_COLOURS);
    await this.picture();
    await this.turn("dark-phone", PHONE, {});
    await this.picture();
    await this.turn("light-phone", PHONE, { colorScheme: "light" });
    await this.fits();
    await this.axe(OF_PLACES);
    await this.picture();
    // The sections are folded away, and have to be there all the same.
    await this.page.locator(".menu summary").click();
    await this.fits();
    await this.aria();
    await this.turn("print", PAPER, { media: "print" });
    await this.fits();
    for (const what of await this.page.evaluate(unprintable)) fail(at, this.view, "unprintable", what);
    await this.picture();
  }

  async turn(view, size, media) {
    this.view = view;
    await this.page.setViewportSize(size);
    await this.page.emulateMedia(media);
  }

  async fits() {
    for (const what of await this.page.evaluate(wider)) fail(this.at, this.view, "too-wide", what);
  }

  async axe(options) {
    const found = await this.page.evaluate((options) => globalThis.axe.run(document, { ...options, resultTypes: ["violations"] }), options);
    for (const one of found.violations) {
      fail(this.at, this.view, `axe ${one.id}`, one.nodes.slice(0, 3).map((node) => `${node.html.slice(0, 200)} ${node.any.concat(node.all)[0]?.message ?? ""}`).join(" | "));
    }
  }

  async aria() {
    const snapshot = await this.page.locator("body").ariaSnapshot();
    for (const what of wrong(snapshot)) fail(this.at, this.view, "aria", what);
    if (folder) await writeFile(this.file("aria.yaml"), `${snapshot}\n`);
  }

  /** By keyboard alone: the first stop skips to the page, and every stop is seen. */
  async keyboard() {
    await this.page.keyboard.press("Tab");
    const first = await this.page.evaluate(() => document.activeElement?.getAttribute("href"));
    if (first !== "#main") fail(this.at, this.view, "no-skip-link", first);
    for (const what of await this.page.evaluate(unseen)) fail(this.at, this.view, "focus-not-seen", what);
    await this.page.evaluate(() => document.activeElement?.blur());
  }

  file(end) {
    const name = this.at === "/" ? "home" : this.at.slice(1).replaceAll(/[^A-Za-z0-9.-]+/g, "_").slice(0, 80);
    return path.join(folder, `${name}.${this.view}.${end}`);
  }

  async picture() {
    if (folder) await this.page.screenshot({ path: this.file("png"), fullPage: Boolean(process.env.LOOK_WHOLE) });
  }
}

/** `/` goes to the search, and Tab goes through all that can be reached, in the order of the page. */
async function typing(browser) {
  const context = await browser.newContext({ viewport: WIDE });
  const page = await context.newPage();
  await page.goto(url, { waitUntil: "load" });
  const reached = new Set();
  for (let stop = 0; stop < 40; stop += 1) {
    await page.keyboard.press("Tab");
    const one = await page.evaluate(() => {
      const node = document.activeElement;
      if (!node || node === document.body) return null;
      globalThis.known ??= new Map();
      if (!globalThis.known.has(node)) globalThis.known.set(node, globalThis.known.size);
      return globalThis.known.get(node);
    });
    if (one === null) break;
    if (reached.has(one)) fail("/", "keyboard", "trapped", one);
    reached.add(one);
  }
  await page.goto(url, { waitUntil: "load" });
  await page.keyboard.press("/");
  const role = await page.evaluate(() => document.activeElement?.getAttribute("type"));
  if (role !== "search") fail("/", "keyboard", "slash-does-not-search", role);
  await context.close();
}

if (folder) await mkdir(folder, { recursive: true });
const browser = await chromium.launch({ executablePath: process.env.COMMONHOLD_CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
const pages = await kinds();
const left = [...pages];
await typing(browser);
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    const tab = await Tab.of(browser);
    while (left.length) {
      const at = left.shift();
      const started = Date.now();
      await tab.look(at);
      console.error(`${at} ${Date.now() - started} ms`);
    }
  }),
);
await browser.close();
failures.sort((one, other) => pages.indexOf(one.page) - pages.indexOf(other.page));
console.log(JSON.stringify({ pages, failures }, null, 2));
process.exitCode = failures.length ? 1 : 0;
