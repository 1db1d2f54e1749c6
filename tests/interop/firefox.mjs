// The first steps with the web app in Firefox: `node firefox.mjs PROGRAM URL`. It ends with an error if one fails.

import puppeteer from "puppeteer-core";

const [program, url] = process.argv.slice(2);
const browser = await puppeteer.launch({ browser: "firefox", executablePath: program, headless: true });
try {
  const page = await browser.newPage();
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(`${url}/sign-up`);
  await page.locator("main input[autocomplete=name]").fill("Ada");
  await page.locator("main input[type=email]").fill("firefox@example.com");
  await page.locator("main input[type=password]").fill("correct horse battery");
  await page.locator("main button.primary").click();
  await page.locator("[aria-label='Add task']").fill("Feed the fox");
  await page.keyboard.press("Enter");
  await page.locator("main li [aria-label='Feed the fox']").wait();
  await page.reload();
  await page.locator("main li [aria-label='Feed the fox']").click();
  await page.waitForFunction(() => !document.querySelector("main li [aria-label='Feed the fox']"), { timeout: 10_000 });
  if (complaints.length) throw new Error(complaints.join("\n"));
} finally {
  await browser.close();
}
