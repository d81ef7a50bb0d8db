// mime-db: the members have its keys, and say nothing that it has otherwise.
import assert from "node:assert";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const db = createRequire(import.meta.url)("mime-db");
const types = JSON.parse(readFileSync(process.argv[2], "utf8"));
const names = Object.keys(types);
assert.ok(names.length > 200);
assert.deepEqual(names, [...names].sort());
for (const [name, custom] of Object.entries(types)) {
  assert.match(name, /^[a-z0-9.+_-]+\/[a-z0-9.+_-]+$/, "a media type in lower case");
  assert.deepEqual(Object.keys(custom), ["notes", "sources"]);
  assert.ok(custom.sources.length > 0 && custom.sources.every((one) => URL.canParse(one)), name);
}
assert.deepEqual(names.filter((name) => db[name]?.source === "iana"), [], "mime-db has it from IANA");
console.log(`${names.length} custom types; mime-db has none of them from IANA`);
