export { appIdOf, type Clock, type Resource, type Runtime, type RuntimeOptions } from "@ghl-edge/core";
export {
  AnswerError,
  CallbackError,
  ConfigurationError,
  GhlOAuthError,
  type GhlOAuthErrorCode,
  GrantError,
  type GrantErrorDetails,
  NetworkError,
  NotInstalledError,
  PaginationError,
  ReauthRequiredError,
  RenewalConfigurationError,
  StoreError,
  SuspendedError,
  TimeoutError,
  TokenUnavailableError,
} from "./errors.ts";
export type {
  AnsweredEvent,
  GrantEffect,
  GrantEvent,
  GrantNotice,
  GrantStep,
  ReceivedToken,
  RenewalOutcome,
} from "./grant/event.ts";
export { stepGrant } from "./grant/machine.ts";
export { type GrantReading, mayMintInstead, nextWakeMs, type RefusalReason, readGrant } from "./grant/read.ts";
export {
  type CurrentToken,
  type GrantProblem,
  type GrantState,
  type GrantStatus,
  newGrant,
  type RenewalCause,
  type RenewalIntent,
} from "./grant/state.ts";
export { MAX_CLOCK_SKEW_MS } from "./grant/timing.ts";
export { GrantHost, type GrantHostOptions, type PreparedRenewal } from "./host/grant-host.ts";
export { mergeTokens, type ReceivedEvent, type RecordStep, stepRecord } from "./host/grant-record.ts";
export type { GrantRecordStore } from "./host/grant-record-store.ts";
export { outcomeOf } from "./host/outcome.ts";
export type { InstallEvent } from "./manager/install-event.ts";
export type { RequestLimiter, RequestOutcome, RequestPermit } from "./manager/mint.ts";
export type { AccessTokenRequest, Installation, TokenEvent, TokenManagerOptions } from "./manager/options.ts";
export {
  type PrivateIntegration,
  privateToken,
  type RotationStatus,
  rotatePrivateToken,
  rotationStatus,
} from "./manager/private-integration.ts";
export { createTokenManager, TokenManager } from "./manager/token-manager.ts";
export type { AppCredentials } from "./oauth/app.ts";
export {
  AUTHORIZE_HOST,
  type AuthorizeUrlOptions,
  authorizeUrl,
  createState,
  parseCallback,
  WHITE_LABEL_HOST,
} from "./oauth/authorize-url.ts";
export {
  type AnswerCode,
  type AnswerKind,
  type ClassifiableAnswer,
  type Classification,
  classifyAnswer,
} from "./oauth/classify.ts";
export type { ApiVersion, InstalledLocation, InstalledLocationsQuery } from "./oauth/installed-locations.ts";
export {
  createOAuthClient,
  type ExchangeSettings,
  type LocationTokenRequest,
  type OAuthClient,
  type OAuthClientOptions,
  type RequestSettings,
  type UninstallRequest,
} from "./oauth/oauth-client.ts";
export type { ResponseHead } from "./oauth/request.ts";
export {
  exchangedAtMs,
  fingerprint,
  issuedAtMs,
  isTokenOfAnotherResource,
  parseTokenSet,
  type TokenSet,
  type UserType,
} from "./oauth/token-set.ts";
export { createMemoryTokenStore } from "./store/memory.ts";
export type { GrantRecord, StoredRecord, TokenStore } from "./store/token-store.ts";
