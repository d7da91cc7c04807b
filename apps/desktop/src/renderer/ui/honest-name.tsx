import { textPieces } from '@m3m/core/client'

/** A name as it is written: each character that would make it look like another stands as its code on a ground of its own. */
export function HonestName({ name, className }: { name: string; className?: string }) {
  return (
    // A name is a piece of text of its own: it does not turn what stands around it.
    <bdi className={className}>
      {textPieces(name).map(({ text, isCode }, at) =>
        isCode ? (
          <span
            key={at}
            className="mx-0.5 inline-block rounded-sm border border-limited/50 bg-limited/12 px-1 font-mono text-2xs leading-4 text-limited"
          >
            {text}
          </span>
        ) : (
          text
        ),
      )}
    </bdi>
  )
}
