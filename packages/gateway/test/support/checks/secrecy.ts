import { listDurableObjectIds, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, vi } from "vitest";

/** Everything that is logged from now on, and answers that are kept, as text. */
export function watch() {
  const lines: string[] = [];
  const replies: string[] = [];
  for (const level of ["log", "info", "warn", "error", "debug"] as const)
    vi.spyOn(console, level).mockImplementation((...parts: unknown[]) => void lines.push(parts.map(String).join(" ")));
  const record = async (response: Response): Promise<void> =>
    void replies.push(JSON.stringify([...response.headers]) + (await response.text()));
  return { lines, replies, record };
}

/** Bytes as the text that they are, so that it can be searched. */
const legible = (_name: string, value: unknown): unknown =>
  value instanceof ArrayBuffer ? new TextDecoder().decode(value) : value;

/** Everything every object and the directory have stored, as text. */
export async function rows(): Promise<string> {
  const texts: string[] = [];
  for (const namespace of [
    env.TOKEN_GRANT,
    env.RESOURCE_COORDINATOR,
    env.WEBHOOK_INBOX,
    env.EVENT_BUFFER,
    env.ENDPOINT_DISPATCHER,
  ]) {
    for (const id of await listDurableObjectIds(namespace as DurableObjectNamespace)) {
      const dump = await runInDurableObject(namespace.get(id) as DurableObjectStub, (_object, state) => {
        const tables = state.storage.sql
          .exec<{ name: string }>(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'",
          )
          .toArray();
        return tables.map(({ name }) =>
          JSON.stringify(state.storage.sql.exec(`SELECT * FROM ${name}`).toArray(), legible),
        );
      });
      texts.push(...dump);
    }
  }
  const { results: tables } = await env.DIRECTORY.prepare(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\' AND name NOT LIKE 'sqlite%'",
  ).all<{ name: string }>();
  const directory = await env.DIRECTORY.batch(tables.map(({ name }) => env.DIRECTORY.prepare(`SELECT * FROM ${name}`)));
  texts.push(...directory.map(({ results }) => JSON.stringify(results)));
  return texts.join("\n");
}

export function expectNowhere(secrets: readonly string[], places: Readonly<Record<string, readonly string[]>>): void {
  for (const secret of secrets) {
    // A third of a token is as good as found: JWTs share their head, so the tail is looked for too.
    for (const part of [secret, secret.slice(-40)]) {
      for (const [where, texts] of Object.entries(places))
        expect(
          texts.some((text) => text.includes(part)),
          where,
        ).toBe(false);
    }
  }
}
