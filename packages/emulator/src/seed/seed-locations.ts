import { createPersona } from "../api/values/persona.ts";
import type { CoreContext } from "../core/core-context.ts";
import { createRandom } from "../core/random.ts";

/** The locations of the options as records, which are read and listed whether anything else is seeded or not. */
export function seedLocations({ options, state }: CoreContext): void {
  const nowMs = options.now();
  const at = new Date(nowMs).toISOString();
  for (const { id, name } of options.company.locations) {
    const { firstName, lastName, email, phone, street, town } = createPersona(
      createRandom(`${options.seed} location ${id}`),
    );
    const { city, state: region, postalCode, country, timezone } = town;
    const website = `https://${id.toLowerCase()}.example.com`;
    const address = { address: street, city, state: region, country, postalCode, timezone, website };
    const data = {
      id,
      companyId: options.company.id,
      name,
      firstName,
      lastName,
      email,
      phone,
      ...address,
      business: { name, ...address },
      dateAdded: at,
    };
    state.records.insert("locations", { id, owner: id, parent: undefined, createdAtMs: nowMs, data });
  }
}
