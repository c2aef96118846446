import { expect, test } from "bun:test";
import fc from "fast-check";
import { dayAndTime, timeOfDay } from "../../../src/render/time-of-day.ts";
import { START_MS } from "../../support/build-state.ts";

test.each<[offset: number, day: string, time: string]>([
  [0, "21 Nov 10:14", "10:14"],
  [60, "21 Nov 11:14", "11:14"],
  [-300, "21 Nov 05:14", "05:14"],
  [14 * 60, "22 Nov 00:14", "00:14"],
])("%d minutes east of UTC", (offset, day, time) => {
  expect([dayAndTime(START_MS, offset), timeOfDay(START_MS, offset)]).toEqual([day, time]);
});

test("agrees with the calendar for any time", () => {
  const anyTime = fc.date({ min: new Date(0), max: new Date("2199-12-31"), noInvalidDate: true });
  fc.assert(
    fc.property(anyTime, (date) => {
      const [, day, month, , clock] = date.toUTCString().split(" ");
      const expected = `${Number(day)} ${month} ${clock?.slice(0, 5)}`;
      expect(dayAndTime(date.getTime(), 0)).toBe(expected);
    }),
  );
});
