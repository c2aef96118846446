import type { UtcOffset } from "../models/desired-post.ts";

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** `10:21` */
export function timeOfDay(unixMs: number, utcOffset: UtcOffset): string {
  const minutes = localMinutes(unixMs, utcOffset);
  const inDay = minutes - Math.floor(minutes / DAY_MINUTES) * DAY_MINUTES;
  return `${twoDigits(Math.floor(inDay / 60))}:${twoDigits(inDay % 60)}`;
}

/** `21 Nov 10:14` */
export function dayAndTime(unixMs: number, utcOffset: UtcOffset): string {
  const days = Math.floor(localMinutes(unixMs, utcOffset) / DAY_MINUTES);
  const { day, month } = civilDay(days);
  return `${day} ${MONTHS[month - 1]} ${timeOfDay(unixMs, utcOffset)}`;
}

function localMinutes(unixMs: number, utcOffset: UtcOffset): number {
  const minutes = typeof utcOffset === "number" ? utcOffset : utcOffset(unixMs);
  return Math.floor(unixMs / MINUTE_MS) + minutes;
}

const twoDigits = (value: number): string => String(value).padStart(2, "0");

/** Day and month of a day counted from 1970-01-01, in years that begin in March so that the leap day comes last. */
function civilDay(daysSinceEpoch: number): { readonly day: number; readonly month: number } {
  const shifted = daysSinceEpoch + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const leapDays =
    Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leapDays) / 365);
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  return {
    day: dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1,
    month: monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9,
  };
}
