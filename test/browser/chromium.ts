import { chromium, type Browser } from "playwright-core";

/** Starts the browser where Debian's package `chromium` puts it; another one by the variable CHROMIUM. */
export const launchChromium = (): Promise<Browser> =>
  chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
