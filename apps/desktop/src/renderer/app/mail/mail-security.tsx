import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/ui/select.tsx'

interface MailSecuritySelectProps<Security extends string> {
  security: Security
  options: readonly Security[]
  labelOf: (security: Security) => string
  onSecurity: (security: Security) => void
}

/** How the connection to a mail server is protected. Further properties tie it to its label. */
export function MailSecuritySelect<Security extends string>({
  security,
  options,
  labelOf,
  onSecurity,
  ...props
}: MailSecuritySelectProps<Security>) {
  return (
    <Select value={security} onValueChange={(next) => onSecurity(next as Security)} {...props}>
      <SelectTrigger>
        <SelectValue />
      </SelectTrigger>
      <SelectContent>
        {options.map((name) => (
          <SelectItem key={name} value={name}>
            {labelOf(name)}
          </SelectItem>
        ))}
      </SelectContent>
    </Select>
  )
}
