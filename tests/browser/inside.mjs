// What is asked of a page from inside. Each of these functions is sent to the browser as it stands, and answers with
// what is wrong: no line, if nothing is.

/** What stands further right than the screen or the paper is wide, and cannot be scrolled to by itself. */
export function wider() {
  const root = document.scrollingElement;
  const width = root.clientWidth;
  const over = root.scrollWidth - width;
  if (over <= 0) return [];
  const scrolls = (node) => node && (getComputedStyle(node).overflowX !== "visible" || scrolls(node.parentElement));
  const who = [...document.body.querySelectorAll("*")].filter((node) => node.getBoundingClientRect().right > width + 0.5 && !scrolls(node.parentElement));
  return [`${over} px: ${who.slice(0, 3).map((node) => node.outerHTML.slice(0, 160)).join(" | ")}`];
}

/** What can be reached by keyboard and is not seen then; of those made alike, the first. A key was pressed before: a
    browser shows the focus to nobody who uses a mouse. */
export function unseen() {
  const alike = new Set();
  const wrong = [];
  const before = document.activeElement;
  for (const node of document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")) {
    const place = node.parentElement.closest("[class], main, nav, header, footer");
    const kind = [node.localName, node.getAttribute("class"), node.getAttribute("type"), place?.localName, place?.getAttribute("class")].join(" ");
    if (alike.has(kind) || node.tabIndex < 0 || !node.checkVisibility()) continue;
    node.focus({ preventScroll: true });
    if (document.activeElement !== node) continue;
    alike.add(kind);
    const style = getComputedStyle(node);
    const box = node.getBoundingClientRect();
    const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
    if (!outlined || !node.matches(":focus-visible") || box.width < 2 || box.height < 2) wrong.push(node.outerHTML.slice(0, 120));
  }
  before?.focus?.({ preventScroll: true });
  return wrong;
}

/** What makes no sense on paper, and letters that are too pale or too small there: backgrounds are not printed. */
export function unprintable() {
  const wrong = [];
  const seen = (node) => node.checkVisibility({ visibilityProperty: true });
  for (const node of document.querySelectorAll("nav:not(.crumbs), [role=search], form, button, input, select, textarea, .skip")) {
    if (seen(node)) wrong.push(`on paper: ${node.outerHTML.slice(0, 120)}`);
  }
  const channel = (value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const contrasts = new Map();
  // Any colour that a style may have, on white.
  const contrast = (colour) => {
    if (!contrasts.has(colour)) {
      canvas.fillStyle = "#fff";
      canvas.fillRect(0, 0, 1, 1);
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      const [red, green, blue] = canvas.getImageData(0, 0, 1, 1).data;
      const light = 0.2126 * channel(red / 255) + 0.7152 * channel(green / 255) + 0.0722 * channel(blue / 255);
      contrasts.set(colour, 1.05 / (light + 0.05));
    }
    return contrasts.get(colour);
  };
  const pale = new Set();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !seen(node) || node.closest(".vh, [aria-hidden=true]")) continue;
    const style = getComputedStyle(node);
    const colour = node instanceof SVGElement ? style.fill : style.color;
    const kind = `${colour} ${style.fontSize}`;
    if (pale.has(kind)) continue;
    if (contrast(colour) < 4.5 || parseFloat(style.fontSize) < 9) {
      pale.add(kind);
      wrong.push(`${contrast(colour).toFixed(1)} to 1, ${style.fontSize}: ${node.outerHTML.slice(0, 120)}`);
    }
  }
  return wrong;
}
