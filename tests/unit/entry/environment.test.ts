import { expect, test } from "bun:test";
import { environmentOf, hideFromPrograms } from "../../../src/entry/environment.ts";

const isSecret = (value: string): boolean => value.includes("s3cret");

test("what holds a secret is inherited by no copy, and can be read by its name", () => {
  const env: Record<string, string | undefined> = {
    TOKEN: "s3cret",
    CONFIG: '{"token":"s3cret"}',
    PATH: "/bin",
    NONE: undefined,
  };
  expect(hideFromPrograms(env, isSecret)).toEqual(["TOKEN", "CONFIG"]);
  expect({ ...env }).toEqual({ PATH: "/bin", NONE: undefined });
  expect(environmentOf(env)["TOKEN"]).toBe("s3cret");
  expect(env["TOKEN"]).toBe("s3cret");
  expect(hideFromPrograms(env, isSecret)).toEqual(["TOKEN", "CONFIG"]);
});

test("this runtime's own environment takes it, and so do its children", async () => {
  process.env["HIDE_ME"] = "s3cret";
  hideFromPrograms(process.env, isSecret);
  const { env } = process;
  const child = Bun.spawn(["sh", "-c", "echo [$HIDE_ME]"], { env: { ...env }, stdout: "pipe" });
  expect(await child.stdout.text()).toBe("[]\n");
  expect(env["HIDE_ME"]).toBe("s3cret");
  delete process.env["HIDE_ME"];
});

test("a runtime that hides no variable loses it, and this plugin alone still finds it", () => {
  const env = new Proxy<Record<string, string | undefined>>(
    { TOKEN: "s3cret", PATH: "/bin" },
    {
      defineProperty(_, name) {
        throw new TypeError(`${String(name)} must be enumerable`);
      },
    },
  );
  expect(hideFromPrograms(env, isSecret)).toEqual(["TOKEN"]);
  expect(env).toEqual({ PATH: "/bin" });
  expect(environmentOf(env)).toEqual({ TOKEN: "s3cret", PATH: "/bin" });
  expect(environmentOf({ TOKEN: "another" })["TOKEN"]).toBe("another");
});
