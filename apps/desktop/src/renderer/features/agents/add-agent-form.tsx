import { useEffect, useRef, useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { AgentProbe, PortEvents } from '../../../shared/desktop-port.ts'
import { answerOf } from '@/app/connection/desktop.ts'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { Button } from '@/ui/button.tsx'
import { COLORS, type Color } from '@/ui/colors.ts'
import { Field } from '@/ui/field.tsx'
import { Input } from '@/ui/input.tsx'
import { AgentColorField, AgentNameField } from './agent-fields.tsx'
import { FoundAgents } from './found-agents.tsx'
import { isAccepted, isRefused, TrustQuestions, type Trust } from './trust-questions.tsx'
import { useTask } from './use-task.ts'

type Asked = PortEvents['connect'] | null

interface AddAgentFormProps {
  /** What a link or the menu asked for; a new object each time. */
  asked: Asked
  /** Nothing stands above the form that a person would rather see first. */
  isFirst: boolean
  onAdded: () => void
}

/** Adding an agent takes two steps: who answers at this address, then what it is called here. */
export function AddAgentForm({ asked, isFirst, onAdded }: AddAgentFormProps) {
  const { t } = useTranslation()
  const [probe, setProbe] = useState<AgentProbe | null>(null)
  return (
    <section aria-labelledby="add-agent" className="grid gap-4 rounded-md border p-4">
      <div className="grid gap-1">
        <h2 id="add-agent" className="text-base font-semibold">
          {t('agents.add')}
        </h2>
        <p className="text-sm text-muted-foreground">
          {t(asked?.url ? 'agents.fromLink' : 'agents.addHint')}
        </p>
      </div>
      {probe ? (
        <NameStep probe={probe} asked={asked} onBack={() => setProbe(null)} onAdded={onAdded} />
      ) : (
        <>
          {asked?.url ? null : <FoundAgents onChoose={setProbe} />}
          <AddressStep asked={asked} isFirst={isFirst} onFound={setProbe} />
        </>
      )}
    </section>
  )
}

type AddressStepProps = Omit<AddAgentFormProps, 'onAdded'> & { onFound: (probe: AgentProbe) => void }

function AddressStep({ asked, isFirst, onFound }: AddressStepProps) {
  const { t } = useTranslation()
  const [url, setUrl] = useState(asked?.url ?? '')
  const field = useRef<HTMLInputElement>(null)
  // Where agents stand above it, going to the field at once would scroll them out of sight.
  const isWanted = isFirst || asked !== null
  useEffect(() => {
    if (isWanted) field.current?.focus()
  }, [isWanted, asked])
  const ask = useTask(async () => onFound(await answerOf(window.m3m!.agents.probe({ url: withScheme(url) }))))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    ask.start()
  }
  return (
    <form onSubmit={submit} className="grid gap-4" aria-label={t('agents.add')}>
      <Field label={t('agents.field.url')}>
        <Input
          ref={field}
          value={url}
          onChange={(event) => setUrl(event.target.value)}
          placeholder="http://127.0.0.1:3000"
          inputMode="url"
          autoComplete="off"
          spellCheck={false}
          required
          className="font-mono"
        />
      </Field>
      {ask.error ? <ErrorState error={ask.error} /> : null}
      <Button type="submit" disabled={!url.trim() || ask.isPending} className="justify-self-end">
        {t(ask.isPending ? 'agents.checking' : 'agents.check')}
      </Button>
    </form>
  )
}

interface NameStepProps {
  probe: AgentProbe
  asked: Asked
  onBack: () => void
  onAdded: () => void
}

function NameStep({ probe, asked, onBack, onAdded }: NameStepProps) {
  const { t } = useTranslation()
  const [name, setName] = useState(new URL(probe.url).host)
  const [color, setColor] = useState<Color | null>(() => COLORS[Math.floor(Math.random() * COLORS.length)]!)
  const [trust, setTrust] = useState<Trust>({ certificate: false, plainHttp: false })
  const pinned = asked?.url === probe.url ? asked.fingerprint : null
  const fingerprint = pinned ?? (probe.certificate?.trusted ? null : probe.certificate?.fingerprint)
  // The app shows the new agent's page by itself.
  const add = useTask(async () => {
    const { url } = probe
    const input = { url, name: name.trim(), color, allowPlainHttp: trust.plainHttp }
    await answerOf(window.m3m!.agents.add(fingerprint ? { ...input, fingerprint } : input))
    onBack()
    onAdded()
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    add.start()
  }
  return (
    <form onSubmit={submit} className="grid gap-4" aria-label={t('agents.add')}>
      <p className="text-sm" role="status">
        <code className="block break-all">{probe.url}</code>
        {probe.version === null
          ? t('agents.foundNoVersion', { ms: probe.latencyMs })
          : t('agents.found', { version: probe.version, ms: probe.latencyMs })}
      </p>
      <TrustQuestions probe={probe} pinned={pinned} trust={trust} onChange={setTrust} />
      {isRefused(probe, pinned) ? (
        <Button variant="outline" onClick={onBack} className="justify-self-end">
          {t('agents.another')}
        </Button>
      ) : (
        <>
          <AgentNameField value={name} onValue={setName} />
          <AgentColorField value={color} onValue={setColor} />
          {add.error ? <ErrorState error={add.error} /> : null}
          <div className="flex justify-end gap-2">
            <Button variant="outline" onClick={onBack}>
              {t('agents.another')}
            </Button>
            <Button
              type="submit"
              disabled={!name.trim() || add.isPending || !isAccepted(probe, pinned, trust)}
            >
              {t('agents.save')}
            </Button>
          </div>
        </>
      )}
    </form>
  )
}

/** `host:3000` is meant as https, but on this computer, where agents begin without TLS. */
function withScheme(text: string): string {
  const trimmed = text.trim()
  if (/^[a-z]+:\/\//i.test(trimmed)) return trimmed
  return `${/^(localhost|127[.]|\[::1\])/.test(trimmed) ? 'http' : 'https'}://${trimmed}`
}
