import { InboundWebhookUrlError } from "../errors.ts";
import { trustedHosts, type UrlLike, type WorkflowUrlOptions, workflowUrl } from "./url.ts";

/** @see docs/design/marketplace.md, "Inbound Webhook trigger": `/hooks/{locationId}/webhook-trigger/{id}` */
const PREFIX = "/hooks";

/**
 * The URL of an Inbound Webhook trigger. Whoever knows it can start the workflow, so that only `href` gives it away: as text and as
 * JSON it is `redacted`.
 */
export class InboundWebhookUrl {
  readonly #url: URL;

  constructor(url: URL) {
    this.#url = url;
  }

  /** The secret itself. */
  get href(): string {
    return this.#url.href;
  }

  /** `https://services.leadconnectorhq.com/hooks/…` */
  get redacted(): string {
    return `${this.#url.origin}${PREFIX}/…`;
  }

  toString(): string {
    return this.redacted;
  }

  toJSON(): string {
    return this.redacted;
  }
}

/** The same for a set of hosts that was checked before. @throws {InboundWebhookUrlError} */
export function inboundUrl(input: UrlLike, hosts: ReadonlySet<string>): URL {
  const url = workflowUrl(input, PREFIX, hosts);
  if (typeof url === "string") throw new InboundWebhookUrlError(url);
  return url;
}

/**
 * Checks that a URL is one of an Inbound Webhook trigger: https, HighLevel's host or one of `hosts`, a path below `/hooks`. Whether
 * there is a workflow behind it only HighLevel knows.
 *
 * @throws {InboundWebhookUrlError} with the reason, without any part of the URL.
 * @throws {ConfigurationError}
 */
export function readInboundWebhookUrl(input: UrlLike, options: WorkflowUrlOptions = {}): InboundWebhookUrl {
  return new InboundWebhookUrl(inboundUrl(input, trustedHosts(options)));
}
