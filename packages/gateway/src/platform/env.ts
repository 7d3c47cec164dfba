/** The only reader of bindings: everything else gets Durable Objects, queues and services from here, as interfaces. */

import type { Resource } from "@ghl-edge/core";
import type { EndpointDispatcherApi } from "../domain/contracts/endpoint-dispatcher.ts";
import type { EventBufferApi, InboxListingApi } from "../domain/contracts/event-buffer.ts";
import type { OverflowEvent } from "../domain/contracts/overflow.ts";
import type { ResourceCoordinatorApi } from "../domain/contracts/resource-coordinator.ts";
import type { TokenGrantApi } from "../domain/contracts/token-grant.ts";
import type { WebhookInboxApi } from "../domain/contracts/webhook-inbox.ts";
import { type InboxAddress, inboxName, listingShard, resourceKey } from "../domain/events/inbox-event.ts";
import { partOf } from "../domain/hash.ts";
import { OBJECTS_OF_MINT_TURNS } from "../domain/limits/mint-turns.ts";
import { resourceName } from "../domain/resource.ts";
import { MAX_EVENT_BUFFERS, readEventBuffers } from "./config-buffers.ts";

/**
 * Objects of an app that record used install states. It is no configuration: with another number, two callbacks with one state might find
 * different objects.
 */
const OBJECTS_OF_SPENT_STATES = 16;

import type { Dataset } from "./metrics.ts";

export interface Objects {
  grant(app: string, resource: Resource): TokenGrantApi;
  coordinator(app: string, resource: Resource): ResourceCoordinatorApi;
  /** Collects requests of a company's locations for turns to mint. */
  mintTurns(app: string, company: Resource, locationId: string): Pick<ResourceCoordinatorApi, "mintTurn">;
  inbox(app: string, address: InboxAddress): WebhookInboxApi;
  /** Install events of a storm, until their inboxes have them. All events of a resource have one buffer. */
  eventBuffer(app: string, resource: Resource | undefined): EventBufferApi;
  /** Events of resources at which nothing is installed. */
  heldEvents(app: string, resource: Resource | undefined): EventBufferApi;
  /** Every object that may buffer or hold events of the app, whatever the number was earlier. Each call makes fresh stubs. */
  allEventBuffers(app: string): readonly (() => EventBufferApi)[];
  /** States of installs that callbacks have used. */
  spentStates(app: string, state: string): Pick<EventBufferApi, "spendState">;
  /** Lists inboxes in the directory; all changes of an inbox go to the same object. */
  inboxListing(app: string, address: InboxAddress): InboxListingApi;
  dispatcher(endpointId: string, shard: number): EndpointDispatcherApi;
}

/** Destinations inside the account: bindings by the name after their prefix. */
export interface DestinationBindings {
  /** `DESTINATION_QUEUE_<name>` */
  queue(name: string): Pick<Queue, "send" | "sendBatch"> | undefined;
  /** `DESTINATION_SERVICE_<name>` */
  service(name: string): Pick<Fetcher, "fetch"> | undefined;
}

/** The database of the directory. */
export const readDatabase = (env: Env): D1Database => env.DIRECTORY;

/** Each call makes a fresh stub: a stub that has seen its object die stays broken. */
export function readObjects(env: Env): Objects {
  const bufferOf = (resource: Resource | undefined): number =>
    partOf(resourceKey(resource), readEventBuffers(env.EVENT_BUFFERS));
  return {
    grant: (app, resource) => env.TOKEN_GRANT.getByName(resourceName(app, resource)),
    coordinator: (app, resource) => env.RESOURCE_COORDINATOR.getByName(resourceName(app, resource)),
    mintTurns: (app, company, locationId) =>
      env.RESOURCE_COORDINATOR.getByName(
        `${resourceName(app, company)}:turns:${partOf(locationId, OBJECTS_OF_MINT_TURNS)}`,
      ),
    inbox: (app, address) => env.WEBHOOK_INBOX.getByName(`${app}:${inboxName(address)}`),
    eventBuffer: (app, resource) => env.EVENT_BUFFER.getByName(`${app}:${bufferOf(resource)}`),
    heldEvents: (app, resource) => env.EVENT_BUFFER.getByName(`${app}:held:${bufferOf(resource)}`),
    allEventBuffers: (app) =>
      Array.from({ length: MAX_EVENT_BUFFERS }, (_, n) => [`${app}:${n}`, `${app}:held:${n}`])
        .flat()
        .map((name) => () => env.EVENT_BUFFER.getByName(name)),
    spentStates: (app, state) => env.EVENT_BUFFER.getByName(`${app}:states:${partOf(state, OBJECTS_OF_SPENT_STATES)}`),
    inboxListing: (app, { resource }) => env.EVENT_BUFFER.getByName(`${app}:inboxes-${listingShard(resource)}`),
    dispatcher: (endpointId, shard) => env.ENDPOINT_DISPATCHER.getByName(`${endpointId}:${shard}`),
  };
}

/** The overflow queues as one: an event goes to the queue of its hash, or to the next one that takes it. */
export function readOverflow(env: Env): Pick<Queue<OverflowEvent>, "send"> {
  const bindings = env as unknown as Record<string, Queue<OverflowEvent> | undefined>;
  const others = Object.keys(env).filter((name) => name.startsWith("OVERFLOW_"));
  const queues = ["OVERFLOW", ...others.sort()].map((name) => bindings[name]).filter((queue) => queue !== undefined);
  return {
    async send(message, options) {
      const first = partOf(message.event.dedupeKey, Math.max(1, queues.length));
      for (let tried = 1; ; tried++) {
        try {
          return await queues[(first + tried - 1) % queues.length]!.send(message, options);
        } catch (error) {
          if (tried >= queues.length) throw error;
        }
      }
    },
  };
}

/** Returns a rate limit binding; undefined: it is not bound. */
export function readRateLimit(env: Env, name: string): Pick<RateLimit, "limit"> | undefined {
  const binding = (env as unknown as Record<string, unknown>)[name];
  return typeof binding === "object" && binding !== null && "limit" in binding ? (binding as RateLimit) : undefined;
}

/** Returns the dataset for counts; undefined: it is not bound. */
export function readMetricsDataset(env: Env): Dataset | undefined {
  const { METRICS: binding } = env as unknown as Record<string, unknown>;
  return typeof binding === "object" && binding !== null && "writeDataPoint" in binding
    ? (binding as Dataset)
    : undefined;
}

export function readDestinationBindings(env: Env): DestinationBindings {
  const bound = <Method extends string>(name: string, ...methods: Method[]): Record<Method, never> | undefined => {
    const binding = (env as unknown as Record<string, unknown>)[name];
    const isBound = typeof binding === "object" && binding !== null && methods.every((method) => method in binding);
    return isBound ? (binding as Record<Method, never>) : undefined;
  };
  return {
    queue: (name) => bound(`DESTINATION_QUEUE_${name}`, "send", "sendBatch"),
    service: (name) => bound(`DESTINATION_SERVICE_${name}`, "fetch"),
  };
}
