// Looks at every kind of page of a portal in a real browser:
//
//   node look.mjs URL [FOLDER]
//
// in light and dark, wide and at the width of a phone. Says what is wrong as JSON, and writes a picture of
// each page into FOLDER. What is looked for: axe's rules, valid HTML, requests that leave the host,
// messages of the console, pages wider than the screen, and what cannot be reached by keyboard. (What people do
// without JavaScript is in drive.mjs; axe needs it.)

import { mkdir } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { chromium } from "playwright-core";
import { HtmlValidate } from "html-validate";

const require = createRequire(import.meta.url);
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
// Of pages that are made alike, so many are looked at.
const ALIKE = Number(process.env.LOOK_ALIKE ?? 1);

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

const VIEWS = [
  { name: "light-wide", colorScheme: "light", viewport: { width: 1280, height: 900 }, axe: true },
  { name: "dark-wide", colorScheme: "dark", viewport: { width: 1280, height: 900 }, axe: true },
  { name: "light-phone", colorScheme: "light", viewport: { width: 360, height: 740 }, axe: false },
  { name: "dark-phone", colorScheme: "dark", viewport: { width: 360, height: 740 }, axe: false },
];

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

// Further pages, which may answer as they like.
const more = (process.env.LOOK_PATHS ?? "").split(" ").filter(Boolean);

const failures = [];
const fail = (page, view, what, detail) => failures.push({ page, view, what, detail });

async function valid(at) {
  const answer = await fetch(url + at);
  const text = await answer.text();
  const report = await validator.validateString(text, at);
  for (const result of report.results) {
    for (const message of result.messages.filter((one) => one.severity === 2)) {
      const line = text.split("\n")[message.line - 1] ?? "";
      fail(at, "html", message.ruleId, `${message.message} (${message.line}:${message.column} ${line.slice(Math.max(0, message.column - 40), message.column + 60)})`);
    }
  }
}

async function look(browser, view, at) {
  const context = await browser.newContext({ colorScheme: view.colorScheme, viewport: view.viewport });
  const page = await context.newPage();
  page.on("request", (request) => {
    const to = new URL(request.url());
    if (to.origin !== new URL(url).origin && to.protocol !== "data:") fail(at, view.name, "leaves-the-host", request.url());
  });
  page.on("console", (message) => {
    // A page that answers as it likes is told of by the browser too.
    const told = more.includes(at) && message.text().includes("server responded with a status");
    if (!told && (message.type() === "error" || message.type() === "warning")) fail(at, view.name, "console", message.text());
  });
  const answer = await page.goto(url + at, { waitUntil: "load" });
  if (!answer.ok() && !more.includes(at)) fail(at, view.name, "status", answer.status());
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (wide > 0) {
    const who = await page.evaluate(() => {
      const width = document.documentElement.clientWidth;
      const scrolls = (node) => node && (getComputedStyle(node).overflowX !== "visible" || scrolls(node.parentElement));
      const over = [...document.body.querySelectorAll("*")].filter((node) => node.getBoundingClientRect().right > width + 0.5 && !scrolls(node.parentElement));
      return over.slice(0, 3).map((node) => node.outerHTML.slice(0, 160));
    });
    fail(at, view.name, "wider-than-the-screen", `${wide} px: ${who.join(" | ")}`);
  }
  if (view.axe) {
    await page.evaluate(AXE);
    const found = await page.evaluate((tags) => globalThis.axe.run(document, { runOnly: tags, resultTypes: ["violations"] }), TAGS);
    for (const one of found.violations) {
      fail(at, view.name, `axe ${one.id}`, one.nodes.slice(0, 3).map((node) => `${node.html.slice(0, 200)} ${node.any.concat(node.all)[0]?.message ?? ""}`).join(" | "));
    }
  }
  if (folder) {
    const name = at === "/" ? "home" : at.slice(1).replaceAll(/[^A-Za-z0-9.-]+/g, "_").slice(0, 80);
    await page.screenshot({ path: path.join(folder, `${name}.${view.name}.png`), fullPage: Boolean(process.env.LOOK_WHOLE) });
  }
  await context.close();
}

/** By keyboard alone: the first stop skips to the content, every stop is seen, and `/` goes to the search. */
async function keyboard(browser) {
  const context = await browser.newContext({ viewport: VIEWS[0].viewport });
  const page = await context.newPage();
  await page.goto(url, { waitUntil: "load" });
  await page.keyboard.press("Tab");
  const first = await page.evaluate(() => document.activeElement?.getAttribute("href") ?? "");
  if (!first.startsWith("#")) fail("/", "keyboard", "no-skip-link", first);
  for (let stop = 0; stop < 40; stop += 1) {
    await page.keyboard.press("Tab");
    const state = await page.evaluate(() => {
      const node = document.activeElement;
      if (!node || node === document.body) return null;
      const style = getComputedStyle(node);
      return { html: node.outerHTML.slice(0, 120), seen: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1 };
    });
    if (!state) break;
    if (!state.seen) fail("/", "keyboard", "focus-not-seen", state.html);
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
for (const at of pages) {
  const started = Date.now();
  await valid(at);
  for (const view of VIEWS) await look(browser, view, at);
  console.error(`${at} ${Date.now() - started} ms`);
}
await keyboard(browser);
await browser.close();
console.log(JSON.stringify({ pages, failures }, null, 2));
process.exitCode = failures.length ? 1 : 0;
