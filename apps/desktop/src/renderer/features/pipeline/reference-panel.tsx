import { useState } from 'react'
import { ReferenceBrowser, type ReferencePlace } from '@/app/reference/reference-browser.tsx'

/** The reference beside the code. */
export function ReferencePanel() {
  const [place, setPlace] = useState<ReferencePlace>({})
  return <ReferenceBrowser place={place} onPlace={setPlace} className="h-full" />
}
