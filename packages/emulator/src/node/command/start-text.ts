import type { Emulator } from "../../emulator-api.ts";
import type { Start } from "./merge.ts";

/** Number of location ids that are printed. The page lists all of them. */
const SHOWN_LOCATIONS = 5;

/** Text that the command prints first: addresses, credentials, ids and the key of the webhooks, as a table. */
export async function startText(
  emulator: Emulator,
  url: string,
  { options, configFile }: Pick<Start, "options"> & { readonly configFile: string | undefined },
): Promise<string> {
  const { apps, company } = options;
  const shown = company.locations.slice(0, SHOWN_LOCATIONS);
  const more = company.locations.length - shown.length;
  const rows: (readonly [string, string])[] = [
    ["base URL", url],
    ...(options.controls === false ? [] : [["page and controls", `${url}/__emulator`] as const]),
    [
      "authorize page",
      `${url}/oauth/chooselocation?response_type=code&client_id=${apps[0]?.clientId}&redirect_uri=…&scope=…`,
    ],
    ["token endpoint", `${url}/oauth/token`],
    ...apps.flatMap(({ clientId, clientSecret, webhookUrl }) => [
      ["client id", clientId] as const,
      ["client secret", clientSecret] as const,
      ...(webhookUrl === undefined ? [] : [["webhooks go to", webhookUrl] as const]),
    ]),
    ["company", `${company.id}  ${company.name}`],
    ...shown.map(({ id, name }) => ["location", `${id}  ${name}`] as const),
    ...(more > 0 ? [["", `and ${more} more`] as const] : []),
    ["webhook key", await emulator.publicKey()],
    ...(configFile === undefined ? [] : [["config file", configFile] as const]),
  ];
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  const lines = rows.map(([name, value]) => `  ${name.padEnd(width)}${value}`);
  return `Emulated HighLevel at ${url} (unofficial)\n\n${lines.join("\n")}\n\nStop with Ctrl+C.\n`;
}
