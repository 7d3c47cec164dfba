import type { Resource } from "@ghl-edge/core";

/** HighLevel's ids are 20 or 24 alphanumeric characters; nothing that means something in a path or an object's name. */
export const RESOURCE_ID = /^[A-Za-z0-9_-]{1,64}$/;

export function isResourceId(text: string): boolean {
  return RESOURCE_ID.test(text);
}

/** Returns the app in the name of a Durable Object, which begins with it. */
export function appOfObject(name: string | undefined): string | undefined {
  return name?.split(":", 1)[0];
}

/** Name of the Durable Object of a resource under an app. App names and ids hold no colon, so names do not collide. */
export function resourceName(app: string, resource: Resource): string {
  return `${app}:${resource.kind}:${resource.id}`;
}
