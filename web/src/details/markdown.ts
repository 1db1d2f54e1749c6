// Markdown as elements of the page. It never passes through HTML, so no text can become a script.

import MarkdownIt, { type Token } from "markdown-it";

const PROTOCOLS = ["http:", "https:", "mailto:"];
/** Characters that make a text look like another one. */
const DIRECTIONS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
/** Those of them that no honest address is next to. */
const OVERRIDES = /[\u202a-\u202e\u2066-\u2069]/;
const HEADING_LEAST = 3; // The page has the first two.
const HEADING_MOST = 6;

const parser = new MarkdownIt({ html: false, breaks: true }).disable("image");
parser.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });
parser.validateLink = isAllowed;

/** As on GitHub: an item that begins with `[ ]` or `[x]` has a box. It is read, and changed in the text. */
const BOX = /^\[([ xX])\]\s+(?=\S)/;
parser.core.ruler.push("boxes", ({ tokens, Token }) => {
  for (const [at, token] of tokens.entries()) {
    const [text] = token.children ?? [];
    const found = tokens[at - 2]?.type === "list_item_open" && text?.type === "text" && BOX.exec(token.content);
    if (!found || !token.children || !text.content.startsWith(found[0].trimEnd())) continue;
    text.content = text.content.slice(found[0].length);
    const box = new Token("box", "input", 0);
    box.content = token.content.slice(found[0].length);
    box.meta = { isChecked: found[1] !== " " };
    token.children.unshift(box);
  }
});

export function rendered(text: string): DocumentFragment {
  parser.set({ linkify: !OVERRIDES.test(text) });
  const fragment = document.createDocumentFragment();
  append(fragment, parser.parse(text, {}));
  return fragment;
}

/** Whole addresses of the web and of mail, without characters that turn the direction of the text. */
function isAllowed(address: string): boolean {
  if (DIRECTIONS.test(decoded(address)) || !/^[a-z]+:/i.test(address)) return false;
  return URL.canParse(address) && PROTOCOLS.includes(new URL(address).protocol);
}

function decoded(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}

function append(root: Node, tokens: readonly Token[]): void {
  let parent = root;
  for (const token of tokens) {
    if (token.hidden) continue;
    if (token.type === "inline") append(parent, token.children ?? []);
    else if (token.nesting === -1) parent = parent.parentNode ?? root;
    else {
      const node = nodeOf(token);
      parent.appendChild(node);
      if (token.nesting === 1) parent = node;
    }
  }
}

function nodeOf(token: Token): Node {
  switch (token.type) {
    case "text":
      return document.createTextNode(token.content);
    case "softbreak":
    case "hardbreak":
      return document.createElement("br");
    case "box":
      return box(token.content, token.meta?.["isChecked"] === true);
    case "hr":
      return document.createElement("hr");
    case "code_inline":
      return element("code", token.content);
    case "code_block":
    case "fence":
      return wrapped("pre", element("code", token.content));
    case "heading_open":
      return block(`h${Math.min(Number(token.tag.slice(1)) + HEADING_LEAST - 1, HEADING_MOST)}`);
    case "ordered_list_open":
      return list(Number(token.attrGet("start") ?? 1));
    case "link_open":
      return link(String(token.attrGet("href") ?? ""));
    default:
      return token.nesting === 1 ? block(token.tag) : document.createTextNode(token.content);
  }
}

/** Each block finds its own direction. The parser knows which tags there are. */
function block(tag: string): HTMLElement {
  const made = document.createElement(tag);
  made.dir = "auto";
  return made;
}

function box(name: string, isChecked: boolean): HTMLInputElement {
  const made = document.createElement("input");
  made.type = "checkbox";
  made.checked = isChecked;
  made.disabled = true;
  made.ariaLabel = name;
  return made;
}

function list(start: number): HTMLElement {
  const made = document.createElement("ol");
  made.start = start;
  return made;
}

function link(address: string): HTMLElement {
  const made = document.createElement("a");
  made.href = address;
  made.title = address;
  made.target = "_blank";
  made.rel = "noopener noreferrer nofollow";
  return made;
}

function element(tag: string, text: string): HTMLElement {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}

function wrapped(tag: string, inner: Node): HTMLElement {
  const made = document.createElement(tag);
  made.append(inner);
  return made;
}
