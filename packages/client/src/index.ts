// The routes of all modules and openapi-fetch are entries of their own, so that an app without them does not carry them.

export type { Resource } from "@ghl-edge/core";
export type { ApiModule } from "./api-module.ts";
export type { AccessTokenProvider, AccessTokenRequest, AccessTokenType } from "./call/access-token.ts";
export type { ReadAnswer } from "./call/answer.ts";
export type { WireCall } from "./call/exchange.ts";
export type { Permit, PermitOutcome, PermitRequest, RateLimiter } from "./call/rate-limiter.ts";
export type { RetryOptions } from "./call/retry.ts";
export type { Params } from "./call/url.ts";
export type { CallOptions, Priority } from "./call-options.ts";
export { type Client, type CompanyHandle, createClient, type Handle, type LocationHandle } from "./client.ts";
export type { ClientOptions, Fetch, HeaderFields } from "./client-options.ts";
export type { AnswerDetails } from "./errors/api-errors.ts";
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
} from "./errors/error-classes.ts";
export { type CallContext, type ErrorDetails, GhlError, type GhlErrorCode } from "./errors/errors.ts";
export type { RateLimitInfo } from "./errors/rate-limit-headers.ts";
export { encodeForm } from "./form.ts";
export type { PageLimits, Paginated } from "./lists/paginated.ts";
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
export type { CompanyBound, LocationBound, Tenancy, Unbound } from "./tenant/tenancy.ts";
