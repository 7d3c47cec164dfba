import { CodegenError } from "../../../errors.ts";

/** `webhooks.yaml` is not what the generator reads; `pointer` is the position. */
export class InvalidWebhooksError extends CodegenError {
  readonly code: "ERR_GHL_CODEGEN_WEBHOOKS_INVALID" = "ERR_GHL_CODEGEN_WEBHOOKS_INVALID";
}
