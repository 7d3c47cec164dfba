import { env } from "cloudflare:workers";
import type { EndpointSettings } from "../../src/directory/endpoints.ts";
import { readDirectory } from "../../src/env.ts";
import { addEndpoint, type TestEndpoint } from "./endpoints.ts";
import { RECEIVER } from "./settings.ts";

export const workflowUrl = ({ path }: Pick<TestEndpoint, "path">): string => RECEIVER + path;

/** An endpoint whose address is sealed, at the receiver behind the tests in place of HighLevel. */
export async function addWorkflow(settings: Partial<EndpointSettings> = {}): Promise<TestEndpoint> {
  const one = await addEndpoint({ kind: "workflow", target: `${RECEIVER}/…`, types: [], ...settings });
  const change = { actor: "test", requestId: "test", nowMs: Date.now() };
  const secrets = { signing: [], url: workflowUrl(one) };
  await readDirectory(env).endpoints.writeSecrets(one.endpoint.id, secrets, change);
  return one;
}
