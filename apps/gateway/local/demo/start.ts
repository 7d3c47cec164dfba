/**
 * `npm start`: the whole on this machine. Starts an emulated HighLevel and the gateway in workerd, installs an app,
 * makes a typed call, receives a webhook, prints each step, and serves until Ctrl+C. `--exit` stops after the steps.
 */
import { parseArgs } from "node:util";

// Nothing of this needs the network: wrangler is notified not to look for it. Before wrangler is loaded.
Object.assign(process.env, {
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  WRANGLER_HIDE_BANNER: "true",
  WRANGLER_SEND_METRICS: "false",
});
const { startServers } = await import("./servers.ts");
const { installApp, LOCATION, readContact, receiveWebhook, sendOn } = await import("./steps.ts");

const { values } = parseArgs({ options: { exit: { type: "boolean", default: false } } });
const print = (text: string): void => void process.stdout.write(`${text}\n`);

/**
 * Ours alone: the listeners that wrangler has put on would end the process before the servers are closed. They stay on,
 * because Ctrl+C may arrive twice: from the terminal and from a parent that passes it on.
 */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.removeAllListeners(signal);
      process.on(signal, () => resolve());
    }
  });
}

const startedAtMs = performance.now();
const demo = await startServers();
const stopped = stopSignal();
try {
  print("\nAn emulated HighLevel and the ghl-edge gateway, on this machine only.\n");
  print(`  emulator  ${demo.emulatorUrl}\n  gateway   ${demo.gatewayUrl}  (workerd)`);
  const steps = [
    ["Install an app", installApp],
    ["Make a typed call", readContact],
    ["Receive a webhook", receiveWebhook],
    ["Send it on to an endpoint", sendOn],
  ] as const;
  for (const [index, [title, step]] of steps.entries()) {
    print(`\n${index + 1}. ${title}`);
    await step(demo, (line) => print(`   ${line}`));
  }
  print(`\nAll of it in ${((performance.now() - startedAtMs) / 1000).toFixed(1)} s.`);
  if (!values.exit) {
    print(`\nStill serving. Try:
  open  ${demo.gatewayUrl}/oauth/install
  curl -H 'authorization: Bearer ${demo.apiKey}' ${demo.gatewayUrl}/api/location/${LOCATION}/contacts/abc
Stop with Ctrl+C.`);
    await stopped;
  }
} catch (error) {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  await demo.close();
}
