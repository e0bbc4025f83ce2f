// A browser without JavaScript that does what it is told, a line of JSON each, and answers in the same way:
//
//   ["open", PATH]  ["fill", LABEL, TEXT]  ["choose", LABEL, OPTION]  ["tick", LABEL]  ["type", PLACEHOLDER, TEXT]
//   ["press", BUTTON]  ["follow", LINK]  ["text"]  ["code", AT]  ["value", NAME]  ["path"]  ["place"]
//   ["picture", FILE]  ["forget"]
//
// Everything is found by the name that a screen reader says. What a policy of a page forbids ends the journey: the
// browser itself only does nothing then.

import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const [, , url] = process.argv;
const browser = await chromium.launch({ executablePath: process.env.COMMONHOLD_CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
const refused = [];
let page;

async function fresh() {
  await page?.context().close();
  const context = await browser.newContext({ baseURL: url, javaScriptEnabled: false, viewport: { width: 1280, height: 900 } });
  context.setDefaultTimeout(20_000);
  // Pages of others ask for fonts and the like of the whole world, which is not there.
  await context.route((to) => !["localhost", "127.0.0.1"].includes(to.hostname), (route) => route.abort());
  page = await context.newPage();
  page.on("console", (message) => {
    if (message.text().includes("Content Security Policy")) refused.push(message.text());
  });
}
await fresh();

const main = () => page.getByRole("main");
const does = {
  open: async (path) => (await page.goto(path, { waitUntil: "load" })).status(),
  fill: (label, text) => main().getByLabel(label, { exact: false }).first().fill(text),
  choose: (label, option) => main().getByLabel(label, { exact: false }).first().selectOption({ label: option }),
  tick: (label) => main().getByLabel(label, { exact: false }).first().check(),
  type: (placeholder, text) => page.getByPlaceholder(placeholder).first().fill(text),
  press: async (name) => {
    await page.getByRole("button", { name, exact: false }).first().click();
    await page.waitForLoadState("load");
  },
  follow: async (name) => {
    // The page itself before what is around it.
    const inside = main().getByRole("link", { name, exact: false });
    const anywhere = page.getByRole("link", { name, exact: false });
    await ((await inside.count()) ? inside : anywhere).first().click();
    await page.waitForLoadState("load");
  },
  // As people read it.
  text: () => main().innerText(),
  // What stands in a field, or in what is marked as code: exactly.
  code: (at) => main().locator("pre code").nth(at ?? 0).textContent(),
  value: (name) => main().locator(`[name="${name}"]`).first().inputValue(),
  path: () => Promise.resolve(new URL(page.url()).pathname + new URL(page.url()).search),
  place: () => Promise.resolve(page.url()),
  picture: (path) => page.screenshot({ path, fullPage: true }).then(() => null),
  // Another person sits down.
  forget: () => fresh().then(() => null),
};

for await (const line of createInterface({ input: process.stdin })) {
  const [verb, ...rest] = JSON.parse(line);
  try {
    const value = await does[verb](...rest);
    if (refused.length) throw new Error(refused.splice(0).join("\n"));
    console.log(JSON.stringify({ value: value ?? null }));
  } catch (error) {
    const text = await page.locator("body").innerText({ timeout: 1_000 }).catch(() => "");
    console.log(JSON.stringify({ wrong: `${verb} ${JSON.stringify(rest)} at ${page.url()}: ${error.message}\n${text}` }));
  }
}
await browser.close();
