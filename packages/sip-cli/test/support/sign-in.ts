import type { Page } from 'playwright'

/** Goes online on the softphone page, under a name. */
export async function signIn(page: Page, name: string): Promise<void> {
  await page.getByLabel('Your name').fill(name)
  await page.getByRole('button', { name: 'Go online' }).click()
  await page.getByText('online', { exact: true }).waitFor()
}
