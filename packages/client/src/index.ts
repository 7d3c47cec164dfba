// The routes of all modules and openapi-fetch are entries of their own, so that an app without them does not carry them.
export type { AccessTokenProvider, AccessTokenRequest, AccessTokenType } from "./access-token.ts";
export type { ReadAnswer } from "./answer.ts";
export type { AnswerDetails } from "./api-errors.ts";
export type { ApiModule } from "./api-module.ts";
export type { CallOptions, Priority } from "./call-options.ts";
export { type Client, type CompanyHandle, createClient, type Handle, type LocationHandle } from "./client.ts";
export type { ClientOptions, Fetch, HeaderFields } from "./client-options.ts";
export {
  ApiError,
  AuthenticationError,
  BadRequestError,
  ConfigurationError,
  InvalidResponseError,
  NetworkError,
  NotFoundError,
  PaginationError,
  ParameterError,
  PermissionError,
  RateLimitError,
  RedirectError,
  ServerError,
  TenantRequiredError,
  TimeoutError,
  ValidationError,
} from "./error-classes.ts";
export { type CallContext, type ErrorDetails, GhlError, type GhlErrorCode } from "./errors.ts";
export type { WireCall } from "./exchange.ts";
export { encodeForm } from "./form.ts";
export type {
  AcceptedTokenTypes,
  BodyContent,
  EncodeBody,
  EncodingRow,
  FormEncoder,
  HttpMethod,
  OperationRow,
  OperationTable,
  PaginationRow,
  ParameterRow,
  ParameterStyle,
  TenantFieldLocation,
  TenantFields,
} from "./operation-table.ts";
export type { PageLimits, Paginated } from "./paginated.ts";
export type { RateLimitInfo } from "./rate-limit-headers.ts";
export type { Permit, PermitOutcome, PermitRequest, RateLimiter } from "./rate-limiter.ts";
export type { Resource } from "./resource.ts";
export type { RetryOptions } from "./retry.ts";
export type { CompanyBound, LocationBound, Tenancy, Unbound } from "./tenancy.ts";
export type { Params } from "./url.ts";
