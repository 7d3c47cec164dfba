import { applyD1Migrations } from "cloudflare:test";
import { env } from "cloudflare:workers";

/** Handed over by vitest.config.ts, which may read files. */
const { MIGRATIONS } = env as unknown as { MIGRATIONS: Parameters<typeof applyD1Migrations>[1] };
await applyD1Migrations(env.DIRECTORY, MIGRATIONS);
