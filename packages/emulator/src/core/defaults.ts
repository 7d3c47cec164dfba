import type { EmulatedApp, EmulatedCompany } from "./emulator-options.ts";

export const DEFAULT_APP: EmulatedApp = {
  clientId: "65f0c0ffee65f0c0ffee65f0-emulator",
  clientSecret: "emulator-client-secret",
};

export const DEFAULT_COMPANY: EmulatedCompany = {
  id: "cOmPaNy00000000000001",
  name: "Example Agency",
  locations: [
    { id: "lOcAtIoN000000000001", name: "Example Sub-account One" },
    { id: "lOcAtIoN000000000002", name: "Example Sub-account Two" },
  ],
};
