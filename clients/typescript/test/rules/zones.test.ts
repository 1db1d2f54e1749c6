import { expect, test } from "vitest";

import { viewerDay } from "../../src/rules/index.ts";

test("a date without a time zone is on its day everywhere", () => {
  expect(viewerDay({ date: "2026-12-01" }, "Pacific/Auckland")).toBe("2026-12-01");
  expect(viewerDay({ date: "2026-12-01", time: "23:30" }, "Pacific/Auckland")).toBe("2026-12-01");
});

test("a time in a time zone is on the viewer's day of that moment", () => {
  const late = { date: "2026-12-01", time: "23:30", time_zone: "America/New_York" };
  expect(viewerDay(late, "America/New_York")).toBe("2026-12-01");
  expect(viewerDay(late, "Europe/Berlin")).toBe("2026-12-02");
  expect(viewerDay({ ...late, time: "00:30" }, "America/Los_Angeles")).toBe("2026-11-30");
});
