// The Chromium that the browser tests drive.
import { existsSync } from 'node:fs'
import { chromium } from 'playwright'

const findExecutable = () =>
  [
    process.env.CHROMIUM_PATH ?? '',
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ].find((path) => existsSync(path))

/** Whether there is any Chromium to drive by now: the system's, or one that `playwright install chromium` brought. */
export const hasChromium = () => findExecutable() !== undefined || existsSync(chromium.executablePath())

/** Path of a system Chromium, or undefined where there is none. */
export const executablePath = findExecutable()

/** Whether there was any Chromium when this module was loaded. */
export const isAvailable = hasChromium()

/** Playwright launch options: a system Chromium, else Playwright's own; a microphone that beeps; ICE on loopback. */
export const launchOptions = {
  ...(executablePath === undefined ? {} : { executablePath }),
  args: [
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    '--allow-loopback-in-peer-connection',
    '--autoplay-policy=no-user-gesture-required',
  ],
}
