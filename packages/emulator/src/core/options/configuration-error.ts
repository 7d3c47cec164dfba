/** An option or a control the emulator cannot follow. The message names it. */
export class EmulatorConfigurationError extends TypeError {
  override readonly name = "EmulatorConfigurationError";
  readonly code = "ERR_GHL_EMULATOR_CONFIGURATION";
}
