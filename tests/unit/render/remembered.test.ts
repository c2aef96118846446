// What is asked for again and again is made once, and anew where anything that goes into it is another one.
import { expect, test } from "bun:test";
import { remembered } from "../../../src/render/remembered.ts";

test("it is made once for the same thing and the same about it, however that is wrapped", () => {
  const made: string[] = [];
  const greet = remembered((of: { readonly name: string }, about: { readonly by?: string }) => {
    made.push(`${of.name} by ${about.by}`);
    return made.length;
  });
  const [ann, bob] = [{ name: "Ann" }, { name: "Bob" }];
  expect([greet(ann, { by: "x" }), greet(ann, { by: "x" }), greet(bob, { by: "x" })]).toEqual([
    1, 1, 2,
  ]);
  expect([greet(ann, { by: "y" }), greet(ann, {}), greet({ ...ann }, {})]).toEqual([3, 4, 5]);
  expect(greet(bob, { by: "x" })).toBe(2);
});
