/**
 * The words that sample values and seeded records are made of. E-mail addresses, hosts, telephone numbers and IP addresses come
 * from ranges that are reserved for documentation. So nothing made here can reach a real person: example.com (RFC 2606),
 * 555-0100 to 555-0199 (North American Numbering Plan) and 192.0.2.0/24 (RFC 5737).
 */

export const FIRST_NAMES: readonly string[] = [
  "Ada",
  "Amara",
  "Ben",
  "Carla",
  "Chidi",
  "Daniel",
  "Elena",
  "Farid",
  "Grace",
  "Hana",
  "Ivan",
  "Julia",
  "Kenji",
  "Laura",
  "Marco",
  "Nadia",
  "Omar",
  "Priya",
  "Quinn",
  "Rosa",
  "Samuel",
  "Tara",
  "Victor",
  "Yusuf",
];

export const LAST_NAMES: readonly string[] = [
  "Adeyemi",
  "Almeida",
  "Becker",
  "Castillo",
  "Dubois",
  "Evans",
  "Fischer",
  "Garcia",
  "Hansen",
  "Ibrahim",
  "Jensen",
  "Kowalski",
  "Larsen",
  "Moreau",
  "Nguyen",
  "Okafor",
  "Patel",
  "Rossi",
  "Sato",
  "Silva",
  "Tanaka",
  "Turner",
  "Walker",
  "Weber",
];

export const COMPANIES: readonly string[] = [
  "Bright Roofing",
  "Cedar Dental",
  "Harbor Fitness",
  "Juniper Studio",
  "Lakeside Realty",
  "Maple Plumbing",
  "Northwind Solar",
  "Oakwood Legal",
  "Pine Street Bakery",
  "Riverside Motors",
];

export const STREETS: readonly string[] = ["Cedar Lane", "Elm Street", "Harbor Road", "Maple Avenue", "Oak Drive"];

/** A town. Its members belong together: the area code is the city's, the time zone is the state's. */
export interface Town {
  readonly city: string;
  readonly state: string;
  readonly postalCode: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** Name of the IANA time zone database. */
  readonly timezone: string;
  readonly areaCode: string;
}

export const TOWNS: readonly Town[] = [
  { city: "Austin", state: "TX", postalCode: "78701", country: "US", timezone: "America/Chicago", areaCode: "512" },
  { city: "Boston", state: "MA", postalCode: "02108", country: "US", timezone: "America/New_York", areaCode: "617" },
  { city: "Chicago", state: "IL", postalCode: "60601", country: "US", timezone: "America/Chicago", areaCode: "312" },
  { city: "Denver", state: "CO", postalCode: "80202", country: "US", timezone: "America/Denver", areaCode: "303" },
  { city: "Miami", state: "FL", postalCode: "33130", country: "US", timezone: "America/New_York", areaCode: "305" },
  { city: "Phoenix", state: "AZ", postalCode: "85004", country: "US", timezone: "America/Phoenix", areaCode: "602" },
  {
    city: "Portland",
    state: "OR",
    postalCode: "97205",
    country: "US",
    timezone: "America/Los_Angeles",
    areaCode: "503",
  },
  { city: "Toronto", state: "ON", postalCode: "M5H 2N2", country: "CA", timezone: "America/Toronto", areaCode: "416" },
];

export const SENTENCES: readonly string[] = [
  "Looking forward to our call.",
  "Please send the quote by Friday.",
  "Thanks, that works for me.",
  "Could we move the appointment to next week?",
  "The estimate is attached.",
  "I would like to know more about your services.",
];

export const TITLES: readonly string[] = [
  "Annual review",
  "Discovery call",
  "Follow-up",
  "Kitchen renovation",
  "Roof inspection",
  "Spring campaign",
  "Welcome package",
];

/** Names of things, by a word in the name of what has them. The first entry whose word occurs is taken. */
export const THING_NAMES: readonly (readonly [word: RegExp, names: readonly string[]])[] = [
  [/stage/i, ["New lead", "Contacted", "Proposal sent", "Negotiation"]],
  [/pipeline/i, ["Sales pipeline", "Onboarding pipeline"]],
  [/tag/i, ["customer", "newsletter", "vip"]],
  [/custom.?field|picklist/i, ["Preferred time", "Budget", "Referred by"]],
  [/custom.?value/i, ["Office hours", "Support address"]],
  [/price/i, ["Standard", "Premium"]],
  [/product|item/i, ["Roof inspection", "Maintenance plan", "Consultation"]],
  [/calendar|service|appointment|event/i, ["Discovery call", "Site visit", "Consultation"]],
  [/workflow|automation|campaign/i, ["Welcome sequence", "Spring campaign"]],
  [/form|survey/i, ["Contact form", "Customer survey"]],
  [/funnel|page|step/i, ["Landing page", "Booking page"]],
  [/invoice|estimate|order/i, ["Roof inspection", "Maintenance plan"]],
];
