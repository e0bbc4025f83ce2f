// What a screen reader is given of a page, as Playwright writes it, and the rules that it keeps:
//
//   - banner:
//     - link "Example":
//   - main:
//     - heading "Services" [level=1]
//
// axe has rules of this kind too, but takes one heading of the first level as enough, and a table or the only
// navigation without a name.

const NAMED = ["button", "checkbox", "combobox", "link", "listbox", "navigation", "radio", "region", "searchbox", "slider", "spinbutton", "switch", "table", "textbox"];
const LINE = /^\s*- (?:'((?:[^']|'')*)'|(.*?))(?::(?: .*)?)?$/;
const NODE = /^([a-z]+)(?: "((?:[^"\\]|\\.)*)"| \/((?:[^/\\]|\\.)*)\/)?((?: \[[^\]]*\])*)/;

/** The nodes of a snapshot, in their order: role, name and level. */
export function nodes(snapshot) {
  const found = [];
  for (const line of snapshot.split("\n")) {
    const [, quoted, bare] = LINE.exec(line) ?? [];
    const [, role, name, pattern, attributes] = NODE.exec(quoted?.replaceAll("''", "'") ?? bare ?? "") ?? [];
    if (!role || role === "text") continue;
    const level = /\[level=(\d)\]/.exec(attributes)?.[1];
    found.push({ role, name: name ?? pattern ?? "", level: Number(level ?? 0) });
  }
  return found;
}

/** What is wrong with a snapshot, in words. */
export function wrong(snapshot) {
  const all = nodes(snapshot);
  const of = (role) => all.filter((one) => one.role === role);
  const said = [];
  const headings = of("heading");
  const first = headings.filter((one) => one.level === 1).length;
  if (first !== 1) said.push(`${first} headings of the first level`);
  if (of("main").length !== 1) said.push(`${of("main").length} main landmarks`);
  if (!of("navigation").length) said.push("no navigation");
  headings.reduce((above, one) => {
    if (one.level > above + 1) said.push(`the heading "${one.name}" is of level ${one.level} below one of level ${above}`);
    return one.level;
  }, 0);
  const nameless = all.filter((one) => NAMED.includes(one.role) && !one.name.trim());
  return [...said, ...nameless.map((one) => `a ${one.role} without a name`)];
}
