import { html } from "hono/html";
import type { Html } from "../page/document.ts";
import type { AuthorizeProblem } from "./authorize-problem.ts";

/** Says what is wrong with an authorize URL, and what would be right. */
export function refusalPage({ message, parameter, help, fixed }: AuthorizeProblem, url: URL): Html {
  return html`<main class="narrow stack"><header class="stack tight"><p><span class="badge warn">Emulator, not HighLevel</span></p>
<h1>This app cannot be installed</h1></header>
<p class="notice bad" role="alert"><code>${message}</code></p>
<section class="card stack tight" aria-labelledby="right"><h2 id="right">What would be right</h2>
${help.map((line) => html`<p>${line}</p>`)}
<p>The URL has <code>${parameter}=${url.searchParams.get(parameter) ?? ""}</code></p>
${fixed === undefined ? "" : html`<p><a href="${fixed.pathname}${fixed.search}">Try again with <code>${parameter}=${fixed.searchParams.get(parameter)}</code></a></p>`}
</section></main>`;
}
