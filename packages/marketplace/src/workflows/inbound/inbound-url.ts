import { InboundWebhookUrlError } from "../errors.ts";
import { trustedHosts, type UrlLike, type WorkflowUrlOptions, workflowUrl } from "../url.ts";

/** Start of the path `/hooks/{locationId}/webhook-trigger/{id}`. @see docs/design/marketplace.md, "Inbound Webhook trigger" */
const PREFIX = "/hooks";

/**
 * The URL of an Inbound Webhook trigger. Anyone who knows it can start the workflow, so only `href` reveals it. As text and as JSON it is
 * `redacted`.
 *
 * @example
 * ```ts
 * import { type InboundWebhookUrl, readInboundWebhookUrl } from "@ghl-edge/marketplace/workflows";
 *
 * export const describe = (url: InboundWebhookUrl): string => `workflow at ${url}`; // redacted
 * export const fromText = (text: string): InboundWebhookUrl => readInboundWebhookUrl(text);
 * ```
 */
export class InboundWebhookUrl {
  readonly #url: URL;

  constructor(url: URL) {
    this.#url = url;
  }

  /** The complete URL, which is a secret. */
  get href(): string {
    return this.#url.href;
  }

  /** The URL without its secret part: `https://services.leadconnectorhq.com/hooks/…` */
  get redacted(): string {
    return `${this.#url.origin}${PREFIX}/…`;
  }

  /**
   * Returns `redacted`.
   *
   * @returns The URL without its secret part
   */
  toString(): string {
    return this.redacted;
  }

  /**
   * Returns `redacted`.
   *
   * @returns The URL without its secret part
   */
  toJSON(): string {
    return this.redacted;
  }
}

/** Checks the URL with hosts that are already checked. @throws {InboundWebhookUrlError} when it is another URL */
export function inboundUrl(input: UrlLike, hosts: ReadonlySet<string>): URL {
  const url = workflowUrl(input, PREFIX, hosts);
  if (typeof url === "string") throw new InboundWebhookUrlError(url);
  return url;
}

/**
 * Checks that a URL is that of an Inbound Webhook trigger: https, HighLevel's host or one of `hosts`, and a path below `/hooks`. It cannot
 * check whether the workflow exists.
 *
 * @param input - The URL
 * @param options - Trusted hosts
 * @returns The checked URL
 * @throws {InboundWebhookUrlError} with the reason but no part of the URL (`ERR_GHL_INBOUND_WEBHOOK_URL`)
 * @throws {ConfigurationError} when an option is invalid (`ERR_GHL_MARKETPLACE_CONFIGURATION`)
 * @example
 * ```ts
 * import { readInboundWebhookUrl } from "@ghl-edge/marketplace/workflows";
 *
 * const url = readInboundWebhookUrl("https://services.leadconnectorhq.com/hooks/l1/webhook-trigger/w1");
 * console.log(String(url)); // "https://services.leadconnectorhq.com/hooks/…"
 * ```
 */
export function readInboundWebhookUrl(input: UrlLike, options: WorkflowUrlOptions = {}): InboundWebhookUrl {
  return new InboundWebhookUrl(inboundUrl(input, trustedHosts(options)));
}
