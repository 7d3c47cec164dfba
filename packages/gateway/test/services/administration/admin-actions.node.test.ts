import { expect, it } from "vitest";
import { openApiDocument } from "../../../src/http/admin/openapi.ts";
import { partsOf } from "../../../src/http/admin/read-input.ts";
import type { AdminAction } from "../../../src/services/administration/action.ts";
import { adminActions } from "../../../src/services/administration/actions/actions.ts";
import { apiKeyActions } from "../../../src/services/administration/actions/api-keys.ts";
import { appActions } from "../../../src/services/administration/actions/apps.ts";
import { deliveryActions } from "../../../src/services/administration/actions/deliveries.ts";
import { endpointActions } from "../../../src/services/administration/actions/endpoints.ts";
import { eventActions } from "../../../src/services/administration/actions/events.ts";
import { installationActions } from "../../../src/services/administration/actions/installations.ts";
import { locationDataActions } from "../../../src/services/administration/actions/location-data.ts";
import { operatorActions } from "../../../src/services/administration/actions/operators.ts";
import { tokenKeyActions } from "../../../src/services/administration/actions/token-keys.ts";
import { workflowReceiverActions } from "../../../src/services/administration/actions/workflow-receivers.ts";

const actions = Object.entries<AdminAction>(adminActions);

it("the table has every action once, whatever file defines it", () => {
  const subjects = [
    apiKeyActions,
    appActions,
    deliveryActions,
    endpointActions,
    eventActions,
    installationActions,
    locationDataActions,
    operatorActions,
    tokenKeyActions,
    workflowReceiverActions,
  ];
  expect(actions.map(([name]) => name).sort()).toEqual(subjects.flatMap(Object.keys).sort());
  const routes = actions.map(([, { http }]) => `${http.method} ${http.path}`);
  expect(new Set(routes).size).toBe(routes.length);
});

it.each(actions)("%s reads every parameter of its path, and its body has a name", (_name, action) => {
  const { path, body } = partsOf(action);
  expect(Object.keys(action.input.entries)).toEqual(expect.arrayContaining([...path]));
  expect(action.http.body === undefined).toBe(body.length === 0);
});

it.each(actions)("%s needs the role admin unless it is a GET, which changes nothing", (_name, { http, role }) => {
  expect(role).toBe(http.method === "get" ? "viewer" : "admin");
});

it("the document has a schema for every name, and no object that takes unknown fields", () => {
  const document = openApiDocument();
  const { schemas } = document.components;
  for (const [, name] of JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g))
    expect(schemas).toHaveProperty(name!);
  expect(JSON.stringify(document)).not.toContain("$defs");
});

it.each(actions)("%s has a summary that begins with a verb and ends in a full stop", (_name, { summary }) => {
  expect(summary).toMatch(/^[A-Z][a-z]+s .*\.$/);
});

it("every description in the document stands alone: it names its subject and ends in a full stop", () => {
  const descriptions: string[] = [];
  JSON.stringify(openApiDocument(), (name, value: unknown) => {
    if (name === "description" && typeof value === "string") descriptions.push(value);
    return value;
  });
  expect(descriptions.length).toBeGreaterThan(100);
  const fragment = /^(It|Its|They|True|False|Null|From|Before|How|What|Where|Only|Default|Of|One of)\b|^[a-z]/;
  expect(descriptions.filter((text) => fragment.test(text) || !text.endsWith("."))).toEqual([]);
});
