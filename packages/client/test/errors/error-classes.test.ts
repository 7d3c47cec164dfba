import { describe, expect, it } from "vitest";
import * as entry from "../../src/index.ts";
import { fakeServer, json, rejection } from "../fake-server.ts";
import { Pets } from "../openapi/pets.ts";

const { ApiError, GhlError, NotFoundError, ParameterError, RateLimitError } = entry;

type ErrorClass = typeof NotFoundError;
const classes = Object.entries(entry).filter(
  ([name, value]) => name.endsWith("Error") && value !== GhlError,
) as unknown as [name: string, type: ErrorClass][];
const ofAnswers = [400, 401, 403, 404, 409, 422, 429, 500];

const errorOfStatus = (status: number) =>
  rejection(
    fakeServer(() => json({}, { status }), { retry: false })
      .client.use(Pets)
      .deletePet({ petId: "1" }),
  );

it("there are sixteen published classes, each with a code of its own", () => {
  expect(classes).toHaveLength(16);
  expect(new Set(classes.map(([, type]) => type.code)).size).toBe(16);
});

describe("instanceof", () => {
  it.each(classes)("%s has the errors that somebody makes with it, and no other class has them", (_, type) => {
    const error = new type("message", { operation: "test" });
    expect(error.code).toBe(type.code);
    expect(error).toBeInstanceOf(GhlError);
    const kin = classes.filter(([, other]) => error instanceof other).map(([name]) => name);
    const isOfAnswer = Object.getPrototypeOf(type) === ApiError;
    expect(kin.sort()).toEqual([_, ...(isOfAnswer ? ["ApiError"] : [])].sort());
  });

  it.each(ofAnswers)("ApiError and one other class at most have the error of an answer %s", async (status) => {
    const error = (await errorOfStatus(status)) as InstanceType<typeof ApiError>;
    expect(error).toBeInstanceOf(ApiError);
    const kin = classes.filter(([, type]) => error instanceof type && type !== (ApiError as unknown));
    expect(kin.map(([, type]) => type.code)).toEqual(error.code === "ERR_GHL_API" ? [] : [error.code]);
  });

  it("ApiError does not have an error without an answer, and no class has what is not ours", async () => {
    const error = await rejection(
      fakeServer(() => json({}))
        .client.use(Pets)
        .getPet({}),
    );
    expect(error).toBeInstanceOf(ParameterError);
    expect(error).not.toBeInstanceOf(ApiError);
    for (const other of [new Error("x"), { code: "ERR_GHL_PARAMETER", status: 404 }, null, "x", undefined])
      for (const [, type] of classes) expect(other instanceof type).toBe(false);
  });

  it("a class that somebody derives has its own errors only", async () => {
    class NoSuchPetError extends NotFoundError {}
    const own = new NoSuchPetError("message", {});
    expect(own).toBeInstanceOf(NoSuchPetError);
    expect(own).toBeInstanceOf(NotFoundError);
    expect(own).toBeInstanceOf(ApiError);
    expect(own.code).toBe("ERR_GHL_NOT_FOUND");
    const error = await errorOfStatus(404);
    expect(error).toBeInstanceOf(NotFoundError);
    expect(error).not.toBeInstanceOf(NoSuchPetError);
  });
});

it("a RateLimitError always says which limit it met", async () => {
  const error = await errorOfStatus(429);
  if (!(error instanceof RateLimitError)) throw error;
  const scope: "burst" | "daily" = error.rateLimit.scope;
  expect(scope).toBe("burst");
});
