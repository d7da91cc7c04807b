import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { withoutEmpty } from './audit-filter.ts'

const TYPING_MS = 300

export interface TypedText {
  /** What stands in the field. */
  typed: string
  setTyped: (text: string) => void
}

/** The words that are searched for: in the address once the typing rests for 300 ms. */
export function useTypedText(): TypedText {
  const value = useSearch({ from: '/audit' }).text ?? ''
  const navigate = useNavigate()
  const [typed, setTyped] = useState(value)
  const sent = useRef(value)
  // What the address says counts when it was changed elsewhere: by a link, or by going back.
  // Our own words come back later than the next letter is typed.
  useEffect(() => {
    if (value === sent.current) return
    sent.current = value
    setTyped(value)
  }, [value])
  // Only typing sets the clock anew, not each answer that draws the page again.
  useEffect(() => {
    const text = typed.trim()
    if (text === sent.current) return
    const timer = setTimeout(() => {
      sent.current = text
      void navigate({ to: '/audit', search: (now) => withoutEmpty({ ...now, text }), replace: true })
    }, TYPING_MS)
    return () => clearTimeout(timer)
  }, [typed, navigate])
  return { typed, setTyped }
}
