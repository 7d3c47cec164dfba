import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { decryptUserContext } from "../../src/user-context.ts";
import { SECRET } from "../user-context/encrypt.ts";

const run = promisify(execFile);
const present = await run("openssl", ["version"]).then(
  () => true,
  () => false,
);

const context = { userId: "u", companyId: "c", role: "user", type: "agency", userName: "Zoë 李", email: "z@b.co" };

test.skipIf(!present)("a user context that OpenSSL encrypted is decrypted", async () => {
  const promise = run("openssl", ["enc", "-aes-256-cbc", "-md", "md5", "-a", "-A", "-salt", "-pass", `pass:${SECRET}`]);
  promise.child.stdin!.end(JSON.stringify(context));
  const { stdout } = await promise;
  expect(await decryptUserContext(stdout, { sharedSecret: SECRET })).toEqual(context);
});
