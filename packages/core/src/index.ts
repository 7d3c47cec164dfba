export { appIdOf } from "./app-id.ts";
export { toAsciiLowerCase } from "./ascii.ts";
export { excerpt, MAX_EXCERPT_LENGTH } from "./excerpt.ts";
export { readIsoTimeMs } from "./iso-time.ts";
export { exceedsJsonDepth, MAX_JSON_DEPTH } from "./json-depth.ts";
export { describeValue, type NumberDemand, numberProblem } from "./option-number.ts";
export { type ReadBodyOptions, type ReadBodyResult, readBody } from "./read-body.ts";
export { isTokenRejection, namesOtherCause, type UnauthorizedAnswer } from "./token-rejection.ts";
