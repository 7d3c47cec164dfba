import type { EndpointSettings } from "../../../src/directory/tables/endpoints.ts";
import { DESTINATION } from "../setup/settings.ts";
import { addEndpoint, setSecrets, type TestEndpoint } from "./endpoints.ts";

export const workflowUrl = ({ path }: Pick<TestEndpoint, "path">): string => DESTINATION + path;

/** An endpoint whose address is sealed, whose destination is the server of the tests instead of HighLevel. */
export async function addWorkflow(settings: Partial<EndpointSettings> = {}): Promise<TestEndpoint> {
  const one = await addEndpoint({ kind: "workflow", target: `${DESTINATION}/…`, types: [], ...settings });
  await setSecrets(one, { signing: [], url: workflowUrl(one) });
  return one;
}
