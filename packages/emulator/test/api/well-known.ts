/** Expectations of a reader about a field, by its name; written apart from the rules that make the values. */
const WELL_KNOWN: readonly (readonly [names: RegExp, fits: (value: string) => boolean, what: string])[] = [
  [
    /^(email|contactEmail|userEmail|fromEmail|emailTo)$/,
    (value) => /^[^@\s]+@[^@\s]+\.[a-z]+$/.test(value),
    "an e-mail address",
  ],
  [/^(phone|phoneNo|phoneNumber|fromNumber|toNumber)$/, (value) => /^\+[1-9]\d{7,14}$/.test(value), "E.164"],
  [
    /^(url|website|avatar|imageUrl|logoUrl|thumbnailUrl|profilePhoto|shareLink|nextPageUrl)$/,
    (value) => URL.canParse(value) && /^https?:/.test(value),
    "an absolute URL",
  ],
  [
    /^(createdAt|updatedAt|dateAdded|dateUpdated|startTime|endTime|startDate|endDate|dueDate|issueDate|dateOfBirth)$/,
    (value) => !Number.isNaN(Date.parse(value)),
    "a date",
  ],
  [/^time[zZ]one$/, (value) => new Intl.DateTimeFormat("en", { timeZone: value }) !== undefined, "an IANA time zone"],
  [/^country(Code)?$/, (value) => new Intl.DisplayNames("en", { type: "region" }).of(value) !== value, "ISO 3166-1"],
  [/^currency(Code)?$/, (value) => new Intl.DisplayNames("en", { type: "currency" }).of(value) !== value, "ISO 4217"],
  [/^_id$/, (value) => /^[0-9a-f]{24}$/.test(value), "24 hexadecimal digits"],
  [/^(id|priceId|productId)$/, (value) => /^([A-Za-z0-9]{20}|[0-9a-f]{24})$/.test(value), "an id"],
  [
    /^(contactId|locationId|userId|calendarId|conversationId)$/,
    (value) => /^[A-Za-z0-9]{20}$/.test(value),
    "20 letters and digits",
  ],
  [/^(traceId|pipelineStageId)$/, (value) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value), "a UUID"],
  [/^(firstName|lastName)$/, (value) => /^[A-Z][a-z]+$/.test(value), "a name"],
  [/^(fullName|contactName)$/, (value) => /^[A-Z][a-z]+ [A-Z][a-z]+$/.test(value), "a full name"],
  [/^(color|primaryColor|eventColor)$/, (value) => /^#[0-9a-f]{6}$/.test(value), "a colour"],
];

function holds(fits: (value: string) => boolean, value: string): boolean {
  try {
    return fits(value);
  } catch {
    // Intl refuses a time zone or code of a wrong form.
    return false;
  }
}

/** Paths of well-known fields whose value does not look as expected. `isListed` says that the schema lists a text. */
export function oddities(value: unknown, isListed: (path: string) => boolean, path = "$"): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => oddities(item, isListed, `${path}[]`));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    const at = `${path}.${name}`;
    if (typeof member !== "string") return oddities(member, isListed, at);
    const known = WELL_KNOWN.find(([names]) => names.test(name));
    if (known === undefined || isListed(at) || holds(known[1], member)) return [];
    return [`${at}: ${JSON.stringify(member)} is not ${known[2]}`];
  });
}
