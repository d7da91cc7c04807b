import { useId, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { AgentProbe } from '../../../shared/desktop-port.ts'
import { Checkbox } from '@/ui/checkbox.tsx'
import { Label } from '@/ui/label.tsx'
import { Fingerprint } from './fingerprint.tsx'

/** What the person has said yes to. */
export interface Trust {
  certificate: boolean
  plainHttp: boolean
}

/** Whether every question that this agent raises has its yes. `pinned`: the fingerprint that a link names. */
export function isAccepted(probe: AgentProbe, pinned: string | null, trust: Trust): boolean {
  if (probe.knownAs !== null) return false
  if (probe.plainHttpOffMachine) return trust.plainHttp
  if (!probe.certificate) return true
  if (pinned !== null) return pinned === probe.certificate.fingerprint
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
  if (!certificate || certificate.trusted) return null
  if (pinned !== null && pinned !== certificate.fingerprint)
    return <Warning>{t('agents.wrongCertificate')}</Warning>
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

function Warning({ children }: { children: ReactNode }) {
  return (
    <div
      role="alert"
      className="grid gap-2 rounded-md border border-limited/40 bg-limited/8 px-3 py-2 text-sm"
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
    <span className="flex items-center gap-2">
      <Checkbox id={id} checked={checked} onCheckedChange={(value) => onChange(value === true)} />
      <Label htmlFor={id}>{label}</Label>
    </span>
  )
}
