import fc from "fast-check";
import { expect, test } from "vitest";
import { clockedEmulator, installApp, json, refresh } from "./support.ts";

/** Step of a client: refresh with its n-th newest token, after some time. */
const step = fc.record({ back: fc.nat(3), waitMs: fc.constantFrom(0, 1_000, 29_999, 30_000, 60_000) });

test.each([0, 30_000])(
  "only the newest token stays valid with a grace of %d ms, whatever is sent",
  async (refreshGraceMs) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const { emulator, clock } = clockedEmulator({ refreshGraceMs });
        // Oldest first; each remembers when it was used first.
        const tokens: { text: string; usedAtMs?: number }[] = [{ text: (await installApp(emulator)).refresh_token }];
        for (const { back, waitMs } of steps) {
          clock.nowMs += waitMs;
          const index = Math.max(0, tokens.length - 1 - back);
          const token = tokens[index]!;
          const response = await refresh(emulator, token.text);
          if (token.usedAtMs === undefined) {
            expect(response.status).toBe(200);
            token.usedAtMs = clock.nowMs;
            tokens.push({ text: (await json(response)).refresh_token as string });
          } else if (clock.nowMs - token.usedAtMs < refreshGraceMs) {
            expect((await json(response)).refresh_token).toBe(tokens[index + 1]!.text);
          } else expect(response.status).toBe(400);
        }
        expect(new Set(tokens.map(({ text }) => text)).size).toBe(tokens.length);
      }),
      { numRuns: 100 },
    );
  },
);
