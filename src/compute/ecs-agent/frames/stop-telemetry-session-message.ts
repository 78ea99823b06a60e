import { frame, object, optional, text } from './frame.ts';

export const stopTelemetrySessionMessage = frame(
  'StopTelemetrySessionMessage',
  object({ message: optional(text) }),
);
