/**
 * `pnpm --dir bench gateway:clients`: curl and HighLevel's SDKs, with nothing changed but their base URL, through the gateway to an
 * emulated HighLevel that checks what it is sent. Prints what each of them sees; exit code 1 when one of them sees something else
 * than it would of HighLevel.
 */
import type { EmulatorOptions } from "@ghl-edge/emulator";
import { type GatewayClient, gatewayClients, type NewContact, type Seen } from "./client-peers.ts";
import { locationIds } from "./location.ts";
import { type HighLevel, install, type Limits, startHighLevel, startWorkers, type Workers } from "./servers.ts";

const UNKNOWN = "n0tThere000000000001";

interface Environment {
  readonly highLevel: HighLevel;
  readonly workers: Workers;
}

/** Counts the checks of one run, and lists those that failed. */
class Checks {
  readonly failed: string[] = [];
  count = 0;

  check(what: string, { status, words }: Seen, good: boolean): void {
    this.count++;
    if (!good) this.fail(what);
    console.log(`${good ? "ok  " : "FAIL"} ${what} → ${status} ${words}`);
  }

  fail(what: string): void {
    this.failed.push(what);
  }
}

/** Each client gets a location of its own, and by it a budget of its own. */
async function withEnvironment(
  limits: Limits,
  options: EmulatorOptions,
  work: (environment: Environment) => Promise<void>,
) {
  const locations = locationIds(Object.keys(gatewayClients).length);
  const highLevel = await startHighLevel(locations, options);
  const workers = await startWorkers({ highLevelUrl: highLevel.url, limits });
  try {
    for (const location of locations) await install(workers, location);
    await work({ highLevel, workers });
  } finally {
    await workers.close();
    await highLevel.close();
  }
}

async function forEachClient(
  { workers }: Environment,
  work: (name: string, client: GatewayClient, body: NewContact) => Promise<void>,
): Promise<void> {
  const locations = locationIds(Object.keys(gatewayClients).length);
  for (const [index, [name, make]] of Object.entries(gatewayClients).entries()) {
    const locationId = locations[index]!;
    const client = await make(`${workers.gatewayUrl}/api/location/${locationId}`, workers.apiKey);
    await work(name, client, { locationId, firstName: "Ada", email: `ada${index}@example.com` });
  }
}

/** Each client creates a contact, reads it, and gets a 404 for an unknown one. */
async function checkAnswers(checks: Checks): Promise<void> {
  await withEnvironment("standard", { checks: "strict" }, async (environment) => {
    await forEachClient(environment, async (name, client, body) => {
      const made = await client.createContact(body);
      checks.check(`${name}: POST /contacts/`, made, made.status === 201 && made.id !== undefined);
      const found = await client.getContact(made.id ?? UNKNOWN);
      checks.check(`${name}: GET what was made`, found, found.status === 200 && found.id === made.id);
      const unknown = await client.getContact(UNKNOWN);
      checks.check(`${name}: GET what is not there`, unknown, unknown.status === 404);
    });
    const { log } = environment.highLevel.emulator;
    const otherTokens = log.filter(
      ({ path, resource }) => path.startsWith("/contacts") && resource?.kind !== "location",
    );
    if (otherTokens.length > 0) checks.fail("HighLevel was sent another token than a location's");
  });
}

/** Each client gets a 429 of the gateway for a call that would wait too long. HighLevel gets no such call. */
async function checkSpentBudget(checks: Checks): Promise<void> {
  const tight = { burst: 2, intervalMs: 60_000 };
  await withEnvironment(tight, { rateLimit: { max: 2, intervalMs: 60_000, daily: 200_000 } }, async (environment) => {
    await forEachClient(environment, async (name, client) => {
      let seen = await client.getContact(UNKNOWN);
      for (let call = 1; call < 4 && seen.status === 200; call++) seen = await client.getContact(UNKNOWN);
      const mayReturn = name !== "curl" || Number(seen.retryAfter) > 0;
      checks.check(`${name}: no budget for longer than a call may wait`, seen, seen.status === 429 && mayReturn);
    });
    const refused = environment.highLevel.emulator.log.filter(({ status }) => status === 429);
    if (refused.length > 0) checks.fail("HighLevel refused a call that the gateway should have held back");
  });
}

/** Each client gets the 429 of HighLevel. Without its headers the gateway knows no limit, so that it sends the call again first. */
async function checkUnknownLimit(checks: Checks): Promise<void> {
  const spent = { max: 100, intervalMs: 10_000, daily: 1, headers: false };
  await withEnvironment("standard", { rateLimit: spent }, async (environment) => {
    await forEachClient(environment, async (name, client) => {
      await client.getContact(UNKNOWN);
      const seen = await client.getContact(UNKNOWN);
      const isHighLevels = !seen.words.includes("ERR_GHL_GATEWAY");
      checks.check(`${name}: a 429 of HighLevel's`, seen, seen.status === 429 && isHighLevels);
    });
  });
}

const checks = new Checks();
await checkAnswers(checks);
await checkSpentBudget(checks);
await checkUnknownLimit(checks);
console.log(`\n${checks.count} checks, ${checks.failed.length} failed`);
if (checks.failed.length > 0) {
  for (const what of checks.failed) console.error(`failed: ${what}`);
  process.exitCode = 1;
}
