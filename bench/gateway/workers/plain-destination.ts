/**
 * The least that receives a webhook: reads the body and answers 200, without a look at either. At `/row/{name}` also stores it as
 * one row of the object of that name, and answers when that is on disk: what any gateway that keeps its promise has to do.
 */
import { DurableObject } from "cloudflare:workers";

interface Bindings {
  readonly ROWS: { getByName(name: string): { store(body: ArrayBuffer): Promise<void> } };
}

export class Rows extends DurableObject {
  readonly #sql = this.ctx.storage.sql;

  constructor(state: object, env: object) {
    super(state, env);
    this.#sql.exec("CREATE TABLE IF NOT EXISTS received (seq INTEGER PRIMARY KEY, body BLOB NOT NULL)");
  }

  async store(body: ArrayBuffer): Promise<void> {
    this.#sql.exec("INSERT INTO received (body) VALUES (?)", body);
    await this.ctx.storage.sync();
  }
}

export default {
  async fetch(request: Request, env: Bindings): Promise<Response> {
    const body = await request.arrayBuffer();
    const name = /\/row\/([^/?]+)$/.exec(request.url)?.[1];
    if (name !== undefined) await env.ROWS.getByName(name).store(body);
    return Response.json({ outcome: "none" });
  },
};
