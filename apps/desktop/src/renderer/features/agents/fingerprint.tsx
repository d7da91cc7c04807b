/** SHA-256 as agents and openssl print it: pairs with colons. */
export function Fingerprint({ label, value }: { label: string; value: string }) {
  return (
    <span className="grid gap-0.5">
      <span className="text-xs text-muted-foreground">{label}</span>
      <code className="text-xs break-all">{value.match(/../g)?.join(':').toUpperCase()}</code>
    </span>
  )
}
