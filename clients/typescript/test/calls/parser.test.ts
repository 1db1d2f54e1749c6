import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { type Block, EventParser } from "../../src/calls/parser.ts";
import { rounds } from "../service.ts";

interface Outcome {
  blocks: Block[];
  retry: number | undefined;
}

function parsed(chunks: readonly Uint8Array[]): Outcome {
  const parser = new EventParser();
  return { blocks: chunks.flatMap((chunk) => parser.push(chunk)), retry: parser.retry };
}

function whole(text: string): Outcome {
  return parsed([new TextEncoder().encode(text)]);
}

function event(data: string, { name = "message", id = "" } = {}): Block {
  return { type: "event", name, data, id };
}

/** The standard's steps, one character after the other, for a stream that is all there. */
function byTheStandard(bytes: Uint8Array): Outcome {
  const outcome: Outcome = { blocks: [], retry: undefined };
  let [data, name, id, line] = ["", "", "", ""];
  const characters = [...new TextDecoder().decode(bytes)];
  for (const [at, character] of characters.entries()) {
    if (character === "\n" && characters[at - 1] === "\r") continue;
    if (character !== "\n" && character !== "\r") {
      line += character;
      continue;
    }
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1);
    if (line === "") {
      if (data !== "") outcome.blocks.push(event(data.slice(0, -1), { name: name === "" ? "message" : name, id }));
      [data, name] = ["", ""];
    } else if (colon === 0) outcome.blocks.push({ type: "comment" });
    else if (field === "data") data += `${value}\n`;
    else if (field === "event") name = value;
    else if (field === "id" && !value.includes("\0")) id = value;
    else if (field === "retry" && [...value].every((digit) => digit >= "0" && digit <= "9") && value !== "") {
      outcome.retry = Number(value);
    }
    line = "";
  }
  return outcome;
}

describe("The examples of the HTML standard", () => {
  test.each<[string, string, Block[]]>([
    ["lines of data", "data: YHOO\ndata: +2\ndata: 10\n\n", [event("YHOO\n+2\n10")]],
    [
      "a comment, ids that stay and are set back, and a space that counts",
      ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
      [{ type: "comment" }, event("first event", { id: "1" }), event("second event"), event(" third event")],
    ],
    ["empty data, and an event that is cut off", "data\n\ndata\ndata\n\ndata:", [event(""), event("\n")]],
    ["a space after the colon", "data:test\n\ndata: test\n\n", [event("test"), event("test")]],
  ])("%s", (_, text, blocks) => expect(whole(text).blocks).toEqual(blocks));
});

describe("The rules of the HTML standard", () => {
  test.each<[string, string, Block[]]>([
    ["a byte order mark at the start", "\uFEFFdata: 1\n\n", [event("1")]],
    ["a second byte order mark", "\uFEFF\uFEFFdata: 1\n\n", []],
    ["all line ends", "data: 1\r\ndata: 2\rdata: 3\n\r\n", [event("1\n2\n3")]],
    ["CR CR is an empty line", "data: 1\r\rdata: 2\r\r", [event("1"), event("2")]],
    ["unknown fields, and names in capitals", "Data: 1\nx: y\ndata: 2\n data: 3\n\n", [event("2")]],
    ["a name without data is forgotten", "event: a\n\ndata: 1\n\n", [event("1")]],
    ["the last name counts", "event: a\nevent: b\ndata: 1\n\n", [event("1", { name: "b" })]],
    ["an id with NUL", "id: a\nid: b\0c\ndata: 1\n\n", [event("1", { id: "a" })]],
    ["an id without data is kept", "id: a\n\ndata: 1\n\n", [event("1", { id: "a" })]],
    ["a broken character", "data: \xff\n\n", [event("\xff")]],
    ["other white space is no line end", "data: a\u2028b\u0085c\fd\n\n", [event("a\u2028b\u0085c\fd")]],
  ])("%s", (_, text, blocks) => expect(whole(text).blocks).toEqual(blocks));

  test.each([
    ["retry: 1372\n", 1372],
    ["retry: 1\nretry: 2\n", 2],
    ["retry: 1\nretry: 2x\nretry: -3\nretry:\nretry: 1.5\n", 1],
    ["retry: ٣\n", undefined],
  ])("%j", (text, retry) => expect(whole(text).retry).toBe(retry));
});

/** Small streams that are full of what could go wrong at a border. */
const line = fc.constantFrom(
  "data",
  "data: 1",
  "data:é",
  "data:  ☃",
  "event: 😀",
  "event",
  "id: é",
  "id",
  "id: a\0b",
  "retry: 7",
  ":",
  "",
  "x",
);
const lineEnd = fc.constantFrom("\n", "\r", "\r\n");
const start = fc.constantFrom("", "\uFEFF");
const text = fc
  .tuple(start, fc.array(fc.tuple(line, lineEnd), { maxLength: 12 }))
  .map(([mark, lines]) => mark + lines.flat().join(""));
const rawBytes = fc.oneof(
  text.map((characters) => new TextEncoder().encode(characters)),
  fc.uint8Array({ maxLength: 60 }),
);

describe("Over every split of the bytes", () => {
  test.each([
    ["\uFEFFdata:☃\r\n\n", event("☃")],
    ["data:😀\r\r\n", event("😀")],
    ["id:é\rdata\n\r", event("", { id: "é" })],
    ["data:a\r\n:\r\n\r", event("a")],
    ["data\r\ndata\r\n\r", event("\n")],
  ])("%j means the same", (characters, only) => {
    const bytes = new TextEncoder().encode(characters);
    for (let split = 0; split < 2 ** (bytes.length - 1); split++) {
      const { blocks } = parsed(
        cut(
          bytes,
          [...bytes.keys()].filter((border) => split & (1 << (border - 1))),
        ),
      );
      expect(blocks.filter(({ type }) => type === "event")).toEqual([only]);
    }
  });

  test("an empty chunk changes nothing", () => {
    const chunks = ["data\r", "", "\ndata\n\n"].map((part) => new TextEncoder().encode(part));
    expect(parsed(chunks).blocks).toEqual([event("\n")]);
  });

  test("any stream means what the standard says", () => {
    fc.assert(
      fc.property(rawBytes, fc.array(fc.nat(100)), (bytes, ends) => {
        const expected = byTheStandard(bytes);
        expect(parsed([bytes])).toEqual(expected);
        expect(parsed(cut(bytes, ends))).toEqual(expected);
        expect(parsed(cut(bytes, [...bytes.keys()]))).toEqual(expected);
        for (const end of bytes.keys()) expect(parsed(cut(bytes, [end]))).toEqual(expected);
      }),
      { numRuns: rounds(200, 10_000) },
    );
  });
});

/** The bytes in chunks, which end at these places. */
function cut(bytes: Uint8Array, ends: readonly number[]): Uint8Array[] {
  const borders = [0, ...ends.filter((end) => end <= bytes.length).sort((one, other) => one - other), bytes.length];
  return borders.slice(1).map((end, index) => bytes.subarray(borders[index], end));
}
