import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { CodeBlock, Markdown, Signature } from '@/ui/markdown/markdown.tsx'
import { docParts } from './doc-tags.ts'
import { isName, type ReferencePage } from './search-reference.ts'

/** One module: what it is for, each member with its example, and the types the editor knows. */
export function ReferenceArticle({ page, member }: { page: ReferencePage; member: string | undefined }) {
  const { t } = useTranslation()
  const article = useRef<HTMLElement>(null)
  useEffect(() => {
    const heading = member && article.current?.querySelector(`[data-member="${CSS.escape(member)}"]`)
    if (heading) heading.scrollIntoView({ block: 'start' })
    else article.current?.scrollTo({ top: 0 })
  }, [member])
  const names = [page.name, ...page.aliases]
  return (
    <article ref={article} className="min-h-0 overflow-y-auto px-4 py-3 sm:px-6">
      <div className="grid max-w-4xl grid-cols-1 gap-5">
        <header className="grid gap-2">
          <h2 className="flex flex-wrap items-baseline gap-x-3 gap-y-1 text-lg font-semibold">
            {names.join(', ')}
            {page.twin ? (
              <code className="font-normal text-muted-foreground">
                {names.map((name) => `$${name}`).join(', ')}
              </code>
            ) : null}
          </h2>
          <Markdown text={page.intro} />
          {page.plugin === undefined ? null : (
            <p className="max-w-[72ch] text-xs text-muted-foreground">
              {t('reference.ofPlugin', { name: page.plugin })}
            </p>
          )}
          {page.twin && page.declarations.includes('Promise<') ? (
            <p className="max-w-[72ch] text-xs text-muted-foreground">
              {t('reference.spellings', { name: page.name })}
            </p>
          ) : null}
        </header>
        {page.members.map(({ name, text, declared }) => (
          <section key={name} data-member={name} className="grid scroll-mt-3 grid-cols-1 gap-2">
            <h3 className="border-t pt-3 font-mono text-sm font-semibold">
              {isName(name) ? <span className="font-normal text-muted-foreground">{page.name}.</span> : null}
              {name}
            </h3>
            {declared ? <Declared name={name} declared={declared} /> : null}
            <Markdown text={text} />
          </section>
        ))}
        <section className="grid grid-cols-1 gap-2 border-t pt-3">
          <h3 className="text-sm font-semibold">{t('reference.declarations')}</h3>
          <CodeBlock code={page.declarations} language="typescript" label={t('reference.declarations')} />
        </section>
      </div>
    </article>
  )
}

/** How a member is called, and what its declaration says of it. */
function Declared({ name, declared }: { name: string; declared: { signature: string; doc: string } }) {
  const { t } = useTranslation()
  const { text, params, returns, throws } = docParts(declared.doc)
  const rows = [
    ...params.map((param) => ({ key: param.name, term: <code>{param.name}</code>, text: param.text })),
    { key: '@returns', term: t('reference.returns'), text: returns },
    { key: '@throws', term: t('reference.throws'), text: throws },
  ].filter((row) => row.text)
  return (
    <>
      <Signature code={declared.signature} label={t('reference.signature', { name })} />
      {text ? <Markdown text={text} /> : null}
      {rows.length > 0 ? (
        <dl className="grid max-w-[72ch] grid-cols-[max-content_1fr] gap-x-4 gap-y-1 text-sm">
          {rows.map((row) => (
            <div key={row.key} className="col-span-2 grid grid-cols-subgrid items-baseline">
              <dt className="text-muted-foreground">{row.term}</dt>
              <dd className="min-w-0">
                <Markdown text={row.text} />
              </dd>
            </div>
          ))}
        </dl>
      ) : null}
    </>
  )
}
