import { namesOtherCause } from "@ghl-edge/core";
import { readErrorText } from "./answer.ts";

/** Whether a 401 is about the token itself, so that another one may help. `namesOtherCause` decides for all packages. */
export async function meansTokenRejected(response: Response): Promise<boolean> {
  return (
    response.status === 401 &&
    !namesOtherCause(response.headers.get("www-authenticate") + (await readErrorText(response.clone())))
  );
}
