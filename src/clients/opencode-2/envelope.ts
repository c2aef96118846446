import { z } from "zod";
import type { SessionId as Session } from "../../models/ids.ts";
import { SessionId } from "./wire.ts";

/** What every event of OpenCode 2 says of itself. */
const Envelope = z.object({
  id: z.string(),
  /** Unix milliseconds. */
  created: z.number(),
  type: z.string(),
  data: z.looseObject({
    sessionID: SessionId.optional(),
    form: z.looseObject({ sessionID: SessionId }).optional(),
  }),
  location: z.object({ directory: z.string() }).optional(),
});
export type Envelope = z.infer<typeof Envelope>;

/** `undefined` for what is no event. Never throws. */
export const readEnvelope = (raw: unknown): Envelope | undefined => Envelope.safeParse(raw).data;

/** The session that an event is about; `undefined` for what concerns none. */
export const sessionOf = ({ data }: Envelope): Session | undefined =>
  data.sessionID ?? data.form?.sessionID;
