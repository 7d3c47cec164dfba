import { expect, test } from "vitest";
import { checkInput } from "../../../src/domain/input-problem.ts";
import { adminActions } from "../../../src/services/administration/actions/actions.ts";

const endpoint = { name: "n", app: "main", kind: "https", target: "https://a.example/" };
const receiver = { app: "main", name: "n", kind: "action", location: null, auth: { kind: "bearer" } };
const BINDING = "the name of a binding after its prefix: capitals, digits and underscores";
const secret = "0123456789abcdef";

test.each<[keyof typeof adminActions, object, string]>([
  ["createEndpoint", { ...endpoint, kind: "queue", target: "tests" }, `target must be ${BINDING}, got "tests"`],
  ["changeEndpoint", { id: "e", name: "n", kind: "service" }, `target must be ${BINDING}, got undefined`],
  [
    "createEndpoint",
    { ...endpoint, types: ["ContactUpdate", "INSTALL"] },
    'types[1] must be the name of an event, got "INSTALL"; did you mean "AppInstall"?',
  ],
  [
    "createEndpoint",
    { ...endpoint, filter: { contact: { tags: [{ prefix: 1 }] } } },
    "filter.contact.tags.prefix must be a string, got 1",
  ],
  ["createEndpoint", { ...endpoint, filter: {} }, "filter must be an object with fields, got a value of type object"],
  ["createEndpoint", { ...endpoint, filter: [] }, "filter must be an object, got an empty array"],
  [
    "replayEvents",
    { app: "main", endpoint: "e", dryRun: true, filter: { types: ["Contact"] } },
    'filter.types[0] must be the name of an event, got "Contact"',
  ],
  [
    "listEvents",
    { app: "main", resourceId: "l1" },
    "kind must be location or company where resourceId is given, got undefined",
  ],
  [
    "listDeliveries",
    { id: "e", kind: "location" },
    "resourceId must be an id of HighLevel's where kind is given, got undefined",
  ],
  ["createWorkflowReceiver", { ...receiver, auth: undefined }, "auth must be an object, got undefined"],
  [
    "createWorkflowReceiver",
    { ...receiver, auth: { kind: "verify" } },
    'auth.kind must be one of bearer, basic, header, query, got "verify"',
  ],
  [
    "createWorkflowReceiver",
    { ...receiver, auth: { kind: "header" } },
    "auth.name must be a text of 1 to 100 characters, got undefined",
  ],
  [
    "createWorkflowReceiver",
    { ...receiver, auth: { kind: "bearer", name: "x" } },
    'unknown field "auth.name"; the fields are kind, secret',
  ],
  [
    "createWorkflowReceiver",
    { ...receiver, auth: { kind: "header", name: "x y", secret } },
    'auth: name must be the name of a header, got "x y"',
  ],
  [
    "createWorkflowReceiver",
    { ...receiver, callback: { service: "ours" } },
    `callback.service must be ${BINDING}, got "ours"`,
  ],
  ["createWorkflowReceiver", { ...receiver, callback: {} }, "callback.url must be a text, got undefined"],
  [
    "rotateWorkflowReceiverSecret",
    { id: "r", of: "callback", secret },
    "secret must be left out where of is callback, because the gateway creates it",
  ],
])("the schema of %s refuses %j by its path and what belongs there", (name, input, message) => {
  expect(checkInput(adminActions[name].input, input)).toMatchObject({ problem: { message } });
});

test.each<[keyof typeof adminActions, object]>([
  ["createEndpoint", { ...endpoint, kind: "queue", target: "TESTS", types: ["Contact*"], filter: { a: ["b"] } }],
  ["changeEndpoint", { id: "e", name: "n", kind: "workflow" }],
  ["listEvents", { app: "main", kind: "location", resourceId: "l1" }],
  ["listDeliveries", { id: "e" }],
  ["createWorkflowReceiver", { ...receiver, auth: { kind: "basic", name: "user" }, callback: { service: "OURS" } }],
  ["rotateWorkflowReceiverSecret", { id: "r", of: "auth", secret }],
])("the schema of %s accepts %j", (name, input) => {
  expect(checkInput(adminActions[name].input, input)).toHaveProperty("value");
});
