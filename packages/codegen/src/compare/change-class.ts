/** What a change means for somebody who uses the API, worst first. */
export type ChangeClass = "breaking" | "additive" | "metadata" | "docs";
