export { ConfigurationError, MarketplaceError, type MarketplaceErrorCode } from "./errors.ts";
export type { FrameMessage, FrameWindow, ParentOptions } from "./frame.ts";
export {
  type ExposeSessionDetailsOptions,
  exposeSessionDetails,
  type RequestUserContextOptions,
  requestUserContext,
  type SessionWindow,
} from "./user-context/browser.ts";
export type { UserContext } from "./user-context/context.ts";
export { type DecryptOptions, decryptUserContext } from "./user-context/decrypt.ts";
export { type UnavailableReason, UserContextError, UserContextUnavailableError } from "./user-context/errors.ts";
