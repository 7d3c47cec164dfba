import { expect, it } from "vitest";
import { createLocationOutbox } from "../../../src/objects/token-grant/location-outbox.ts";
import { inStorage } from "../../support/storage/delivery-store.ts";
import { metered } from "../../support/storage/sql-meter.ts";

it("few rows show whether a location of a company with many locations has a pending event", async () => {
  const reads = (count: number) =>
    inStorage(({ sql }) => {
      const meter = metered(sql);
      const outbox = createLocationOutbox(meter.sql);
      for (let n = 0; n < count; n++) outbox.remember(`l${n}`);
      const none = meter.count(() => outbox.pending(1)).read;
      outbox.add("installed", 1, ["l7"]);
      const one = meter.count(() => outbox.pending(1));
      expect(one.result).toEqual([{ locationId: "l7", event: "installed", atMs: 1 }]);
      return { none, one: one.read };
    });
  expect(await reads(5_000)).toEqual(await reads(50));
});
