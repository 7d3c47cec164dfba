import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { prepareUpdate, publishUpdate } from "../update/flow.ts";
import { readHandOff, writeHandOff } from "../update/hand-off.ts";
import {
  authorizations,
  checkout,
  folder,
  git,
  LIMIT_MS,
  pets,
  publish,
  pullRequests,
  remote,
  update,
  write,
} from "./update-world.ts";

test(
  "nothing new upstream: nothing happens",
  async () => {
    expect(await update()).toMatchObject({ outcome: "nothing", testsPassed: undefined });
    expect(pullRequests()).toEqual([]);
    expect(remote("branch", "--format=%(refname:short)")).toBe("main");
  },
  LIMIT_MS,
);

test(
  "only words changed, the order too, or the file moved: nothing happens",
  async () => {
    publish(pets([], { summary: "Make another pet" }), "apps/v3/pets.json");
    expect(await update()).toMatchObject({ outcome: "nothing" });
    expect(pullRequests()).toEqual([]);
  },
  LIMIT_MS,
);

test(
  "a change that breaks opens a pull request with the report, the changeset and what was generated",
  async () => {
    const main = remote("rev-parse", "main");
    const commit = publish(pets(["name"]));
    const script = 'require("node:fs").writeFileSync(process.argv[1], "tested")';
    const tested = join(folder, "tested");
    expect(await update([process.execPath, "-e", script, tested])).toEqual({
      outcome: "opened",
      commit,
      testsPassed: true,
    });
    expect(readFileSync(tested, "utf8")).toBe("tested");
    const [pull] = pullRequests();
    expect(pull).toMatchObject({ number: 1, open: true, head: "openapi-update", base: "main" });
    expect(pull?.body).toContain(`o/docs@${commit.slice(0, 7)}`);
    expect(pull?.body).toContain("`Pet.name`: now required _(request)_");
    expect(pull?.body).toContain("| `@ghl-edge/client` | 0.3.0 | minor |");
    expect(pull?.body).toContain("Every test passed.");
    expect(remote("rev-parse", "main")).toBe(main);
    expect(remote("rev-parse", "openapi-update^")).toBe(main);
    const files = remote("diff", "--name-only", "main", "openapi-update").split("\n");
    expect(files).toContain("openapi/v3/pets.json");
    expect(files).toContain("openapi/sources.lock.json");
    expect(files).toContain("packages/client/src/generated/v3/pets.schema.gen.d.ts");
    expect(files.filter((file) => !/^(openapi|\.changeset|packages\/\w+\/src\/generated)\//.test(file))).toEqual([]);
    const changeset = files.find((file) => file.startsWith(".changeset/openapi-")) ?? "";
    const text = remote("show", `openapi-update:${changeset}`);
    expect(text).toMatch(/^---\n"@ghl-edge\/client": minor\n---\n/);
    expect(text).toContain("`pets.createPet` (v3): give `body.name`, which is required now.");
  },
  LIMIT_MS,
);

test(
  "the same again leaves branch and pull request as they are",
  async () => {
    const tip = remote("rev-parse", "openapi-update");
    expect(await update()).toMatchObject({ outcome: "unchanged" });
    expect(remote("rev-parse", "openapi-update")).toBe(tip);
    expect(pullRequests()).toHaveLength(1);
  },
  LIMIT_MS,
);

test(
  "the next change moves the one pull request on",
  async () => {
    publish(pets(["name", "kind"]));
    expect(await update()).toMatchObject({ outcome: "updated" });
    expect(pullRequests()).toHaveLength(1);
    expect(pullRequests()[0]?.body).toContain("`Pet.kind`: now required");
    expect(remote("rev-list", "--count", "main..openapi-update")).toBe("1");
  },
  LIMIT_MS,
);

test(
  "the pull request names the tests that fail",
  async () => {
    publish(pets(["kind"]));
    expect(await update([process.execPath, "-e", "process.exit(3)"])).toMatchObject({
      outcome: "updated",
      testsPassed: false,
    });
    expect(pullRequests()[0]?.title).toContain("tests fail");
    expect(pullRequests()[0]?.body).toContain("Tests fail with these documents");
  },
  LIMIT_MS,
);

test(
  "documents that cannot be read stop everything: nothing is pushed, nothing is said",
  async () => {
    const [tip, before] = [remote("rev-parse", "openapi-update"), pullRequests()];
    publish(pets([], { reference: "Gone" }));
    await expect(update()).rejects.toMatchObject({
      code: "ERR_UPDATE_COMMAND",
      output: expect.stringContaining("ERR_GHL_CODEGEN_UNRESOLVED_REF"),
    });
    expect(remote("rev-parse", "openapi-update")).toBe(tip);
    expect(pullRequests()).toEqual(before);
  },
  LIMIT_MS,
);

test(
  "when upstream takes it back, the pull request is closed",
  async () => {
    publish(pets([]));
    expect(await update()).toMatchObject({ outcome: "closed" });
    expect(pullRequests()[0]).toMatchObject({ open: false });
  },
  LIMIT_MS,
);

test(
  "one of the two jobs tests and changes nothing outside, and the other publishes its commit from another checkout",
  async () => {
    const [tip, before] = [remote("rev-parse", "openapi-update"), pullRequests()];
    publish(pets(["kind"]));
    const [first, second, handOff] = [checkout(), checkout(), join(folder, "hand-off")];
    await writeHandOff(first.root, handOff, await prepareUpdate(first));
    expect([remote("rev-parse", "openapi-update"), pullRequests()]).toEqual([tip, before]);
    const prepared = await readHandOff(second.root, handOff);
    // Nothing but git and `gh` may run there.
    const commands = { ...second.commands, codegen: ["/nowhere"], test: ["/nowhere"] } as const;
    expect(await publishUpdate({ ...second, commands }, prepared)).toMatchObject({ testsPassed: true });
    expect(remote("rev-parse", "openapi-update")).toBe(prepared.change?.made);
    expect(pullRequests().at(-1)).toMatchObject({ open: true });
  },
  LIMIT_MS,
);

test(
  "a commit that changes more than the flow writes is not published",
  async () => {
    const { root, ...rest } = checkout();
    const tip = remote("rev-parse", "openapi-update");
    const change = { report: "", testsPassed: true };
    for (const path of [".github/workflows/ci.yml", "packages/client/src/index.ts", "openapi.txt"]) {
      git(root, "reset", "--quiet", "--hard", "origin/main");
      write(root, path, "x");
      git(root, "add", "--all");
      git(root, "commit", "--quiet", "-m", "more");
      const made = git(root, "rev-parse", "HEAD");
      git(root, "reset", "--quiet", "--hard", "HEAD^");
      const prepared = { commit: tip, change: { ...change, made } };
      await expect(publishUpdate({ root, ...rest }, prepared)).rejects.toThrow(path);
    }
    expect(remote("rev-parse", "openapi-update")).toBe(tip);
  },
  LIMIT_MS,
);

test("no request carries the token for GitHub's API to another host", () => {
  expect(authorizations.length).toBeGreaterThan(8);
  expect(authorizations.filter((value) => value !== undefined)).toEqual([]);
});
