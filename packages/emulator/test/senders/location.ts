import type { createClient } from "@ghl-edge/client";

/** What every sender gets: a client that is bound to one location. */
export type Location = ReturnType<ReturnType<typeof createClient>["location"]>;
