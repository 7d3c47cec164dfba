import { describe, expect, test } from "vitest";
import { newInstallState, readInstallCookie, writeInstallCookie } from "../../../src/domain/grants/install-state.ts";

const secret = new Uint8Array(32).fill(5);
const NOW = 1_780_000_000_000;

describe("install cookie", () => {
  test("an install cookie brings back the app for ten minutes", async () => {
    const install = newInstallState("main", NOW);
    const cookie = await writeInstallCookie(secret, install);
    const read = (state: string, nowMs: number) => readInstallCookie([secret], cookie, { state, nowMs });
    expect(await read(install.state, NOW + 599_999)).toEqual(install);
    expect(await read(install.state, NOW + 600_000)).toBeUndefined();
    expect(await read("another", NOW)).toBeUndefined();
    expect(await read("", NOW)).toBeUndefined();
  });

  test("every state is another", () => {
    const states = Array.from({ length: 50 }, () => newInstallState("main", NOW).state);
    expect(new Set(states).size).toBe(50);
    expect(states[0]).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  test("nobody else can write an install cookie, or change a part of it", async () => {
    const install = newInstallState("main", NOW);
    const cookie = await writeInstallCookie(secret, install);
    const ofOtherKey = await writeInstallCookie(new Uint8Array(32).fill(6), install);
    const [state, , expires, mac] = cookie.split(".");
    for (const forged of [
      ofOtherKey,
      `${state}.other.${expires}.${mac}`,
      `${state}.main.${Number(expires) + 1}.${mac}`,
      `${state}.main.${expires}`,
      `${cookie}.x`,
      "",
      "...",
    ])
      expect(await readInstallCookie([secret], forged, { state: install.state, nowMs: NOW })).toBeUndefined();
  });
});
