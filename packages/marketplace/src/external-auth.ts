export {
  BodyTooLargeError,
  BodyUnreadableError,
  ConfigurationError,
  HandlerFailedError,
  MarketplaceError,
  type MarketplaceErrorCode,
  MethodNotAllowedError,
} from "./errors.ts";
export { ExternalAuthRejectedError, ExternalAuthRequestError } from "./external-auth/errors.ts";
export {
  createExternalAuthHandler,
  type ExternalAuthContext,
  type ExternalAuthHandlerOptions,
} from "./external-auth/handler.ts";
export { type ExternalAuthParseOptions, type ExternalAuthParts, parseExternalAuth } from "./external-auth/parse.ts";
export { type ExternalAuthRequest, type LocationSelection, selectionIncludes } from "./external-auth/request.ts";
export type { OnError, ReportOptions } from "./http/handler.ts";
