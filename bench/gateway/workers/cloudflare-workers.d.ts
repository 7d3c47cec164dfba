/** The little of it that is used here: its own types would bring a second global `fetch`. */
declare module "cloudflare:workers" {
  interface State {
    readonly storage: {
      readonly sql: { exec(query: string, ...values: readonly (ArrayBuffer | string | number)[]): object };
      sync(): Promise<void>;
    };
  }
  export class DurableObject {
    constructor(state: object, env: object);
    readonly ctx: State;
  }
}
