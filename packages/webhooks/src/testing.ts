export { type SampleOptions, sampleEvent } from "./sample.ts";
export { createTestSigner, type TestKeyPair, type TestRequestOptions, type TestSigner } from "./test-signer.ts";
