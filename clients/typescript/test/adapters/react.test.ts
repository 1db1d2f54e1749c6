import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { expect, test } from "vitest";
import { useLive, useStore } from "../../src/adapters/react.ts";
import { createStore, type Store } from "../../src/store/index.ts";
import { newUser, tokenOf, url } from "../service.ts";

// What the hooks do in a browser is shown by tests/interop/test_nextjs.py.
test("on a server, a component shows what it is given first", async () => {
  const user = newUser();
  const opened: Store[] = [];
  function Titles() {
    const store = useStore((name) => {
      const made = createStore({ url, user: name, token: async () => tokenOf(name), storage: "memory" });
      opened.push(made);
      return made;
    }, user);
    const tasks = useLive(store?.tasks.query(), [{ title: "Milk" }]);
    return createElement("p", null, tasks.map(({ title }) => title).join(", "));
  }
  expect(renderToString(createElement(Titles))).toBe("<p>Milk</p>");
  expect(opened).toEqual([]);
});
