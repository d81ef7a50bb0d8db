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
const known = names.filter((name) => db[name]?.source === "iana");
console.log(`${names.length} custom types; mime-db has ${known.length} of them from IANA: ${known.join(", ")}`);
