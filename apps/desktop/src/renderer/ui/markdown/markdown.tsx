import DOMPurify from 'dompurify'
import { Marked } from 'marked'
import { useMemo } from 'react'
import { cn } from '@/ui/cn.ts'
import { highlight } from './highlight.ts'
import './markdown.css'

const marked = new Marked({
  gfm: true,
  renderer: {
    code: ({ text, lang = '' }) =>
      `<pre tabindex="0"><code>${highlight(text, lang.split(' ', 1)[0]!)}</code></pre>`,
  },
})

/** Safe HTML of a Markdown text: scripts, styles, forms and event handlers are gone, links open outside. */
export function markdownToHtml(text: string): string {
  const fragment = DOMPurify.sanitize(marked.parse(text, { async: false }), {
    FORBID_TAGS: ['style', 'form', 'input', 'button', 'iframe'],
    FORBID_ATTR: ['style', 'id', 'name'],
    RETURN_DOM_FRAGMENT: true,
  })
  for (const link of fragment.querySelectorAll('a[href]')) {
    link.setAttribute('target', '_blank')
    link.setAttribute('rel', 'noopener noreferrer')
  }
  const box = document.createElement('div')
  box.append(fragment)
  return box.innerHTML
}

/** Markdown as it reads; what it holds may come from anybody. */
export function Markdown({ text, className }: { text: string; className?: string }) {
  const html = useMemo(() => markdownToHtml(text), [text])
  return <div className={cn('markdown', className)} dangerouslySetInnerHTML={{ __html: html }} />
}

/** A piece of code, coloured, with no editor around it. */
export function CodeBlock({ code, language, label }: { code: string; language: string; label: string }) {
  const html = useMemo(() => highlight(code, language), [code, language])
  return (
    <div className="markdown">
      <pre aria-label={label} tabIndex={0}>
        <code dangerouslySetInnerHTML={{ __html: html }} />
      </pre>
    </div>
  )
}

/** How something is called, in TypeScript: one line or a few, without the frame of an example. */
export function Signature({ code, label }: { code: string; label: string }) {
  const html = useMemo(() => highlight(code, 'typescript'), [code])
  return (
    <pre aria-label={label} tabIndex={0} className="overflow-x-auto text-xs leading-5 text-muted-foreground">
      <code dangerouslySetInnerHTML={{ __html: html }} />
    </pre>
  )
}
