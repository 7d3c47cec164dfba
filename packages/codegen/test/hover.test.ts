import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";

// An editor and the compiler must show names of types, not their structure, in code that uses the generated modules.
const CLIENT = join(import.meta.dirname, "../../client/src");
const FILE = join(import.meta.dirname, "hover-app.ts");

const APP = `
import type { Contact, ContactsModule, CreateContactBody, CustomField } from "${CLIENT}/generated/v3/contacts.gen.ts";
import type { CalendarsModule } from "${CLIENT}/generated/v3/calendars.gen.ts";
import type { Opportunity, OpportunitiesModule, Pipeline } from "${CLIENT}/generated/v3/opportunities.gen.ts";
declare const contacts: ContactsModule["location"];
declare const calendars: CalendarsModule["location"];
declare const opportunities: OpportunitiesModule["location"];
export async function app() {
  const contactAnswer = await contacts.getContact({ contactId: "c1" });
  const contact = contactAnswer.contact!;
  const customField = contact.customFields![0]!;
  const appointment = await calendars.createAppointment({ body: null! });
  const pipelineAnswer = await opportunities.getPipelines();
  const pipeline = pipelineAnswer.pipelines![0]!;
  const opportunityPromise = opportunities.getOpportunity({ id: "o1" });
  const opportunityList = opportunities.searchOpportunity();
  const wrongContact: number = contact;
  const wrongAnswer: string = contactAnswer;
  const wrongBody: CreateContactBody = contactAnswer;
  await contacts.createContact({ body: { firstNme: "A" } });
  const alsoNamed: [Contact, CustomField, Opportunity, Pipeline] = null!;
  return [customField, appointment, pipeline, opportunityPromise, opportunityList, wrongContact, wrongAnswer, wrongBody, alsoNamed];
}
`;

const options: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  allowImportingTsExtensions: true,
  skipLibCheck: true,
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ["lib.es2023.d.ts", "lib.dom.d.ts"],
  types: [],
};

const service = ts.createLanguageService({
  getCompilationSettings: () => options,
  getScriptFileNames: () => [FILE],
  getScriptVersion: () => "1",
  getScriptSnapshot: (name) => {
    const text = name === FILE ? APP : ts.sys.readFile(name);
    return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
  },
  getCurrentDirectory: () => import.meta.dirname,
  getDefaultLibFileName: ts.getDefaultLibFilePath,
  fileExists: (name) => name === FILE || ts.sys.fileExists(name),
  readFile: (name) => (name === FILE ? APP : ts.sys.readFile(name)),
});

function hover(name: string): string {
  const info = service.getQuickInfoAtPosition(FILE, APP.indexOf(`const ${name}`) + "const ".length);
  return ts.displayPartsToString(info?.displayParts);
}

test.each([
  ["contactAnswer", "GetContactResponse"],
  ["contact ", "Contact"],
  ["customField", "CustomField"],
  ["appointment", "Appointment"],
  ["pipelineAnswer", "GetPipelinesResponse"],
  ["pipeline ", "Pipeline"],
  ["opportunityPromise", "Promise<OpportunityResponse>"],
  ["opportunityList", "Paginated<SearchOpportunityResponse, Opportunity>"],
])(
  "a hover over %s prints the name of its type",
  (name, type) => {
    expect(hover(name)).toBe(`const ${name.trim()}: ${type}`);
  },
  60_000,
);

test("a hover over a method prints names in at most three lines", () => {
  const info = service.getQuickInfoAtPosition(FILE, APP.indexOf("getPipelines()"));
  const text = ts.displayPartsToString(info?.displayParts);
  expect(text).toMatch(/^\(method\) Opportunities<LocationBound>\.getPipelines\(params\?: /);
  expect(text).toMatch(/options\?: CallOptions \| undefined\): Promise<GetPipelinesResponse>$/);
  expect(text.split("\n").length).toBeLessThanOrEqual(3);
}, 60_000);

test("an assignment error prints the name in at most three lines", () => {
  const errors = service.getSemanticDiagnostics(FILE).map(({ messageText }) => {
    return ts.flattenDiagnosticMessageText(messageText, "\n");
  });
  expect(errors).toEqual([
    "Type 'Contact' is not assignable to type 'number'.",
    "Type 'GetContactResponse' is not assignable to type 'string'.",
    "Property 'locationId' is missing in type 'GetContactResponse' but required in type 'CreateContactBody'.",
    expect.stringContaining('Omit<CreateContactBody, "locationId">'),
  ]);
  for (const error of errors) {
    expect(error.split("\n").length, error).toBeLessThanOrEqual(3);
    expect(error).not.toContain("components[");
  }
}, 60_000);
