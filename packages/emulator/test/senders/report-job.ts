import { Contacts } from "@ghl-edge/client/v2/contacts";
import { Opportunities } from "@ghl-edge/client/v2/opportunities";
import type { Location } from "./location.ts";

/** A nightly report that turns the pages itself: every search continues with what the answer gave. */
export async function reportJob(location: Location): Promise<number> {
  const contacts = location.use(Contacts);
  const filters = [{ field: "tags", operator: "contains", value: "website" }];
  const first = await contacts.searchContactsAdvanced({ body: { filters, pageLimit: 1 } });
  const searchAfter = first.contacts?.at(-1)?.searchAfter;
  const second =
    searchAfter && (await contacts.searchContactsAdvanced({ body: { filters, pageLimit: 1, searchAfter } }));
  await contacts.searchContactsAdvanced({ body: { query: "ada@example.com", pageLimit: 20 } });

  const opportunities = location.use(Opportunities);
  const { pipelines } = await opportunities.getPipelines({});
  const page = await opportunities.searchOpportunity({ pipeline_id: pipelines?.[0]?.id ?? "pipeline", limit: 50 });
  const { startAfter, startAfterId } = page.meta ?? {};
  if (startAfter !== undefined && startAfter !== null && startAfterId) {
    await opportunities.searchOpportunity({ limit: 50, startAfter, startAfterId });
  }
  const open = [{ field: "status", operator: "eq", value: "open" }];
  const found = await opportunities.searchOpportunitiesAdvanced({ body: { limit: 50, page: 1, filters: open } });
  await opportunities.searchOpportunitiesAdvanced({
    body: { limit: 50, page: 1, searchAfter: [1_625_203_104_328, "opp"] },
  });
  return [first.contacts, second?.contacts, found.opportunities].flat().length;
}
