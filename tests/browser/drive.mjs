// A browser without JavaScript that does what it is told, a line of JSON each, and answers in the same way:
//
//   ["open", PATH]  ["fill", LABEL, TEXT]  ["choose", LABEL, OPTION]  ["tick", LABEL]
//   ["press", BUTTON]  ["follow", LINK]  ["text"]  ["code", LABEL]  ["path"]  ["picture", FILE]  ["forget"]
//
// Everything is found by the name that a screen reader says.

import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const [, , url] = process.argv;
const browser = await chromium.launch({ executablePath: process.env.COMMONHOLD_CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
let page;

async function fresh() {
  await page?.context().close();
  const context = await browser.newContext({ baseURL: url, javaScriptEnabled: false, viewport: { width: 1280, height: 900 } });
  context.setDefaultTimeout(20_000);
  page = await context.newPage();
}
await fresh();

const main = () => page.getByRole("main");
const does = {
  open: async (path) => (await page.goto(path, { waitUntil: "load" })).status(),
  fill: (label, text) => main().getByLabel(label, { exact: false }).first().fill(text),
  choose: (label, option) => main().getByLabel(label, { exact: false }).first().selectOption({ label: option }),
  tick: (label) => main().getByLabel(label, { exact: false }).first().check(),
  press: async (name) => {
    await page.getByRole("button", { name, exact: false }).first().click();
    await page.waitForLoadState("load");
  },
  follow: async (name) => {
    await page.getByRole("link", { name, exact: false }).first().click();
    await page.waitForLoadState("load");
  },
  // As people read it.
  text: () => main().innerText(),
  // What stands in a field, or in what is marked as code: exactly.
  code: (at) => main().locator("pre code").nth(at ?? 0).textContent(),
  value: (name) => main().locator(`[name="${name}"]`).first().inputValue(),
  path: () => Promise.resolve(new URL(page.url()).pathname + new URL(page.url()).search),
  picture: (path) => page.screenshot({ path, fullPage: true }).then(() => null),
  // Another person sits down.
  forget: () => fresh().then(() => null),
};

for await (const line of createInterface({ input: process.stdin })) {
  const [verb, ...rest] = JSON.parse(line);
  try {
    const value = await does[verb](...rest);
    console.log(JSON.stringify({ value: value ?? null }));
  } catch (error) {
    const text = await main().innerText().catch(() => "");
    console.log(JSON.stringify({ wrong: `${verb} ${JSON.stringify(rest)}: ${error.message}\n${text}` }));
  }
}
await browser.close();
