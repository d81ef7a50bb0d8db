// Kyverno and Flux: by the schemas that npm packages have from their CRDs.
import assert from "node:assert";
import { readFileSync, readdirSync } from "node:fs";
import { ImageValidatingPolicy as V1 } from "@kubernetes-models/kyverno/policies.kyverno.io/v1/ImageValidatingPolicy";
import { ImageValidatingPolicy as V1beta1 } from "@kubernetes-models/kyverno/policies.kyverno.io/v1beta1/ImageValidatingPolicy";
import { ImageValidatingPolicy as V1alpha1 } from "@kubernetes-models/kyverno/policies.kyverno.io/v1alpha1/ImageValidatingPolicy";
import { OCIRepository } from "@kubernetes-models/flux-cd/source.toolkit.fluxcd.io/v1/OCIRepository";
import { parse } from "yaml";

const out = process.argv[2];
const read = (path) => parse(readFileSync(`${out}/${path}`, "utf8"));

for (const [file, Model] of [["kyverno", V1], ["kyverno-1.16", V1beta1], ["kyverno-1.14", V1alpha1]]) {
  const part = read(file);
  assert.equal(part.apiVersion, Model.apiVersion);
  assert.equal(part.kind, Model.kind);
  assert.deepEqual(Object.keys(part.spec), ["attestations"]);
  const { attestations } = part.spec;
  assert.ok(attestations.length > 10);
  assert.equal(new Set(attestations.map((one) => one.name)).size, attestations.length, "a name is there once");
  assert.ok(attestations.every((one) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(one.name)), "an expression can select it");
  // What only the user can say.
  const attestors = [{ name: "notary", notary: { certs: { value: "-" } } }];
  const validations = [{ expression: "true" }];
  const policy = (attestations) => new Model({ metadata: { name: "x" }, spec: { attestors, validations, attestations } });
  policy(attestations).validate();
  assert.throws(() => policy([{ referrer: { type: "x" } }]).validate(), "the schema refuses nothing");
}

let sources = 0;
for (const file of readdirSync(`${out}/flux`).filter((file) => file.endsWith(".yaml"))) {
  const source = read(`flux/${file}`);
  assert.equal(source.apiVersion, OCIRepository.apiVersion);
  new OCIRepository(source).validate();
  assert.deepEqual(Object.keys(source.spec.layerSelector), ["mediaType", "operation"]);
  source.spec.layerSelector.operation = "move";
  assert.throws(() => new OCIRepository(source).validate(), "the schema refuses nothing");
  sources += 1;
}
assert.ok(sources > 10);
assert.equal(read("flux/helm-chart.yaml").spec.layerSelector.operation, "copy");
console.log(`three versions of the policy, ${sources} sources`);
