import { element, icon, make, showFace } from './elements.js'

/** What the server tells of itself and of who is there; see `serve/online-list.ts`. */
export interface OnlineNews {
  readonly domain: string
  readonly passwords: boolean
  readonly robot: string
  readonly users?: readonly string[]
}

/** Asks the server once. Rejects when it does not answer. */
export async function fetchNews(): Promise<OnlineNews> {
  const response = await fetch('online', { headers: { Accept: 'application/json' }, signal: AbortSignal.timeout(5000) })
  if (!response.ok) throw new TypeError(`The server answered ${response.status}`)
  return (await response.json()) as OnlineNews
}

/** Watches who comes and goes until the returned function is called; `registration` shows that we may know. */
export function watchNews(registration: string, onNews: (news: OnlineNews) => void): () => void {
  const source = new EventSource(`online?${new URLSearchParams({ registration }).toString()}`)
  source.addEventListener('message', (event: MessageEvent<string>) => onNews(JSON.parse(event.data) as OnlineNews))
  return () => source.close()
}

/** Draws the list of who can be called, without `me`; nobody can while we are `busy` with a call. */
export function showPeople(news: OnlineNews, me: string, busy: boolean, call: (user: string) => void): void {
  const others = (news.users ?? []).filter((user) => user !== me && user !== news.robot)
  const rows = [...others.map((user) => row(user, 'Online', false, call)), row(news.robot, 'Sends your voice back', true, call)]
  const list = element('people', HTMLUListElement)
  const focused = document.activeElement instanceof HTMLElement && list.contains(document.activeElement) ? document.activeElement.dataset['user'] : undefined
  list.replaceChildren(...rows)
  for (const button of list.querySelectorAll('button')) button.disabled = busy
  if (focused !== undefined) list.querySelector<HTMLElement>(`button[data-user=${CSS.escape(focused)}]`)?.focus()
  element('people-count', HTMLElement).textContent = others.length === 0 ? '' : `(${others.length})`
  const none = element('people-none', HTMLElement)
  none.hidden = others.length > 0
  none.textContent = news.users === undefined
    ? 'Looking who is there…'
    : 'Nobody else yet. Open this page in another tab or on another device, and they show up here.'
}

function row(user: string, about: string, isRobot: boolean, call: (user: string) => void): HTMLLIElement {
  const face = make('div', { class: 'face', 'aria-hidden': 'true' })
  showFace(face, user, isRobot)
  const button = make('button', { type: 'button', 'data-user': user, 'aria-label': `Call ${user}` }, icon('phone'), 'Call')
  button.addEventListener('click', () => call(user))
  return make('li', {}, face, make('div', { class: 'who' }, make('b', {}, user), make('span', { class: 'quiet' }, about)), button)
}
