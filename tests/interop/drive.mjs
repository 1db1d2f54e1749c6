// Does with the TypeScript client of examples/ what it is told, a line of JSON each, and answers with one.

import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [, , compiled, url, token, file] = process.argv;
const { Client } = await import(pathToFileURL(`${compiled}/offline.js`));
const client = new Client(url, token, {
  load: () => (existsSync(file) ? readFileSync(file, "utf8") : null),
  save: (state) => {
    writeFileSync(`${file}.new`, state);
    renameSync(`${file}.new`, file);
  },
});
const following = client.follow();
for await (const line of createInterface({ input: process.stdin })) {
  const [command, ...words] = JSON.parse(line);
  let answer;
  try {
    answer = command === "follow" ? (await following.next()).value : await client[command](...words);
  } catch (error) {
    answer = { failed: String(error) };
  }
  console.log(JSON.stringify(answer));
}
process.exit();
