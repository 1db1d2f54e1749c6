// Random moves, compared with the service's.

import fc from "fast-check";
import { expect, test } from "vitest";

import { keyBetween, type List } from "../../src/rules/index.ts";
import { rounds } from "../service.ts";
import { Peer } from "./peer.ts";

test("A move gives the key that the service gives", async () => {
  const peer = new Peer();
  await peer.batch(["A", "B", "C", "D", "E", "F"].map((name) => ({ op: "create", type: "list", list: { name } })));
  const moves = fc.tuple(fc.nat(5), fc.nat(5), fc.boolean());
  const holds = async ([from, at, isBefore]: [number, number, boolean]) => {
    const lists = await peer.ask<List[]>("GET", "lists");
    const [list, anchor] = [lists[from], lists[at]];
    if (!list || !anchor || list === anchor) return;
    const others = lists.filter((one) => one !== list);
    const place = others.indexOf(anchor) + Number(!isBefore);
    const [low = null, high = null] = [others[place - 1]?.position, others[place]?.position];
    const move = { [isBefore ? "before" : "after"]: anchor.id };
    const { position } = await peer.ask<List>("POST", `lists/${list.id}/move`, move);
    expect(position).toBe(place === from ? list.position : keyBetween(low, high));
  };
  await fc.assert(fc.asyncProperty(moves, holds), { numRuns: rounds(50, 400) });
}, 600_000);
