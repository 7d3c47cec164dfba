import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { ACCESS_TEAM } from "./settings.ts";

export interface SignRequest {
  readonly claims: JWTPayload;
  /** `stranger`: signed by somebody else under the team's key id. */
  readonly by?: "team" | "stranger" | "new";
  readonly alg?: "RS256" | "none" | "HS256";
}

const pair = () => generateKeyPair("RS256", { extractable: true });
type Pair = Awaited<ReturnType<typeof pair>>;
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A team of Cloudflare Access: its keys, and tokens as it would sign them. Runs in Node, outside the Worker. */
export function createAccessTeam(): (request: Request) => Promise<Response> {
  const keys: Partial<Record<"team" | "stranger" | "new", Promise<Pair>>> = {};
  const keyPair = (name: "team" | "stranger" | "new"): Promise<Pair> => {
    keys[name] ??= pair();
    return keys[name];
  };
  let fetches = 0;
  let broken = false;

  const sign = async ({ claims, by = "team", alg = "RS256" }: SignRequest): Promise<string> => {
    const kid = by === "new" ? "new" : "team";
    if (alg === "none") return `${encode({ alg, kid })}.${encode(claims)}.`;
    const { privateKey, publicKey } = await keyPair(by);
    // The old confusion: the public key as an HMAC secret.
    const key = alg === "HS256" ? new TextEncoder().encode(JSON.stringify(await exportJWK(publicKey))) : privateKey;
    return new SignJWT(claims).setProtectedHeader({ alg, kid }).sign(key);
  };

  return async (request) => {
    const { pathname } = new URL(request.url);
    switch (pathname) {
      case "/cdn-cgi/access/certs": {
        fetches++;
        if (broken) return new Response("down", { status: 503 });
        const jwk = await exportJWK((await keyPair("team")).publicKey);
        return Response.json({ keys: [{ ...jwk, kid: "team", alg: "RS256", use: "sig" }] });
      }
      case "/sign":
        return Response.json(await sign((await request.json()) as SignRequest));
      case "/fetches":
        return Response.json(fetches);
      case "/break":
        broken = (await request.json()) as boolean;
        return Response.json(broken);
      default:
        return new Response(`${ACCESS_TEAM} has no ${pathname}`, { status: 404 });
    }
  };
}
