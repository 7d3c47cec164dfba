import type { createClient } from "@ghl-edge/client";

/** Argument of every sender: a client that is bound to one location. */
export type Location = ReturnType<ReturnType<typeof createClient>["location"]>;
