import { describe, expect, test } from "vitest";
import {
  createDataKey,
  type KeyRing,
  open,
  openDataKey,
  rewrapDataKey,
  SealBrokenError,
  seal,
} from "../../../src/domain/grants/seal.ts";

const ring = (activeId: string, keys: Record<string, number>): KeyRing => ({
  activeId,
  keys: new Map(Object.entries(keys).map(([id, byte]) => [id, new Uint8Array(32).fill(byte)])),
});
const old = ring("k1", { k1: 1 });

describe("seal", () => {
  test("seal opens what it sealed, also after the active key changed", async () => {
    const key = await createDataKey(old, "main:location:L");
    const sealed = await seal(key, "a token", "main:location:L:access_token");
    const rotated = ring("k2", { k2: 2, k1: 1 });
    const opened = await openDataKey(rotated, key.wrapped, "main:location:L");
    expect(await open(opened, sealed, "main:location:L:access_token")).toBe("a token");
    expect(sealed).not.toContain("a token");
  });

  test("the same text is never sealed the same", async () => {
    const key = await createDataKey(old, "p");
    expect(await seal(key, "x", "p:f")).not.toBe(await seal(key, "x", "p:f"));
  });

  test("a ciphertext does not open in another place, changed, or with another key", async () => {
    const key = await createDataKey(old, "main:location:L");
    const sealed = await seal(key, "a token", "main:location:L:access_token");
    const flipped = sealed.slice(0, -3) + (sealed.at(-3) === "A" ? "B" : "A") + sealed.slice(-2);
    for (const [text, context] of [
      [sealed, "main:location:L:refresh_token"],
      [sealed, "main:location:OTHER:access_token"],
      [flipped, "main:location:L:access_token"],
      ["", "main:location:L:access_token"],
      ["no base64!.x", "main:location:L:access_token"],
    ] as const)
      await expect(open(key, text, context)).rejects.toThrow(SealBrokenError);
    await expect(openDataKey(ring("k1", { k1: 9 }), key.wrapped, "main:location:L")).rejects.toThrow(SealBrokenError);
    await expect(openDataKey(ring("k2", { k2: 1 }), key.wrapped, "main:location:L")).rejects.toThrow(SealBrokenError);
    await expect(openDataKey(old, key.wrapped, "main:location:OTHER")).rejects.toThrow(SealBrokenError);
  });
});

test("a data key can be wrapped again, and still opens what it sealed", async () => {
  const older = { activeId: "a", keys: new Map([["a", new Uint8Array(32).fill(1)]]) };
  const newer = { activeId: "b", keys: new Map([...older.keys, ["b", new Uint8Array(32).fill(2)] as const]) };
  const key = await createDataKey(older, "p");
  const sealed = await seal(key, "secret", "p:x");
  const again = await rewrapDataKey(newer, key.wrapped, "p");
  expect(again.wrapped.startsWith("b.")).toBe(true);
  const onlyNew = { activeId: "b", keys: new Map([["b", new Uint8Array(32).fill(2)]]) };
  expect(await open(await openDataKey(onlyNew, again.wrapped, "p"), sealed, "p:x")).toBe("secret");
  await expect(rewrapDataKey(newer, key.wrapped, "q")).rejects.toThrow(SealBrokenError);
});
