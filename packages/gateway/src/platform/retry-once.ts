/**
 * Calls an object and, when the call fails, calls it once more through a fresh stub. An object that was moved, redeployed or has
 * crashed is there again at once, but the old stub stays broken. Use it only for calls that may be repeated.
 */
export async function retryOnce<Stub, Reply>(stub: () => Stub, call: (stub: Stub) => Promise<Reply>): Promise<Reply> {
  try {
    return await call(stub());
  } catch {
    return await call(stub());
  }
}
