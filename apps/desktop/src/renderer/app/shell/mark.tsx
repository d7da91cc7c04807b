import { projectColor } from '@/ui/project-tile.tsx'

/** The product's mark; in the desktop app in the colour of the agent. */
export function Mark({ color = null }: { color?: string | null }) {
  return (
    <svg viewBox="0 0 32 32" className="size-5 shrink-0" aria-hidden>
      <rect width="32" height="32" rx="7" fill={color ? projectColor(color) : 'var(--foreground)'} />
      <path
        d="M7 22V11.5l5 6 4-6 4 6 5-6V22"
        fill="none"
        stroke="var(--background)"
        strokeWidth="2.6"
        strokeLinejoin="round"
        strokeLinecap="round"
      />
    </svg>
  )
}
