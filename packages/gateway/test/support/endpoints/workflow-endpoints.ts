import type { EndpointSettings } from "../../../src/directory/tables/endpoints.ts";
import { RECEIVER } from "../setup/settings.ts";
import { addEndpoint, setSecrets, type TestEndpoint } from "./endpoints.ts";

export const workflowUrl = ({ path }: Pick<TestEndpoint, "path">): string => RECEIVER + path;

/** An endpoint whose address is sealed, at the receiver behind the tests in place of HighLevel. */
export async function addWorkflow(settings: Partial<EndpointSettings> = {}): Promise<TestEndpoint> {
  const one = await addEndpoint({ kind: "workflow", target: `${RECEIVER}/…`, types: [], ...settings });
  await setSecrets(one, { signing: [], url: workflowUrl(one) });
  return one;
}
