import { Fragment } from 'react'

/** SHA-256 as agents and openssl print it: pairs with colons. A line ends between two pairs, never inside one. */
export function Fingerprint({ label, value }: { label: string; value: string }) {
  return (
    <span className="grid gap-0.5">
      <span className="text-xs text-muted-foreground">{label}</span>
      <code className="text-xs">
        {value
          .toUpperCase()
          .match(/../g)
          ?.map((pair, at) => (
            <Fragment key={at}>
              {at > 0 ? ':' : null}
              {at > 0 ? <wbr /> : null}
              {pair}
            </Fragment>
          ))}
      </code>
    </span>
  )
}
