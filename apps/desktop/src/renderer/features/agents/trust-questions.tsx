import { useId, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { AgentProbe } from '../../../shared/desktop-port.ts'
import { Checkbox } from '@/ui/checkbox.tsx'
import { cn } from '@/ui/cn.ts'
import { Label } from '@/ui/label.tsx'
import { Fingerprint } from './fingerprint.tsx'

/** What the person has said yes to. */
export interface Trust {
  certificate: boolean
  plainHttp: boolean
}

/** Whether this agent is not to be added, whatever the person says: it is there already, or not the one of the link. */
export function isRefused({ knownAs, certificate }: AgentProbe, pinned: string | null): boolean {
  return knownAs !== null || (certificate !== null && pinned !== null && pinned !== certificate.fingerprint)
}

/** Whether every question that this agent raises has its yes. `pinned`: the fingerprint that a link names. */
export function isAccepted(probe: AgentProbe, pinned: string | null, trust: Trust): boolean {
  if (isRefused(probe, pinned)) return false
  if (probe.plainHttpOffMachine) return trust.plainHttp
  if (!probe.certificate || pinned !== null) return true
  return probe.certificate.trusted || trust.certificate
}

interface TrustQuestionsProps {
  probe: AgentProbe
  pinned: string | null
  trust: Trust
  onChange: (trust: Trust) => void
}

/** The certificate nobody vouches for, and plain http to another computer: shown, and asked about. */
export function TrustQuestions({ probe, pinned, trust, onChange }: TrustQuestionsProps) {
  const { t } = useTranslation()
  const { certificate } = probe
  if (probe.knownAs !== null) return <Warning>{t('agents.knownAs', { name: probe.knownAs })}</Warning>
  if (probe.plainHttpOffMachine)
    return (
      <Warning>
        {t('agents.plainHttp')}
        <Yes
          label={t('agents.acceptPlainHttp')}
          checked={trust.plainHttp}
          onChange={(plainHttp) => onChange({ ...trust, plainHttp })}
        />
      </Warning>
    )
  if (certificate && isRefused(probe, pinned))
    return (
      <Warning danger>
        {t('agents.wrongCertificate')}
        <Fingerprint label={t('agents.linked')} value={pinned!} />
        <Fingerprint label={t('agents.changed.shown')} value={certificate.fingerprint} />
      </Warning>
    )
  if (!certificate || certificate.trusted) return null
  return (
    <Warning>
      {t('agents.unknownCertificate')}
      <Fingerprint label={t('agents.field.fingerprint')} value={certificate.fingerprint} />
      {pinned === null ? (
        <Yes
          label={t('agents.trustCertificate')}
          checked={trust.certificate}
          onChange={(certificate) => onChange({ ...trust, certificate })}
        />
      ) : null}
    </Warning>
  )
}

function Warning({ danger = false, children }: { danger?: boolean; children: ReactNode }) {
  return (
    <div
      role="alert"
      className={cn(
        'grid gap-2 rounded-md border px-3 py-2 text-sm',
        danger ? 'border-crashed/40 bg-crashed/8' : 'border-limited/40 bg-limited/8',
      )}
    >
      {children}
    </div>
  )
}

interface YesProps {
  label: string
  checked: boolean
  onChange: (checked: boolean) => void
}

/** A question whose yes is a tick. */
export function Yes({ label, checked, onChange }: YesProps) {
  const id = useId()
  return (
    <span className="flex items-start gap-2">
      <Checkbox
        className="mt-px"
        id={id}
        checked={checked}
        onCheckedChange={(value) => onChange(value === true)}
      />
      <Label htmlFor={id} className="leading-snug">
        {label}
      </Label>
    </span>
  )
}
