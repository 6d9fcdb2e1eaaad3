// Prints Discord's published specification, as far as our payloads reach, as one JSON Schema.
//
//     node discord_spec.mjs VERSION     copied beside a node_modules that holds discord-api-spec and zod
//
// The npm package carries the specification as zod schemas, generated from Discord's own OpenAPI file. zod turns them
// into JSON Schema; three things are put right on the way: a key nobody knows is a fault, what may not be there is
// `not`, and a time may name an offset (zod's pattern asks for Z alone, the specification for RFC 3339).

import * as spec from "discord-api-spec/zod";
import * as z from "zod";

const ROOTS = [
  "ApplicationCommandUpdateRequest", // one entry of the PUT that registers commands
  "MessageCreateRequest",
  "MessageEditRequestPartial",
  "IncomingWebhookInteractionRequest", // a follow-up
  "IncomingWebhookUpdateRequestPartial", // the edit of an answer
  "PongInteractionCallbackRequest",
  "CreateMessageInteractionCallbackRequest",
  "UpdateMessageInteractionCallbackRequest",
  "ApplicationCommandAutocompleteCallbackRequest",
  "ModalInteractionCallbackRequest",
];

const registry = z.registry();
for (const [name, schema] of Object.entries(spec)) {
  if (schema?._zod) registry.add(schema, { id: name.replace(/Schema$/, "") });
}
const { schemas } = z.toJSONSchema(registry, {
  io: "input", unrepresentable: "any", uri: (id) => `#/$defs/${id}`,
  override({ zodSchema, jsonSchema }) {
    if (zodSchema._zod.def.type === "undefined") jsonSchema.not = {};
    if (jsonSchema.format === "date-time") delete jsonSchema.pattern;
    if (jsonSchema.properties) jsonSchema.additionalProperties = false;
  },
});

const kept = {};
function keep(name) {
  if (kept[name]) return;
  const { $schema, $id, ...own } = schemas[name];
  kept[name] = own;
  for (const [, other] of JSON.stringify(own).matchAll(/"#\/\$defs\/([^"]+)"/g)) keep(other);
}
for (const name of ROOTS) keep(name);

const sorted = Object.fromEntries(Object.entries(kept).sort(([one], [other]) => (one < other ? -1 : 1)));
const lines = Object.entries(sorted).map(([name, schema]) => `  ${JSON.stringify(name)}: ${JSON.stringify(schema)}`);
console.log(`{
 "$schema": "https://json-schema.org/draft/2020-12/schema",
 "$comment": "discord-api-spec ${process.argv[2]}, MIT, written by scripts/discord-spec",
 "$defs": {\n${lines.join(",\n")}\n }
}`);
