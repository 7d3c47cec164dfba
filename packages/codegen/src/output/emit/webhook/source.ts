/** What the generated files of `@ghl-edge/webhooks` say they were made from. */
export const SOURCE = "openapi/webhooks.yaml";
