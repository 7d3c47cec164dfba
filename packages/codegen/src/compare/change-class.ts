/** Effect of a change on a program that uses the API, worst first. */
export type ChangeClass = "breaking" | "additive" | "metadata" | "docs";
