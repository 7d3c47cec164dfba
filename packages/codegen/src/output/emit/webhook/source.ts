/** Source file in the banner of the generated files of `@ghl-edge/webhooks`. */
export const SOURCE = "openapi/webhooks.yaml";
