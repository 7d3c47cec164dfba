export { type SampleOptions, sampleEvent } from "./testing/sample.ts";
export { createTestSigner, type TestKeyPair, type TestRequestOptions, type TestSigner } from "./testing/test-signer.ts";
