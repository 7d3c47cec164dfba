import { expect, it } from "vitest";
import { createByteCollector, readBody } from "../../src/index.ts";

const MIB = 1_048_576;

it("a byte collector joins pieces of any size in their order", () => {
  const collector = createByteCollector();
  const expected: number[] = [];
  for (const size of [3, 0, 1, 5_000, 2, 9_000]) {
    const piece = Uint8Array.from({ length: size }, (_, index) => (size + index) % 251);
    collector.add(piece);
    expected.push(...piece);
  }
  expect(collector.length).toBe(expected.length);
  expect(collector.bytes()).toEqual(Uint8Array.from(expected));
});

it("a byte collector returns the first piece itself where it is the only one, and never writes to it", () => {
  const first = Uint8Array.of(1, 2, 3).subarray(0, 2);
  const collector = createByteCollector();
  collector.add(first);
  expect(collector.bytes()).toBe(first);
  collector.add(Uint8Array.of(9));
  expect(collector.bytes()).toEqual(Uint8Array.of(1, 2, 9));
  expect(new Uint8Array(first.buffer)).toEqual(Uint8Array.of(1, 2, 3));
  expect(createByteCollector().bytes()).toEqual(new Uint8Array(0));
});

it("a byte collector keeps no piece after the first, so that a million of them cost no object each", () => {
  const collector = createByteCollector();
  const piece = new Uint8Array(1);
  for (const byte of [1, 2, 3]) {
    piece[0] = byte;
    collector.add(byte === 1 ? piece.slice() : piece);
  }
  expect(collector.bytes()).toEqual(Uint8Array.of(1, 2, 3));
});

it("a body of 1 MiB that arrives byte by byte is read with one race against the clock", async () => {
  const race = Promise.race;
  let races = 0;
  Promise.race = ((contenders: readonly unknown[]) => {
    races++;
    return race.call(Promise, contenders);
  }) as typeof race;
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (sent++ === MIB) controller.close();
      else controller.enqueue(Uint8Array.of(sent & 0xff));
    },
  });
  try {
    const read = await readBody({ headers: new Headers(), body }, { maxBytes: MIB, timeoutMs: 60_000 });
    expect(read.outcome === "complete" && read.bytes.byteLength).toBe(MIB);
  } finally {
    Promise.race = race;
  }
  // Each race leaves a reaction on the clock's promise until the body ends: 720 MB for this body.
  expect(races).toBe(1);
}, 60_000);
