import { type Field, words } from "./field.ts";
import { type Persona, pick, slugOf } from "./persona.ts";
import { SENTENCES, THING_NAMES, TITLES } from "./words.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Time from the object's creation to the field's moment, by the name of the field. The first match decides. */
const AFTER_MS: readonly (readonly [name: RegExp, ms: number])[] = [
  [/due|expir|next|deadline|forecast/i, 14 * DAY_MS],
  [/end|finish|complete|close|to$/i, 2 * HOUR_MS],
  [/updated|modified|last|changed|deleted/i, 3 * HOUR_MS],
  [/start|schedul|publish|sent|execut|from$/i, HOUR_MS],
];

/** Moment that the field stands for, in ms since the epoch. */
export function timeOf(name: string, persona: Persona): number {
  return persona.momentMs + (AFTER_MS.find(([pattern]) => pattern.test(name))?.[1] ?? 0);
}

const isoOf = ({ name, persona }: Field): string => new Date(timeOf(name, persona())).toISOString();

/** Values of a `format` of JSON Schema. */
export const FORMATS: Readonly<Record<string, (field: Field) => string>> = {
  "date-time": isoOf,
  date: (field) => isoOf(field).slice(0, 10),
  time: (field) => isoOf(field).slice(11, 19),
  email: ({ persona }) => persona().email,
  uri: ({ name, persona }) => `${persona().website}/${slugOf(words(name))}`,
  url: ({ name, persona }) => `${persona().website}/${slugOf(words(name))}`,
  uuid: ({ random }) => random.uuid(),
  ipv4: ({ random }) => `192.0.2.${1 + random.int(254)}`,
};

const PEOPLE = /contact|user|customer|author|member|recipient|affiliate/i;

/** A name: of a person, a company or a thing, as the object that it is in has it. */
function nameOf({ name, owner, siblings, persona, random }: Field): string {
  const holder = `${name} ${owner}`;
  const thing = THING_NAMES.find(([pattern]) => pattern.test(holder));
  if (/^(name|displayName|friendlyName)$/.test(name)) {
    if (/location|business|company|agency|brand|shop/i.test(owner)) return persona().company;
    if (siblings.has("firstName")) return persona().fullName;
    if (siblings.has("email") || siblings.has("phone") || (thing === undefined && PEOPLE.test(owner)))
      return persona().fullName;
  }
  return pick(thing?.[1] ?? TITLES, random);
}

/** Records of the older part of HighLevel, whose ids are 20 letters and digits in the documents of every module. */
const OLDER = /^(contact|location|alt|company|user|assignedUser|calendar|conversation|message|opportunity|pipeline)Id$/;

function id({ name, random, mongoIds }: Field): string {
  return mongoIds && !OLDER.test(name) ? random.hex(24) : random.text(20);
}
const image = ({ random }: Field): string => `https://example.com/images/${random.hex(8)}.png`;
const link = ({ name, persona }: Field): string => `${persona().website}/${slugOf(words(name))}`;

/**
 * Rules for texts without an enum, by the name of the field. The first rule that matches decides. Names are those of the
 * distilled documents: a name that means different things in different modules (`to`, `value`, `key`) has no rule.
 */
export const TEXT_RULES: readonly (readonly [names: RegExp, make: (field: Field) => string])[] = [
  // The documents' own examples show uuids for traces and pipeline stages, and MongoDB's ids for these names.
  [/^(traceId|pipelineStageId|webhookId|uuid)$|Uuid$/, ({ random }) => random.uuid()],
  [/^_id$|^(appId|versionId|marketplaceAppId|businessId|automaticTaxCategoryId)$/, ({ random }) => random.hex(24)],
  [/^placeId$|ServiceSid$|^sid$/, ({ random }) => random.text(27)],
  [/^ids?$|Ids?$|_ids?$|^(assignedTo|followers|owners|users|createdBy|updatedBy)$/, id],
  [/^dateOfBirth$|birth(Day|Date)/i, ({ persona }) => persona().dateOfBirth],
  [/^expiryDate$|^(issue|due)Date$/, (field) => isoOf(field).slice(0, 10)],
  [/^(time|windowStart|windowEnd)$/, (field) => isoOf(field).slice(11, 16)],
  [/(At|Date|Time|Timestamp|On)$|^date([A-Z]|$)|^timestamp$|^(start|end)s?_?(at|time|date)$/, isoOf],
  [
    /^e?mails?$|Emails?$|^email(From|To|Cc|Bcc|LowerCase)$|^(replyToAddress|bcc|cc|customEmails|fromAddress)$/,
    ({ persona }) => persona().email,
  ],
  [
    /phone(s|No|Number|Numbers)?$|^(from|to|inbound|forwarding)Number$|WhatsappNumbers?$|^(whatsappNumber|mobile)$/i,
    ({ persona }) => persona().phone,
  ],
  [/(avatar|image|thumbnail|photo|logo|icon)(Url|URL|Image|s)?$/i, image],
  [/^(src|attachments?|attachmentUrls|urlAttachments|fileAttachment)$/, image],
  [/(url|link|website|uri|href)s?$/i, link],
  [/^(facebook|foursquare|googlePlus|instagram|linkedIn|pinterest|twitter|yelp|youtube|blogRss)$/, link],
  [/domain$/i, ({ persona }) => new URL(persona().website).host],
  [/time_?zone$/i, ({ persona }) => persona().town.timezone],
  [/^country(Code|Codes)?$|^countries$/i, ({ persona }) => persona().town.country],
  [/currency(Code)?$/i, () => "USD"],
  [/^symbol$/, () => "$"],
  [/^locale$/i, () => "en-US"],
  [/^language(Code)?$/i, () => "en"],
  [/^(city|locality)$/i, ({ persona }) => persona().town.city],
  [/^(state|region|province)$/i, ({ persona }) => persona().town.state],
  [/^(postal_?code|zip(Code)?)$/i, ({ persona }) => persona().town.postalCode],
  [/^(address(1|Line1)?|street1?|companyAddress)$/i, ({ persona }) => persona().street],
  [/^(address(2|Line2)|street2)$/i, ({ random }) => `Suite ${100 + random.int(900)}`],
  [
    /^formattedAddress$/,
    ({ persona }) =>
      `${persona().street}, ${persona().town.city}, ${persona().town.state} ${persona().town.postalCode}`,
  ],
  [/^first_?name$/i, ({ persona }) => persona().firstName],
  [/^firstNameLowerCase$/, ({ persona }) => persona().firstName.toLowerCase()],
  [/^last_?name$/i, ({ persona }) => persona().lastName],
  [/^lastNameLowerCase$/, ({ persona }) => persona().lastName.toLowerCase()],
  [/^fullNameLowerCase$/, ({ persona }) => persona().fullName.toLowerCase()],
  [
    /^(full_?|contact|author|agent|affiliate|from|customer|companyOwnerFull|recipient)Name$/i,
    ({ persona }) => persona().fullName,
  ],
  [/^user_?name$/i, ({ persona }) => persona().email.split("@")[0]!],
  [/^(company|business|brand|agency|account|organization)Name$/i, ({ persona }) => persona().company],
  [/^(file_?name|documentName)$/i, ({ random }) => `contract-${random.hex(4)}.pdf`],
  [/^ip(Address)?$/, FORMATS.ipv4!],
  [/^userAgent$/, () => "Mozilla/5.0 (X11; Linux x86_64)"],
  [/color$|^hexa?$/i, ({ random }) => `#${random.hex(6)}`],
  [/slug$/i, ({ random }) => `${slugOf(pick(TITLES, random))}-${random.hex(4)}`],
  [/^(path|route|filePath)$/, ({ random }) => `/${slugOf(pick(TITLES, random))}`],
  [/^(html|rawHTML)$/, ({ random }) => `<p>${pick(SENTENCES, random)}</p>`],
  [/^(last4)$/, ({ random }) => String(1000 + random.int(9000))],
  [/^sku$/, ({ random }) => `SKU-${1000 + random.int(9000)}`],
  [/^(invoiceNumber|estimateNumber)$/, ({ random }) => String(1 + random.int(9999)).padStart(6, "0")],
  [/^rrule$/, () => "FREQ=WEEKLY;COUNT=4"],
  [/^contentType$/, () => "text/plain"],
  [/^fieldKey$/, ({ random }) => `contact.${slugOf(pick(THING_NAMES[3]![1], random)).replaceAll("-", "_")}`],
  [/^(objectKey|firstObjectKey)$/, () => "contact"],
  [/^secondObjectKey$/, () => "custom_objects.vehicle"],
  [/^altType$/, () => "location"],
  [/^appointmentStatus$|^appoinmentStatus$/, () => "confirmed"],
  [/^messageType$/, () => "TYPE_SMS"],
  [/^status$|Status$/, () => "active"],
  [/^(role|userType)$/, () => "user"],
  [/^(source|sourceName|entitySourceName)$/, () => "public api"],
  [/^utmSource$|^sessionSource$/, () => "google"],
  [/^(medium|utmMedium)$/, () => "cpc"],
  [/^(campaign|utmCampaign|utmContent)$/, () => "spring"],
  [/^version$/, () => "1.0"],
  [/(token|apiKey|secret|password)$/i, ({ random }) => random.text(32)],
  [/^tags?$/, ({ random }) => pick(THING_NAMES[2]![1], random)],
  [/^(name|displayName|friendlyName|title|subject|headline|label|\w+(Title|Subject|Name))$/, nameOf],
  [
    /^(body|message|description|summary|notes?|comment|text|content|previewText)$|(Body|Message|Notes?|Comment|Description)$/,
    ({ random }) => pick(SENTENCES, random),
  ],
];

/** Text for a name without a rule: its words and four digits, so that two texts differ. */
export const anyText = ({ name, random }: Field): string => `${words(name) || "text"} ${random.hex(4)}`;
