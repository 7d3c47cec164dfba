import { afterEach, expect, it, vi } from "vitest";
import { admin } from "../../support/calls/admin.ts";
import { call, json, keyed, upstream } from "../../support/calls/gateway.ts";
import { encryptUserContext } from "../../support/calls/user-context.ts";
import { addWorkflowReceiver, eventsIn, run } from "../../support/calls/workflows.ts";
import { expectNowhere, rows, watch } from "../../support/checks/secrecy.ts";
import { destination } from "../../support/endpoints/endpoints.ts";
import { addWorkflow, workflowUrl } from "../../support/endpoints/workflow-endpoints.ts";
import {
  API_KEY,
  APP,
  CALLBACK_PATHS,
  CALLBACK_SECRET,
  CLIENT_SECRET,
  DESTINATION,
  LOCATIONS,
  PAYMENT_KEYS,
  SHARED_SECRET,
} from "../../support/setup/settings.ts";

const location = LOCATIONS[223]!;
const USERS_KEY = "the-users-own-key-5ecre7";

afterEach(() => {
  vi.restoreAllMocks();
});

it("no secret of the marketplace or of workflows is in a reply, a log line or a row", async () => {
  const { lines, replies, record } = watch();

  const user = { userId: "u", companyId: "c", role: "user", type: "location", userName: "", email: "" };
  for (const secret of [SHARED_SECRET, "another"])
    await record(
      await call(`/marketplace/user-context/${APP}`, json({ payload: await encryptUserContext(user, secret) }, keyed)),
    );
  for (const behaviour of [{ body: '{"allow":true}' }, { body: USERS_KEY, status: 500 }, { body: USERS_KEY }]) {
    await destination.behave({ path: CALLBACK_PATHS.externalAuth }, behaviour);
    const called = json({ locationId: location, apiKey: USERS_KEY }, { "x-api-key": USERS_KEY });
    await record(await call(`/marketplace/external-auth/${APP}`, called));
  }
  await destination.behave({ path: CALLBACK_PATHS.payments }, { body: '{"status":"pending"}' });
  for (const apiKey of [PAYMENT_KEYS.live, PAYMENT_KEYS.test, USERS_KEY])
    await record(await call(`/marketplace/payments/${APP}`, json({ apiKey, type: "verify", chargeId: "ch" })));
  await upstream.answer("webhook", [{ status: 400, body: JSON.stringify({ message: CLIENT_SECRET }) }]);
  const payment = { amount: 1, status: "COMPLETED", paymentType: "one_time" };
  const targets = [{ authType: "location", locationId: location }];
  await record(await call(`/marketplace/billing/${APP}/payments`, json({ targets, payment }, keyed)));

  // The answers that show a secret once are not kept.
  const header = await addWorkflowReceiver({ location });
  const query = await addWorkflowReceiver({ location, auth: { kind: "query", name: "key" } });
  const action = await addWorkflowReceiver({
    kind: "action",
    location,
    callback: { url: `${DESTINATION}/called/action` },
  });
  await record(await run(header, { any: 1 }));
  await record(await call(`${query.path}?key=${query.secret}`));
  await record(await call(`${query.path}?key=${USERS_KEY}`));
  await destination.behave({ path: "/called/action" }, { body: "{}" });
  await record(await run(action, { meta: { key: "a" } }));
  for (const { receiver: one } of [header, query, action])
    await record(await admin("GET", `/admin/workflow-receivers/${one.id}`));
  await record(await admin("GET", "/admin/workflow-receivers"));
  expect(await eventsIn(location)).toHaveLength(3);

  const workflow = await addWorkflow();
  const send = `/workflows/${APP}/send/${workflow.endpoint.id}`;
  await record(await call(send, json({ email: "a@b.co" }, keyed)));
  await vi.waitFor(async () => expect(await destination.count(workflow)).toMatchObject({ count: 1 }));
  await record(await admin("GET", `/admin/endpoints/${workflow.endpoint.id}/deliveries`));

  const secrets = [
    ...[header, query, action].flatMap(({ secret, callbackSecret }) => [secret!, callbackSecret ?? secret!]),
    ...Object.values(PAYMENT_KEYS),
    ...[API_KEY, CALLBACK_SECRET, CLIENT_SECRET, SHARED_SECRET, USERS_KEY, workflowUrl(workflow)],
  ];
  const stored = await rows();
  for (const expected of [location, header.receiver.id, "workflow.send"]) expect(stored).toContain(expected);
  expect(replies).toHaveLength(19);
  expect(lines.length).toBeGreaterThanOrEqual(19);
  expectNowhere(secrets, { replies, lines, stored: [stored] });
});
