import DOMPurify from 'dompurify'
import { marked } from 'marked'
import { useMemo } from 'react'
import { useStoredUrls } from './stored-files.ts'
import './prose.css'

/** The schemes that the engine lets into rich text; a preview shows no more. */
const URLS = /^(?:https?:|mailto:|storage:|#)/i

/** Markdown as it will read. What is not prose is taken out before it is shown. */
export function MarkdownPreview({ text }: { text: string }) {
  const clean = useMemo(() => {
    const html = marked.parse(text, { async: false, gfm: true })
    return DOMPurify.sanitize(html, {
      USE_PROFILES: { html: true },
      FORBID_TAGS: ['style', 'form', 'input', 'button', 'textarea', 'select', 'video', 'audio'],
      FORBID_ATTR: ['style', 'class', 'id', 'name'],
      ALLOWED_URI_REGEXP: URLS,
      ALLOW_DATA_ATTR: false,
    })
  }, [text])
  const stored = useMemo(
    () => [...clean.matchAll(/src="storage:([^"]+)"/g)].map((match) => decoded(match[1]!)),
    [clean],
  )
  const urls = useStoredUrls(stored)
  const shown = useMemo(() => withUrls(clean, urls), [clean, urls])
  // Sanitised above; the content policy of the page allows no script besides.
  return <div className="m3m-prose rounded-md border px-3 py-2" dangerouslySetInnerHTML={{ __html: shown }} />
}

/** In a document of its own, where nothing is fetched and nothing runs. */
function withUrls(html: string, urls: ReadonlyMap<string, string>): string {
  const page = new DOMParser().parseFromString(html, 'text/html')
  for (const image of page.querySelectorAll('img[src^="storage:"]')) {
    const url = urls.get(decoded(image.getAttribute('src')!.slice('storage:'.length)))
    if (url) image.setAttribute('src', url)
    else image.removeAttribute('src')
  }
  for (const link of page.querySelectorAll('a[href]')) {
    link.setAttribute('target', '_blank')
    link.setAttribute('rel', 'noopener noreferrer')
  }
  return page.body.innerHTML
}

function decoded(text: string): string {
  const plain = text.replaceAll('&amp;', '&')
  try {
    return decodeURIComponent(plain)
  } catch {
    return plain
  }
}
