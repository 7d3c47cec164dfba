import type { EmulatedApp, EmulatedCompany } from "./emulator-options.ts";

/** The app of an emulator without options. Its credentials are for tests only. */
export const DEFAULT_APP: EmulatedApp = {
  clientId: "65f0c0ffee65f0c0ffee65f0-emulator",
  clientSecret: "emulator-client-secret",
};

/** The company of an emulator without options, with two locations. */
export const DEFAULT_COMPANY: EmulatedCompany = {
  id: "cOmPaNy00000000000001",
  name: "Example Agency",
  locations: [
    { id: "lOcAtIoN000000000001", name: "Example Sub-account One" },
    { id: "lOcAtIoN000000000002", name: "Example Sub-account Two" },
  ],
};
