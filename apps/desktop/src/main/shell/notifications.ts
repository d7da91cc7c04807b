import { app, Notification } from 'electron'
import type { AgentNews } from '../agents/agent-services.ts'
import { nativeReason } from '../native-errors.ts'
import { nativeTexts } from '../native-texts.ts'

/** Tells a person of something that happened on an agent; a click opens the page it is about. */
export function tellNews(news: AgentNews, options: { agent: string; open: (path: string) => void }): void {
  const { title, body, path } = newsText(news, options.agent, app.getLocale())
  notify({ title, body }, () => options.open(path))
}

/**
 * Electron holds them weakly: one that nobody else holds is collected while it is still on the screen, and its click
 * is lost (electron issue 16922). After `close` Windows keeps it clickable in its notification centre, and not every
 * system tells when one is gone for good, so the oldest make room.
 */
const held = new Set<Notification>()
const HELD_AT_MOST = 100

export function notify(text: { title: string; body: string }, onClick: () => void): void {
  if (!Notification.isSupported()) return
  const notification = new Notification(text)
  notification.on('click', () => {
    held.delete(notification)
    onClick()
  })
  for (const oldest of held) if (held.size >= HELD_AT_MOST) held.delete(oldest)
  held.add(notification)
  notification.show()
}

function newsText(
  news: AgentNews,
  agent: string,
  locale: string,
): { title: string; body: string; path: string } {
  const texts = nativeTexts(locale)
  switch (news.kind) {
    case 'crash':
      return {
        title: texts.crashTitle(news.project, agent),
        body: news.reason === null ? '' : nativeReason(news.reason, locale),
        path: `/projects/${news.slug}`,
      }
    case 'alert': {
      const { about, project, value } = news
      // An agent that is newer may watch for what this app has no words for.
      const body = value === null ? undefined : texts.alert[about]?.(value)
      return {
        title: texts.alertTitle(project ?? texts.theAgent, agent),
        body: body ?? texts.otherAlert,
        path: '/alerts',
      }
    }
    case 'release':
      return {
        title: texts.releaseTitle(news.project, news.version, agent),
        body: texts.releaseBody(news.by, news.tag),
        path: `/projects/${news.slug}/pipeline?tab=releases`,
      }
  }
}
